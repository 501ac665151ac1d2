"""
The same quantities as bulk balls and as balls, element by element.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from mpmath import libmp

from rmsprop_oracle.arithmetic.ball import Ball, Rounding
from rmsprop_oracle.arithmetic.formats import BFLOAT16, BINARY16, BINARY32, Format, Raw
from rmsprop_oracle.arithmetic.radius import INFINITE
from rmsprop_oracle.bounds import DEFAULT_PRECISION
from rmsprop_oracle.bulk import MARGIN, Bulk, model_of

Array = npt.NDArray[Any]
NARROW = (BINARY16, BFLOAT16, BINARY32)


def raws(values: Array) -> list[Raw]:
    """
    The exact values of float64 numbers.
    """
    return [libmp.from_float(value) for value in values.tolist()]


def floats(numbers: list[Raw]) -> Array:
    """
    Exact values, rounded to float64.
    """
    return np.array([libmp.to_float(number) for number in numbers])


def numbers_of(kind: Format, source: np.random.Generator, size: int) -> Array:
    """
    Random numbers of a format, neither very large nor very small, of either sign.
    """
    fractions = source.integers(0, 1 << (kind.precision - 1), size) * 2.0 ** (1 - kind.precision)
    powers = source.integers(-5, 5, size)
    result: Array = source.choice((-1.0, 1.0), size) * np.ldexp(1.0 + fractions, powers)
    return result


def bulk_of(mid: Array, rad: Array | None, kind: Format, *, flush: bool) -> Bulk:
    """
    A bulk ball as it stands.
    """
    return Bulk(mid, rad, model_of(kind, flush=flush))


def balls_of(mid: Array, rad: Array | None, kind: Format, *, flush: bool) -> list[Ball]:
    """
    The balls of the same elements.
    """
    rounding = Rounding(kind, flush, DEFAULT_PRECISION)
    radii = np.zeros_like(mid) if rad is None else rad
    pairs = zip(raws(mid), raws(radii), strict=True)
    return [Ball(m, r, rounding) for m, r in pairs]


def radii_of(balls: list[Ball]) -> Array:
    """
    Their radii in float64; infinite where nothing is specified.
    """
    return np.array([np.inf if b.rad == INFINITE else libmp.to_float(b.rad) for b in balls])


def differ(bulk: Bulk, balls: list[Ball]) -> Array:
    """
    Where a decided bulk radius is not the ball's within the margin that is stated.
    """
    expected = radii_of(balls)
    found = np.broadcast_to(np.zeros(1) if bulk.rad is None else bulk.rad, expected.shape)
    same = (found == expected) | np.isnan(found)
    with np.errstate(invalid="ignore"):
        near = np.abs(found - expected) <= MARGIN * expected
    result: Array = ~(same | (near & np.isfinite(expected)))
    return result


def undecided(bulk: Bulk) -> Array:
    """
    Where a bulk radius is NaN.
    """
    result: Array = np.isnan(np.zeros_like(bulk.mid) if bulk.rad is None else bulk.rad)
    return result


Operation = Callable[..., Any]

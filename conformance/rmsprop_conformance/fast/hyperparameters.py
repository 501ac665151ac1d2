"""
The arguments, checked once and rounded once.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from numbers import Real

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class Hyperparameters:
    """
    The arguments as float32 numbers, each rounded to nearest from binary64.

    Args:
        rho: decay of the moving averages.
        complement: 1 - rho, subtracted in binary64 and then rounded; not 1 minus the
            rounded rho, which for rho 0.9999 is 2281 ulp away.
        momentum: factor of the momentum buffer; None where there is no buffer.
        epsilon: what is added inside the root.
        centered: whether the variance is that around the average gradient.
    """

    rho: np.float32
    complement: np.float32
    momentum: np.float32 | None
    epsilon: np.float32
    centered: bool


def check(*, rho: object, momentum: object, epsilon: object, centered: object) -> Hyperparameters:
    """
    The hyperparameters from what the caller gave.

    Raises:
        TypeError: an argument is not a number, or centered is not a bool.
        ValueError: a number is outside its range.
    """
    if not isinstance(centered, (bool, np.bool_)):
        raise TypeError(f"centered must be a bool, got {centered!r} ({type(centered).__name__})")
    decay = number("rho", rho, least=0.0, greatest=1.0)
    factor = number("momentum", momentum, least=0.0)
    return Hyperparameters(
        rho=nearest(decay),
        complement=nearest(1.0 - decay),
        momentum=nearest(factor) if factor > 0.0 else None,
        epsilon=nearest(number("epsilon", epsilon, least=0.0)),
        centered=bool(centered),
    )


def number(name: str, value: object, *, least: float = -np.inf, greatest: float = np.inf) -> float:
    """
    The argument as a binary64 number.

    Raises:
        TypeError: it is not a real number.
        ValueError: it is not finite, or not between least and greatest.
    """
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, Real):
        raise TypeError(f"{name} must be a number, got {value!r} ({type(value).__name__})")
    exact = float(value)
    if not (isfinite(exact) and least <= exact <= greatest):
        raise ValueError(f"{name} must be {_range(least, greatest)}, got {value!r}")
    return exact


def check_block_size(value: object) -> int:
    """
    The block size, in elements.

    Raises:
        ValueError: it is not an int of at least 1.
    """
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError(f"block_size must be an int of at least 1, got {value!r}")
    return value


def nearest(value: float) -> np.float32:
    """
    The float32 number nearest to a binary64 one; infinity where it overflows.
    """
    with np.errstate(over="ignore", under="ignore"):
        return np.float32(value)


def _range(least: float, greatest: float) -> str:
    if isfinite(greatest):
        return f"between {least:g} and {greatest:g}"
    return f"finite and at least {least:g}" if isfinite(least) else "finite"

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from mpmath import libmp
from tests.oracle.bulk.elements import NARROW, Array, floats, numbers_of, raws

from rmsprop_oracle.arithmetic.formats import BINARY32, BINARY64, Format
from rmsprop_oracle.bounds import wide_bits
from rmsprop_oracle.bulk import half_ulp, model_of, nearest, ulp

each_format = pytest.mark.parametrize("kind", NARROW, ids=lambda each: each.name)


def magnitudes(kind: Format) -> Array:
    """
    Zero, powers of two with their neighbours, and random magnitudes, to the subnormals.
    """
    source = np.random.default_rng(7)
    exponents = np.arange(kind.subnormal_exponent - 2, kind.greatest_exponent + 1)
    powers = np.ldexp(1.0, exponents)
    steps = np.array([0.0, 2.0**-52, -(2.0**-52), 2.0**-27, -(2.0**-27), 2.0**-25, -(2.0**-25)])
    near = (powers[:, None] * (1.0 + steps)).ravel()
    random = np.ldexp(source.uniform(1.0, 2.0, 500), source.choice(exponents, 500))
    return np.concatenate([[0.0], near, random])


def is_near(values: Array) -> Array:
    """
    Which values lie within `2^-26` of a power of two, relatively, or are one.
    """
    fraction = np.frexp(values)[0]
    close = (fraction <= 0.5 + 2.0**-27) | (fraction >= 1.0 - 2.0**-26)
    near: Array = close & (values != 0)
    return near


def halves(values: Array, kind: Format) -> Array:
    """
    What `Format` says, exactly: half an ulp of the binade, 0 for 0.
    """
    exponents = [kind.half_ulp_exponent(raw) if raw[1] else None for raw in raws(values)]
    return np.array([0.0 if each is None else 2.0**each for each in exponents])


def disagree(kind: Format, half: Callable[..., Array]) -> Array:
    """
    Where half an ulp is decided, and is not what `Format` says.
    """
    values = magnitudes(kind)
    found = half(values, model_of(kind))
    apart: Array = values[~np.isnan(found) & (found != halves(values, kind))]
    return apart


@each_format
def test_half_an_ulp_is_the_format_s(kind: Format) -> None:
    """
    Half an ulp of a binade is exactly that of the format wherever it is decided.
    """
    assert not disagree(kind, half_ulp).size


def test_another_binade_is_seen() -> None:
    """
    The twin: half an ulp of the next binade is another one.
    """

    def upper(values: Array, model: Any) -> Array:
        half: Array = ulp(values * 2, model) / 2
        return half

    assert disagree(BINARY32, upper).size


@each_format
def test_only_near_a_power_of_two_the_binade_is_undecided(kind: Format) -> None:
    """
    Half an ulp is NaN exactly near and at powers of two, and never at zero.
    """
    values = magnitudes(kind)

    assert (np.isnan(half_ulp(values, model_of(kind))) == is_near(values)).all()


@each_format
def test_a_lower_half_ulp_is_decided_and_never_larger(kind: Format) -> None:
    """
    The lower model takes the binade below wherever the upper one leaves it open.
    """
    values = magnitudes(kind)
    found, expected = half_ulp(values, model_of(kind, lower=True)), halves(values, kind)

    assert (found <= expected).all()
    assert (found[~is_near(values)] == expected[~is_near(values)]).all()
    assert (found < expected).any()


@each_format
def test_an_ulp_is_the_format_s(kind: Format) -> None:
    """
    The distance of neighbours is the format's, at zero and among subnormals too.
    """
    values = magnitudes(kind)
    signed = np.concatenate([values, -values])
    expected = [2.0 ** kind.ulp_exponent(raw) for raw in raws(signed)]

    assert (ulp(signed, model_of(kind)) == expected).all()


def to_nearest(values: Array, kind: Format) -> Array:
    """
    The nearest numbers, by `Format`.
    """
    return floats([kind.nearest(raw) for raw in raws(values)])


def ties(kind: Format) -> Array:
    """
    Numbers of the format, and the middles between them and their neighbours.
    """
    exact = numbers_of(kind, np.random.default_rng(8), 300)
    return np.concatenate([exact, exact + ulp(exact, model_of(kind)) / 2])


@each_format
def test_the_nearest_number_is_the_format_s(kind: Format) -> None:
    """
    Rounding to nearest, ties to even, subnormals included, is exact below overflow.
    """
    model = model_of(kind)
    values = np.concatenate([magnitudes(kind), -magnitudes(kind), ties(kind)])
    values = values[np.abs(values) < model.threshold]

    assert (nearest(values, model) == to_nearest(values, kind)).all()


@each_format
def test_ties_away_from_zero_are_seen(kind: Format) -> None:
    """
    The twin: the middles tell ties to even from ties away from zero.
    """
    values, model = ties(kind), model_of(kind)
    unit = ulp(values, model)
    away = np.copysign(np.floor(np.abs(values) / unit + 0.5) * unit, values)

    assert (away != to_nearest(values, kind)).any()


@each_format
def test_a_model_holds_the_format_s_numbers(kind: Format) -> None:
    """
    Unit roundoff, least numbers and overflow threshold are the format's, exactly.
    """
    model = model_of(kind)
    held = (model.half_ulp, model.least_normal, model.threshold)
    stated = (kind.unit_roundoff, kind.least_normal, kind.overflow_threshold)

    assert [libmp.from_float(each) for each in held] == list(stated)
    assert model.least_half == 2.0 ** (kind.subnormal_exponent - 1)
    assert model.wide - 1.0 == 2.0 ** -wide_bits(kind)


def test_binary64_leaves_no_room_for_a_rounding_of_its_own() -> None:
    """
    A format that float64 cannot judge is refused by name.
    """
    with pytest.raises(ValueError, match="up to 24 bits, got binary64"):
        model_of(BINARY64)

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from mpmath import libmp
from tests.oracle.bulk.elements import Array, numbers_of, raws

from rmsprop_oracle.arithmetic.formats import BINARY32
from rmsprop_oracle.bounds import Alternative, BallArithmetic, hull_of_forms
from rmsprop_oracle.bulk import (
    MARGIN,
    QuickArithmetic,
    half_ulp,
    is_tame,
    model_of,
    quick,
    quick_parameters,
    quickly,
)
from rmsprop_oracle.equations import Equation, Number
from rmsprop_oracle.parameters import Parameters
from rmsprop_oracle.trajectory import trajectory

ORDINARY = Parameters(learning_rate=0.01, rho=0.9, epsilon=1e-3)
MOMENTUM = Parameters(learning_rate=0.01, rho=0.9, momentum=0.7, epsilon=1e-7)
SHARP = Parameters(learning_rate=2.0, rho=0.25, epsilon=1.0)
SHARP_MOMENTUM = Parameters(learning_rate=0.25, rho=0.375, momentum=0.5, epsilon=0.5)
CALLS, SIZE = 2, 60
Radii = dict[tuple[int, str, int], Any]


def drawn(*, integers: bool) -> tuple[Array, list[Array]]:
    """
    A variable and gradients: tame numbers of binary32, some of them of a few bits.
    """
    source = np.random.default_rng(3)
    columns = [numbers_of(BINARY32, source, SIZE) for _ in range(CALLS + 1)]
    if integers:
        columns = [source.choice([3.0, -5.0, 7.0, 1.5, 12.0], SIZE) for _ in columns]
        columns[0][0], columns[1][0] = 1.25, 1.1
    return columns[0], columns[1:]


def quick_radii(
    parameters: Parameters, alternative: Alternative, *, integers: bool
) -> tuple[Radii, Radii]:
    """
    Lower bounds of the radii, and the nearest numbers, which are shown.
    """
    variable, gradients = drawn(integers=integers)
    arithmetic = QuickArithmetic(alternative)
    radii: Radii = {}
    shown: Radii = {}

    def observer(call: int) -> Any:
        def observe(_: Equation, slot: str, __: int, ___: int, computed: Number) -> Number:
            values = computed.mid.astype(np.float32).astype(np.float64)
            rad = np.zeros(SIZE) if computed.rad is None else computed.rad
            for element in range(SIZE):
                radii[call, slot, element] = rad[element]
                shown[call, slot, element] = values[element]
            return arithmetic.known(values)

        return observe

    calls = tuple(((gradient,),) for gradient in gradients)
    with np.errstate(all="ignore"):
        for _ in trajectory(parameters, ((variable,),), calls, arithmetic, quickly, observer):
            pass
    return radii, shown


def ball_radii(
    parameters: Parameters, alternative: Alternative, shown: Radii, *, integers: bool
) -> Radii:
    """
    The radii of the hulls, with the same numbers shown.
    """
    variable, gradients = drawn(integers=integers)
    arithmetic = BallArithmetic(format=BINARY32, alternative=alternative)
    radii: Radii = {}

    def observer(call: int) -> Any:
        def observe(_: Equation, slot: str, __: int, element: int, computed: Number) -> Number:
            radii[call, slot, element] = computed.rad
            return arithmetic.known(libmp.from_float(float(shown[call, slot, element])))

        return observe

    calls = tuple((tuple(raws(gradient)),) for gradient in gradients)
    variables = (tuple(raws(variable)),)
    for _ in trajectory(parameters, variables, calls, arithmetic, hull_of_forms, observer):
        pass
    return radii


def excesses(
    parameters: Parameters, *, integers: bool = False, alternative: Alternative | None = None
) -> list[tuple[int, str, int]]:
    """
    Where what is accepted reaches beyond the hull; a radius of NaN accepts nothing.
    """
    way = Alternative() if alternative is None else alternative
    lower, shown = quick_radii(parameters, way, integers=integers)
    upper = ball_radii(parameters, way, shown, integers=integers)
    assert lower.keys() == upper.keys()
    return [
        place
        for place, rad in lower.items()
        if not np.isnan(rad)
        and (
            np.isinf(rad) or libmp.mpf_gt(libmp.from_float(float(rad * (1 - MARGIN))), upper[place])
        )
    ]


@pytest.mark.parametrize("early", [True, False], ids=["early", "late"])
@pytest.mark.parametrize("integers", [False, True], ids=["random", "few-bits"])
@pytest.mark.parametrize(
    "parameters",
    [ORDINARY, MOMENTUM, SHARP, SHARP_MOMENTUM],
    ids=["ordinary", "momentum", "sharp", "sharp-momentum"],
)
def test_what_is_accepted_lies_in_the_hull(
    parameters: Parameters,
    integers: bool,  # noqa: FBT001  # pytest passes by name
    early: bool,  # noqa: FBT001  # the same
) -> None:
    """
    For tame numbers no lower bound exceeds the hull's radius, exact results included.
    """
    assert quick_parameters(parameters)
    assert not excesses(parameters, integers=integers, alternative=Alternative(early=early))


def test_a_vanished_complement_accepts_nothing() -> None:
    """
    With a rho that rounds to 1 the late complement is zero, and no radius is infinite.
    """
    assert not excesses(Parameters(rho=1 - 1e-12), alternative=Alternative(early=False))


def test_a_complement_that_is_a_power_of_two_would_be_too_wide() -> None:
    """
    The twin: the parameters that are refused do exceed the hull.
    """
    halved = Parameters(learning_rate=0.01, rho=0.5, epsilon=1e-3)

    assert not quick_parameters(halved)
    assert excesses(halved)


def always_rounding(mid: Array, rad: Array | None) -> quick.Quick:
    """
    As `_rounded`, blind to results that are numbers of the format.
    """
    top = np.abs(mid) if rad is None else np.abs(mid) + rad
    half = half_ulp(top, model_of(BINARY32, lower=True))
    return quick.Quick(mid, half if rad is None else half + rad)


def test_rounding_what_is_exact_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The twin: without the look at representable results, sharp numbers exceed the hull.
    """
    monkeypatch.setattr(quick, "_rounded", always_rounding)

    assert excesses(SHARP, integers=True)


def test_a_binade_too_high_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The twin: with magnitudes taken upwards, results below a power of two exceed the hull.
    """

    def upwards(mid: Array, rad: Array | None) -> quick.Quick:
        found = original(mid * 2, None if rad is None else rad * 2)
        return quick.Quick(mid, found.rad if rad is None else found.rad - rad)

    original: Callable[..., quick.Quick] = quick._rounded
    monkeypatch.setattr(quick, "_rounded", upwards)

    assert excesses(ORDINARY)


def test_just_above_a_power_of_two_the_lower_binade_counts() -> None:
    """
    A magnitude that float64 may have lifted over a power of two gets the binade below.
    """
    above = 1.0 + 2.0**-50
    (lower,) = np.asarray(quick._rounded(np.array([above]), np.array([2.0**-60])).rad)

    assert lower <= 2.0**-25 + 2.0**-60


def test_without_the_distance_the_upper_binade_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The twin: with no distance from a power of two the same magnitude rounds twice as far.
    """
    monkeypatch.setattr(quick, "NEAR", np.int64(0))

    rad = quick._rounded(np.array([1.0 + 2.0**-50]), np.array([2.0**-60])).rad

    assert np.asarray(rad)[0] >= 2.0**-24


@pytest.mark.parametrize(
    ("value", "tame"),
    [
        *((3.0, True), (-1.1, True), (2.0**30 * 0.75, True), (2.0**-30 * 1.5, True)),
        *((0.0, False), (1.0, False), (-0.25, False), (2.0**31 * 1.5, False)),
        *((2.0**-31 * 1.5, False), (1e-40, False), (np.inf, False), (np.nan, False)),
    ],
)
def test_tame_is_of_moderate_size_and_no_power_of_two(
    value: float,
    tame: bool,  # noqa: FBT001  # pytest passes by name
) -> None:
    """
    Zeros, powers of two, subnormals, infinities and NaN are not tame.
    """
    assert is_tame(np.array([value])).tolist() == [tame]


@pytest.mark.parametrize(
    ("changed", "serve"),
    [
        *(({}, True), ({"learning_rate": (0.1, -0.2)}, True), ({"momentum": 0.5}, True)),
        *(({"centered": True}, False), ({"epsilon": 0.0}, False), ({"rho": 0.0}, False)),
        *(({"rho": 1.0}, False), ({"learning_rate": 0.0}, False), ({"rho": 0.5}, False)),
        *(({"rho": 0.75}, False), ({"rho": 0.4999999999}, False), ({"epsilon": 1e10}, False)),
        *(({"learning_rate": (0.1, 1e-20)}, False), ({"learning_rate": 1e10}, False)),
    ],
)
def test_parameters_that_keep_tame_numbers_tame(
    changed: dict[str, Any],
    serve: bool,  # noqa: FBT001  # pytest passes by name
) -> None:
    """
    Not centered, with an epsilon, moderate rates, and a 1 - rho that is no power of two.
    """
    assert quick_parameters(Parameters(**changed)) is serve

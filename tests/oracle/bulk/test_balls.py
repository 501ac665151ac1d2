from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from mpmath import libmp
from tests.oracle.bulk.elements import (
    NARROW,
    Array,
    balls_of,
    bulk_of,
    differ,
    numbers_of,
    radii_of,
    raws,
    undecided,
)

from rmsprop_oracle import forms
from rmsprop_oracle.arithmetic.formats import BFLOAT16, BINARY32, Format
from rmsprop_oracle.bounds import ALTERNATIVES, Alternative, BallArithmetic, hull_of_forms
from rmsprop_oracle.bulk import (
    MARGIN,
    Bulk,
    BulkArithmetic,
    balls,
    bulk_hull,
    model_of,
    nearest,
    ulp,
)
from rmsprop_oracle.bulk import half_ulp as original_half_ulp
from rmsprop_oracle.equations import Equation
from rmsprop_oracle.parameters import Parameters
from rmsprop_oracle.trajectory import constants_of

OPERATIONS: dict[str, tuple[int, Callable[..., Any]]] = {
    "sum": (2, operator.add),
    "difference": (2, operator.sub),
    "product": (2, operator.mul),
    "quotient": (2, operator.truediv),
    "negative": (1, operator.neg),
    "square": (1, lambda a: a.square()),
    "root": (1, lambda a: a.sqrt()),
    "reciprocal-root": (1, lambda a: a.reciprocal_sqrt()),
    "lerp": (3, lambda a, b, c: a.lerp(b, c)),
}
each_format = pytest.mark.parametrize("kind", NARROW, ids=lambda each: each.name)
each_operation = pytest.mark.parametrize("name", OPERATIONS)
both_ways = pytest.mark.parametrize("flush", [False, True], ids=["gradual", "flushed"])


def special(kind: Format) -> Array:
    """
    Zero, powers of two, integers, a subnormal, and numbers next to under- and overflow.
    """
    least, most = kind.least_exponent, kind.greatest_exponent
    tiny = [2.0**least, 1.5 * 2.0**least, 0.75 * 2.0**least, 2.0 ** (least // 2)]
    huge = [1.5 * 2.0**most, 1.5 * 2.0 ** (most // 2)]
    return np.array([0.0, 1.0, -2.0, 0.25, 3.0, -5.0, 9.0, 2.25, *tiny, *huge])


def operand(kind: Format, seed: int, *, size: int = 60) -> tuple[Array, Array]:
    """
    Midpoints and radii: each special and each random number, exact and not.

    Known numbers of the 16-bit formats are partly of binary32, as hyper-parameters are.
    """
    source = np.random.default_rng(seed)
    numbers = [special(kind), numbers_of(kind, source, size), numbers_of(BINARY32, source, size)]
    exact = np.concatenate(numbers)
    # No radius that a rounding left is below half an ulp of its binade.
    inexact = exact * source.uniform(0.9, 1.1, exact.size)
    half = ulp(inexact, model_of(kind)) / 2
    mid = np.concatenate([exact, inexact])
    rad = np.concatenate([np.zeros_like(exact), half * source.uniform(1.0, 9.0, exact.size)])
    order = source.permutation(mid.size)
    return mid[order], rad[order]


def operands(kind: Format, name: str, *, known: bool) -> list[tuple[Array, Array | None]]:
    """
    The operands of an operation; all known exactly, or mixed.
    """
    pairs = [operand(kind, seed) for seed in range(OPERATIONS[name][0])]
    if known:
        return [(nearest(mid, model_of(kind)), None) for mid, _ in pairs]
    return [(mid, rad) for mid, rad in pairs]


def computed(kind: Format, name: str, *, flush: bool, known: bool) -> tuple[Bulk, list[Any]]:
    """
    An operation in bulk, and element by element.
    """
    given = operands(kind, name, known=known)
    operation = OPERATIONS[name][1]
    with np.errstate(all="ignore"):
        bulk = operation(*(bulk_of(mid, rad, kind, flush=flush) for mid, rad in given))
    columns = [balls_of(mid, rad, kind, flush=flush) for mid, rad in given]
    return bulk, [operation(*row) for row in zip(*columns, strict=True)]


@pytest.mark.parametrize("known", [True, False], ids=["known", "mixed"])
@both_ways
@each_operation
@each_format
def test_a_bulk_radius_is_the_ball_s(
    kind: Format,
    name: str,
    flush: bool,  # noqa: FBT001  # pytest passes by name
    known: bool,  # noqa: FBT001  # the same
) -> None:
    """
    Element by element a decided radius is the ball's, within the margin that is stated.
    """
    bulk, expected = computed(kind, name, flush=flush, known=known)
    wrong = differ(bulk, expected)

    assert not wrong.any(), (np.flatnonzero(wrong), bulk.rad, radii_of(expected))


@each_operation
@each_format
def test_only_an_undecided_binade_or_a_divisor_at_zero_is_undecided(
    kind: Format, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    No radius is NaN except where some rounding's half ulp is: near a power of two.
    """
    seen: list[Array] = []

    def half_ulp(top: Array, model: Any) -> Array:
        half: Array = original_half_ulp(top, model)
        seen.append(np.isnan(half) & np.isfinite(top))
        return half

    monkeypatch.setattr(balls, "half_ulp", half_ulp)
    bulk, _ = computed(kind, name, flush=False, known=False)
    open_binade = np.zeros(bulk.mid.shape, dtype=bool)
    for each in seen:
        open_binade |= each

    assert not (undecided(bulk) & ~open_binade).any()


def test_a_flushed_sum_with_zero_is_the_other_operand() -> None:
    """
    A subnormal number plus exact zero has the ball's radius where subnormals are flushed.
    """
    small, zero = np.array([2.0**-130]), np.zeros(1)
    known = [bulk_of(each, None, BINARY32, flush=True) for each in (small, zero)]
    single = [balls_of(each, None, BINARY32, flush=True)[0] for each in (small, zero)]

    assert not differ(known[0] + known[1], [single[0] + single[1]]).any()


def test_a_sum_that_float64_absorbs_is_undecided() -> None:
    """
    A power of two plus what float64 loses beside it lies in the binade above.
    """
    power, tiny = np.array([1.0]), np.array([2.0**-63])
    known = [bulk_of(each, None, BINARY32, flush=False) for each in (power, tiny)]
    single = [balls_of(each, None, BINARY32, flush=False)[0] for each in (power, tiny)]

    assert not differ(known[0] + known[1], [single[0] + single[1]]).any()


@pytest.mark.parametrize("name", ["sum", "product", "quotient", "square", "root"])
def test_a_lost_rounding_is_seen(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The twin: balls that do not round differ from the others.
    """
    monkeypatch.setattr(balls, "half_ulp", lambda top, _model: np.zeros_like(top))

    assert differ(*computed(BINARY32, name, flush=False, known=False)).any()


@pytest.mark.parametrize("name", ["sum", "product", "quotient", "square", "root"])
def test_a_rounding_of_what_is_exact_is_seen(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The twin: balls that round results that are numbers of the format differ.
    """
    monkeypatch.setattr(Bulk, "_fits", lambda *_: np.False_)

    assert differ(*computed(BINARY32, name, flush=False, known=False)).any()


def test_powers_of_two_taken_for_others_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The twin: a product with a power of two that is rounded differs.
    """
    monkeypatch.setattr(Bulk, "_powers", lambda _: None)

    assert differ(*computed(BINARY32, "product", flush=False, known=False)).any()


@each_format
def test_a_contracted_product_is_an_upper_bound(kind: Format) -> None:
    """
    The fused product and sum is no smaller than the ball's.
    """
    three = [operand(kind, seed) for seed in range(3)]
    with np.errstate(all="ignore"):
        first, *rest = (bulk_of(mid, rad, kind, flush=False) for mid, rad in three)
        bulk = first.fma(*rest)
    columns = [balls_of(mid, rad, kind, flush=False) for mid, rad in three]
    expected = radii_of([a.fma(b, c) for a, b, c in zip(*columns, strict=True)])

    rad = np.asarray(bulk.rad)
    assert ((rad >= expected * (1 - MARGIN)) | np.isnan(rad)).all()


def both(kind: Format, alternative: Alternative) -> tuple[BulkArithmetic, BallArithmetic]:
    """
    The two arithmetics of a format and an alternative.
    """
    model = model_of(kind, flush=alternative.flush)
    bulk = BulkArithmetic(format=kind, alternative=alternative, model=model)
    return bulk, BallArithmetic(format=kind, alternative=alternative)


STRANGE = np.array([0.0, 1.0, -3.0, np.nan, np.inf, -np.inf])
each_alternative = pytest.mark.parametrize("alternative", ALTERNATIVES, ids=lambda each: each.name)


@each_alternative
@each_format
def test_values_become_the_same_balls(kind: Format, alternative: Alternative) -> None:
    """
    Known and stored values, zeros and what is not finite included, have the ball's radius.
    """
    bulk, single = both(kind, alternative)
    values = np.concatenate([STRANGE, nearest(special(kind), model_of(kind))])
    for name in ("known", "stored"):
        lifted = getattr(bulk, name)(values)
        assert not differ(lifted, [getattr(single, name)(raw) for raw in raws(values)]).any()


@each_alternative
@each_format
def test_hyper_parameters_become_the_same_balls(kind: Format, alternative: Alternative) -> None:
    """
    Constants and complements, exact or not, or beyond the format, have the ball's radius.
    """
    bulk, single = both(kind, alternative)
    for value in (0.5, 0.9, 0.9999, 1.0, 1e300):
        raw = libmp.from_float(value)
        constant, complement = bulk.constant(raw), bulk.complement(raw)

        assert not differ(constant, [single.constant(raw)]).any()
        assert not differ(complement, [single.complement(raw)]).any()


@each_format
def test_what_is_not_finite_stays_unspecified_or_undecided(kind: Format) -> None:
    """
    No operation gives a finite radius where an operand has none.
    """
    bulk, _ = both(kind, Alternative())
    given = bulk.known(STRANGE)
    with np.errstate(all="ignore"):
        results = [given + given, given * given, given / given, given.square(), given.sqrt()]

    assert not any(np.isfinite(np.asarray(each.rad)[3:]).any() for each in results)


def test_dividing_by_what_may_be_zero_is_unspecified() -> None:
    """
    A divisor that reaches zero, and a root's argument below it, give radius infinity.
    """
    one, wide = np.ones(2), np.array([0.5, 2.0])
    exact = bulk_of(one, None, BINARY32, flush=False)
    unsure = bulk_of(one, wide, BINARY32, flush=False)

    for each in (exact / unsure, unsure.sqrt(), unsure.reciprocal_sqrt()):
        assert np.isinf(np.asarray(each.rad)).tolist() == [False, True]


SETTINGS = (
    Parameters(learning_rate=0.01, rho=0.9, momentum=0.7, epsilon=1e-3, centered=True),
    Parameters(learning_rate=0.25, rho=0.5, momentum=0.5, epsilon=0.0, centered=True),
    Parameters(learning_rate=2.0, rho=0.25, momentum=0.75, epsilon=0.75, centered=True),
)


def hulls(
    equation: Equation, parameters: Parameters, kind: Format, alternative: Alternative
) -> tuple[Bulk, list[Any]]:
    """
    The hull of an equation on random and special numbers, in bulk and one by one.
    """
    arithmetics = both(kind, alternative)
    source = np.random.default_rng(11)
    some = np.concatenate([[0.0, 1.0, -2.0, 3.0], numbers_of(kind, source, 30)])
    values = {name: source.permutation(some) for name in ("g", "m", "b", "inc", "w")}
    values |= {name: np.abs(source.permutation(some)) for name in ("v", "d")}
    taken = _arguments(equation)
    rates = [constants_of(parameters, 0, each) for each in arithmetics]
    bulk, single = (
        {name: getattr(rate, name) for name in taken if name not in values} for rate in rates
    )
    arrays = {name: values[name] for name in taken if name in values}
    with np.errstate(all="ignore"):
        lifted = {name: arithmetics[0].stored(array) for name, array in arrays.items()}
        hull = bulk_hull(equation, **lifted, **bulk)
    columns = {
        name: [arithmetics[1].stored(raw) for raw in raws(array)] for name, array in arrays.items()
    }
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return hull, [hull_of_forms(equation, **row, **single) for row in rows]


def _arguments(equation: Equation) -> tuple[str, ...]:
    code = equation.formula.__code__
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]


EQUATIONS = (
    forms.VELOCITY,
    forms.AVERAGE_GRADIENT,
    forms.DENOMINATOR,
    forms.CENTERED_DENOMINATOR,
    forms.INCREMENT,
    forms.MOMENTUM,
    forms.VARIABLE,
)


@each_alternative
@pytest.mark.parametrize("parameters", SETTINGS, ids=["ordinary", "powers", "sharp"])
@pytest.mark.parametrize("equation", EQUATIONS, ids=lambda each: each.name)
def test_a_bulk_hull_is_the_hull(
    equation: Equation, parameters: Parameters, alternative: Alternative
) -> None:
    """
    The hull over the forms is that of the balls, under every legal alternative.
    """
    for kind in (BINARY32, BFLOAT16):
        hull, expected = hulls(equation, parameters, kind, alternative)
        wrong = differ(hull, expected)

        assert not wrong.any(), (kind.name, hull.rad, radii_of(expected))


def test_a_hull_without_its_forms_is_seen() -> None:
    """
    The twin: the documented form alone is smaller than the hull somewhere.
    """
    alone = Equation(name="increment", clause="", formula=forms.INCREMENT.formula)
    hull, _ = hulls(alone, SETTINGS[0], BINARY32, Alternative())
    _, expected = hulls(forms.INCREMENT, SETTINGS[0], BINARY32, Alternative())

    assert differ(hull, expected).any()

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from mpmath import libmp
from tests.conformance.judge.questions import answer
from tests.miniatures import right

from rmsprop_conformance.audit.campaign import FAMILIES, Plan, answer_of, case_of
from rmsprop_conformance.audit.moved import Manner, Moved, arithmetic_of
from rmsprop_oracle.arithmetic.formats import BINARY16, BINARY32, Format

DTYPES: dict[Format, Any] = {BINARY16: np.float16, BINARY32: np.float32}
OPERATIONS: dict[str, Callable[..., Any]] = {
    "sum": operator.add,
    "difference": operator.sub,
    "product": operator.mul,
    "quotient": operator.truediv,
}
NEAREST, EDGE = Manner(forms={}), Manner(forms={}, edge=True)
each_format = pytest.mark.parametrize("kind", DTYPES, ids=lambda each: each.name)
each_operation = pytest.mark.parametrize("name", OPERATIONS)


def pair(kind: Format) -> tuple[Any, Any]:
    """
    Two arrays of the format: zeros, powers of two, subnormal and overflowing results too.
    """
    source, dtype = np.random.default_rng(6), DTYPES[kind]
    least, most = float(np.finfo(dtype).tiny), float(np.finfo(dtype).max)
    special = np.array([0.0, 1.0, -2.0, 0.5, 3.0, least, 1.5 * least, most, most / 2])
    columns = np.meshgrid(special, special)
    drawn = [np.concatenate([c.ravel(), source.normal(size=400)]) for c in columns]
    left, right_ = (each.astype(dtype) for each in drawn)
    # No divisor is zero, and no zero is negative: the suite holds both zeros equal.
    return left, np.where(right_ == 0, dtype(7), right_)


def moved(values: Any, kind: Format, manner: Manner) -> Moved:
    """
    Known numbers in a manner.
    """
    return arithmetic_of(kind, manner, seed=4).known(values.astype(np.float64))


@each_operation
@each_format
def test_rounding_to_nearest_is_numpy_s(kind: Format, name: str) -> None:
    """
    Each operation gives what the machine's or NumPy's own narrow arithmetic gives.
    """
    left, right_ = pair(kind)
    operation = OPERATIONS[name]
    with np.errstate(all="ignore"):
        expected = operation(left, right_)
        found = operation(moved(left, kind, NEAREST), moved(right_, kind, NEAREST))

    assert np.array_equal(found.value, expected.astype(np.float64))


@each_format
def test_roots_and_squares_are_numpy_s(kind: Format) -> None:
    """
    Square and square root give what the machine's or NumPy's own narrow arithmetic gives.
    """
    values = np.abs(pair(kind)[0])
    with np.errstate(all="ignore"):
        square, root = (moved(values, kind, NEAREST).square(), moved(values, kind, NEAREST).sqrt())
        assert np.array_equal(square.value, (values * values).astype(np.float64))
        assert np.array_equal(root.value, np.sqrt(values).astype(np.float64))


@each_operation
def test_the_edge_is_another_number(name: str) -> None:
    """
    The twin: moved to the edge, results are not NumPy's.
    """
    left, right_ = (each[-400:] for each in pair(BINARY32))
    operation = OPERATIONS[name]
    found = operation(moved(left, BINARY32, EDGE), moved(right_, BINARY32, EDGE))

    assert not np.array_equal(found.value, operation(left, right_).astype(np.float64))


@pytest.mark.parametrize("family", FAMILIES)
def test_a_documented_run_is_the_miniature_s(family: str) -> None:
    """
    Whole trajectories in the documented order are a stranger's float32, bit for bit.
    """
    plan = Plan(formats=(BINARY32,), elements=50, calls=4, horizon=4, seed=3)
    case = case_of(plan, BINARY32, family, "far", calls=4)

    assert answer_of(case, NEAREST) == answer(case, right.factory)


def test_another_form_is_not_the_miniature_s() -> None:
    """
    The twin: with the velocity lerped some bits are others.
    """
    plan = Plan(formats=(BINARY32,), elements=50, calls=4, horizon=4, seed=3)
    case = case_of(plan, BINARY32, "plain", "far", calls=4)
    lerped = answer_of(case, Manner(forms={"velocity": "lerp"}))

    assert lerped != answer(case, right.factory)


EXACT: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "sum": operator.add,
    "difference": operator.sub,
    "product": operator.mul,
    "quotient": operator.truediv,
}


def farthest(name: str, manner: Manner, kind: Format) -> Fraction:
    """
    The largest distance from the exact result, in half ulps of its binade.
    """
    source = np.random.default_rng(2)
    left, right_ = (source.normal(size=300).astype(DTYPES[kind]) for _ in range(2))
    found = OPERATIONS[name](moved(left, kind, manner), moved(right_, kind, manner)).value
    shares = [Fraction(0)]
    for a, b, value in zip(left.tolist(), right_.tolist(), found.tolist(), strict=True):
        result = EXACT[name](Fraction(a), Fraction(b))
        # The exponent of a fraction's binade, from its 53 leading bits.
        raw = libmp.from_rational(abs(result.numerator), result.denominator, 53, "d")
        half = Fraction(2) ** kind.half_ulp_exponent(raw)
        shares.append(abs(Fraction(value) - result) / half)
    return max(shares)


@each_operation
@each_format
def test_the_edge_is_half_an_ulp_away(kind: Format, name: str) -> None:
    """
    An intermediate result at the edge is within half an ulp but for float64's own error.
    """
    # float64 rounds the exact result and its move: 2^-53 each, in half ulps of 2^-p.
    slack = Fraction(2) ** (kind.precision + 1 - 53)

    assert 1 - slack <= farthest(name, EDGE, kind) <= 1 + slack


@each_operation
def test_a_slip_is_more_than_half_an_ulp(name: str) -> None:
    """
    The twin: a slip of 4 ulp leaves the edge far behind.
    """
    assert farthest(name, Manner(forms={}, slip=0), BINARY32) > 4


def test_at_the_edge_what_is_stored_is_a_number_of_the_format() -> None:
    """
    A stored value is the nearest number to the last exact result.
    """
    left, right_ = (each[-400:] for each in pair(BINARY32))
    product = moved(left, BINARY32, EDGE) * moved(right_, BINARY32, EDGE)

    assert np.array_equal(product.stored().value, (left * right_).astype(np.float64))
    assert not np.array_equal(product.value, product.value.astype(np.float32))


def test_a_manner_says_what_it_does() -> None:
    """
    The name lists forms and flags; without any it is the documented one.
    """
    assert Manner(forms={}).name == "documented"
    changed = Manner(forms={"velocity": "lerp"}, edge=True, early=False, flush=True)
    assert changed.name == "velocity lerp, edge, late, flush"

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from tests.property.strategies import TWO, number

from rmsprop_conformance.corpus.recipe import Recipe, case_of
from rmsprop_conformance.model.case import Case
from rmsprop_conformance.model.tensor import Tensor
from rmsprop_oracle.arithmetic.formats import FORMATS, Format

RECIPE = Recipe(
    name="one",
    description="One.",
    clauses=("tf2.variable",),
    configuration={"rho": 0.5},
    shapes=((40,), (2, 3)),
    calls=3,
    gradients=((-3, 1), (5, 5)),
    starts=(-2, 2),
    seed=1,
)


def numbers(tensor: Tensor) -> list[Fraction]:
    """
    The exact values of a tensor.
    """
    return [number(pattern, tensor.format) for pattern in tensor.patterns()]


def gradient(case: Case, call: int, variable: int) -> list[Fraction]:
    """
    The exact values of a gradient that is there.
    """
    found = case.calls[call][variable]
    assert found is not None
    return numbers(found)


def test_a_recipe_always_gives_the_same_case() -> None:
    """
    Evaluated twice, every bit is the same.
    """
    assert case_of("family", RECIPE) == case_of("family", RECIPE)


@pytest.mark.parametrize("change", [{"seed": 2}, {"name": "two"}], ids=str)
def test_another_source_gives_other_numbers(change: dict[str, Any]) -> None:
    """
    The twin: another seed or name draws other numbers.
    """
    other: Recipe = replace(RECIPE, **change)

    assert case_of("family", other).calls != case_of("family", RECIPE).calls


@pytest.mark.parametrize("kind", FORMATS.values(), ids=FORMATS.keys())
def test_magnitudes_are_in_the_stated_range(kind: Format) -> None:
    """
    Exponents of gradients and starts are those of their range, in every format.
    """
    case = case_of("family", replace(RECIPE, format=kind))

    for call in range(3):
        assert all(TWO**-3 <= abs(each) < TWO**2 for each in gradient(case, call, 0))
        assert all(TWO**5 <= abs(each) < TWO**6 for each in gradient(case, call, 1))
    assert all(TWO**-2 <= abs(each) < TWO**3 for each in numbers(case.variables[0]))


def test_both_signs_are_drawn_unless_told() -> None:
    """
    Gradients have both signs; with `same_sign` only the positive one.
    """
    positive = case_of("family", replace(RECIPE, same_sign=True))

    assert {each > 0 for each in gradient(case_of("family", RECIPE), 0, 0)} == {True, False}
    assert all(each > 0 for each in gradient(positive, 0, 0))


def test_a_missing_gradient_leaves_the_others_as_they_are() -> None:
    """
    Only the named gradients are absent; all other numbers stay.
    """
    case = case_of("family", replace(RECIPE, absent=frozenset({(1, 0)})))
    full = case_of("family", RECIPE)

    assert case.calls[1] == (None, full.calls[1][1])
    assert (case.calls[0], case.calls[2]) == (full.calls[0], full.calls[2])


def test_fixed_numbers_are_what_they_say() -> None:
    """
    All variables and gradients are the stated whole numbers.
    """
    case = case_of("family", replace(RECIPE, fixed=(1, -5)))

    assert set(numbers(case.variables[0])) == {Fraction(1)}
    assert {each for call in range(3) for each in gradient(case, call, 1)} == {Fraction(-5)}


def test_variables_may_start_at_zero() -> None:
    """
    Without a range the variables are zero.
    """
    case = case_of("family", replace(RECIPE, starts=None))

    assert set(numbers(case.variables[1])) == {Fraction(0)}

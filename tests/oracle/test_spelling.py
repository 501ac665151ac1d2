from __future__ import annotations

import inspect
from itertools import combinations

import pytest

from rmsprop_oracle import forms
from rmsprop_oracle.equations import Equation
from rmsprop_oracle.parameters import Parameters
from rmsprop_oracle.spelling import DOCUMENTED, evaluated, formula, letter, spelled

EQUATIONS = tuple(
    each for _, each in inspect.getmembers(forms, lambda found: isinstance(found, Equation))
)
ALL = Parameters(momentum=0.5, centered=True)


def read(equation: Equation, form: str) -> str:
    """
    How a form of an equation reads.
    """
    return formula(equation, form, inspect.signature(equation.formula).parameters)


@pytest.mark.parametrize("equation", EQUATIONS, ids=lambda each: each.name)
def test_no_two_forms_read_alike(equation: Equation) -> None:
    """
    A formula says which form it is.
    """
    names = (DOCUMENTED, *(form.name for form in equation.forms))

    assert all(read(equation, one) != read(equation, two) for one, two in combinations(names, 2))


def test_the_documented_equations_read_as_documented() -> None:
    """
    In the documents' letters and order, with what is shown standing for itself.
    """
    shown = ("velocity", "average_gradient", "momentum", "variable")

    assert spelled(ALL, {}, shown) == {
        "velocity": "rho·v + (1-rho)·g²",
        "average_gradient": "rho·m + (1-rho)·g",
        "momentum": "mu·b + lr·g/√(v - m² + epsilon)",
        "variable": "w - b",
    }


def test_what_is_hidden_is_written_out() -> None:
    """
    A quantity that nobody sees is spelt in the formula of the next one that is seen.
    """
    chosen = {"velocity": "fma-square", "increment": "quotient-first"}

    assert spelled(Parameters(), chosen, ("variable",)) == {
        "variable": "w - lr·(g/√(fma(1-rho, g², rho·v) + epsilon))"
    }


def test_a_form_is_found_by_its_name() -> None:
    """
    The name gives that form's value, and an unknown name is refused.
    """
    given = {name: letter(name) for name in ("b", "inc", "mu")}

    assert str(evaluated(forms.MOMENTUM, "fma", **given)) == "fma(mu, b, inc)"
    with pytest.raises(ValueError, match="unpack"):
        evaluated(forms.MOMENTUM, "lerp", **given)

"""
The equations in letters: how a form, or a whole step made of forms, reads.

The letters are those of `equations`; `lr` is the learning rate, `mu` the momentum.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from rmsprop_oracle.arithmetic.expression import Binding, Expression
from rmsprop_oracle.equations import Equation, Number
from rmsprop_oracle.parameters import Parameters
from rmsprop_oracle.step import Constants, State, apply, slot_names

DOCUMENTED = "documented"
"""
What the documented way to compute an equation is called among its forms.
"""
LETTERS = {"velocity": "v", "average_gradient": "m", "momentum": "b", "variable": "w"}
"""
The letter of each quantity of a state.
"""
LEGEND = (
    "g gradient, v velocity, m average_gradient, b momentum, w variable, "
    "lr learning_rate, mu the argument momentum"
)
"""
What the letters stand for, in one line.
"""
_OTHERS = {
    "learning_rate": "lr",
    "denominator": "d",
    "centered_denominator": "d",
    "increment": "inc",
}


def letter(name: str) -> Expression:
    """
    The letter of a quantity, an equation or an argument of one.
    """
    if name == "one_minus_rho":
        return Expression("1-rho", Binding.SUM)
    return Expression((LETTERS | _OTHERS).get(name, name))


def formula(equation: Equation, form: str, arguments: Iterable[str]) -> str:
    """
    How one form of an equation reads.

    - `form` is `DOCUMENTED` or the name of one of the equation's forms
    """
    given = {name: letter(name) for name in arguments}
    return str(evaluated(equation, form, **given))


def evaluated(equation: Equation, form: str, /, **inputs: Number) -> Number:
    """
    An equation, computed in the form of that name.

    - `form` is `DOCUMENTED` or the name of one of the equation's forms
    """
    if form == DOCUMENTED:
        return equation.formula(**inputs)
    (formula,) = (each.formula for each in equation.forms if each.name == form)
    return formula(**inputs)


def spelled(
    parameters: Parameters, forms: Mapping[str, str], shown: Collection[str]
) -> dict[str, str]:
    """
    How each shown quantity comes from the ones before it, in one formula each.

    Args:
        parameters: which equations there are.
        forms: by an equation's name the name of its form; documented where absent.
        shown: the quantities that an observer sees: they stand for themselves in the
            formulas of later ones, the others are written out.
    """
    formulas: dict[str, str] = {}

    def evaluate(equation: Equation, /, **inputs: Number) -> Number:
        return evaluated(equation, forms.get(equation.name, DOCUMENTED), **inputs)

    def observe(_: Equation, slot: str, __: int, ___: int, computed: Number) -> Number:
        if slot not in shown:
            return computed
        formulas[slot] = str(computed)
        return letter(slot)

    apply(_state(parameters), ((letter("g"),),), constants(parameters), evaluate, observe)
    return formulas


def constants(parameters: Parameters) -> Constants:
    """
    The hyper-parameters in letters.
    """
    return Constants(
        learning_rate=letter("learning_rate"),
        rho=letter("rho"),
        one_minus_rho=letter("one_minus_rho"),
        mu=letter("mu") if parameters.momentum > 0 else None,
        epsilon=letter("epsilon"),
        centered=parameters.centered,
    )


def _state(parameters: Parameters) -> State:
    slots = {name: ((letter(name),),) for name in slot_names(parameters)}
    return State(variables=((letter("variable"),),), slots=slots)

"""
One call of `apply`: the equations in the documented order, over any number type.

Two functions are handed in, and that is all that distinguishes the oracle, the bound
and the judge. `evaluate` computes an equation: its documented form for the oracle,
the hull over its forms for a bound. `observe` replaces a computed quantity by what is
known better: the judge puts there what the subject itself showed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from rmsprop_oracle import forms
from rmsprop_oracle.arithmetic.formats import Raw
from rmsprop_oracle.equations import Equation, Number
from rmsprop_oracle.parameters import Parameters

Elements = tuple[Number, ...]
"""
The elements of one variable or slot, in row-major order.
"""


class Arithmetic(Protocol):
    """
    How exact values become numbers of one type.
    """

    def known(self, raw: Raw) -> Number:
        """
        A value given exactly, such as a gradient.
        """

    def zero(self, like: Number) -> Number:
        """
        Exact zero, of the same kind as another number.
        """

    def constant(self, raw: Raw) -> Number:
        """
        A hyper-parameter.
        """

    def complement(self, raw: Raw) -> Number:
        """
        One minus a hyper-parameter.
        """


class Evaluate(Protocol):
    """
    How an equation is computed.
    """

    def __call__(self, equation: Equation, /, **inputs: Number) -> Number:
        """
        The equation's value for its arguments by name.
        """


Observe = Callable[[Equation, str, int, int, Number], Number]
"""
`(equation, slot, variable, element, computed) -> best known`; the slot of the
variables themselves is called `variable`.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """
    What an optimizer holds between calls.

    Args:
        variables: elements of each variable.
        slots: for each slot, elements of each variable's copy.
        iterations: completed calls.
    """

    variables: tuple[Elements, ...]
    slots: Mapping[str, tuple[Elements, ...]]
    iterations: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "slots", MappingProxyType(dict(self.slots)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Constants:
    """
    The hyper-parameters as numbers; `learning_rate` is that of the call.
    """

    learning_rate: Number
    rho: Number
    one_minus_rho: Number
    mu: Number | None
    epsilon: Number
    centered: bool


def slot_names(parameters: Parameters) -> tuple[str, ...]:
    """
    The slots that exist, in the order in which a step updates them.
    """
    wanted = {
        "velocity": True,
        "average_gradient": parameters.centered,
        "momentum": parameters.momentum > 0,
    }
    return tuple(name for name, exists in wanted.items() if exists)


def initial_state(
    parameters: Parameters, variables: tuple[tuple[Raw, ...], ...], arithmetic: Arithmetic
) -> State:
    """
    The state before the first call: every slot is zero (clause `tf2.slots-zero`).
    """
    lifted = tuple(tuple(arithmetic.known(raw) for raw in each) for each in variables)
    zeros = tuple(tuple(arithmetic.zero(number) for number in each) for each in lifted)
    return State(variables=lifted, slots=dict.fromkeys(slot_names(parameters), zeros))


def apply(
    state: State,
    gradients: tuple[Elements | None, ...],
    constants: Constants,
    evaluate: Evaluate,
    observe: Observe,
) -> State:
    """
    The state after one call.

    - gradients are in the order and shapes of the variables; None leaves one untouched
    """
    columns = [
        _untouched(state, index, observe)
        if gradient is None
        else _variable(state, index, gradient, constants, evaluate, observe)
        for index, gradient in enumerate(gradients)
    ]
    slots = {name: tuple(column[name] for column in columns) for name in state.slots}
    return State(
        variables=tuple(column["variable"] for column in columns),
        slots=slots,
        iterations=state.iterations + 1,
    )


def _held(state: State, index: int) -> dict[str, Elements]:
    slots = {name: slot[index] for name, slot in state.slots.items()}
    return slots | {"variable": state.variables[index]}


def _untouched(state: State, index: int, observe: Observe) -> dict[str, Elements]:
    """
    What a variable without a gradient keeps: everything, bit for bit.
    """
    return {
        name: tuple(
            observe(forms.BY_QUANTITY[name], name, index, position, number)
            for position, number in enumerate(numbers)
        )
        for name, numbers in _held(state, index).items()
    }


def _variable(  # noqa: PLR0913  # the five parts of a call and the index: nothing to group
    state: State,
    index: int,
    gradient: Elements,
    constants: Constants,
    evaluate: Evaluate,
    observe: Observe,
) -> dict[str, Elements]:
    before = _held(state, index)
    after: dict[str, list[Number]] = {name: [] for name in before}
    for position, g in enumerate(gradient):
        old = {name: elements[position] for name, elements in before.items()}

        def seen(equation: Equation, slot: str, number: Number, at: int = position) -> Number:
            return observe(equation, slot, index, at, number)

        for name, number in _element(old, g, constants, evaluate, seen).items():
            after[name].append(number)
    return {name: tuple(numbers) for name, numbers in after.items()}


def _element(
    old: Mapping[str, Number],
    g: Number,
    constants: Constants,
    evaluate: Evaluate,
    seen: Callable[[Equation, str, Number], Number],
) -> dict[str, Number]:
    """
    One element through the equations, in the documented order.
    """
    rates = {"rho": constants.rho, "one_minus_rho": constants.one_minus_rho}
    new: dict[str, Number] = {}
    v = evaluate(forms.VELOCITY, v=old["velocity"], g=g, **rates)
    v = new["velocity"] = seen(forms.VELOCITY, "velocity", v)
    if constants.centered:
        m = evaluate(forms.AVERAGE_GRADIENT, m=old["average_gradient"], g=g, **rates)
        m = new["average_gradient"] = seen(forms.AVERAGE_GRADIENT, "average_gradient", m)
        root = forms.CENTERED_DENOMINATOR
        d = evaluate(root, v=v, m=m, epsilon=constants.epsilon)
    else:
        root = forms.DENOMINATOR
        d = evaluate(root, v=v, epsilon=constants.epsilon)
    inc = evaluate(forms.INCREMENT, g=g, d=d, learning_rate=constants.learning_rate)
    # The first quantity that a subject can show after the division testifies to all of
    # the documented equation of the momentum, so that equation's clause is cited.
    witness = root
    if constants.mu is not None:
        b = evaluate(forms.MOMENTUM, b=old["momentum"], inc=inc, mu=constants.mu)
        inc = new["momentum"] = seen(root, "momentum", b)
        witness = forms.VARIABLE
    w = evaluate(forms.VARIABLE, w=old["variable"], inc=inc)
    new["variable"] = seen(witness, "variable", w)
    return new

"""
Many calls: the exact trajectory, and the loop that every other one is made of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from mpmath import libmp

from rmsprop_oracle.arithmetic.formats import Raw
from rmsprop_oracle.arithmetic.multiprecision import MultiprecisionArithmetic
from rmsprop_oracle.equations import Equation, Number
from rmsprop_oracle.errors import Mismatched
from rmsprop_oracle.parameters import Parameters
from rmsprop_oracle.step import (
    Arithmetic,
    Constants,
    Elements,
    Evaluate,
    Observe,
    State,
    apply,
    initial_state,
)

Variables = tuple[tuple[Raw, ...], ...]
"""
For each variable the exact values of its elements.
"""

Gradients = tuple[tuple[Raw, ...] | None, ...]
"""
For each variable the exact values of its gradient, or None.
"""


Settle = Callable[[int, State], State]
"""
`(call, state after it) -> best known`.
"""


def exact_trajectory(
    parameters: Parameters, variables: Variables, calls: tuple[Gradients, ...], *, precision: int
) -> tuple[State, ...]:
    """
    The state after each call, by the documented equations in exact arithmetic.

    Args:
        parameters: hyper-parameters, taken as the exact binary64 values they are.
        variables: exact values before the first call.
        calls: for each call the exact gradients.
        precision: bits to which every operation is rounded; errors of a trajectory
            stay within a few units of the last of them per operation.

    Returns:
        One state per call; its numbers are `Multiprecision`, rounded.

    Raises:
        Mismatched: a gradient does not fit its variable.
        ZeroDivisionError: epsilon is 0 and a denominator vanishes.
    """
    arithmetic = MultiprecisionArithmetic(precision)
    return tuple(
        trajectory(parameters, variables, calls, arithmetic, documented, lambda _: unobserved)
    )


def documented(equation: Equation, /, **inputs: Number) -> Number:
    """
    An equation as it is documented.
    """
    return equation.formula(**inputs)


def unobserved(
    _equation: Equation, _slot: str, _variable: int, _element: int, computed: Number
) -> Number:
    """
    Nothing is known better than what was computed.
    """
    return computed


def unsettled(_call: int, state: State) -> State:
    """
    Nothing is known better than during the call.
    """
    return state


def trajectory(  # noqa: PLR0913  # the inputs of a trajectory and the three parts of a number type
    parameters: Parameters,
    variables: Variables,
    calls: tuple[Gradients, ...],
    arithmetic: Arithmetic,
    evaluate: Evaluate,
    observer: Callable[[int], Observe],
    settle: Settle = unsettled,
) -> Iterator[State]:
    """
    The state after each call, one after the other.

    Args:
        parameters: hyper-parameters.
        variables: exact values before the first call.
        calls: for each call the exact gradients.
        arithmetic: how values become numbers.
        evaluate: how an equation is computed.
        observer: for a call, what is known better than computed, during the call.
        settle: after a call, what is known better of the state that it left.

    Raises:
        Mismatched: a gradient does not fit its variable.
    """
    state = initial_state(parameters, variables, arithmetic)
    for call, gradients in enumerate(calls):
        _check(variables, gradients, call)
        lifted = tuple(_lift(gradient, arithmetic) for gradient in gradients)
        constants = constants_of(parameters, call, arithmetic)
        state = settle(call, apply(state, lifted, constants, evaluate, observer(call)))
        yield state


def constants_of(parameters: Parameters, call: int, arithmetic: Arithmetic) -> Constants:
    """
    The hyper-parameters of a call as numbers.
    """

    def constant(value: float) -> Any:
        return arithmetic.constant(libmp.from_float(float(value)))

    return Constants(
        learning_rate=constant(parameters.rate(call)),
        rho=constant(parameters.rho),
        one_minus_rho=arithmetic.complement(libmp.from_float(float(parameters.rho))),
        mu=constant(parameters.momentum) if parameters.momentum > 0 else None,
        epsilon=constant(parameters.epsilon),
        centered=parameters.centered,
    )


def _lift(gradient: tuple[Raw, ...] | None, arithmetic: Arithmetic) -> Elements | None:
    return None if gradient is None else tuple(arithmetic.known(raw) for raw in gradient)


def _check(variables: Variables, gradients: Gradients, call: int) -> None:
    where = f"call {call}"
    if len(gradients) != len(variables):
        raise Mismatched("gradients, one per variable:", len(variables), len(gradients), where)
    for index, (variable, gradient) in enumerate(zip(variables, gradients, strict=True)):
        if gradient is not None and len(gradient) != len(variable):
            at = f"{where}, variable {index}"
            raise Mismatched("elements in the gradient:", len(variable), len(gradient), at)

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from tests.oracle.symbolic import LETTERS, Symbolic, are_equal

from rmsprop_oracle.arithmetic.multiprecision import MultiprecisionArithmetic
from rmsprop_oracle.equations import Equation
from rmsprop_oracle.parameters import Parameters
from rmsprop_oracle.step import Constants, State, apply, initial_state, slot_names
from rmsprop_oracle.trajectory import documented, unobserved

CONFIGURATIONS: dict[str, tuple[Parameters, tuple[str, ...]]] = {
    "plain": (Parameters(), ("velocity",)),
    "momentum": (Parameters(momentum=0.5), ("velocity", "momentum")),
    "centered": (Parameters(centered=True), ("velocity", "average_gradient")),
    "both": (
        Parameters(momentum=0.5, centered=True),
        ("velocity", "average_gradient", "momentum"),
    ),
}
EQUATION_OF = {"velocity": "v", "average_gradient": "m", "momentum": "b"}


def symbolic(names: tuple[str, ...], variables: int = 1) -> State:
    """
    A state of one element for each variable, in the documents' letters.
    """
    slots = {name: ((Symbolic(LETTERS[EQUATION_OF[name]]),),) * variables for name in names}
    return State(variables=((Symbolic(LETTERS["w"]),),) * variables, slots=slots)


def constants(parameters: Parameters) -> Constants:
    """
    Hyper-parameters as letters.
    """
    letter = {name: Symbolic(LETTERS[name]) for name in ("learning_rate", "rho", "epsilon", "mu")}
    return Constants(
        learning_rate=letter["learning_rate"],
        rho=letter["rho"],
        one_minus_rho=Symbolic(1 - LETTERS["rho"]),
        mu=letter["mu"] if parameters.momentum > 0 else None,
        epsilon=letter["epsilon"],
        centered=parameters.centered,
    )


def stepped(parameters: Parameters, names: tuple[str, ...]) -> dict[str, Any]:
    """
    What one call makes of the letters.
    """
    gradient = ((Symbolic(LETTERS["g"]),),)
    after = apply(symbolic(names), gradient, constants(parameters), documented, unobserved)
    slots = {name: slot[0][0] for name, slot in after.slots.items()}
    return slots | {"variable": after.variables[0][0]}


def by_hand(parameters: Parameters) -> dict[str, Symbolic]:
    """
    The documented equations, composed here.
    """
    v, m, b, w, g = (LETTERS[name] for name in ("v", "m", "b", "w", "g"))
    rho, mu, epsilon, rate = (LETTERS[n] for n in ("rho", "mu", "epsilon", "learning_rate"))
    new = {"velocity": rho * v + (1 - rho) * g**2}
    spread = new["velocity"]
    if parameters.centered:
        new["average_gradient"] = rho * m + (1 - rho) * g
        spread = spread - new["average_gradient"] ** 2
    step = rate * g / (spread + epsilon) ** Fraction(1, 2)
    if parameters.momentum:
        step = new["momentum"] = mu * b + step
    return {name: Symbolic(each) for name, each in (new | {"variable": w - step}).items()}


each_configuration = pytest.mark.parametrize(
    ("parameters", "names"), CONFIGURATIONS.values(), ids=CONFIGURATIONS.keys()
)


@each_configuration
def test_one_call_composes_the_documented_equations(
    parameters: Parameters, names: tuple[str, ...]
) -> None:
    """
    New velocity and average are used by the same call, and the buffer moves the variable.
    """
    after, expected = stepped(parameters, names), by_hand(parameters)

    assert after.keys() == expected.keys()
    assert all(are_equal(after[name], expected[name]) for name in after)


def test_another_composition_would_be_seen() -> None:
    """
    The twin: the call with momentum is not the one without.
    """
    after = stepped(*CONFIGURATIONS["momentum"])

    assert not are_equal(after["variable"], by_hand(Parameters())["variable"])


@each_configuration
def test_slots_exist_when_they_are_needed(parameters: Parameters, names: tuple[str, ...]) -> None:
    """
    Average gradients belong to centered, buffers to a momentum above zero.
    """
    assert slot_names(parameters) == names


@each_configuration
def test_every_slot_starts_at_zero(parameters: Parameters, names: tuple[str, ...]) -> None:
    """
    Before the first call each slot is zero in the shape of its variable.
    """
    one = (0, 1, 0, 1)
    state = initial_state(parameters, ((one, one), ()), MultiprecisionArithmetic(64))
    zero = MultiprecisionArithmetic(64).known((0, 0, 0, 0))

    assert dict(state.slots) == dict.fromkeys(names, ((zero, zero), ()))
    assert state.iterations == 0


def test_a_variable_without_gradient_is_untouched() -> None:
    """
    Neither it nor its slots move, while the other one does, and the call counts.
    """
    parameters, names = CONFIGURATIONS["both"]
    before = symbolic(names, 2)

    gradients = (None, (Symbolic(LETTERS["g"]),))
    after = apply(before, gradients, constants(parameters), documented, unobserved)

    assert after.variables[0] == before.variables[0]
    assert all(after.slots[name][0] == before.slots[name][0] for name in names)
    assert after.variables[1] != before.variables[1]
    assert all(after.slots[name][1] != before.slots[name][1] for name in names)
    assert after.iterations == 1


def test_what_is_observed_replaces_what_is_computed() -> None:
    """
    A shown velocity is what the same call divides by.
    """
    parameters, names = CONFIGURATIONS["plain"]
    shown = Symbolic(LETTERS["d"])

    def observe(equation: Equation, slot: str, variable: int, element: int, got: Any) -> Any:
        assert (equation.name, variable, element) != ("", -1, -1)
        return shown if slot == "velocity" else got

    gradient = ((Symbolic(LETTERS["g"]),),)
    after = apply(symbolic(names), gradient, constants(parameters), documented, observe)

    w, g, d = LETTERS["w"], LETTERS["g"], LETTERS["d"]
    root = (d + LETTERS["epsilon"]) ** Fraction(1, 2)
    assert after.slots["velocity"] == ((shown,),)
    assert are_equal(after.variables[0][0], Symbolic(w - LETTERS["learning_rate"] * g / root))


@each_configuration
def test_each_quantity_is_announced_once_in_order(
    parameters: Parameters, names: tuple[str, ...]
) -> None:
    """
    The observer sees the slots in their order, then the variable, for each element.
    """
    seen: list[tuple[str, int, int]] = []

    def observe(equation: Equation, slot: str, variable: int, element: int, got: Any) -> Any:
        assert equation.clause
        seen.append((slot, variable, element))
        return got

    gradient = ((Symbolic(LETTERS["g"]),),)
    apply(symbolic(names), gradient, constants(parameters), documented, observe)

    assert seen == [(name, 0, 0) for name in (*names, "variable")]


def test_a_state_is_frozen_in_depth() -> None:
    """
    A caller cannot change the slots of a state.
    """
    with pytest.raises(TypeError):
        symbolic(("velocity",)).slots["velocity"] = ()  # type: ignore[index]  # that is the point

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields

import pytest

from rmsprop_oracle.errors import OutsideDomain
from rmsprop_oracle.parameters import Parameters, parameters_from


def test_names_order_and_defaults_are_those_of_the_signature() -> None:
    """
    The arguments that this release knows stand in Keras' order with Keras' defaults.
    """
    assert [(field.name, field.default) for field in fields(Parameters)] == [
        ("learning_rate", 0.001),
        ("rho", 0.9),
        ("momentum", 0.0),
        ("epsilon", 1e-07),
        ("centered", False),
    ]


@pytest.mark.parametrize(
    "configuration",
    [
        {"rho": 0.0},
        {"rho": 1.0},
        {"momentum": 1.0},
        {"epsilon": 0.0},
        {"learning_rate": -1.0},
        {"learning_rate": 0},
        {"learning_rate": (0.1, 0.2)},
        {"centered": True},
    ],
    ids=str,
)
def test_the_whole_domain_is_accepted(configuration: dict[str, object]) -> None:
    """
    The ends of every range belong to it.
    """
    parameters = parameters_from(configuration)

    assert {name: getattr(parameters, name) for name in configuration} == configuration


@pytest.mark.parametrize(
    ("configuration", "words"),
    [
        ({"rho": 1.1}, "`rho` must be a finite float in [0, 1] (clause keras3.rho); got 1.1"),
        ({"rho": -0.1}, "`rho` must be"),
        ({"rho": float("nan")}, "got nan of type float"),
        ({"rho": "0.9"}, "got '0.9' of type str"),
        ({"rho": True}, "got True of type bool"),
        ({"momentum": 1.5}, "`momentum` must be"),
        ({"epsilon": -1e-9}, "`epsilon` must be a finite float in [0, inf]"),
        ({"epsilon": float("inf")}, "`epsilon` must be"),
        ({"learning_rate": float("inf")}, "`learning_rate` must be a finite float (clause"),
        ({"learning_rate": (0.1, None)}, "got None of type NoneType"),
        ({"centered": 1}, "`centered` must be True or False (clause keras3.centered); got 1"),
        ({"nesterov": True}, "`nesterov` must be absent: the arguments are learning_rate, rho,"),
    ],
    ids=str,
)
def test_everything_else_is_refused(configuration: dict[str, object], words: str) -> None:
    """
    The message says which argument, what is allowed, by which clause, and what came.
    """
    with pytest.raises(OutsideDomain) as caught:
        parameters_from(configuration)

    assert words in str(caught.value)


def test_a_rate_is_the_same_for_all_calls_or_one_for_each() -> None:
    """
    A single rate holds for every call, a tuple gives one for each.
    """
    assert [Parameters(learning_rate=0.5).rate(call) for call in (0, 7)] == [0.5, 0.5]
    assert [Parameters(learning_rate=(0.5, 0.25)).rate(call) for call in (0, 1)] == [0.5, 0.25]


def test_a_call_without_a_rate_is_refused() -> None:
    """
    The third call of an optimizer with two rates has none.
    """
    with pytest.raises(OutsideDomain, match="one value for each of at least 3 calls"):
        Parameters(learning_rate=(0.5, 0.25)).rate(2)


def test_parameters_are_frozen() -> None:
    """
    What was checked cannot be changed afterwards.
    """
    with pytest.raises(FrozenInstanceError):
        Parameters().rho = 2.0  # type: ignore[misc]  # that is the point

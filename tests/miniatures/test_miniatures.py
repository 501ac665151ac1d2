"""
That each miniature makes its mistake where it says, and only there.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.miniatures import (
    accumulator_at_one,
    always_zero,
    centered_without_square,
    epsilon_outside,
    nesterov,
    rewritten,
    rho_exchanged,
    right,
    stale_velocity,
)

from rmsprop_conformance.subjects.registry import open_subject

PLAIN: dict[str, Any] = {"rho": 0.75, "epsilon": 0.25}
MOMENTUM: dict[str, Any] = {**PLAIN, "momentum": 0.5}
CENTERED: dict[str, Any] = {**PLAIN, "centered": True}


def answers(module: Any, configuration: dict[str, Any]) -> list[float]:
    """
    The variable after each of three calls.
    """
    optimizer, shown = module.factory(learning_rate=0.5, **configuration), []
    variables = [np.array([1.0], np.float32)]
    for gradient in (3.0, -1.0, 0.5):
        variables = optimizer.apply([np.array([gradient], np.float32)], variables)
        shown.append(variables[0].item())
    return shown


WRONG: dict[str, tuple[Any, dict[str, Any]]] = {
    "epsilon_outside": (epsilon_outside, PLAIN),
    "nesterov": (nesterov, MOMENTUM),
    "accumulator_at_one": (accumulator_at_one, PLAIN),
    "stale_velocity": (stale_velocity, PLAIN),
    "rho_exchanged": (rho_exchanged, PLAIN),
    "centered_without_square": (centered_without_square, CENTERED),
    "always_zero": (always_zero, PLAIN),
}


@pytest.mark.filterwarnings("ignore:invalid value encountered in sqrt")
@pytest.mark.parametrize(("module", "where"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_one_is_wrong_where_it_says(module: Any, where: dict[str, Any]) -> None:
    """
    In the configuration of its mistake it differs by more than a percent.
    """
    pairs = zip(answers(module, where), answers(right, where), strict=True)

    assert any(not abs(got - expected) <= 0.01 * abs(expected) for got, expected in pairs)


HARMLESS: dict[str, tuple[Any, dict[str, Any]]] = {
    "epsilon_outside": (epsilon_outside, {**PLAIN, "epsilon": 0.0}),
    "nesterov": (nesterov, CENTERED),
    "rho_exchanged": (rho_exchanged, {**PLAIN, "rho": 0.5}),
    "centered_without_square": (centered_without_square, MOMENTUM),
}


@pytest.mark.parametrize(("module", "where"), HARMLESS.values(), ids=HARMLESS.keys())
def test_a_wrong_one_is_right_elsewhere(module: Any, where: dict[str, Any]) -> None:
    """
    Where its mistake cannot show, every bit is right: it makes no other.
    """
    assert answers(module, where) == answers(right, where)


def test_the_right_one_computes_the_documented_example() -> None:
    """
    From 10, with gradient 10 and rate 0.1, one call leads to 9.683772.
    """
    ten: list[Any] = [np.array([10.0], np.float32)]

    assert right.factory(0.1).apply(ten, ten)[0].tobytes().hex() == "bbf01a41"


def test_the_rewritten_one_differs_by_rounding_only() -> None:
    """
    Both right ones agree where every operation is exact, as with powers of two and epsilon 0.
    """
    exact: dict[str, Any] = {"rho": 0.75, "epsilon": 0.0}
    one: list[Any] = [np.array([1.0], np.float32)]

    assert right.factory(0.5, **exact).apply(one, one) == rewritten.factory(0.5, **exact).apply(
        one, one
    )


@pytest.mark.parametrize("name", [*WRONG, "right", "rewritten", "hostile"])
def test_each_one_is_a_subject_by_its_name(name: str) -> None:
    """
    The suite loads it as any stranger's optimizer.
    """
    assert open_subject(f"tests.miniatures.{name}:factory").describe().capabilities

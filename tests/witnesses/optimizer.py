"""
What every witness shares: the protocol around one step of one variable.

A witness is its step. Hyper-parameters reach it as they were given, in float64; what a
step makes of them is a part of what it is a witness for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """
    The hyper-parameters of one call.

    Args:
        rate: learning rate, float64 of shape (1,), and so are the others.
        rho: how much of the averages is kept.
        mu: the momentum, 0 when it is off.
        epsilon: what is added under the root.
        centered: whether the squared average gradient is subtracted.
    """

    rate: Array
    rho: Array
    mu: Array
    epsilon: Array
    centered: bool

    @property
    def has_momentum(self) -> bool:
        """
        Whether there is a momentum buffer.
        """
        return bool(self.mu[0] > 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """
    One variable and its slots, flat arrays of the variable's dtype.
    """

    variable: Array
    velocity: Array
    average_gradient: Array
    momentum: Array


Step = Callable[[State, Array, Settings], State]
"""
`(state, gradient, settings) -> state`; slots that are off stay as they are.
"""


class Witness:
    """
    An RMSprop whose numbers come from a step.

    Args:
        step: the step.
        shows_slots: whether slots are shown.
        learning_rate: a float, or a list with one value for each call.
        rho: as Keras names it, and so are the others.
    """

    def __init__(  # Keras' arguments, and what makes this witness
        self,
        step: Step,
        learning_rate: float | list[float] = 0.001,
        *,
        shows_slots: bool = True,
        rho: float = 0.9,
        momentum: float = 0.0,
        epsilon: float = 1e-7,
        centered: bool = False,
    ) -> None:
        self._step, self._rates, self._shows_slots = step, learning_rate, shows_slots
        self._rho, self._momentum = rho, momentum
        self._epsilon, self._centered = epsilon, centered
        self._calls = 0
        self._states: list[State] = []
        self._shapes: list[tuple[int, ...]] = []

    def apply(self, gradients: list[Array | None], variables: list[Array]) -> list[Array]:
        """
        One call; a variable without a gradient is left alone.
        """
        settings = self._settings()
        before = self._states or [_start(variable) for variable in variables]
        self._shapes = [variable.shape for variable in variables]
        self._calls += 1
        with np.errstate(all="ignore"):
            self._states = [
                state if gradient is None else self._step(state, gradient.reshape(-1), settings)
                for state, gradient in zip(before, gradients, strict=True)
            ]
        return self._shaped("variable")

    def slots(self) -> dict[str, list[Array]]:
        """
        What is in use.
        """
        in_use = {
            "velocity": True,
            "average_gradient": self._centered,
            "momentum": self._momentum > 0,
        }
        shown = [name for name, used in in_use.items() if used and self._shows_slots]
        return {name: self._shaped(name) for name in shown}

    def _settings(self) -> Settings:
        rates = self._rates
        rate = rates[self._calls] if isinstance(rates, list) else rates
        return Settings(
            rate=np.array([rate], np.float64),
            rho=np.array([self._rho], np.float64),
            mu=np.array([self._momentum], np.float64),
            epsilon=np.array([self._epsilon], np.float64),
            centered=self._centered,
        )

    def _shaped(self, name: str) -> list[Array]:
        flat: list[Array] = [getattr(state, name) for state in self._states]
        return [each.reshape(shape) for each, shape in zip(flat, self._shapes, strict=True)]


def _start(variable: Array) -> State:
    flat = variable.reshape(-1)
    zero = np.zeros_like(flat)
    return State(variable=flat, velocity=zero, average_gradient=zero, momentum=zero)

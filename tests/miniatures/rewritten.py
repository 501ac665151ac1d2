"""
A right RMSprop: every equation in a form that is equal in exact arithmetic only.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


class Rewritten:
    """
    Right; moving averages are interpolations.
    """

    def __init__(
        self,
        learning_rate: float | list[float] = 0.001,
        *,
        rho: float = 0.9,
        momentum: float = 0.0,
        epsilon: float = 1e-7,
        centered: bool = False,
    ) -> None:
        self.rates = learning_rate
        self.rho, self.momentum = rho, momentum
        self.epsilon, self.centered = epsilon, centered
        self.calls = 0
        self.velocity: list[Array] = []
        self.average: list[Array] = []
        self.buffer: list[Array] = []

    def apply(self, gradients: list[Array | None], variables: list[Array]) -> list[Array]:
        """
        One call.
        """
        if not self.calls:
            self.velocity = [np.zeros_like(w) for w in variables]
            self.average = [np.zeros_like(w) for w in variables]
            self.buffer = [np.zeros_like(w) for w in variables]
        rate = self.rates[self.calls] if isinstance(self.rates, list) else self.rates
        self.calls += 1
        return [
            w if g is None else self.step(i, g, w, w.dtype.type(rate))
            for i, (g, w) in enumerate(zip(gradients, variables, strict=True))
        ]

    def step(self, i: int, g: Array, w: Array, rate: Any) -> Array:
        """
        One step of one variable.
        """
        number = w.dtype.type
        rest, epsilon = number(1 - self.rho), number(self.epsilon)
        self.velocity[i] = self.velocity[i] + rest * (g * g - self.velocity[i])
        denominator = self.velocity[i] + epsilon
        if self.centered:
            self.average[i] = self.average[i] + rest * (g - self.average[i])
            denominator = denominator - self.average[i] * self.average[i]
        step: Array = rate * (g / np.sqrt(denominator))
        if self.momentum > 0:
            self.buffer[i] = step + number(self.momentum) * self.buffer[i]
            step = self.buffer[i]
        return w - step

    def slots(self) -> dict[str, list[Array]]:
        """
        What is in use.
        """
        shown = {"velocity": self.velocity}
        if self.centered:
            shown["average_gradient"] = self.average
        if self.momentum > 0:
            shown["momentum"] = self.buffer
        return shown


factory = Rewritten

"""
A wrong RMSprop: rho and 1 - rho are exchanged.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


class RhoExchanged:
    """
    Gives the new gradient the weight rho.
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
        rho, rest, epsilon = number(self.rho), number(1 - self.rho), number(self.epsilon)
        rho, rest = rest, rho
        self.velocity[i] = rho * self.velocity[i] + rest * (g * g)
        spread = self.velocity[i]
        if self.centered:
            self.average[i] = rho * self.average[i] + rest * g
            spread = spread - self.average[i] * self.average[i]
        step: Array = rate * g / np.sqrt(spread + epsilon)
        if self.momentum > 0:
            self.buffer[i] = number(self.momentum) * self.buffer[i] + step
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


factory = RhoExchanged

"""
A right RMSprop with bad manners: whoever trusts it judges the wrong numbers.
"""

from __future__ import annotations

import sys
import warnings
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


class Hostile:
    """
    Writes into what it was given, prints, warns, and hands out views of its own state.
    """

    def __init__(
        self, learning_rate: float = 0.001, *, rho: float = 0.9, epsilon: float = 1e-7
    ) -> None:
        print("constructed")  # noqa: T201  # that it prints is the point
        self.rate, self.rho, self.epsilon = learning_rate, rho, epsilon
        self.held: list[Array] = []
        self.velocity: list[Array] = []
        self.seen: list[Array] = []

    def apply(self, gradients: list[Array], variables: list[Array]) -> list[Array]:
        """
        One call; the same list of the same arrays comes back each time.
        """
        sys.stdout.write("applied")
        warnings.warn("a warning that nobody asked for", stacklevel=1)
        if not self.held:
            self.velocity = [np.zeros_like(w) for w in variables]
            self.held = [np.empty_like(w) for w in variables]
        for i, (g, w) in enumerate(zip(gradients, variables, strict=True)):
            number = w.dtype.type
            v = number(self.rho) * self.velocity[i] + number(1 - self.rho) * (g * g)
            self.velocity[i][...] = v
            self.held[i][...] = w - number(self.rate) * g / np.sqrt(v + number(self.epsilon))
            g[...] = 7
            w[...] = 7
        for array in self.seen:
            array[...] = 8
        self.seen += [*gradients, *variables]
        return self.held

    def slots(self) -> dict[str, object]:
        """
        Views, and a name that nobody knows.
        """
        return {"velocity": [v[...] for v in self.velocity], "mood": "bad"}


factory = Hostile

"""
The documented order, every operation rounded to the format: the plainest witness.

`Equations` is what most other witnesses are made of: the same equations, with one of
them written in another way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from tests.witnesses.optimizer import Array, Settings, State, Witness
from tests.witnesses.single_rounding import nearest


@dataclass(frozen=True, slots=True, kw_only=True)
class Constants:
    """
    Hyper-parameters as an implementation holds them, each of shape (1,).
    """

    rate: Array
    rho: Array
    one_minus_rho: Array
    mu: Array
    epsilon: Array


def early(settings: Settings, dtype: np.dtype[np.generic]) -> Constants:
    """
    Rounded to the format; 1 - rho is subtracted in float64 before.
    """
    return Constants(
        rate=nearest(settings.rate, dtype),
        rho=nearest(settings.rho, dtype),
        one_minus_rho=nearest(1 - settings.rho, dtype),
        mu=nearest(settings.mu, dtype),
        epsilon=nearest(settings.epsilon, dtype),
    )


def velocity(v: Array, g: Array, c: Constants) -> Array:
    """
    Gives rho v + (1 - rho) g².
    """
    rounded: Array = c.rho * v + c.one_minus_rho * (g * g)
    return rounded


def average_gradient(m: Array, g: Array, c: Constants) -> Array:
    """
    Gives rho m + (1 - rho) g.
    """
    rounded: Array = c.rho * m + c.one_minus_rho * g
    return rounded


def denominator(v: Array, c: Constants) -> Array:
    """
    Gives v + epsilon.
    """
    rounded: Array = v + c.epsilon
    return rounded


def centered_denominator(v: Array, m: Array, c: Constants) -> Array:
    """
    Gives (v - m²) + epsilon.
    """
    rounded: Array = (v - m * m) + c.epsilon
    return rounded


def increment(g: Array, d: Array, c: Constants) -> Array:
    """
    Gives (rate g) / √d.
    """
    rounded: Array = (c.rate * g) / np.sqrt(d)
    return rounded


def momentum(b: Array, inc: Array, c: Constants) -> Array:
    """
    Gives mu b + inc.
    """
    rounded: Array = c.mu * b + inc
    return rounded


def variable(w: Array, inc: Array) -> Array:
    """
    Gives w - inc.
    """
    rounded: Array = w - inc
    return rounded


@dataclass(frozen=True, slots=True, kw_only=True)
class Equations:
    """
    A step that goes through the equations in their order.
    """

    constants: Callable[[Settings, np.dtype[np.generic]], Constants] = early
    velocity: Callable[[Array, Array, Constants], Array] = velocity
    average_gradient: Callable[[Array, Array, Constants], Array] = average_gradient
    denominator: Callable[[Array, Constants], Array] = denominator
    centered_denominator: Callable[[Array, Array, Constants], Array] = centered_denominator
    increment: Callable[[Array, Array, Constants], Array] = increment
    momentum: Callable[[Array, Array, Constants], Array] = momentum
    variable: Callable[[Array, Array], Array] = variable

    def __call__(self, old: State, g: Array, settings: Settings) -> State:
        """
        One step of one variable.
        """
        c = self.constants(settings, g.dtype)
        new = replace(old, velocity=self.velocity(old.velocity, g, c))
        if settings.centered:
            new = replace(new, average_gradient=self.average_gradient(old.average_gradient, g, c))
            d = self.centered_denominator(new.velocity, new.average_gradient, c)
        else:
            d = self.denominator(new.velocity, c)
        inc = self.increment(g, d, c)
        if settings.has_momentum:
            inc = self.momentum(old.momentum, inc, c)
            new = replace(new, momentum=inc)
        return replace(new, variable=self.variable(old.variable, inc))


STEP = Equations()
factory = partial(Witness, STEP)
hidden = partial(Witness, STEP, shows_slots=False)

"""
Products and sums contracted to one operation, as compilers do.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
from tests.witnesses.documented import Constants, Equations, early
from tests.witnesses.optimizer import Array, Settings, State, Witness
from tests.witnesses.single_rounding import product_sum as fma

SQUARE = Equations(
    velocity=lambda v, g, c: fma(c.one_minus_rho, g * g, c.rho * v),
    average_gradient=lambda m, g, c: fma(c.one_minus_rho, g, c.rho * m),
)
DECAY = Equations(
    velocity=lambda v, g, c: fma(c.rho, v, c.one_minus_rho * (g * g)),
    average_gradient=lambda m, g, c: fma(c.rho, m, c.one_minus_rho * g),
)
LERP = Equations(
    velocity=lambda v, g, c: fma(c.one_minus_rho, fma(g, g, -v), v),
    average_gradient=lambda m, g, c: fma(c.one_minus_rho, g - m, m),
)


def everywhere(old: State, g: Array, settings: Settings) -> State:
    """
    One step in which no product before a sum is rounded.

    The increment is contracted too, into the momentum buffer or into the variable.
    """
    c = early(settings, g.dtype)
    v = fma(c.one_minus_rho * g, g, c.rho * old.velocity)
    new, d = replace(old, velocity=v), v + c.epsilon
    if settings.centered:
        m = fma(c.one_minus_rho, g, c.rho * old.average_gradient)
        new, d = replace(new, average_gradient=m), fma(-m, m, v) + c.epsilon
    return _moved(new, g / np.sqrt(d), c, has_momentum=settings.has_momentum)


def _moved(old: State, quotient: Array, c: Constants, *, has_momentum: bool) -> State:
    if not has_momentum:
        return replace(old, variable=fma(-c.rate, quotient, old.variable))
    b = fma(c.rate, quotient, c.mu * old.momentum)
    return replace(old, momentum=b, variable=old.variable - b)


def elsewhere(old: State, g: Array, settings: Settings) -> State:
    """
    One step with the other choices: which product of two is rounded, and epsilon's place.
    """
    c = early(settings, g.dtype)
    v = fma(c.rho, old.velocity, c.one_minus_rho * g * g)
    new, d = replace(old, velocity=v), v + c.epsilon
    if settings.centered:
        m = fma(c.rho, old.average_gradient, c.one_minus_rho * g)
        new, d = replace(new, average_gradient=m), fma(-m, m, v + c.epsilon)
    inc = (c.rate * g) / np.sqrt(d)
    if settings.has_momentum:
        inc = fma(c.mu, old.momentum, inc)
        new = replace(new, momentum=inc)
    return replace(new, variable=old.variable - inc)


averages_square = partial(Witness, SQUARE)
averages_decay = partial(Witness, DECAY)
averages_lerp = partial(Witness, LERP)
all_products = partial(Witness, everywhere)
other_products = partial(Witness, elsewhere)

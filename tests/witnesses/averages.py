"""
Moving averages in other orders: interpolated, and reassociated.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from tests.witnesses.documented import Constants, Equations
from tests.witnesses.optimizer import Array, Witness


def interpolated(old: Array, new: Array, c: Constants) -> Array:
    """
    Gives old + (1 - rho) (new - old).
    """
    rounded: Array = old + c.one_minus_rho * (new - old)
    return rounded


def interpolated_back(old: Array, new: Array, c: Constants) -> Array:
    """
    Gives new + rho (old - new).
    """
    rounded: Array = new + c.rho * (old - new)
    return rounded


def interpolated_from_nearer(old: Array, new: Array, c: Constants) -> Array:
    """
    From the end that the average is nearer to, as torch's `lerp` does.
    """
    towards_old = interpolated(old, new, c)
    rounded: Array = np.where(c.one_minus_rho < 0.5, towards_old, interpolated_back(old, new, c))
    return rounded


def velocity_by_parts(v: Array, g: Array, c: Constants) -> Array:
    """
    Gives rho v + ((1 - rho) g) g.
    """
    rounded: Array = c.rho * v + (c.one_minus_rho * g) * g
    return rounded


LERP = Equations(velocity=lambda v, g, c: interpolated(v, g * g, c), average_gradient=interpolated)
NEARER = Equations(
    velocity=lambda v, g, c: interpolated_from_nearer(v, g * g, c),
    average_gradient=interpolated_from_nearer,
)
FAR = Equations(
    velocity=lambda v, g, c: interpolated_back(v, g * g, c), average_gradient=interpolated_back
)
REASSOCIATED = Equations(velocity=velocity_by_parts)

lerp = partial(Witness, LERP)
lerp_from_nearer = partial(Witness, NEARER)
lerp_from_far = partial(Witness, FAR)
reassociated = partial(Witness, REASSOCIATED)

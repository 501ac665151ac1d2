"""
Hyper-parameters held in other ways: 1 - rho subtracted late, and nothing rounded at all.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
from tests.witnesses.documented import Constants, Equations, early
from tests.witnesses.optimizer import Array, Settings, Witness
from tests.witnesses.single_rounding import mixed_product, mixed_sum


def subtracted_late(settings: Settings, dtype: np.dtype[np.generic]) -> Constants:
    """
    Rounded to the format; 1 - rho is subtracted in the format, from the rounded rho.
    """
    held = early(settings, dtype)
    return replace(held, one_minus_rho=np.ones_like(held.rho) - held.rho)


def kept(settings: Settings, dtype: np.dtype[np.generic]) -> Constants:
    """
    In float64, as they were given, whatever the format.
    """
    del dtype
    return early(settings, np.dtype(np.float64))


def _mixed_average(old: Array, new: Array, c: Constants) -> Array:
    rounded: Array = mixed_product(c.rho, old) + mixed_product(c.one_minus_rho, new)
    return rounded


def _mixed_increment(g: Array, d: Array, c: Constants) -> Array:
    rounded: Array = mixed_product(c.rate, g) / np.sqrt(d)
    return rounded


MIXED = Equations(
    constants=kept,
    velocity=lambda v, g, c: _mixed_average(v, g * g, c),
    average_gradient=_mixed_average,
    denominator=lambda v, c: mixed_sum(c.epsilon, v),
    centered_denominator=lambda v, m, c: mixed_sum(c.epsilon, v - m * m),
    increment=_mixed_increment,
    momentum=lambda b, inc, c: mixed_product(c.mu, b) + inc,
)

late = partial(Witness, Equations(constants=subtracted_late))
mixed = partial(Witness, MIXED)

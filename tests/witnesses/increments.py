"""
The increment in other orders: which of rate, gradient and root meet first.

A reciprocal root is a correctly rounded root and a correctly rounded reciprocal of it.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from tests.witnesses.documented import Constants, Equations
from tests.witnesses.optimizer import Array, Witness


def _reciprocal_root(d: Array) -> Array:
    rounded: Array = np.ones_like(d) / np.sqrt(d)
    return rounded


def _gradient_times_reciprocal(g: Array, d: Array, c: Constants) -> Array:
    rounded: Array = c.rate * (g * _reciprocal_root(d))
    return rounded


def _product_times_reciprocal(g: Array, d: Array, c: Constants) -> Array:
    rounded: Array = (c.rate * g) * _reciprocal_root(d)
    return rounded


def _rate_times_reciprocal(g: Array, d: Array, c: Constants) -> Array:
    rounded: Array = (c.rate * _reciprocal_root(d)) * g
    return rounded


def _quotient_first(g: Array, d: Array, c: Constants) -> Array:
    rounded: Array = c.rate * (g / np.sqrt(d))
    return rounded


def _rate_first(g: Array, d: Array, c: Constants) -> Array:
    rounded: Array = g * (c.rate / np.sqrt(d))
    return rounded


gradient_times_reciprocal = partial(Witness, Equations(increment=_gradient_times_reciprocal))
product_times_reciprocal = partial(Witness, Equations(increment=_product_times_reciprocal))
rate_times_reciprocal = partial(Witness, Equations(increment=_rate_times_reciprocal))
quotient_first = partial(Witness, Equations(increment=_quotient_first))
rate_first = partial(Witness, Equations(increment=_rate_first))

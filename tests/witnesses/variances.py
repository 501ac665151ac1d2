"""
The centered denominator in the two orders that are not documented.
"""

from __future__ import annotations

from functools import partial

from tests.witnesses.documented import Constants, Equations
from tests.witnesses.optimizer import Array, Witness


def _epsilon_first(v: Array, m: Array, c: Constants) -> Array:
    rounded: Array = (v + c.epsilon) - m * m
    return rounded


def _epsilon_with_square(v: Array, m: Array, c: Constants) -> Array:
    rounded: Array = v - (m * m - c.epsilon)
    return rounded


epsilon_first = partial(Witness, Equations(centered_denominator=_epsilon_first))
epsilon_with_square = partial(Witness, Equations(centered_denominator=_epsilon_with_square))

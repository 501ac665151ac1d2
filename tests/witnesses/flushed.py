"""
Subnormal numbers are zero: operands before and results after every operation.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from tests.witnesses.documented import Constants, Equations
from tests.witnesses.optimizer import Array, Witness

_LEAST_EXPONENT = {"float16": -14, "bfloat16": -126, "float32": -126, "float64": -1022}


def flush(values: Array) -> Array:
    """
    Zero for magnitudes below the least normal number.
    """
    least = np.float64(2.0) ** _LEAST_EXPONENT[values.dtype.name]
    # Float64 holds every number of every format, so the comparison is exact.
    small = np.abs(values.astype(np.float64)) < least
    return np.where(small, np.zeros_like(values), values)


def _plus(a: Array, b: Array) -> Array:
    return flush(flush(a) + flush(b))


def _minus(a: Array, b: Array) -> Array:
    return flush(flush(a) - flush(b))


def _times(a: Array, b: Array) -> Array:
    return flush(flush(a) * flush(b))


def _over(a: Array, b: Array) -> Array:
    return flush(flush(a) / flush(b))


def _average(old: Array, new: Array, c: Constants) -> Array:
    return _plus(_times(c.rho, old), _times(c.one_minus_rho, new))


def _centered_denominator(v: Array, m: Array, c: Constants) -> Array:
    return _plus(_minus(v, _times(m, m)), c.epsilon)


def _increment(g: Array, d: Array, c: Constants) -> Array:
    # A root of a normal number is normal.
    return _over(_times(c.rate, g), np.sqrt(flush(d)))


FLUSHED = Equations(
    velocity=lambda v, g, c: _average(v, _times(g, g), c),
    average_gradient=_average,
    denominator=lambda v, c: _plus(v, c.epsilon),
    centered_denominator=_centered_denominator,
    increment=_increment,
    momentum=lambda b, inc, c: _plus(_times(c.mu, b), inc),
    variable=_minus,
)

factory = partial(Witness, FLUSHED)

"""
Results that are rounded exactly once, where NumPy would round twice.

*Rounding to odd* means: an exact number stays; any other becomes the one of its two
neighbours whose last bit is 1. Rounding to odd with P bits and then to nearest with
p ≤ P - 2 bits gives what rounding to nearest at once gives (Boldo and Melquiond,
Emulation of a FMA and correctly rounded sums: proved algorithms using rounding to odd,
IEEE Trans. Computers 57, 2008). For an odd number is neither a number of p bits nor a
midpoint of two, and no number of P - 1 bits lies strictly between a value and its odd
neighbour; so both are on the same side of every number and midpoint of p bits. Among
the subnormals of the narrow format fewer bits are kept, and the same proof holds. All
ranges here are wide enough that the wide step neither overflows nor loses bits.
"""

from __future__ import annotations

from fractions import Fraction
from math import isfinite, ldexp

import numpy as np
from tests.witnesses.optimizer import Array

NATIVE = (np.dtype(np.float32), np.dtype(np.float64), np.dtype(np.longdouble))
_SPLITTER = np.float64(2**27 + 1)


def nearest(values: Array, dtype: np.dtype[np.generic]) -> Array:
    """
    Values of a wider or equal format in a format, rounded once, ties to even.

    NumPy rounds float64 to bfloat16, and longdouble to float16, through a format in
    between, twice. So 16-bit formats are reached through float32, rounded to odd: 24
    bits are at least two more than 11 and 8.
    """
    if values.dtype == dtype or dtype in NATIVE or values.dtype == np.float32:
        return values.astype(dtype)
    if values.dtype not in NATIVE:
        # From one 16-bit format; float32 holds all of both.
        return values.astype(np.float32).astype(dtype)
    return _odd_single(values).astype(dtype)


def product_sum(left: Array, right: Array, addend: Array) -> Array:
    """
    `left × right + addend` with one rounding: a fused multiply-add, in any format.

    Proof, for formats of p ≤ 24 bits: the product has 2p ≤ 48 bits and exponents far
    inside those of float64, so it is exact there. The sum of two float64 numbers is
    rounded to odd with 53 ≥ p + 2 bits, and then `nearest` rounds: to odd again on the
    way to 16-bit formats, which is one rounding to odd, since the numbers of fewer bits
    are among those of more. Float64 goes through rational numbers, one by one.
    """
    dtype = left.dtype
    if dtype == np.float64:
        return _rational(left, right, addend)
    exact = left.astype(np.float64) * right.astype(np.float64)
    return nearest(odd_sum(exact, addend.astype(np.float64)), dtype)


def mixed_product(constant: Array, values: Array) -> Array:
    """
    A float64 constant times numbers of a format, rounded once to that format.

    Float64 rounds it by itself. Otherwise Dekker's product gives the rounding error of
    the float64 product, from which it is rounded to odd.
    """
    if values.dtype == np.float64:
        rounded: Array = constant * values
        return rounded
    wide = values.astype(np.float64)
    product = constant * wide
    return nearest(_to_odd(product, _product_error(constant, wide, product)), values.dtype)


def mixed_sum(constant: Array, values: Array) -> Array:
    """
    A float64 constant plus numbers of a format, rounded once to that format.
    """
    if values.dtype == np.float64:
        rounded: Array = values + constant
        return rounded
    return nearest(odd_sum(values.astype(np.float64), constant), values.dtype)


def odd_sum(left: Array, right: Array) -> Array:
    """
    The sum of float64 numbers, rounded to odd.

    Knuth's two-sum gives the rounding error of the float64 sum exactly.
    """
    total = left + right
    shadow = total - left
    error = (left - (total - shadow)) + (right - shadow)
    return _to_odd(total, error)


def _odd_single(values: Array) -> Array:
    single = values.astype(np.float32)
    # Nearest neighbours differ by less than an ulp, so the difference is exact.
    error = values - single.astype(values.dtype)
    return _to_odd(single, error)


def _to_odd(rounded: Array, error: Array) -> Array:
    """
    A number rounded to nearest, moved towards what was rounded off if it is even.
    """
    integers: Array = rounded.view(np.uint64 if rounded.dtype == np.float64 else np.uint32)
    moves = np.isfinite(rounded) & (error != 0) & (integers % 2 == 0)
    towards = np.copysign(np.asarray(np.inf, rounded.dtype), error.astype(rounded.dtype))
    odd: Array = np.where(moves, np.nextafter(rounded, towards), rounded)
    return odd


def _product_error(left: Array, right: Array, product: Array) -> Array:
    """
    `left × right - product`, exact by Dekker's splitting.

    - magnitudes are below 2^996, and the product is 0 or above 2^-900
    """
    left_high, left_low = _split(left)
    right_high, right_low = _split(right)
    # In this order, each sum is exact.
    error: Array = left_high * right_high - product
    error += left_high * right_low
    error += left_low * right_high
    error += left_low * right_low
    return error


def _split(values: Array) -> tuple[Array, Array]:
    scaled = _SPLITTER * values
    high = scaled - (scaled - values)
    return high, values - high


def _rational(left: Array, right: Array, addend: Array) -> Array:
    broad = np.broadcast_arrays(left, right, addend)
    triples = zip(*(each.tolist() for each in broad), strict=True)
    return np.array([_fused(*triple) for triple in triples], np.float64)


def _fused(left: float, right: float, addend: float) -> float:
    if not (isfinite(left) and isfinite(right) and isfinite(addend)):
        return left * right + addend
    exact = Fraction(left) * Fraction(right) + Fraction(addend)
    try:
        # Python divides integers with one correct rounding, subnormal results included.
        return exact.numerator / exact.denominator
    except OverflowError:
        return ldexp(1.0, 1023) * (4.0 if exact > 0 else -4.0)

"""
Radii and what they are made of: few bits, always rounded upwards.
"""

from __future__ import annotations

from mpmath import libmp

from rmsprop_oracle.arithmetic.formats import Raw

RADIUS_BITS = 40
"""
Bits of a radius. Fewer would be valid too; at 40 the rounding up of some fifty
operations loses less than 1e-10 of the radius, far below what tightness tests see.
"""
ZERO: Raw = libmp.fzero
INFINITE: Raw = libmp.finf


def is_positive(raw: Raw) -> bool:
    """
    Whether a number is greater than zero.
    """
    return bool(raw[1]) and not raw[0]


def plus_upper(left: Raw, right: Raw) -> Raw:
    """
    A number not less than the sum.
    """
    return libmp.mpf_add(left, right, RADIUS_BITS, "u")


def times_upper(left: Raw, right: Raw) -> Raw:
    """
    A number not less than the product.
    """
    return libmp.mpf_mul(left, right, RADIUS_BITS, "u")


def over_upper(left: Raw, right: Raw) -> Raw:
    """
    A number not less than the quotient; the divisor is positive.
    """
    return libmp.mpf_div(left, right, RADIUS_BITS, "u")


def smaller(left: Raw, right: Raw) -> Raw:
    """
    The smaller of two numbers.
    """
    return left if libmp.mpf_lt(left, right) else right


def reach_upper(mid: Raw, rad: Raw) -> Raw:
    """
    A number not less than the magnitude of a ball's farthest member.
    """
    # Rounding a sum up may pass a power of two only when the sum itself is within
    # 2^-40 of it, so a binade is overestimated that rarely.
    magnitude = libmp.mpf_abs(mid)
    return magnitude if rad == ZERO else plus_upper(magnitude, rad)


def quotient(top: Raw, bottom: Raw, precision: int) -> tuple[Raw, Raw]:
    """
    The quotient to nearest, and a bound on its error, 0 where it is exact.
    """
    mid = libmp.mpf_div(top, bottom, precision, "n")
    if libmp.mpf_mul(mid, bottom) == top:
        return mid, ZERO
    return mid, libmp.mpf_shift(libmp.mpf_abs(mid), -precision)

"""
An arithmetic that rounds every operation as badly as the model of rounding allows.

No implementation computes like this: results are not numbers of a format, but exact
results moved by up to half an ulp of their binade. Whatever a correct implementation of
the format does is among what this arithmetic may do, so bounds that hold for an
implementation's whole freedom must hold here.

Quotients and roots that are no dyadic numbers are enclosed to 2^-300 of themselves. A
move up starts at the lower end, a move down at the upper end, so that no move exceeds
what is allowed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from random import Random

TWO = Fraction(2)
_GUARD = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """
    A format: what its numbers are.

    Args:
        precision: bits of a significand.
        least_exponent: the exponent of the least normal number.
    """

    precision: int
    least_exponent: int

    @property
    def least_half(self) -> Fraction:
        """
        Half the least subnormal number.
        """
        return TWO ** (self.least_exponent - self.precision)

    def half_ulp(self, value: Fraction) -> Fraction:
        """
        Half the spacing in the binade `(2^k, 2^(k+1)]` of a non-zero value.
        """
        return max(TWO ** (binade(abs(value)) - self.precision), self.least_half)

    def holds(self, value: Fraction) -> bool:
        """
        Whether a value is a number of the format; overflow is not modelled.
        """
        return not value or (value / (2 * self.half_ulp(value))).denominator == 1

    def nearest(self, value: Fraction) -> Fraction:
        """
        The number nearest to a value, ties to even.
        """
        if self.holds(value):
            return value
        unit = 2 * self.half_ulp(value)
        return round(value / unit) * unit


Move = Callable[[str], Fraction]
"""
For an operation's name the rounding error in half ulps, from -1 to 1.
"""


def upwards(_operation: str) -> Fraction:
    """
    Half an ulp up, always.
    """
    return Fraction(1)


def downwards(_operation: str) -> Fraction:
    """
    Half an ulp down, always.
    """
    return Fraction(-1)


def outwards(operation: str) -> Fraction:
    """
    Roots down and all else up, so that what is divided by a root errs most.
    """
    return Fraction(-1 if operation == "root" else 1)


def inwards(operation: str) -> Fraction:
    """
    Roots up and all else down.
    """
    return -outwards(operation)


def at_random(source: Random) -> Move:
    """
    Any error that is allowed, the greatest ones often.
    """

    def move(_operation: str) -> Fraction:
        return Fraction(source.choice((-16, 16, source.randint(-16, 16))), 16)

    return move


@dataclass(frozen=True, slots=True, kw_only=True)
class Adversary:
    """
    Operations that err as far as they may.

    Args:
        numbers: the format.
        move: by how much the next result is moved.
        excess: a factor of every move; more than 1 leaves the model.
    """

    numbers: Numbers
    move: Move
    excess: int = 1

    def add(self, left: Fraction, right: Fraction) -> Fraction:
        """
        The sum; with zero it is the other operand.
        """
        if not left or not right:
            return left + right
        return self._moved("sum", left + right, left + right)

    def subtract(self, left: Fraction, right: Fraction) -> Fraction:
        """
        The difference.
        """
        return self.add(left, -right)

    def multiply(self, left: Fraction, right: Fraction) -> Fraction:
        """
        The product; by a power of two it is exact while it is normal.
        """
        exact = left * right
        if self._only_shifts(exact, left, right):
            return exact
        return self._moved("product", exact, exact)

    def divide(self, left: Fraction, right: Fraction) -> Fraction:
        """
        The quotient; by a power of two it is exact while it is normal.
        """
        exact = left / right
        if self._only_shifts(exact, right):
            return exact
        return self._moved("quotient", *_enclosed(exact))

    def root(self, value: Fraction) -> Fraction:
        """
        The square root.
        """
        return self._moved("root", *root_enclosed(value))

    def _only_shifts(self, exact: Fraction, *factors: Fraction) -> bool:
        normal = abs(exact) >= TWO**self.numbers.least_exponent
        return normal and any(is_power_of_two(each) for each in factors)

    def _moved(self, operation: str, low: Fraction, high: Fraction) -> Fraction:
        """
        A value between two ends, which are equal if it is dyadic, moved.
        """
        if low == high and self.numbers.holds(low):
            return low
        error = self.move(operation) * self.excess * self.numbers.half_ulp(high)
        return (low if error > 0 else high) + error


def binade(magnitude: Fraction) -> int:
    """
    The k with `2^k < magnitude ≤ 2^(k+1)`.
    """
    k = magnitude.numerator.bit_length() - magnitude.denominator.bit_length() - 2
    while TWO ** (k + 1) < magnitude:
        k += 1
    return k


def is_power_of_two(value: Fraction) -> bool:
    """
    Whether a value is ±2^k.
    """
    top, bottom = abs(value.numerator), value.denominator
    return bool(top) and top & (top - 1) == 0 and bottom & (bottom - 1) == 0


def root_enclosed(value: Fraction) -> tuple[Fraction, Fraction]:
    """
    Two dyadic numbers that enclose a root, less than 2^-300 of it apart; equal if exact.
    """
    if not value:
        return value, value
    # A whole even number of places, so that the integer root has more than 300 bits.
    places = _GUARD + 2 + max(0, -binade(value))
    scaled = value * 4**places
    floor = isqrt(scaled.numerator // scaled.denominator)
    low = Fraction(floor, 2**places)
    if low * low == value:
        return low, low
    return low, low + Fraction(1, 2**places)


def _enclosed(value: Fraction) -> tuple[Fraction, Fraction]:
    if value.denominator & (value.denominator - 1) == 0:
        return value, value
    places = _GUARD + 2 + max(0, -binade(abs(value)))
    low = Fraction(value.numerator * 2**places // value.denominator, 2**places)
    return low, low + Fraction(1, 2**places)

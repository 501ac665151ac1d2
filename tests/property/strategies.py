"""
What the laws are drawn from: formats, balls with members, and adversarial roundings.

Exactness is that of fractions, and roots are compared by their squares; nothing here
computes with the arithmetic that the laws are about.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

from hypothesis import strategies as st
from mpmath import libmp

from rmsprop_oracle.arithmetic.ball import Ball, Rounding
from rmsprop_oracle.arithmetic.formats import FORMATS, Format, Raw
from rmsprop_oracle.bounds import DEFAULT_PRECISION

TWO = Fraction(2)


def exact(raw: Raw) -> Fraction:
    """
    The value of a finite raw number.
    """
    sign, man, exp, _ = raw
    magnitude = Fraction(int(man)) * Fraction(2) ** int(exp)
    return -magnitude if sign else magnitude


def raw(value: Fraction) -> Raw:
    """
    The raw number of a fraction whose denominator is a power of two.
    """
    shift = value.denominator.bit_length() - 1
    assert value.denominator == 1 << shift
    return libmp.from_man_exp(value.numerator, -shift)


def number(pattern: int, kind: Format) -> Fraction:
    """
    The value of a finite bit pattern, from IEEE 754's definition.
    """
    places = kind.precision - 1
    sign, magnitude = divmod(pattern, 1 << (kind.width - 1))
    biased, fraction = divmod(magnitude, 1 << places)
    significand = fraction + (1 << places if biased else 0)
    exponent = max(biased, 1) - kind.greatest_exponent - places
    return Fraction(-significand if sign else significand) * TWO**exponent


def is_number(value: Fraction, kind: Format) -> bool:
    """
    Whether a value is a finite number of a format.
    """
    if not value:
        return True
    unit = TWO ** max(binade(abs(value)) + 1 - kind.precision, kind.subnormal_exponent)
    top = (2 - TWO ** (1 - kind.precision)) * TWO**kind.greatest_exponent
    return (value / unit).denominator == 1 and abs(value) <= top


def binade(magnitude: Fraction, *, base: int = 2) -> int:
    """
    The k with `base^k < magnitude ≤ base^(k+1)`.
    """
    bits = magnitude.numerator.bit_length() - magnitude.denominator.bit_length()
    k = bits // (base.bit_length() - 1) - 2
    while Fraction(base) ** (k + 1) < magnitude:
        k += 1
    return k


@dataclass(frozen=True, slots=True, kw_only=True)
class Real:
    """
    A rational number, or the root of one.

    Args:
        rational: the number, or what the root is taken of.
        is_root: which of the two.
    """

    rational: Fraction
    is_root: bool = False

    def half_ulp(self, kind: Format) -> Fraction:
        """
        Half the spacing of the numbers of a format around it; the same above the top.
        """
        least = TWO ** (kind.subnormal_exponent - 1)
        if not self.rational:
            return least
        base = 4 if self.is_root else 2
        return max(TWO ** (binade(abs(self.rational), base=base) - kind.precision), least)

    def is_between(self, low: Fraction, high: Fraction) -> bool:
        """
        Whether it lies between two fractions, both included.
        """
        if not self.is_root:
            return low <= self.rational <= high
        above = low <= 0 or low * low <= self.rational
        return above and high >= 0 and self.rational <= high * high

    def in_lowest_terms(self) -> Real:
        """
        Itself, without the root if it is the root of a square.
        """
        top, bottom = self.rational.numerator, self.rational.denominator
        if self.is_root and isqrt(top) ** 2 == top and isqrt(bottom) ** 2 == bottom:
            return Real(rational=Fraction(isqrt(top), isqrt(bottom)))
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """
    A ball and what an implementation may hold in its place.

    Args:
        ball: the ball.
        stored: a number of the format inside the ball.
        wider: any member of the ball.
    """

    ball: Ball
    stored: Fraction
    wider: Fraction

    @property
    def makes_exact(self) -> bool:
        """
        Whether it is zero or a power of two, for sure: such an operation rounds nothing.
        """
        magnitude = abs(exact(self.ball.mid))
        return self.ball.rad == libmp.fzero and (
            not magnitude or magnitude == TWO ** (binade(magnitude) + 1)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Adversary:
    """
    What an implementation is free to do.

    Args:
        error: the rounding error in half ulps of the result, from -1 to 1.
        reads_zero: for each operand, whether it is read as zero if it is subnormal.
        gives_zero: whether a subnormal result becomes zero.
        stores: whether operands are numbers of the format.
    """

    error: Fraction
    reads_zero: tuple[bool, bool, bool]
    gives_zero: bool
    stores: bool


formats = st.sampled_from(tuple(FORMATS.values()))
roundings = st.builds(Rounding, formats, st.booleans(), st.just(DEFAULT_PRECISION))
sixteenths = st.integers(-16, 16).map(lambda count: Fraction(count, 16))
errors = st.sampled_from((Fraction(-1), Fraction(0), Fraction(1))) | sixteenths
adversaries = st.builds(
    Adversary,
    error=errors,
    reads_zero=st.tuples(st.booleans(), st.booleans(), st.booleans()),
    gives_zero=st.booleans(),
    stores=st.booleans(),
)


@st.composite
def patterns(draw: st.DrawFn, kind: Format, near: int) -> int:
    """
    A finite bit pattern with an exponent around a biased one.
    """
    reach = kind.precision + 2
    biased = draw(st.integers(near - reach, near + reach))
    biased = min(max(biased, 0), 2 * kind.greatest_exponent)
    ones = (1 << (kind.precision - 1)) - 1
    fraction = draw(st.sampled_from((0, 1, ones)) | st.integers(0, ones))
    sign = draw(st.booleans()) << (kind.width - 1)
    return sign | (biased << (kind.precision - 1)) | fraction


@st.composite
def held(draw: st.DrawFn, rounding: Rounding, near: int) -> Held:
    """
    A ball with members; exact, or as wide as a few ulps, or wider than its midpoint.
    """
    kind = rounding.format
    assert kind is not None
    stored = number(draw(patterns(kind, near)), kind)
    if draw(st.booleans()):
        return Held(ball=Ball(raw(stored), raw(Fraction(0)), rounding), stored=stored, wider=stored)
    unit = Real(rational=stored).half_ulp(kind)
    offset = unit * draw(st.integers(-(2**10), 2**10)) * TWO ** draw(st.integers(-12, 4))
    rad = abs(offset) + unit * draw(st.sampled_from((0, 0, 1, 5))) / 8
    mid = stored + offset
    wider = mid + draw(sixteenths) * rad
    return Held(ball=Ball(raw(mid), raw(rad), rounding), stored=stored, wider=wider)


def centres(kind: Format) -> st.SearchStrategy[int]:
    """
    Biased exponents around which operands are drawn: all, and often both ends.
    """
    top = 2 * kind.greatest_exponent
    return st.integers(0, top) | st.sampled_from((0, kind.greatest_exponent, top))


@st.composite
def operands(draw: st.DrawFn, count: int) -> tuple[Held, ...]:
    """
    Some balls of one rounding, so close to each other that sums cancel and absorb.
    """
    rounding = draw(roundings)
    assert rounding.format is not None
    near = draw(centres(rounding.format))
    return tuple(draw(held(rounding, near)) for _ in range(count))

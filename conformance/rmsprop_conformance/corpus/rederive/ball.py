"""
How far a correct implementation may be: the rules of a bound, over fractions.

A ball is an exact value and a radius that no correct implementation of the format
exceeds. The rules: an operation adds half an ulp of the binade of the farthest result
(a reciprocal root the factor 1 + 2u + 4u² of it), unless all operands are known exactly
and the result is a number of the format, or one operand is exactly zero, or a power of
two and nothing is subnormal. Radii propagate to first order and beyond it: |a|s + |b|r
+ rs for a product, (r + |q|s)/(|b| - s) for a quotient, r/(√(a - r) + √a) for a root;
`towards` has the rule of a + w(b - a). An element is *unspecified*, radius None, from
where overflow, a divisor that may be 0 or a root that may be of a negative number is
not excluded.

These rules define one real number R for each element. A published bound B is an upper
bound of it that was computed in few bits, so both ends of R's enclosure matter:

* The lower end is never above R: B below it is too small to be valid.
* The upper end is R as it comes out if every sum, product, quotient and root of radii
  is rounded upwards to 40 bits, and every divisor downwards. One such rounding costs
  a factor below 1 + e, e = 2^-39. The error of a midpoint of many bits, far below e of
  a radius, is added with one rounding more. So `k` roundings and that addition cost at
  most (1 + e)^(k + 1) (1 + e/2) ≤ 1 + (k + 2) e, for k up to 2^18. All rules are
  monotone in radii, so granting this at each of them encloses every possible B. B
  above the upper end is looser than the rules.

How far the ends are apart follows from the operations of a case, each of which adds
some e; `Rederived.slack` is the widest relative distance that occurred. Flushing of
subnormals is not published and has no rule here.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from rmsprop_conformance.corpus.rederive.binary import Binary
from rmsprop_conformance.corpus.rederive.enclosure import ZERO, Enclosure, point, power_of_two

EXACT_BITS = 320
"""
Bits of the ends of exact values: four times what 24 digits need, so that a thousand
steps and the cancellation of a centered denominator leave enough to decide them.
"""

_RADIUS_BITS = 96
_UNITS = 2**39


@dataclass(frozen=True, slots=True)
class Ball:
    """
    An exact value, and how far an implementation may be.

    Args:
        mid: the exact value.
        rad: the radius by the rules; None is *unspecified*.
        kind: the format of all results.
    """

    mid: Enclosure
    rad: Enclosure | None
    kind: Binary

    @property
    def is_zero(self) -> bool:
        """
        Whether every implementation holds exactly 0.
        """
        return self.mid.is_zero and self.rad is not None and self.rad.is_zero

    @property
    def is_power_of_two(self) -> bool:
        """
        Whether every implementation holds the same ±2^k.
        """
        if self.rad is None or not self.rad.is_zero or not self.mid.is_point:
            return False
        magnitude = abs(self.mid.low)
        return magnitude > 0 and not magnitude & (magnitude - 1)

    def __neg__(self) -> Ball:
        """
        The negative, exact.
        """
        return Ball(-self.mid, self.rad, self.kind)

    def __add__(self, other: Ball) -> Ball:
        """
        The sum, rounded once.
        """
        if self.is_zero or other.is_zero:
            return self if other.is_zero else other
        if self.rad is None or other.rad is None:
            return unspecified(self.kind)
        return _rounded(self.mid + other.mid, _granted(self.rad + other.rad, 1), self.kind)

    def __sub__(self, other: Ball) -> Ball:
        """
        The difference, rounded once.
        """
        return self + -other

    def __mul__(self, other: Ball) -> Ball:
        """
        The product, rounded once.
        """
        if self.rad is None or other.rad is None:
            return unspecified(self.kind)
        mid = self.mid * other.mid
        spread = abs(self.mid) * other.rad + abs(other.mid) * self.rad + self.rad * other.rad
        # A product and two sums: a term passes at most three roundings.
        rad = _granted(spread, 3)
        if self.is_power_of_two or other.is_power_of_two:
            return _shifted(mid, rad, self.kind)
        return _rounded(mid, rad, self.kind)

    def towards(self, target: Ball, weight: Ball) -> Ball:
        """
        `self + weight (target - self)`, three operations rounded once each.

        With errors r of the start a, s of the target b and t of the weight w, the result
        before its roundings is off by (1 - w - t)r + (w + t)s + t(b - a) at most in each
        term, because a occurs twice and its error largely cancels. Of the roundings,
        that of the difference is multiplied by the weight. A start without an error is
        left to the single operations, which know what is exact.
        """
        if self.rad is None or target.rad is None or weight.rad is None:
            return unspecified(self.kind)
        if self.rad.is_zero:
            return self + weight * (target - self)
        gap = target.mid - self.mid
        share = _reach(weight.mid, weight.rad)
        remaining = abs(point(Fraction(1)) - weight.mid) + weight.rad
        spread = remaining * self.rad + share * target.rad + abs(gap) * weight.rad
        distance = _granted(abs(gap) + self.rad + target.rad, 2)
        first = _half_ulp(distance, self.kind)
        product = _granted(share * (distance + first), 2)
        if _overflows(distance, self.kind) or _overflows(product, self.kind):
            return unspecified(self.kind)
        # A sum, a product and two more sums: a term passes at most four roundings.
        rad = _granted(spread + share * first + _half_ulp(product, self.kind), 4)
        return _rounded(self.mid + weight.mid * gap, rad, self.kind)

    def __truediv__(self, other: Ball) -> Ball:
        """
        The quotient, rounded once.
        """
        if self.rad is None or other.rad is None or not other.excludes_zero():
            return unspecified(self.kind)
        if self.is_zero:
            return self
        mid, rad = _divided(self.mid, self.rad, other.mid, other.rad)
        if other.is_power_of_two:
            return _shifted(mid, rad, self.kind)
        return _rounded(mid, rad, self.kind)

    def square(self) -> Ball:
        """
        The product with itself.
        """
        return self * self

    def sqrt(self) -> Ball:
        """
        The root, rounded once.
        """
        if not self.has_root() or self.rad is None:
            return unspecified(self.kind)
        if self.mid.is_zero:
            return self
        return _rounded(*_root(self.mid, self.rad), self.kind)

    def reciprocal_sqrt(self) -> Ball:
        """
        The reciprocal root, by one instruction or by a root and a reciprocal.

        An instruction is off by 2u of the result; a rounded root and a rounded
        reciprocal by a factor of at most (1 + u)/(1 - u) ≤ 1 + 2u + 4u², for u ≤ 1/2.
        """
        if not self.has_root() or self.rad is None or self.mid.is_zero:
            return unspecified(self.kind)
        mid, rad = _root(self.mid, self.rad)
        if not Ball(mid, rad, self.kind).excludes_zero():
            return unspecified(self.kind)
        mid, rad = _divided(point(Fraction(1)), ZERO, mid, rad)
        twice = power_of_two(1 - self.kind.precision)
        # The factor, its product with the reach, and the sum.
        rad = _granted(rad + _reach(mid, rad) * point(twice + twice**2), 3)
        if _overflows(_reach(mid, rad), self.kind):
            return unspecified(self.kind)
        return Ball(mid, rad, self.kind)

    def excludes_zero(self) -> bool:
        """
        Whether no implementation can hold 0.

        - the radius is finite
        """
        assert self.rad is not None
        return _low(self.mid, self.rad).is_positive()

    def has_root(self) -> bool:
        """
        Whether no implementation can hold a negative number.
        """
        if self.rad is None:
            return False
        return not (self.mid - self.rad).is_negative()


def known(value: Fraction | None, kind: Binary) -> Ball:
    """
    A number that is given exactly; None, for NaN and infinities, is *unspecified*.
    """
    return unspecified(kind) if value is None else Ball(point(value), ZERO, kind)


def unspecified(kind: Binary) -> Ball:
    """
    What no answer means anything for.
    """
    return Ball(ZERO, None, kind)


def hull(documented: Ball, *others: Ball) -> Ball:
    """
    What any of several ways to compute the same value may give.

    The radius is the largest one, each enlarged by the distance of its exact value
    (which is not 0 where the two ways to form 1 - rho make a difference). It grows by
    the factor 1 + 2^(p-P) for computing in a format of P bits and storing in p.
    """
    kind, farthest = documented.kind, documented.rad
    for ball in others:
        if farthest is None or ball.rad is None:
            return unspecified(kind)
        farthest = farthest.maximum(ball.rad + abs(ball.mid - documented.mid))
    if farthest is None:
        return unspecified(kind)
    wide = point(1 + power_of_two(kind.precision - kind.wide))
    return Ball(documented.mid, _granted(farthest * wide, 2), kind)


def _granted(rad: Enclosure, roundings: int) -> Enclosure:
    """
    A radius whose upper end allows for so many roundings to 40 bits.
    """
    if rad.is_zero:
        return rad
    high = rad.high * (_UNITS + roundings + 2)
    return Enclosure(rad.low * _UNITS, high, rad.exponent - 39).outward(_RADIUS_BITS)


def _refused(value: Enclosure, roundings: int) -> Enclosure:
    """
    A divisor whose lower end allows for so many roundings to 40 bits.
    """
    low = value.low * _UNITS - abs(value.low) * (roundings + 2)
    return Enclosure(low, value.high * _UNITS, value.exponent - 39).outward(_RADIUS_BITS)


def _low(mid: Enclosure, rad: Enclosure) -> Enclosure:
    return abs(mid) if rad.is_zero else _refused(abs(mid) - rad, 1)


def _reach(mid: Enclosure, rad: Enclosure) -> Enclosure:
    return abs(mid) if rad.is_zero else _granted(abs(mid) + rad, 1)


def _divided(
    top: Enclosure, top_rad: Enclosure, bottom: Enclosure, bottom_rad: Enclosure
) -> tuple[Enclosure, Enclosure]:
    quotient = top.over(bottom, EXACT_BITS).outward(EXACT_BITS)
    if top_rad.is_zero and bottom_rad.is_zero:
        return quotient, ZERO
    spread = top_rad + abs(quotient) * bottom_rad
    return quotient, _granted(spread.over(_low(bottom, bottom_rad), _RADIUS_BITS), 3)


def _root(mid: Enclosure, rad: Enclosure) -> tuple[Enclosure, Enclosure]:
    root = mid.sqrt(EXACT_BITS).outward(EXACT_BITS)
    if rad.is_zero:
        return root, ZERO
    # Where the least value is 0, its enclosure may begin a little below.
    low = _refused(mid - rad, 1).maximum(ZERO)
    divisor = _refused(low.sqrt(_RADIUS_BITS) + mid.sqrt(_RADIUS_BITS), 2)
    return root, _granted(rad.over(divisor, _RADIUS_BITS), 1)


def _rounded(mid: Enclosure, rad: Enclosure, kind: Binary) -> Ball:
    mid = mid.outward(EXACT_BITS)
    if rad.is_zero and mid.is_point and kind.holds(mid.ends[0]):
        return Ball(mid, rad, kind)
    reach = _reach(mid, rad)
    if _overflows(reach, kind):
        return unspecified(kind)
    return Ball(mid, _granted(rad + _half_ulp(reach, kind), 1), kind)


def _half_ulp(reach: Enclosure, kind: Binary) -> Enclosure:
    """
    The largest error of rounding a number that is not farther from 0 than `reach`.

    The binade that ends at 2^k, its end included, has numbers 2^(k-p) apart, or as far
    apart as subnormals if that is more.
    """
    low, high = (_error_exponent(end, reach.exponent, kind) for end in (reach.low, reach.high))
    return Enclosure(1, 1 << (high - low), low)


def _error_exponent(end: int, exponent: int, kind: Binary) -> int:
    # The least k with end ≤ 2^k, and half of what lies between neighbours below it.
    k = (end - 1).bit_length() + exponent if end else kind.least_step
    return max(k - kind.precision, kind.least_step) - 1


def _overflows(reach: Enclosure, kind: Binary) -> bool:
    """
    Whether the farthest number, before it is rounded, may become infinite.
    """
    return not (kind.overflow - reach).is_positive()


def _shifted(mid: Enclosure, rad: Enclosure, kind: Binary) -> Ball:
    mid = mid.outward(EXACT_BITS)
    if _overflows(_reach(mid, rad), kind):
        return unspecified(kind)
    ball = Ball(mid, _granted(rad, 0), kind)
    if ball.is_zero:
        return ball
    if not (_low(mid, rad) - kind.least_normal).is_negative():
        return ball
    return _rounded(mid, rad, kind)

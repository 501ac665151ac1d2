from __future__ import annotations

from fractions import Fraction

import pytest
from mpmath import libmp
from tests.property.strategies import exact, raw

from rmsprop_oracle.arithmetic.ball import Ball, Rounding
from rmsprop_oracle.arithmetic.formats import BINARY16, BINARY32, FORMATS, Format
from rmsprop_oracle.arithmetic.radius import INFINITE, ZERO

GRADUAL = Rounding(BINARY32, flush=False, precision=192)
FLUSHING = Rounding(BINARY32, flush=True, precision=192)

each_format = pytest.mark.parametrize("kind", FORMATS.values(), ids=FORMATS.keys())


def ball(mid: Fraction | int, rad: Fraction | int = 0, rounding: Rounding = GRADUAL) -> Ball:
    """
    A ball from fractions.
    """
    return Ball(raw(Fraction(mid)), raw(Fraction(rad)), rounding)


@each_format
def test_a_rounding_costs_half_an_ulp_of_the_binade(kind: Format) -> None:
    """
    The quotient 1/3 gets half an ulp of the binade below 1/2, and its midpoint's error.
    """
    rounding = Rounding(kind, flush=False, precision=192)
    third = ball(1, 0, rounding) / ball(3, 0, rounding)
    half_ulp = Fraction(2) ** (-2 - kind.precision)

    assert half_ulp <= exact(third.rad) <= half_ulp * (1 + Fraction(1, 2**39))


def test_what_is_exact_stays_exact() -> None:
    """
    Results that are numbers of the format for sure have no radius.
    """
    three, half = ball(3), ball(Fraction(1, 2))

    results = [three + half, three - half, three * three, three / half, three.fma(three, half)]
    assert [each.rad for each in [*results, ball(9).sqrt(), -three]] == [ZERO] * 7


def test_what_is_not_exact_is_rounded() -> None:
    """
    The twin: results that the format lacks have a radius.
    """
    one, three, tiny = ball(1), ball(3), ball(Fraction(1, 2**40))

    results = [one + tiny, one - tiny, (one + tiny) * three, one / three, three.sqrt()]
    assert all(each.rad != ZERO for each in results)


def test_a_sum_with_exact_zero_is_the_other_operand() -> None:
    """
    Adding or subtracting exact zero rounds nothing, whatever the other's radius.
    """
    wide, zero = ball(1, Fraction(1, 2**30)), ball(0)

    assert wide + zero == zero + wide == wide - zero == wide


def test_zero_with_a_radius_is_not_exact_zero() -> None:
    """
    The twin: a sum with what may be something else is rounded.
    """
    wide, unsure = ball(1, Fraction(1, 2**30)), ball(0, Fraction(1, 2**60))

    assert exact((wide + unsure).rad) > Fraction(1, 2**30) + Fraction(1, 2**60)


def test_a_contraction_with_exact_zero_is_no_looser_than_product_and_sum() -> None:
    """
    Where one of the two operations rounds nothing, neither does the contracted one twice.
    """
    wide, zero = ball(3, Fraction(1, 2**25)), ball(0)

    assert wide.fma(zero, wide) == wide
    assert wide.fma(wide, zero) == wide * wide


def test_a_power_of_two_only_shifts() -> None:
    """
    Multiplying or dividing by a power of two scales the radius and rounds nothing.
    """
    wide, four = ball(3, Fraction(1, 2**25)), ball(4)

    assert wide * four == four * wide == ball(12, Fraction(1, 2**23))
    assert wide / four == ball(Fraction(3, 4), Fraction(1, 2**27))


def test_a_shift_into_the_subnormal_numbers_rounds() -> None:
    """
    The twin: below the least normal number a shift may lose bits, and costs for it.
    """
    least = Fraction(2) ** BINARY32.least_exponent
    wide = ball(3 * least, least / 2**25)

    assert exact((wide / ball(4)).rad) > least / 2**27


@pytest.mark.parametrize(
    "result",
    [
        ball(1) / ball(Fraction(1, 8), Fraction(1, 8)),
        ball(1) / ball(0),
        ball(Fraction(1, 8), Fraction(1, 4)).sqrt(),
        ball(-1).sqrt(),
        ball(0).reciprocal_sqrt(),
        ball(2**100) * ball(2**100),
        ball(2**100).square(),
        ball(2**100).fma(ball(2**100), ball(1)),
    ],
    ids=["may-be-0", "is-0", "may-be-negative", "negative", "root-0", "mul", "square", "fma"],
)
def test_what_has_no_bound_is_unspecified(result: Ball) -> None:
    """
    A divisor that may be zero, the root of a negative number, and overflow.
    """
    assert result.is_unspecified


def test_unspecified_is_contagious() -> None:
    """
    No operation makes something specified of an unspecified operand.
    """
    lost, one = Ball(ZERO, INFINITE, GRADUAL), ball(1)

    results = [
        *(lost + one, one + lost, lost - one, lost * one, one * lost, lost / one, one / lost),
        *(lost.sqrt(), lost.square(), lost.reciprocal_sqrt(), -lost, lost.converted(FLUSHING)),
        *(lost.fma(one, one), one.fma(lost, one), one.fma(one, lost)),
        *(lost + ball(0), ball(0) + lost, lost * ball(0), lost.fma(ball(0), one)),
    ]
    assert all(each.is_unspecified for each in results)


def test_the_root_of_zero_is_zero() -> None:
    """
    Exact zero has an exact root.
    """
    assert ball(0).sqrt() == ball(0)


def test_a_flushed_number_may_be_zero() -> None:
    """
    With flushing a subnormal operand and result reach down to zero, else not.
    """
    least = Fraction(2) ** BINARY32.least_exponent

    flushed = ball(least / 2, 0, FLUSHING) * ball(1, 0, FLUSHING)
    gradual = ball(least / 2) * ball(1)

    assert exact(flushed.rad) >= exact(flushed.mid) == least / 2
    assert gradual == ball(least / 2)


def test_normal_numbers_are_not_flushed() -> None:
    """
    The twin: flushing changes nothing from the least normal number on.
    """
    least = Fraction(2) ** BINARY32.least_exponent

    assert ball(least, 0, FLUSHING) * ball(1, 0, FLUSHING) == ball(least, 0, FLUSHING)


def test_storing_narrower_rounds_once() -> None:
    """
    A conversion costs half an ulp of the new format, and overflows by its threshold.
    """
    narrow = Rounding(BINARY16, flush=False, precision=192)
    third = ball(Fraction(11184811, 2**25)).converted(narrow)

    assert exact(third.rad) == Fraction(1, 2**13)
    assert ball(3).converted(narrow) == ball(3, 0, narrow)
    assert ball(65520).converted(narrow).is_unspecified
    assert not ball(65519).converted(narrow).is_unspecified


def test_a_reciprocal_root_is_never_exact() -> None:
    """
    It may err by the factor 2u (1 + 2u) even where the result is a number.
    """
    half = ball(4).reciprocal_sqrt()

    assert exact(half.mid) == Fraction(1, 2)
    assert exact(half.rad) == Fraction(1, 2) * Fraction(1, 2**23) * (1 + Fraction(1, 2**23))


def test_midpoints_do_not_depend_on_the_format() -> None:
    """
    A midpoint is the exact result, not a rounded one.
    """
    one, tiny = ball(1), ball(Fraction(1, 2**40))

    assert exact((one + tiny).mid) == 1 + Fraction(1, 2**40)
    assert exact((one * tiny).mid) == Fraction(1, 2**40)


def test_a_long_midpoint_is_shortened_into_the_radius() -> None:
    """
    Bits beyond the precision move from the midpoint into the radius.
    """
    short = Rounding(None, flush=False, precision=8)
    total = ball(1, 0, short) + ball(Fraction(1, 2**20), 0, short)

    assert abs(exact(total.mid) - (1 + Fraction(1, 2**20))) <= exact(total.rad)
    assert total.mid == libmp.fone

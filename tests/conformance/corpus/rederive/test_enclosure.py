from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rmsprop_conformance.corpus.rederive.enclosure import (
    Enclosure,
    Undecided,
    point,
    power_of_two,
)

INTEGERS = st.integers(-(2**40), 2**40)
EXPONENTS = st.integers(-60, 60)
BITS = st.integers(1, 50)


@st.composite
def members(draw: st.DrawFn) -> tuple[Enclosure, Fraction]:
    """
    An enclosure and a number in it.
    """
    low, member, high = sorted(draw(st.tuples(INTEGERS, INTEGERS, INTEGERS)))
    exponent = draw(EXPONENTS)
    return Enclosure(low, high, exponent), member * power_of_two(exponent)


def holds(enclosure: Enclosure, number: Fraction) -> bool:
    """
    Whether a number lies in an enclosure.
    """
    low, high = enclosure.ends
    return low <= number <= high


@given(members(), members())
def test_operations_keep_members(
    one: tuple[Enclosure, Fraction], two: tuple[Enclosure, Fraction]
) -> None:
    """
    The result for members lies in the result for their enclosures.
    """
    (a, x), (b, y) = one, two

    assert holds(a + b, x + y)
    assert holds(a - b, x - y)
    assert holds(a * b, x * y)
    assert holds(-a, -x)
    assert holds(abs(a), abs(x))
    assert holds(a.maximum(b), max(x, y))


@given(members(), members(), BITS)
def test_quotients_keep_members(
    one: tuple[Enclosure, Fraction], two: tuple[Enclosure, Fraction], bits: int
) -> None:
    """
    The quotient of members lies in the rounded quotient, for divisors of either sign.
    """
    (a, x), (b, y) = one, two
    assume(b.low > 0 or b.high < 0)

    assert holds(a.over(b, bits), x / y)


@given(members(), BITS)
def test_rounding_is_outward(one: tuple[Enclosure, Fraction], bits: int) -> None:
    """
    Shorter ends enclose the longer ones, with at most one bit more after a carry.
    """
    enclosure, _ = one
    short = enclosure.outward(bits)

    assert all(holds(short, end) for end in enclosure.ends)
    assert max(short.low.bit_length(), short.high.bit_length()) <= bits + 1


@given(members(), BITS)
def test_roots_are_enclosed(one: tuple[Enclosure, Fraction], bits: int) -> None:
    """
    Squared, the lower end is not above, and the upper end not below, what was rooted.
    """
    enclosure = abs(one[0])
    (low, high), (least, greatest) = enclosure.sqrt(bits).ends, enclosure.ends

    assert low**2 <= least
    assert greatest <= high**2


@given(st.integers(0, 2**20), EXPONENTS, BITS)
def test_a_perfect_square_keeps_one_end(root: int, exponent: int, bits: int) -> None:
    """
    A square of a short number has its root exactly, and so has a quotient that is one.
    """
    number = root * power_of_two(exponent)

    assert point(number**2).sqrt(bits).ends == (number, number)
    assert point(number * 3).over(point(Fraction(3)), bits).ends == (number, number)


def test_a_wrong_direction_would_be_seen() -> None:
    """
    The twin: an inward rounding loses a member.
    """
    third = point(Fraction(1)).over(point(Fraction(3)), 10)
    inward = Enclosure(third.low + 1, third.high - 1, third.exponent)

    assert holds(third, Fraction(1, 3))
    assert not holds(inward, Fraction(1, 3))


def test_a_question_needs_one_answer() -> None:
    """
    Ends that disagree answer nothing, and ends that agree do.
    """
    around = Enclosure(-1, 1, -200)

    with pytest.raises(Undecided):
        around.is_positive()
    with pytest.raises(Undecided):
        around.is_negative()
    assert around.decide(round) == 0
    assert Enclosure(1, 2, 0).is_positive()

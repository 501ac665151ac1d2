from __future__ import annotations

import struct
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import libmp
from tests.property.strategies import exact, raw

from rmsprop_oracle.arithmetic.digits import digits, digits_upper, fraction, shortest
from rmsprop_oracle.arithmetic.formats import BFLOAT16, BINARY16, BINARY32, BINARY64, Format

finite = st.floats(allow_nan=False, allow_infinity=False)
counts = st.integers(1, 40)


def last_place(text: str, count: int) -> Fraction:
    """
    The unit of the last of `count` significant digits.
    """
    return Fraction(10) ** (Decimal(text).adjusted() - count + 1)


def is_nearest(text: str, value: Fraction, count: int) -> bool:
    """
    Whether a decimal of so many digits is within half a unit of the last one.
    """
    return abs(Fraction(text) - value) <= last_place(text, count) / 2


@given(value=finite.filter(bool), count=counts)
def test_digits_are_correctly_rounded(value: float, count: int) -> None:
    """
    The decimal is within half a unit of its last digit.
    """
    assert is_nearest(digits(libmp.from_float(value), count), Fraction(value), count)


def test_wrong_last_digits_would_be_seen() -> None:
    """
    The twin: 0.1's binary64 value is not 0.1 to forty digits.
    """
    assert is_nearest("0.1", Fraction(0.1), 16)
    assert not is_nearest("0.1", Fraction(0.1), 40)


@given(value=finite.filter(bool), count=counts)
def test_upper_digits_are_not_less(value: float, count: int) -> None:
    """
    The upper decimal is at least the value, and less than one unit above it.
    """
    text = digits_upper(libmp.from_float(value), count)
    above = Fraction(text) - Fraction(value)

    assert 0 <= above < last_place(text, count)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (libmp.fzero, "0"),
        (libmp.finf, "inf"),
        (libmp.fninf, "-inf"),
        (libmp.fnan, "nan"),
        (raw(Fraction(5, 2)), "2"),
        (raw(Fraction(7, 2)), "4"),
    ],
)
def test_spellings_and_ties(value: object, text: str) -> None:
    """
    What is no decimal has one spelling, and ties go to the even digit.
    """
    assert digits(value, 1) == text


@given(value=finite)
def test_the_fraction_is_the_value(value: float) -> None:
    """
    A finite number's fraction is exact.
    """
    assert fraction(libmp.from_float(value)) == Fraction(value) == exact(libmp.from_float(value))


@given(value=finite)
def test_the_shortest_decimal_of_binary64_is_as_short_as_pythons(value: float) -> None:
    """
    Python reads the same number from it, and its own is no shorter.
    """
    pattern = struct.unpack(">Q", struct.pack(">d", value + 0.0))[0]
    text = shortest(pattern, BINARY64)

    assert float(text) == value
    assert significant(text) <= significant(repr(value))


def significant(text: str) -> int:
    """
    How many significant digits a decimal has.
    """
    return len(Decimal(text).normalize().as_tuple().digits)


@pytest.mark.parametrize("kind", [BINARY16, BFLOAT16], ids=["binary16", "bfloat16"])
def test_the_shortest_decimal_determines_every_pattern(kind: Format) -> None:
    """
    Every 97th pattern comes back from its decimal, and one digit less loses it.
    """
    for pattern in range(1, kind.encode(kind.greatest), 97):
        text = shortest(pattern, kind)
        fewer = digits(kind.decode(pattern), significant(text) - 1) if significant(text) > 1 else ""

        assert kind.encode(libmp.from_str(text, 200, "n")) == pattern
        assert not fewer or kind.encode(libmp.from_str(fewer, 200, "n")) != pattern


def test_the_shortest_decimal_of_what_is_not_finite() -> None:
    """
    Infinities and NaN are spelt, also with a payload.
    """
    inf = BINARY32.encode(libmp.finf)

    assert [shortest(each, BINARY32) for each in (inf, inf | 1 << 31, inf + 1)] == [
        "inf",
        "-inf",
        "nan",
    ]

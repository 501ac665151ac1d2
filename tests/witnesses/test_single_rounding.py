from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import inf, isqrt
from random import Random
from typing import Any

import numpy as np
import pytest
from tests.witnesses.optimizer import Array
from tests.witnesses.single_rounding import mixed_product, mixed_sum, nearest, product_sum

from rmsprop_conformance.model.tensor import Tensor
from rmsprop_conformance.subjects.arrays import dtype_of, to_array, to_tensor
from rmsprop_oracle.arithmetic.formats import BFLOAT16, FORMATS, Format

COUNT = 2000


@pytest.fixture(params=list(FORMATS.values()), ids=list(FORMATS))
def kind(request: pytest.FixtureRequest) -> Format:
    """
    Each format that this environment has.
    """
    found: Format = request.param
    if found is BFLOAT16:
        pytest.importorskip("ml_dtypes", reason="the extra `bfloat16` brings it")
    return found


def drawn(kind: Format, source: Random, *, low: int, high: int) -> Array:
    """
    Numbers of a format with exponents in a range, as an array; some have few bits.
    """

    def pattern() -> int:
        fraction = source.getrandbits(kind.precision - 1)
        if source.getrandbits(1):
            fraction &= -1 << source.randrange(kind.precision - 1)
        biased = max(source.randint(low, high) + kind.greatest_exponent, 0)
        sign = source.getrandbits(1) << (kind.width - 1)
        return sign | (biased << (kind.precision - 1)) | fraction

    return to_array(Tensor.of_patterns(kind, (COUNT,), [pattern() for _ in range(COUNT)]))


def fractions(values: Array) -> list[Fraction]:
    """
    The exact values of finite numbers.
    """
    # Float64 holds every number of every format.
    return [Fraction(each) for each in values.astype(np.float64).tolist()]


def rounded(exact: Fraction, kind: Format) -> float:
    """
    The number of a format nearest to a fraction, ties to even, from integers only.
    """
    if not exact:
        return 0.0
    bits = abs(exact.numerator).bit_length() - exact.denominator.bit_length()
    places = bits - kind.precision - 1
    while abs(exact) >= Fraction(2) ** (places + kind.precision):
        places += 1
    unit = Fraction(2) ** max(places, kind.subnormal_exponent)
    number = round(exact / unit) * unit
    if abs(number) >= Fraction(2) ** (kind.greatest_exponent + 1):
        return inf if number > 0 else -inf
    return float(number)


def agree(got: Array, exact: list[Fraction], kind: Format) -> None:
    """
    Every number is the nearest one of its format.
    """
    expected = [rounded(each, kind) for each in exact]

    assert got.dtype == dtype_of(kind)
    assert got.astype(np.float64).tolist() == expected
    assert any(x != number for x, number in zip(expected, exact, strict=True))


def ranges(kind: Format) -> tuple[tuple[int, int], ...]:
    """
    Exponents whose products are ordinary, subnormal, and about to overflow.
    """
    half_low, half_high = kind.least_exponent // 2, kind.greatest_exponent // 2
    return (-3, 3), (half_low - kind.precision // 2, half_low), (half_high - 2, half_high + 1)


def test_a_fused_product_and_sum_is_rounded_once(kind: Format) -> None:
    """
    `product_sum` gives the nearest number of the exact `a·b + c`, of any magnitudes.
    """
    source = Random("fused")
    for low, high in ranges(kind):
        a, b = (drawn(kind, source, low=low, high=high) for _ in range(2))
        c = drawn(kind, source, low=2 * low, high=min(2 * high, kind.greatest_exponent))
        # Addends close to the product: the error of the product is then all that is left.
        with np.errstate(all="ignore"):
            near = -(a * b)
            c = np.where((np.arange(COUNT) % 2 == 0) & np.isfinite(near), near, c)
            got = product_sum(a, b, c)
        triples = zip(fractions(a), fractions(b), fractions(c), strict=True)

        agree(got, [x * y + z for x, y, z in triples], kind)


def test_a_rounded_product_and_a_sum_are_not_the_same(kind: Format) -> None:
    """
    Two roundings give another number somewhere, so the test above can fail.
    """
    source = Random("twice")
    a, b, c = (drawn(kind, source, low=-3, high=3) for _ in range(3))

    assert (product_sum(a, b, c) != a * b + c).any()


def test_a_fused_operation_on_infinities_follows_the_plain_one() -> None:
    """
    Infinite and undefined results are those of product and sum.
    """
    for dtype in (np.float32, np.float64):
        a: Array = np.array([inf, inf, 2], dtype)
        b: Array = np.array([2, 0, 3], dtype)
        c: Array = np.array([1, 1, -inf], dtype)
        with np.errstate(invalid="ignore"):
            assert str(product_sum(a, b, c)) == str(a * b + c)


def test_a_fused_operation_overflows_where_rounding_says() -> None:
    """
    The greatest float64 times itself is infinite, of the right sign.
    """
    greatest = np.array([np.finfo(np.float64).max])

    assert product_sum(greatest, greatest, greatest) == inf
    assert product_sum(-greatest, greatest, greatest) == -inf


def test_float64_and_wider_are_stored_with_one_rounding(kind: Format) -> None:
    """
    `nearest` gives the nearest number, also where a format in between would round first.
    """
    source = Random("stored")
    half = Fraction(1, 2**kind.precision)
    # Just off a midpoint of two numbers, by less than float32 or float64 shows.
    just_off = [
        float(1 + half * source.choice((1, 3, 5)) + source.choice((-1, 1)) * Fraction(1, 2**50))
        for _ in range(COUNT)
    ]
    agree_or_same(np.array(just_off), kind)
    agree_or_same(np.array([source.gauss(0, 1) for _ in range(COUNT)]), kind)
    tiny = float(Fraction(2) ** max(kind.subnormal_exponent, -1000))
    agree_or_same(np.array([source.gauss(0, 8) * tiny for _ in range(COUNT)]), kind)


def agree_or_same(values: Array, kind: Format) -> None:
    """
    Float64 numbers stored in a format, and the same numbers held in a wider one.
    """
    expected = [rounded(each, kind) for each in fractions(values)]

    assert nearest(values, dtype_of(kind)).astype(np.float64).tolist() == expected
    wider = nearest(values.astype(np.longdouble), dtype_of(kind))
    assert wider.astype(np.float64).tolist() == expected


def test_a_format_in_between_rounds_twice() -> None:
    """
    Through float32, a number just above a midpoint of bfloat16 goes to the wrong side.
    """
    pytest.importorskip("ml_dtypes", reason="the extra `bfloat16` brings it")
    brain = dtype_of(BFLOAT16)
    above = np.array([1 + 2.0**-8 + 2.0**-40])

    assert nearest(above, brain).astype(float) == 1 + 2.0**-7
    assert above.astype(np.float32).astype(brain).astype(float) == 1


def test_a_constant_meets_numbers_with_one_rounding(kind: Format) -> None:
    """
    A float64 constant times or plus numbers of a format gives the nearest number.
    """
    source = Random("mixed")
    for low, high in ranges(kind):
        values = drawn(kind, source, low=low, high=high)
        constant = np.array([source.uniform(0.1, 1)])
        exact = Fraction(constant.item())

        agree(mixed_product(constant, values), [exact * x for x in fractions(values)], kind)
        scaled = constant * 2.0 ** max(low, -1000)
        exact = Fraction(scaled.item())
        agree(mixed_sum(scaled, values), [exact + x for x in fractions(values)], kind)


Operation = Callable[[Array, Array], Any]
PLAIN: dict[str, tuple[Operation, Callable[[Fraction, Fraction], Fraction]]] = {
    "sum": (lambda a, b: a + b, lambda x, y: x + y),
    "difference": (lambda a, b: a - b, lambda x, y: x - y),
    "product": (lambda a, b: a * b, lambda x, y: x * y),
    "quotient": (lambda a, b: a / b, lambda x, y: x / y),
}


@pytest.mark.parametrize("name", PLAIN)
def test_plain_operations_are_rounded_once(kind: Format, name: str) -> None:
    """
    NumPy's own operations are correctly rounded, those of 16-bit formats through float32.

    That is what makes the other witnesses correct: 24 ≥ 2·11 + 2 bits in between do no
    harm (Figueroa, When is double rounding innocuous?, 1995).
    """
    source, (of_arrays, of_fractions) = Random(name), PLAIN[name]
    for low, high in ranges(kind):
        a, b = (drawn(kind, source, low=low, high=high) for _ in range(2))
        b = np.where(b == 0, np.ones_like(b), b)
        with np.errstate(all="ignore"):
            got = of_arrays(a, b)
        expected = [of_fractions(*pair) for pair in zip(fractions(a), fractions(b), strict=True)]

        assert got.astype(np.float64).tolist() == [rounded(each, kind) for each in expected]


def test_plain_roots_are_rounded_once(kind: Format) -> None:
    """
    NumPy's root is the number nearest to the real one.
    """
    values = np.abs(drawn(kind, Random("roots"), low=kind.least_exponent, high=20 - 8))
    got = np.sqrt(values)

    for value, number in zip(fractions(values), fractions(got), strict=True):
        # 200 places more than a root needs, so a midpoint is not missed.
        places = 200 - kind.subnormal_exponent
        floor = isqrt(int(value * 4**places))
        enclosed = Fraction(floor, 2**places), Fraction(floor + 1, 2**places)
        assert float(number) in {rounded(each, kind) for each in enclosed}
    assert to_tensor(got).format == kind

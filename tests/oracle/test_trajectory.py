from __future__ import annotations

from decimal import Context, Decimal, localcontext
from fractions import Fraction
from math import isqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import libmp
from tests.property.strategies import exact, raw

from rmsprop_oracle.arithmetic.digits import digits
from rmsprop_oracle.errors import Mismatched, OutsideDomain
from rmsprop_oracle.parameters import Parameters
from rmsprop_oracle.trajectory import exact_trajectory

TEN = raw(Fraction(10))
PRECISION = 400


def example_digits(count: int) -> str:
    """
    The documented example in whole numbers: 10 - 0.1 · 10 / √(0.1 · 10² + 1e-7).

    Hyper-parameters are the exact fractions of their binary64 values; the root is an
    integer root of a scaled square, far more digits than are printed.
    """
    rate, rho, epsilon = Fraction(0.1), Fraction(0.9), Fraction(1e-7)
    squared = (1 - rho) * 100 + epsilon
    # Squared, the increment is a fraction; scaled by 10^(2·90) its root is an integer.
    increment = rate * rate * 100 / squared
    scale = 10**90
    root = isqrt(increment.numerator * scale**2 // increment.denominator)
    answer = 10 * scale - root
    shift = len(str(answer)) - count
    quotient, rest = divmod(answer, 10**shift)
    text = str(quotient + (2 * rest > 10**shift))
    return f"{text[0]}.{text[1:]}"


def oracle_example(rho: float = 0.9) -> str:
    """
    The documented example by the oracle.
    """
    parameters = Parameters(learning_rate=0.1, rho=rho)
    (state,) = exact_trajectory(parameters, ((TEN,),), (((TEN,),),), precision=PRECISION)
    return digits(state.variables[0][0].raw, 50)


def test_the_documented_example() -> None:
    """
    Rate 0.1, start 10 and gradient 10 give what the documents say, and more digits of it.
    """
    assert oracle_example().startswith("9.6837722355643008323632")
    assert oracle_example()[:8] == "9.683772"


def test_fifty_digits_of_the_example_by_whole_numbers() -> None:
    """
    A second derivation from fractions and integer roots agrees in fifty digits.
    """
    assert oracle_example() == example_digits(50)


def test_another_rho_would_be_seen() -> None:
    """
    The twin: the neighbour of 0.9 in binary64 gives other digits.
    """
    assert oracle_example(0.9000000000000001) != example_digits(50)


Numbers = tuple[Fraction, ...]
DECIMAL = Context(prec=110, Emax=999_999, Emin=-999_999)


def decimal(value: Fraction | float) -> Decimal:
    """
    A fraction to the context's digits.
    """
    whole = Fraction(value)
    return Decimal(whole.numerator) / Decimal(whole.denominator)


def by_decimals(parameters: Parameters, start: Fraction, gradients: Numbers) -> list[Decimal]:
    """
    The variable after each call, by decimal arithmetic and the documents' equations.
    """
    with localcontext(DECIMAL):
        rho, epsilon = decimal(parameters.rho), decimal(parameters.epsilon)
        w, v, m, b = decimal(start), Decimal(0), Decimal(0), Decimal(0)
        after = []
        for call, gradient in enumerate(gradients):
            g = decimal(gradient)
            v = rho * v + (1 - rho) * g * g
            m = rho * m + (1 - rho) * g if parameters.centered else m
            step = decimal(parameters.rate(call)) * g / (v - m * m + epsilon).sqrt()
            b = decimal(parameters.momentum) * b + step
            w = w - b
            after.append(w)
        return after


values = st.floats(-1e6, 1e6, width=32).map(Fraction)
configurations = st.builds(
    Parameters,
    learning_rate=st.floats(0.0001, 1.0),
    rho=st.floats(0.0, 0.999),
    momentum=st.sampled_from((0.0, 0.5, 0.9)),
    epsilon=st.floats(1e-9, 1.0),
    centered=st.booleans(),
)


@given(parameters=configurations, start=values, gradients=st.lists(values, max_size=6))
def test_decimal_arithmetic_agrees(
    parameters: Parameters, start: Fraction, gradients: list[Fraction]
) -> None:
    """
    Many calls, with momentum and centered, by another number type give the same values.
    """
    calls = tuple(((raw(each),),) for each in gradients)
    states = exact_trajectory(parameters, ((raw(start),),), calls, precision=PRECISION)

    for state, expected in zip(
        states, by_decimals(parameters, start, tuple(gradients)), strict=True
    ):
        error = abs(exact(state.variables[0][0].raw) - Fraction(expected))
        # 110 digits and 400 bits, of which cancellation under the root takes up to 60.
        assert error * 10**60 <= 1


def test_a_swapped_gradient_would_be_seen() -> None:
    """
    The twin: the gradients in another order give other values by decimals.
    """
    one, two = by_decimals(Parameters(), Fraction(0), (Fraction(1), Fraction(2)))
    _, other = by_decimals(Parameters(), Fraction(0), (Fraction(2), Fraction(1)))

    assert one != two != other


def test_precision_does_not_show_in_the_digits() -> None:
    """
    Fifty digits at 400 bits are those at 300.
    """
    parameters = Parameters(learning_rate=0.1, momentum=0.9, centered=True)
    calls = (((TEN,),), ((raw(Fraction(-3)),),)) * 3

    def last(precision: int) -> str:
        states = exact_trajectory(parameters, ((TEN,),), calls, precision=precision)
        return digits(states[-1].variables[0][0].raw, 50)

    assert last(300) == last(400)
    assert last(100) != last(400)


def test_a_rate_belongs_to_its_call() -> None:
    """
    With one rate for each call the increments have their ratio.
    """
    parameters = Parameters(learning_rate=(0.5, 0.25), rho=0.0, epsilon=0.0)
    one = raw(Fraction(1))
    states = exact_trajectory(parameters, ((one,),), (((one,),), ((one,),)), precision=64)

    assert [exact(state.variables[0][0].raw) for state in states] == [
        Fraction(1, 2),
        Fraction(1, 4),
    ]


def test_too_few_rates_are_refused() -> None:
    """
    A call beyond the stated rates raises.
    """
    with pytest.raises(OutsideDomain):
        exact_trajectory(
            Parameters(learning_rate=(0.5,)), ((TEN,),), (((TEN,),),) * 2, precision=64
        )


@pytest.mark.parametrize(
    ("gradients", "words"),
    [
        ((), "call 0: expected gradients, one per variable: 1, got 0"),
        (((TEN, TEN),), "call 0, variable 0: expected elements in the gradient: 1, got 2"),
    ],
    ids=["count", "size"],
)
def test_gradients_that_do_not_fit_are_refused(
    gradients: tuple[tuple[object, ...], ...], words: str
) -> None:
    """
    The message says which call and variable, and how many were expected.
    """
    with pytest.raises(Mismatched) as caught:
        exact_trajectory(Parameters(), ((TEN,),), (gradients,), precision=64)

    assert str(caught.value) == words


def test_a_vanishing_denominator_raises() -> None:
    """
    Zero gradient with epsilon 0 is a division by zero, not a number.
    """
    zero = (libmp.fzero,)
    with pytest.raises(ZeroDivisionError):
        exact_trajectory(Parameters(epsilon=0.0), ((TEN,),), ((zero,),), precision=64)

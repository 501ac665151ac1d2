from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest
from mpmath import libmp
from tests.witnesses.orders import Hyper, Order, exactly, orders, stored, trajectory
from tests.witnesses.rounding import (
    Adversary,
    Move,
    Numbers,
    at_random,
    binade,
    downwards,
    inwards,
    outwards,
    root_enclosed,
    upwards,
)

from rmsprop_oracle.arithmetic.ball import Ball
from rmsprop_oracle.arithmetic.formats import FORMATS, Format, Raw
from rmsprop_oracle.bounds import Alternative, BallArithmetic, free_running
from rmsprop_oracle.parameters import Parameters

CALLS = 8
ORDERS = orders()
MOVES: dict[str, Callable[[], Move]] = {
    "up": lambda: upwards,
    "down": lambda: downwards,
    "outwards": lambda: outwards,
    "inwards": lambda: inwards,
    # A generator of its own for each test: no test depends on which ran before.
    "random": lambda: at_random(Random("roundings")),
}

each_order = pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS.keys())
each_move = pytest.mark.parametrize("move", MOVES.values(), ids=MOVES.keys())
each_format = pytest.mark.parametrize("kind", FORMATS.values(), ids=FORMATS.keys())


def numbers_of(kind: Format) -> Numbers:
    """
    What the adversary needs to know of a format.
    """
    return Numbers(precision=kind.precision, least_exponent=kind.least_exponent)


def raw(value: Fraction) -> Raw:
    """
    The raw number of a dyadic fraction.
    """
    return libmp.from_man_exp(value.numerator, 1 - value.denominator.bit_length())


def exact(number: Raw) -> Fraction:
    """
    The value of a finite raw number.
    """
    sign, man, exp, _ = number
    magnitude = int(man) * Fraction(2) ** int(exp)
    return -magnitude if sign else magnitude


def settings(source: Random) -> Parameters:
    """
    Hyper-parameters of one trajectory.
    """
    return Parameters(
        learning_rate=source.choice((0.001, 0.01, 2.0**-7, source.uniform(0.01, 1))),
        rho=source.choice((0.9, 0.5, 0.75, 0.99, source.uniform(0.1, 0.95))),
        momentum=source.choice((0.0, 0.9, 0.5)),
        epsilon=source.choice((1e-3, 2.0**-10, 0.25)),
        centered=source.random() < 0.5,
    )


def inputs(numbers: Numbers, source: Random) -> tuple[Fraction, tuple[Fraction, ...]]:
    """
    A start, which is zero in half of the cases, and gradients; numbers of the format.
    """

    def drawn() -> Fraction:
        integer = source.randint(-(2**numbers.precision), 2**numbers.precision)
        return integer * Fraction(2) ** (source.randint(-3, 2) - numbers.precision)

    return drawn() * source.getrandbits(1), tuple(drawn() for _ in range(CALLS))


def held(parameters: Parameters, numbers: Numbers, how: str) -> Hyper:
    """
    Hyper-parameters as they are given (`exact`), or rounded, with 1 - rho early or late.
    """
    assert isinstance(parameters.learning_rate, float)
    given = exactly(
        parameters.learning_rate,
        parameters.rho,
        parameters.momentum,
        parameters.epsilon,
        centered=parameters.centered,
    )
    return given if how == "exact" else stored(given, numbers, early=how == "early")


Member = tuple[str, int, Ball, Fraction]


def members(
    kind: Format, order: Order, adversary: Adversary, source: Random, how: str
) -> Iterator[Member]:
    """
    Each number of one adversarial trajectory with its free-running ball.
    """
    parameters, numbers = settings(source), numbers_of(kind)
    start, gradients = inputs(numbers, source)
    arithmetic = BallArithmetic(format=kind, alternative=Alternative(early=how != "late"))
    calls = tuple(((raw(g),),) for g in gradients)
    balls = free_running(parameters, ((raw(start),),), calls, arithmetic)
    found = trajectory(order, held(parameters, numbers, how), start, gradients, adversary)
    for call, (state, got) in enumerate(zip(balls, found, strict=False)):
        elements = {"variable": state.variables, **state.slots}
        for name, value in got.items():
            yield name, call, elements[name][0][0], value


def is_inside(ball: Ball, value: Fraction) -> bool:
    """
    Whether a number lies in a ball; anything lies in an unspecified one.
    """
    return ball.is_unspecified or abs(value - exact(ball.mid)) <= exact(ball.rad)


def all_members(
    kind: Format, order: Order, move: Move, *, trajectories: int, excess: int = 1
) -> list[Member]:
    """
    The numbers of several trajectories, hyper-parameters held in each way.
    """
    adversary = Adversary(numbers=numbers_of(kind), move=move, excess=excess)
    source = Random(f"{kind.name}")
    ways = ("exact", "early", "late") * trajectories
    return [each for how in ways for each in members(kind, order, adversary, source, how)]


@each_format
@each_order
@each_move
def test_adversarial_roundings_stay_inside(
    kind: Format, order: Order, move: Callable[[], Move]
) -> None:
    """
    Whatever each operation does within the model, every number lies in its ball.
    """
    found = all_members(kind, order, move(), trajectories=2)

    escaped = [
        (name, call, float(abs(value - exact(ball.mid)) / exact(ball.rad)))
        for name, call, ball, value in found
        if not is_inside(ball, value)
    ]
    assert not escaped
    assert any(not ball.is_unspecified for _, _, ball, _ in found)


@each_format
@pytest.mark.parametrize("name", [name for name in ORDERS if name.startswith("increment")])
def test_roots_just_above_powers_of_two_stay_inside(kind: Format, name: str) -> None:
    """
    There a root's error costs most beside its reciprocal's ulp; and still it is covered.
    """
    source, numbers = Random("roots"), numbers_of(kind)
    g = Fraction(3, 2)
    for above in range(1, 50):
        # g² + epsilon is exact: 4 and a few ulps, so the root is just above 2.
        epsilon = 1.75 + above * 2.0 ** (3 - kind.precision) % 0.25
        rate = source.uniform(0.5, 1.0)
        parameters = Parameters(learning_rate=rate, rho=0.0, epsilon=epsilon)
        balls = free_running(
            parameters,
            ((raw(Fraction(0)),),),
            (((raw(g),),),),
            BallArithmetic(format=kind),
        )
        adversary = Adversary(numbers=numbers, move=outwards)
        hyper = held(parameters, numbers, "early")
        (got,) = trajectory(ORDERS[name], hyper, Fraction(0), (g,), adversary)
        (state,) = balls

        assert is_inside(state.variables[0][0], got["variable"])


@each_format
def test_twice_the_rounding_error_escapes(kind: Format) -> None:
    """
    A rounding twice as bad as the model's is seen: the balls are not just wide.
    """
    found = all_members(kind, ORDERS["average documented"], upwards, trajectories=4, excess=2)

    assert any(not is_inside(ball, value) for _, _, ball, value in found)


@each_format
def test_binades_include_their_upper_end(kind: Format) -> None:
    """
    Half an ulp doubles just above a power of two, not at it, and stays among subnormals.
    """
    numbers = numbers_of(kind)
    half = Fraction(1, 2**kind.precision)

    assert numbers.half_ulp(Fraction(1)) == half / 2
    assert numbers.half_ulp(Fraction(1) + half) == half
    assert numbers.half_ulp(numbers.least_half / 8) == numbers.least_half
    assert binade(Fraction(1, 3)) == -2


@each_format
def test_nearest_numbers_are_those_of_the_format(kind: Format) -> None:
    """
    Rounding to nearest agrees with the oracle's, which it shares nothing with.
    """
    source, numbers = Random("nearest"), numbers_of(kind)
    for _ in range(200):
        exponent = source.choice((0, -10, kind.least_exponent, kind.subnormal_exponent))
        value = source.randint(-(2**80), 2**80) * Fraction(2) ** (exponent - 79)

        assert numbers.nearest(value) == exact(kind.nearest(raw(value)))


def test_exact_results_are_not_moved() -> None:
    """
    A representable result, a sum with zero and a product with a power of two stay exact.
    """
    a = Adversary(numbers=Numbers(precision=4, least_exponent=-6), move=upwards)
    third, half = Fraction(1, 3), Fraction(1, 2)

    assert a.add(Fraction(3), Fraction(4)) == 7
    assert a.add(third, Fraction(0)) == third
    assert a.multiply(third, half) == third / 2
    assert a.divide(third, half) == third * 2
    assert a.root(Fraction(9, 4)) == Fraction(3, 2)


def test_other_results_are_moved_by_half_an_ulp() -> None:
    """
    The error is the whole half ulp of the exact result's binade, in the stated direction.
    """
    numbers = Numbers(precision=4, least_exponent=-6)
    up, down = (Adversary(numbers=numbers, move=each) for each in (upwards, downwards))
    low, high = root_enclosed(Fraction(2))

    assert up.add(Fraction(15), Fraction(2)) == 18
    assert down.multiply(Fraction(5), Fraction(5)) == 24
    assert down.multiply(Fraction(1, 64), Fraction(1, 16)) == Fraction(1, 1024) - numbers.least_half
    assert up.root(Fraction(2)) == low + Fraction(1, 16)
    assert low * low < 2 < high * high
    assert 0 < high - low < low / 2**300


def test_order_changes_the_trajectory() -> None:
    """
    Every rewriting is a computation of its own: some number differs from the documented.
    """
    hyper = stored(
        exactly(0.01, 0.9, 0.5, 1e-3, centered=True),
        Numbers(precision=24, least_exponent=-126),
        early=True,
    )
    a = Adversary(numbers=Numbers(precision=24, least_exponent=-126), move=upwards)
    gradients = (Fraction(5, 8), Fraction(-3, 16), Fraction(9, 4))

    def run(order: Order) -> list[dict[str, Fraction]]:
        return list(trajectory(order, hyper, Fraction(1), gradients, a))

    documented = run(ORDERS["average documented"])
    same = [name for name, order in ORDERS.items() if run(order) == documented]
    assert same == ["average documented", "variance documented", "increment documented"]
    assert run(replace(ORDERS["average lerp"])) != documented

"""
RMSprop on scalars, in the documented and in rewritten orders, over an adversary.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tests.witnesses.rounding import Adversary, Numbers

ZERO, ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hyper:
    """
    Hyper-parameters of one trajectory, as they are held.
    """

    rate: Fraction
    rho: Fraction
    rest: Fraction
    mu: Fraction
    epsilon: Fraction
    centered: bool


def exactly(rate: float, rho: float, mu: float, epsilon: float, *, centered: bool) -> Hyper:
    """
    As they were given; 1 - rho is exact too.
    """
    return Hyper(
        rate=Fraction(rate),
        rho=Fraction(rho),
        rest=ONE - Fraction(rho),
        mu=Fraction(mu),
        epsilon=Fraction(epsilon),
        centered=centered,
    )


def stored(given: Hyper, numbers: Numbers, *, early: bool) -> Hyper:
    """
    Rounded to a format; 1 - rho is subtracted before (in binary64) or after that.
    """
    rho = numbers.nearest(given.rho)
    before = Fraction(1 - float(given.rho))
    return Hyper(
        rate=numbers.nearest(given.rate),
        rho=rho,
        rest=numbers.nearest(before if early else ONE - rho),
        mu=numbers.nearest(given.mu),
        epsilon=numbers.nearest(given.epsilon),
        centered=given.centered,
    )


Average = Callable[[Adversary, Fraction, Fraction, Hyper], Fraction]
Formula = Callable[[Adversary, Fraction, Fraction, Fraction], Fraction]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """
    One way to write the equations.

    Args:
        velocity: of the old velocity and the gradient.
        average: of the old average and the gradient.
        variance: of velocity, average and epsilon.
        increment: of gradient, denominator and rate.
    """

    velocity: Average
    average: Average
    variance: Formula
    increment: Formula


def _weighted(a: Adversary, old: Fraction, new: Fraction, h: Hyper) -> Fraction:
    return a.add(a.multiply(h.rho, old), a.multiply(h.rest, new))


def _interpolated(a: Adversary, old: Fraction, new: Fraction, h: Hyper) -> Fraction:
    return a.add(old, a.multiply(h.rest, a.subtract(new, old)))


def _squared(average: Average) -> Average:
    return lambda a, v, g, h: average(a, v, a.multiply(g, g), h)


def _by_parts(a: Adversary, v: Fraction, g: Fraction, h: Hyper) -> Fraction:
    return a.add(a.multiply(h.rho, v), a.multiply(a.multiply(h.rest, g), g))


AVERAGES: Mapping[str, tuple[Average, Average]] = {
    "documented": (_squared(_weighted), _weighted),
    "lerp": (_squared(_interpolated), _interpolated),
    "reassociated": (_by_parts, _weighted),
}
"""
For each order the velocity and the average gradient.
"""

VARIANCES: Mapping[str, Formula] = {
    "documented": lambda a, v, m, e: a.add(a.subtract(v, a.multiply(m, m)), e),
    "epsilon-first": lambda a, v, m, e: a.subtract(a.add(v, e), a.multiply(m, m)),
    "epsilon-with-square": lambda a, v, m, e: a.subtract(v, a.subtract(a.multiply(m, m), e)),
}

INCREMENTS: Mapping[str, Formula] = {
    "documented": lambda a, g, d, r: a.divide(a.multiply(r, g), a.root(d)),
    "quotient-first": lambda a, g, d, r: a.multiply(r, a.divide(g, a.root(d))),
    "rate-first": lambda a, g, d, r: a.multiply(g, a.divide(r, a.root(d))),
    "reciprocal": lambda a, g, d, r: a.multiply(r, a.multiply(g, a.divide(ONE, a.root(d)))),
    "product-reciprocal": lambda a, g, d, r: a.multiply(a.multiply(r, g), a.divide(ONE, a.root(d))),
    "rate-reciprocal": lambda a, g, d, r: a.multiply(g, a.multiply(r, a.divide(ONE, a.root(d)))),
}


def orders() -> Mapping[str, Order]:
    """
    The documented order, and each rewriting of one equation by itself.
    """
    velocity, average = AVERAGES["documented"]
    parts = {"variance": VARIANCES["documented"], "increment": INCREMENTS["documented"]}
    found = {
        f"average {name}": Order(velocity=pair[0], average=pair[1], **parts)
        for name, pair in AVERAGES.items()
    }
    for name, variance in VARIANCES.items():
        changed = {**parts, "variance": variance}
        found[f"variance {name}"] = Order(velocity=velocity, average=average, **changed)
    for name, increment in INCREMENTS.items():
        changed = {**parts, "increment": increment}
        found[f"increment {name}"] = Order(velocity=velocity, average=average, **changed)
    return found


def trajectory(
    order: Order, hyper: Hyper, start: Fraction, gradients: Sequence[Fraction], a: Adversary
) -> Iterator[dict[str, Fraction]]:
    """
    One variable after each call: every slot in use, and the variable itself.

    It ends early where a denominator is not positive.
    """
    state = {"velocity": ZERO, "average_gradient": ZERO, "momentum": ZERO, "variable": start}
    for g in gradients:
        state["velocity"] = v = order.velocity(a, state["velocity"], g, hyper)
        if hyper.centered:
            m = state["average_gradient"] = order.average(a, state["average_gradient"], g, hyper)
            d = order.variance(a, v, m, hyper.epsilon)
        else:
            d = a.add(v, hyper.epsilon)
        if d <= 0:
            return
        step = order.increment(a, g, d, hyper.rate)
        if hyper.mu > 0:
            step = state["momentum"] = a.add(a.multiply(hyper.mu, state["momentum"]), step)
        state["variable"] = a.subtract(state["variable"], step)
        yield _in_use(state, hyper)


def _in_use(state: Mapping[str, Fraction], hyper: Hyper) -> dict[str, Fraction]:
    unused = () if hyper.centered else ("average_gradient",)
    unused = unused if hyper.mu > 0 else (*unused, "momentum")
    return {name: number for name, number in state.items() if name not in unused}

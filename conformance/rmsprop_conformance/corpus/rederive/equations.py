"""
The documented RMSprop, transcribed a second time, with every way to compute it.

`keras-3` and `tf-2.0` document the same update and the same defaults:

    v ← rho v + (1 - rho) g²          m ← rho m + (1 - rho) g     (m if centered)
    b ← mu b + lr g / √(v + epsilon)  or, centered, / √(v - m² + epsilon)
    w ← w - b                         b is the last term alone if mu is 0

Beside each line stand the other orders in which a correct implementation may compute
it. Contracted ones (a product and a sum rounded once) never reach farther than the
order that they contract, and are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from rmsprop_conformance.corpus.rederive.ball import Ball, hull, known, unspecified
from rmsprop_conformance.corpus.rederive.binary import BINARY64, Binary
from rmsprop_conformance.corpus.rederive.enclosure import point
from rmsprop_conformance.corpus.rederive.published import Question

_UPDATE: Mapping[str, Fraction | bool] = {
    "learning_rate": Fraction(0.001),
    "rho": Fraction(0.9),
    "momentum": Fraction(0),
    "epsilon": Fraction(1e-7),
    "centered": False,
}
DEFAULTS = {"keras-3": _UPDATE, "tf-2.0": _UPDATE}
"""
For each profile what an argument is that a case does not set.
"""

EARLY, LATE = "early", "late"

Element = Mapping[str, Ball]
"""
The slots and the variable, one element of each.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Constants:
    """
    The hyper-parameters of one call; `kept` is rho and `taken` is 1 - rho.
    """

    rate: Ball
    kept: Ball
    taken: Ball
    mu: Ball | None
    epsilon: Ball
    centered: bool


def ways(question: Question) -> tuple[str, ...]:
    """
    The ways to form 1 - rho that differ for a question.
    """
    rho, kind = _number(question, "rho"), question.kind
    early, late = (_complement(rho, way, kind) for way in (EARLY, LATE))
    return (EARLY,) if early == late else (EARLY, LATE)


def slots(question: Question) -> tuple[str, ...]:
    """
    The columns of a state: the variable and the slots that exist.
    """
    centered = ("average_gradient",) if _setting(question, "centered") else ()
    momentum = ("momentum",) if _number(question, "momentum") > 0 else ()
    return ("variable", "velocity", *centered, *momentum)


def constants(question: Question, way: str, call: int) -> Constants:
    """
    The hyper-parameters that a call uses, with 1 - rho formed one way.
    """
    kind, mu = question.kind, _number(question, "momentum")
    rate = _setting(question, "learning_rate")
    rho = _number(question, "rho")
    return Constants(
        rate=_either(rate[call] if isinstance(rate, tuple) else Fraction(rate), kind),
        kept=_either(rho, kind),
        taken=_complement(rho, way, kind),
        mu=_either(mu, kind) if mu > 0 else None,
        epsilon=_either(_number(question, "epsilon"), kind),
        centered=bool(_setting(question, "centered")),
    )


def start(value: Fraction | None, question: Question) -> Element:
    """
    An element before the first call: every slot is 0.
    """
    zeros = dict.fromkeys(slots(question), known(Fraction(0), question.kind))
    return {**zeros, "variable": known(value, question.kind)}


def step(old: Element, g: Ball, now: Constants) -> Element:
    """
    An element after one call with a gradient.
    """
    new = {"velocity": _velocity(old["velocity"], g, now)}
    if now.centered:
        new["average_gradient"] = _average_gradient(old["average_gradient"], g, now)
    change = _increment(g, _denominator(new, now), now.rate)
    if now.mu is not None:
        new["momentum"] = change = hull(now.mu * old["momentum"] + change)
    return {"variable": hull(old["variable"] - change), **new}


def _velocity(v: Ball, g: Ball, now: Constants) -> Ball:
    decayed, square = now.kept * v, g.square()
    return hull(
        decayed + now.taken * square,
        v.towards(square, now.taken),
        decayed + now.taken * g * g,
    )


def _average_gradient(m: Ball, g: Ball, now: Constants) -> Ball:
    return hull(now.kept * m + now.taken * g, m.towards(g, now.taken))


def _denominator(new: Element, now: Constants) -> Ball:
    v, epsilon = new["velocity"], now.epsilon
    if not now.centered:
        return hull(v + epsilon)
    square = new["average_gradient"].square()
    return hull(v - square + epsilon, v + epsilon - square, v + (epsilon - square))


def _increment(g: Ball, d: Ball, rate: Ball) -> Ball:
    root, reciprocal, scaled = d.sqrt(), d.reciprocal_sqrt(), rate * g
    return hull(
        scaled / root,
        rate * (g / root),
        g * (rate / root),
        scaled * reciprocal,
        rate * (g * reciprocal),
        g * (rate * reciprocal),
    )


# ------------------------------------------------------------------ hyper-parameters


def _setting(question: Question, name: str) -> Fraction | bool | tuple[Fraction, ...]:
    return question.settings.get(name, DEFAULTS[question.profile][name])


def _number(question: Question, name: str) -> Fraction:
    value = _setting(question, name)
    assert isinstance(value, Fraction)
    return value


def _either(value: Fraction, kind: Binary) -> Ball:
    """
    A hyper-parameter that is taken as it is, or rounded to the format.
    """
    return _reaching(value, (kind.value(kind.nearest(value)),), kind)


def _complement(rho: Fraction, way: str, kind: Binary) -> Ball:
    """
    1 - rho: early, from the exact rho in binary64; late, from the rounded rho.
    """
    if way == EARLY:
        subtracted = BINARY64.value(BINARY64.nearest(1 - rho))
        assert subtracted is not None
        stored = kind.value(kind.nearest(subtracted))
        return _reaching(1 - rho, (subtracted, stored), kind)
    rounded = kind.value(kind.nearest(rho))
    assert rounded is not None
    return _either(1 - rounded, kind)


def _reaching(value: Fraction, others: tuple[Fraction | None, ...], kind: Binary) -> Ball:
    distances = [abs(other - value) for other in others if other is not None]
    if len(distances) < len(others):
        return unspecified(kind)
    return Ball(point(value), point(max(distances)), kind)

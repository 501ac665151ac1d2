"""
Whether every number of a published file is what the second derivation finds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, NoReturn

from rmsprop_conformance.corpus.rederive.ball import Ball, known
from rmsprop_conformance.corpus.rederive.binary import BINARY64, decimal
from rmsprop_conformance.corpus.rederive.enclosure import Enclosure, Undecided
from rmsprop_conformance.corpus.rederive.equations import (
    DEFAULTS,
    Element,
    constants,
    slots,
    start,
    step,
    ways,
)
from rmsprop_conformance.corpus.rederive.published import Question, pattern, questions
from rmsprop_conformance.errors import DamagedCorpus, OwnFault

DIGITS = 24
"""
Significant digits of the published exact values.
"""

State = tuple[tuple[Element, ...], ...]
"""
For each variable its elements.
"""

Complain = Callable[[str, str], NoReturn]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rederived:
    """
    What two derivations agree about.

    Args:
        cases: cases that were rederived.
        values: expected values; of each the digits, the nearest number and the bound.
        unspecified: how many of them mean nothing, by both derivations.
        slack: the widest relative distance between the least and the greatest bound
            that would have been accepted (see `ball`).
    """

    cases: int = 0
    values: int = 0
    unspecified: int = 0
    slack: Fraction = Fraction(0)

    def and_(self, other: Rederived) -> Rederived:
        """
        Both together.
        """
        return Rederived(
            cases=self.cases + other.cases,
            values=self.values + other.values,
            unspecified=self.unspecified + other.unspecified,
            slack=max(self.slack, other.slack),
        )


def rederive(path: Path, name: str = "") -> Rederived:
    """
    Derive every expected value of a file anew and compare digits, bits and bound.

    Args:
        path: of the published file.
        name: what messages call it; the file's own name if empty.

    Raises:
        DamagedCorpus: the file cannot be read, or a number of it is another.
        OwnFault: the second derivation has too few bits to decide a digit.
    """
    file, total = name or path.name, Rederived()
    try:
        for question in questions(path.read_bytes(), file, DEFAULTS):
            total = total.and_(_case(question, file))
    except OSError as problem:
        raise DamagedCorpus(file, "", f"cannot be read ({problem.strerror})") from problem
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as problem:
        kind = type(problem).__name__
        raise DamagedCorpus(file, "", f"cannot be understood ({kind}: {problem})") from problem
    return total


def _case(question: Question, file: str) -> Rederived:
    def complain(field: str, problem: str) -> NoReturn:
        raise DamagedCorpus(file, f"{question.id}, {field}", problem)

    total = Rederived(cases=1)
    try:
        expected, found = ways(question), [each["one_minus_rho"] for each in question.expected]
        if list(expected) != found:
            complain("expected.one_minus_rho", f"rederived {list(expected)}, got {found}")
        for way, document in zip(expected, question.expected, strict=True):
            total = total.and_(_way(question, way, document["calls"], complain))
    except Undecided as problem:
        fault = f"the second derivation of {file}, {question.id} is undecided {problem}"
        raise OwnFault(fault) from problem
    return total


def _way(
    question: Question, way: str, published: Sequence[Mapping[str, Any]], complain: Complain
) -> Rederived:
    calls, total = [each["call"] for each in published], Rederived()
    last = len(question.calls) - 1
    if calls != sorted(set(calls)) or not calls or calls[0] < 0 or calls[-1] != last:
        complain(f"expected.{way}.calls", f"expected ascending calls, {last} the last: {calls}")
    wanted = dict(zip(calls, published, strict=True))
    for call, state in enumerate(_states(question, way)):
        if call in wanted:
            for place in _places(question, state, wanted[call], f"{way}.calls[{call}]", complain):
                total = total.and_(place.compared(complain))
    return total


def _states(question: Question, way: str) -> Iterator[State]:
    state: State = tuple(
        tuple(start(value, question) for value in variable) for variable in question.variables
    )
    for call, gradients in enumerate(question.calls):
        now = constants(question, way, call)
        state = tuple(
            elements
            if gradient is None
            else tuple(
                step(element, known(g, question.kind), now)
                for element, g in zip(elements, gradient, strict=True)
            )
            for elements, gradient in zip(state, gradients, strict=True)
        )
        yield state


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """
    One expected value: what is published, and what was rederived.
    """

    field: str
    digits: str | None
    bits: str | None
    bound: str
    ball: Ball

    def compared(self, complain: Complain) -> Rederived:
        """
        The count of one value, or a complaint.
        """
        rad = self.ball.rad
        if rad is None:
            self._same("digits", None, complain)
            self._same("bits", None, complain)
            self._same("bound", f"{BINARY64.infinity:016x}", complain)
            return Rederived(values=1, unspecified=1)
        mid, kind = self.ball.mid, self.ball.kind
        self._same("digits", mid.decide(lambda end: decimal(end, DIGITS)), complain)
        self._same("bits", f"{mid.decide(kind.nearest):0{kind.width // 4}x}", complain)
        self._bounded(rad, complain)
        least, greatest = rad.ends
        return Rederived(values=1, slack=greatest / least - 1 if least else Fraction(0))

    def _same(self, name: str, rederived: str | None, complain: Complain) -> None:
        got = getattr(self, name)
        if got != rederived:
            complain(f"{self.field}.{name}", f"rederived {rederived!r}, got {got!r}")

    def _bounded(self, rad: Enclosure, complain: Complain) -> None:
        try:
            bound = BINARY64.value(pattern(self.bound, BINARY64))
        except ValueError as problem:
            complain(f"{self.field}.bound", str(problem))
        least, exact = rad.ends
        greatest = BINARY64.upper(exact)
        if greatest is None:
            raise Undecided("whether binary64 holds a bound")
        if bound is None or not least <= bound <= greatest:
            spelt = f"{self.bound} (infinite)" if bound is None else f"{float(bound)!r}"
            limits = f"a bound from {float(least)!r} to {float(exact)!r}"
            complain(f"{self.field}.bound", f"rederived {limits}, got {spelt}")


def _places(
    question: Question, state: State, published: Mapping[str, Any], where: str, complain: Complain
) -> Iterator[_Place]:
    columns = slots(question)
    if published.keys() != {"call", *columns}:
        complain(where, f"expected call, {', '.join(columns)}, got {', '.join(published)}")
    for name in columns:
        if len(published[name]) != len(state):
            complain(f"{where}.{name}", f"expected {len(state)} variables")
        for at, (elements, tensor) in enumerate(zip(state, published[name], strict=True)):
            field = f"{where}.{name}[{at}]"
            lists = [tensor[each] for each in ("digits", "bits", "bound")]
            if any(len(each) != len(elements) for each in lists):
                complain(field, f"expected {len(elements)} digits, bits and bounds")
            for element, ball in enumerate(each[name] for each in elements):
                digits, bits, bound = (each[element] for each in lists)
                yield _Place(
                    field=f"{field}[{element}]", digits=digits, bits=bits, bound=bound, ball=ball
                )

"""
Which forms of the equations give the subject's bits, all of them, when some do.

Beyond the verdict: an author learns which evaluation order an implementation has, and
a maintainer that it has changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product

from rmsprop_conformance.judge.weigh import VARIABLE, gradients, values
from rmsprop_conformance.model.case import Case
from rmsprop_conformance.model.outcome import Answered, Shown
from rmsprop_oracle.arithmetic.formats import Raw
from rmsprop_oracle.arithmetic.rounded import Rounded, RoundedArithmetic
from rmsprop_oracle.bounds import ALTERNATIVES, Alternative
from rmsprop_oracle.equations import Equation, Number
from rmsprop_oracle.parameters import parameters_from
from rmsprop_oracle.step import Observe
from rmsprop_oracle.trajectory import trajectory

DOCUMENTED = "documented"
"""
What a report calls the form in which the documents write an equation.
"""
_SILENT = frozenset({"velocity", "average_gradient", "momentum"})
"""
Equations whose quantity is a slot: their name says nothing beside the slot's.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reproduction:
    """
    How one slot's bits come about.

    Args:
        slot: name of the slot, or `variable`.
        alternative: the legal alternative that was computed with.
        values: how many values were compared.
        forms: for each chain of forms how many of the values it gives; descending.
    """

    slot: str
    alternative: str
    values: int
    forms: tuple[tuple[str, int], ...]

    @property
    def complete(self) -> tuple[str, ...]:
        """
        The chains that give every value, bit for bit.
        """
        return tuple(name for name, count in self.forms if count == self.values)


@dataclass(frozen=True, slots=True)
class Candidates:
    """
    What the chains of forms give for one quantity, each under its name.
    """

    numbers: Mapping[str, Rounded]


@dataclass(frozen=True, slots=True)
class _CandidateArithmetic:
    """
    Known numbers as candidates with the empty chain.
    """

    base: RoundedArithmetic

    def known(self, raw: Raw) -> Candidates:
        return Candidates({"": self.base.known(raw)})

    def zero(self, like: Candidates) -> Candidates:
        return Candidates({"": self.base.zero(next(iter(like.numbers.values())))})

    def constant(self, raw: Raw) -> Candidates:
        return Candidates({"": self.base.constant(raw)})

    def complement(self, raw: Raw) -> Candidates:
        return Candidates({"": self.base.complement(raw)})


@dataclass(frozen=True, slots=True)
class _Tally:
    values: dict[str, int] = field(default_factory=dict)
    forms: dict[str, dict[str, int]] = field(default_factory=dict)


def reproductions(case: Case, answered: Answered) -> tuple[Reproduction, ...]:
    """
    For each shown slot the chains of forms, under the alternative that gives most.

    - the answer fits the case
    """
    best = max((_under(case, answered, each) for each in ALTERNATIVES), key=_explained)
    return tuple(best)


def merged(parts: Iterator[tuple[Reproduction, ...]]) -> tuple[Reproduction, ...]:
    """
    The reproductions of several cases as one, by slot and alternative.
    """
    totals: dict[tuple[str, str], tuple[int, dict[str, int]]] = {}
    for part in parts:
        for each in part:
            values, forms = totals.get((each.slot, each.alternative), (0, {}))
            for name, count in each.forms:
                forms[name] = forms.get(name, 0) + count
            totals[each.slot, each.alternative] = values + each.values, forms
    return tuple(
        Reproduction(slot=slot, alternative=alternative, values=values, forms=_sorted(forms))
        for (slot, alternative), (values, forms) in totals.items()
    )


def _explained(parts: tuple[Reproduction, ...]) -> int:
    return sum(max((count for _, count in part.forms), default=0) for part in parts)


def _under(case: Case, answered: Answered, alternative: Alternative) -> tuple[Reproduction, ...]:
    base = RoundedArithmetic(format=case.format, early=alternative.early, flush=alternative.flush)
    arithmetic = _CandidateArithmetic(base)
    tally = _Tally()
    observers = tuple(_observer(shown, arithmetic, tally) for shown in answered.calls)
    parameters = parameters_from(case.configuration)
    for _ in trajectory(
        parameters, values(case), gradients(case), arithmetic, _all_forms, observers.__getitem__
    ):
        pass
    return tuple(
        Reproduction(
            slot=slot, alternative=alternative.name, values=count, forms=_sorted(tally.forms[slot])
        )
        for slot, count in tally.values.items()
    )


def _sorted(forms: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(forms.items(), key=lambda pair: -pair[1]))


def _observer(shown: Shown, arithmetic: _CandidateArithmetic, tally: _Tally) -> Observe:
    columns = {VARIABLE: shown.variables} | dict(shown.slots)

    def observe(
        _equation: Equation, slot: str, variable: int, element: int, computed: Number
    ) -> Number:
        tensor = columns.get(slot, (None,) * (variable + 1))[variable]
        if tensor is None:
            return computed
        raw = tensor.format.decode(tensor.patterns()[element])
        tally.values[slot] = tally.values.get(slot, 0) + 1
        counts = tally.forms.setdefault(slot, {})
        for name, number in computed.numbers.items():
            counts[name] = counts.get(name, 0) + (number.raw == raw)
        return arithmetic.known(raw)

    return observe


def _all_forms(equation: Equation, /, **inputs: Candidates) -> Candidates:
    """
    Every form on every combination of the inputs' candidates, named by the chain.
    """
    names = tuple(inputs)
    found: dict[str, Rounded] = {}
    for chosen in product(*(inputs[name].numbers.items() for name in names)):
        numbers = {name: number for name, (_, number) in zip(names, chosen, strict=True)}
        before = [chain for chain, _ in chosen if chain]
        for form, formula in _formulas(equation):
            label = form if equation.name in _SILENT else f"{equation.name} {form}"
            chain = ", ".join([*before, label]) if equation.forms else ", ".join(before) or label
            found.setdefault(chain, formula(**numbers))
    return Candidates(found)


def _formulas(equation: Equation) -> Iterator[tuple[str, Number]]:
    yield DOCUMENTED, equation.formula
    for form in equation.forms:
        yield form.name, form.formula

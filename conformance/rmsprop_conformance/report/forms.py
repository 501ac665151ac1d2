"""
Which forms of the equations give a subject's bits: the search's results, over all cases.

An implementation computes one way throughout, so the alternative is chosen once, and a
quantity is one row for each formula that the documents have for it: with momentum the
variable has another one than without.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rmsprop_conformance.model.reproduction import Chain, Reproduction, ranked
from rmsprop_conformance.report.result import RunResult
from rmsprop_conformance.report.words import plural

_SHOWN = 3
"""
Ways to compute one quantity that a person is shown; the record has all that tie.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """
    How one quantity comes about in all cases that have one documented formula for it.

    Args:
        reproduction: the cases added up.
        differs_in: id of the first case in which the best way does not give every
            value; empty if there is none.
    """

    reproduction: Reproduction
    differs_in: str

    @property
    def best(self) -> tuple[Chain, ...]:
        """
        The ways that give most values, the documented one first if it is among them.
        """
        chains = self.reproduction.chains
        return tuple(each for each in chains if each.reproduced == chains[0].reproduced)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormsFound:
    """
    What the search for forms found in a run.

    Args:
        alternative: the legal alternative under which most values are reproduced; empty
            if nothing was examined.
        examined: how many cases.
        skipped: ids of the cases that were too long.
        limit: evaluations that are not too many for a case.
        rows: one for each quantity and documented formula, in the order of appearance.
    """

    alternative: str
    examined: int
    skipped: tuple[str, ...]
    limit: int
    rows: tuple[Row, ...]


def found(result: RunResult) -> FormsFound | None:
    """
    What the search found; None if it was not asked for, or if nothing was answered.
    """
    searched = [(each.verdict.case, each.forms) for each in result.cases if each.forms is not None]
    if not searched:
        return None
    examined = [(case, forms) for case, forms in searched if not forms.is_skipped]
    parts = [(case, each) for case, forms in examined for each in forms.reproductions]
    alternative = _alternative(each for _, each in parts)
    return FormsFound(
        alternative=alternative,
        examined=len(examined),
        skipped=tuple(case for case, forms in searched if forms.is_skipped),
        limit=searched[0][1].limit,
        rows=_rows([(case, each) for case, each in parts if each.alternative == alternative]),
    )


def merged(parts: Iterable[Reproduction]) -> tuple[Reproduction, ...]:
    """
    The same quantity, documented formula and alternative of several cases as one.
    """
    groups: dict[tuple[str, str, str], list[Reproduction]] = {}
    for each in parts:
        groups.setdefault((each.slot, each.documented, each.alternative), []).append(each)
    return tuple(_added(group) for group in groups.values())


def _added(group: list[Reproduction]) -> Reproduction:
    chains: dict[str, Chain] = {}
    for chain in (chain for each in group for chain in each.chains):
        old = chains.get(chain.formula)
        reproduced = chain.reproduced + (old.reproduced if old else 0)
        chains[chain.formula] = Chain(
            formula=chain.formula, documented=chain.documented, reproduced=reproduced
        )
    return Reproduction(
        slot=group[0].slot,
        alternative=group[0].alternative,
        values=sum(each.values for each in group),
        chains=ranked(chains.values()),
    )


def _alternative(parts: Iterable[Reproduction]) -> str:
    explained: dict[str, int] = {}
    for each in merged(parts):
        best = each.chains[0].reproduced
        explained[each.alternative] = explained.get(each.alternative, 0) + best
    return max(explained, key=explained.__getitem__, default="")


def _rows(parts: list[tuple[str, Reproduction]]) -> tuple[Row, ...]:
    return tuple(
        Row(reproduction=each, differs_in=_differs_in(each, parts))
        for each in merged(each for _, each in parts)
    )


def _differs_in(whole: Reproduction, parts: list[tuple[str, Reproduction]]) -> str:
    best = whole.chains[0].formula
    for case, part in parts:
        if (part.slot, part.documented) == (whole.slot, whole.documented) and best not in {
            chain.formula for chain in part.complete
        }:
            return case
    return ""


def lines(result: RunResult) -> tuple[str, ...]:
    """
    What the search found, for a person; nothing if it was not asked for.
    """
    if not result.filters.forms:
        return ()
    this = found(result)
    if this is None:
        return ("bit for bit: nothing was answered, so no form was searched for",)
    skipped = _skipped(this)
    if not this.rows:
        return ("bit for bit: no case was short enough to be examined", *skipped)
    head = f"bit for bit, computed as {this.alternative}, in {plural(this.examined, 'case')}:"
    width = max(len(row.reproduction.slot) for row in this.rows)
    body = (f"  {line}" for row in this.rows for line in _row_lines(row, width))
    return (head, *body, *skipped)


def _row_lines(row: Row, width: int) -> tuple[str, ...]:
    this, best = row.reproduction, row.best
    given = best[0].reproduced
    all_of = "all" if given == this.values else f"{given:,} ({given / this.values:.1%})"
    head = f"{this.slot:{width}}  {all_of} of {plural(this.values, 'value')}"
    if not row.differs_in:
        return (f"{head} by {_ways(best)}",)
    if not given:
        return (f"{head}: no form gives any, first in case {row.differs_in}",)
    return (f"{head} at best, by {_ways(best)}; differs first in case {row.differs_in}",)


def _ways(best: tuple[Chain, ...]) -> str:
    shown = " or ".join(
        chain.formula + (" (as documented)" if chain.documented else "") for chain in best[:_SHOWN]
    )
    more = len(best) - _SHOWN
    return f"{shown} or {plural(more, 'other way')}" if more > 0 else shown


def _skipped(this: FormsFound) -> tuple[str, ...]:
    if not this.skipped:
        return ()
    count = plural(len(this.skipped), "case")
    return (
        f"  {count} not examined, of more than {this.limit:,} evaluations: "
        + ", ".join(this.skipped),
    )

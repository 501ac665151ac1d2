"""
Corpus × subject → judge → result; the one place where they meet. Prints nothing.

The parts are arguments: whoever calls decides which ones, and a test can put a bad
judge in and see that the run turns red.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, get_args

from rmsprop_conformance.errors import NothingCompared, OwnFault, RunError
from rmsprop_conformance.model.case import Case
from rmsprop_conformance.model.outcome import Answered, Failed, Outcome
from rmsprop_conformance.model.reproduction import Forms
from rmsprop_conformance.model.verdict import CaseVerdict, Verdict
from rmsprop_conformance.report.result import (
    CaseResult,
    Filters,
    Identity,
    RunResult,
    Step,
    is_clean,
    tally,
)
from rmsprop_conformance.subjects.protocol import Description, Subject


class Judge(Protocol):
    """
    Gives the verdict on one outcome.
    """

    def __call__(self, case: Case, outcome: Outcome, *, free_running: bool = ...) -> CaseVerdict:
        """
        Judge what came back for a case.
        """


class PlantedFault(Protocol):
    """
    A faulty copy of an answer; the judge must find the fault.
    """

    @property
    def kind(self) -> str:
        """
        What was done to the answer.
        """

    @property
    def case(self) -> Case:
        """
        What the faulty copy answers; it may be a part of the case.
        """

    @property
    def outcome(self) -> Outcome:
        """
        The answer with the fault in it.
        """


class Plant(Protocol):
    """
    Makes faulty copies of an answer that was judged good.
    """

    def __call__(
        self, case: Case, answered: Answered, /, *, free_running: bool = ...
    ) -> Sequence[PlantedFault]:
        """
        One copy for each kind of fault that the answer has room for.
        """


class Cases(Protocol):
    """
    What a run needs of a corpus.
    """

    @property
    def version(self) -> str:
        """
        The corpus as it names itself.
        """

    @property
    def digest(self) -> str:
        """
        The corpus as it is.
        """

    @property
    def cases(self) -> tuple[Case, ...]:
        """
        All cases, in order.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """
    What a run is put together from.

    Args:
        load: reads the corpus of a folder, or the one that comes with the suite.
        open_subject: loads a subject by name and puts the smoke case to it.
        judge: gives the verdicts.
        plant: makes the faulty copies that the judge is tested on.
        forms: searches for the forms of the equations that give an answer's bits.
        sentences: for each clause id its one-sentence paraphrase.
        clock: seconds, from any start.
    """

    load: Callable[[Path | None], Cases]
    open_subject: Callable[[str], Subject]
    judge: Judge
    plant: Plant
    forms: Callable[[Case, Answered], Forms]
    sentences: Callable[[], Mapping[str, str]]
    clock: Callable[[], float] = time.monotonic


def standard_parts() -> Parts:
    """
    The parts that the suite itself uses.
    """
    from rmsprop_conformance.corpus.location import load
    from rmsprop_conformance.judge.planted import plant
    from rmsprop_conformance.judge.reproduce import forms_of
    from rmsprop_conformance.judge.rules import judge
    from rmsprop_conformance.subjects.registry import open_subject

    return Parts(
        load=load,
        open_subject=open_subject,
        judge=judge,
        plant=plant,
        forms=forms_of,
        sentences=_sentences,
    )


def _sentences() -> Mapping[str, str]:
    from rmsprop_oracle.clauses import CLAUSES

    return {identifier: clause.paraphrase for identifier, clause in CLAUSES.items()}


def silent(step: Step) -> None:
    """
    The progress callback of a run that nobody watches.
    """


def run(
    subject: Subject,
    corpus: Cases,
    *,
    parts: Parts,
    filters: Filters,
    progress: Callable[[Step], None] = silent,
) -> RunResult:
    """
    Put every selected case to a subject and judge what comes back.

    Args:
        subject: who is judged.
        corpus: what is asked.
        parts: the judge, and the planter that tests it on the subject's good answers.
        filters: which cases, and how they are judged.
        progress: is told after each case.

    Raises:
        NothingCompared: the filters leave no case.
        OwnFault: something other than the subject broke.
    """
    started = parts.clock()
    selected = select(corpus.cases, filters)
    subject.describe()  # a harness that is broken says so before the first case
    results: list[CaseResult] = []
    for case in selected:
        results.append(
            judge_case(
                case,
                subject,
                parts,
                free_running=filters.free_running,
                with_forms=filters.forms,
            )
        )
        progress(_step(results, selected))
    return RunResult(
        subject=identity(subject.describe()),
        filters=filters,
        corpus_version=corpus.version,
        corpus_digest=corpus.digest,
        planned=tuple(case.family for case in selected),
        cases=tuple(results),
        seconds=parts.clock() - started,
    )


def select(cases: Iterable[Case], filters: Filters) -> tuple[Case, ...]:
    """
    The cases that the filters leave, in order.

    Raises:
        NothingCompared: a filter leaves no case; also if only one of several families
            does, since a misspelt name must not shrink a run unseen.
    """
    everything = tuple(cases)
    profiled = [case for case in everything if case.profile == filters.profile]
    _require(profiled, "profile", filters.profile, (case.profile for case in everything))
    formatted = [case for case in profiled if case.format.name == filters.format]
    _require(formatted, "format", filters.format, (case.format.name for case in profiled))
    for family in filters.families:
        found = [case for case in formatted if case.family == family]
        _require(found, "family", family, (case.family for case in formatted))
    wanted = frozenset(filters.families)
    return tuple(case for case in formatted if not wanted or case.family in wanted)


def _require(found: Sequence[Case], what: str, name: str, there: Iterable[str]) -> None:
    if not found:
        known = ", ".join(dict.fromkeys(there)) or "none at all"
        raise NothingCompared(f"the corpus has no case of {what} {name!r} here; it has: {known}")


def judge_case(
    case: Case,
    subject: Subject,
    parts: Parts,
    *,
    free_running: bool,
    with_forms: bool = False,
) -> CaseResult:
    """
    Put one case to a subject, judge the answer, and test the judge on it.

    Args:
        case: what is asked.
        subject: who is judged.
        parts: the judge and what belongs to it.
        free_running: judge from the state before the first call only.
        with_forms: also search for the forms that give the answer's bits.

    Raises:
        OwnFault: the adapter, the judge or the planter raised, or contradicts itself.
    """
    try:
        outcome = _answer(case, subject)
        verdict = parts.judge(case, outcome, free_running=free_running)
        _require_sense(case, outcome, verdict)
        planted: Sequence[PlantedFault] = ()
        if isinstance(outcome, Answered) and is_clean(verdict):
            planted = parts.plant(case, outcome, free_running=free_running)
        found = [
            parts.judge(each.case, each.outcome, free_running=free_running) for each in planted
        ]
        forms = _forms(case, outcome, verdict, parts) if with_forms else None
    except RunError:
        raise
    except Exception as raised:
        kind = type(raised).__name__
        raise OwnFault(f"case {case.id}: {kind}: {raised}") from raised
    return CaseResult(
        verdict=verdict,
        planted=len(planted),
        missed=_missed(planted, found),
        detail=outcome.detail if isinstance(outcome, Failed) else "",
        forms=forms,
    )


def _forms(case: Case, outcome: Outcome, verdict: CaseVerdict, parts: Parts) -> Forms | None:
    # What is no answer at all is an ERROR: there is nothing whose bits could be given.
    if not isinstance(outcome, Answered) or verdict.verdict is Verdict.ERROR:
        return None
    return parts.forms(case, outcome)


def _answer(case: Case, subject: Subject) -> Outcome:
    try:
        return subject.run(case)
    except SystemExit as left:
        # A subject that leaves with code 0 would otherwise end a red run green.
        return Failed(phase="apply", message=f"the subject called sys.exit({left.code!r})")


def _missed(planted: Sequence[PlantedFault], found: Sequence[CaseVerdict]) -> tuple[str, ...]:
    return tuple(
        fault.kind
        for fault, judged in zip(planted, found, strict=True)
        if judged.verdict not in (Verdict.OUT, Verdict.ERROR)
    )


def _require_sense(case: Case, outcome: Outcome, verdict: CaseVerdict) -> None:
    problem = _contradiction(case, outcome, verdict)
    if problem:
        raise OwnFault(f"case {case.id}: {problem}")


def _contradiction(case: Case, outcome: Outcome, verdict: CaseVerdict) -> str:
    """
    Why a verdict cannot be the verdict on this outcome; empty if it can.
    """
    if not isinstance(outcome, get_args(Outcome)):
        return f"the adapter gave {type(outcome).__name__}, not an outcome"
    if (verdict.case, verdict.family) != (case.id, case.family):
        return f"the verdict is about {verdict.case!r} of family {verdict.family!r}"
    if is_clean(verdict) and not isinstance(outcome, Answered):
        return f"the verdict is {verdict.verdict}, but nothing was answered"
    return _miscount(verdict)


def _miscount(verdict: CaseVerdict) -> str:
    if (verdict.verdict is Verdict.OUT) != (verdict.out > 0):
        return f"the verdict is {verdict.verdict}, but {verdict.out} values are out"
    if verdict.exact + verdict.out > verdict.values:
        return f"{verdict.exact} exact and {verdict.out} out of only {verdict.values} values"
    if verdict.policy.values != verdict.unspecified:
        return f"{verdict.unspecified} unspecified values, {verdict.policy.values} looked at"
    return ""


def identity(described: Description) -> Identity:
    """
    A subject's description in the words of the report.
    """
    return Identity(
        name=described.name,
        version=described.version,
        platform=described.platform,
        profile=described.profile,
        capabilities=described.capabilities,
        ignored=described.ignored,
    )


def _step(results: Sequence[CaseResult], selected: Sequence[Case]) -> Step:
    family = selected[len(results) - 1].family
    planned = sum(case.family == family for case in selected)
    verdicts = [each.verdict for each in results if each.verdict.family == family]
    complete = len(verdicts) == planned
    return Step(
        done=len(results),
        planned=len(selected),
        result=results[-1],
        family=tally(family, planned=planned, verdicts=verdicts) if complete else None,
    )

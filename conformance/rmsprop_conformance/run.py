"""
Corpus × subject → judge → result; the one place where they meet. Prints nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rmsprop_conformance.deviations.matching import Acceptance
from rmsprop_conformance.deviations.proposal import proposed
from rmsprop_conformance.errors import NoSuchCapability, NothingCompared, OwnFault, RunError
from rmsprop_conformance.model.deviation import Deviation
from rmsprop_conformance.model.outcome import Failed, Unsupported
from rmsprop_conformance.model.reproduction import Forms
from rmsprop_conformance.model.verdict import CaseVerdict, Verdict
from rmsprop_conformance.parts import Cases, Kind, Parts, PlantedFault, Question, never_lent
from rmsprop_conformance.report.result import EVERY, Filters, Identity, RunResult, Step
from rmsprop_conformance.report.tally import CaseResult, is_clean, tally
from rmsprop_conformance.subjects.protocol import Description, Subject
from rmsprop_oracle.profiles import PROFILES


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
    Put every selected question to a subject and judge what comes back.

    Args:
        subject: who is judged.
        corpus: what is asked; for a quick run its few questions.
        parts: how it is asked and judged.
        filters: which questions, and how they are judged.
        progress: is told after each question.

    Raises:
        NothingCompared: the filters leave no question.
        NoSuchCapability: one is required that does not exist.
        DamagedDeviations: the file of accepted deviations is not what it should be.
        OwnFault: something other than the subject broke.
    """
    started = parts.clock()
    selected = select(corpus, filters, parts, subject)
    # Here, and not later: a harness that is broken says so before the first question.
    acceptance = acceptance_of(identity(subject.describe()), filters, parts)
    _require_capabilities(selected.questions, acceptance.subject, filters)
    results: list[CaseResult] = []
    for question in selected.questions:
        judged = judge_case(
            question,
            subject,
            parts,
            free_running=filters.free_running,
            with_forms=filters.forms,
        )
        results.append(acceptance.excused(judged))
        progress(_step(results, selected.questions))
    return RunResult(
        subject=identity(subject.describe()),
        filters=filters,
        corpus_version=corpus.version,
        corpus_digest=corpus.digest,
        planned=tuple(question.family for question in selected.questions),
        cases=tuple(results),
        seconds=parts.clock() - started,
        left_out=selected.left_out,
        deviations=acceptance.applied(results, everything(corpus, parts, acceptance)),
    )


def acceptance_of(subject: Identity, filters: Filters, parts: Parts) -> Acceptance:
    """
    What is accepted of a subject in a run with these filters.

    Raises:
        DamagedDeviations: the file of accepted deviations is not what it should be.
    """
    entries = accepted(subject.name, filters, parts)
    mine = tuple(entry for entry in entries if entry.holds_for(subject.name))
    return Acceptance(entries=mine, subject=subject, filters=filters)


def accepted(subject: str, filters: Filters, parts: Parts) -> tuple[Deviation, ...]:
    """
    The entries that are read for the subject of a name; not all of them are for it.

    Raises:
        DamagedDeviations: the file of accepted deviations is not what it should be.
    """
    return () if filters.strict else parts.deviations(subject, filters.deviations)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """
    What the filters leave.

    Args:
        questions: in order.
        left_out: how many questions of other profiles could not be put under this one.
    """

    questions: tuple[Question, ...]
    left_out: int = 0


def select(corpus: Cases, filters: Filters, parts: Parts, subject: Subject) -> Selected:
    """
    The questions of all kinds that suit the subject and that the filters leave.

    Raises:
        NothingCompared: a filter leaves none; also if only one of several families does,
            since a misspelt name must not shrink a run unseen.
    """
    profile, kinds = filters.profile, [k for k in parts.kinds.values() if k.suits(subject)]
    # What is no part of the corpus is no part of its few questions, either.
    few = frozenset(case.id for case in corpus.cases) if filters.quick else None
    pools = [(kind, _few(kind.stored(corpus, profile), few)) for kind in kinds]
    found = [(k, q) for k, pool in pools for q in for_profile(pool, profile, k.accepts)]
    _require(found, "profile", profile, (q.profile for _, pool in pools for q in pool))
    left = [q for kind, q in found if kind.format_of(q) == filters.format]
    _require(left, "format", filters.format, (kind.format_of(q) for kind, q in found))
    for family in filters.families:
        _require([q for q in left if q.family == family], "family", family, _families(left))
    return Selected(
        questions=tuple(q for q in left if _is_wanted(q, filters)),
        left_out=sum(_left_out(kind, pool, filters) for kind, pool in pools),
    )


def _few(questions: Iterable[Question], few: frozenset[str] | None) -> tuple[Question, ...]:
    return tuple(question for question in questions if few is None or question.id in few)


def for_profile(
    questions: Iterable[Any], profile: str, accepts: Callable[[Any, str], bool]
) -> tuple[Any, ...]:
    """
    The questions that are judged by a profile.

    Those that were made for it, and those of the profile that it is like; if there are
    none at all of its own, those of all others: what it accepts of them, under its own
    semantics.

    Args:
        questions: of any profile.
        profile: its name.
        accepts: whether a question of another profile may be put under it.
    """
    return tuple(
        question if question.profile == profile else replace(question, profile=profile)
        for question in _offered(questions, profile)
        if question.profile == profile or accepts(question, profile)
    )


def _offered(questions: Iterable[Any], profile: str) -> tuple[Any, ...]:
    given = tuple(questions)
    if all(question.profile != profile for question in given):
        return given
    like = PROFILES[profile].like if profile in PROFILES else ""
    return tuple(question for question in given if question.profile in (profile, like))


def _left_out(kind: Kind, pool: Sequence[Question], filters: Filters) -> int:
    if kind.accepts is never_lent:
        return 0  # questions that stay with their profile are missed by no other one
    wanted = [
        question
        for question in _offered(pool, filters.profile)
        if kind.format_of(question) == filters.format and _is_wanted(question, filters)
    ]
    return len(wanted) - len(for_profile(wanted, filters.profile, kind.accepts))


def _is_wanted(question: Question, filters: Filters) -> bool:
    return not filters.families or question.family in filters.families


def _families(questions: Iterable[Question]) -> Iterable[str]:
    return (question.family for question in questions)


def _require(found: Sequence[object], what: str, name: str, there: Iterable[str]) -> None:
    if not found:
        known = ", ".join(dict.fromkeys(there)) or "none at all"
        raise NothingCompared(f"the corpus has no case of {what} {name!r} here; it has: {known}")


def _require_capabilities(
    questions: Iterable[Question], subject: Identity, filters: Filters
) -> None:
    """
    Refuse a required capability that cannot be lacked, since nothing is called so.
    """
    asked = {name for question in questions for name in getattr(question, "requires", ())}
    known = tuple(sorted(asked | subject.capabilities.keys()))
    for name in filters.require:
        if name != EVERY and name not in known:
            raise NoSuchCapability(name, known)


def everything(corpus: Cases, parts: Parts, acceptance: Acceptance) -> frozenset[str]:
    """
    The ids of all questions that there are, for the profiles of the accepted deviations.
    """
    profiles = {entry.profile for entry in acceptance.entries}
    return frozenset(
        question.id
        for kind in parts.kinds.values()
        for name in profiles
        for question in kind.stored(corpus, name)
    )


def propose(runs: Sequence[RunResult], corpus: Cases, parts: Parts) -> tuple[Deviation, ...]:
    """
    The deviations that a person would have to accept for these runs to be green.

    Args:
        runs: one for each subject.
        corpus: that they were judged on.
        parts: that they were made with.
    """
    asked = {
        question.id: question
        for run in runs
        for kind in parts.kinds.values()
        for question in for_profile(
            kind.stored(corpus, run.filters.profile), run.filters.profile, kind.accepts
        )
    }
    known = (entry for run in runs for entry in accepted(run.subject.name, run.filters, parts))
    return proposed(
        runs,
        entries=tuple(dict.fromkeys(known)),
        clauses=lambda case: asked[case].clauses,
        cause=lambda verdict: parts.cause(asked[verdict.case], verdict),
    )


def judge_case(
    case: Question,
    subject: Subject,
    parts: Parts,
    *,
    free_running: bool,
    with_forms: bool = False,
) -> CaseResult:
    """
    Put one question to a subject, judge the answer, and test the judge on it.

    Args:
        case: what is asked.
        subject: who is judged.
        parts: how it is asked and judged.
        free_running: judge from the state before the first call only.
        with_forms: also search for the forms that give the answer's bits.

    Raises:
        OwnFault: the adapter, the judge or the planter raised, or contradicts itself.
    """
    try:
        kind = parts.kinds[type(case)]
        outcome = _answer(kind, case, subject)
        _require_outcome(case, kind, outcome)
        verdict = kind.judge(case, outcome, free_running=free_running)
        _require_sense(case, kind, outcome, verdict)
        planted: Sequence[PlantedFault] = ()
        if kind.plant is not None and is_clean(verdict):
            planted = kind.plant(case, outcome, free_running=free_running)
        found = [kind.judge(each.case, each.outcome, free_running=free_running) for each in planted]
        forms = _forms(case, kind, outcome, verdict) if with_forms else None
    except RunError:
        raise
    except Exception as raised:
        problem = f"case {case.id}: {type(raised).__name__}: {raised}"
        raise OwnFault(problem) from raised
    return CaseResult(
        verdict=verdict,
        planted=len(planted),
        missed=_missed(planted, found),
        detail=outcome.detail if isinstance(outcome, Failed) else "",
        forms=forms,
        lacks=outcome.capability if isinstance(outcome, Unsupported) else "",
        can_plant=kind.plant is not None,
    )


def _forms(case: Question, kind: Kind, outcome: Any, verdict: CaseVerdict) -> Forms | None:
    # What is no answer at all is an ERROR: there is nothing whose bits could be given. An
    # answer to what should have been refused is compared with nothing.
    nothing = verdict.verdict in (Verdict.ERROR, Verdict.ACCEPTED)
    if kind.forms is None or nothing or not isinstance(outcome, kind.answer):
        return None
    return kind.forms(case, outcome)


def _answer(kind: Kind, case: Question, subject: Subject) -> Any:
    try:
        return kind.ask(case, subject)
    except SystemExit as left:
        # A subject that leaves with code 0 would otherwise end a red run green.
        return Failed(phase="apply", message=f"the subject called sys.exit({left.code!r})")


def _missed(planted: Sequence[PlantedFault], found: Sequence[CaseVerdict]) -> tuple[str, ...]:
    return tuple(
        fault.kind
        for fault, judged in zip(planted, found, strict=True)
        if judged.verdict not in (Verdict.OUT, Verdict.ERROR)
    )


def _require_outcome(case: Question, kind: Kind, outcome: object) -> None:
    if not isinstance(outcome, kind.answer | Unsupported | Failed):
        got = type(outcome).__name__
        raise OwnFault(f"case {case.id}: the adapter gave {got}, not an outcome")


def _require_sense(case: Question, kind: Kind, outcome: object, verdict: CaseVerdict) -> None:
    problem = _contradiction(case, kind, outcome, verdict)
    if problem:
        raise OwnFault(f"case {case.id}: {problem}")


def _contradiction(case: Question, kind: Kind, outcome: object, verdict: CaseVerdict) -> str:
    """
    Why a verdict cannot be the verdict on this outcome; empty if it can.
    """
    if (verdict.case, verdict.family) != (case.id, case.family):
        return f"the verdict is about {verdict.case!r} of family {verdict.family!r}"
    if is_clean(verdict) and not isinstance(outcome, kind.answer):
        return f"the verdict is {verdict.verdict}, but nothing was answered"
    if verdict.verdict is Verdict.REJECTED and not isinstance(outcome, Failed):
        return "the verdict is rejected, but nothing was refused"
    if (verdict.verdict is Verdict.UNSUPPORTED) != isinstance(outcome, Unsupported):
        return f"the verdict is {verdict.verdict} on {type(outcome).__name__}"
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


def _step(results: Sequence[CaseResult], selected: Sequence[Question]) -> Step:
    family = selected[len(results) - 1].family
    planned = sum(question.family == family for question in selected)
    mine = [each for each in results if each.verdict.family == family]
    complete = len(mine) == planned
    return Step(
        done=len(results),
        planned=len(selected),
        result=results[-1],
        family=tally(family, planned=planned, results=mine) if complete else None,
    )

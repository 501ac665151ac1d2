"""
What one run came to, as values: all that a report may show, and nothing else.

Every number is counted from the case results, so a report cannot claim more than
was compared. The exit code is decided here, once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import inf, isnan
from types import MappingProxyType

from rmsprop_conformance.model.reproduction import Forms
from rmsprop_conformance.model.verdict import CaseVerdict, Policy, Verdict

CONFORMS, OUT, NOT_RUN, OWN_FAULT = 0, 1, 2, 3
"""
The exit codes: all conforms, something is out, nothing could be judged, our fault.
"""

_PRECEDENCE = (OWN_FAULT, OUT, NOT_RUN, CONFORMS)


def worst_exit_code(codes: Iterable[int]) -> int:
    """
    The one that counts of several exit codes: 3 beats 1 beats 2 beats 0.

    No code at all means that nothing was judged, which is 2 and never green.
    """
    given = frozenset(codes) or {NOT_RUN}
    return next(code for code in _PRECEDENCE if code in given)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """
    Who was judged; the fields are those of a subject's description.
    """

    name: str
    version: str = ""
    platform: str = ""
    profile: str = "keras-3"
    capabilities: Mapping[str, str]
    ignored: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "capabilities", MappingProxyType(dict(self.capabilities)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """
    What was asked for: which cases, and how they are judged.

    Args:
        profile: only cases that are judged by this semantics.
        format: only cases in this floating-point format.
        families: only these families; empty means all.
        free_running: judge from the start only, by the variables alone.
        forms: also search for the forms of the equations that give the answers' bits.
    """

    profile: str = "keras-3"
    format: str = "binary32"
    families: tuple[str, ...] = ()
    free_running: bool = False
    forms: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """
    One case: the verdict, and the faults planted in the subject's own answer.

    Args:
        verdict: the judge's.
        planted: how many faulty copies of the answer were judged.
        missed: the kinds of those that the judge let pass.
        detail: what a failed subject left behind (a traceback); may be empty.
        forms: what the search for forms found; None if it was not asked for, or if
            there was no answer.
    """

    verdict: CaseVerdict
    planted: int = 0
    missed: tuple[str, ...] = ()
    detail: str = ""
    forms: Forms | None = None

    @property
    def caught(self) -> int:
        """
        How many planted faults the judge found.
        """
        return self.planted - len(self.missed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """
    The counts of one family, or of all.

    Args:
        family: its name; empty for the total.
        planned: cases that the filters left.
        run: cases that the subject was asked: all but the unsupported ones.
        failing: cases with a value outside its bound.
        unsupported: cases that the subject lacks a capability for.
        error: cases in which the subject raised, or gave no answer.
        values: values compared with a finite bound.
        exact: values that are the correctly rounded ones.
        sound: values within their bound that are not exact.
        out: values outside their bound.
        unspecified: values that no bound was given for; not in `values`.
        policy: what was shown in their place.
        worst_share: the largest error / bound, and the case that has it.
        worst_ulp: the largest error in ulp, and the case that has it.
        worst_error: the largest error, and the case that has it.
    """

    family: str
    planned: int
    run: int
    failing: int
    unsupported: int
    error: int
    values: int
    exact: int
    sound: int
    out: int
    unspecified: int
    policy: Policy
    worst_share: float
    worst_share_case: str
    worst_ulp: float
    worst_ulp_case: str
    worst_error: float
    worst_error_case: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """
    One case of a run is done.

    Args:
        done: cases done, this one included.
        planned: cases of the whole run.
        result: of this case.
        family: the tally of its family if this case was the last of it.
    """

    done: int
    planned: int
    result: CaseResult
    family: Tally | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """
    One subject judged on one corpus.

    Args:
        subject: who was judged.
        filters: what was asked for.
        corpus_version: the corpus as it names itself.
        corpus_digest: the corpus as it is.
        planned: family of each planned case, in order; more of them than `cases`
            means that the run was cut short.
        cases: in the order of the corpus.
        seconds: how long it took.
    """

    subject: Identity
    filters: Filters
    corpus_version: str
    corpus_digest: str
    planned: tuple[str, ...]
    cases: tuple[CaseResult, ...]
    seconds: float

    @property
    def families(self) -> tuple[Tally, ...]:
        """
        One tally for each family, in the order of the corpus.
        """
        return tuple(
            tally(
                family,
                planned=self.planned.count(family),
                verdicts=[v for v in self.verdicts if v.family == family],
            )
            for family in dict.fromkeys(self.planned)
        )

    @property
    def total(self) -> Tally:
        """
        The tally of all cases.
        """
        return tally("", planned=len(self.planned), verdicts=self.verdicts)

    @property
    def verdicts(self) -> tuple[CaseVerdict, ...]:
        """
        The verdicts, in the order of the corpus.
        """
        return tuple(case.verdict for case in self.cases)

    @property
    def planted(self) -> int:
        """
        How many faults were planted in the subject's own answers.
        """
        return sum(case.planted for case in self.cases)

    @property
    def caught(self) -> int:
        """
        How many of them the judge found.
        """
        return sum(case.caught for case in self.cases)

    @property
    def missed(self) -> tuple[tuple[str, str], ...]:
        """
        The planted faults that the judge let pass, as pairs of case id and kind.
        """
        return tuple((case.verdict.case, kind) for case in self.cases for kind in case.missed)

    @property
    def self_check_problem(self) -> str:
        """
        Why the verdicts are worth nothing; empty if they are worth something.
        """
        if len(self.cases) != len(self.planned):
            return f"{len(self.planned)} cases were planned, {len(self.cases)} were judged"
        if self.missed:
            return f"{len(self.missed)} of {self.planted} planted faults were not caught"
        if not self.planted and any(is_clean(v) and v.values for v in self.verdicts):
            return "values were judged good, but no fault was planted to test the judge"
        return ""

    @property
    def exit_code(self) -> int:
        """
        3 our own fault, 1 something is out or failed, 2 nothing compared, 0 conforms.
        """
        total = self.total
        if self.self_check_problem:
            return OWN_FAULT
        if total.failing or total.error:
            return OUT
        return CONFORMS if total.values else NOT_RUN


def is_clean(verdict: CaseVerdict) -> bool:
    """
    Whether a case was judged good, so that a planted fault must turn it bad.
    """
    return verdict.verdict in (Verdict.EXACT, Verdict.SOUND)


def tally(family: str, *, planned: int, verdicts: Iterable[CaseVerdict]) -> Tally:
    """
    Count verdicts, and find the worst of them.
    """
    counted = tuple(verdicts)
    kinds = [each.verdict for each in counted]
    values, exact = sum(v.values for v in counted), sum(v.exact for v in counted)
    out, unsupported = sum(v.out for v in counted), kinds.count(Verdict.UNSUPPORTED)
    share, share_case = _worst((v.worst_share, v.case) for v in counted)
    ulp, ulp_case = _worst((v.worst_ulp, v.case) for v in counted)
    error, error_case = _worst((v.worst_error, v.case) for v in counted)
    return Tally(
        family=family,
        planned=planned,
        run=len(counted) - unsupported,
        failing=kinds.count(Verdict.OUT),
        unsupported=unsupported,
        error=kinds.count(Verdict.ERROR),
        values=values,
        exact=exact,
        sound=values - exact - out,
        out=out,
        unspecified=sum(v.unspecified for v in counted),
        policy=sum((v.policy for v in counted), Policy()),
        worst_share=share,
        worst_share_case=share_case,
        worst_ulp=ulp,
        worst_ulp_case=ulp_case,
        worst_error=error,
        worst_error_case=error_case,
    )


def _worst(measured: Iterable[tuple[float, str]]) -> tuple[float, str]:
    worst = (0.0, "")
    for number, case in measured:
        # NaN compares false with everything and would hide behind any number.
        if (inf if isnan(number) else number) > worst[0]:
            worst = (inf if isnan(number) else number, case)
    return worst

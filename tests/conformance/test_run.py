from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from tests.conformance import fakes
from tests.conformance.fakes import BAD, CORPUS, GOOD, SILENT, Scripted, case, parts

from rmsprop_conformance.errors import CannotLoad, HarnessFault, NothingCompared, OwnFault
from rmsprop_conformance.model.case import Case
from rmsprop_conformance.model.outcome import Answered, Failed, Outcome, Unsupported
from rmsprop_conformance.model.reproduction import Forms
from rmsprop_conformance.model.verdict import CaseVerdict, Verdict
from rmsprop_conformance.report.result import Filters, RunResult, Step
from rmsprop_conformance.run import Parts, judge_case, run, select, standard_parts
from rmsprop_conformance.subjects.protocol import Description
from rmsprop_oracle.arithmetic.formats import BINARY64


def ran(
    made: Parts, subject: Scripted | None = None, *, filters: Filters | None = None
) -> RunResult:
    """
    A run of the small corpus.
    """
    return run(subject or Scripted(), CORPUS, parts=made, filters=filters or Filters())


def test_a_good_subject_conforms() -> None:
    """
    When every case is judged good and every planted fault caught, the code is 0.
    """
    result = ran(parts())

    assert result.exit_code == 0
    assert [each.case for each in result.verdicts] == ["plain/one", "plain/two", "momentum/one"]
    assert (result.planted, result.caught, result.missed) == (6, 6, ())


@pytest.mark.parametrize(
    ("verdicts", "outcomes", "code"),
    [
        pytest.param({"plain/two": BAD}, {}, 1, id="out"),
        pytest.param({}, {"plain/two": Failed(phase="apply", message="x")}, 1, id="failed"),
        pytest.param(
            dict.fromkeys(["plain/one", "plain/two", "momentum/one"], SILENT),
            {},
            2,
            id="unspecified",
        ),
    ],
)
def test_exit_codes(
    verdicts: dict[str, CaseVerdict], outcomes: dict[str, Outcome], code: int
) -> None:
    """
    One bad case makes 1, and comparing nothing makes 2.
    """
    result = ran(parts(verdicts), Scripted(outcomes=outcomes))

    assert result.exit_code == code


def test_all_unsupported_is_not_green() -> None:
    """
    A subject that supports nothing was not compared with anything.
    """
    lacking = Unsupported(capability="core", message="not there")
    result = ran(parts(), Scripted(outcomes={each.id: lacking for each in CORPUS.cases}))

    assert (result.exit_code, result.total.run, result.total.unsupported) == (2, 0, 3)


def test_all_failing_is_out() -> None:
    """
    A subject that fails in every case is red, although no value was compared.
    """
    failed = Failed(phase="apply", message="x", detail="Traceback …")
    result = ran(parts(), Scripted(outcomes={each.id: failed for each in CORPUS.cases}))

    assert result.exit_code == 1
    assert result.cases[0].detail == "Traceback …"


def test_a_missed_fault_is_our_own() -> None:
    """
    A judge that lets a planted fault pass makes 3, also beside a value that is out.
    """
    result = ran(parts({"plain/two": BAD}, catches=False))

    assert result.exit_code == 3
    assert result.missed[0] == ("plain/one", "outside")
    assert "4 of 4 planted faults" in result.self_check_problem


def test_a_judge_that_was_not_tested_is_our_own_fault() -> None:
    """
    Good verdicts without one planted fault make 3.
    """
    result = ran(replace(parts(), plant=fakes.plant_none))

    assert result.exit_code == 3
    assert "no fault was planted" in result.self_check_problem


def test_faults_are_planted_in_good_answers_only() -> None:
    """
    A case that is out, unsupported, failed or unspecified is not planted into.
    """
    result = ran(parts({"plain/one": BAD, "plain/two": SILENT}))

    assert [each.planted for each in result.cases] == [0, 0, 2]


def test_a_run_cut_short_is_not_green() -> None:
    """
    Fewer verdicts than planned cases make 3, whatever the verdicts say.
    """
    result = ran(parts())

    short = replace(result, cases=result.cases[:-1])

    assert (result.exit_code, short.exit_code) == (0, 3)
    assert "3 cases were planned, 2 were judged" in short.self_check_problem


def test_a_broken_judge_is_not_blamed_on_the_subject() -> None:
    """
    An exception out of the judge ends the run as our own fault and names the case.
    """

    def judge(*_: object, **__: object) -> CaseVerdict:
        raise ZeroDivisionError("in the judge")

    with pytest.raises(OwnFault, match="plain/one: ZeroDivisionError: in the judge"):
        ran(replace(parts(), judge=judge))


def test_a_broken_planter_is_our_own_fault() -> None:
    """
    An exception out of the planter ends the run as our own fault.
    """

    def plant(*_: object, **__: object) -> Sequence[fakes.Fault]:
        raise LookupError("in the planter")

    with pytest.raises(OwnFault, match="LookupError: in the planter"):
        ran(replace(parts(), plant=plant))


def test_a_broken_adapter_is_our_own_fault() -> None:
    """
    What a subject does comes back as a value, so an exception is the adapter's, ours.
    """
    broken = Scripted(raises=RuntimeError("in the adapter"))
    with pytest.raises(OwnFault, match="RuntimeError: in the adapter"):
        ran(parts(), broken)


@pytest.mark.parametrize(
    "error", [CannotLoad("s", "problem", "remedy"), HarnessFault("s", "apply", "problem")]
)
def test_a_named_fault_passes_unchanged(error: Exception) -> None:
    """
    A fault that has a name already is not turned into another one.
    """
    with pytest.raises(type(error)):
        ran(parts(), Scripted(raises=error))


def test_a_subject_cannot_leave_green() -> None:
    """
    A subject that calls sys.exit(0) failed its case; the run goes on.
    """
    result = ran(parts(), Scripted(raises=SystemExit(0)))

    assert result.exit_code == 1
    assert "sys.exit(0)" in result.verdicts[0].message
    assert result.total.error == 3


@pytest.mark.parametrize(
    "verdict",
    [
        pytest.param(replace(GOOD, case="other/case", family="plain"), id="another-case"),
        pytest.param(replace(GOOD, case="plain/one", family="other"), id="another-family"),
        pytest.param(replace(BAD, case="plain/one", family="plain", out=0), id="out-of-nothing"),
        pytest.param(replace(GOOD, case="plain/one", family="plain", out=1), id="good-but-out"),
        pytest.param(replace(GOOD, case="plain/one", family="plain", exact=11), id="too-exact"),
        pytest.param(replace(GOOD, case="plain/one", family="plain", unspecified=1), id="unseen"),
    ],
)
def test_a_verdict_that_contradicts_itself_is_refused(verdict: CaseVerdict) -> None:
    """
    A verdict must be about its case, and its counts must fit together.
    """

    def judge(*_: object, **__: object) -> CaseVerdict:
        return verdict

    made = replace(parts(), judge=judge)
    with pytest.raises(OwnFault, match="case plain/one"):
        judge_case(CORPUS.cases[0], Scripted(), made, free_running=False)


def test_a_good_verdict_needs_an_answer() -> None:
    """
    A judge that finds a failure good is broken.
    """

    def judge(case: Case, *_: object, **__: object) -> CaseVerdict:
        return replace(GOOD, case=case.id, family=case.family)

    failing = Scripted(outcomes={"plain/one": Failed(phase="apply", message="x")})
    with pytest.raises(OwnFault, match="nothing was answered"):
        ran(replace(parts(), judge=judge), failing)


@pytest.mark.parametrize("free_running", [False, True])
def test_judge_and_planter_are_told_the_mode(*, free_running: bool) -> None:
    """
    Planted faults are made for, and judged in, the mode of the run.
    """
    told: set[bool] = set()
    made = parts()

    def judge(case: Case, outcome: Outcome, *, free_running: bool = False) -> CaseVerdict:
        told.add(free_running)
        return made.judge(case, outcome, free_running=free_running)

    def plant(
        case: Case, answered: Answered, /, *, free_running: bool = False
    ) -> Sequence[fakes.Fault]:
        told.add(free_running)
        return fakes.plant_two(case, answered)

    ran(replace(made, judge=judge, plant=plant), filters=Filters(free_running=free_running))

    assert told == {free_running}


def test_forms_are_searched_for_only_when_asked() -> None:
    """
    Without the filter nothing is searched; with it each answer is, and no failure.
    """

    def never(case: Case, _: Answered) -> Forms:
        raise AssertionError(case.id)

    failing = Scripted(outcomes={"plain/two": Failed(phase="apply", message="x")})
    without = ran(replace(parts(), forms=never))
    searched = ran(parts(), failing, filters=Filters(forms=True))

    assert [each.forms for each in without.cases] == [None, None, None]
    assert [each.forms for each in searched.cases] == [fakes.EXAMINED, None, fakes.EXAMINED]


def test_a_broken_search_is_our_own_fault() -> None:
    """
    An exception out of the search ends the run as our own fault.
    """

    def broken(*_: object) -> Forms:
        raise LookupError("in the search")

    with pytest.raises(OwnFault, match="LookupError: in the search"):
        ran(replace(parts(), forms=broken), filters=Filters(forms=True))


def test_progress_is_told_after_each_case() -> None:
    """
    Each case is one step, and the last case of a family brings its tally.
    """
    steps: list[Step] = []
    run(Scripted(), CORPUS, parts=parts(), filters=Filters(), progress=steps.append)

    assert [(step.done, step.planned) for step in steps] == [(1, 3), (2, 3), (3, 3)]
    assert [step.family.family if step.family else None for step in steps] == [
        None,
        "plain",
        "momentum",
    ]


def test_the_clock_gives_the_seconds() -> None:
    """
    The duration is the difference of two readings of the clock that was handed in.
    """
    readings = iter([100.0, 102.5])

    assert ran(replace(parts(), clock=readings.__next__)).seconds == 2.5


def test_what_the_subject_learnt_is_reported() -> None:
    """
    The description is taken at the end, when all ignored slots are known.
    """

    class Learning(Scripted):
        def describe(self) -> Description:
            return replace(self.description, ignored=tuple(self.asked))

    assert len(ran(parts(), Learning()).subject.ignored) == 3


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        (Filters(profile="keras-4"), "profile 'keras-4'.*keras-3"),
        (Filters(format="binary16"), "format 'binary16'.*binary32"),
        (Filters(families=("plian",)), "family 'plian'.*plain, momentum"),
        (Filters(families=("plain", "plian")), "family 'plian'"),
    ],
)
def test_a_filter_that_leaves_nothing_is_refused(filters: Filters, said: str) -> None:
    """
    Each filter must leave a case, each family too, and the message lists what there is.
    """
    with pytest.raises(NothingCompared, match=said):
        select(CORPUS.cases, filters)


def test_filters_select_in_corpus_order() -> None:
    """
    Only cases of the profile, the format and the families are left, in their order.
    """
    cases = (
        case("b/1"),
        case("a/1", profile="tf-2.0"),
        case("a/2", kind=BINARY64),
        case("a/3"),
        case("c/1"),
    )
    filters = Filters(families=("a", "b"))

    assert [each.id for each in select(cases, filters)] == ["b/1", "a/3"]


def test_the_real_parts_fit_together() -> None:
    """
    The suite's own parts load, and every clause of its corpus has a sentence.
    """
    made = standard_parts()
    clauses = {clause for each in made.load(None).cases for clause in each.clauses}

    assert clauses
    assert clauses <= made.sentences().keys()


def test_a_real_run_is_green_and_a_wrong_one_red() -> None:
    """
    The real parts find the fast implementation good, and a wrong copy of it out.
    """
    made = standard_parts()
    fast, corpus = made.open_subject("fast"), made.load(None)

    class Off(Scripted):
        def run(self, case: Case) -> Outcome:
            answered = fast.run(case)
            assert isinstance(answered, Answered)
            first = replace(answered.calls[0], variables=case.variables)
            return Answered(calls=(first, *answered.calls[1:]))

    filters = Filters(families=("defaults",))
    good = run(fast, corpus, parts=made, filters=filters)
    wrong = run(Off(), corpus, parts=made, filters=filters)

    assert (good.exit_code, wrong.exit_code) == (0, 1)
    assert good.planted == good.caught > 0
    first = wrong.verdicts[0].first
    assert first is not None
    assert (first.call, first.slot) == (0, "variable")
    assert {each.verdict for each in good.verdicts} <= {Verdict.EXACT, Verdict.SOUND}

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest
from tests.conformance import fakes
from tests.conformance.fakes import (
    BAD,
    CORPUS,
    ENTRY,
    GOOD,
    SILENT,
    Scripted,
    case,
    parts,
    with_kind,
)

from rmsprop_conformance.errors import (
    CannotLoad,
    HarnessFault,
    NoSuchCapability,
    NothingCompared,
    OwnFault,
)
from rmsprop_conformance.model.case import Case
from rmsprop_conformance.model.deviation import Deviation, Fate
from rmsprop_conformance.model.outcome import Answered, Failed, Outcome, Unsupported
from rmsprop_conformance.model.reproduction import Forms
from rmsprop_conformance.model.verdict import CaseVerdict, Verdict
from rmsprop_conformance.parts import Kind, Parts, standard_parts
from rmsprop_conformance.report.result import Filters, RunResult, Step
from rmsprop_conformance.run import Selected, for_profile, judge_case, propose, run, select
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
    result = ran(with_kind(parts(), plant=fakes.plant_none))

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
        ran(with_kind(parts(), judge=judge))


def test_a_broken_planter_is_our_own_fault() -> None:
    """
    An exception out of the planter ends the run as our own fault.
    """

    def plant(*_: object, **__: object) -> Sequence[fakes.Fault]:
        raise LookupError("in the planter")

    with pytest.raises(OwnFault, match="LookupError: in the planter"):
        ran(with_kind(parts(), plant=plant))


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

    made = with_kind(parts(), judge=judge)
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
        ran(with_kind(parts(), judge=judge), failing)


@pytest.mark.parametrize("free_running", [False, True])
def test_judge_and_planter_are_told_the_mode(*, free_running: bool) -> None:
    """
    Planted faults are made for, and judged in, the mode of the run.
    """
    told: set[bool] = set()
    made = parts()

    def judge(case: Case, outcome: Outcome, *, free_running: bool = False) -> CaseVerdict:
        told.add(free_running)
        return made.kinds[Case].judge(case, outcome, free_running=free_running)

    def plant(
        case: Case, answered: Answered, /, *, free_running: bool = False
    ) -> Sequence[fakes.Fault]:
        told.add(free_running)
        return fakes.plant_two(case, answered)

    ran(with_kind(made, judge=judge, plant=plant), filters=Filters(free_running=free_running))

    assert told == {free_running}


def test_forms_are_searched_for_only_when_asked() -> None:
    """
    Without the filter nothing is searched; with it each answer is, and no failure.
    """

    def never(case: Case, _: Answered) -> Forms:
        raise AssertionError(case.id)

    failing = Scripted(outcomes={"plain/two": Failed(phase="apply", message="x")})
    without = ran(with_kind(parts(), forms=never))
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
        ran(with_kind(parts(), forms=broken), filters=Filters(forms=True))


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
        select(CORPUS, filters, parts(), Scripted())


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

    selected = select(fakes.Corpus(cases=cases), filters, parts(), Scripted())

    assert [each.id for each in selected.questions] == ["b/1", "a/3"]
    assert selected.left_out == 0


@dataclass(frozen=True, kw_only=True)
class Riddle:
    """
    A question of another kind.
    """

    id: str = "riddle/1"
    family: str = "riddle"
    clauses: tuple[str, ...] = ("keras3.velocity",)
    profile: str = "keras-3"


@dataclass(frozen=True, kw_only=True)
class Solved:
    """
    The outcome of the other kind.
    """

    problem: str = ""


def judge_riddle(case: Riddle, outcome: Solved, *, free_running: bool = False) -> CaseVerdict:
    """
    One value, which is exact unless there is a problem.
    """
    del free_running
    good = not outcome.problem
    return CaseVerdict(
        case=case.id,
        family=case.family,
        verdict=Verdict.EXACT if good else Verdict.OUT,
        values=1,
        exact=int(good),
        out=int(not good),
        message=outcome.problem,
    )


def with_riddles(made: Parts, outcome: object, *, suits: bool = True) -> Parts:
    """
    The same parts, and one question of the other kind that has this outcome.
    """
    other = Kind(
        stored=lambda _corpus, profile: (Riddle(profile=profile),),
        ask=lambda _riddle, _subject: outcome,
        answer=Solved,
        judge=judge_riddle,
        suits=lambda _: suits,
    )
    return replace(made, kinds={**made.kinds, Riddle: other})


def test_questions_of_all_kinds_stand_in_one_table() -> None:
    """
    Each kind is asked and judged in its own way, and without faults to plant it is green.
    """
    good = ran(with_riddles(parts(), Solved()))
    alone = ran(with_riddles(parts(), Solved()), filters=Filters(families=("riddle",)))
    bad = ran(with_riddles(parts(), Solved(problem="wrong")))

    assert [each.family for each in good.families] == ["plain", "momentum", "riddle"]
    assert (good.exit_code, good.planted) == (0, 6)
    assert (alone.exit_code, alone.planted, alone.total.values) == (0, 0, 1)
    assert (bad.exit_code, bad.red[0].verdict.message) == (1, "wrong")


def test_a_kind_that_does_not_suit_is_not_asked() -> None:
    """
    A subject that is no class has no row for questions about one.
    """
    result = ran(with_riddles(parts(), Solved(problem="wrong"), suits=False))

    assert (result.exit_code, len(result.families)) == (0, 2)


def test_an_outcome_of_another_kind_is_our_own_fault() -> None:
    """
    An adapter that mixes the kinds up is broken, not the subject.
    """
    with pytest.raises(OwnFault, match="Answered, not an outcome"):
        ran(with_riddles(parts(), fakes.ANSWER))


def test_a_question_of_no_kind_is_our_own_fault() -> None:
    """
    What nobody can put or judge ends the run.
    """
    with pytest.raises(OwnFault, match="case riddle/1: KeyError"):
        judge_case(Riddle(), Scripted(), parts(), free_running=False)


@pytest.mark.parametrize(
    ("verdict", "outcome"),
    [
        (fakes.REJECTED, fakes.ANSWER),
        (fakes.REJECTED, Unsupported(capability="core", message="x")),
        (fakes.REFUSED, fakes.ANSWER),
        (fakes.ACCEPTED, Unsupported(capability="core", message="x")),
    ],
    ids=["rejected-answer", "rejected-unasked", "unsupported-answer", "accepted-unasked"],
)
def test_a_verdict_that_contradicts_its_outcome_is_refused(
    verdict: CaseVerdict, outcome: Outcome
) -> None:
    """
    Only a failure can be a refusal, and only what was not asked is unsupported.
    """
    asked = CORPUS.cases[0]
    said = replace(verdict, case=asked.id, family=asked.family)
    made = with_kind(parts(), judge=lambda *_, **__: said)
    with pytest.raises(OwnFault, match="case plain/one: the verdict is"):
        judge_case(asked, Scripted(outcomes={asked.id: outcome}), made, free_running=False)


def test_what_is_rightly_refused_is_compared() -> None:
    """
    A run of refusals only is green, and one of advisory cases only is not.
    """
    failed = Failed(phase="construct", message="x")

    def ended(verdict: CaseVerdict) -> int:
        def judge(case: Case, *_: object, **__: object) -> CaseVerdict:
            return replace(verdict, case=case.id, family=case.family)

        subject = Scripted(outcomes={each.id: failed for each in CORPUS.cases})
        return ran(with_kind(parts(), judge=judge), subject).exit_code

    assert (ended(fakes.REJECTED), ended(fakes.ACCEPTED)) == (0, 2)


LENT = (case("a/1"), case("a/2"), case("b/1", profile="tf-2.0"), case("a/3", kind=BINARY64))


def lending(profile: str, families: tuple[str, ...] = ()) -> Selected:
    """
    What is selected for a profile where only questions with an even id are lent.
    """
    corpus = fakes.Corpus(cases=LENT)
    made = with_kind(
        parts(), accepts=lambda case, wanted: wanted == "other" and not case.id.endswith("1")
    )
    return select(corpus, Filters(profile=profile, families=families), made, Scripted())


def test_a_profile_without_cases_borrows_them() -> None:
    """
    The others' inputs are put under it, in their order; what it does not know is counted.
    """
    selected = lending("other")

    assert [(each.id, each.profile) for each in selected.questions] == [("a/2", "other")]
    assert selected.left_out == 2
    assert lending("other", families=("a",)).left_out == 1


@pytest.mark.parametrize(("profile", "own"), [("keras-3", ["a/1", "a/2"]), ("tf-2.0", ["b/1"])])
def test_a_profile_with_cases_borrows_none(profile: str, own: list[str]) -> None:
    """
    A profile that has cases is judged by these alone, and none counts as left out.
    """
    selected = lending(profile)

    assert [each.id for each in selected.questions] == own
    assert selected.left_out == 0


def test_a_profile_is_asked_what_one_like_it_is_asked() -> None:
    """
    Keras 3.0 has cases for what it does differently, and is lent those of Keras 3 only.
    """
    own = case("c/1", profile="keras-3.0")
    made = with_kind(parts(), accepts=lambda *_: True)
    filters = Filters(profile="keras-3.0")

    selected = select(fakes.Corpus(cases=(*LENT, own)), filters, made, Scripted())

    assert [each.id for each in selected.questions] == ["a/1", "a/2", "c/1"]
    assert {each.profile for each in selected.questions} == {"keras-3.0"}
    assert selected.left_out == 0


def test_a_kind_that_lends_nothing_leaves_nothing_out() -> None:
    """
    Questions that stay with their profile are not counted as missed by another one.
    """
    corpus = fakes.Corpus(cases=(*LENT, case("c/1", profile="other")))
    never = Kind(stored=lambda *_: LENT, ask=lambda *_: None, answer=Solved, judge=judge_riddle)
    made = replace(parts(), kinds={**parts().kinds, Riddle: never})

    selected = select(corpus, Filters(profile="other"), made, Scripted())

    assert ([each.id for each in selected.questions], selected.left_out) == (["c/1"], 0)


def test_an_unknown_profile_is_refused() -> None:
    """
    A profile that accepts nothing has no run, and the message names those with cases.
    """
    with pytest.raises(NothingCompared, match=r"profile 'nobody'.*keras-3, tf-2\.0"):
        lending("nobody")


def test_only_values_that_are_lent_change() -> None:
    """
    A lent question is the same but for its profile.
    """
    (lent,) = for_profile(LENT[:1], "other", lambda _case, _profile: True)

    assert lent == replace(LENT[0], profile="other")


OUT_ONCE = {"plain/two": BAD}


def test_an_accepted_deviation_makes_it_green() -> None:
    """
    What is out as accepted is excused, counted, and reported with its entry.
    """
    result = ran(parts(OUT_ONCE, deviations=[ENTRY]))

    assert (result.exit_code, result.total.excused) == (0, 1)
    assert [(each.fate, each.cases) for each in result.deviations] == [
        (Fate.OCCURRED, ("plain/two",))
    ]


@pytest.mark.parametrize(
    ("entry", "verdicts", "fate"),
    [
        pytest.param(ENTRY, {}, Fate.ABSENT, id="absent"),
        pytest.param(replace(ENTRY, cases=("plian/*",)), {}, Fate.UNMATCHED, id="unmatched"),
    ],
)
def test_a_stale_entry_makes_it_red(
    entry: Deviation, verdicts: dict[str, CaseVerdict], fate: Fate
) -> None:
    """
    A conforming subject is red where an accepted deviation did not occur, or never could.
    """
    result = ran(parts(verdicts, deviations=[entry]))

    assert (result.exit_code, result.deviations[0].fate) == (1, fate)
    assert result.red == ()


def test_an_expired_entry_excuses_nothing() -> None:
    """
    For another version it is inactive: what is out is red, and what is good is green.
    """
    old = replace(ENTRY, versions="<1.0")

    assert ran(parts(deviations=[old])).exit_code == 0
    assert ran(parts(OUT_ONCE, deviations=[old])).exit_code == 1
    assert ran(parts(OUT_ONCE, deviations=[replace(old, versions="<2")])).exit_code == 0


def test_an_entry_for_others_is_not_looked_at() -> None:
    """
    What holds for another subject of the file neither excuses nor turns red.
    """
    other = replace(ENTRY, subjects=("keras",))

    assert ran(parts(deviations=[other])).deviations == ()
    assert ran(parts(OUT_ONCE, deviations=[other])).exit_code == 1


def test_an_entry_whose_cases_were_filtered_out_is_not_judged() -> None:
    """
    A run of another family says nothing of an entry.
    """
    result = ran(parts(deviations=[ENTRY]), filters=Filters(families=("momentum",)))

    assert (result.exit_code, result.deviations[0].fate) == (0, Fate.NOT_JUDGED)


def test_strictly_nothing_is_accepted() -> None:
    """
    With the filter an accepted deviation is red, and a stale one is not looked at.
    """
    strict = Filters(strict=True)

    assert ran(parts(OUT_ONCE, deviations=[ENTRY]), filters=strict).exit_code == 1
    assert ran(parts(deviations=[ENTRY]), filters=strict).exit_code == 0


def test_progress_counts_what_is_excused() -> None:
    """
    The tally of a family is right while the run goes on.
    """
    steps: list[Step] = []
    made = parts(OUT_ONCE, deviations=[ENTRY])
    run(Scripted(), CORPUS, parts=made, filters=Filters(), progress=steps.append)

    assert [step.family.excused for step in steps if step.family] == [1, 0]


@pytest.mark.parametrize(
    ("required", "code"), [(("sparse",), 1), (("all",), 1), (("slots",), 0), ((), 0)]
)
def test_what_is_required_must_be_there(required: tuple[str, ...], code: int) -> None:
    """
    A case that is not asked for want of what is required makes 1.
    """
    lacking = Unsupported(capability="sparse", message="no rows")
    known = {"sparse": "no rows", "slots": ""}
    subject = Scripted(
        outcomes={"plain/one": lacking},
        description=Description(name="scripted", capabilities=known),
    )

    assert ran(parts(), subject, filters=Filters(require=required)).exit_code == code


def test_a_misspelt_requirement_is_refused() -> None:
    """
    What nothing is called cannot be required, and the message names what can.
    """
    subject = Scripted(description=Description(name="scripted", capabilities={"sparse": ""}))
    with pytest.raises(NoSuchCapability, match="'sprase'; expected one of sparse, or all"):
        ran(parts(), subject, filters=Filters(require=("sprase",)))


def test_what_is_red_is_proposed_with_its_cause() -> None:
    """
    The proposal cites the violated clause, and the injected cause of the first case.
    """
    made = parts({**OUT_ONCE, "momentum/one": replace(BAD, first=None)})
    first, second = propose([ran(made)], CORPUS, made)

    assert (first.cases, first.reason) == (("plain/two",), "TODO: plain/two is out")
    assert (second.slot, second.clauses) == ("*", ("keras3.velocity",))


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

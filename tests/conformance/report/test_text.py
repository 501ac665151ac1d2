from __future__ import annotations

import io
from dataclasses import replace

import pytest
from tests.conformance.fakes import (
    ACCEPTED,
    BAD,
    BROKEN,
    ENTRY,
    GOOD,
    REFUSED,
    REJECTED,
    SENTENCES,
    SILENT,
    result,
)

from rmsprop_conformance.model.deviation import Applied, Fate
from rmsprop_conformance.model.verdict import CaseVerdict
from rmsprop_conformance.report import text
from rmsprop_conformance.report.result import Filters, Identity, RunResult

UNSAFE = "\x1b[31mred\x1b[0m [bold]loud[/bold]"


class Terminal(io.StringIO):
    """
    A stream that says it is a terminal.
    """

    def isatty(self) -> bool:
        """
        It is.
        """
        return True


def shown(made: RunResult, width: int | None = None, stream: io.StringIO | None = None) -> str:
    """
    What a person sees of a run.
    """
    to = stream or io.StringIO()
    on = text.console(to, {"COLUMNS": str(width)} if width else {})
    if width:
        on.width = width
    text.show(made, on=on, clauses=SENTENCES)
    return to.getvalue()


def named(verdict: CaseVerdict, identifier: str) -> CaseVerdict:
    """
    A verdict on a case of that id.
    """
    return replace(verdict, case=identifier, family=identifier.partition("/")[0])


MIXED = result(
    named(GOOD, "plain/1"),
    named(BAD, "plain/2"),
    named(REFUSED, "sparse/1"),
    named(SILENT, "big/1"),
)


def test_a_green_run_says_so() -> None:
    """
    A conforming run gives the table, the planted faults, the verdict and the next step.
    """
    lines = shown(result(GOOD, GOOD)).splitlines()

    assert lines[0] == "mine · 1.2"
    assert "profile keras-3, binary32, lockstep, corpus 7 (0123456789ab)" in lines[1]
    assert lines[-3] == "planted 4, caught 4"
    assert lines[-2].startswith("mine conforms to keras-3 in binary32: all 20 values of 2 cases")
    assert lines[-1].startswith("Next:")


def test_the_table_has_every_count() -> None:
    """
    Each family is a row with its own counts, and the last row is their sum.
    """
    rows = [line.split() for line in shown(MIXED).splitlines()]

    assert ["plain", "2", "20", "12", "6", "2", "-", "-", "-", "1.25e+06", "1.5"] in rows
    assert ["sparse", "0/1", "-", "-", "-", "-", "-", "1", "-", "-", "-"] in rows
    assert ["total", "3/4", "20", "12", "6", "2", "10", "1", "-", "1.25e+06", "1.5"] in rows


@pytest.mark.parametrize(
    ("free_running", "said"), [(False, "gone first after call 4"), (True, "gone from call 4 on")]
)
def test_what_nothing_is_specified_for_stands_apart(*, free_running: bool, said: str) -> None:
    """
    Below the table each family says what it showed there, and from which call on.
    """
    filters = Filters(free_running=free_running)
    seen = shown(result(GOOD, SILENT, filters=filters)).splitlines()
    at = seen.index("where nothing is specified (for information, no part of the verdict)")

    assert seen[at + 1].split() == (
        [
            "f:",
            "10",
            "values:",
            "5",
            "finite,",
            "4",
            "NaN,",
            "1",
            "infinite;",
            "2",
            "times",
            "a",
            "variable",
            "did",
            "not",
            "move",
        ]
    )
    assert said in seen[at + 2]
    assert "where nothing is specified" not in shown(result(GOOD, filters=filters))


def test_only_some_cases_without_digits_are_named() -> None:
    """
    A family with many of them is not listed in full; the rest is counted.
    """
    seen = shown(result(*[SILENT] * 5))

    assert seen.count("the last meaningful digit is gone") == 3
    assert "and 2 more cases" in seen


def test_the_first_red_case_is_shown_in_full() -> None:
    """
    Step, slot, variable, element, digits, bound, error and the clause's sentence.
    """
    seen = shown(MIXED)

    for piece in (
        "case plain/2: out, 2 of 10 values out, judged as early",
        "after call 3: velocity of variable 1, element [0, 3]",
        "expected  0.123456789012345678901234",
        "bound     1.23457e-9",
        "got       0.125",
        "error     0.00154321, 1.25e+06 times the bound, 2.5e+05 ulp",
        f"violates  keras3.velocity: {SENTENCES['keras3.velocity']}",
        "mine does not conform to keras-3 in binary32: 2 of 20 values out in 1 of 3 cases.",
        "`check mine --family plain`",
        "1 case not asked: centered: not there",
    ):
        assert piece in seen


def test_more_red_cases_are_counted_by_clause() -> None:
    """
    Only the first red case is shown in full; the others are counted.
    """
    seen = shown(result(BAD, BAD, BAD))

    assert seen.count("expected") == 1
    assert "and 2 more red cases" in seen
    assert "keras3.velocity  3 cases" in seen


def test_more_red_cases_without_a_value_are_listed() -> None:
    """
    Where no slot is at fault each red case is named with what is wrong, up to a screen.
    """
    bare = replace(BAD, first=None, message="expected this,\n" + "got that, " * 50)
    seen = shown(result(*[bare] * 30), 300)

    assert "and 29 more red cases\n" in seen
    assert "  case f/1: expected this, got that" in seen
    assert "and 9 more cases" in seen
    assert "f/21" not in seen


def test_a_failed_case_shows_what_the_subject_said() -> None:
    """
    The end of the subject's own traceback is shown, not all of it.
    """
    detail = "\n".join(f"line {number}" for number in range(100))
    seen = shown(result(BROKEN, detail=detail))

    assert "case f/0: error: apply: it raised" in seen
    assert "| line 99" in seen
    assert "| line 1\n" not in seen


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (result(SILENT), "Nothing was compared"),
        (result(GOOD, missed=("nan",)), "Our own fault: 1 of 2 planted faults"),
        (result(GOOD, missed=("nan",)), "first: nan in case f/0"),
        (result(GOOD, planted=0), "no fault was planted"),
        (result(BROKEN), "1 case failed to run"),
        (result(GOOD, REFUSED), "1 case could not be asked"),
        (
            result(GOOD, identity=Identity(name="m", profile="tf-2.0", capabilities={})),
            "claims to be tf-2.0; run `check m --profile tf-2.0`.",
        ),
        (
            result(BAD, identity=Identity(name="m", profile="tf-2.0", capabilities={})),
            "claims to be tf-2.0; run `check m --profile tf-2.0`.",
        ),
        (
            result(SILENT, identity=Identity(name="m", profile="tf-2.0", capabilities={})),
            "claims to be tf-2.0; run `check m --profile tf-2.0`.",
        ),
        (
            result(GOOD, deviations=[Applied(deviation=ENTRY, fate=Fate.ABSENT)]),
            "1 accepted deviation of mine no longer holds.",
        ),
        (
            result(REFUSED, lacks="sparse", filters=Filters(require=("all",))),
            "1 case could not be asked: mine lacks sparse.",
        ),
        (
            result(ACCEPTED, identity=Identity(name="m", capabilities={"validation": ""})),
            "1 case accepted that it is to refuse",
        ),
        (result(REJECTED), "all 0 values of 1 case lie"),
        (
            result(named(BAD, "a/1"), GOOD, excused=("a/1",)),
            "but for accepted deviations: all but 2 of 20 values",
        ),
        (result(BAD, filters=Filters(strict=True)), "`check mine --family f --strict`"),
        (
            result(GOOD, left_out=2),
            "2 cases not asked: other profiles' arguments or refusals that keras-3 does not share",
        ),
        (
            result(BAD, filters=Filters(profile="tf-2.0", format="binary64", free_running=True)),
            "`check mine --family f --profile tf-2.0 --format binary64 --free-running`",
        ),
        (
            result(GOOD, identity=Identity(name="m", capabilities={}, ignored=("rms",))),
            "not known, ignored: rms",
        ),
    ],
)
def test_every_end_has_its_words(made: RunResult, said: str) -> None:
    """
    Each kind of end says what it is and what to do next.
    """
    seen = " ".join(shown(made).split())

    assert said in seen
    assert "Next: " in seen


def test_a_green_verdict_is_only_for_green_runs() -> None:
    """
    No run with another code than 0 says that the subject conforms.
    """
    ends = [result(SILENT), result(BAD), result(BROKEN), result(GOOD, missed=("nan",))]

    assert "conforms to" in shown(result(GOOD))
    assert not any("conforms to" in shown(made) for made in ends)


@pytest.mark.parametrize("width", [20, 40, 60, 80, 100, 200])
def test_no_line_is_wider_than_the_console(width: int) -> None:
    """
    At every width the lines fit, and no number of the total is lost.
    """
    seen = shown(MIXED, width)
    lines = seen.splitlines()

    assert max(len(line.rstrip()) for line in lines) <= width
    assert "1.25e+06" in seen
    assert "…" not in seen


def test_without_a_terminal_there_is_no_colour() -> None:
    """
    A pipe gets plain text of a hundred columns; a terminal gets colour.
    """
    assert "\x1b" not in shown(MIXED)
    assert text.console(io.StringIO(), {}).width == text.WIDTH


def test_a_terminal_gets_colour_unless_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    NO_COLOR takes the colours away that a terminal gets otherwise.
    """
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    coloured = shown(MIXED, 100, Terminal())
    monkeypatch.setenv("NO_COLOR", "1")
    plain = shown(MIXED, 100, Terminal())

    assert "\x1b[31m" in coloured
    assert "\x1b[31m" not in plain


def test_a_subject_cannot_paint_the_report() -> None:
    """
    Control characters of a subject are spelt out, and its brackets are no markup.
    """
    unsafe = replace(BROKEN, message=UNSAFE)
    made = result(unsafe, identity=Identity(name=UNSAFE, capabilities={}), detail=UNSAFE)
    seen = shown(made)

    assert "\x1b" not in seen
    assert seen.count("[bold]loud[/bold]") >= 3


def test_unicode_names_survive() -> None:
    """
    A path outside ASCII is shown as it is.
    """
    made = result(GOOD, identity=Identity(name="größe.модуль:工場", capabilities={}))

    assert "größe.модуль:工場" in shown(made)


def test_new_columns_come_when_they_hold_something() -> None:
    """
    What a subject refused, accepted, or is excused for has a column where there is such.
    """
    plain = shown(MIXED)
    full = shown(result(named(REJECTED, "a/1"), named(ACCEPTED, "a/2"), GOOD), 120)
    head = next(line for line in full.splitlines() if line.startswith("family")).split()

    assert "rejected" not in plain
    assert head[9:11] == ["rejected", "accepted"]
    assert ["a", "2", "-", "-", "-", "-", "-", "-", "-", "1", "1", "-", "-"] in [
        line.split() for line in full.splitlines()
    ]


def test_what_should_have_been_refused_is_an_advice() -> None:
    """
    Without validation it stands apart, with the subject's reason and the first cases.
    """
    identity = Identity(name="m", capabilities={"validation": "it is not known to check"})
    seen = " ".join(shown(result(GOOD, *[ACCEPTED] * 5, identity=identity)).split())

    assert "advisory: 5 cases that keras-3 refuses were accepted" in seen
    assert "(it is not known to check) f/1, f/2, f/3 and 2 more cases" in seen
    assert "advisory" not in shown(result(GOOD))


def test_an_excused_case_is_not_the_first_red_one() -> None:
    """
    The report goes into what is red, and names what excuses the rest.
    """
    known = Applied(deviation=ENTRY, fate=Fate.OCCURRED, cases=("a/1",), values=2)
    both = result(named(BAD, "a/1"), named(BAD, "b/1"), excused=("a/1",), deviations=[known])
    seen = shown(both)

    assert "case b/1: out" in seen
    assert "case a/1: out" not in seen
    assert "known: 1 case, 2 values out" in seen
    assert "2 of 20 values out in 1 of 2 cases" in " ".join(seen.split())

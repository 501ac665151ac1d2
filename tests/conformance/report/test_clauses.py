from __future__ import annotations

import io
import json
from typing import Any

from rmsprop_conformance.documents.compare import Difference
from rmsprop_conformance.report.clauses import document, print_json, show, show_differences
from rmsprop_conformance.report.text import console
from rmsprop_oracle.clauses import KERAS_3, TF_2, Clause, Contradiction, Place, Reading

CLAUSE = Clause(
    id="keras3.a-clause-with-a-very-long-name-that-is-copied",
    location="argument rho",
    places=(
        Place(document=KERAS_3, first=3, last=4),
        Place(document=TF_2, first=7, last=7),
    ),
    digest="0" * 64,
    constrains="prose",
    paraphrase="It says so.",
    untestable="because",
)

CONTRADICTION = Contradiction(
    id="contradiction.one",
    readings=(
        Reading(says="This.", clauses=(CLAUSE.id,)),
        Reading(says="That.", source="somebody"),
    ),
    decision="This it is.",
    reason="It is said so.",
)


def shown(width: int) -> list[str]:
    """
    The lines of a list of one clause and one contradiction.
    """
    out = io.StringIO()
    on = console(out, {})
    on.width = width
    show([CLAUSE], [CONTRADICTION], on=on)
    return [line.rstrip() for line in out.getvalue().splitlines()]


def test_a_row_says_where_and_what() -> None:
    """
    Id, document and lines, location, testable and paraphrase stand in one row.
    """
    lines = shown(200)

    assert lines[0].split() == ["id", "document", "location", "testable", "paraphrase"]
    assert " ".join(lines[2].split()) == (f"{CLAUSE.id} 003:3-4; 001:7 argument rho no It says so.")


def test_an_id_is_never_broken() -> None:
    """
    However narrow the console, ids can be copied.
    """
    assert any(CLAUSE.id in line for line in shown(60))


def test_contradictions_follow() -> None:
    """
    All readings with their sources, the decision, and the counts come after the table.
    """
    assert shown(200)[3:] == [
        "contradiction.one",
        f"  either   This. ({CLAUSE.id})",
        "  either   That. (somebody)",
        "  decided  This it is.",
        "  because  It is said so.",
        "1 clause, 0 of them testable; 1 contradiction",
    ]


def test_json_has_every_field() -> None:
    """
    A clause's JSON has its places, digest and options, and can be read back.
    """
    out = io.StringIO()
    print_json(document([CLAUSE], [CONTRADICTION]), on=console(out, {}))
    content: dict[str, Any] = json.loads(out.getvalue())

    (clause,) = content["clauses"]
    assert clause["places"][0] == {"document": KERAS_3, "first": 3, "last": 4}
    assert (clause["digest"], clause["testable"], clause["violated_by"]) == ("0" * 64, False, [])
    assert content["contradictions"][0]["decision"] == "This it is."


def test_a_difference_shows_what_stands_there_now() -> None:
    """
    Control characters of the text are spelt out; a new sentence has no clause.
    """
    out = io.StringIO()
    changed = Difference(
        kind="changed",
        document=KERAS_3,
        location="argument rho",
        clause=CLAUSE.id,
        line=3,
        text="Now\x1b[1m.",
    )
    new = Difference(
        kind="new", document=KERAS_3, location="here", clause="", line=5, text="Fresh."
    )
    show_differences([changed, new], {CLAUSE.id: CLAUSE.paraphrase}, on=console(out, {}))

    assert out.getvalue().splitlines() == [
        f"changed {CLAUSE.id}, argument rho, line 3",
        "  registered  It says so.",
        "  says now    Now\\x1b[1m.",
        "new, here, line 5",
        "  says now    Fresh.",
    ]

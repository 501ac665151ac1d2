from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.oracle.clauses import identifiers

import rmsprop_conformance
import rmsprop_fixtures
import rmsprop_oracle
from rmsprop_oracle import clauses
from rmsprop_oracle.clauses import (
    CLAUSES,
    CONSTRAINS,
    CONTRADICTIONS,
    FAMILIES,
    MAY_BE_UNTESTABLE,
    Clause,
    Place,
    clause,
    contradiction,
)
from rmsprop_oracle.errors import UnknownClause

PACKAGES = (rmsprop_conformance, rmsprop_fixtures, rmsprop_oracle)

CITED = re.compile(r"(?:keras3-early|keras3|r3|tf2|contradiction)\.[a-z0-9_-]+")

each_clause = pytest.mark.parametrize("one", CLAUSES.values(), ids=CLAUSES.keys())


def faults(one: Clause) -> set[str]:
    """
    Which fields of a clause are not as they have to be.
    """
    right = {
        "id": re.fullmatch(r"[a-z0-9-]+\.[A-Za-z0-9_-]+", one.id),
        "family": {FAMILIES[place.document] for place in one.places} == {one.id.split(".")[0]},
        "location": one.location,
        "lines": all(1 <= place.first <= place.last for place in one.places),
        "digest": re.fullmatch(r"[0-9a-f]{64}", one.digest),
        "constrains": one.constrains in CONSTRAINS,
        "paraphrase": is_one_sentence(one.paraphrase),
        "testable": one.testable or one.constrains in MAY_BE_UNTESTABLE,
        "violated_by": not one.violated_by or one.testable,
        "options": all(re.fullmatch(r"[a-z_.]+=[a-z0-9.-]+", each) for each in one.violated_by),
    }
    return {field for field, holds in right.items() if not holds}


def is_one_sentence(text: str) -> bool:
    """
    Whether a text is one line that ends with its only full stop at a word's end.
    """
    return re.fullmatch(r"[^\n]+[^.\s]\.", text) is not None and ". " not in text


@each_clause
def test_a_clause_is_well_formed(one: Clause) -> None:
    """
    Id, places, digest, paraphrase and options have their forms, and only few need no test.
    """
    assert faults(one) == set()


def test_an_ill_formed_clause_is_found() -> None:
    """
    The twin: every field that is wrong is named.
    """
    wrong = Clause(
        id="keras3",
        location="",
        places=(Place(document=clauses.TF_2, first=2, last=1),),
        digest="ABC",
        constrains="equation",
        paraphrase="No stop",
        violated_by=("epsilon",),
        untestable="because",
    )

    assert faults(wrong) == {
        "id",
        "family",
        "location",
        "lines",
        "digest",
        "paraphrase",
        "testable",
        "violated_by",
        "options",
    }


@pytest.mark.parametrize("text", ["", "Two. Sentences.", "No stop", "Two\nlines."])
def test_what_is_no_sentence_would_be_seen(text: str) -> None:
    """
    The twin: what is not one sentence is not taken for one.
    """
    assert not is_one_sentence(text)


@each_clause
def test_what_can_be_computed_wrongly_names_the_options(one: Clause) -> None:
    """
    Only interfaces and errors are testable without an option of the semantics.
    """
    apart = {"interface", "error", *MAY_BE_UNTESTABLE}

    assert one.violated_by or one.constrains in apart


def test_ids_are_distinct() -> None:
    """
    No id is given twice.
    """
    assert len(CLAUSES) == len(clauses._ALL)


def test_no_place_is_stated_twice_by_the_same_words() -> None:
    """
    Two clauses never claim the same sentence of the same lines.
    """
    claimed = [
        (place.document, place.first, place.last, one.digest)
        for one in CLAUSES.values()
        for place in one.places
    ]

    assert len(claimed) == len(set(claimed))


def test_ids_are_permanent() -> None:
    """
    The registry holds exactly the ids that were given out.
    """
    assert sorted(CLAUSES) == sorted(identifiers.CLAUSES)
    assert sorted(CONTRADICTIONS) == sorted(identifiers.CONTRADICTIONS)


@each_clause
def test_a_clause_is_found_by_its_id(one: Clause) -> None:
    """
    Every id leads to its clause.
    """
    assert clause(one.id) is one


@pytest.mark.parametrize("find", [clause, contradiction])
def test_an_unknown_id_is_refused(find: object) -> None:
    """
    The message names the id and where the known ones are.
    """
    assert callable(find)
    with pytest.raises(UnknownClause) as caught:
        find("keras3.nesterov")

    expected = "unknown clause 'keras3.nesterov': `rmsprop_oracle.CLAUSES` lists all ids"
    assert str(caught.value) == expected


def cited_in_python(source: str) -> set[str]:
    """
    The strings of a source file that are ids and nothing else.
    """
    strings = (
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    return {text for text in strings if CITED.fullmatch(text)}


def cited() -> Iterator[str]:
    """
    All ids in the programs and in the data.
    """
    for package in PACKAGES:
        assert package.__file__ is not None
        folder = Path(package.__file__).parent
        for path in folder.rglob("*.py"):
            yield from cited_in_python(path.read_text(encoding="utf-8"))
        for path in folder.rglob("*.json"):
            text = path.read_text(encoding="utf-8")
            yield from re.findall(f'"({CITED.pattern})"', text)


def test_every_cited_id_exists() -> None:
    """
    Programs, cases and deviations cite clauses and contradictions that are there.
    """
    found = set(cited())

    assert "tf2.variable" in found
    assert found <= {*CLAUSES, *CONTRADICTIONS}


def test_a_wrong_citation_is_found() -> None:
    """
    The twin: an id in a string is seen, one inside of prose is not.
    """
    source = '"""See keras3.rho."""\nx = ["keras3.nesterov", "keras3.", "other.rho"]'

    assert cited_in_python(source) == {"keras3.nesterov"}

from __future__ import annotations

import re

import pytest

from rmsprop_oracle import clauses
from rmsprop_oracle.clauses import CLAUSES, Clause, clause
from rmsprop_oracle.errors import UnknownClause

each_clause = pytest.mark.parametrize("one", CLAUSES.values(), ids=CLAUSES.keys())


@each_clause
def test_a_clause_says_where_it_stands(one: Clause) -> None:
    """
    Id, document and place are stated, and the paraphrase is one sentence.
    """
    document = {"keras3": clauses.KERAS_3, "tf2": clauses.TF_2}[one.id.partition(".")[0]]

    assert one.document == document
    assert one.location
    assert is_one_sentence(one.paraphrase)


def is_one_sentence(text: str) -> bool:
    """
    Whether a text is one line that ends with its only full stop at a word's end.
    """
    return re.fullmatch(r"[^\n]+[^.\s]\.", text) is not None and ". " not in text


@pytest.mark.parametrize("text", ["", "Two. Sentences.", "No stop", "Two\nlines."])
def test_what_is_no_sentence_would_be_seen(text: str) -> None:
    """
    The twin: what is not one sentence is not taken for one.
    """
    assert not is_one_sentence(text)


def test_ids_are_distinct() -> None:
    """
    No id is given twice.
    """
    assert len(CLAUSES) == len(clauses._ALL)


def test_a_clause_is_found_by_its_id() -> None:
    """
    Every id leads to its clause.
    """
    assert all(clause(identifier).id == identifier for identifier in CLAUSES)


def test_an_unknown_id_is_refused() -> None:
    """
    The message names the id and where the known ones are.
    """
    with pytest.raises(UnknownClause) as caught:
        clause("keras3.nesterov")

    expected = "unknown clause 'keras3.nesterov': `rmsprop_oracle.CLAUSES` lists all ids"
    assert str(caught.value) == expected

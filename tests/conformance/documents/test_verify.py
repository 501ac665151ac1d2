from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.conformance.documents.pages import PAGES
from tests.conformance.documents.registry import registry

from rmsprop_conformance.documents.verify import verify
from rmsprop_conformance.errors import CannotRead
from rmsprop_oracle.clauses import KERAS_3, TF_2


def written(folder: Path) -> Path:
    """
    A folder with all the small documents.
    """
    for document, text in PAGES.items():
        (folder / document).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("document", PAGES)
def test_a_document_agrees_with_its_registry(document: str, tmp_path: Path) -> None:
    """
    Every sentence has its clause and every clause its sentence.
    """
    (compared,) = verify(written(tmp_path), registry(document))

    assert compared.agrees
    assert compared.sentences == compared.clauses > 0


@pytest.mark.parametrize("document", PAGES)
def test_a_sentence_without_a_clause_is_found(document: str, tmp_path: Path) -> None:
    """
    The twin: with one clause less, exactly its sentence is new.
    """
    *clauses, last = registry(document)
    (compared,) = verify(written(tmp_path), clauses)

    assert not compared.agrees
    assert [(each.kind, each.line) for each in compared.differences] == [
        ("new", last.places[0].first)
    ]


def test_each_document_is_compared_by_itself(tmp_path: Path) -> None:
    """
    There is one result for each document that clauses stand in.
    """
    results = verify(written(tmp_path), [*registry(KERAS_3), *registry(TF_2)])

    assert [each.document for each in results] == [TF_2, KERAS_3]
    assert all(each.agrees for each in results)


def test_a_copy_is_found(tmp_path: Path) -> None:
    """
    A paraphrase with a long run of the document's words does not agree.
    """
    text = PAGES[KERAS_3].replace("A word.", "one two three four five six seven eight nine")
    (written(tmp_path) / KERAS_3).write_text(text, encoding="utf-8")
    clauses = [
        replace(clause, paraphrase="Has one two three four five six seven eight.")
        for clause in registry(KERAS_3)[:1]
    ]
    (compared,) = verify(tmp_path, clauses)

    assert compared.copied == {"test.0": "one two three four five six seven eight"}
    assert not compared.agrees


def test_a_missing_document_is_an_error(tmp_path: Path) -> None:
    """
    An empty folder is not taken for one that agrees.
    """
    with pytest.raises(CannotRead):
        verify(tmp_path, registry(KERAS_3))

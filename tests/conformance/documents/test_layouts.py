from __future__ import annotations

from pathlib import Path

import pytest
from tests.conformance.documents.pages import PAGES

from rmsprop_conformance.documents.layouts import LAYOUTS, sentences_of, text_of
from rmsprop_conformance.errors import CannotRead
from rmsprop_oracle.clauses import FAMILIES, KERAS_3


def test_every_document_has_a_layout() -> None:
    """
    The layouts are those of the documents that clauses stand in.
    """
    assert set(LAYOUTS) == set(FAMILIES)


@pytest.mark.parametrize("document", PAGES)
def test_a_document_is_read_by_its_layout(document: str) -> None:
    """
    Each of the small documents has sentences.
    """
    assert sentences_of(document, PAGES[document])


@pytest.mark.parametrize(
    "document", sorted(set(FAMILIES) - {name for name in FAMILIES if "tf2" in FAMILIES[name]})
)
def test_another_text_is_refused(document: str) -> None:
    """
    A text without the parts of its document gives one clear error.
    """
    with pytest.raises(CannotRead, match=document):
        sentences_of(document, "Something else.\n")


def test_a_missing_document_is_named(tmp_path: Path) -> None:
    """
    The error says which file was looked for and what to do.
    """
    with pytest.raises(CannotRead, match=r"No such file.*name a folder") as caught:
        text_of(tmp_path, KERAS_3)

    assert caught.value.path == str(tmp_path / KERAS_3)


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    """
    Bytes that are not UTF-8 give the same kind of error.
    """
    (tmp_path / KERAS_3).write_bytes(b"\xff")

    with pytest.raises(CannotRead, match="can't decode"):
        text_of(tmp_path, KERAS_3)

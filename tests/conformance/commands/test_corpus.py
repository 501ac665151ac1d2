from __future__ import annotations

import io
from pathlib import Path

import pytest
from tests.conformance.fakes import CORPUS

from rmsprop_conformance.commands.corpus import generate, show, verify
from rmsprop_conformance.corpus.location import load
from rmsprop_conformance.errors import CannotWrite, DamagedCorpus
from rmsprop_conformance.report.text import console


def test_families_are_listed() -> None:
    """
    One row for each family with its counts, and the digest in full.
    """
    out = io.StringIO()
    code = show(None, load=lambda _: CORPUS, out=console(out, {}))
    rows = [line.split() for line in out.getvalue().splitlines()]

    assert code == 0
    assert ["plain", "keras-3", "binary32", "2", "2", "2"] in rows
    assert "3 cases, corpus 7, digest 0123456789abcdef" in out.getvalue()


def test_what_is_generated_can_be_loaded(tmp_path: Path) -> None:
    """
    The corpus that is written to a folder is a corpus.
    """
    out = io.StringIO()
    code = generate(tmp_path / "new", out=console(out, {}))

    assert code == 0
    assert load(tmp_path / "new").cases
    assert f"files written to {tmp_path / 'new'}" in out.getvalue()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """
    A file where the folder should be gives one clear error.
    """
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(CannotWrite, match="--folder"):
        generate(tmp_path / "file", out=console(io.StringIO(), {}))


def test_a_damaged_corpus_is_not_verified(tmp_path: Path) -> None:
    """
    An empty folder is no corpus.
    """
    with pytest.raises(DamagedCorpus):
        verify(tmp_path, out=console(io.StringIO(), {}))

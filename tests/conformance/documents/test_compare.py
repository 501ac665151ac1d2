from __future__ import annotations

from dataclasses import replace

import pytest
from tests.conformance.documents.pages import HELP
from tests.conformance.documents.registry import registry

from rmsprop_conformance.documents.compare import compare
from rmsprop_conformance.documents.layouts import sentences_of
from rmsprop_oracle.clauses import KERAS_3, TF_2

CHANGES = {
    "changed": ("Is `1` otherwise.", "Is `2` otherwise.", [("changed", "argument rate", 15)]),
    "gone": (" Is `1` otherwise.", "", [("gone", "argument rate", 15)]),
    "more": (
        "Is `1` otherwise.",
        "Is `2` otherwise. As ever.",
        [("changed", "argument rate", 15), ("new", "argument rate", 15)],
    ),
    "opening": ("A word.", "A word. Any word is good.", [("changed", "argument name", 16)]),
    "new argument": (
        " |      name: A word.",
        " |      name: A word.\n |      more: Any.",
        [("new", "argument more", 17)],
    ),
}


def differences(text: str, *, by_line: bool = False) -> list[tuple[str, str, int]]:
    """
    What differs from the small help.
    """
    found = compare(registry(KERAS_3), KERAS_3, sentences_of(KERAS_3, text), by_line=by_line)
    return [(each.kind, each.location, each.line) for each in found]


def test_the_same_text_has_no_difference() -> None:
    """
    A document agrees with its own registry.
    """
    assert differences(HELP, by_line=True) == []


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_each_change_is_named(change: tuple[str, str, list[tuple[str, str, int]]]) -> None:
    """
    A sentence that is new, gone or changed is named with its part and line, and no other.
    """
    before, after, expected = change

    assert HELP.count(before) == 1
    assert differences(HELP.replace(before, after)) == expected


def test_a_move_counts_where_lines_count() -> None:
    """
    A blank line more moves all that follows; only a comparison by line sees it.
    """
    moved = HELP.replace("class RMSprop(Base)", "\nclass RMSprop(Base)")

    assert differences(moved) == []
    assert {kind for kind, *_ in differences(moved, by_line=True)} == {"moved"}


def test_the_clause_of_a_difference_is_named() -> None:
    """
    A changed sentence leads to its clause, a new one to none.
    """
    text = HELP.replace("Is `1` otherwise.", "Is `2` otherwise.").replace(
        " |      name: A word.", " |      name: A word.\n |      more: Any."
    )
    found = compare(registry(KERAS_3), KERAS_3, sentences_of(KERAS_3, text), by_line=False)

    assert [(each.clause, each.text) for each in found] == [
        ("test.7", "Is 2 otherwise."),
        ("", "Any."),
    ]


def test_clauses_of_other_documents_do_not_count() -> None:
    """
    Only places in the compared document are looked for.
    """
    foreign = [
        replace(clause, places=tuple(replace(place, document=TF_2) for place in clause.places))
        for clause in registry(KERAS_3)
    ]

    assert compare(foreign, KERAS_3, [], by_line=True) == ()
    assert len(compare(foreign, TF_2, [], by_line=True)) == len(foreign)

from __future__ import annotations

import pytest

from rmsprop_conformance.documents.sentences import Block, Sentence, sentences
from rmsprop_oracle.clauses import digest_of


def split(*lines: str, whole: bool = False) -> list[str]:
    """
    The sentences of a block that begins on line 10.
    """
    return [sentence.text for sentence in found(*lines, whole=whole)]


def found(*lines: str, whole: bool = False) -> list[Sentence]:
    """
    The same with their places.
    """
    numbered = tuple(enumerate(lines, start=10))
    return list(sentences([Block(location="here", lines=numbered, whole=whole)]))


def test_a_sentence_knows_its_lines() -> None:
    """
    It begins and ends where its first and last words stand, blank lines in between or not.
    """
    places = [(each.first, each.last) for each in found("It goes on", "", "here. And it", "ends.")]

    assert places == [(10, 12), (12, 13)]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("It goes on here. And ends.", 2),
        ("It goes on here. `and` ends.", 2),
        ('It goes "on and on". And ends.', 2),
        ("It is always 0.0., or 1.5 maybe.", 1),
        ("It goes (i.e. it moves) on.", 1),
        ("It goes on and on. @compatibility(x) And ends. @end_compatibility", 2),
        ("It goes on", 1),
    ],
)
def test_sentences_end_at_full_stops(text: str, count: int) -> None:
    """
    A stop before a capital or before code ends a sentence; one in a number or word does not.
    """
    assert len(split(text)) == count


def test_a_short_opening_belongs_to_the_next() -> None:
    """
    A type before the first sentence is none of its own, a later short sentence is one.
    """
    assert split("Float. It goes on and on. The end.") == ["Float. It goes on and on.", "The end."]
    assert split("The end.") == ["The end."]


def test_code_is_whole() -> None:
    """
    Full stops in code end nothing.
    """
    assert split("It goes on here. And ends.", whole=True) == ["It goes on here. And ends."]


def test_mark_up_alone_is_no_sentence() -> None:
    """
    What normalises to nothing is left out.
    """
    assert split("``", "<br>") == []


def test_the_digest_is_that_of_the_text() -> None:
    """
    A sentence has the digest that its clause carries.
    """
    (sentence,) = found("It `goes`", "on.")

    assert sentence.digest == digest_of("It goes on.")

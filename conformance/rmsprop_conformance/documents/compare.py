"""
The registry against sentences: what is new, gone, changed, or elsewhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from rmsprop_conformance.documents.sentences import Sentence
from rmsprop_oracle.clauses import Clause, Place

Kind = Literal["new", "gone", "changed", "moved"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """
    One sentence that is not as the registry has it.

    Args:
        kind: what became of it.
        document: the document that was compared.
        location: the part of it.
        clause: the id of the clause that states it, or nothing for a new one.
        line: where it stands now, or stood.
        text: the sentence that stands there now, or nothing.
    """

    kind: Kind
    document: str
    location: str
    clause: str
    line: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stated:
    clause: Clause
    place: Place


def compare(
    clauses: Iterable[Clause], document: str, sentences: Sequence[Sentence], *, by_line: bool
) -> tuple[Difference, ...]:
    """
    What differs between the clauses of a document and the sentences of a text.

    A sentence is the same when it stands in the same part with the same digest. Of
    what is left of a part, the first clause and the first sentence belong together.

    Args:
        clauses: the registry, or a part of it.
        document: whose clauses are compared.
        sentences: what stands in the text.
        by_line: whether the same sentence on other lines is a difference, too.
    """
    found, differences = list(sentences), list[Difference]()
    left = defaultdict[str, list[_Stated]](list)
    for stated in _stated(clauses, document):
        same = _same(stated, found)
        if same is None:
            left[stated.clause.location].append(stated)
            continue
        found.remove(same)
        if by_line and not _on_line(stated, same):
            differences.append(_difference("moved", document, stated, same))
    for sentence in found:
        waiting = left[sentence.location]
        stated_there = waiting.pop(0) if waiting else None
        kind: Kind = "changed" if stated_there else "new"
        differences.append(_difference(kind, document, stated_there, sentence))
    differences += [
        _difference("gone", document, stated, None) for rest in left.values() for stated in rest
    ]
    return tuple(sorted(differences, key=lambda each: each.line))


def _stated(clauses: Iterable[Clause], document: str) -> list[_Stated]:
    stated = [
        _Stated(clause=clause, place=place)
        for clause in clauses
        for place in clause.places
        if place.document == document
    ]
    return sorted(stated, key=lambda each: each.place.first)


def _same(stated: _Stated, found: Sequence[Sentence]) -> Sentence | None:
    alike = [
        sentence
        for sentence in found
        if sentence.location == stated.clause.location and sentence.digest == stated.clause.digest
    ]
    on_line = [sentence for sentence in alike if _on_line(stated, sentence)]
    return next(iter([*on_line, *alike]), None)


def _on_line(stated: _Stated, sentence: Sentence) -> bool:
    return (stated.place.first, stated.place.last) == (sentence.first, sentence.last)


def _difference(
    kind: Kind, document: str, stated: _Stated | None, sentence: Sentence | None
) -> Difference:
    if sentence is not None:
        location, line = sentence.location, sentence.first
    else:
        assert stated is not None
        location, line = stated.clause.location, stated.place.first
    return Difference(
        kind=kind,
        document=document,
        location=location,
        clause=stated.clause.id if stated else "",
        line=line,
        text=sentence.text if sentence else "",
    )

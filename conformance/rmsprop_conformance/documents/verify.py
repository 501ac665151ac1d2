"""
The registry against a folder that holds the documents.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from rmsprop_conformance.documents.compare import Difference, compare
from rmsprop_conformance.documents.copied import copied
from rmsprop_conformance.documents.layouts import sentences_of, text_of
from rmsprop_oracle.clauses import Clause


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """
    One document that was compared.

    Args:
        document: its file name.
        sentences: how many it has.
        clauses: how many clauses state them.
        differences: what is not as the registry has it.
        copied: for clauses whose paraphrase is too close, the words they share.
    """

    document: str
    sentences: int
    clauses: int
    differences: tuple[Difference, ...]
    copied: dict[str, str]

    @property
    def agrees(self) -> bool:
        """
        Whether nothing was found.
        """
        return not self.differences and not self.copied


def verify(folder: Path, clauses: Collection[Clause]) -> tuple[Compared, ...]:
    """
    Every document that clauses stand in, compared with them.

    Raises:
        CannotRead: a document is missing, or is laid out otherwise.
    """
    documents = {place.document for clause in clauses for place in clause.places}
    return tuple(_compared(folder, document, clauses) for document in sorted(documents))


def _compared(folder: Path, document: str, clauses: Collection[Clause]) -> Compared:
    text = text_of(folder, document)
    found = sentences_of(document, text)
    own = [clause for clause in clauses if any(p.document == document for p in clause.places)]
    whole = (text, *(sentence.text for sentence in found))
    runs = {clause.id: copied(clause.paraphrase, whole) for clause in own}
    return Compared(
        document=document,
        sentences=len(found),
        clauses=len(own),
        differences=compare(own, document, found, by_line=True),
        copied={identifier: run for identifier, run in runs.items() if run},
    )

"""
A registry of the small documents.
"""

from __future__ import annotations

from tests.conformance.documents.pages import PAGES

from rmsprop_conformance.documents.layouts import sentences_of
from rmsprop_oracle.clauses import Clause, Place


def registry(document: str) -> list[Clause]:
    """
    One clause for each sentence of a small document.
    """
    return [
        Clause(
            id=f"test.{number}",
            location=sentence.location,
            places=(Place(document=document, first=sentence.first, last=sentence.last),),
            digest=sentence.digest,
            constrains="prose",
            paraphrase=f"Ours of number {number}.",
        )
        for number, sentence in enumerate(sentences_of(document, PAGES[document]))
    ]

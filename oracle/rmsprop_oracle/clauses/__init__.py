"""
The documented statements that equations, cases and verdicts cite.

A clause has a permanent id, the places that it stands in (files of the documents that
this project was made from), our own one-sentence paraphrase, and the digest of the
documents' sentence. The sentences themselves are not reproduced. Where two of them, or
a document and an implementation, say different things, that is a contradiction.
"""

from __future__ import annotations

from rmsprop_oracle.clauses import (
    keras_arguments,
    keras_averages,
    keras_class,
    tensorflow_arguments,
    tensorflow_class,
    tensorflow_links,
    tensorflow_state,
    tensorflow_steps,
)
from rmsprop_oracle.clauses.contradictions import CONTRADICTIONS, Contradiction, Reading
from rmsprop_oracle.clauses.model import (
    CONSTRAINS,
    FAMILIES,
    KERAS_3,
    KERAS_3_EARLY,
    MAY_BE_UNTESTABLE,
    R_3,
    TF_2,
    TF_2_MIRROR,
    Clause,
    Place,
    clauses_of,
)
from rmsprop_oracle.clauses.wording import digest_of, normalised
from rmsprop_oracle.errors import UnknownClause

__all__ = [
    "CLAUSES",
    "CONSTRAINS",
    "CONTRADICTIONS",
    "FAMILIES",
    "KERAS_3",
    "KERAS_3_EARLY",
    "MAY_BE_UNTESTABLE",
    "R_3",
    "TF_2",
    "TF_2_MIRROR",
    "Clause",
    "Contradiction",
    "Place",
    "Reading",
    "clause",
    "contradiction",
    "digest_of",
    "normalised",
]

_ALL = tuple(
    clauses_of(
        (
            *keras_class.STATEMENTS,
            *keras_arguments.STATEMENTS,
            *keras_averages.STATEMENTS,
            *tensorflow_class.STATEMENTS,
            *tensorflow_arguments.STATEMENTS,
            *tensorflow_state.STATEMENTS,
            *tensorflow_steps.STATEMENTS,
            *tensorflow_links.STATEMENTS,
        )
    )
)

CLAUSES: dict[str, Clause] = {clause.id: clause for clause in _ALL}
"""
All clauses by id, one family of documents after the other.
"""


def clause(identifier: str) -> Clause:
    """
    The clause with that id.

    Raises:
        UnknownClause: the registry holds no such id.
    """
    try:
        return CLAUSES[identifier]
    except KeyError:
        raise UnknownClause(identifier) from None


def contradiction(identifier: str) -> Contradiction:
    """
    The contradiction with that id.

    Raises:
        UnknownClause: the registry holds no such id.
    """
    try:
        return CONTRADICTIONS[identifier]
    except KeyError:
        raise UnknownClause(identifier) from None

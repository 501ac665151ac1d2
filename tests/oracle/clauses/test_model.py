from __future__ import annotations

import pytest

from rmsprop_oracle.clauses.model import (
    CONSTRAINS,
    FAMILIES,
    MAY_BE_UNTESTABLE,
    TF_2,
    TF_2_MIRROR,
    Clause,
    Place,
    Statement,
    clauses_of,
    early,
    keras,
    mirror,
    page,
    r,
)


def made(*places: Place, untestable: str = "") -> list[Clause]:
    """
    The clauses of one statement.
    """
    statement = Statement(
        key="rho",
        location="argument rho",
        constrains="prose",
        paraphrase="Something.",
        digest="common",
        places=places,
        untestable=untestable,
    )
    return list(clauses_of([statement]))


def test_each_family_that_says_it_has_a_clause() -> None:
    """
    One statement of four families gives four clauses, and the mirror none of its own.
    """
    clauses = made(keras(1), page(2, 3), mirror(4), r(5), early(6))

    assert [clause.id for clause in clauses] == [
        "keras3-early.rho",
        "tf2.rho",
        "r3.rho",
        "keras3.rho",
    ]
    assert [place.document for place in clauses[1].places] == [TF_2, TF_2_MIRROR]
    assert [(place.first, place.last) for place in clauses[1].places] == [(2, 3), (4, 4)]


def test_a_family_may_word_it_otherwise() -> None:
    """
    A place's own digest becomes that of its clause, and of no other.
    """
    clauses = made(r(1, digest="own"), keras(1))

    assert [(clause.id, clause.digest) for clause in clauses] == [
        ("r3.rho", "own"),
        ("keras3.rho", "common"),
    ]


def test_one_clause_has_one_wording() -> None:
    """
    The twin: two wordings in one family are refused.
    """
    with pytest.raises(ValueError, match="too many values"):
        made(page(1), mirror(1, digest="own"))


def test_a_reason_makes_it_untestable() -> None:
    """
    A clause is testable exactly if no reason says otherwise.
    """
    assert [clause.testable for clause in made(keras(1))] == [True]
    assert [clause.testable for clause in made(keras(1), untestable="because")] == [False]


def test_what_may_stay_untested_is_closed() -> None:
    """
    Only kinds of statements that exist may be untestable, and five documents have families.
    """
    assert set(CONSTRAINS) > MAY_BE_UNTESTABLE
    assert len(FAMILIES) == 5

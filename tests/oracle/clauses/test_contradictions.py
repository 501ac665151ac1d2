from __future__ import annotations

import pytest
from tests.oracle.clauses.test_clauses import is_one_sentence

from rmsprop_oracle.clauses import CLAUSES, CONTRADICTIONS, Contradiction, Reading, contradiction
from rmsprop_oracle.clauses.contradictions import ALL

each_contradiction = pytest.mark.parametrize(
    "one", CONTRADICTIONS.values(), ids=CONTRADICTIONS.keys()
)


def faults(one: Contradiction) -> set[str]:
    """
    Which fields of a contradiction are not as they have to be.
    """
    texts = (one.decision, one.reason, *(reading.says for reading in one.readings))
    cited = {each for reading in one.readings for each in reading.clauses}
    right = {
        "id": one.id.startswith("contradiction."),
        "readings": len({reading.says for reading in one.readings}) > 1,
        "sources": all(reading.clauses or reading.source for reading in one.readings),
        "clauses": cited <= set(CLAUSES),
        "texts": all(is_one_sentence(text) for text in texts),
    }
    return {field for field, holds in right.items() if not holds}


@each_contradiction
def test_a_contradiction_is_well_formed(one: Contradiction) -> None:
    """
    There are two readings or more, each with a source, a decision and a reason.
    """
    assert faults(one) == set()


def test_an_ill_formed_contradiction_is_found() -> None:
    """
    The twin: every field that is wrong is named.
    """
    unsaid = Reading(says="This.", clauses=("keras3.nesterov",))
    wrong = Contradiction(
        id="epsilon", readings=(unsaid, Reading(says="This.")), decision="That", reason="Why."
    )

    assert faults(wrong) == {"id", "readings", "sources", "clauses", "texts"}


def test_ids_are_distinct() -> None:
    """
    No id is given twice, and each leads to its contradiction.
    """
    assert len(ALL) == len(CONTRADICTIONS)
    assert all(contradiction(one.id) is one for one in ALL)

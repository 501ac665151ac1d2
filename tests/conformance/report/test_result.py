from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from math import inf, nan

import pytest
from tests.conformance.fakes import BAD, BROKEN, GOOD, REFUSED, SILENT, result

from rmsprop_conformance.model.verdict import CaseVerdict
from rmsprop_conformance.report.result import tally, worst_exit_code


@pytest.mark.parametrize(
    ("codes", "worst"),
    [((0,), 0), ((0, 2), 2), ((2, 1, 0), 1), ((1, 3, 2, 0), 3), ((2, 3), 3), ((), 2)],
)
def test_of_several_exit_codes(codes: tuple[int, ...], worst: int) -> None:
    """
    3 beats 1 beats 2 beats 0 in any order, and none at all is never green.
    """
    assert {worst_exit_code(order) for order in permutations(codes)} == {worst}


def test_a_tally_counts_everything_once() -> None:
    """
    Every case and every value is in exactly one count.
    """
    counted = tally("f", planned=6, verdicts=[GOOD, BAD, SILENT, REFUSED, BROKEN])

    assert (counted.planned, counted.run) == (6, 4)
    assert (counted.failing, counted.unsupported, counted.error) == (1, 1, 1)
    assert (counted.values, counted.exact, counted.sound, counted.out) == (20, 12, 6, 2)
    assert counted.exact + counted.sound + counted.out == counted.values
    assert counted.unspecified == counted.policy.values == 10
    assert counted.policy.frozen == 2


@pytest.mark.parametrize("worst", [inf, nan])
def test_the_worst_is_found_with_its_case(worst: float) -> None:
    """
    The largest share is named with its case; NaN counts as infinite.
    """
    verdicts: list[CaseVerdict] = [
        replace(GOOD, case="a", worst_share=0.9),
        replace(GOOD, case="b", worst_share=worst),
        replace(GOOD, case="c", worst_share=0.95, worst_ulp=7.0, worst_error=1.0),
    ]
    counted = tally("f", planned=3, verdicts=verdicts)

    assert (counted.worst_share, counted.worst_share_case) == (inf, "b")
    assert (counted.worst_ulp, counted.worst_ulp_case) == (7.0, "c")
    assert (counted.worst_error, counted.worst_error_case) == (1.0, "c")


def test_families_add_up_to_the_total() -> None:
    """
    The total is the sum of the families, which stand in the order of the corpus.
    """
    made = result(
        replace(GOOD, case="b/1", family="b"),
        replace(BAD, case="a/1", family="a"),
        replace(GOOD, case="b/2", family="b"),
    )

    assert [(each.family, each.planned) for each in made.families] == [("b", 2), ("a", 1)]
    assert sum(each.values for each in made.families) == made.total.values == 30


def test_a_missed_fault_beats_a_value_that_is_out() -> None:
    """
    Where the judge is broken nothing is said about the subject.
    """
    assert result(GOOD, BAD).exit_code == 1
    assert result(GOOD, BAD, missed=("nan",)).exit_code == 3

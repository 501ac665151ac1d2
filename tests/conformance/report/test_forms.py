from __future__ import annotations

from dataclasses import replace

from tests.conformance.fakes import BROKEN, EXAMINED, GOOD, SKIPPED, forms, result

from rmsprop_conformance.model.reproduction import Chain, Forms, Reproduction
from rmsprop_conformance.report.forms import FormsFound, found, lines, merged
from rmsprop_conformance.report.result import Filters, RunResult


def searched(*parts: Forms | None) -> RunResult:
    """
    A run of as many good cases, with what was found in each.
    """
    return result(*[GOOD] * len(parts), filters=Filters(forms=True), found=parts)


def of(*parts: Reproduction) -> Forms:
    """
    A case that was examined.
    """
    return Forms(evaluations=1, limit=100, reproductions=parts)


def summed(*parts: Forms | None) -> FormsFound:
    """
    What was found in all of them.
    """
    this = found(searched(*parts))
    assert this is not None
    return this


def test_cases_add_up_way_by_way() -> None:
    """
    Values and hits of the same quantity are added, and ranked anew.
    """
    (whole,) = merged([forms(10, 7), forms(3, 10)])

    assert whole.values == 20
    assert [each.reproduced for each in whole.chains] == [17, 13]
    assert not whole.chains[0].documented


def test_another_documented_formula_is_another_quantity() -> None:
    """
    The variable with momentum is not added to the variable without.
    """
    other = Reproduction(
        slot="velocity",
        alternative="early",
        values=1,
        chains=(Chain(formula="other", documented=True, reproduced=1),),
    )

    assert len(merged([forms(10, 7), other])) == 2


def test_one_alternative_is_chosen_for_all_cases() -> None:
    """
    That which explains most values of all cases together, not case by case.
    """
    first = of(forms(10, 0), forms(9, 0, alternative="late"))
    second = of(forms(5, 0), forms(10, 0, alternative="late"))

    assert summed(first).alternative == "early"
    assert summed(first, second).alternative == "late"


def test_the_first_case_that_differs_is_named() -> None:
    """
    Where the best way does not give everything, the report says where it fails first.
    """
    whole = summed(EXAMINED, of(forms(9, 7)), of(forms(8, 7)))
    (row,) = whole.rows

    assert row.differs_in == "f/1"
    assert summed(EXAMINED, EXAMINED).rows[0].differs_in == ""


def test_long_cases_are_named() -> None:
    """
    What was not examined is said, also when nothing was.
    """
    assert (
        "not examined, of more than 100 evaluations: f/1" in lines(searched(EXAMINED, SKIPPED))[-1]
    )
    assert lines(searched(SKIPPED))[0] == "bit for bit: no case was short enough to be examined"


def test_a_complete_way_is_all_of_them() -> None:
    """
    What gives every value is said with `all`, anything less with its share and where.
    """
    assert lines(searched(EXAMINED))[1].split(maxsplit=1)[1] == (
        "all of 10 values by rho·v + (1-rho)·g² (as documented)"
    )
    assert lines(searched(of(forms(2, 9))))[1].split(maxsplit=1)[1] == (
        "9 (90.0%) of 10 values at best, by v + (1-rho)·(g² - v); differs first in case f/0"
    )
    assert "no form gives any, first in case f/0" in lines(searched(of(forms(0, 0))))[1]


def test_ways_that_tie_are_both_told() -> None:
    """
    What the bits cannot tell apart is shown together, up to three ways.
    """
    tied = forms(10, 10)
    more = tuple(replace(tied.chains[1], formula=f"way {at}") for at in range(4))
    shown = lines(searched(of(replace(tied, chains=(*tied.chains, *more)))))[1]

    assert "rho·v + (1-rho)·g² (as documented) or v + (1-rho)·(g² - v) or way 0" in shown
    assert shown.endswith("or 3 other ways")


def test_without_the_search_nothing_is_said() -> None:
    """
    A run that did not ask gets no line; one that got no answer is told so.
    """
    assert lines(result(GOOD)) == ()
    assert found(result(GOOD)) is None
    assert "nothing was answered" in lines(result(BROKEN, filters=Filters(forms=True)))[0]

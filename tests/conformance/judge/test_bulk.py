from __future__ import annotations

from collections.abc import Callable
from functools import partial
from operator import add
from typing import Any

import numpy as np
import pytest
from tests.conformance.judge.questions import Plain, answer, question, with_pattern, without_slots
from tests.miniatures import epsilon_outside, nesterov, rewritten

from rmsprop_conformance.corpus.families import FAMILIES
from rmsprop_conformance.judge import rules
from rmsprop_conformance.judge.bulk import weigh_large
from rmsprop_conformance.judge.rules import judge
from rmsprop_conformance.model.case import Case
from rmsprop_conformance.model.outcome import Answered
from rmsprop_conformance.model.verdict import CaseVerdict
from rmsprop_oracle.bulk import MARGIN

LARGE = question(
    {"rho": 0.75, "momentum": 0.5, "centered": True, "epsilon": 1e-3},
    [np.linspace(-2.0, 2.0, 40)],
    [np.linspace(-1.0, 3.0, 40)],
    [np.linspace(1e-3, 9.0, 40)],
)
SOME = [family.cases()[2][0] for family in FAMILIES if family.name in ("momentum", "centered")]


def one_by_one(
    case: Case, answered: Answered, monkeypatch: pytest.MonkeyPatch, *, free_running: bool = False
) -> CaseVerdict:
    """
    The verdict without bulk judging.
    """
    with monkeypatch.context() as patch:
        patch.setattr(rules, "serves", lambda *_: False)
        return judge(case, answered, free_running=free_running)


def counted(verdict: CaseVerdict) -> tuple[Any, ...]:
    """
    All of a verdict that is no floating-point number.
    """
    return (
        *(verdict.verdict, verdict.values, verdict.exact, verdict.out, verdict.unspecified),
        *(verdict.alternative, verdict.first, verdict.message),
    )


def is_same(left: float, right: float) -> bool:
    """
    Whether two shares or distances agree to twice the margin that bulk judging states.
    """
    return left == right or abs(left - right) <= 2 * MARGIN * abs(right)


def agrees(
    case: Case, answered: Answered, patch: pytest.MonkeyPatch, *, free_running: bool = False
) -> bool:
    """
    Whether bulk judging and judging one by one say the same.
    """
    bulk = judge(case, answered, free_running=free_running)
    single = one_by_one(case, answered, patch, free_running=free_running)
    return (
        counted(bulk) == counted(single)
        and is_same(bulk.worst_share, single.worst_share)
        and is_same(bulk.worst_ulp, single.worst_ulp)
    )


@pytest.mark.parametrize("free_running", [False, True], ids=["lockstep", "free-running"])
@pytest.mark.parametrize("case", [LARGE, *SOME], ids=lambda each: each.id)
@pytest.mark.parametrize(
    "factory",
    [Plain, rewritten.factory, nesterov.factory, epsilon_outside.factory],
    ids=["plain", "rewritten", "nesterov", "epsilon-outside"],
)
def test_bulk_judging_is_judging(
    factory: Callable[..., Any],
    case: Case,
    free_running: bool,  # noqa: FBT001  # pytest passes by name
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """
    Whole arrays get the verdict, the counts and the finding that their elements get.
    """
    answered = answer(case, factory)

    assert agrees(case, answered, monkeypatch, free_running=free_running)
    assert agrees(case, without_slots(answered), monkeypatch, free_running=free_running)


@pytest.mark.parametrize("at", [0, 39])
@pytest.mark.parametrize("slot", ["velocity", "average_gradient", "momentum", "variable"])
def test_each_unit_in_the_last_place_is_judged_alike(
    slot: str, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Walking away from the right value, both judges change their mind at the same number.
    """
    good, said = answer(LARGE, Plain), set()
    for units in (0, 1, 2, 4, 4096):
        moved = with_pattern(good, 1, slot, partial(add, units), at=at)
        said.add(judge(LARGE, moved).verdict)

        assert agrees(LARGE, moved, monkeypatch)
    assert len(said) == 2


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e20, 1e-30, 0.0], ids=str)
def test_strange_gradients_are_judged_alike(value: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Overflow, NaN, subnormal squares and zeros count the same in an array.
    """
    gradient = np.linspace(-1.0, 3.0, 40)
    gradient[7] = value
    case = question({"epsilon": 0.0}, [np.ones(40)], [gradient], [np.ones(40)])

    assert agrees(case, answer(case, Plain), monkeypatch)


def test_a_wrong_count_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The twin: a bulk judge that forgets its counts does not agree.
    """
    answered = answer(LARGE, Plain)
    expected = one_by_one(LARGE, answered, monkeypatch)

    def forgetful(*given: Any, **options: Any) -> Any:
        counts, left = weigh_large(*given, **options)
        return counts._replace(values=1), left

    monkeypatch.setattr(rules, "weigh_large", forgetful)

    assert counted(judge(LARGE, answered)) != counted(expected)

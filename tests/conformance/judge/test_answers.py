from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.conformance.judge.questions import Plain, answer, question, tensor

from rmsprop_conformance.judge.answers import problems
from rmsprop_conformance.model.outcome import Answered, Shown
from rmsprop_oracle.arithmetic.formats import BINARY64

CASE = question({}, [[1.0, 2.0], 3.0], [[0.5, 1.0], 2.0], [[0.5, 1.0], 2.0])
GOOD = answer(CASE, Plain)


def changed(change: Callable[[Shown], Shown]) -> Answered:
    """
    The good answer with its second call changed.
    """
    return Answered(calls=(GOOD.calls[0], change(GOOD.calls[1])))


FAULTS: dict[str, tuple[Answered, list[str]]] = {
    "calls": (Answered(calls=GOOD.calls[:1]), ["2 calls were made, 1 answered"]),
    "no-calls": (Answered(calls=()), ["2 calls were made, 0 answered"]),
    "variables": (
        changed(lambda shown: replace(shown, variables=shown.variables[:1])),
        ["call 1, variables: expected 2 tensors, got 1"],
    ),
    "shape": (
        changed(lambda shown: replace(shown, variables=(shown.variables[0], tensor([3.0])))),
        ["call 1, variables[1]: expected shape (), got (1,)"],
    ),
    "format": (
        changed(lambda shown: replace(shown, variables=(shown.variables[0], tensor(3, BINARY64)))),
        ["call 1, variables[1]: expected binary32, got binary64"],
    ),
    "slot-shape": (
        changed(lambda shown: replace(shown, slots={"velocity": (tensor([1.0]), tensor(2.0))})),
        ["call 1, velocity[0]: expected shape (2,), got (1,)"],
    ),
    "slot-count": (
        changed(lambda shown: replace(shown, slots={"velocity": (None,)})),
        ["call 1, velocity: expected 2 tensors, got 1"],
    ),
    "slot-names": (
        changed(lambda shown: replace(shown, slots={})),
        ["call 1 shows slots [], call 0 showed ['velocity']"],
    ),
}


@pytest.mark.parametrize(("answered", "expected"), FAULTS.values(), ids=FAULTS.keys())
def test_a_misfit_is_named(answered: Answered, expected: list[str]) -> None:
    """
    Each misfit is one sentence with its place, what was expected and what came.
    """
    assert list(problems(CASE, answered)) == expected


def test_a_fitting_answer_has_no_problem() -> None:
    """
    The twin: nothing is said of an answer that fits.
    """
    assert list(problems(CASE, GOOD)) == []


def test_a_slot_may_be_absent_or_wider() -> None:
    """
    A variable's copy of a slot may be missing, or of another format.
    """
    loose = tuple(
        replace(shown, slots={"velocity": (None, tensor(1.0, BINARY64))}) for shown in GOOD.calls
    )

    assert list(problems(CASE, Answered(calls=loose))) == []


def test_all_problems_are_told() -> None:
    """
    Several misfits are several sentences.
    """
    empty = Shown(variables=(), slots={"velocity": ()})

    assert len(list(problems(CASE, Answered(calls=(empty, empty))))) == 4

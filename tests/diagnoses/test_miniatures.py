"""
Hand-written optimizers that get one thing wrong, or two, are told what.

Each diagnosis takes some seconds, so this folder is no part of the core tests. The short form
looks at a tenth; with RMSPROP_TESTS_DIAGNOSES=all every one is looked at.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from tests.miniatures.combined import SEPARABLE, combined, pairs
from tests.miniatures.options.table import WRONG
from tests.miniatures.whole import factory as right

from rmsprop_conformance.corpus.location import load
from rmsprop_conformance.corpus.parallel import spread
from rmsprop_conformance.diagnosis.diagnose import Clocks, diagnosed
from rmsprop_conformance.model.diagnosis import Diagnosis, Kind
from rmsprop_conformance.subjects.in_process import Candidate, InProcess

IS_WHOLE = os.environ.get("RMSPROP_TESTS_DIAGNOSES") == "all"
SINGLES = SEPARABLE if IS_WHOLE else SEPARABLE[::9]
SHORT = 10
SHARE = 0.95
LONGER = {
    "accumulator_reset=with-gradient": (4, 2),
    "overwrite_condition=updates-only": (5, 1),
    "defaults.ema_overwrite_frequency=100": (100, 1),
}
"""
Calls and elements of the smallest example where three calls cannot show the mistake: what an
accumulator kept is seen one accumulation later, an average is not the variable before the fifth
call, and what happens at every hundredth call happens at the hundredth.
"""
REFUSES = "defaults.learning_rate=none"
"""
It answers nothing that is wrong: it asks for a rate.
"""


PATIENT = Clocks(own=lambda: 0.0, wall=lambda: 0.0)
"""
Time stands still, so that what is found does not depend on the machine.
"""


def diagnosis(factory: Callable[..., Any]) -> Diagnosis:
    """
    On the whole corpus.
    """
    subject = InProcess("miniature", Candidate(factory=factory))
    return diagnosed(subject, load().cases, clocks=PATIENT)


def named(found: Diagnosis) -> set[str]:
    """
    What the first explanation says that it does otherwise than Keras 3.
    """
    first = found.explanations[0]
    return {each.name for each in (*first.departures, *first.own)}


def test_the_right_one_is_right() -> None:
    """
    Nothing is said against it, although it was asked everything.
    """
    found = diagnosis(right)

    assert found.kind is Kind.RIGHT
    assert found.judged == found.answered


@pytest.mark.parametrize("name", SINGLES)
def test_one_mistake_is_named(name: str) -> None:
    """
    The top answer is the option that was taken, and no other, and the example is small.

    - it has at most three calls and two elements, where that many show the mistake
    """
    found = diagnosis(WRONG[name])

    assert found.kind is Kind.EXPLAINED
    assert named(found) == {name}
    assert not found.unexplained
    if name != REFUSES:
        assert found.example is not None
        assert any(row.is_out for row in found.example.rows)
        calls, elements = LONGER.get(name, (3, 2))
        assert len(found.example.case.calls) <= calls
        assert found.example.case.elements <= elements


def test_two_mistakes_are_named() -> None:
    """
    The top answer is both options, in 95 of 100 pairs of a fixed sample.
    """
    sample = pairs() if IS_WHOLE else pairs()[:SHORT]
    answers = list(spread(explanation, sample))
    wrong = [
        (pair, answer) for pair, answer in zip(sample, answers, strict=True) if answer != set(pair)
    ]

    assert len(wrong) <= (1 - SHARE) * len(sample), wrong


def explanation(pair: tuple[str, ...]) -> set[str]:
    """
    What the first explanation of two mistakes names; nothing where there is none.
    """
    factory = combined(pair)
    assert factory is not None
    found = diagnosis(factory)
    return named(found) if found.explanations else set()

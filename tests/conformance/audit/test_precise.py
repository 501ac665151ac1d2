from __future__ import annotations

import pytest

from rmsprop_conformance.audit.campaign import FAMILIES, Plan, answer_of, case_of, manners
from rmsprop_conformance.audit.moved import Manner
from rmsprop_conformance.audit.precise import precise_answer
from rmsprop_oracle.arithmetic.formats import BFLOAT16, BINARY16, BINARY32, BINARY64, Format

PLAN = Plan(formats=(BINARY32,), elements=8, calls=3, horizon=3, seed=1)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("kind", [BINARY16, BFLOAT16, BINARY32], ids=lambda each: each.name)
def test_number_by_number_is_array_by_array(kind: Format, family: str) -> None:
    """
    Rounding to nearest in integers gives the bits that rounding in float64 gives.
    """
    case = case_of(PLAN, kind, family, "far", calls=3)
    for manner in manners(family):
        if not manner.edge:
            assert precise_answer(case, manner) == answer_of(case, manner), manner.name


def test_another_manner_gives_other_bits() -> None:
    """
    The twin: a form that rounds otherwise shows other bits.
    """
    case = case_of(PLAN, BINARY32, "plain", "far", calls=3)
    lerped = Manner(forms={"velocity": "lerp"})

    assert precise_answer(case, lerped) != answer_of(case, Manner(forms={}))


def test_binary64_is_answered_number_by_number() -> None:
    """
    A format that float64 cannot stand for is answered precisely.
    """
    case = case_of(PLAN, BINARY64, "momentum", "zero", calls=3)

    assert answer_of(case, Manner(forms={})) == precise_answer(case, Manner(forms={}))

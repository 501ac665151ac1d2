"""
All witnesses, all families, all formats: a million element-steps, none out.
"""

from __future__ import annotations

import pytest
from tests.witnesses.questions import WITNESSES, subject_name

from rmsprop_conformance.audit.campaign import Plan, witnessed
from rmsprop_conformance.subjects.registry import open_subject
from rmsprop_oracle.arithmetic.formats import FORMATS

PLAN = Plan(formats=tuple(FORMATS.values()), elements=220, calls=4, horizon=4, seed=20261121)


@pytest.mark.parametrize("witness", WITNESSES)
def test_no_witness_is_out(witness: str) -> None:
    """
    In lockstep and free-running, from zero and far above the step, nothing is out.
    """
    campaigns = tuple(witnessed(PLAN, open_subject(subject_name(witness))))

    assert [line for each in campaigns for line in each.violations] == []
    assert sum(each.steps for each in campaigns) * len(WITNESSES) >= 10**6


def test_a_wrong_implementation_is_out() -> None:
    """
    The twin: the same inputs find an epsilon outside the root.
    """
    wrong = open_subject("tests.miniatures.epsilon_outside:factory")
    narrow = Plan(formats=(FORMATS["binary32"],), elements=20, calls=1, horizon=1, seed=1)

    assert all(each.violations for each in witnessed(narrow, wrong))

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.conformance.judge.questions import Array, answer, question, with_pattern, without_slots
from tests.miniatures import epsilon_outside, right

from rmsprop_conformance.judge.reproduce import LIMIT, evaluations, forms_of, reproductions
from rmsprop_conformance.model.case import Case
from rmsprop_conformance.model.outcome import Answered
from rmsprop_conformance.model.reproduction import Reproduction
from rmsprop_oracle.bounds import ALTERNATIVES

SIZE = 20
RANDOM = np.random.default_rng(1)
START = RANDOM.normal(size=SIZE).astype(np.float32)
GRADIENTS = [RANDOM.normal(size=SIZE).astype(np.float32) for _ in range(4)]
VALUES = SIZE * len(GRADIENTS)


def asked(configuration: dict[str, Any]) -> Case:
    """
    Four calls on twenty elements that no symmetry makes alike.

    The steps are as large as the variables, so their last bits are not lost in them.
    """
    return question({"learning_rate": 0.7, **configuration}, [START], *([g] for g in GRADIENTS))


PLAIN = asked({})
SETTINGS = [
    pytest.param(PLAIN, id="plain"),
    pytest.param(asked({"momentum": 0.9}), id="momentum"),
    pytest.param(asked({"centered": True, "epsilon": 0.01}), id="centered"),
]


def found(case: Case, answered: Answered, alternative: str = "early") -> dict[str, Reproduction]:
    """
    What is found under one alternative, by slot.
    """
    return {
        each.slot: each for each in reproductions(case, answered) if each.alternative == alternative
    }


class Lerped:
    """
    Right: the velocity by way of the difference, the increment by that of the quotient.
    """

    def __init__(self, learning_rate: float, rho: float = 0.9, epsilon: float = 1e-7) -> None:
        self.rate, self.rest = np.float32(learning_rate), np.float32(1) - np.float32(rho)
        self.epsilon = np.float32(epsilon)
        self.velocity: Any = np.float32(0)

    def apply(self, gradients: list[Array], variables: list[Array]) -> list[Array]:
        """
        One call on one variable.
        """
        (g,), (w,) = gradients, variables
        self.velocity = self.velocity + self.rest * (g * g - self.velocity)
        return [w - self.rate * (g / np.sqrt(self.velocity + self.epsilon))]

    def slots(self) -> dict[str, list[Any]]:
        """
        The velocity.
        """
        return {"velocity": [self.velocity]}


@pytest.mark.parametrize("case", SETTINGS)
def test_a_documented_implementation_is_reproduced_by_the_documented_forms(case: Case) -> None:
    """
    Of a right one in the documented order every value is given by the documented forms.
    """
    for each in found(case, answer(case, right.factory)).values():
        assert each.values == VALUES
        assert each.chains[0].documented
        assert each.chains[0] in each.complete


@pytest.mark.parametrize("case", SETTINGS)
def test_other_forms_give_other_bits(case: Case) -> None:
    """
    The check can fail: some form of each equation that rounds does not give every value.
    """
    for each in found(case, answer(case, right.factory)).values():
        assert len(each.complete) < len(each.chains) or len(each.chains) == 1


def test_a_lerp_is_reproduced_by_the_lerp() -> None:
    """
    Another admissible order is named by its formula, and the documented one is not.
    """
    this = found(PLAIN, answer(PLAIN, Lerped), "late")

    assert [each.formula for each in this["velocity"].complete] == ["v + (1-rho)·(g² - v)"]
    assert [each.formula for each in this["variable"].complete] == ["w - lr·(g/√(v + epsilon))"]


def test_the_alternative_tells() -> None:
    """
    The lerp that rounds 1 - rho late is not complete where it is computed early.
    """
    assert not found(PLAIN, answer(PLAIN, Lerped), "early")["velocity"].complete


def test_where_no_form_fits_none_is_complete() -> None:
    """
    With epsilon outside the root the velocity is reproduced, and no form gives the variable.
    """
    case = asked({"epsilon": 0.01})
    this = found(case, answer(case, epsilon_outside.factory))

    assert this["velocity"].complete
    assert not this["variable"].complete


def test_one_bit_is_enough() -> None:
    """
    One value that is one unit in the last place off is missed by every form.
    """
    good = answer(PLAIN, right.factory)
    off = found(PLAIN, with_pattern(good, 1, "velocity", lambda bits: bits + 1))["velocity"]

    assert not off.complete
    assert off.chains[0].reproduced == off.values - 1


def test_what_is_hidden_is_one_chain() -> None:
    """
    Where no slot is shown the variable's formula has all equations, each in one form.
    """
    this = found(PLAIN, without_slots(answer(PLAIN, Lerped)), "late")

    assert [each.formula for each in this["variable"].complete] == [
        "w - lr·(g/√(v + (1-rho)·(g² - v) + epsilon))"
    ]
    assert len(this["variable"].chains) == 8 * 6


def test_a_slot_that_is_missing_once_is_hidden() -> None:
    """
    A column that is shown after some calls only counts as not shown.
    """
    good = answer(PLAIN, right.factory)
    first = replace(good.calls[0], slots={"velocity": (None,)})
    patchy = Answered(calls=(first, *good.calls[1:]))

    assert found(PLAIN, patchy) == found(PLAIN, without_slots(good))


def test_without_a_gradient_there_is_nothing_to_reproduce() -> None:
    """
    A variable that a call leaves untouched is not counted.
    """
    case = question({}, [START], [GRADIENTS[0]], [None], [GRADIENTS[1]])
    this = found(case, answer(case, right.factory))

    assert {slot: each.values for slot, each in this.items()} == dict.fromkeys(this, 2 * SIZE)
    assert all(each.complete for each in this.values())


def test_the_effort_is_counted_before_it_is_made() -> None:
    """
    It is the number of forms for each alternative that is not wide, call and element.

    That is eight for the velocity, one for the denominator, six for the increment and as
    many for the variable; where the velocity is hidden its eight multiply with them.
    """
    answered = answer(PLAIN, right.factory)
    each = sum(not alternative.wide for alternative in ALTERNATIVES) * VALUES

    assert evaluations(PLAIN, answered) == each * (8 + 1 + 6 + 6)
    assert evaluations(PLAIN, without_slots(answered)) == each * (8 + 8 + 48 + 48)


def test_a_case_that_is_too_long_is_not_examined() -> None:
    """
    One evaluation too many, and the search says so instead of searching.
    """
    answered = answer(PLAIN, right.factory)
    effort = evaluations(PLAIN, answered)
    just, over = (forms_of(PLAIN, answered, limit=limit) for limit in (effort, effort - 1))

    assert effort <= LIMIT
    assert (just.is_skipped, over.is_skipped) == (False, True)
    assert just.reproductions == reproductions(PLAIN, answered)
    assert over.reproductions == ()

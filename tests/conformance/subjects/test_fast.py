from __future__ import annotations

from tests.conformance.subjects.cases import case, without_last_gradient
from tests.miniatures import rewritten, right

from rmsprop_conformance.subjects.attempt import attempt
from rmsprop_conformance.subjects.fast import Harness, candidate
from rmsprop_conformance.subjects.in_process import InProcess

RATES = (0.125, 0.5, 0.25, 1.0)


def test_it_answers_as_a_plain_one_in_the_same_order() -> None:
    """
    The fast one gives every bit of the hand-written one, slots and absent gradients included.
    """
    asked = without_last_gradient(case(momentum=0.5, centered=True, learning_rate=RATES))

    assert attempt(Harness, asked, with_slots=True) == attempt(
        right.factory, asked, with_slots=True
    )


def test_another_order_would_be_seen() -> None:
    """
    The twin: the same equations in another order give other bits.
    """
    asked = case(momentum=0.5, centered=True, rho=0.9, learning_rate=RATES)

    assert attempt(Harness, asked, with_slots=True) != attempt(
        rewritten.factory, asked, with_slots=True
    )


def test_it_can_what_it_says() -> None:
    """
    The whole of the first version's arguments is there; other formats are not.
    """
    capabilities = InProcess("fast", candidate()).describe().capabilities

    there = {name for name, reason in capabilities.items() if not reason}

    assert there == {
        "slots",
        "rate-per-call",
        "none-gradient",
        "rho",
        "momentum",
        "epsilon",
        "centered",
    }

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest
from tests.conformance.subjects.cases import case, plainly
from tests.miniatures import broken, hostile, late, right

from rmsprop_conformance.model.outcome import Answered, Failed
from rmsprop_conformance.subjects.arrays import to_tensor
from rmsprop_conformance.subjects.attempt import Factory, attempt, one_line


def answered(factory: Factory, **configuration: Any) -> Answered:
    """
    The answer to the tests' case, with slots.
    """
    outcome = attempt(factory, case(**configuration), with_slots=True).outcome
    assert isinstance(outcome, Answered), outcome
    return outcome


def failed(factory: Factory, *, with_slots: bool = True) -> Failed:
    """
    How the tests' case failed.
    """
    outcome = attempt(factory, case(), with_slots=with_slots).outcome
    assert isinstance(outcome, Failed), outcome
    return outcome


def test_every_call_is_shown_as_the_optimizer_computed_it() -> None:
    """
    The driver adds nothing: each call shows what the optimizer gives without it.
    """
    plain = plainly(right.factory(0.125), case())

    shown = [call.variables for call in answered(right.factory).calls]

    assert shown == [tuple(to_tensor(array) for array in arrays) for arrays in plain]


def test_another_optimizer_is_shown_differently() -> None:
    """
    The twin: another rho is another answer.
    """
    assert answered(right.factory, rho=0.5) != answered(right.factory)


def test_bad_manners_change_no_number() -> None:
    """
    An optimizer that writes into its inputs and returns views is read as if it did not.
    """
    assert answered(hostile.factory) == answered(right.factory)


@pytest.mark.filterwarnings("ignore:a warning that nobody asked for")
def test_bad_manners_would_change_a_number() -> None:
    """
    The twin: who keeps what the same optimizer returned sees it change.
    """
    rude = hostile.factory(0.125)
    first = rude.apply([np.array([2], np.float32)], [np.array([1], np.float32)])
    before = first[0].tobytes()

    rude.apply([np.array([2], np.float32)], [np.array([1], np.float32)])

    assert first[0].tobytes() != before


def test_nothing_is_printed_and_no_warning_gets_out(capsys: pytest.CaptureFixture[str]) -> None:
    """
    What a stranger prints or warns of, though warnings are errors here, goes nowhere.
    """
    answered(hostile.factory)

    assert capsys.readouterr().out == ""


def test_the_miniature_does_print(capsys: pytest.CaptureFixture[str]) -> None:
    """
    The twin: without the driver it prints.
    """
    hostile.factory(0.125)

    assert capsys.readouterr().out != ""


def test_unknown_slot_names_are_reported() -> None:
    """
    A slot that we do not know is reported and left out of the answer.
    """
    tried = attempt(hostile.factory, case(), with_slots=True)

    assert tried.ignored == {"mood"}
    assert isinstance(tried.outcome, Answered)
    assert set(tried.outcome.calls[0].slots) == {"velocity"}


def test_slots_are_asked_for_only_if_wanted() -> None:
    """
    Without slots an optimizer that cannot show any is not asked.
    """
    outcome = attempt(right.without_slots, case(), with_slots=False).outcome

    assert isinstance(outcome, Answered)
    assert all(call.slots == {} for call in outcome.calls)


def test_missing_slots_are_named() -> None:
    """
    The twin: with slots it is asked, and its lack is named.
    """
    found = failed(right.without_slots)

    assert (found.phase, found.message) == (
        "answer",
        "call 0: WithoutSlots has no method 'slots'",
    )


def test_a_list_of_rates_is_passed_as_a_list() -> None:
    """
    A rate for each call reaches the factory, one value per call.
    """
    changing = answered(right.factory, learning_rate=(0.125, 0.25, 0.5, 1.0))

    assert changing.calls[0] == answered(right.factory).calls[0]
    assert changing.calls[1] != answered(right.factory).calls[1]


def test_no_call_is_an_answer() -> None:
    """
    A case without calls is answered with nothing.
    """
    assert answered(right.factory, calls=0) == Answered(calls=())


FAILURES: dict[str, tuple[Factory, str, str]] = {
    "construct": (
        broken.raises,
        "construct",
        "ValueError: cannot be made with ['learning_rate'] (broken.py, line ",
    ),
    "exit": (broken.exits, "construct", "SystemExit: with 1 arguments (broken.py, line "),
    "unprintable": (
        broken.unprintable,
        "construct",
        "tests.miniatures.broken.Unprintable: <exception str() failed>",
    ),
    "apply": (
        late.raises,
        "apply",
        "call 2: ArithmeticError: no more than two calls, got 2 variables or so (late.py, line ",
    ),
    "exit later": (late.exits, "apply", "call 2: SystemExit: 0 (late.py, line "),
    "answer": (late.shrinks, "answer", "call 2: variable 0 must have shape (2,), got (1,)"),
    "slots": (
        late.lies_about_slots,
        "answer",
        "call 2: velocity of variable 0 must have shape (2,), got (1,)",
    ),
    "shapes": (broken.wrong_shapes, "answer", "call 0: variable 0 must have shape (2,), got (4,)"),
    "dtype": (
        broken.wrong_dtype,
        "answer",
        "call 0: variable 0 must come back in dtype float32, got float64",
    ),
    "octets": (
        broken.swapped_octets,
        "answer",
        "call 0: variable 0 must come back in dtype float32, got ",
    ),
    "count": (
        broken.wrong_count,
        "answer",
        "call 0: apply must return as many arrays as there are variables, 2, got 4",
    ),
    "no apply": (broken.without_apply, "answer", "call 0: dict has no method 'apply'"),
}


@pytest.mark.parametrize(("factory", "phase", "text"), FAILURES.values(), ids=FAILURES.keys())
def test_a_failure_says_where_and_what(factory: Factory, phase: str, text: str) -> None:
    """
    The phase, the call and the first words name what went wrong, in one line.
    """
    found = failed(factory)

    assert found.phase == phase
    assert found.message.startswith(text)
    assert "\n" not in found.message


def test_what_was_raised_comes_with_its_traceback_and_what_was_printed() -> None:
    """
    The detail of a failure has the stranger's traceback and output.
    """

    def talks(**configuration: Any) -> None:
        sys.stdout.write("nearly there")
        raise LookupError(*configuration)

    detail = failed(talks).detail

    assert "in talks\n" in detail
    assert detail.endswith("printed:\nnearly there")


def test_ctrl_c_passes() -> None:
    """
    KeyboardInterrupt is the person's, not the subject's.
    """
    with pytest.raises(KeyboardInterrupt):
        attempt(broken.interrupts, case(), with_slots=True)


def test_a_long_message_is_cut() -> None:
    """
    A message stays one line of some hundred characters.
    """
    line = one_line(ValueError("a\n" * 10_000))

    assert line.startswith("ValueError: a a a")
    assert len(line) < 400

"""
Real Keras on TensorFlow.

In a process of its own where the backend is part of the question.
"""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from typing import Any

import numpy as np
import pytest
from tests.miniatures import rewritten, right

from rmsprop_conformance.model.case import Case, Gradient
from rmsprop_conformance.model.outcome import Answered, Shown
from rmsprop_conformance.model.tensor import Tensor
from rmsprop_conformance.subjects.arrays import dtype_of, to_array, to_tensor
from rmsprop_conformance.subjects.protocol import Subject
from rmsprop_conformance.subjects.registry import open_subject
from rmsprop_oracle.arithmetic.formats import BINARY32, FORMATS, Format

pytest.importorskip("keras", reason="Keras is not installed")
pytest.importorskip("tensorflow", reason="TensorFlow is not installed")

MODES = ("keras", "keras:graph", "keras:xla")

each_mode = pytest.mark.parametrize("mode", MODES)


@cache
def keras(mode: str) -> Subject:
    """
    The subject, probed once.
    """
    return open_subject(mode)


def case(
    variables: list[Any], calls: list[list[Any]], *, format: Format = BINARY32, **more: Any
) -> Case:
    """
    A case from plain numbers.
    """
    dtype = dtype_of(format)

    def tensor(value: Any) -> Tensor:
        return to_tensor(np.array(value, dtype))

    def gradient(value: Any) -> Gradient:
        return None if value is None else tensor(value)

    return Case(
        id="tests/keras",
        family="tests",
        description="A case of the tests.",
        clauses=(),
        format=format,
        configuration={"learning_rate": 0.125, **more},
        variables=tuple(tensor(value) for value in variables),
        calls=tuple(tuple(gradient(value) for value in call) for call in calls),
    )


def shown(mode: str, asked: Case) -> tuple[Shown, ...]:
    """
    What Keras shows after each call.
    """
    outcome = keras(mode).run(asked)
    assert isinstance(outcome, Answered), outcome
    return outcome.calls


def random_case(**more: Any) -> Case:
    """
    Two hundred elements, five calls, normal numbers throughout.
    """
    draw = np.random.default_rng(3)
    return case([draw.normal(0, 3, 200)], [[draw.normal(0, 2, 200)] for _ in range(5)], **more)


def by_hand(module: Any, asked: Case) -> list[bytes]:
    """
    The variables of each call by a hand-written miniature, as native octets.
    """
    configuration = dict(asked.configuration)
    optimizer = module.factory(**configuration)
    variables, octets = [to_array(each) for each in asked.variables], []
    for gradients in asked.calls:
        variables = optimizer.apply([to_array(each) for each in gradients if each], variables)
        octets.append(variables[0].tobytes())
    return octets


@each_mode
def test_the_documented_example(mode: str) -> None:
    """
    From 10, with gradient 10 and rate 0.1, one call leads to 9.683772.
    """
    (call,) = shown(mode, case([10], [[10]], learning_rate=0.1))

    assert call.variables[0].octets[::-1].hex() == "bbf01a41"


@each_mode
def test_the_rate_matters(mode: str) -> None:
    """
    The twin: another rate does not lead there.
    """
    (call,) = shown(mode, case([10], [[10]], learning_rate=0.125))

    assert call.variables[0].octets[::-1].hex() != "bbf01a41"


@each_mode
def test_every_probe_but_restore_passes(mode: str) -> None:
    """
    Keras has every capability; putting state back is not offered.
    """
    description = keras(mode).describe()

    lacking = {name for name, reason in description.capabilities.items() if reason}

    assert lacking == {"restore"}
    assert description.version
    assert description.platform.startswith("tensorflow ")
    assert description.ignored == ()


@each_mode
@pytest.mark.parametrize(
    ("configuration", "names"),
    [
        ({}, {"velocity"}),
        ({"centered": True}, {"velocity", "average_gradient"}),
        ({"momentum": 0.5}, {"velocity", "momentum"}),
        ({"use_ema": True}, {"velocity", "average"}),
        ({"gradient_accumulation_steps": 2}, {"velocity", "accumulator"}),
    ],
    ids=["plain", "centered", "momentum", "average", "accumulator"],
)
def test_the_slots_in_use_are_shown(
    mode: str, configuration: dict[str, Any], names: set[str]
) -> None:
    """
    Exactly the slots of the configuration are shown, in the variables' shapes.
    """
    *_, last = shown(mode, case([[1, 2], 3], [[[4, 5], 6]], **configuration))

    assert set(last.slots) == names
    shapes = {tuple(each.shape for each in slot if each) for slot in last.slots.values()}
    assert shapes == {((2,), ())}


def test_each_slot_is_its_own() -> None:
    """
    From rho 1/2 and gradient 2: velocity 2, average gradient 1, momentum rate · 2 / 1.
    """
    (call,) = shown(
        "keras",
        case([0], [[2]], rho=0.5, momentum=0.5, centered=True, epsilon=0.0, learning_rate=0.5),
    )

    values = {name: to_array(slot[0]).item() for name, slot in call.slots.items() if slot[0]}
    assert values == {"velocity": 2.0, "average_gradient": 1.0, "momentum": 1.0}


@each_mode
def test_a_rate_per_call_is_used_call_by_call(mode: str) -> None:
    """
    With rates the first call is that of the first rate and the second another one.
    """
    calls = [[[2.0, 3.0]], [[4.0, -1.0]]]

    first, second = shown(mode, case([[1, 2]], calls, learning_rate=(0.125, 0.5)))

    plain_first, plain_second = shown(mode, case([[1, 2]], calls, learning_rate=0.125))
    assert first == plain_first
    assert second != plain_second


@each_mode
def test_equal_rates_per_call_are_one_rate(mode: str) -> None:
    """
    The twin: a list of one rate for every call gives the bits of that rate.
    """
    rates = random_case(learning_rate=(0.1,) * 5)

    assert shown(mode, rates) == shown(mode, random_case(learning_rate=0.1))


@each_mode
@pytest.mark.parametrize("format", FORMATS.values(), ids=FORMATS.keys())
def test_variables_and_slots_are_of_the_cases_format(mode: str, format: Format) -> None:
    """
    Every format is computed in itself.
    """
    (call,) = shown(mode, case([[1, 2]], [[[3, 4]]], format=format, momentum=0.5))

    assert {each.format for slot in call.slots.values() for each in slot if each} == {format}
    assert call.variables[0].format is format


@each_mode
def test_a_variable_without_a_gradient_is_left_alone(mode: str) -> None:
    """
    None reaches Keras: with momentum the variable would move otherwise.
    """
    first, second = shown(mode, case([1, 2], [[3, 4], [None, 4]], momentum=0.5))

    assert second.variables[0] == first.variables[0]
    assert second.variables[1] != first.variables[1]


@pytest.mark.parametrize(
    "configuration",
    [{}, {"momentum": 0.9}, {"centered": True}, {"momentum": 0.9, "centered": True}],
    ids=["plain", "momentum", "centered", "both"],
)
def test_eager_keras_is_the_plain_expressions_bit_for_bit(
    configuration: dict[str, Any],
) -> None:
    """
    Operation by operation Keras computes what the documented equations say in float32.
    """
    asked = random_case(**configuration)

    assert [call.variables[0].octets[::-1] for call in shown("keras", asked)] == [
        np.frombuffer(octets, np.float32)[::-1].tobytes() for octets in by_hand(right, asked)
    ]


def test_another_order_would_be_seen() -> None:
    """
    The twin: the same equations in another order give other bits on these inputs.
    """
    asked = random_case()

    assert by_hand(rewritten, asked) != by_hand(right, asked)


def process(code: str, **environment: str) -> str:
    """
    What a new process prints.
    """
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **environment},
    )
    return done.stdout.strip()


def test_the_backend_is_set_for_the_import_only() -> None:
    """
    Whatever the environment says, Keras is imported on TensorFlow, and it says so still.
    """
    code = (
        "import os; from rmsprop_conformance.subjects.keras import eager; eager(); "
        "import keras; print(keras.backend.backend(), os.environ['KERAS_BACKEND'])"
    )

    assert process(code, KERAS_BACKEND="jax") == "tensorflow jax"

"""
Real Keras 3 on TensorFlow: eager, as one graph, or compiled by XLA.
"""

from __future__ import annotations

import importlib
import importlib.util
import logging
import os
import platform
import pydoc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np

from rmsprop_conformance.errors import CannotLoad
from rmsprop_conformance.subjects.arrays import Array
from rmsprop_conformance.subjects.in_process import Candidate

_INSTALL = "pip install 'rmsprop-conformance[keras]'"

_SLOTS = {
    "velocity": "_velocities",
    "average_gradient": "_average_gradients",
    "momentum": "_momentums",
    "average": "_model_variables_moving_average",
    "accumulator": "_accumulated_gradients",
}
"""
Where Keras keeps each slot: a list in the order of the variables that it was built
with, or nothing. No public attribute tells whose slot is whose but by a path's text.
"""


def eager() -> Candidate:
    """
    One operation after the other, each by a TensorFlow kernel.

    Raises:
        CannotLoad: Keras or TensorFlow is missing, or Keras runs on something else.
    """
    return _candidate("keras", "eager", lambda call: call)


def graph() -> Candidate:
    """
    `optimizer.apply` in one tf.function.

    Raises:
        CannotLoad: as `eager`.
    """
    return _candidate("keras:graph", "graph", lambda call: _tensorflow().function(call))


def xla() -> Candidate:
    """
    `optimizer.apply` in one tf.function compiled by XLA.

    Raises:
        CannotLoad: as `eager`.
    """
    return _candidate(
        "keras:xla", "xla", lambda call: _tensorflow().function(call, jit_compile=True)
    )


def documentation() -> tuple[str, str]:
    """
    The version of Keras, and what `help(keras.optimizers.RMSprop)` prints.

    Raises:
        CannotLoad: as `eager`.
    """
    keras = _load("keras")
    text = pydoc.render_doc(keras.optimizers.RMSprop, title="Help on %s:", renderer=pydoc.plaintext)  # type: ignore[attr-defined]  # typeshed lacks it
    return keras.__version__, text


Call = Callable[[list[Any]], None]


class Harness:
    """
    The protocol around one `keras.optimizers.RMSprop`.

    Args:
        keras: the library.
        wrap: what makes of `optimizer.apply` the mode's function.
        configuration: Keras' own arguments; a list of rates becomes a schedule.
    """

    def __init__(self, keras: Any, wrap: Callable[[Call], Call], /, **configuration: Any) -> None:
        rates = configuration.get("learning_rate")
        if isinstance(rates, list):
            configuration["learning_rate"] = _schedule(keras, rates)
        self._keras = keras
        self._optimizer = keras.optimizers.RMSprop(**configuration)
        self._wrap = wrap
        self._variables: list[Any] = []
        self._excluded: list[int] = []

    def apply(self, gradients: list[Array | None], variables: list[Array]) -> list[Array]:
        """
        One `optimizer.apply` on Keras variables that hold these values.
        """
        if not self._variables:
            self._build(variables)
        for held, given in zip(self._variables, variables, strict=True):
            if held.numpy().tobytes() != given.tobytes():
                held.assign(given)
        tensors = [
            None if gradient is None else self._keras.ops.convert_to_tensor(gradient)
            for gradient in gradients
        ]
        self._call(tensors)
        return _values(self._variables)

    def slots(self) -> dict[str, list[Array]]:
        """
        The slots that Keras keeps in this configuration.
        """
        kept = {name: getattr(self._optimizer, at, None) or [] for name, at in _SLOTS.items()}
        return {name: _values(variables) for name, variables in kept.items() if variables}

    def exclude(self, indices: list[int]) -> None:
        """
        No weight decay for these variables; to be called before the first `apply`.
        """
        self._excluded = list(indices)

    def finalize(self) -> list[Array]:
        """
        The variables, overwritten by their averages where Keras keeps any.
        """
        self._optimizer.finalize_variable_values(self._variables)
        return _values(self._variables)

    def _build(self, variables: list[Array]) -> None:
        self._variables = [
            self._keras.Variable(array, dtype=array.dtype.name, name=f"variable_{index}")
            for index, array in enumerate(variables)
        ]
        excluded = [self._variables[index] for index in self._excluded]
        if excluded:
            self._optimizer.exclude_from_weight_decay(var_list=excluded)
        # Before any tf.function traces: variables cannot be created inside one.
        self._optimizer.build(self._variables)

        def call(gradients: list[Any]) -> None:
            self._optimizer.apply(gradients, self._variables)

        self._call = self._wrap(call)


def _values(variables: list[Any]) -> list[Array]:
    return [np.asarray(variable.numpy()) for variable in variables]


def _schedule(keras: Any, rates: list[float]) -> Any:
    class RatePerCall(keras.optimizers.schedules.LearningRateSchedule):  # type: ignore[misc]  # keras is untyped
        """
        The rate of each call, rounded to float32 as Keras holds every rate.
        """

        def __call__(self, step: Any) -> Any:
            return keras.ops.take(keras.ops.convert_to_tensor(rates, dtype="float32"), step)

    return RatePerCall()


def _candidate(name: str, mode: str, wrap: Callable[[Call], Call]) -> Candidate:
    keras = _load(name)
    return Candidate(
        factory=partial(Harness, keras, wrap),
        version=keras.__version__,
        platform=f"tensorflow {_tensorflow().__version__}, {mode}, {platform.machine()}",
    )


def _tensorflow() -> Any:
    import tensorflow as tf

    return tf


def _load(name: str) -> Any:
    for library in ("keras", "tensorflow"):
        if library not in sys.modules and importlib.util.find_spec(library) is None:
            raise CannotLoad(name, f"{library} is not installed", _INSTALL)
    try:
        with _environment():
            keras = importlib.import_module("keras")
            _tensorflow()
    except Exception as fault:
        problem = f"importing keras or tensorflow failed: {type(fault).__name__}: {fault}"
        raise CannotLoad(name, problem, f"repair the installation: {_INSTALL}") from fault
    _check_backend(name, keras)
    return keras


def _check_backend(name: str, keras: Any) -> None:
    backend = keras.backend.backend()
    if backend != "tensorflow":
        raise CannotLoad(
            name,
            f"Keras is already imported in this process with the backend {backend!r}",
            "set KERAS_BACKEND=tensorflow before the process starts, or run the check in a "
            "process of its own",
        )


@contextmanager
def _environment() -> Iterator[None]:
    # All of this is the process' own affair where it has imported Keras already.
    if "keras" in sys.modules:
        yield
        return
    before = os.environ.get("KERAS_BACKEND")
    os.environ["KERAS_BACKEND"] = "tensorflow"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        yield
    finally:
        if before is None:
            del os.environ["KERAS_BACKEND"]
        else:
            os.environ["KERAS_BACKEND"] = before
    # It warns of functions that are traced anew; one for each case is what we want.
    logging.getLogger("tensorflow").setLevel(logging.ERROR)

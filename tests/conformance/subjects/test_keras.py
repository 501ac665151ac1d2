"""
What can be said of Keras' subject where there is no Keras; `backends` has the rest.
"""

from __future__ import annotations

import importlib.util
import sys
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from rmsprop_conformance.errors import CannotLoad
from rmsprop_conformance.subjects import keras as subject


@pytest.mark.parametrize("mode", [subject.eager, subject.graph, subject.xla])
@pytest.mark.parametrize("missing", ["keras", "tensorflow"])
def test_a_missing_library_names_the_extra(
    monkeypatch: pytest.MonkeyPatch, mode: Any, missing: str
) -> None:
    """
    Where Keras or TensorFlow is not installed, the remedy is the extra that brings both.
    """
    for name in ("keras", "tensorflow"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == missing else object()
    )

    with pytest.raises(CannotLoad) as caught:
        mode()

    assert caught.value.problem == f"{missing} is not installed"
    assert caught.value.remedy == "pip install 'rmsprop-conformance[keras]'"


class Held:
    """
    Stands for a Keras variable: counts what is assigned.
    """

    def __init__(self, value: Any, dtype: str, name: str) -> None:
        self.value, self.dtype, self.name, self.assigned = value.copy(), dtype, name, 0

    def numpy(self) -> Any:
        """
        Its value.
        """
        return self.value

    def assign(self, value: Any) -> None:
        """
        Another value.
        """
        self.value, self.assigned = value.copy(), self.assigned + 1


class Library:
    """
    Stands for Keras: an optimizer that does nothing.
    """

    Variable = Held

    def __init__(self) -> None:
        self.optimizers = self.ops = self
        self.variables: list[Held] = []

    def RMSprop(self, **configuration: Any) -> Library:  # noqa: N802  # Keras' name
        """
        Itself.
        """
        del configuration
        return self

    def build(self, variables: list[Held]) -> None:
        """
        Keeps the variables.
        """
        self.variables = variables

    def apply(self, gradients: Any, variables: list[Held]) -> None:
        """
        Moves nothing.
        """

    def convert_to_tensor(self, value: Any) -> Any:
        """
        The value.
        """
        return value


def test_variables_are_assigned_only_if_they_differ() -> None:
    """
    A variable is made once and assigned only where another value is passed, by its bits.
    """
    library = Library()
    harness = subject.Harness(library, lambda call: call, learning_rate=0.5)
    zero = np.zeros(2, np.float32)

    harness.apply([zero], [zero])
    harness.apply([zero], [zero])
    untouched = library.variables[0].assigned
    harness.apply([zero], [-zero])

    assert untouched == 0
    assert library.variables[0].assigned == 1


@pytest.mark.parametrize("mode", [subject.eager, subject.graph, subject.xla])
def test_a_keras_on_another_backend_is_not_judged(
    monkeypatch: pytest.MonkeyPatch, mode: Any
) -> None:
    """
    A Keras that runs on something else already is named with the remedy.
    """
    other = SimpleNamespace(backend=SimpleNamespace(backend=lambda: "jax"))
    monkeypatch.setitem(sys.modules, "keras", other)
    monkeypatch.setitem(sys.modules, "tensorflow", SimpleNamespace(__version__="2"))

    with pytest.raises(CannotLoad) as caught:
        mode()

    assert caught.value.problem == (
        "Keras is already imported in this process with the backend 'jax'"
    )
    assert caught.value.remedy.startswith("set KERAS_BACKEND=tensorflow before the process starts")


def test_a_keras_on_tensorflow_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The twin: on TensorFlow the same Keras is taken, with both versions.
    """
    right = SimpleNamespace(
        backend=SimpleNamespace(backend=lambda: "tensorflow"), __version__="3.99"
    )
    monkeypatch.setitem(sys.modules, "keras", right)
    monkeypatch.setitem(sys.modules, "tensorflow", SimpleNamespace(__version__="2.99"))

    found = subject.graph()

    assert found.version == "3.99"
    assert found.platform.startswith("tensorflow 2.99, graph, ")


def test_an_installation_that_breaks_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A library that is there but fails to import is a fault of the installation.
    """
    for name in ("keras", "tensorflow"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: object())
    monkeypatch.setattr(importlib, "import_module", breaks)

    with pytest.raises(CannotLoad) as caught:
        subject.eager()

    assert caught.value.problem == (
        "importing keras or tensorflow failed: OSError: libsomething.so is missing"
    )


def breaks(name: str) -> None:
    """
    Stands for an import that fails.
    """
    del name
    raise OSError("libsomething.so is missing")

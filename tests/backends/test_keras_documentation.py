"""
What the installed Keras says of itself.
"""

from __future__ import annotations

import inspect

import pytest

from rmsprop_conformance.drift import installed_drift
from rmsprop_conformance.subjects.keras import documentation
from rmsprop_oracle.clauses import CLAUSES, KERAS_3

keras = pytest.importorskip("keras", reason="Keras is not installed")
pytest.importorskip("tensorflow", reason="TensorFlow is not installed")


def test_the_text_is_that_of_the_installed_class() -> None:
    """
    The help has the class's own docstring and the version is the library's.
    """
    version, text = documentation()
    lines = {line.removeprefix(" |").strip() for line in text.splitlines()}

    assert version == keras.__version__
    assert {line.strip() for line in keras.optimizers.RMSprop.__doc__.splitlines()} <= lines


def test_most_sentences_are_still_there() -> None:
    """
    The help is read sentence by sentence: what differs is less than a tenth of the registry.
    """
    registered = [clause for clause in CLAUSES.values() if clause.document == KERAS_3]
    found = installed_drift()

    assert 10 * len(found.differences) < len(registered)


def test_another_default_is_a_changed_signature() -> None:
    """
    Both signatures have drifted exactly if the name's default is no longer the documented one.
    """
    name = inspect.signature(keras.optimizers.RMSprop).parameters["name"].default
    changed = {each.clause for each in installed_drift().differences if each.kind == "changed"}
    signatures = {"keras3.signature", "keras3.init-signature"}

    assert changed & signatures == (set() if name == "rmsprop" else signatures)

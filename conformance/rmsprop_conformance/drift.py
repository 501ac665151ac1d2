"""
The registry against what the installed Keras says of itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from rmsprop_conformance.documents.compare import Difference, compare
from rmsprop_conformance.documents.layouts import sentences_of
from rmsprop_oracle.clauses import CLAUSES, KERAS_3


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """
    How far Keras' own documentation is from the document that was registered.

    Args:
        version: of Keras.
        sentences: how many it has now.
        differences: the ones that are new, gone or changed.
    """

    version: str
    sentences: int
    differences: tuple[Difference, ...]


def drift_of(version: str, documentation: str) -> Drift:
    """
    The differences of a help text.

    Args:
        version: whose text it is.
        documentation: what `help(keras.optimizers.RMSprop)` prints.

    Raises:
        CannotRead: the text has not the parts of such a help.
    """
    found = sentences_of(KERAS_3, documentation)
    differences = compare(CLAUSES.values(), KERAS_3, found, by_line=False)
    return Drift(version=version, sentences=len(found), differences=differences)


def installed_drift() -> Drift:
    """
    The differences of the installed Keras.

    Raises:
        CannotLoad: Keras or TensorFlow is missing.
        CannotRead: its help is laid out otherwise.
    """
    from rmsprop_conformance.subjects.keras import documentation

    return drift_of(*documentation())

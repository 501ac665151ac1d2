"""
The suite's own fast implementation as a subject like any other.
"""

from __future__ import annotations

from importlib import metadata
from typing import Any

from rmsprop_conformance.fast import RMSprop
from rmsprop_conformance.subjects.arrays import Array
from rmsprop_conformance.subjects.in_process import Candidate


def candidate() -> Candidate:
    """
    The NumPy engine.
    """
    return Candidate(factory=Harness, version=_version())


class Harness:
    """
    The protocol around one optimizer; arguments that it lacks are refused by it.
    """

    def __init__(self, **configuration: Any) -> None:
        rates = configuration.get("learning_rate")
        if isinstance(rates, list):
            configuration["learning_rate"] = rates.__getitem__
        self._optimizer = RMSprop(**configuration)

    def apply(self, gradients: list[Array | None], variables: list[Array]) -> list[Array]:
        """
        One call on the arrays given, which are updated in place.
        """
        self._optimizer.apply(gradients, variables)
        return variables

    def slots(self) -> dict[str, list[Array]]:
        """
        The optimizer's own state.
        """
        return {name: list(arrays) for name, arrays in self._optimizer.slots().items()}


def _version() -> str:
    try:
        return metadata.version("rmsprop-conformance")
    except metadata.PackageNotFoundError:
        return ""  # run from a source tree that was not installed

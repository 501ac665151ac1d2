"""
A factory as a subject: smoke case, probes, cases.
"""

from __future__ import annotations

import platform
from dataclasses import dataclass

import numpy as np

from rmsprop_conformance.errors import HarnessFault
from rmsprop_conformance.model.case import Case
from rmsprop_conformance.model.outcome import Outcome, Unsupported
from rmsprop_conformance.subjects.attempt import Factory, attempt
from rmsprop_conformance.subjects.probe import Probed, implied, probe, smoke
from rmsprop_conformance.subjects.protocol import Description


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """
    A factory that was found, not yet called.

    Args:
        factory: called with a configuration as keyword arguments.
        version: of the library behind it; empty if unknown.
        platform: what else decides its bits.
    """

    factory: Factory
    version: str = ""
    platform: str = (
        f"{platform.python_implementation()} {platform.python_version()}, NumPy {np.__version__}"
    )


class InProcess:
    """
    A subject that runs in this very process.

    Args:
        name: as given on the command line.
        candidate: where its objects come from.

    Raises:
        HarnessFault: the smoke case failed.
    """

    __slots__ = ("_candidate", "_ignored", "_name", "_probed")

    def __init__(self, name: str, candidate: Candidate) -> None:
        failed = smoke(candidate.factory)
        if failed is not None:
            raise HarnessFault(name, failed.phase, failed.message)
        self._name, self._candidate = name, candidate
        self._probed: Probed = probe(candidate.factory)
        self._ignored = self._probed.ignored

    def describe(self) -> Description:
        """
        Who it is; `ignored` grows with the cases that were run.
        """
        return Description(
            name=self._name,
            version=self._candidate.version,
            platform=self._candidate.platform,
            capabilities=self._probed.capabilities,
            ignored=tuple(sorted(self._ignored)),
        )

    def run(self, case: Case) -> Outcome:
        """
        Put one case to a fresh object of the factory.
        """
        for capability in implied(case):
            reason = self._lacks(capability)
            if reason:
                return Unsupported(capability=capability, message=reason)
        with_slots = not self._probed.capabilities["slots"]
        tried = attempt(self._candidate.factory, case, with_slots=with_slots)
        self._ignored |= tried.ignored
        return tried.outcome

    def _lacks(self, capability: str) -> str:
        unknown = "this version has no probe for it, so no Python subject is asked"
        return self._probed.capabilities.get(capability, unknown)

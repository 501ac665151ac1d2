"""
What every subject offers, as a protocol: nothing to inherit from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from rmsprop_conformance.model.case import Case
from rmsprop_conformance.model.outcome import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """
    Who a subject says it is, and what it can be asked.

    Args:
        name: as given on the command line.
        version: of the library behind it; empty if unknown.
        platform: what else decides its bits (backend, mode, interpreter).
        profile: the profile that it claims, or `keras-3`.
        capabilities: for each probed capability the empty string where it is there,
            and the reason where it is not.
        ignored: slot names that it shows and that we do not know.
    """

    name: str
    version: str = ""
    platform: str = ""
    profile: str = "keras-3"
    capabilities: Mapping[str, str]
    ignored: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "capabilities", MappingProxyType(dict(self.capabilities)))


class Subject(Protocol):
    """
    An implementation under test.
    """

    def describe(self) -> Description:
        """
        Who it is; the smoke case and the probes have run.

        Raises:
            HarnessFault: the smoke case failed.
        """

    def run(self, case: Case) -> Outcome:
        """
        Put one case to it; whatever the implementation does comes back as a value.
        """

"""
How a subject's bits come about: which ways to write the equations give them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """
    One way to compute a quantity: a form for each equation on the way to it.

    Args:
        formula: how it reads, from the quantities that the subject shows.
        documented: whether every form is the documented one.
        reproduced: how many of the values it gives, bit for bit.
    """

    formula: str
    documented: bool
    reproduced: int


def ranked(chains: Iterable[Chain]) -> tuple[Chain, ...]:
    """
    The same ways, that which gives most values first, then the documented one.
    """
    return tuple(sorted(chains, key=lambda each: (-each.reproduced, not each.documented)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reproduction:
    """
    How one quantity comes about, under one legal alternative.

    Args:
        slot: name of the slot, or `variable`.
        alternative: the legal alternative that was computed with.
        values: how many values were compared.
        chains: the ways to compute it, ranked; one of them is the documented one.
    """

    slot: str
    alternative: str
    values: int
    chains: tuple[Chain, ...]

    @property
    def documented(self) -> str:
        """
        The documented formula: it tells apart what the configuration makes different.
        """
        return next(chain.formula for chain in self.chains if chain.documented)

    @property
    def complete(self) -> tuple[Chain, ...]:
        """
        The ways that give every value, bit for bit.
        """
        return tuple(chain for chain in self.chains if chain.reproduced == self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """
    What the search for forms found in the answer to one case.

    Args:
        evaluations: how many formulas have to be computed to try all of them.
        limit: how many are not too many.
        reproductions: for each alternative and shown quantity; empty if not examined.
    """

    evaluations: int
    limit: int
    reproductions: tuple[Reproduction, ...] = ()

    @property
    def is_skipped(self) -> bool:
        """
        Whether the case was too long to be examined.
        """
        return self.evaluations > self.limit

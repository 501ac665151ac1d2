"""
What a contradiction is made of.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """
    One of the ways to understand what the sources say.

    Args:
        says: the reading, in one sentence of our own.
        clauses: ids of the clauses that say so.
        source: who else says so, such as an implementation with its version.
    """

    says: str
    clauses: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """
    Readings that cannot all hold, and which one the suite follows.

    Args:
        id: permanent; begins with `contradiction.`.
        readings: two or more.
        decision: what the suite does, in one sentence.
        reason: why, in one sentence.
    """

    id: str
    readings: tuple[Reading, ...]
    decision: str
    reason: str

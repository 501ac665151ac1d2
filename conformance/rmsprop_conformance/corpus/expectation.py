"""
What a reader of the files alone compares with: exact digits, nearest number, bound.

Expectations are free-running: they hold for a subject that is known only by its start.
Our own judge computes sharper ones from what the subject shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mpmath import libmp

from rmsprop_conformance.model.case import Case
from rmsprop_oracle.arithmetic.ball import Ball
from rmsprop_oracle.arithmetic.digits import digits
from rmsprop_oracle.arithmetic.formats import BINARY64, Format, Raw
from rmsprop_oracle.bounds import Alternative, BallArithmetic, alternatives, free_running
from rmsprop_oracle.parameters import Parameters, parameters_from
from rmsprop_oracle.step import Elements, State, slot_names

DIGITS = 24
"""
Significant digits of expected values, correctly rounded.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """
    The expectation of one case, as it stands in the file.

    Args:
        document: for each legal way to form 1 - rho, the values after each call.
        values: how many expected values it holds.
    """

    document: list[dict[str, Any]]
    values: int


def expectation(case: Case, kept: tuple[int, ...], *, precision: int) -> Expectation:
    """
    What a correct implementation of the case's format may answer.

    Args:
        case: the question.
        kept: the calls after which values are published, ascending.
        precision: bits of the oracle; digits do not depend on it (`corpus verify`
            computes them at two), bounds only in their last bits.
    """
    parameters = parameters_from(case.configuration)
    gradual = [each for each in alternatives(parameters, case.format) if not each.flush]
    document = [_alternative(case, kept, parameters, each, precision) for each in gradual]
    columns = len(slot_names(parameters)) + 1
    values = case.elements * columns * len(kept) * len(gradual)
    return Expectation(document=document, values=values)


def _alternative(
    case: Case,
    kept: tuple[int, ...],
    parameters: Parameters,
    alternative: Alternative,
    precision: int,
) -> dict[str, Any]:
    arithmetic = BallArithmetic(format=case.format, alternative=alternative, precision=precision)
    states = free_running(parameters, _values(case), _gradients(case), arithmetic)
    return {
        "one_minus_rho": "early" if alternative.early else "late",
        "calls": [
            {"call": call, **_state(state, case.format)}
            for call, state in enumerate(states)
            if call in kept
        ],
    }


def _values(case: Case) -> tuple[tuple[Raw, ...], ...]:
    decode = case.format.decode
    return tuple(tuple(map(decode, variable.patterns())) for variable in case.variables)


def _gradients(case: Case) -> tuple[tuple[tuple[Raw, ...] | None, ...], ...]:
    decode = case.format.decode
    return tuple(
        tuple(None if each is None else tuple(map(decode, each.patterns())) for each in call)
        for call in case.calls
    )


def _state(state: State, kind: Format) -> dict[str, Any]:
    columns = {"variable": state.variables, **state.slots}
    return {
        name: [_elements(elements, kind) for elements in column] for name, column in columns.items()
    }


def _unless(ball: Ball, text: str) -> str | None:
    """
    Nothing where the ball is unspecified: no digits mean anything there.
    """
    return None if ball.is_unspecified else text


def _elements(elements: Elements, kind: Format) -> dict[str, list[str | None]]:
    return {
        "digits": [_unless(ball, digits(ball.mid, DIGITS)) for ball in elements],
        "bits": [
            _unless(ball, f"{kind.encode(ball.mid):0{kind.hex_digits}x}") for ball in elements
        ],
        "bound": [bound_bits(ball) for ball in elements],
    }


def bound_bits(ball: Ball) -> str:
    """
    The radius as a binary64 pattern that is not less; infinity is *unspecified*.
    """
    return f"{_rounded_up(ball.rad):016x}"


def _rounded_up(rad: Raw) -> int:
    pattern = BINARY64.encode(rad)
    if libmp.mpf_lt(BINARY64.decode(pattern), rad):
        pattern += 1
    return pattern

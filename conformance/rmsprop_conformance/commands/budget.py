"""
`oracle --budget`: what the bounds after a call are made of, as a table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mpmath import libmp

from rmsprop_oracle.arithmetic.digits import digits, digits_upper
from rmsprop_oracle.arithmetic.formats import Format, Raw, power_of_two
from rmsprop_oracle.bounds import BallArithmetic
from rmsprop_oracle.budget import SECOND_ORDER, Budget, CallBudget, last_call_budget
from rmsprop_oracle.parameters import Parameters
from rmsprop_oracle.spelling import LEGEND

_DIGITS = 3
"""
Significant digits of a share; the sums are printed with those of the bounds.
"""


def budget_lines(
    parameters: Parameters,
    start: Raw,
    gradients: tuple[Raw, ...],
    arithmetic: BallArithmetic,
    name: str,
) -> list[str]:
    """
    The budget of each quantity after the last call, in the documents' order.

    Args:
        parameters: hyper-parameters.
        start: the variable before the first call, exact.
        gradients: of each call, exact.
        arithmetic: the format, and the alternative whose bounds are broken down.
        name: of that alternative.
    """
    call = last_call_budget(parameters, start, gradients, arithmetic)
    return [
        f"What the bounds after call {len(gradients)} are made of, {name}:",
        f"({LEGEND})",
        *(line for each in call.quantities for line in _table(each, arithmetic.format)),
        *_closing(call),
    ]


def _table(budget: Budget, kind: Format) -> Iterator[str]:
    ball = budget.documented
    if ball.is_unspecified or budget.bound.is_unspecified:
        yield f"  {budget.slot}: unspecified, no bound can be given"
        return
    unit = power_of_two(kind.ulp_exponent(ball.mid))
    yield f"  {budget.slot} = {digits(ball.mid, 12)}, one ulp is {digits(unit, 6)}"
    yield f"    {'absolute':>11} {'ulp':>9} {'share':>7}  from"
    for cause, share in _rows(budget.shares):
        yield _row(share, unit, ball.rad, cause)
    yield _row(ball.rad, unit, ball.rad, "the documented form, their sum", upper=6)
    yield _row(budget.rest, unit, ball.rad, "more for other forms")
    yield _row(budget.bound.rad, unit, ball.rad, "the bound", upper=6)


def _rows(shares: Mapping[str, Raw]) -> Iterator[tuple[str, Raw]]:
    """
    The shares in the order of the equations, what no operation is to blame for last.
    """
    yield from ((cause, share) for cause, share in shares.items() if cause != SECOND_ORDER)
    if SECOND_ORDER in shares:
        yield SECOND_ORDER, shares[SECOND_ORDER]


def _row(share: Raw, unit: Raw, whole: Raw, cause: str, *, upper: int = 0) -> str:
    absolute = digits_upper(share, upper) if upper else digits(share, _DIGITS)
    in_ulp = digits(libmp.mpf_div(share, unit, 53, "n"), _DIGITS)
    percent = 100 * libmp.to_float(libmp.mpf_div(share, whole, 53, "n")) if whole[1] else 0.0
    return f"    {absolute:>11} {in_ulp:>9} {percent:6.1f}%  {cause}"


def _closing(call: CallBudget) -> Iterator[str]:
    yield "A bound is that of the widest form of each equation, in the earlier calls, too, and"
    yield "allows computing in a wider format. " + (
        f"Widest in this call: {'; '.join(call.widest)}."
        if call.widest
        else "In this call the documented forms are the widest."
    )

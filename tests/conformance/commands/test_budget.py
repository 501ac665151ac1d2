from __future__ import annotations

import re

from mpmath import libmp

from rmsprop_conformance.commands.budget import budget_lines
from rmsprop_oracle.arithmetic.formats import BINARY32
from rmsprop_oracle.bounds import BallArithmetic
from rmsprop_oracle.budget import last_call_budget
from rmsprop_oracle.parameters import Parameters

START, GRADIENTS = libmp.fone, (libmp.fhalf, libmp.fone)
ARITHMETIC = BallArithmetic(format=BINARY32)
ROW = re.compile(r"^ +(\S+) +(\S+) +(\S+)%  (.*)$")


def printed(parameters: Parameters) -> list[str]:
    """
    The lines of a budget after two calls.
    """
    return budget_lines(parameters, START, GRADIENTS, ARITHMETIC, "early")


def rows(lines: list[str], slot: str) -> dict[str, tuple[float, float, float]]:
    """
    The absolute, ulp and percent columns of one quantity, by what they are from.
    """
    heads = [at for at, line in enumerate(lines) if " = " in line and "one ulp is" in line]
    (start,) = (at for at in heads if lines[at].split()[0] == slot)
    matches = (ROW.match(line) for line in lines[start + 1 : start + 40])
    found: dict[str, tuple[float, float, float]] = {}
    for match in matches:
        if match is not None:
            found.setdefault(match[4], (float(match[1]), float(match[2]), float(match[3])))
        if match is not None and match[4] == "the bound":
            break
    return found


SUM, MORE, BOUND = "the documented form, their sum", "more for other forms", "the bound"


def test_the_table_adds_up() -> None:
    """
    The printed shares are the printed sum, to the three digits that each is printed with.
    """
    table = rows(printed(Parameters()), "variable")
    parts = [value for cause, value in table.items() if cause not in (SUM, MORE, BOUND)]
    for column in range(2):
        whole = table[SUM][column]
        # Half a unit of the third digit of each part, and the sum's own digits.
        assert abs(sum(part[column] for part in parts) - whole) <= 0.006 * whole
    assert table[SUM][2] == 100.0
    assert len(parts) > 8


def test_every_share_of_the_oracle_is_a_row() -> None:
    """
    Nothing of the budget is left out, and each quantity has its table.
    """
    lines = printed(Parameters(momentum=0.5, centered=True))
    call = last_call_budget(Parameters(momentum=0.5, centered=True), START, GRADIENTS, ARITHMETIC)
    for each in call.quantities:
        assert set(each.shares) == set(rows(lines, each.slot)) - {SUM, MORE, BOUND}


def test_what_has_no_bound_has_no_table() -> None:
    """
    Where nothing is specified one line says so.
    """
    lines = printed(Parameters(learning_rate=1e38, epsilon=0.0, rho=1.0))

    assert "  variable: unspecified, no bound can be given" in lines

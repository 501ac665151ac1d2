from __future__ import annotations

import io
from dataclasses import replace
from fractions import Fraction
from math import isqrt

import click
import pytest

from rmsprop_conformance.commands.oracle import Request, oracle
from rmsprop_conformance.report.text import console

PLAIN = Request(
    rates=(0.5,),
    hyper={"rho": 0.5, "momentum": 0.0, "epsilon": 0.25, "centered": False},
    start=1.0,
    gradients=(1.0,),
    digits=30,
    format="binary32",
)


def printed(request: Request) -> str:
    """
    What the command prints.
    """
    out = io.StringIO()
    oracle(request, out=console(out, {}))
    return out.getvalue()


def test_the_digits_are_right() -> None:
    """
    A step computed with integers alone has the same thirty digits.
    """
    # v = 1/2, d = 3/4, w = 1 - (1/2)/√(3/4) = 1 - 1/√3.
    scale = 10**40
    expected = 1 - Fraction(isqrt(scale**2 // 3), scale)
    digits = round(expected * 10**30)

    assert f"variable         0.{digits}" in printed(PLAIN)
    assert "velocity         0.5\n" in printed(PLAIN)


def test_each_call_is_printed_with_its_slots() -> None:
    """
    Every slot that exists stands under every call.
    """
    hyper = {"rho": 0.5, "momentum": 0.5, "epsilon": 0.25, "centered": True}
    seen = printed(replace(PLAIN, hyper=hyper, gradients=(1.0, -2.0)))

    assert [seen.count(f"\n  {slot} ") for slot in ("velocity", "average_gradient")] == [2, 2]
    assert "after call 2, gradient -2" in seen


def test_it_says_whose_digits_they_are() -> None:
    """
    The exact binary64 value of each hyper-parameter is printed, and said to be used.
    """
    seen = printed(replace(PLAIN, hyper={**PLAIN.hyper, "rho": 0.9}))

    assert "exact\nbinary64 values of the hyper-parameters" in seen
    assert "rho = 0.9000000000000000222044604925031308084726" in seen


def test_inputs_are_rounded_to_the_format() -> None:
    """
    Start and gradient are shown as the numbers of the format that are used.
    """
    seen = printed(replace(PLAIN, start=0.1, gradients=(0.1,)))

    assert "start = 0.100000001490116119384765625" in seen
    assert "gradient 0.100000001490116119384765625" in seen


def test_late_has_its_own_middle() -> None:
    """
    Where 1 - rho rounded late is another number, its own digits are printed.
    """
    same, different = printed(PLAIN), printed(replace(PLAIN, hyper={**PLAIN.hyper, "rho": 0.9}))

    assert "late" not in same.partition("after call")[2]
    assert "(late, late+flush)" in different


def test_rates_of_each_call_are_used() -> None:
    """
    A rate of zero for the second call leaves the variable where it was.
    """
    seen = printed(replace(PLAIN, rates=(0.5, 0.0), gradients=(1.0, 1.0)))
    variables = [line for line in seen.splitlines() if line.startswith("  variable")]

    assert variables[0] == variables[1]


def test_what_does_not_settle_is_marked() -> None:
    """
    A difference that is zero in truth has no digits, and none are invented.
    """
    # Irrational steps of a thousand there and back again, then one of exactly 1.
    there = (1.0, 3.0, 5.0)
    gradients = (*there, *(-gradient for gradient in there), 0.5)
    hyper = {"rho": 0.0, "momentum": 0.0, "epsilon": 0.75, "centered": False}
    rates = (*[1024.0] * 6, 2.0)
    seen = printed(replace(PLAIN, hyper=hyper, rates=rates, gradients=gradients, digits=24))

    assert seen.count("not settled") == 1
    assert "after call 7" in seen.partition("not settled")[0]


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (replace(PLAIN, hyper={**PLAIN.hyper, "rho": 1.5}), "`rho` must be"),
        (replace(PLAIN, rates=(0.1, 0.2, 0.3)), "each of the 1 calls; got 3"),
        (replace(PLAIN, start=float("nan")), "--start must be finite"),
        (replace(PLAIN, gradients=(1e300,)), "--gradient 1e\\+300 overflows binary32"),
        (replace(PLAIN, hyper={**PLAIN.hyper, "epsilon": 0.0}, gradients=(0.0,)), "denominator"),
    ],
)
def test_bad_input_is_refused(request_: Request, said: str) -> None:
    """
    Each bad input gives one sentence that names it.
    """
    with pytest.raises(click.UsageError, match=said):
        printed(request_)

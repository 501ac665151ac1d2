from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from rmsprop_conformance.fast.hyperparameters import check, check_block_size, nearest, number

GOOD: dict[str, Any] = {"rho": 0.9, "momentum": 0.0, "epsilon": 1e-7, "centered": False}


def test_the_complement_is_subtracted_before_it_is_rounded() -> None:
    """
    1 - rho is the binary64 difference, rounded once.
    """
    by = check(**{**GOOD, "rho": 0.9999})

    assert by.complement == np.float32(1 - 0.9999)


def test_rounding_rho_first_would_be_seen() -> None:
    """
    The twin: 1 minus the rounded rho is another number.
    """
    assert np.float32(1) - np.float32(0.9999) != np.float32(1 - 0.9999)


@pytest.mark.parametrize("momentum", [0, 0.0, -0.0])
def test_no_momentum_is_no_buffer(momentum: float) -> None:
    """
    A momentum of zero keeps no buffer.
    """
    assert check(**{**GOOD, "momentum": momentum}).momentum is None


def test_some_momentum_is_a_factor() -> None:
    """
    The twin: a positive momentum is kept, rounded to float32.
    """
    assert check(**{**GOOD, "momentum": 0.1}).momentum == np.float32(0.1)


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("rho", 1.5, "rho must be between 0 and 1, got 1.5"),
        ("rho", -0.1, "rho must be between 0 and 1, got -0.1"),
        ("rho", math.nan, "rho must be between 0 and 1, got nan"),
        ("momentum", -0.5, "momentum must be finite and at least 0, got -0.5"),
        ("epsilon", math.inf, "epsilon must be finite and at least 0, got inf"),
    ],
)
def test_a_number_out_of_range_is_refused_by_name(name: str, value: float, text: str) -> None:
    """
    A ValueError says which argument, what was expected and what came.
    """
    with pytest.raises(ValueError, match=f"^{text}$"):
        check(**{**GOOD, name: value})


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("rho", "0.9", r"rho must be a number, got '0\.9' \(str\)"),
        ("epsilon", None, r"epsilon must be a number, got None \(NoneType\)"),
        ("momentum", True, r"momentum must be a number, got True \(bool\)"),
        ("centered", 1, r"centered must be a bool, got 1 \(int\)"),
    ],
)
def test_another_kind_of_value_is_refused_by_name(name: str, value: object, text: str) -> None:
    """
    A TypeError says which argument, what was expected and what came.
    """
    with pytest.raises(TypeError, match=f"^{text}$"):
        check(**{**GOOD, name: value})


def test_numbers_of_other_types_are_taken() -> None:
    """
    The twin: ints and NumPy floats are numbers, and NumPy's bool is a bool.
    """
    by = check(rho=np.float32(0.5), momentum=1, epsilon=0, centered=np.True_)

    assert by.rho == 0.5
    assert by.momentum == 1
    assert by.epsilon == 0
    assert by.centered is True


@pytest.mark.parametrize("value", [0, -1, 2.0, True, None])
def test_a_block_size_that_is_none_is_refused(value: object) -> None:
    """
    A block has at least one element, and a whole number of them.
    """
    with pytest.raises(ValueError, match=r"^block_size must be an int of at least 1, got "):
        check_block_size(value)


def test_a_block_size_is_taken() -> None:
    """
    The twin: one element is enough.
    """
    assert check_block_size(1) == 1


def test_a_number_beyond_float32_rounds_to_infinity_without_a_warning() -> None:
    """
    Rounding to float32 is IEEE's, overflow included, and silent.
    """
    assert nearest(number("learning_rate", 1e300)) == np.inf

from __future__ import annotations

from typing import Any

import pytest

from rmsprop_conformance.model.case import Case
from rmsprop_conformance.model.tensor import Tensor
from rmsprop_oracle.arithmetic.formats import BINARY32


def case(configuration: dict[str, Any], shapes: tuple[tuple[int, ...], ...] = ((2,),)) -> Case:
    """
    A case with no calls.
    """
    zeros = tuple(
        Tensor(format=BINARY32, shape=shape, octets=bytes(4 * (shape[0] if shape else 1)))
        for shape in shapes
    )
    return Case(
        id="family/one",
        family="family",
        description="One.",
        clauses=(),
        format=BINARY32,
        configuration=configuration,
        variables=zeros,
        calls=(),
    )


def test_elements_are_those_of_all_variables() -> None:
    """
    Scalars count one and empty variables none.
    """
    assert case({}, ((2,), (), (0,))).elements == 3


def test_a_configuration_is_copied_and_frozen() -> None:
    """
    Neither the caller's own mapping nor the case's changes a case.
    """
    mine = {"rho": 0.5}
    one = case(mine)
    mine["rho"] = 0.75

    assert one.configuration == {"rho": 0.5}
    with pytest.raises(TypeError):
        one.configuration["rho"] = 0.75  # type: ignore[index]  # that is the point


def test_a_case_is_judged_by_keras_3_unless_it_says_otherwise() -> None:
    """
    Profile and required capabilities have defaults; cases of equal content are equal.
    """
    assert (case({}).profile, case({}).requires) == ("keras-3", ())
    assert case({"rho": 0.5}) == case({"rho": 0.5}) != case({"rho": 0.25})

"""
The hyper-parameters of one RMSprop: exact binary64 values, checked once.

Defaults and order are those of the Keras 3 signature (clause `keras3.signature`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields

from rmsprop_oracle.errors import OutsideDomain

Rate = float | tuple[float, ...]
"""
A learning rate for all calls, or one for each call.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """
    What configures an RMSprop.

    Args:
        learning_rate: the step size, or a tuple with one for each call; finite.
        rho: how much of the averages is kept at each step; in [0, 1].
        momentum: how much of the momentum buffer is kept; in [0, 1], 0 is off.
        epsilon: added to the average of squares; finite, at least 0.
        centered: whether the squared average gradient is subtracted.

    Raises:
        OutsideDomain: a value for which no source defines the optimizer.
    """

    learning_rate: Rate = 0.001
    rho: float = 0.9
    momentum: float = 0.0
    epsilon: float = 1e-07
    centered: bool = False

    def __post_init__(self) -> None:
        for rate in self.rates:
            _require("learning_rate", rate, low=-math.inf, high=math.inf)
        _require("rho", self.rho, low=0.0, high=1.0)
        _require("momentum", self.momentum, low=0.0, high=1.0)
        _require("epsilon", self.epsilon, low=0.0, high=math.inf)
        if not isinstance(self.centered, bool):
            raise OutsideDomain("centered", self.centered, "True or False", "keras3.centered")

    @property
    def rates(self) -> tuple[float, ...]:
        """
        All learning rates that are stated; a single one if it never changes.
        """
        rate = self.learning_rate
        return tuple(rate) if isinstance(rate, tuple | list) else (rate,)

    def rate(self, call: int) -> float:
        """
        The learning rate of a call, counted from 0.

        Raises:
            OutsideDomain: rates are stated for fewer calls.
        """
        if not isinstance(self.learning_rate, tuple | list):
            return self.learning_rate
        if call >= len(self.learning_rate):
            allowed = f"a float, or one value for each of at least {call + 1} calls"
            raise OutsideDomain("learning_rate", self.learning_rate, allowed)
        return self.learning_rate[call]


def parameters_from(configuration: Mapping[str, object]) -> Parameters:
    """
    The parameters that a configuration by Keras' argument names describes.

    Raises:
        OutsideDomain: an argument is unknown, or a value outside the domain.
    """
    known = tuple(field.name for field in fields(Parameters))
    for name, value in configuration.items():
        if name not in known:
            raise OutsideDomain(name, value, f"absent: the arguments are {', '.join(known)}")
    return Parameters(**configuration)  # type: ignore[arg-type]  # checked by __post_init__


def _require(argument: str, value: object, *, low: float, high: float) -> None:
    allowed = "a finite float" if low == -math.inf else f"a finite float in [{low:g}, {high:g}]"
    right_type = isinstance(value, float | int) and not isinstance(value, bool)
    if not right_type or not math.isfinite(value) or not low <= value <= high:  # type: ignore[arg-type, operator]  # right_type is tested first
        raise OutsideDomain(argument, value, allowed, f"keras3.{argument}")

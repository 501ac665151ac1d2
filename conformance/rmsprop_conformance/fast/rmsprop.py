"""
The optimizer: what a person holds; checks at the border, state, and the loop.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from rmsprop_conformance.fast.hyperparameters import (
    check,
    check_block_size,
    nearest,
    number,
)
from rmsprop_conformance.fast.step import Floats, Scratch, Slots, update

LearningRate = float | Callable[[int], float]
"""
A number, or a schedule that sees the 0-based number of calls so far.
"""

BLOCK_SIZE = 16_384
"""
Elements of a block. Seven float32 blocks, the most that a step touches, take 448 KiB
and so stay in the second-level cache from the first operation to the last.
"""


class RMSprop:
    """
    RMSprop as Keras 3 documents it, on float32 NumPy arrays, in place.

    The arithmetic and its order are those of Keras' own base path; `step.py` lists
    them. Nothing of an array's size is allocated after the first call.

    Args:
        learning_rate: finite, rounded to float32; or a schedule.
        rho: from 0 to 1.
        momentum: finite, at least 0; 0 keeps no buffer.
        epsilon: finite, at least 0.
        centered: divide by the spread around the average gradient.
        block_size: elements handled at a time; changes the speed, never a bit.

    Raises:
        TypeError: an argument is not of its kind.
        ValueError: a number is outside its range.
    """

    def __init__(  # noqa: PLR0913  # the documented arguments are so many
        self,
        learning_rate: LearningRate = 0.001,
        *,
        rho: float = 0.9,
        momentum: float = 0.0,
        epsilon: float = 1e-7,
        centered: bool = False,
        block_size: int = BLOCK_SIZE,
    ) -> None:
        self._by = check(rho=rho, momentum=momentum, epsilon=epsilon, centered=centered)
        self._scratch = Scratch.of(check_block_size(block_size))
        self.learning_rate = learning_rate
        self._slots: list[Slots] = []
        self._iterations = 0

    @property
    def learning_rate(self) -> LearningRate:
        """
        The rate of the calls to come; may be assigned between calls.
        """
        return self._learning_rate

    @learning_rate.setter
    def learning_rate(self, value: LearningRate) -> None:
        self._learning_rate = value if callable(value) else number("learning_rate", value)

    @property
    def iterations(self) -> int:
        """
        The number of calls so far.
        """
        return self._iterations

    def apply(self, gradients: Sequence[Floats | None], variables: Sequence[Floats]) -> None:
        """
        One call: every variable that has a gradient makes one step, in place.

        Nothing is changed where an argument is refused.

        Args:
            gradients: one per variable, in its shape, C-contiguous float32, never
                written to; None leaves the variable and its state alone.
            variables: C-contiguous writable float32 arrays, on every call as many, of
                the same shapes and in the same order; no two of them share memory,
                nor does one share memory with a gradient.

        Raises:
            TypeError: something is not a float32 array.
            ValueError: a count or a shape is wrong, an array is not contiguous or not
                writable, a variable shares memory with its gradient, or all gradients
                are None.
        """
        self._check(gradients, variables)
        rate = nearest(self._rate())
        if not self._slots:
            self._slots = [Slots.like(variable, self._by) for variable in variables]
        with np.errstate(all="ignore"):
            for variable, gradient, slots in zip(variables, gradients, self._slots, strict=True):
                if gradient is not None:
                    update(
                        variable,
                        gradient,
                        slots=slots,
                        rate=rate,
                        by=self._by,
                        scratch=self._scratch,
                    )
        self._iterations += 1

    def slots(self) -> dict[str, list[Floats]]:
        """
        The state by name, in the order of the variables; empty before the first call.

        Returns:
            `velocity`, and if in use `average_gradient` and `momentum`: read-only views
            that later calls change; copy what is to be kept.
        """
        kinds: dict[str, list[Floats | None]] = {
            "velocity": [each.velocity for each in self._slots],
            "average_gradient": [each.average_gradient for each in self._slots],
            "momentum": [each.momentum for each in self._slots],
        }
        views = {
            name: [_read_only(array) for array in arrays if array is not None]
            for name, arrays in kinds.items()
        }
        return {name: arrays for name, arrays in views.items() if arrays}

    def _rate(self) -> float:
        rate = self._learning_rate
        if not callable(rate):
            return rate
        return number(f"learning_rate({self._iterations})", rate(self._iterations))

    def _check(self, gradients: Sequence[Floats | None], variables: Sequence[Floats]) -> None:
        if len(gradients) != len(variables):
            raise ValueError(
                f"{len(variables)} variables take as many gradients, got {len(gradients)}"
            )
        if not any(gradient is not None for gradient in gradients):
            raise ValueError("at least one variable must have a gradient, got none")
        if self._slots and len(self._slots) != len(variables):
            raise ValueError(
                f"the first call had {len(self._slots)} variables, got {len(variables)}"
            )
        for index, (variable, gradient) in enumerate(zip(variables, gradients, strict=True)):
            self._check_variable(index, variable)
            if gradient is not None:
                _check_gradient(index, gradient, variable)

    def _check_variable(self, index: int, variable: Floats) -> None:
        _check_array(f"variable {index}", variable)
        if not variable.flags.writeable:
            raise ValueError(f"variable {index} must be writable, it is updated in place")
        if self._slots and self._slots[index].velocity.shape != variable.shape:
            raise ValueError(
                f"variable {index} had shape {self._slots[index].velocity.shape} in the first "
                f"call, got {variable.shape}"
            )


def _check_gradient(index: int, gradient: Floats, variable: Floats) -> None:
    _check_array(f"gradient {index}", gradient)
    if gradient.shape != variable.shape:
        raise ValueError(
            f"gradient {index} must have its variable's shape {variable.shape}, got "
            f"{gradient.shape}"
        )
    # Exact for contiguous arrays, whose bounds are their memory.
    if np.may_share_memory(gradient, variable):
        raise ValueError(f"gradient {index} shares memory with its variable; pass a copy")


def _check_array(name: str, array: object) -> None:
    if not isinstance(array, np.ndarray):
        raise TypeError(f"{name} must be a NumPy array of float32, got {type(array).__name__}")
    if array.dtype != np.float32:
        raise TypeError(f"{name} must be of dtype float32, got {array.dtype}")
    if not array.flags.c_contiguous:
        raise ValueError(f"{name} must be C-contiguous; pass np.ascontiguousarray of it")


def _read_only(array: Floats) -> Floats:
    view = array.view()
    view.flags.writeable = False
    return view

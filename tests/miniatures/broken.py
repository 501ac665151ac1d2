"""
Factories that keep to no protocol: the harness is at fault, not the optimizer.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


class Answers:
    """
    Answers with whatever a function makes of the variables.
    """

    def __init__(self, answer: Callable[[list[Array]], Any]) -> None:
        self.answer = answer

    def apply(self, gradients: list[Array | None], variables: list[Array]) -> Any:
        """
        One call.
        """
        del gradients
        return self.answer(variables)


def raises(**configuration: Any) -> NoReturn:
    """
    Raises when it is called.
    """
    raise ValueError(f"cannot be made with {sorted(configuration)}")


def exits(**configuration: Any) -> NoReturn:
    """
    Leaves the process when it is called.
    """
    sys.exit(f"with {len(configuration)} arguments")


def interrupts(**configuration: Any) -> NoReturn:
    """
    As if the person pressed Ctrl-C.
    """
    raise KeyboardInterrupt(*configuration)


def without_learning_rate(rho: float = 0.9) -> Answers:
    """
    Takes no learning rate.
    """
    return Answers(lambda variables: [w * w.dtype.type(rho) for w in variables])


def without_apply(**configuration: Any) -> dict[str, Any]:
    """
    Returns something that has no method `apply`.
    """
    return dict(configuration)


def wrong_shapes(**configuration: Any) -> Answers:
    """
    Returns twice as many elements.
    """
    del configuration
    return Answers(lambda variables: [np.append(w, w) for w in variables])


def wrong_dtype(**configuration: Any) -> Answers:
    """
    Returns binary64 for binary32.
    """
    del configuration
    return Answers(lambda variables: [w.astype(np.float64) for w in variables])


def swapped_octets(**configuration: Any) -> Answers:
    """
    Returns binary32 in the other byte order.
    """
    del configuration
    return Answers(lambda variables: [w.astype(w.dtype.newbyteorder()) for w in variables])


def wrong_count(**configuration: Any) -> Answers:
    """
    Returns every variable twice.
    """
    del configuration
    return Answers(lambda variables: variables * 2)


def nothing(**configuration: Any) -> Answers:
    """
    Updates in place and returns nothing.
    """
    del configuration
    return Answers(lambda variables: variables.clear())


def bare_array(**configuration: Any) -> Answers:
    """
    Returns the array, not a list with the array.
    """
    del configuration
    return Answers(lambda variables: variables[0])


def lists_of_floats(**configuration: Any) -> Answers:
    """
    Returns lists of Python floats.
    """
    del configuration
    return Answers(lambda variables: [w.tolist() for w in variables])


class Unprintable(Exception):
    """
    An exception that cannot even be shown.
    """

    def __str__(self) -> str:
        raise RuntimeError("not even this")


def unprintable(**configuration: Any) -> NoReturn:
    """
    Raises an exception that cannot be shown.
    """
    raise Unprintable(*configuration)


not_callable = 3

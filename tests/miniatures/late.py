"""
Right for two calls, so smoke case and probes pass; what comes then is no answer.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy.typing as npt
from tests.miniatures.right import RMSprop

Array = npt.NDArray[Any]
Then = Callable[[list[Array]], list[Array]]


class Late:
    """
    Runs a right one; `then` acts on its answers from the third call on.
    """

    def __init__(self, then: Then, **configuration: Any) -> None:
        self.whole, self.then = RMSprop(**configuration), then

    def apply(self, gradients: list[Array | None], variables: list[Array]) -> list[Array]:
        """
        One call.
        """
        answer = self.whole.apply(gradients, variables)
        return answer if self.whole.calls < 3 else self.then(answer)

    def slots(self) -> dict[str, list[Array]]:
        """
        The right ones.
        """
        return self.whole.slots()


def raises(**configuration: Any) -> Late:
    """
    Raises in the third call.
    """

    def then(answer: list[Array]) -> list[Array]:
        raise ArithmeticError(f"no more than two calls, got {len(answer)} variables\nor so")

    return Late(then, **configuration)


def exits(**configuration: Any) -> Late:
    """
    Leaves the process in the third call.
    """
    return Late(lambda _: sys.exit(0), **configuration)


def shrinks(**configuration: Any) -> Late:
    """
    Returns one element less from the third call on.
    """
    return Late(lambda answer: [w.reshape(-1)[:-1] for w in answer], **configuration)


class LiesAboutSlots:
    """
    Shows slots of a wrong shape from the third call on.
    """

    def __init__(self, **configuration: Any) -> None:
        self.whole = RMSprop(**configuration)

    def apply(self, gradients: list[Array | None], variables: list[Array]) -> list[Array]:
        """
        One call.
        """
        return self.whole.apply(gradients, variables)

    def slots(self) -> dict[str, list[Array]]:
        """
        The right ones, for two calls.
        """
        shown = self.whole.slots()
        if self.whole.calls < 3:
            return shown
        return {
            name: [array.reshape(-1)[:-1] for array in arrays] for name, arrays in shown.items()
        }


lies_about_slots = LiesAboutSlots

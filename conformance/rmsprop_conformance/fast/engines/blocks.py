"""
The stages of a call on one block of NumPy arrays.

Letters, as in Keras' help: w variable, g gradient, v velocity, m average gradient,
b momentum buffer, a average of the variable, d denominator, lr learning rate,
mu momentum, eps epsilon, wd weight decay.

Evaluation order, each operation rounded once to float32:

    g ← g / scale                                   loss scale
    g ← (g + accumulator) / steps                   accumulation, at an update
    accumulator ← accumulator + g                   accumulation, at another call
    g ← min(max(g, -c), c)                          clipvalue
    g ← (g · factor) / divisor                      clipnorm, see `clipping.py`
    g ← g · factor                                  global_clipnorm
    w ← w - ((w · wd) · lr)                         weight decay
    v ← (rho · v) + ((1 - rho) · (g · g))
    m ← (rho · m) + ((1 - rho) · g)                 centered
    d = (v - (m · m)) + eps                         centered
    d = v + eps                                     otherwise
    i = (lr · g) / √d
    b ← (mu · b) + i,  w ← w - b                    momentum
    w ← w - i                                       otherwise
    a ← (keep · a) + (take · w)                     average, at every call
    w ← a                                           where it overwrites

Every operation is elementwise and correctly rounded, hence the bits of an element
depend on that element alone, and on the norm: neither on the block that it falls into
nor on the size of the blocks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from rmsprop_conformance.fast.call import At, Call, Stage

Floats = npt.NDArray[np.float32]


@dataclass(slots=True)
class Block:
    """
    Some neighbouring elements, and what a step needs free beside them.

    Not frozen: it belongs to one thread, is made anew for every block, and `gradient` is
    what the next operation takes for the gradient.

    Args:
        variable: the letter w; it is updated.
        gradient: g, which is only read.
        velocity: v.
        average_gradient: m, like all that follow None where it is not in use.
        momentum: b.
        average: a.
        accumulator: of gradients.
        one: free.
        two: free.
        free: for a gradient that something was done to.
        factor: what clipping by norm multiplies the gradient by.
        divisor: what it divides it by.
    """

    variable: Floats
    gradient: Floats
    velocity: Floats
    average_gradient: Floats | None
    momentum: Floats | None
    average: Floats | None
    accumulator: Floats | None
    one: Floats
    two: Floats
    free: Floats
    factor: np.float32
    divisor: np.float32


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """
    The numbers of a call by name.
    """

    rho: np.float32
    complement: np.float32
    epsilon: np.float32
    rate: np.float32
    momentum: np.float32
    scale: np.float32
    steps: np.float32
    threshold: np.float32
    decay: np.float32
    keep: np.float32
    take: np.float32

    @classmethod
    def of(cls, call: Call) -> Numbers:
        """
        Looked up once for all blocks; a name of `At` that is no field is an error.
        """
        return cls(**{at.name.lower(): call.number(at) for at in At})


Operation = Callable[[Block, Numbers], None]


@cache
def gradient_program(stages: Stage) -> tuple[Operation, ...]:
    """
    What makes the gradient that is clipped of the one that was given.
    """
    update = Stage.ACCUMULATES | Stage.UPDATES
    return _chosen(
        (Stage.SCALED in stages, _unscaled),
        (stages & update == Stage.ACCUMULATES, _accumulated),
        (stages & update == update, _mean),
    )


@cache
def program(stages: Stage, *, has_gradient: bool) -> tuple[Operation, ...]:
    """
    The operations on one block, in order.

    Args:
        stages: that run; without those that leave this block alone.
        has_gradient: without one only what belongs to every call is left.
    """
    updates = Stage.UPDATES in stages
    steps = has_gradient and updates
    return (
        *(gradient_program(stages) if has_gradient else ()),
        *(_step_program(stages) if steps else ()),
        *_chosen(
            (updates and Stage.ACCUMULATES in stages, _emptied),
            (Stage.AVERAGES in stages, _averaged),
            (Stage.OVERWRITES in stages, _overwritten),
        ),
    )


def _step_program(stages: Stage) -> tuple[Operation, ...]:
    return (
        *_chosen(
            (Stage.CLIPS_VALUE in stages, _clipped_by_value),
            (Stage.CLIPS_GLOBAL in stages, _multiplied),
            (Stage.CLIPS_NORM in stages, _multiplied),
            (Stage.CLIPS_NORM in stages, _divided),
            (Stage.DECAYS in stages, _decayed),
        ),
        _velocity,
        *((_average_gradient, _centered) if Stage.CENTERED in stages else (_uncentered,)),
        _increment,
        _with_momentum if Stage.MOMENTUM in stages else _without_momentum,
    )


def _chosen(*choices: tuple[bool, Operation]) -> tuple[Operation, ...]:
    return tuple(operation for runs, operation in choices if runs)


def _unscaled(x: Block, by: Numbers) -> None:
    x.gradient = np.divide(x.gradient, by.scale, out=x.free)


def _accumulated(x: Block, by: Numbers) -> None:  # noqa: ARG001  # it needs no number
    assert x.accumulator is not None
    np.add(x.accumulator, x.gradient, out=x.accumulator)


def _mean(x: Block, by: Numbers) -> None:
    assert x.accumulator is not None
    np.add(x.gradient, x.accumulator, out=x.free)
    x.gradient = np.divide(x.free, by.steps, out=x.free)


def _clipped_by_value(x: Block, by: Numbers) -> None:
    np.maximum(x.gradient, -by.threshold, out=x.free)
    x.gradient = np.minimum(x.free, by.threshold, out=x.free)


def _multiplied(x: Block, by: Numbers) -> None:  # noqa: ARG001  # each variable has its own
    x.gradient = np.multiply(x.gradient, x.factor, out=x.free)


def _divided(x: Block, by: Numbers) -> None:  # noqa: ARG001  # each variable has its own
    x.gradient = np.divide(x.gradient, x.divisor, out=x.free)


def _decayed(x: Block, by: Numbers) -> None:
    np.multiply(x.variable, by.decay, out=x.one)
    np.multiply(x.one, by.rate, out=x.one)
    np.subtract(x.variable, x.one, out=x.variable)


def _velocity(x: Block, by: Numbers) -> None:
    np.multiply(x.gradient, x.gradient, out=x.one)
    np.multiply(x.one, by.complement, out=x.one)
    np.multiply(x.velocity, by.rho, out=x.velocity)
    np.add(x.velocity, x.one, out=x.velocity)


def _average_gradient(x: Block, by: Numbers) -> None:
    assert x.average_gradient is not None
    np.multiply(x.gradient, by.complement, out=x.one)
    np.multiply(x.average_gradient, by.rho, out=x.average_gradient)
    np.add(x.average_gradient, x.one, out=x.average_gradient)


def _centered(x: Block, by: Numbers) -> None:
    assert x.average_gradient is not None
    np.multiply(x.average_gradient, x.average_gradient, out=x.one)
    np.subtract(x.velocity, x.one, out=x.one)
    np.add(x.one, by.epsilon, out=x.one)


def _uncentered(x: Block, by: Numbers) -> None:
    np.add(x.velocity, by.epsilon, out=x.one)


def _increment(x: Block, by: Numbers) -> None:
    np.sqrt(x.one, out=x.one)
    np.multiply(x.gradient, by.rate, out=x.two)
    np.divide(x.two, x.one, out=x.two)


def _with_momentum(x: Block, by: Numbers) -> None:
    assert x.momentum is not None
    np.multiply(x.momentum, by.momentum, out=x.momentum)
    np.add(x.momentum, x.two, out=x.momentum)
    np.subtract(x.variable, x.momentum, out=x.variable)


def _without_momentum(x: Block, by: Numbers) -> None:  # noqa: ARG001  # it needs no number
    np.subtract(x.variable, x.two, out=x.variable)


def _emptied(x: Block, by: Numbers) -> None:  # noqa: ARG001  # it needs no number
    assert x.accumulator is not None
    x.accumulator[:] = 0.0


def _averaged(x: Block, by: Numbers) -> None:
    assert x.average is not None
    np.multiply(x.variable, by.take, out=x.one)
    np.multiply(x.average, by.keep, out=x.average)
    np.add(x.average, x.one, out=x.average)


def _overwritten(x: Block, by: Numbers) -> None:  # noqa: ARG001  # it needs no number
    assert x.average is not None
    x.variable[:] = x.average

"""
One step over one variable, block by block.

Letters, as in Keras' help: w variable, g gradient, v velocity, m average gradient,
b momentum buffer, d denominator, lr learning rate, mu momentum, eps epsilon.

Evaluation order, each operation rounded once to float32:

    v ← (rho · v) + ((1 - rho) · (g · g))
    m ← (rho · m) + ((1 - rho) · g)                 centered
    d = (v - (m · m)) + eps                         centered
    d = v + eps                                     otherwise
    i = (lr · g) / √d
    b ← (mu · b) + i,  w ← w - b                    momentum
    w ← w - i                                       otherwise

Every operation is elementwise and correctly rounded, hence the bits of an element
depend on that element alone: neither on the block that it falls into nor on the size
of the blocks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rmsprop_conformance.fast.hyperparameters import Hyperparameters

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slots:
    """
    The state of one variable, updated in place; C-contiguous, in its shape.
    """

    velocity: Floats
    average_gradient: Floats | None
    momentum: Floats | None

    @classmethod
    def like(cls, variable: Floats, by: Hyperparameters) -> Slots:
        """
        The state before the first step: zeros.
        """
        return cls(
            velocity=np.zeros(variable.shape, np.float32),
            average_gradient=np.zeros(variable.shape, np.float32) if by.centered else None,
            momentum=np.zeros(variable.shape, np.float32) if by.momentum is not None else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scratch:
    """
    Two blocks, allocated once and used by every step.
    """

    first: Floats
    second: Floats

    @classmethod
    def of(cls, block_size: int) -> Scratch:
        """
        Scratch for blocks of at most that many elements.
        """
        return cls(first=np.empty(block_size, np.float32), second=np.empty(block_size, np.float32))


def update(  # noqa: PLR0913  # a step takes what it takes
    variable: Floats,
    gradient: Floats,
    *,
    slots: Slots,
    rate: np.float32,
    by: Hyperparameters,
    scratch: Scratch,
) -> None:
    """
    One step, in place.

    - all arrays are C-contiguous, of one shape, and share no memory
    """
    w, g, v = variable.reshape(-1), gradient.reshape(-1), slots.velocity.reshape(-1)
    m, b = _flat(slots.average_gradient), _flat(slots.momentum)
    block = len(scratch.first)
    for start in range(0, len(w), block):
        here = slice(start, min(start + block, len(w)))
        one, two = scratch.first[: here.stop - start], scratch.second[: here.stop - start]
        _velocity(v[here], g[here], by, one)
        if m is None:
            np.add(v[here], by.epsilon, out=one)
        else:
            _average_gradient(m[here], g[here], by, one)
            _centered_denominator(v[here], m[here], by, one)
        _increment(g[here], rate, denominator=one, out=two)
        if b is None or by.momentum is None:
            np.subtract(w[here], two, out=w[here])
        else:
            _momentum(b[here], two, by.momentum)
            np.subtract(w[here], b[here], out=w[here])


def _flat(slot: Floats | None) -> Floats | None:
    return None if slot is None else slot.reshape(-1)


def _velocity(v: Floats, g: Floats, by: Hyperparameters, free: Floats) -> None:
    np.multiply(g, g, out=free)
    np.multiply(free, by.complement, out=free)
    np.multiply(v, by.rho, out=v)
    np.add(v, free, out=v)


def _average_gradient(m: Floats, g: Floats, by: Hyperparameters, free: Floats) -> None:
    np.multiply(g, by.complement, out=free)
    np.multiply(m, by.rho, out=m)
    np.add(m, free, out=m)


def _centered_denominator(v: Floats, m: Floats, by: Hyperparameters, out: Floats) -> None:
    np.multiply(m, m, out=out)
    np.subtract(v, out, out=out)
    np.add(out, by.epsilon, out=out)


def _increment(g: Floats, rate: np.float32, *, denominator: Floats, out: Floats) -> None:
    np.sqrt(denominator, out=denominator)
    np.multiply(g, rate, out=out)
    np.divide(out, denominator, out=out)


def _momentum(b: Floats, increment: Floats, factor: np.float32) -> None:
    np.multiply(b, factor, out=b)
    np.add(b, increment, out=b)

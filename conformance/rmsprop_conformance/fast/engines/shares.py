"""
How many threads a call of the engine numpy is worth, and how much each takes at a time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rmsprop_conformance.fast.aligned import LINE
from rmsprop_conformance.fast.call import Stage
from rmsprop_conformance.fast.engines.engine import Work
from rmsprop_conformance.fast.sparse import Rows

CACHE = 1 << 20
"""
Octets of all blocks that a step of one thread touches: they stay in a second-level cache
from the first operation to the last. Smaller ones are over before the interpreter has
called the next operation.
"""

LONG = 1 << 17
"""
Elements of a block where several threads compute, whatever the cache holds: the longer
an operation, the rarer one thread waits for the interpreter's lock that another holds
between two of them.
"""

WORTH = 1 << 15
"""
Elements of a block, below which several threads wait for that lock longer than they
compute.
"""

SHARE = 128
"""
The free blocks of all threads take no more than this part of the arrays: with the few
objects of a call they stay below 1 %.
"""

LEAST = 1 << 14
"""
Elements of a block at least, however small that part is.
"""

_ITEM = np.dtype(np.float32).itemsize
_ALTERS = (
    Stage.SCALED | Stage.ACCUMULATES | Stage.CLIPS_VALUE | Stage.CLIPS_NORM | Stage.CLIPS_GLOBAL
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """
    Who computes how much.

    Args:
        threads: that compute.
        block: elements that one takes at a time.
        free: blocks that each needs beside the arrays, from 2 to 4: two of a step, one for
            gradients that something is done to, one for variables that share a block.
    """

    threads: int
    block: int
    free: int


def shares(work: Work, *, threads: int, block: int | None) -> Shares:
    """
    What suits a call.

    Args:
        work: the call.
        threads: that may compute.
        block: elements of a block where the caller chooses them; then all threads compute.
    """
    free = _free(work)
    if block is not None:
        return Shares(threads=threads, block=block, free=free)
    # The sums of norms take no more than a block of a thread.
    room = _elements(work) // (SHARE * (free + work.call.clips_by_norm))
    count = max(1, min(threads, room // WORTH))
    most = LONG if count > 1 else CACHE // (_ITEM * (_arrays(work) + 2))
    return Shares(
        threads=count, block=_whole_lines(max(LEAST, min(most, room // count))), free=free
    )


def _free(work: Work) -> int:
    if len(work.state.layout.sizes) > 1:
        return 4
    sparse = any(isinstance(each, Rows) for each in work.given.gradients)
    return 3 if sparse or work.call.stages & _ALTERS else 2


def _elements(work: Work) -> int:
    return work.state.layout.elements * _arrays(work)


def _arrays(work: Work) -> int:
    return len(work.state.flat) + 2  # the variable's and the gradient's, too


def _whole_lines(elements: int) -> int:
    return elements - elements % (LINE // _ITEM)

"""
The engine that is always there: NumPy, block by block, on several threads.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rmsprop_conformance.fast.aligned import zeros
from rmsprop_conformance.fast.call import Stage
from rmsprop_conformance.fast.clipping import Clips, clips
from rmsprop_conformance.fast.engines.blocks import (
    Block,
    Floats,
    Numbers,
    gradient_program,
    program,
)
from rmsprop_conformance.fast.engines.engine import Work
from rmsprop_conformance.fast.engines.pieces import Piece, pieces
from rmsprop_conformance.fast.engines.shares import Shares, shares
from rmsprop_conformance.fast.host import Host
from rmsprop_conformance.fast.sparse import Rows
from rmsprop_conformance.fast.state import SLOTS
from rmsprop_conformance.fast.threads import Team
from rmsprop_conformance.fast.tree import LEAF, Doubles, fold

LEAVES = 16
"""
Leaves that are folded at a time: 128 KiB of float64 numbers, and half as much of float32.
"""


_ONE = np.float32(1)


class NumpyEngine:
    """
    NumPy's own operations; they release the interpreter's lock.

    Whatever else Python does for a block is done under that lock, while another thread
    waits for it: so it is little, and all that is the same for a whole call is looked up
    before.

    Args:
        threads: how many compute at most, the caller's included.
        block_size: elements handled at a time; with it all threads compute.
    """

    name = "numpy"

    __slots__ = ("_asked", "_room", "_scratch", "_team", "memory")

    def __init__(self, *, threads: int, block_size: int | None) -> None:
        self.memory = Host()
        self._team = Team(threads)
        self._asked = block_size
        self._room: Shares | None = None
        self._scratch: list[_Scratch] = []

    def run(self, work: Work) -> None:
        """
        See `Engine`.
        """
        with np.errstate(all="ignore"):
            arrays = _Arrays.of(work)
            found = Clips.none(len(work.given.present))
            if work.call.clips_by_norm:
                sums = self._sums(work, arrays)
                found = clips(work.call, sums, work.state.layout.leaf_starts, work.given.present)
            share = shares(work, threads=self._team.size, block=self._asked)
            self._make_room(share)
            todo = pieces(work.state.layout, _alike(work, found), share.block)
            self._team.share(
                lambda at, some: _do(arrays, found, self._scratch[at], some),
                todo,
                size=share.threads,
            )

    def _make_room(self, share: Shares) -> None:
        if self._room != share:
            self._room = share
            self._scratch = [_Scratch.of(share) for _ in range(share.threads)]

    def _sums(self, work: Work, arrays: _Arrays) -> Doubles:
        count = work.state.layout.leaf_starts[-1]
        sums = np.zeros(count)
        todo = [(at, min(at + LEAVES, count)) for at in range(0, count, LEAVES)]
        self._team.share(lambda _, some: _fold(arrays, sums, some), todo)
        return sums


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scratch:
    """
    Free blocks of one thread, kept from call to call.
    """

    one: Floats
    two: Floats
    gradient: Floats
    variable: Floats

    @classmethod
    def of(cls, share: Shares) -> _Scratch:
        one, two, gradient, variable = (
            zeros(share.block if at < share.free else 0) for at in range(4)
        )
        return cls(one=one, two=two, gradient=gradient, variable=variable)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arrays:
    """
    All that a call computes with, without axes.
    """

    work: Work
    numbers: Numbers
    starts: Sequence[int]
    variables: Sequence[Floats]
    gradients: Sequence[Floats | Rows | None]
    slots: Sequence[Floats | None]

    @classmethod
    def of(cls, work: Work) -> _Arrays:
        return cls(
            work=work,
            numbers=Numbers.of(work.call),
            starts=work.state.layout.starts,
            variables=[each.reshape(-1) for each in work.given.variables],
            gradients=[
                each if each is None or isinstance(each, Rows) else each.reshape(-1)
                for each in work.given.gradients
            ],
            slots=[work.state.flat.get(name) for name in SLOTS],
        )

    def block(
        self, piece: Piece, scratch: _Scratch, factor: np.float32, divisor: np.float32
    ) -> Block:
        """
        The arrays' parts; of variables that share a block, and of sparse gradients, copies.
        """
        here = piece.here
        size = here.stop - here.start
        parts: list[Any] = [None if flat is None else flat[here] for flat in self.slots]
        velocity, average_gradient, momentum, average, accumulator = parts
        return Block(
            variable=self.variable(piece, scratch.variable),
            gradient=self.gradient(piece, scratch.gradient),
            velocity=velocity,
            average_gradient=average_gradient,
            momentum=momentum,
            average=average,
            accumulator=accumulator,
            one=scratch.one[:size],
            two=scratch.two[:size],
            free=scratch.gradient[:size],
            factor=factor,
            divisor=divisor,
        )

    def unclipped(self, piece: Piece, scratch: _Scratch) -> Floats:
        """
        The gradient that a norm is taken of.
        """
        block = self.block(piece, scratch, _ONE, _ONE)
        for operation in gradient_program(self.work.call.stages):
            operation(block, self.numbers)
        return block.gradient

    def variable(self, piece: Piece, out: Floats) -> Floats:
        if piece.is_gathered:
            return np.concatenate(self.variables[piece.first : piece.last], out=_fit(out, piece))
        return _part(self.variables[piece.first], piece.here, self.starts[piece.first])

    def gradient(self, piece: Piece, out: Floats) -> Floats:
        some: Any = self.gradients[piece.first : piece.last]
        if piece.is_gathered:
            return np.concatenate(some, out=_fit(out, piece))
        if isinstance(some[0], Rows):
            some[0].fill(_fit(out, piece), piece.here.start - self.starts[piece.first])
            return _fit(out, piece)
        return out if some[0] is None else _part(some[0], piece.here, self.starts[piece.first])

    def scatter(self, piece: Piece, w: Floats) -> None:
        """
        Variables that shared a block get their parts of it.
        """
        for index in range(piece.first, piece.last):
            first = self.starts[index] - piece.here.start
            self.variables[index][:] = w[first : first + len(self.variables[index])]


def _fit(out: Floats, piece: Piece) -> Floats:
    return out[: piece.here.stop - piece.here.start]


def _part(array: Floats, here: slice, start: int) -> Floats:
    return array[here.start - start : here.stop - start]


def _alike(work: Work, found: Clips) -> list[Hashable]:
    return [
        None
        if gradient is None or isinstance(gradient, Rows)
        else (index in work.excluded, float(found.factors[index]), float(found.divisors[index]))
        for index, gradient in enumerate(work.given.gradients)
    ]


def _do(arrays: _Arrays, found: Clips, scratch: _Scratch, some: Iterator[Piece]) -> None:
    stages, excluded = arrays.work.call.stages, arrays.work.excluded
    with np.errstate(all="ignore"):  # each thread has a state of its own
        for piece in some:
            own = stages & ~Stage.DECAYS if piece.first in excluded else stages
            todo = program(own, has_gradient=arrays.gradients[piece.first] is not None)
            clip = found.factors[piece.first], found.divisors[piece.first]
            block = arrays.block(piece, scratch, *clip)
            for operation in todo:
                operation(block, arrays.numbers)
            if piece.is_gathered:
                arrays.scatter(piece, block.variable)


def _fold(arrays: _Arrays, sums: Doubles, some: Iterator[tuple[int, int]]) -> None:
    rows = np.empty((LEAVES, LEAF))
    free = zeros(LEAVES * LEAF)
    scratch = _Scratch(one=free, two=free, gradient=free, variable=free)
    with np.errstate(all="ignore"):
        for begin, end in some:
            leaf = begin
            while leaf < end:
                leaf = _square(arrays, leaf, rows[leaf - begin : end - begin], scratch)
            sums[begin:end] = fold(rows[: end - begin])


def _square(arrays: _Arrays, leaf: int, rows: Doubles, scratch: _Scratch) -> int:
    """
    The squares of one variable's leaves, as many as there are rows.

    Returns:
        The leaf behind the last one.
    """
    layout = arrays.work.state.layout
    index = bisect_right(layout.leaf_starts, leaf) - 1
    behind = min(leaf + len(rows), layout.leaf_starts[index + 1])
    first = layout.starts[index] + (leaf - layout.leaf_starts[index]) * LEAF
    here = slice(first, min(first + (behind - leaf) * LEAF, layout.starts[index + 1]))
    out = rows[: behind - leaf].reshape(-1)
    size = 0 if arrays.gradients[index] is None else here.stop - here.start
    if size:
        g = arrays.unclipped(Piece(first=index, last=index + 1, here=here), scratch)
        np.multiply(g, g, out=out[:size], dtype=np.float64)
    out[size:] = 0.0
    return behind

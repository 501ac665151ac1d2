from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rmsprop_conformance.fast.call import At, Call, Stage
from rmsprop_conformance.fast.engines.engine import Work
from rmsprop_conformance.fast.engines.shares import LEAST, LONG, WORTH, Shares, shares
from rmsprop_conformance.fast.given import Given
from rmsprop_conformance.fast.layout import Layout
from rmsprop_conformance.fast.sparse import Rows
from rmsprop_conformance.fast.state import State

ROWS = Rows(indices=np.array([0]), order=np.array([0]), rows=np.zeros(1, np.float32), width=1)


def work(*sizes: int, slots: int = 1, stages: Stage = Stage.UPDATES, gradient: Any = ()) -> Work:
    """
    A call on variables of these sizes; nothing is allocated.
    """
    layout = Layout.of(tuple((size,) for size in sizes))
    names = ("velocity", "average_gradient", "momentum")[:slots]
    norms = bool(stages & (Stage.CLIPS_NORM | Stage.CLIPS_GLOBAL))
    nowhere = np.zeros(len(sizes), np.uint64)
    return Work(
        call=Call(stages=stages, clips_by_norm=norms, numbers=np.ones(len(At), np.float32)),
        given=Given(
            variables=[()] * len(sizes),
            gradients=[gradient] * len(sizes),
            present=[True] * len(sizes),
            variables_at=nowhere,
            gradients_at=nowhere,
        ),
        state=State(layout=layout, flat=dict.fromkeys(names)),
        excluded=frozenset(),
    )


@pytest.mark.parametrize(
    ("asked", "free"),
    [
        (work(100), 2),
        (work(100, stages=Stage.UPDATES | Stage.CENTERED | Stage.DECAYS), 2),
        (work(100, stages=Stage.UPDATES | Stage.SCALED), 3),
        (work(100, stages=Stage.ACCUMULATES), 3),
        (work(100, stages=Stage.UPDATES | Stage.CLIPS_VALUE), 3),
        (work(100, gradient=ROWS), 3),
        (work(100, 100), 4),
    ],
    ids=["plain", "decayed", "scaled", "accumulated", "clipped", "sparse", "several"],
)
def test_only_the_blocks_that_are_needed(asked: Work, free: int) -> None:
    """
    A gradient that is only read needs no place of its own.
    """
    assert shares(asked, threads=2, block=None).free == free


def test_a_block_that_was_asked_for_is_taken() -> None:
    """
    By all threads, however small the arrays are.
    """
    assert shares(work(10), threads=3, block=7) == Shares(threads=3, block=7, free=2)


@pytest.mark.parametrize(
    ("elements", "threads"), [(1, 1), (10**6, 1), (10**7, 3), (10**8, 16), (10**9, 16)]
)
def test_as_many_threads_as_have_enough_to_do(elements: int, threads: int) -> None:
    """
    Of 16 cores small arrays get one, large ones all.
    """
    assert shares(work(elements), threads=16, block=None).threads == threads


each_kind = st.sampled_from(
    [Stage.UPDATES, Stage.UPDATES | Stage.SCALED, Stage.UPDATES | Stage.CLIPS_NORM]
)


@given(st.integers(1, 10**10), st.integers(1, 3), each_kind, st.integers(1, 64), st.integers(0, 1))
def test_the_free_blocks_stay_below_a_hundredth(
    elements: int, slots: int, stages: Stage, threads: int, others: int
) -> None:
    """
    Of the arrays, unless these are so small that the least blocks are more.

    - several threads have blocks that are worth it
    - blocks consist of whole lines
    """
    asked = work(elements, *[1] * others, slots=slots, stages=stages)
    found = shares(asked, threads=threads, block=None)

    total = (elements + others) * (slots + 2)
    assert found.threads <= threads
    assert found.block % 16 == 0
    assert found.block == LEAST or found.threads * found.free * found.block * 100 < total
    assert WORTH <= found.block <= LONG or found.threads == 1

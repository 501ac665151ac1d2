from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest
from tests.miniatures import rewritten, right

from rmsprop_conformance.fast import RMSprop
from rmsprop_conformance.fast.step import Floats

CONFIGURATIONS: dict[str, dict[str, Any]] = {
    "plain": {},
    "momentum": {"momentum": 0.9},
    "centered": {"centered": True},
    "both": {"momentum": 0.5, "centered": True, "rho": 0.75, "epsilon": 1e-3},
}

each_configuration = pytest.mark.parametrize(
    "configuration", CONFIGURATIONS.values(), ids=CONFIGURATIONS.keys()
)


def start(size: int) -> Floats:
    """
    Variables far from zero and near it.
    """
    return np.random.default_rng(1).normal(0, 3, size).astype(np.float32)


def gradients(size: int, calls: int) -> list[Floats]:
    """
    Gradients over eight orders of magnitude, of both signs.
    """
    draw = np.random.default_rng(2)
    spread = 10.0 ** draw.uniform(-4, 4, (calls, size))
    return list((draw.normal(0, 1, (calls, size)) * spread).astype(np.float32))


def fast_bits(configuration: dict[str, Any], block_size: int, size: int = 1000) -> bytes:
    """
    Variable and slots after five calls with changing rates.
    """
    optimizer = RMSprop(lambda call: 0.1 / (call + 1), block_size=block_size, **configuration)
    w = start(size)
    for g in gradients(size, 5):
        optimizer.apply([g], [w])
    shown = [array.tobytes() for arrays in optimizer.slots().values() for array in arrays]
    return b"".join([w.tobytes(), *shown])


def plain_bits(module: Any, configuration: dict[str, Any], size: int = 1000) -> bytes:
    """
    The same by a hand-written miniature.
    """
    optimizer = module.factory([0.1 / (call + 1) for call in range(5)], **configuration)
    w = [start(size)]
    for g in gradients(size, 5):
        w = optimizer.apply([g], w)
    shown = [array.tobytes() for arrays in optimizer.slots().values() for array in arrays]
    return b"".join([w[0].tobytes(), *shown])


@each_configuration
def test_the_documented_order_gives_the_same_bits(configuration: dict[str, Any]) -> None:
    """
    Blocks in place give every bit of the plain expressions in the documented order.
    """
    assert fast_bits(configuration, 64) == plain_bits(right, configuration)


@each_configuration
def test_another_order_would_be_seen(configuration: dict[str, Any]) -> None:
    """
    The twin: the same equations in another order give other bits on these inputs.
    """
    assert fast_bits(configuration, 64) != plain_bits(rewritten, configuration)


@each_configuration
@pytest.mark.parametrize("block_size", [1, 7, 999, 1000, 1001])
def test_bits_do_not_depend_on_the_block_size(
    configuration: dict[str, Any], block_size: int
) -> None:
    """
    Any block size gives the bits of one block that holds everything.
    """
    assert fast_bits(configuration, block_size) == fast_bits(configuration, 4096)


def test_a_dependence_on_blocks_would_be_seen() -> None:
    """
    The twin: a float32 sum made block by block does depend on the block size.
    """
    values = gradients(1000, 1)[0]

    def blocked_sum(block: int) -> bytes:
        total = np.float32(0)
        for at in range(0, len(values), block):
            total = total + values[at : at + block].sum(dtype=np.float32)
        return np.float32(total).tobytes()

    assert blocked_sum(7) != blocked_sum(4096)


def peak_of(act: Any) -> int:
    """
    Octets allocated at the same time while something runs.
    """
    tracemalloc.start()
    try:
        act()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_no_array_of_the_variables_size_is_made() -> None:
    """
    After the first call a call allocates less than one array of the variable's size.
    """
    w, g = start(1 << 18), gradients(1 << 18, 1)[0]
    optimizer = RMSprop(momentum=0.9, centered=True)
    optimizer.apply([g], [w])

    assert peak_of(lambda: optimizer.apply([g], [w])) < w.nbytes


def test_an_array_of_the_variables_size_would_be_seen() -> None:
    """
    The twin: one square of the gradient is counted.
    """
    g = gradients(1 << 18, 1)[0]

    assert peak_of(lambda: g * g) >= g.nbytes

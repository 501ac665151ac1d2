from __future__ import annotations

from dataclasses import FrozenInstanceError
from itertools import product
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rmsprop_conformance.model.tensor import Tensor
from rmsprop_oracle.arithmetic.formats import BINARY16, BINARY32, FORMATS, Format

shapes = st.lists(st.integers(0, 3), max_size=4).map(tuple)


@given(
    kind=st.sampled_from(tuple(FORMATS.values())),
    shape=shapes,
    source=st.randoms(use_true_random=False),
)
def test_patterns_come_back(kind: Format, shape: tuple[int, ...], source: object) -> None:
    """
    A tensor of patterns has these patterns, as many as its shape says.
    """
    draw = source.getrandbits  # type: ignore[attr-defined]  # Hypothesis' own Random
    patterns = tuple(draw(kind.width) for _ in range(prod(shape)))
    tensor = Tensor.of_patterns(kind, shape, patterns)

    assert tensor.patterns() == patterns
    assert tensor.size == len(patterns)


@given(shape=shapes)
def test_positions_are_row_major(shape: tuple[int, ...]) -> None:
    """
    The last axis runs fastest.
    """
    tensor = Tensor.of_patterns(BINARY16, shape, [0] * prod(shape))
    places = list(product(*(range(length) for length in shape)))

    assert [tensor.index(position) for position in range(tensor.size)] == places


def test_octets_are_most_significant_first() -> None:
    """
    The bytes are those of the published files, whatever the machine.
    """
    assert Tensor.of_patterns(BINARY32, (1,), [0x3F800001]).octets == bytes.fromhex("3f800001")


@pytest.mark.parametrize("count", [0, 7, 9])
def test_octets_must_fit_the_shape(count: int) -> None:
    """
    Too few or too many octets are refused, with both numbers.
    """
    with pytest.raises(ValueError, match=rf"shape \(2,\) takes 8 octets, got {count}"):
        Tensor(format=BINARY32, shape=(2,), octets=bytes(count))


def test_a_tensor_is_a_value() -> None:
    """
    It is equal to another of the same bits, hashable, and cannot be changed.
    """
    one, same = (Tensor.of_patterns(BINARY16, (2,), [1, 2]) for _ in range(2))
    other = Tensor.of_patterns(BINARY16, (1, 2), [1, 2])

    assert len({one, same, other}) == 2
    with pytest.raises(FrozenInstanceError):
        one.shape = (1,)  # type: ignore[misc]  # that is the point

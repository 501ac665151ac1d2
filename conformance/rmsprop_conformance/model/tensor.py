"""
Numbers of one format in one shape: what travels between corpus, subject and judge.

The truth is the bit pattern. Octets are kept most significant first, as in the
published files, so a value is immutable, hashable, and independent of the machine.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import prod

from rmsprop_oracle.arithmetic.formats import Format


@dataclass(frozen=True, slots=True, kw_only=True)
class Tensor:
    """
    An array of any shape, in row-major order; `()` is a scalar, `(0,)` is empty.

    Args:
        format: the floating-point format of every element.
        shape: lengths of the axes.
        octets: the bit patterns, big-endian, one after the other.

    Raises:
        ValueError: the octets are too few or too many for the shape.
    """

    format: Format
    shape: tuple[int, ...]
    octets: bytes

    def __post_init__(self) -> None:
        expected = prod(self.shape) * self.format.octets
        if len(self.octets) != expected:
            raise ValueError(
                f"a {self.format.name} tensor of shape {self.shape} takes {expected} "
                f"octets, got {len(self.octets)}"
            )

    @classmethod
    def of_patterns(cls, format: Format, shape: tuple[int, ...], patterns: Iterable[int]) -> Tensor:
        """
        The tensor with these bit patterns, in row-major order.
        """
        width = format.octets
        octets = b"".join(pattern.to_bytes(width, "big") for pattern in patterns)
        return cls(format=format, shape=shape, octets=octets)

    @property
    def size(self) -> int:
        """
        The number of elements.
        """
        return prod(self.shape)

    def patterns(self) -> tuple[int, ...]:
        """
        The bit patterns, in row-major order.
        """
        width, octets = self.format.octets, self.octets
        return tuple(
            int.from_bytes(octets[at : at + width], "big") for at in range(0, len(octets), width)
        )

    def index(self, position: int) -> tuple[int, ...]:
        """
        The index along each axis of the element at a row-major position.
        """
        index: list[int] = []
        for length in reversed(self.shape):
            position, here = divmod(position, length)
            index.insert(0, here)
        return tuple(index)

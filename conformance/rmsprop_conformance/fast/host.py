"""
NumPy arrays: looked at one by one, and where many are as they should be, all at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from rmsprop_conformance.fast.addresses import Addresses, Locate, addresses
from rmsprop_conformance.fast.aligned import zeros
from rmsprop_conformance.fast.given import Given
from rmsprop_conformance.fast.layout import Layout, Shape
from rmsprop_conformance.fast.overlap import Spans, check_apart
from rmsprop_conformance.fast.sparse import Floats, Rows, sorted_rows

_SINGLE = np.dtype(np.float32)
_looks = attrgetter("dtype", "flags.carray", "shape")


class Host:
    """
    The memory that NumPy's arrays live in.

    Args:
        locate: where arrays lie.
    """

    __slots__ = ("_apart", "_expected", "_layout", "_locate", "_octets")

    def __init__(self, locate: Locate = addresses) -> None:
        self._locate = locate
        self._layout: Layout | None = None
        self._expected: list[object] = []
        self._octets = np.zeros(0, np.uint64)
        self._apart = b""

    def shape(self, name: str, array: object) -> Shape:
        """
        See `Memory`.
        """
        return _checked(name, array).shape

    def accept(
        self,
        gradients: Sequence[object],
        variables: Sequence[object],
        *,
        layout: Layout,
        written: Sequence[Floats],
    ) -> Given:
        """
        See `Memory`.
        """
        self._expect(layout)
        indexed = list(enumerate(layout.shapes))
        moved: Sequence[Any] = variables
        if not _all_look(variables, self._expected):
            moved = [_variable(index, variables[index], shape) for index, shape in indexed]
        if _all_look(gradients, self._expected):
            return self._located(gradients, gradients, moved, written)
        held = [_gradient(index, gradients[index], shape) for index, shape in indexed]
        values = [each.rows if isinstance(each, Rows) else each for each in held]
        return self._located(held, values, moved, written)

    def zeros(self, size: int) -> Floats:
        """
        See `Memory`.
        """
        return zeros(size)

    def copy(self, name: str, array: object) -> Floats:
        """
        See `Memory`.
        """
        return _checked(name, array).copy()

    def put(self, flat: Floats, part: slice, values: object) -> None:
        """
        See `Memory`.
        """
        flat[part] = np.asarray(values).reshape(-1)

    def take(self, flat: Floats, part: slice, variable: Floats) -> None:
        """
        See `Memory`.
        """
        variable.reshape(-1)[:] = flat[part]

    def shown(self, flat: Floats, part: slice, shape: Shape) -> Floats:
        """
        See `Memory`; it cannot be written, and later calls change it.
        """
        view = flat[part].reshape(shape)
        view.flags.writeable = False
        return view

    def _expect(self, layout: Layout) -> None:
        if self._layout is layout:
            return
        self._layout = layout
        self._expected = [(_SINGLE, True, shape) for shape in layout.shapes]
        self._octets = np.array(layout.sizes, np.uint64) * np.uint64(_SINGLE.itemsize)
        self._apart = b""

    def _located(
        self,
        gradients: Sequence[Any],
        values: Sequence[Any],
        variables: Sequence[Any],
        written: Sequence[Floats],
    ) -> Given:
        if values is gradients:  # dense, all of them
            both = self._locate([*variables, *values])
            variables_at, gradients_at = both[: len(variables)], both[len(variables) :]
            present, where = [True] * len(values), both.tobytes()
        else:
            present = [each is not None for each in values]
            variables_at, gradients_at = self._locate(variables), np.zeros(len(values), np.uint64)
            gradients_at[present] = self._locate([each for each in values if each is not None])
            where = b""
        # Arrays of the layout's sizes at the same addresses were compared in the last call.
        if not where or where != self._apart:
            self._check_apart(values, gradients_at, variables_at, written)
            self._apart = where
        return Given(
            variables=variables,
            gradients=gradients,
            present=present,
            variables_at=variables_at,
            gradients_at=gradients_at,
            where=where,
        )

    def _check_apart(
        self,
        values: Sequence[Any],
        gradients_at: Addresses,
        variables_at: Addresses,
        written: Sequence[Floats],
    ) -> None:
        own = np.array([array.nbytes for array in written], np.uint64)
        given = np.array([0 if each is None else each.nbytes for each in values], np.uint64)
        count = len(variables_at)
        check_apart(
            Spans(
                at=np.concatenate([variables_at, self._locate(written)]),
                octets=np.concatenate([self._octets, own]),
                name=lambda at: f"variable {at}" if at < count else "the state",
            ),
            Spans(at=gradients_at, octets=given, name=lambda at: f"gradient {at}"),
        )


def _all_look(arrays: Sequence[object], expected: Sequence[object]) -> bool:
    # A subclass may mean something else by its attributes, so it is looked at by itself.
    return set(map(type, arrays)) == {np.ndarray} and list(map(_looks, arrays)) == expected


def _variable(index: int, variable: object, shape: Shape) -> Floats:
    array = _checked(f"variable {index}", variable, writable=True)
    if array.shape != shape:
        raise ValueError(f"variable {index} had shape {shape} in the first call, got {array.shape}")
    return array


def _gradient(index: int, gradient: object, shape: Shape) -> Floats | Rows | None:
    if gradient is None:
        return None
    if isinstance(gradient, tuple):
        return _rows(f"gradient {index}", gradient, shape)
    if isinstance(gradient, np.generic):  # NumPy's arithmetic makes those of arrays without axes
        gradient = np.asarray(gradient)
    array = _checked(f"gradient {index}", gradient)
    if array.shape != shape:
        raise ValueError(
            f"gradient {index} must have its variable's shape {shape}, got {array.shape}"
        )
    return array


def _rows(name: str, pair: tuple[object, ...], shape: Shape) -> Rows:
    if len(pair) != 2:
        raise ValueError(f"{name} must be a pair of indices and rows, got {len(pair)} parts")
    if not shape:
        raise ValueError(f"{name} is sparse, but its variable is a scalar and has no rows")
    indices = check_indices(f"the indices of {name}", pair[0], shape[0])
    rows = _checked(f"the rows of {name}", pair[1])
    if rows.shape != (len(indices), *shape[1:]):
        raise ValueError(
            f"the rows of {name} must have shape {(len(indices), *shape[1:])}, got {rows.shape}"
        )
    width = int(np.prod(shape[1:], dtype=np.int64))
    return sorted_rows(indices, rows.reshape(-1), width)


def check_indices(name: str, given: object, length: int) -> npt.NDArray[np.integer[Any]]:
    """
    The indices of a sparse gradient.

    Raises:
        TypeError: they are no array of integers.
        ValueError: they have several axes, or one is no row of the variable.
    """
    if not isinstance(given, np.ndarray) or not np.issubdtype(given.dtype, np.integer):
        kind = getattr(given, "dtype", type(given).__name__)
        raise TypeError(f"{name} must be a NumPy array of integers, got {kind}")
    if given.ndim != 1:
        raise ValueError(f"{name} must have one axis, got shape {given.shape}")
    outside = given[(given < 0) | (given >= length)]
    if len(outside):
        raise ValueError(f"{name} must be at least 0 and below {length}, got {outside[0]}")
    return given


def _checked(name: str, array: object, *, writable: bool = False) -> Floats:
    if not isinstance(array, np.ndarray):
        raise TypeError(f"{name} must be a NumPy array of float32, got {type(array).__name__}")
    if array.dtype != _SINGLE:
        raise TypeError(f"{name} must be of dtype float32, got {array.dtype}")
    if not array.flags.c_contiguous:
        raise ValueError(f"{name} must be C-contiguous; pass np.ascontiguousarray of it")
    if not array.flags.aligned:
        raise ValueError(f"{name} must be aligned in memory; pass a copy")
    if writable and not array.flags.writeable:
        raise ValueError(f"{name} must be writable, it is updated in place")
    return np.asarray(array)  # the plain array where it is one of a subclass

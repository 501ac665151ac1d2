from __future__ import annotations

import numpy as np
import pytest

from rmsprop_conformance.fast.aligned import LINE, zeros


@pytest.mark.parametrize("size", [0, 1, 15, 16, 1000, 100_003])
def test_zeros_begin_with_a_line(size: int) -> None:
    """
    So many zeros of float32, which can be written to, whatever was allocated before.
    """
    kept = [zeros(size) for _ in range(5)]

    assert [each.ctypes.data % LINE for each in kept if size] == [0] * (5 if size else 0)
    for each in kept:
        assert (each.dtype, each.shape, each.flags.writeable) == (
            np.dtype("float32"),
            (size,),
            True,
        )
        assert not each.any()


def test_arrays_of_their_own() -> None:
    """
    What is written to one is not seen in another.
    """
    one, two = zeros(100), zeros(100)
    one[:] = 1.0

    assert not two.any()

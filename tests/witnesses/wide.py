"""
Computed in a wider format; what is kept and shown is rounded to the variable's, once.

`in_next_wider` and `in_double` compute each quantity from those that are kept, as they
are kept. `wide_slots` keeps its slots wide, too. `unshown` computes a whole step from
numbers that no one sees rounded, as fused kernels do; it shows no slots, because the
slots that it stores do not explain its variables to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
from tests.witnesses import documented
from tests.witnesses.documented import Constants, Equations, early
from tests.witnesses.optimizer import Array, Settings, State, Witness
from tests.witnesses.single_rounding import nearest

Wider = Callable[[np.dtype[np.generic]], np.dtype[np.generic]]
"""
The format to compute in, for a variable's format.
"""


def next_wider(dtype: np.dtype[np.generic]) -> np.dtype[np.generic]:
    """
    Single for 16 bits, double for 32, and what C calls long double for 64.
    """
    return np.dtype({2: np.float32, 4: np.float64}.get(dtype.itemsize, np.longdouble))


def double(dtype: np.dtype[np.generic]) -> np.dtype[np.generic]:
    """
    Double for everything narrower, and what C calls long double for it.
    """
    return np.dtype(np.float64 if dtype.itemsize < 8 else np.longdouble)


def _constants(wider: Wider, settings: Settings, dtype: np.dtype[np.generic]) -> Constants:
    return early(settings, wider(dtype))


def _widened(wider: Wider, values: Array) -> Array:
    return values.astype(wider(values.dtype))


def computed_in(wider: Wider) -> Equations:
    """
    The documented order in a wider format, every kept quantity rounded once.
    """
    up = partial(_widened, wider)
    return Equations(
        constants=partial(_constants, wider),
        velocity=lambda v, g, c: nearest(documented.velocity(up(v), up(g), c), g.dtype),
        average_gradient=lambda m, g, c: nearest(
            documented.average_gradient(up(m), up(g), c), g.dtype
        ),
        denominator=lambda v, c: documented.denominator(up(v), c),
        centered_denominator=lambda v, m, c: documented.centered_denominator(up(v), up(m), c),
        increment=lambda g, d, c: documented.increment(up(g), d, c),
        momentum=lambda b, inc, c: nearest(documented.momentum(up(b), inc, c), b.dtype),
        variable=_stored_variable,
    )


def _stored_variable(w: Array, inc: Array) -> Array:
    # The increment is wide, or a kept buffer of the variable's own format.
    wide = max(inc.dtype, next_wider(w.dtype), key=lambda dtype: dtype.itemsize)
    return nearest(documented.variable(w.astype(wide), inc.astype(wide)), w.dtype)


def fused(old: State, g: Array, settings: Settings) -> State:
    """
    The documented step in the next wider format, everything stored at its end.
    """
    new = _in_wide(old, g, settings)
    dtype = g.dtype
    return State(
        variable=nearest(new.variable, dtype),
        velocity=nearest(new.velocity, dtype),
        average_gradient=nearest(new.average_gradient, dtype),
        momentum=nearest(new.momentum, dtype),
    )


def slots_kept(old: State, g: Array, settings: Settings) -> State:
    """
    The documented step in the next wider format, of which only the variable is stored.

    Slots of double are double: no format that can be shown is wider.
    """
    if g.dtype == np.float64:
        return documented.STEP(old, g, settings)
    new = _in_wide(old, g, settings)
    return replace(new, variable=nearest(new.variable, g.dtype))


def _in_wide(old: State, g: Array, settings: Settings) -> State:
    wide = next_wider(g.dtype)
    lifted = State(
        variable=old.variable.astype(wide),
        velocity=old.velocity.astype(wide),
        average_gradient=old.average_gradient.astype(wide),
        momentum=old.momentum.astype(wide),
    )
    return documented.STEP(lifted, g.astype(wide), settings)


in_next_wider = partial(Witness, computed_in(next_wider))
in_double = partial(Witness, computed_in(double))
unshown = partial(Witness, fused, shows_slots=False)
wide_slots = partial(Witness, slots_kept)

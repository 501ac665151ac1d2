"""
A module that imports a library that nobody has.
"""

from __future__ import annotations

import rmsprop_library_that_nobody_has  # type: ignore[import-not-found]  # noqa: F401  # the point

factory = None

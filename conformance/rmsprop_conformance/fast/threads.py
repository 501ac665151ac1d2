"""
Units of work shared out among threads.

Every unit writes elements or leaves of its own, so who takes which changes no bit.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Unit = TypeVar("Unit")


def available() -> int:
    """
    How many cores this process may use.
    """
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Team:
    """
    The calling thread and some helpers, which are started when they are first needed.

    Args:
        size: how many there are, the caller included.
    """

    __slots__ = ("_pool", "size")

    def __init__(self, size: int) -> None:
        self.size = size
        self._pool: ThreadPoolExecutor | None = None

    def share(
        self,
        work: Callable[[int, Iterator[Unit]], None],
        units: Sequence[Unit],
        *,
        size: int | None = None,
    ) -> None:
        """
        Have all units done; a thread takes the next one whenever it is free.

        Args:
            work: called once in each thread, with its number and the units that it is
                to do; what it raises is raised here.
            units: in the order in which they are taken.
            size: how many of the team are enough.
        """
        helpers = min(self.size, len(units), size or self.size) - 1
        if helpers < 1:
            work(0, iter(units))
            return
        waiting = _Waiting(units)
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self.size - 1, thread_name_prefix="rmsprop")
        started = [self._pool.submit(work, 1 + index, waiting) for index in range(helpers)]
        try:
            work(0, waiting)
        finally:
            # Also after a failure: no thread may write to the arrays after the call.
            failures = [each.exception() for each in started]
        for failure in failures:
            if failure is not None:
                raise failure


class _Waiting(Iterator[Unit]):
    __slots__ = ("_lock", "_units")

    def __init__(self, units: Sequence[Unit]) -> None:
        self._units = iter(units)
        self._lock = threading.Lock()

    def __next__(self) -> Unit:
        with self._lock:
            return next(self._units)

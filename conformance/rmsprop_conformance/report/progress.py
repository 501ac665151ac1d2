"""
How far a run is: a bar on a terminal, a line per family elsewhere.

It goes to a console of its own, on standard error, so that what is on standard
output can be piped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from rmsprop_conformance.report.result import Step
from rmsprop_conformance.report.words import printable, tally_line

Told = Callable[[Step], None]
"""
Called after each case.
"""


@contextmanager
def watching(subject: str, *, on: Console) -> Iterator[Told]:
    """
    Show the progress of one run while the context is open.
    """
    # Forced colour makes rich call a pipe a terminal; a bar would fill a log there.
    if not (on.is_terminal and on.file.isatty()) or on.is_dumb_terminal:
        yield _lines(subject, on=on)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    # Transient: the table that follows says all of it, and better.
    with Progress(*columns, TimeElapsedColumn(), console=on, transient=True) as bar:
        yield _bar(subject, bar)


def _lines(subject: str, *, on: Console) -> Told:
    def told(step: Step) -> None:
        if step.family is not None:
            done = f"{step.done}/{step.planned}"
            line = f"{printable(subject)} {done} {tally_line(step.family)}"
            on.print(Text(line), soft_wrap=True)

    return told


def _bar(subject: str, bar: Progress) -> Told:
    # rich reads [brackets] in a description as markup; a subject may contain them.
    task = bar.add_task(printable(subject).replace("[", "\\["), total=None)

    def told(step: Step) -> None:
        bar.update(task, completed=step.done, total=step.planned)

    return told

"""
`bench`: the fast implementation against its peers, on this machine.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich import box
from rich.console import Console
from rich.progress import track
from rich.table import Table

from rmsprop_conformance.bench.bench import Opened, opened, rows
from rmsprop_conformance.bench.job import Job, jobs
from rmsprop_conformance.bench.matplotlib import check_plot, plot
from rmsprop_conformance.bench.pairs import Clock
from rmsprop_conformance.bench.peer import Peer
from rmsprop_conformance.bench.registry import REGISTERED
from rmsprop_conformance.bench.result import Result, Row
from rmsprop_conformance.errors import CannotWrite
from rmsprop_conformance.fast.threads import available


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """
    What was asked for.

    Args:
        ours: the peer that all others are compared with.
        peers: their names; all that are registered if none is given.
        pairs: in each row.
        smallest: elements of a job at least.
        largest: elements of a job at most.
        json_file: where the record goes.
        plot_file: where the picture goes.
    """

    ours: str
    peers: tuple[str, ...]
    pairs: int
    smallest: int
    largest: int
    json_file: Path | None
    plot_file: Path | None


def bench(
    request: Request,
    *,
    open_peer: Callable[[str], Peer],
    clock: Clock,
    out: Console,
    progress_on: Console,
) -> int:
    """
    Time everything, print the table, write the files.

    Raises:
        NoSuchSubject: a name is no peer's.
        CannotLoad: ours cannot be timed, or matplotlib is missing for the picture.
        CannotWrite: a file cannot be written.
    """
    if request.plot_file is not None:
        check_plot(request.plot_file)
    ours = open_peer(request.ours)
    names = [name for name in request.peers or REGISTERED if name != request.ours]
    found, todo = opened(names, open_peer), list(jobs(request.smallest, request.largest))
    result = Result(
        ours=ours.name,
        versions={each.name: each.version for each in (ours, *found.there)},
        absent=found.absent,
        pairs=request.pairs,
        threads=available(),
        rows=_rows(ours, found, todo, request, clock, progress_on),
    )
    _print(result, out)
    if request.json_file is not None:
        _write(result, request.json_file)
    if request.plot_file is not None:
        plot(result, request.plot_file)
    return 0


def _rows(  # noqa: PLR0913  # the parts of a bench
    ours: Peer,
    found: Opened,
    todo: Sequence[Job],
    request: Request,
    clock: Clock,
    progress_on: Console,
) -> tuple[Row, ...]:
    timed = track(
        rows(ours, found.there, todo, pairs=request.pairs, clock=clock),
        total=len(found.there) * len(todo),
        console=progress_on,
        description="bench",
    )
    return tuple(row for row in timed if row is not None)


def _print(result: Result, out: Console) -> None:
    table = Table(box=box.SIMPLE_HEAD, title_justify="left")
    table.add_column("step")
    for name in ("variables", "elements"):
        table.add_column(name, justify="right")
    table.add_column("peer", no_wrap=True)
    for name in (f"{result.ours}, ns", "peer, ns", "times as long", "quartiles"):
        table.add_column(name, justify="right")
    before = None
    for row in result.rows:
        table.add_row(*_cells(row, is_new=row.job != before))
        before = row.job
    out.print(table)
    out.print(
        f"nanoseconds for each element, medians of {result.pairs} pairs; "
        f"{result.threads} cores may be used"
    )
    for name, version in result.versions.items():
        out.print(f"{name}: {version}")
    for name, reason in result.absent.items():
        out.print(f"{name}: absent: {reason}")


def _cells(row: Row, *, is_new: bool) -> list[str]:
    job, ratio = row.job, row.pairs.ratio
    head = ["full" if job.full else "plain", f"{job.variables:,}", f"{job.elements:,}"]
    return [
        *(head if is_new else [""] * len(head)),
        row.peer,
        f"{row.ours.median:.3f}",
        f"{row.theirs.median:.3f}",
        _rounded(ratio.median),
        f"{_rounded(ratio.low)}–{_rounded(ratio.high)}",
    ]


def _rounded(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio < 100 else f"{ratio:.0f}"


def _write(result: Result, target: Path) -> None:
    try:
        target.write_text(json.dumps(result.document(), indent=1) + "\n", encoding="utf-8")
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise CannotWrite(str(target), reason, "name another file with --json") from problem

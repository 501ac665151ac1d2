"""
A worker of a sweep needs less than 1 GiB beside what opening the subject takes.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux tells how much memory a process had at most"
)
GIBIBYTE = 1 << 30

PROGRAM = """
import json, sys
import numpy as np
from mpmath import libmp
from tests.conformance.sweep.plans import VALUES
from rmsprop_conformance.commands.sweep import _BLOCKS
from rmsprop_conformance.subjects.registry import open_subject
from rmsprop_conformance.sweep.exhaustive import Exhaustive, slots_of
from rmsprop_oracle.arithmetic.formats import BINARY32

def memory(kind):
    lines = open("/proc/self/status").read().splitlines()
    return 1024 * int(dict(line.split(":", 1) for line in lines)[kind].split()[0])

settings, wasteful = json.loads(sys.argv[1])
configuration = tuple(settings.items())
names = ("variable", *slots_of(configuration))
plan = Exhaustive(
    subject="fast",
    format="binary32",
    configuration=configuration,
    state=tuple((name, BINARY32.encode(libmp.from_float(VALUES[name]))) for name in names),
    block=_BLOCKS[32],
    options="",
)
subject = open_subject(plan.subject)
before = memory("VmRSS")
# Ordinary gradients of both signs: of others fewer quantities are judged.
counts = [plan.run(unit, subject).counts["out"] for unit in (1015, 3063)]
if wasteful:
    np.ones(1 << 28, np.float32)
print(json.dumps([counts, memory("VmHWM") - before]))
"""


def taken(settings: dict[str, object], *, wasteful: bool = False) -> int:
    """
    Octets that judging two blocks takes at most, on top of the opened subject.
    """
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps([settings, wasteful])],
        capture_output=True,
        text=True,
        check=True,
    )
    counts, octets = json.loads(done.stdout)
    assert counts == [0, 0]
    assert isinstance(octets, int)
    return octets


@pytest.mark.parametrize(
    "settings", [{}, {"momentum": 0.9, "centered": True}], ids=["plain", "full"]
)
def test_a_worker_stays_below_a_gibibyte(settings: dict[str, object]) -> None:
    """
    With blocks as large as the command line makes them, and every slot.
    """
    assert taken(settings) < GIBIBYTE


def test_a_gibibyte_would_be_seen() -> None:
    """
    The twin: an array of that size is counted.
    """
    assert taken({}, wasteful=True) > GIBIBYTE

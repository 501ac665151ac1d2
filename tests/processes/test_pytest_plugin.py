from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from tests.conformance.fakes import (
    ACCEPTED,
    BAD,
    BROKEN,
    GOOD,
    REFUSED,
    REJECTED,
    SILENT,
    result,
)

from rmsprop_conformance.errors import OwnFault
from rmsprop_conformance.pytest_plugin import CaseFailed, conclude
from rmsprop_conformance.report.result import RunResult

PLUGIN = "rmsprop_conformance.pytest_plugin"

EXCUSED = replace(BAD, case="f/1", family="f")

STRICT = "[pytest]\nstrict = true\nfilterwarnings = error\n"

SUBJECT = '''
import warnings
from rmsprop_conformance.subjects.fast import numpy

class Right:
    """Warns in every call, and is right."""

    def __init__(self, **configuration):
        self._optimizer = numpy().factory(**configuration)

    def apply(self, gradients, variables):
        warnings.warn("old", DeprecationWarning)
        return self._optimizer.apply(gradients, variables)

    def slots(self):
        return self._optimizer.slots()

class Wrong(Right):
    """Moves everything by one part in a thousand too much."""

    def apply(self, gradients, variables):
        before = [each.copy() for each in variables]
        after = super().apply(gradients, variables)
        return [a + (a - b) / 1024 for a, b in zip(after, before)]

class Plain(Right):
    """Has no momentum."""

    def __init__(self, learning_rate=0.001, rho=0.9, epsilon=1e-7):
        super().__init__(learning_rate=learning_rate, rho=rho, epsilon=epsilon)

class Broken:
    """Has no method at all."""
'''


def session(
    folder: Path, *arguments: str, own: str = "", ini: str = ""
) -> subprocess.CompletedProcess[str]:
    """
    One pytest session in a folder of its own, with the subjects above.
    """
    (folder / "mine.py").write_text(SUBJECT, encoding="utf-8")
    (folder / "pytest.ini").write_text(ini or "[pytest]\n", encoding="utf-8")
    if own:
        (folder / "test_own.py").write_text(own, encoding="utf-8")
    installed = {entry.value for entry in metadata.entry_points(group="pytest11")}
    load = () if PLUGIN in installed else ("-p", PLUGIN)
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")
    }
    return subprocess.run(
        [sys.executable, "-m", "pytest", *load, "-p", "no:cacheprovider", *arguments],
        capture_output=True,
        check=False,
        cwd=folder,
        env=environment,
        encoding="utf-8",
        timeout=300,
    )


def outcomes(done: subprocess.CompletedProcess[str]) -> dict[str, int]:
    """
    The counts of the last line.
    """
    last = done.stdout.splitlines()[-1]
    return {what: int(count) for count, what in re.findall(r"(\d+) ([a-z]+)", last)}


DEFAULTS = ("--rmsprop-family", "defaults")


def test_importing_the_plugin_is_cheap() -> None:
    """
    Pytest loads the plugin in every run, so it loads nothing heavy itself.
    """
    heavy = ("click", "keras", "mpmath", "numpy", "rich", "rmsprop_oracle", "tensorflow")
    code = f"import sys, {PLUGIN}\nprint([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True, timeout=60
    )

    assert done.stdout.strip() == "[]"


def test_a_right_subject_passes_without_a_test_file(tmp_path: Path) -> None:
    """
    Each case is an item that passes, and what was compared and caught is printed.
    """
    done = session(tmp_path, "--rmsprop-subject", "mine:Right", *DEFAULTS, ini=STRICT)

    assert done.returncode == 0, done.stdout
    assert outcomes(done)["passed"] == 3
    compared = re.search(r"([\d,]+) values compared, planted (\d+), caught (\d+)", done.stdout)
    assert compared is not None
    assert compared[2] == compared[3] != "0"


def test_a_wrong_subject_fails_with_the_finding_alone(tmp_path: Path) -> None:
    """
    A red case shows call, digits, bound and clause, and no line of our code.
    """
    done = session(tmp_path, "--rmsprop-subject", "mine:Wrong", *DEFAULTS)

    assert done.returncode == 1
    assert outcomes(done)["failed"] == 3
    assert "after call 1: variable of variable 0" in done.stdout
    assert "violates  " in done.stdout
    assert "pytest_plugin.py" not in done.stdout
    assert "Traceback" not in done.stdout


def test_what_is_not_supported_is_skipped_with_its_reason(tmp_path: Path) -> None:
    """
    A case that the subject lacks a capability for is skipped, the others are judged.
    """
    families = ("--rmsprop-family", "momentum", *DEFAULTS)
    done = session(tmp_path, "--rmsprop-subject", "mine:Plain", *families, "-rs")

    assert done.returncode == 0, done.stdout
    assert outcomes(done)["skipped"] > 0
    assert "unsupported: momentum" in done.stdout


def test_nothing_compared_is_red(tmp_path: Path) -> None:
    """
    A session that skipped every case fails, although no item failed.
    """
    family = ("--rmsprop-family", "momentum")
    done = session(tmp_path, "--rmsprop-subject", "mine:Plain", *family)

    assert done.returncode == 1
    assert "failed" not in outcomes(done)
    assert "FAILED: nothing was compared" in done.stdout


def test_deselecting_every_case_is_red(tmp_path: Path) -> None:
    """
    A session that was to judge a subject and selected only other tests fails.
    """
    own = "def test_own():\n    pass\n"
    done = session(tmp_path, "--rmsprop-subject", "mine:Right", "-k", "own", own=own)

    assert done.returncode == 1
    assert "FAILED: nothing was compared" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--rmsprop-subject", "mine:Broken"), "the harness of 'mine:Broken' is broken"),
        (("--rmsprop-subject", "absent:Thing"), "there is no module 'absent'"),
        (("--rmsprop-subject", "fsat"), "Did you mean 'fast'?"),
        (("--rmsprop-subject", "fast", "--rmsprop-family", "plian"), "no case of family 'plian'"),
        (("--rmsprop-subject", "fast", "--rmsprop-corpus", "absent"), "corpus file"),
    ],
    ids=["harness", "module", "name", "family", "corpus"],
)
def test_what_cannot_be_judged_is_wrong_usage(
    tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    """
    A subject or corpus that cannot be used ends the session before it starts.
    """
    done = session(tmp_path, *arguments)

    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert done.stderr.startswith("ERROR: --rmsprop-subject: ")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("case", "ends"),
    [
        (result(EXCUSED, excused=("f/1",)), pytest.xfail.Exception),
        (result(ACCEPTED), pytest.skip.Exception),
        (result(GOOD, missed=("nan",)), OwnFault),
        (result(BAD), CaseFailed),
        (result(BROKEN), CaseFailed),
        (result(SILENT), pytest.skip.Exception),
        (result(REFUSED), pytest.skip.Exception),
    ],
    ids=["excused", "advisory", "missed-fault", "out", "error", "unspecified", "unsupported"],
)
def test_only_a_good_case_passes(case: RunResult, ends: type[BaseException]) -> None:
    """
    Whatever is not exact, sound or rightly refused, or let a planted fault pass, does not pass.
    """
    conclude(result(GOOD).cases[0], {})
    conclude(result(REJECTED).cases[0], {})

    with pytest.raises(ends):
        conclude(case.cases[0], {})


def test_what_is_to_be_refused_is_red_where_a_subject_validates() -> None:
    """
    Accepting it is an advice for others, and a failure for a subject that validates.
    """
    with pytest.raises(CaseFailed):
        conclude(result(ACCEPTED).cases[0], {}, validates=True)


def entries(folder: Path, **changes: object) -> tuple[str, str]:
    """
    The option that names a file in which one deviation of these subjects is accepted.
    """
    entry: dict[str, object] = {
        "id": "one",
        "subjects": ["mine:*"],
        "profile": "keras-3",
        "cases": ["defaults/*"],
        "slot": "*",
        "verdict": "out",
        "versions": "",
        "platforms": "*",
        "reason": "It moves too far.",
        "clauses": ["tf2.momentum"],
        **changes,
    }
    head = {"name": "rmsprop-conformance-deviations", "major": 1, "minor": 0}
    text = json.dumps({"format": head, "entries": [entry]})
    (folder / "accepted.json").write_text(text, encoding="utf-8")
    return "--rmsprop-deviations", "accepted.json"


def test_an_accepted_deviation_is_an_expected_failure(tmp_path: Path) -> None:
    """
    What is accepted is reported as such, with its reason, and --rmsprop-strict refuses it.
    """
    wrong = ("--rmsprop-subject", "mine:Wrong", *DEFAULTS)
    accepted = session(tmp_path, *wrong, *entries(tmp_path))
    strict = session(tmp_path, *wrong, *entries(tmp_path), "--rmsprop-strict")

    assert (accepted.returncode, outcomes(accepted)) == (0, {"xfailed": 3})
    assert "accepted deviation one: It moves too far." in accepted.stdout
    assert (strict.returncode, outcomes(strict)["failed"]) == (1, 3)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "these accepted deviations did not occur: one"),
        ({"cases": ["defualts/*"]}, "no case of the corpus matches what these deviations accept"),
    ],
    ids=["absent", "unmatched"],
)
def test_a_stale_deviation_is_red(tmp_path: Path, changes: dict[str, object], said: str) -> None:
    """
    A session of passing cases fails while something is accepted that is not so.
    """
    right = ("--rmsprop-subject", "mine:Right", *DEFAULTS)
    done = session(tmp_path, *right, *entries(tmp_path, **changes))
    other = session(tmp_path, *right, *entries(tmp_path, versions="<1"))

    assert (done.returncode, outcomes(done)["passed"]) == (1, 3)
    assert f"FAILED: {said}" in done.stdout
    assert other.returncode == 0


def test_a_damaged_file_of_deviations_is_wrong_usage(tmp_path: Path) -> None:
    """
    A file that is not acceptable ends the session before it starts.
    """
    options = entries(tmp_path, clauses=["nobody.said-so"])
    done = session(tmp_path, "--rmsprop-subject", "mine:Right", *DEFAULTS, *options)

    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "no clause or contradiction is called 'nobody.said-so'" in done.stderr


def test_ids_are_those_of_the_cases(tmp_path: Path) -> None:
    """
    Items are collected under one node, in the corpus' order, and nothing is run.
    """
    arguments = ("--rmsprop-subject", "fast", *DEFAULTS, "--collect-only", "-q")
    done = session(tmp_path, *arguments)
    lines = done.stdout.split("\n\n", maxsplit=1)[0].splitlines()

    assert done.returncode == 0
    assert len(lines) == 3
    assert all(line.startswith("rmsprop::defaults/") for line in lines)


def test_it_goes_together_with_other_tests(tmp_path: Path) -> None:
    """
    A user's own tests run as ever, before the cases; -k and -m select among both.
    """
    own = "def test_own():\n    pass\n"
    marked = ("-m", "rmsprop(family='defaults')")
    both = session(tmp_path, "--rmsprop-subject", "fast", *DEFAULTS, own=own)
    alone = session(tmp_path, "--rmsprop-subject", "fast", *marked, own=own, ini=STRICT)

    assert (both.returncode, outcomes(both)["passed"]) == (0, 4)
    assert (alone.returncode, outcomes(alone)["passed"]) == (0, 3)
    assert re.search(r"collected \d+ items / \d+ deselected / 3 selected", alone.stdout)


def test_without_the_option_nothing_happens(tmp_path: Path) -> None:
    """
    Where no subject is named a session is as it would be without the suite.
    """
    done = session(tmp_path, own="def test_own():\n    pass\n", ini=STRICT)

    assert done.returncode == 0
    assert "rmsprop-conformance" not in done.stdout.partition("test_own.py")[2]


def test_the_first_failure_can_end_it(tmp_path: Path) -> None:
    """
    With -x one red case ends the session, red.
    """
    done = session(tmp_path, "--rmsprop-subject", "mine:Wrong", *DEFAULTS, "-x")

    assert done.returncode == 1
    assert outcomes(done)["failed"] == 1
    assert "nothing was compared" not in done.stdout


def test_counts_reach_a_junit_file(tmp_path: Path) -> None:
    """
    Each case is a test case of the file, with what it compared.
    """
    arguments = ("--rmsprop-subject", "fast", *DEFAULTS, "--junit-xml", "junit.xml")
    session(tmp_path, *arguments)
    # Written by the line above, so it can be trusted.
    cases = list(ET.parse(tmp_path / "junit.xml").iter("testcase"))  # noqa: S314
    compared = [
        int(each.get("value", "0"))
        for case in cases
        for each in case.iter("property")
        if each.get("name") == "rmsprop_compared"
    ]

    assert [case.get("name", "").partition("/")[0] for case in cases] == ["defaults"] * 3
    assert all(compared)


def test_workers_count_too(tmp_path: Path) -> None:
    """
    With xdist the cases are spread, and what the workers compared is added up.
    """
    pytest.importorskip("xdist", reason="pytest-xdist is not installed")
    good = session(tmp_path, "--rmsprop-subject", "mine:Right", *DEFAULTS, "-n", "2")
    family = ("--rmsprop-family", "momentum")
    none = session(tmp_path, "--rmsprop-subject", "mine:Plain", *family, "-n", "2")

    assert (good.returncode, outcomes(good)["passed"]) == (0, 3)
    assert not re.search(r"\b0 values compared", good.stdout)
    assert none.returncode == 1
    assert "FAILED: nothing was compared" in none.stdout

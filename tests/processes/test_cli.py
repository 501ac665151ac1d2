from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rmsprop_conformance.commands import options
from rmsprop_oracle.arithmetic.formats import FORMATS
from rmsprop_oracle.bounds import ALTERNATIVES

HEAVY = ("keras", "mpmath", "numpy", "rich", "rmsprop_oracle", "tensorflow")

WRONG = '''
import numpy as np

class Wrong:
    """Epsilon stands outside the root."""

    def __init__(self, learning_rate=0.001, rho=0.9, momentum=0.0, epsilon=1e-7, centered=False):
        if momentum or centered:
            raise NotImplementedError("plain only")
        rates = learning_rate if isinstance(learning_rate, list) else None
        self.rates, self.rate = rates, learning_rate
        self.rho, self.epsilon = np.float32(rho), np.float32(epsilon)
        self.velocities, self.calls = None, 0

    def apply(self, gradients, variables):
        rate = np.float32(self.rates[self.calls] if self.rates else self.rate)
        self.calls += 1
        if self.velocities is None:
            self.velocities = [np.zeros_like(each) for each in variables]
        after = []
        for at, (g, w) in enumerate(zip(gradients, variables)):
            if g is not None:
                one = np.float32(1)
                v = self.rho * self.velocities[at] + (one - self.rho) * (g * g)
                self.velocities[at] = v
                w = w - rate * g / (np.sqrt(v) + self.epsilon)
            after.append(w)
        return after

    def slots(self):
        return {"velocity": self.velocities}
'''


def ran(
    *arguments: str, folder: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """
    The command in a process of its own.
    """
    return subprocess.run(
        [sys.executable, "-m", "rmsprop_conformance", *arguments],
        capture_output=True,
        check=False,
        cwd=folder,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
        timeout=300,
    )


def loaded_by(*arguments: str) -> set[str]:
    """
    Which heavy packages a command line loads.
    """
    code = (
        "import sys\n"
        "from rmsprop_conformance.cli import main\n"
        f"main({list(arguments)!r})\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True, timeout=60
    )
    return set(json.loads(done.stderr.splitlines()[-1].replace("'", '"')))


@pytest.mark.parametrize(
    "arguments",
    [("--help",), ("--version",), ("check", "--help"), ("oracle", "--help"), ("corpus", "--help")],
    ids=" ".join,
)
def test_help_loads_nothing_heavy(arguments: tuple[str, ...]) -> None:
    """
    Help and version answer without any library but click.
    """
    assert loaded_by(*arguments) == set()


def test_a_command_loads_what_it_needs() -> None:
    """
    The check above can fail: computing digits does load the oracle.
    """
    assert {"mpmath", "rmsprop_oracle"} <= loaded_by("oracle", "--gradient", "1")


def test_the_formats_are_the_oracles() -> None:
    """
    The formats and the alternatives to choose from are those that exist.

    Without shown slots, as in a budget, computing wider is no alternative of its own, and
    without an average of the variables there is no complement of its momentum.
    """
    assert sorted(options.FORMATS) == sorted(FORMATS)
    of_a_step = [each for each in ALTERNATIVES if not each.wide and each.average_early]
    assert tuple(each.name for each in of_a_step) == options.ALTERNATIVES


def test_a_conforming_subject_is_0(tmp_path: Path) -> None:
    """
    The fast implementation conforms; the table is on the output, progress is not.
    """
    done = ran(
        "check", "fast", "--family", "defaults", "--json", "ergebnis ✓.json", folder=tmp_path
    )
    content = json.loads((tmp_path / "ergebnis ✓.json").read_text(encoding="utf-8"))

    assert done.returncode == 0, done.stderr
    assert "fast conforms to keras-3 in binary32" in done.stdout
    assert "fast 3/3 defaults" in done.stderr
    assert (content["complete"], content["exit_code"]) == (True, 0)
    assert content["runs"][0]["planted"] == content["runs"][0]["caught"] > 0


def test_a_wrong_subject_is_1(tmp_path: Path) -> None:
    """
    A subject with epsilon outside the root is out at the variable, after the first call.
    """
    (tmp_path / "wrong.py").write_text(WRONG, encoding="utf-8")
    done = ran("check", "wrong:Wrong", "--family", "epsilon", folder=tmp_path)

    assert done.returncode == 1, done.stderr
    assert "after call 1: variable of variable 0" in done.stdout
    assert "wrong:Wrong does not conform" in done.stdout
    # What follows the report says why: an explanation of all its answers. It has no momentum.
    assert "keras-3 with epsilon=outside" in done.stdout


def test_the_forms_are_named_when_asked_for() -> None:
    """
    With --forms the report says how each quantity is computed, and without it does not.
    """
    plain, asked = (
        ran("check", "fast", "--family", "defaults", *more) for more in ((), ("--forms",))
    )

    assert (plain.returncode, asked.returncode) == (0, 0)
    assert "rho·v + (1-rho)·g² (as documented)" in asked.stdout
    assert "rho·v" not in plain.stdout


def test_the_budget_is_printed_when_asked_for() -> None:
    """
    With --budget, with or without an alternative, the digits are followed by a table.
    """
    command = ("oracle", "--gradient", "1")
    plain, early, late = (
        ran(*command, *more) for more in ((), ("--budget",), ("--budget", "late"))
    )

    assert "What the bounds" not in plain.stdout
    assert "What the bounds after call 1 are made of, early:" in early.stdout
    assert "What the bounds after call 1 are made of, late:" in late.stdout


def test_free_running_finds_the_wrong_one_too(tmp_path: Path) -> None:
    """
    Judged from the start only, a wrong subject is out and a right one is not.
    """
    (tmp_path / "wrong.py").write_text(WRONG, encoding="utf-8")
    options = ("--family", "epsilon", "--free-running", "--no-diagnosis")
    wrong = ran("check", "wrong:Wrong", *options, folder=tmp_path)
    right = ran("check", "fast", *options, folder=tmp_path)

    assert (wrong.returncode, right.returncode) == (1, 0)
    assert "free-running" in right.stdout


def test_a_deviation_is_accepted_once_it_has_a_reason(tmp_path: Path) -> None:
    """
    A proposal is refused until it has a reason, then accepted, and --strict does not care.
    """
    (tmp_path / "wrong.py").write_text(WRONG, encoding="utf-8")
    command = ("check", "wrong:Wrong", "--family", "defaults", "--no-diagnosis")
    proposed = ran(*command, "--write-deviations", "mine.json", folder=tmp_path)
    refused = ran(*command, "--deviations", "mine.json", folder=tmp_path)
    path = tmp_path / "mine.json"
    path.write_text(path.read_text(encoding="utf-8").replace("TODO: ", "Known: "), encoding="utf-8")
    accepted = ran(*command, "--deviations", "mine.json", folder=tmp_path)
    strict = ran(*command, "--strict", folder=tmp_path)

    assert (proposed.returncode, refused.returncode) == (1, 2), proposed.stderr
    assert "still begins with TODO" in refused.stderr
    assert (accepted.returncode, strict.returncode) == (0, 1), accepted.stdout
    assert "because Known: violates" in accepted.stdout


def test_a_deviation_that_does_not_occur_is_red(tmp_path: Path) -> None:
    """
    The right subject is red while something is accepted of it that is not so.
    """
    entry = {
        "id": "one",
        "subjects": ["fast"],
        "profile": "keras-3",
        "cases": ["defaults/*"],
        "slot": "*",
        "verdict": "out",
        "versions": "",
        "platforms": "*",
        "reason": "It was so once.",
        "clauses": ["tf2.momentum"],
    }
    head = {"name": "rmsprop-conformance-deviations", "major": 1, "minor": 0}
    text = json.dumps({"format": head, "entries": [entry]})
    (tmp_path / "mine.json").write_text(text, encoding="utf-8")
    options = ("--family", "defaults", "--deviations", "mine.json")
    done = ran("check", "fast", *options, folder=tmp_path)

    assert done.returncode == 1
    assert "deviation one: its cases were run, and none of them is out any" in done.stdout
    assert "1 accepted deviation of fast no longer holds." in done.stdout


def test_several_subjects_have_one_code(tmp_path: Path) -> None:
    """
    One that is out makes 1, beside one that conforms and one that is not there.
    """
    (tmp_path / "wrong.py").write_text(WRONG, encoding="utf-8")
    options = ("--family", "epsilon", "--no-diagnosis")
    done = ran("check", "fast", "fsat", "wrong:Wrong", *options, folder=tmp_path)

    assert done.returncode == 1
    assert "fast conforms" in done.stdout
    assert done.stderr.count("error: ") == 1
    assert "Did you mean 'fast'?" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("check",), "Missing argument"),
        (("check", "fast", "--format", "float32"), "'binary32'"),
        (("check", "fast", "--family", "plian"), "error: nothing was compared"),
        (("check", "fast", "--profile", "keras-4"), "keras-3"),
        (("check", "fast", "--corpus", "absent"), "error: corpus file"),
        (("check", "fast", "--deviations", "absent"), "error: deviations file"),
        (("check", "fast", "--deviations", "absent", "--strict"), "--strict accepts no deviation"),
        (("check", "fast", "--require", "sprase"), "no capability is called 'sprase'"),
        (("check", "fast", "--write-deviations", "absent/a.json"), "make it first"),
        (("check", "nosuch:thing"), "error: subject 'nosuch:thing' cannot be loaded"),
        (("oracle",), "--gradient"),
        (("oracle", "--gradient", "1", "--rho", "2"), "`rho` must be"),
        (("oracle", "--gradient", "1", "--learning-rate", "1,x"), "numbers with commas"),
        (("nonsense",), "No such command"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_wrong_usage_is_2(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    """
    Each wrong usage ends with 2, says what was wrong on standard error, and no traceback.
    """
    done = ran(*arguments, folder=tmp_path)

    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_debug_shows_where(tmp_path: Path) -> None:
    """
    A traceback is shown by `--debug` or its variable, never else.
    """
    command = ("check", "nosuch:thing")
    plain = ran(*command, folder=tmp_path)
    option = ran("--debug", *command, folder=tmp_path)
    variable = ran(*command, folder=tmp_path, RMSPROP_CONFORMANCE_DEBUG="1")

    assert ["Traceback" in done.stderr for done in (plain, option, variable)] == [
        False,
        True,
        True,
    ]


def test_a_subject_that_exits_is_not_green(tmp_path: Path) -> None:
    """
    A subject that calls sys.exit(0) while it is loaded does not end the command with 0.
    """
    (tmp_path / "leaving.py").write_text("import sys\nsys.exit(0)\n", encoding="utf-8")

    assert ran("check", "leaving:factory", folder=tmp_path).returncode == 2


INTERRUPTIBLE = """
import signal, sys
from rmsprop_conformance.cli import main
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.exit(main())
"""
"""
What a shell starts in the background ignores Ctrl-C, and so would all that it starts.
"""


def test_an_interrupt_is_130(tmp_path: Path) -> None:
    """
    Ctrl-C ends with 130 and one line, and leaves a record that is not complete.
    """
    path = tmp_path / "r.json"
    command = [sys.executable, "-c", INTERRUPTIBLE, "check", "fast", "--json", str(path)]
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as running:
        # The first family is done: no import is under way that could swallow the signal.
        assert running.stderr is not None
        progress = running.stderr.readline()
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=120)

    assert progress.startswith("fast ")

    # CPython ends itself by SIGINT, after our own ending, if the interrupt fell into an
    # `exec`, as a dataclass makes one; a shell reports 128 + 2 for that, too.
    assert running.returncode in {130, -signal.SIGINT}
    assert "error: interrupted" in err
    assert "Traceback" not in err
    assert json.loads(path.read_text(encoding="utf-8"))["complete"] is False


def test_a_closed_pipe_is_quiet() -> None:
    """
    A reader that goes away makes 141, no traceback, and never 0 or 1.
    """
    command = [sys.executable, "-m", "rmsprop_conformance", "oracle", "--gradient", "1"]
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        command, stdout=writer, stderr=subprocess.PIPE, check=False, text=True, timeout=60
    )
    os.close(writer)

    assert done.returncode == 141
    assert done.stderr == ""


def test_output_that_cannot_be_encoded_is_escaped() -> None:
    """
    A terminal that knows ASCII only gets escapes, and the command its code.
    """
    done = ran("oracle", "--gradient", "1", PYTHONIOENCODING="ascii")

    assert done.returncode == 0
    assert "\\xb1" in done.stdout


def test_subjects_are_listed() -> None:
    """
    Each registered name is a line, with a sentence that says what it is.
    """
    done = ran("subjects")
    lines = dict(line.split(maxsplit=1) for line in done.stdout.splitlines())

    assert done.returncode == 0
    assert {"fast", "keras"} <= lines.keys()
    assert all(sentence.endswith(".") for sentence in lines.values())


def test_the_corpus_is_listed() -> None:
    """
    The corpus that comes with the suite can be listed.
    """
    done = ran("corpus", "list")

    assert done.returncode == 0
    assert "keras-3" in done.stdout


def test_the_version_is_one_line() -> None:
    """
    The version is printed after the command's name.
    """
    done = ran("--version")

    assert done.returncode == 0
    assert done.stdout.split()[0] == "rmsprop-conformance"
    assert len(done.stdout.splitlines()) == 1

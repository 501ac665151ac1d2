from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console
from tests.conformance.documents.pages import PAGES
from tests.conformance.documents.registry import registry

from rmsprop_conformance.commands import clauses as command
from rmsprop_conformance.documents.compare import Difference
from rmsprop_conformance.drift import Drift
from rmsprop_conformance.errors import CannotRead, NothingCompared
from rmsprop_conformance.report.text import console
from rmsprop_oracle.clauses import CLAUSES, CONTRADICTIONS, Clause

WITHOUT_KERAS = """
import sys
sys.modules["keras"] = None
from rmsprop_conformance.cli import main
sys.exit(main(["clauses", "--drift"]))
"""


def said(call: Callable[[Console], int]) -> tuple[int, str]:
    """
    The exit code and the output of a command.
    """
    out = io.StringIO()
    return call(console(out, {})), out.getvalue()


def listed(*prefixes: str, as_json: bool = True) -> tuple[int, str]:
    """
    The list by prefix.
    """
    return said(lambda out: command.listed(prefixes, as_json=as_json, out=out))


def test_all_are_listed() -> None:
    """
    Without a prefix every clause and every contradiction is there.
    """
    code, output = listed()
    content = json.loads(output)

    assert code == 0
    assert [each["id"] for each in content["clauses"]] == list(CLAUSES)
    assert [each["id"] for each in content["contradictions"]] == list(CONTRADICTIONS)


def test_a_prefix_chooses() -> None:
    """
    Only the clauses that begin so, and the contradictions that cite them.
    """
    content = json.loads(listed("keras3.epsilon")[1])
    chosen = {each["id"] for each in content["clauses"]}
    cited = {"contradiction.epsilon-place"}

    assert chosen == {"keras3.epsilon", "keras3.epsilon-hat", "keras3.epsilon-default"}
    assert {each["id"] for each in content["contradictions"]} == cited


def test_contradictions_have_a_prefix_of_their_own() -> None:
    """
    They can be listed without clauses.
    """
    content = json.loads(listed("contradiction.epsilon-")[1])

    assert content["clauses"] == []
    assert len(content["contradictions"]) == 3


def test_an_unknown_prefix_is_refused() -> None:
    """
    An empty list is not shown as if it were an answer.
    """
    with pytest.raises(NothingCompared, match=r"'nothing'.*keras3\. or contradiction"):
        listed("nothing")


def test_the_table_is_for_people() -> None:
    """
    The table ends with the counts.
    """
    output = listed("r3.rho", as_json=False)[1]

    assert output.splitlines()[-1] == "2 clauses, 2 of them testable; 0 contradictions"


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """
    The small documents, with a registry that agrees with them.
    """
    clauses: dict[str, Clause] = {}
    for document, text in PAGES.items():
        (tmp_path / document).write_text(text, encoding="utf-8")
        clauses |= {f"{document}{each.id}": each for each in registry(document)}
    monkeypatch.setattr(command, "CLAUSES", clauses)
    monkeypatch.setattr(command, "_PARAPHRASES", {each.id: "Ours." for each in clauses.values()})
    return tmp_path


def test_documents_that_agree_are_0(small: Path) -> None:
    """
    One line for each document, and the verdict.
    """
    code, output = said(lambda out: command.compare_documents(small, out=out))

    assert code == 0
    assert output.count("no difference") == len(PAGES)
    assert "the registry states every sentence" in output


def test_a_document_that_differs_is_1(small: Path) -> None:
    """
    The twin: one changed word is named.
    """
    path = small / next(iter(PAGES))
    path.write_text(path.read_text(encoding="utf-8").replace("downhill", "uphill"), "utf-8")
    code, output = said(lambda out: command.compare_documents(small, out=out))

    assert code == 1
    assert "says now    Goes uphill." in output
    assert "1 changed" in output
    assert "the registry does not agree" in output


def test_a_folder_without_documents_is_an_error(tmp_path: Path) -> None:
    """
    The real registry needs all five documents.
    """
    with pytest.raises(CannotRead):
        said(lambda out: command.compare_documents(tmp_path, out=out))


def test_no_drift_is_0() -> None:
    """
    A Keras that says what the registry has is fine.
    """
    found = Drift(version="3", sentences=58, differences=())

    assert said(lambda out: command.show_drift(found, out=out)) == (
        0,
        "Keras 3: 58 sentences, no difference\n",
    )


def test_any_drift_is_1(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The twin: one new sentence is a drift.
    """
    new = Difference(kind="new", document="d", location="here", clause="", line=1, text="Fresh.")
    found = Drift(version="3", sentences=59, differences=(new,))
    monkeypatch.setattr(command, "installed_drift", lambda: found)
    code, output = said(lambda out: command.drift(out=out))

    assert code == 1
    assert output.endswith("Keras 3: 59 sentences, 1 new\n")


def ran(*arguments: str) -> subprocess.CompletedProcess[str]:
    """
    An interpreter of its own.
    """
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        check=False,
        env={**os.environ, "COLUMNS": "200"},
        text=True,
        timeout=60,
    )


def test_a_missing_keras_is_2() -> None:
    """
    Where Keras cannot be imported there is nothing to compare with.
    """
    done = ran("-c", WITHOUT_KERAS)

    assert done.returncode == 2
    assert "keras" in done.stderr
    assert "pip install" in done.stderr


@pytest.mark.parametrize(
    "arguments", [("--drift", "--json"), ("--drift", "tf2."), ("--documents", ".", "--drift")]
)
def test_comparisons_stand_alone(arguments: tuple[str, ...]) -> None:
    """
    What cannot be combined is wrong usage.
    """
    done = ran("-m", "rmsprop_conformance", "clauses", *arguments)

    assert done.returncode == 2
    assert "each stand alone" in done.stderr


def test_the_command_lists() -> None:
    """
    The command line leads to the list.
    """
    done = ran("-m", "rmsprop_conformance", "clauses", "tf2.variable", "--json")

    assert done.returncode == 0
    assert json.loads(done.stdout)["clauses"][0]["id"] == "tf2.variable"

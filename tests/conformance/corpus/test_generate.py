from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from rmsprop_conformance.corpus.generate import files, generate
from rmsprop_conformance.corpus.location import installed_folder
from rmsprop_conformance.corpus.manifest import NAME

_PROGRAM = """
import hashlib
from rmsprop_conformance.corpus.generate import files
print(hashlib.sha256("".join(text for _, text in files()).encode()).hexdigest())
"""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[Path, ...]]:
    """
    A folder and the paths that were written into it.
    """
    folder = tmp_path_factory.mktemp("corpus")
    return folder, generate(folder)


def octets_of(folder: Path) -> dict[str, bytes]:
    """
    Every file that a generator may have written.
    """
    found = [folder / NAME, *sorted((folder / "vectors").iterdir())]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def test_the_shipped_files_are_what_is_generated(
    written: tuple[Path, tuple[Path, ...]],
) -> None:
    """
    Every byte of the installed corpus comes from the generator, and no file besides.
    """
    assert octets_of(written[0]) == octets_of(installed_folder())


def test_what_was_written_is_told(written: tuple[Path, tuple[Path, ...]]) -> None:
    """
    The paths are those of the files, the manifest last.
    """
    folder, paths = written

    assert {path.relative_to(folder).as_posix() for path in paths} == set(octets_of(folder))
    assert paths[-1] == folder / NAME


def test_another_process_generates_the_same_bytes(
    written: tuple[Path, tuple[Path, ...]],
) -> None:
    """
    Neither the hash seed nor anything else of a process shows in a byte.
    """
    ours = sha256(b"".join(path.read_bytes() for path in written[1])).hexdigest()
    seed = str(1 + int(os.environ.get("PYTHONHASHSEED", "0").replace("random", "0")))

    other = subprocess.run(
        [sys.executable, "-c", _PROGRAM],
        env=os.environ | {"PYTHONHASHSEED": seed},
        capture_output=True,
        check=True,
        text=True,
    )

    assert other.stdout.strip() == ours


def test_a_changed_case_would_be_seen(written: tuple[Path, tuple[Path, ...]]) -> None:
    """
    The twin: one other octet in one file is a difference.
    """
    shipped = octets_of(written[0])
    name = next(iter(shipped))
    changed = {**shipped, name: shipped[name].replace(b"0", b"1", 1)}

    assert changed != octets_of(installed_folder())


def test_an_interrupted_run_leaves_the_old_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    A file is replaced whole: if writing fails, the one before is still there.
    """
    (tmp_path / "vectors").mkdir()
    path = tmp_path / next(name for name, _ in files())
    path.write_bytes(b"before")

    def fail(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(Path, "replace", fail)
    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="no space left"):
        generate(tmp_path)

    assert path.read_bytes() == b"before"

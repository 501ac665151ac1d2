from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

pytest.importorskip("hatchling", reason="the build backend is not installed; `tox -e wheel` has it")

ROOT = Path(__file__).parents[2]
PACKAGES = {
    "oracle/rmsprop_oracle",
    "conformance/rmsprop_conformance",
    "fixtures/rmsprop_fixtures",
}


def build(target: str, source: Path, folder: Path) -> Path:
    """
    Build one distribution of a source tree into a folder.
    """
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """
    The wheel, built from the unpacked source distribution as an installer does.
    """
    folder = tmp_path_factory.mktemp("build")
    with tarfile.open(build("sdist", ROOT, folder / "sdist")) as archive:
        archive.extractall(folder / "source", filter="data")
    (source,) = (folder / "source").iterdir()
    return zipfile.ZipFile(build("wheel", source, folder / "wheel"))


def shipped(package: Path) -> set[str]:
    """
    The files of a package as a wheel names them, without what Python writes itself.
    """
    return {
        path.relative_to(package.parent).as_posix()
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def contents(wheel: zipfile.ZipFile) -> tuple[set[str], dict[str, str]]:
    """
    The names of the files in the packages, and the metadata files with their text.
    """
    names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    metadata = {
        name.partition(".dist-info/")[2]: wheel.read(name).decode()
        for name in set(wheel.namelist()) - names
    }
    return names, metadata


def test_the_wheel_holds_the_packages_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    """
    Every file of the three packages is in the wheel, data included, and no other file.
    """
    names, _ = contents(wheel)

    assert names == set().union(*(shipped(ROOT / package) for package in PACKAGES))


def test_a_left_out_file_is_found(tmp_path: Path) -> None:
    """
    A file that appears in a package, but not one of Python's caches, is expected in a wheel.
    """
    package = tmp_path / "package"
    (package / "__pycache__").mkdir(parents=True)
    (package / "__pycache__" / "a.pyc").touch()
    (package / "data").mkdir()
    (package / "data" / "a.json").touch()

    assert shipped(package) == {"package/data/a.json"}


def test_the_packages_are_typed(wheel: zipfile.ZipFile) -> None:
    """
    Each package has the marker that makes its annotations count for its users.
    """
    names, _ = contents(wheel)

    assert {f"{Path(package).name}/py.typed" for package in PACKAGES} <= names


def test_the_wheel_has_the_command_the_plugin_and_the_licence(wheel: zipfile.ZipFile) -> None:
    """
    The metadata announce one command and one pytest plugin, and carry the licence's text.
    """
    _, metadata = contents(wheel)

    assert metadata["entry_points.txt"].split() == [
        "[console_scripts]",
        "rmsprop-conformance",
        "=",
        "rmsprop_conformance.cli:main",
        "[pytest11]",
        "rmsprop_conformance",
        "=",
        "rmsprop_conformance.pytest_plugin",
    ]
    assert metadata["licenses/LICENSE"] == (ROOT / "LICENSE").read_text(encoding="utf-8")


def test_no_judged_library_is_required(wheel: zipfile.ZipFile) -> None:
    """
    Without an extra, the wheel requires none of the libraries that it judges.
    """
    _, metadata = contents(wheel)

    required = [
        line
        for line in metadata["METADATA"].splitlines()
        if line.startswith("Requires-Dist:") and "extra ==" not in line
    ]

    assert required
    assert not [line for line in required if "keras" in line or "tensorflow" in line]

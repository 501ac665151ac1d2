"""
The list of a corpus' files with their checksums, and the one digest of them all.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from rmsprop_conformance.corpus.schema import require
from rmsprop_conformance.errors import DamagedCorpus

NAME = "MANIFEST.json"
VERSION = "1.0.0"
"""
Version of the corpus: a case added is a minor step, a changed meaning never happens.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """
    One file of the corpus.

    Args:
        path: relative to the manifest, with forward slashes.
        sha256: of its bytes.
        cases: how many cases it holds.
        values: how many expected values it holds.
    """

    path: str
    sha256: str
    cases: int
    values: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """
    What a corpus consists of.

    Args:
        version: of the corpus.
        entries: its files, in the order of reports.
    """

    version: str
    entries: tuple[Entry, ...]

    @property
    def digest(self) -> str:
        """
        One checksum of the whole corpus, quoted by every report.
        """
        lines = "".join(f"{entry.sha256}  {entry.path}\n" for entry in self.entries)
        return sha256(f"{self.version}\n{lines}".encode()).hexdigest()

    def text(self) -> str:
        """
        The canonical text of the manifest file.
        """
        files = [
            {
                "path": entry.path,
                "sha256": entry.sha256,
                "cases": entry.cases,
                "values": entry.values,
            }
            for entry in self.entries
        ]
        document = {"version": self.version, "digest": self.digest, "files": files}
        return json.dumps(document, indent=1) + "\n"


def read_manifest(folder: Path, schema: Path) -> Manifest:
    """
    The manifest of a corpus folder.

    Raises:
        DamagedCorpus: it is missing, no JSON, of another version, or contradicts itself.
    """
    document = read_json(folder / NAME)
    version = document.get("version")
    if isinstance(version, str) and _major(version) != _major(VERSION):
        problem = f"expected version {VERSION} or another of the same first number, "
        raise DamagedCorpus(NAME, "version", problem + f"got {version!r}")
    require(document, schema, NAME)
    entries = tuple(Entry(**each) for each in document["files"])
    manifest = Manifest(version=document["version"], entries=entries)
    if manifest.digest != document["digest"]:
        problem = f"expected {manifest.digest} for these files, got {document['digest']}"
        raise DamagedCorpus(NAME, "digest", problem)
    return manifest


def read_json(path: Path) -> dict[str, Any]:
    """
    A JSON object from a file.

    Raises:
        DamagedCorpus: it cannot be read, or is no JSON object.
    """
    try:
        document = json.loads(path.read_bytes())
    except OSError as problem:
        raise DamagedCorpus(path.name, "", f"cannot be read ({problem.strerror})") from problem
    except (ValueError, RecursionError) as problem:
        raise DamagedCorpus(path.name, "", f"is no JSON ({problem})") from problem
    if not isinstance(document, dict):
        raise DamagedCorpus(path.name, "", f"expected an object, got {type(document).__name__}")
    return document


def _major(version: str) -> str:
    return version.partition(".")[0]

"""
Whether a corpus is what the generator writes: every byte, and the digits twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rmsprop_conformance.corpus.expectation import expectation
from rmsprop_conformance.corpus.families import all_cases
from rmsprop_conformance.corpus.generate import files
from rmsprop_conformance.corpus.location import checked_octets, installed_folder, load
from rmsprop_conformance.corpus.manifest import NAME, read_manifest
from rmsprop_conformance.errors import DamagedCorpus, OwnFault
from rmsprop_oracle.bounds import DEFAULT_PRECISION

_OTHER_PRECISION = DEFAULT_PRECISION + 64
"""
A second precision: a number that depends on it was not correctly rounded.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """
    What was verified.

    Args:
        cases: cases whose numbers were recomputed.
        values: expected values that were recomputed.
        digest: of the corpus.
    """

    cases: int
    values: int
    digest: str


def verify(folder: Path | None = None) -> Verified:
    """
    Recompute every number of a corpus and compare every byte.

    The digits are computed at two precisions. Bounds are not compared: they are valid
    at any precision and hold the midpoints' own errors in their last bits.

    Raises:
        DamagedCorpus: a file is missing, damaged, or not what the generator writes.
        OwnFault: the oracle's digits depend on its precision.
    """
    root = installed_folder() if folder is None else folder
    manifest = read_manifest(root)
    for entry in manifest.entries:
        checked_octets(root, entry)
    corpus = load(root)
    _compare(root)
    return Verified(
        cases=len(corpus.cases),
        values=sum(entry.values for entry in manifest.entries),
        digest=manifest.digest,
    )


def _digits(precision: int) -> Iterator[tuple[str, list[Any]]]:
    for case, kept in all_cases():
        document = expectation(case, kept, precision=precision).document
        yield (
            case.id,
            [
                (slot, tensor["digits"], tensor["bits"])
                for alternative in document
                for call in alternative["calls"]
                for slot, column in call.items()
                if slot != "call"
                for tensor in column
            ],
        )


def _compare(root: Path) -> None:
    pairs = zip(_digits(DEFAULT_PRECISION), _digits(_OTHER_PRECISION), strict=True)
    for (case, numbers), (_, again) in pairs:
        if numbers != again:
            raise OwnFault(f"the digits of {case} depend on the oracle's precision")
    written = dict(files())
    for name, text in written.items():
        try:
            octets = (root / name).read_bytes()
        except OSError as problem:
            raise DamagedCorpus(name, "", f"cannot be read ({problem.strerror})") from problem
        if octets != text.encode():
            raise DamagedCorpus(name, "", _difference(octets, text.encode()))
    extra = sorted(str(path.relative_to(root)) for path in (root / "vectors").glob("*.json"))
    unknown = [path for path in extra if path not in written]
    if unknown:
        raise DamagedCorpus(NAME, "files", f"does not list {', '.join(unknown)}")


def _difference(got: bytes, expected: bytes) -> str:
    length = min(len(got), len(expected))
    at = next((i for i in range(length) if got[i] != expected[i]), length)
    line = got[:at].count(b"\n") + 1
    return f"differs from what the generator writes from line {line}, octet {at} on"

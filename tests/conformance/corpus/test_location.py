from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.conformance.corpus.folders import SMALL, alone, copied, edit, replace_file, signed

from rmsprop_conformance.corpus.families import all_cases
from rmsprop_conformance.corpus.location import Corpus, load
from rmsprop_conformance.corpus.manifest import NAME, VERSION
from rmsprop_conformance.errors import DamagedCorpus

MUTATIONS = 300


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """
    A corpus that may be damaged, of one file.
    """
    return alone(tmp_path / "corpus")


def damage(root: Path) -> DamagedCorpus:
    """
    The one error that reading a damaged corpus raises.
    """
    with pytest.raises(DamagedCorpus) as caught:
        load(root)
    return caught.value


def test_the_installed_corpus_is_what_the_families_make() -> None:
    """
    Every case comes back from its file as it was generated, in order.
    """
    corpus = load()

    assert corpus.cases == tuple(case for case, _ in all_cases())
    assert corpus.version == VERSION


def test_a_copy_is_the_same_corpus(tmp_path: Path) -> None:
    """
    A folder that the caller names is read like the installed one.
    """
    assert load(copied(tmp_path / "corpus")) == load()


def test_a_missing_file_is_named(root: Path) -> None:
    """
    The message says which file cannot be read, and why.
    """
    (root / SMALL).unlink()
    found = damage(root)

    assert found.file == SMALL
    assert "cannot be read (No such file or directory)" in str(found)


def test_a_missing_manifest_is_named(root: Path) -> None:
    """
    A folder without a manifest is no corpus.
    """
    (root / NAME).unlink()

    assert damage(root).file == NAME


def test_every_flipped_octet_is_found(root: Path) -> None:
    """
    Whichever octet of a file changes, the checksum no longer fits.
    """
    octets = bytearray((root / SMALL).read_bytes())
    source = Random(1)
    for at in sorted(source.sample(range(len(octets)), 60)):
        flipped = bytearray(octets)
        flipped[at] ^= 1 << source.randrange(8)
        (root / SMALL).write_bytes(flipped)

        found = damage(root)
        assert found.file == SMALL
        assert "expected sha-256" in found.problem


@pytest.mark.parametrize("share", [0.0, 0.3, 0.999])
def test_a_truncated_file_is_found(root: Path, share: float) -> None:
    """
    Cut short, a file has another checksum; signed anew it is no JSON.
    """
    octets = (root / SMALL).read_bytes()
    short = octets[: int(len(octets) * share)]
    (root / SMALL).write_bytes(short)
    assert "expected sha-256" in damage(root).problem

    replace_file(root, short)
    assert (damage(root).file, "cannot be understood" in damage(root).problem) == (SMALL, True)


def first(document: Any) -> Any:
    """
    The first case of a document.
    """
    return document["cases"][0]


FIRST_BITS = "$.cases[0].variables[0].bits[0]"
EDITS: dict[str, tuple[Callable[[Any], object], str, str]] = {
    "unknown-field": (lambda d: first(d).update(tolerance=1), "$.cases[0]", "'tolerance'"),
    "missing-field": (lambda d: first(d).pop("calls"), "$.cases[0]", "'calls'"),
    "unknown-top": (lambda d: d.update(comment=""), "$", "'comment'"),
    "other-major": (lambda d: d["format"].update(major=2), "$.format.major", "1"),
    "other-name": (
        lambda d: d["format"].update(name="x"),
        "$.format.name",
        "'rmsprop-conformance-vectors'",
    ),
    "short-bits": (
        lambda d: first(d)["variables"][0]["bits"].__setitem__(0, "00"),
        FIRST_BITS,
        "'00'",
    ),
    "upper-case-bits": (
        lambda d: first(d)["variables"][0]["bits"].__setitem__(0, "3F800000"),
        FIRST_BITS,
        "'3F800000'",
    ),
    "bits-no-text": (
        lambda d: first(d)["variables"][0]["bits"].__setitem__(0, 7),
        FIRST_BITS,
        "7",
    ),
    "other-decimal": (
        lambda d: first(d)["variables"][0]["decimal"].__setitem__(0, "1"),
        "defaults/nothing-set, variables",
        "decimal column",
    ),
    "other-shape": (
        lambda d: first(d)["variables"][0].update(shape=[5]),
        "defaults/nothing-set, variables",
        "takes 20 octets, got 16",
    ),
    "setting-as-number": (
        lambda d: first(d)["configuration"].update(rho=0.5),
        "$.cases[0].configuration.rho",
        "0.5",
    ),
    "setting-decimal": (
        lambda d: d["cases"][2]["configuration"]["learning_rate"].update(decimal="0.2"),
        "defaults/documented-example, configuration.learning_rate",
        "bits say 0.1, decimal says 0.2",
    ),
    "gradient-without-bits": (
        lambda d: first(d)["calls"][0]["gradients"][0].pop("bits"),
        "$.cases[0].calls[0].gradients[0]",
        "'bits'",
    ),
    "case-is-a-list": (lambda d: d["cases"].__setitem__(0, []), "$.cases[0]", "[]"),
    "one-case-less": (lambda d: d["cases"].pop(), "cases", "expected 3, got 2"),
    "twice-the-same-id": (
        lambda d: d["cases"][1].update(id=first(d)["id"]),
        "defaults/nothing-set",
        "distinct",
    ),
}
"""
A change, the field that the error names, and what it quotes: the schema's fields are JSON
paths, and its words are those of the validator.
"""


@pytest.mark.parametrize(("change", "field", "words"), EDITS.values(), ids=EDITS.keys())
def test_a_wrong_field_is_named(
    root: Path, change: Callable[[Any], object], field: str, words: str
) -> None:
    """
    Behind a right checksum a wrong field is found, with its file, its place and the value.
    """
    edit(root, change)
    found = damage(root)

    assert (found.file in (SMALL, "defaults"), found.field) == (True, field)
    assert words in found.problem


@pytest.mark.parametrize("other", ["number_format", "family", "title", "cases"])
def test_a_missing_heading_is_named(root: Path, other: str) -> None:
    """
    Each field of a file's head is demanded.
    """
    edit(root, lambda document: document.pop(other))

    assert other in damage(root).problem


def test_an_edit_that_changes_nothing_is_accepted(root: Path) -> None:
    """
    The twin: written and signed anew, an unchanged document is read.
    """
    edit(root, lambda document: document)

    assert load(root).cases == tuple(c for c in load().cases if c.family == "defaults")


def test_a_wrong_count_is_found(root: Path) -> None:
    """
    The manifest's number of cases is compared with the file's.
    """
    signed(root, {"cases": 4})

    assert damage(root).problem == "expected 4, got 3"


def byte_mutants(octets: bytes, count: int) -> Iterator[bytes]:
    """
    Files with a flipped, lost, added or repeated piece.
    """
    source = Random(7)
    for _ in range(count):
        at, length = source.randrange(len(octets)), source.randrange(1, 40)
        piece = source.choice((b"", b"\xff", b'"', b"{", b"9", octets[at : at + length] * 2))
        yield octets[:at] + piece + octets[at + source.choice((0, 1, length)) :]


def places(node: Any) -> Iterator[tuple[Any, Any]]:
    """
    Every place of a JSON document: its container and key.
    """
    if isinstance(node, dict | list):
        for key in node if isinstance(node, dict) else range(len(node)):
            yield node, key
            yield from places(node[key])


STRANGE: tuple[Any, ...] = (
    None,
    True,
    -1,
    1.5,
    1 << 200,
    "",
    "\ud800",
    "\0",
    [],
    [[]],
    {},
    {"bits": 1},
    "1e999",
)


def tree_mutants(octets: bytes, count: int) -> Iterator[bytes]:
    """
    Documents in which one value is of another kind, or gone.
    """
    source, original = Random(8), json.loads(octets)
    for _ in range(count):
        document = copy.deepcopy(original)
        if source.random() < 0.5:  # the long lists of numbers hide everything else
            for case in document.get("cases", []):
                case["expected"] = []
        container, key = source.choice(list(places(document)))
        if source.random() < 0.2:
            del container[key]
        else:
            container[key] = source.choice(STRANGE)
        yield json.dumps(document).encode()


def outcome(root: Path) -> str:
    """
    How reading ends; anything but a corpus or the one error is raised.
    """
    try:
        return type(load(root)).__name__
    except DamagedCorpus as found:
        is_clear = found.file and found.problem and "do not edit it by hand" in str(found)
        return type(found).__name__ if is_clear else f"unclear: {found}"


ENDS = {Corpus.__name__, DamagedCorpus.__name__}


def test_no_mutation_of_the_bytes_escapes(root: Path) -> None:
    """
    A file with changed bytes and a new checksum is read, or is damaged; nothing else.
    """
    for octets in byte_mutants((root / SMALL).read_bytes(), MUTATIONS // 2):
        replace_file(root, octets)

        assert outcome(root) in ENDS


def test_no_mutation_of_the_document_escapes(root: Path) -> None:
    """
    A file with a value of another kind and a new checksum is read, or is damaged.
    """
    for octets in tree_mutants((root / SMALL).read_bytes(), MUTATIONS):
        replace_file(root, octets)

        assert outcome(root) in ENDS


def test_no_mutation_of_the_manifest_escapes(root: Path) -> None:
    """
    A manifest with changed bytes or values is damaged, whatever it became.
    """
    octets = (root / NAME).read_bytes()
    for mutant in (*byte_mutants(octets, MUTATIONS // 2), *tree_mutants(octets, MUTATIONS // 2)):
        (root / NAME).write_bytes(mutant)

        assert outcome(root) in ENDS


@pytest.mark.parametrize("path", [5, None, "a\0b"], ids=str)
def test_a_signed_manifest_of_a_wrong_kind_is_found(root: Path, path: Any) -> None:
    """
    A path that is no text, or no path, is damage even where the digest fits.
    """
    signed(root, {"path": path})
    found = damage(root)

    assert (found.file, found.field) == (NAME, "$.files[0].path")


def test_damage_does_happen(root: Path) -> None:
    """
    The twin: most mutations are damage, so the tests above look at something.
    """
    ends = []
    for octets in byte_mutants((root / SMALL).read_bytes(), 40):
        replace_file(root, octets)
        ends.append(outcome(root))

    assert ends.count(DamagedCorpus.__name__) > len(ends) // 2

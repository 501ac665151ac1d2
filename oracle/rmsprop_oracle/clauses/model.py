"""
What a documented statement is, and how one that several documents share is written once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

KERAS_3_EARLY = "000_6eac500d56c4a7ee.txt"
"""
The web page of `keras.optimizers.RMSprop` in the first releases of Keras 3.
"""
TF_2 = "001_ee5e26d547c40969.txt"
"""
The TensorFlow 2.0 reference page of `tf.keras.optimizers.RMSprop`.
"""
R_3 = "002_ae38a93248b37fb9.txt"
"""
The page of `optimizer_rmsprop` in R's package keras3.
"""
KERAS_3 = "003_363e9d5a77df328b.txt"
"""
The Python help of `keras.optimizers.RMSprop`, Keras 3.
"""
TF_2_MIRROR = "004_87c5061d6d144545.txt"
"""
A shortened copy of the TensorFlow 2.0 page on its Chinese site.
"""

FAMILIES = {
    KERAS_3_EARLY: "keras3-early",
    TF_2: "tf2",
    R_3: "r3",
    KERAS_3: "keras3",
    TF_2_MIRROR: "tf2",
}
"""
What the ids of a document's clauses begin with; the mirror repeats, so it adds few.
"""

Constrains = Literal[
    "signature",
    "default",
    "equation",
    "argument",
    "order",
    "interface",
    "error",
    "prose",
    "link",
]
"""
What a statement is about. All but signatures, prose and links can be tested.
"""

CONSTRAINS: tuple[Constrains, ...] = get_args(Constrains)

MAY_BE_UNTESTABLE = frozenset[Constrains]({"signature", "prose", "link"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """
    Where a sentence stands.

    Args:
        document: file name of the document.
        first: the line that it begins on, from 1.
        last: the line that it ends on.
        digest: of the sentence there, where it differs from the statement's own.
    """

    document: str
    first: int
    last: int
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """
    One documented statement.

    Args:
        id: permanent; never reused for another statement.
        location: the part of the document, in the same words for all documents.
        places: where the sentence stands; usually once.
        digest: SHA-256 of the normalised sentence; the sentence itself is not kept.
        constrains: what it is about.
        paraphrase: what it demands, in one sentence of our own.
        violated_by: the options, as `choice=option`, that break it.
        untestable: the reason why no case can break it, or nothing.
    """

    id: str
    location: str
    places: tuple[Place, ...]
    digest: str
    constrains: Constrains
    paraphrase: str
    violated_by: tuple[str, ...] = ()
    untestable: str = ""

    @property
    def document(self) -> str:
        """
        The document that states it first.
        """
        return self.places[0].document

    @property
    def testable(self) -> bool:
        """
        Whether a case can break it.
        """
        return not self.untestable


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """
    What one or several families of documents say alike; a clause in each of them.

    Args:
        key: the clauses' ids without their family.
        digest: of the sentence in most places.
        The others are those of `Clause`.
    """

    key: str
    location: str
    constrains: Constrains
    paraphrase: str
    digest: str
    places: tuple[Place, ...]
    violated_by: tuple[str, ...] = ()
    untestable: str = ""


def clauses_of(statements: Iterable[Statement]) -> Iterator[Clause]:
    """
    One clause for each family that makes the statement, family by family.
    """
    held = list(statements)
    for family in dict.fromkeys(FAMILIES.values()):
        for statement in held:
            places = [place for place in statement.places if FAMILIES[place.document] == family]
            if places:
                yield _clause(statement, f"{family}.{statement.key}", places)


def early(first: int, last: int | None = None, *, digest: str = "") -> Place:
    """
    A place on the early page of Keras 3.
    """
    return _place(KERAS_3_EARLY, first, last, digest)


def page(first: int, last: int | None = None, *, digest: str = "") -> Place:
    """
    A place on the page of TensorFlow 2.0.
    """
    return _place(TF_2, first, last, digest)


def r(first: int, last: int | None = None, *, digest: str = "") -> Place:
    """
    A place on R's page.
    """
    return _place(R_3, first, last, digest)


def keras(first: int, last: int | None = None, *, digest: str = "") -> Place:
    """
    A place in the Python help of Keras 3.
    """
    return _place(KERAS_3, first, last, digest)


def mirror(first: int, last: int | None = None, *, digest: str = "") -> Place:
    """
    A place on the mirror of TensorFlow's page.
    """
    return _place(TF_2_MIRROR, first, last, digest)


def _place(document: str, first: int, last: int | None, digest: str) -> Place:
    return Place(
        document=document, first=first, last=first if last is None else last, digest=digest
    )


def _clause(statement: Statement, identifier: str, places: list[Place]) -> Clause:
    (digest,) = {place.digest or statement.digest for place in places}
    return Clause(
        id=identifier,
        location=statement.location,
        places=tuple(places),
        digest=digest,
        constrains=statement.constrains,
        paraphrase=statement.paraphrase,
        violated_by=statement.violated_by,
        untestable=statement.untestable,
    )

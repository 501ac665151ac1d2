"""
Which document is laid out how.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from rmsprop_conformance.documents import keras, tensorflow
from rmsprop_conformance.documents.sentences import Block, Sentence, sentences
from rmsprop_conformance.errors import CannotRead
from rmsprop_oracle.clauses import KERAS_3, KERAS_3_EARLY, R_3, TF_2, TF_2_MIRROR

LAYOUTS: dict[str, Callable[[str], Iterator[Block]]] = {
    KERAS_3_EARLY: keras.early_page,
    TF_2: tensorflow.page,
    R_3: keras.r_page,
    KERAS_3: keras.python_help,
    TF_2_MIRROR: tensorflow.mirror,
}


def sentences_of(document: str, text: str) -> tuple[Sentence, ...]:
    """
    The sentences of one document, of which only the layout is known beforehand.

    Args:
        document: its file name, which tells the layout.
        text: what stands in it.

    Raises:
        CannotRead: the text is not laid out as that document is.
    """
    try:
        return tuple(sentences(LAYOUTS[document](text)))
    except (IndexError, StopIteration, RuntimeError, ValueError) as problem:
        raise CannotRead(
            document,
            "it has not the parts of the document of that name",
            "compare it with the original, and adapt `documents/` where the layout is new",
        ) from problem


def text_of(folder: Path, document: str) -> str:
    """
    The text of one document.

    Raises:
        CannotRead: there is no such file, or it is no text.
    """
    path = folder / document
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else str(problem)
        raise CannotRead(
            str(path), reason or str(problem), "name a folder that holds all documents"
        ) from problem

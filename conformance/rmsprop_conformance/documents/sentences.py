"""
Blocks of text, and the sentences in them, each with the lines that it stands on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rmsprop_oracle.clauses import digest_of, normalised

Line = tuple[int, str]
"""
A line's number, from 1, and its text or a part of it.
"""

OPENING = 3
"""
A block's first sentence of so few words ("Float.") says nothing without the next.
"""

_END = re.compile(r"""[.!?]["'`)]*\s+(?=["`]*[A-Z@(]|`)(?!@end)""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """
    Lines that belong together: a paragraph, a list item, a formula, code.

    Args:
        location: where in the document, in our words, the same for all documents.
        lines: what stands there.
        whole: one sentence whatever full stops there are, as in code.
    """

    location: str
    lines: tuple[Line, ...]
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """
    One sentence of a document.

    Args:
        location: as of its block.
        first: the line that it begins on.
        last: the line that it ends on.
        text: normalised.
    """

    location: str
    first: int
    last: int
    text: str

    @property
    def digest(self) -> str:
        """
        What a clause that states this sentence carries.
        """
        return digest_of(self.text)


def sentences(blocks: Iterable[Block]) -> Iterator[Sentence]:
    """
    All sentences in their order; what is mark-up only is none.
    """
    for block in blocks:
        text, numbers = _joined(block.lines)
        for start, end in _spans(text, whole=block.whole):
            words = normalised(text[start:end])
            if words:
                yield Sentence(
                    location=block.location,
                    first=numbers[start],
                    last=numbers[end - 1],
                    text=words,
                )


def _joined(lines: tuple[Line, ...]) -> tuple[str, list[int]]:
    """
    One text, and for each of its characters the line that it comes from.
    """
    text, numbers = "", list[int]()
    for number, raw in lines:
        part = raw.strip()
        if part:
            text += part + " "
            numbers += [number] * (len(part) + 1)
    return text.rstrip(), numbers


def _spans(text: str, *, whole: bool) -> Iterator[tuple[int, int]]:
    """
    Where each sentence begins and ends.
    """
    start = 0
    ends = [] if whole else [match.end() for match in _END.finditer(text)]
    for end in ends:
        piece = text[start:end]
        if start == 0 and len(normalised(piece).split()) <= OPENING:
            continue
        yield start, len(text[:end].rstrip())
        start = end
    if text[start:]:
        yield start, len(text)

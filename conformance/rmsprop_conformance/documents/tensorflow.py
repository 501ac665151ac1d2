"""
How the TensorFlow 2.0 page and its Chinese mirror are laid out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from rmsprop_conformance.documents.sentences import Block, Line

_FURNITURE = re.compile(
    r"page_type:|<style|<script|<!--|</?table|</?td|<img|</a>|<a [^>]*>$|View source"
    r"|<a [^>]*>View source</a>$|# tf\.keras"
)
_HEADING = re.compile(r"#{2,4} (?P<marked>.+?):?$|<h[23] id=\"(?P<id>\w+)\">")
_ARGUMENT = re.compile(r"[*-] (?:<b>)?`(?P<name>[\w*]+)`(?:</b>)?: (?P<said>.*)")
_ITEM = re.compile(r"\s*[*-] (?P<said>.*)")

_SECTIONS = {
    "Class `RMSprop`": "description",
    "Class RMSprop": "description",
    "Aliases": "aliases",
    "Used in the guide": "guides",
    "Used in the tutorials": "tutorials",
}

_LINKS = {"aliases", "guides", "tutorials"}


@dataclass(slots=True)
class _Page:
    """
    What has been read so far.

    Args:
        single: each line is a paragraph, as in the mirror.
    """

    single: bool
    kind: str = ""
    section: str = "description"
    location: str = "description"
    held: list[Line] = field(default_factory=list)
    closing: str = ""

    def read(self, number: int, line: str) -> Iterator[Block]:
        """
        One line; gives the block that ends with it or before it.
        """
        if self.closing:
            yield from self._inside(number, line)
        elif line.strip().startswith("```"):
            yield from self.end()
            self.closing = "```"
        elif line.startswith("<div>"):
            yield from self.end()
            self.closing = "</div>"
            yield from self._inside(number, line)
        elif not line.strip() or _FURNITURE.match(line.strip()):
            yield from self.end()
        elif heading := _HEADING.match(line):
            yield from self.end()
            self._head(heading["id"] or heading["marked"])
        else:
            yield from self._text(number, line)

    def end(self, *, whole: bool = False) -> Iterator[Block]:
        """
        The block that is held, if any.
        """
        if self.held:
            yield Block(location=self.location, lines=tuple(self.held), whole=whole)
        self.held = []
        self.location = self.section

    def _inside(self, number: int, line: str) -> Iterator[Block]:
        code, ended = self.closing == "```", line.rstrip().endswith(self.closing)
        if not (code and ended):
            self.held.append((number, line))
        if ended:
            self.closing = ""
            if code:
                self.location = _signature_of(self.section)
            yield from self.end(whole=True)

    def _head(self, heading: str) -> None:
        if heading in {"Properties", "Methods"}:
            self.kind = {"Properties": "property", "Methods": "method"}[heading]
        elif heading in {"Args", "Arguments", "Returns", "Raises"}:
            owner = self.section.partition(",")[0]
            self.section = f"{owner}, {heading.lower()}"
        elif heading == "__init__":
            self.section = "constructor"
        else:
            self.section = _SECTIONS.get(heading, f"{self.kind} {heading}")
        self.location = self.section

    def _text(self, number: int, line: str) -> Iterator[Block]:
        if argument := _ARGUMENT.match(line):
            yield from self.end()
            self.location = _argument_of(self.section, argument["name"])
            line = argument["said"]
        elif item := _ITEM.match(line):
            yield from self.end()
            line = item["said"]
        elif self.section in _LINKS:  # a list of links ends where text begins
            self.section = self.location = "description"
        self.held.append((number, line))
        if self.single:
            yield from self.end()


def page(text: str) -> Iterator[Block]:
    """
    The page itself, in mark-down and HTML.
    """
    yield from _read(text, single=False)


def mirror(text: str) -> Iterator[Block]:
    """
    The mirror, which puts every paragraph on one line.
    """
    yield from _read(text, single=True)


def _read(text: str, *, single: bool) -> Iterator[Block]:
    reader = _Page(single=single)
    for number, line in enumerate(text.splitlines(), start=1):
        yield from reader.read(number, line)
    yield from reader.end()


def _signature_of(section: str) -> str:
    return "signature" if section == "constructor" else f"{section}, signature"


def _argument_of(section: str, name: str) -> str:
    owner, _, part = section.partition(", ")
    if part == "raises":
        return f"{owner}, raises {name}"
    return f"argument {name}" if owner == "constructor" else f"{owner}, argument {name}"

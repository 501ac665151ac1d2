"""
How the documents of Keras 3 are laid out: Python's help, the early web page, R's page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from rmsprop_conformance.documents.sentences import Block, Line

_R_ARGUMENTS = (
    "learning_rate",
    "rho",
    "momentum",
    "epsilon",
    "centered",
    "weight_decay",
    "clipnorm",
    "clipvalue",
    "global_clipnorm",
    "use_ema",
    "ema_momentum",
    "ema_overwrite_frequency",
    "name",
    "...",
    "loss_scale_factor",
    "gradient_accumulation_steps",
)
"""
The order of R's descriptions; the page at hand has lost their names.
"""


def numbered(text: str) -> list[Line]:
    """
    The lines of a text with their numbers.
    """
    return list(enumerate(text.splitlines(), start=1))


def paragraphs(lines: Iterable[Line]) -> Iterator[tuple[Line, ...]]:
    """
    What stands between blank lines.
    """
    for blank, group in groupby(lines, key=lambda line: not line[1].strip()):
        if not blank:
            yield tuple(group)


def python_help(text: str) -> Iterator[Block]:
    """
    What `help(RMSprop)` prints, up to the methods that other classes define.
    """
    lines = [(number, re.sub(r"^ \|(?:  )?", "", line)) for number, line in numbered(text)]
    end = next((at for at, (_, line) in enumerate(lines) if line.startswith("-----")), len(lines))
    lines = lines[:end]
    order = _index(lines, "Method resolution order:")
    methods = _index(lines, "Methods defined here:")
    head = next(at for at, (_, line) in enumerate(lines) if line.startswith("RMSprop("))
    for location, line in zip(("module", "class line"), _filled(lines[:head]), strict=True):
        yield Block(location=location, lines=(line,), whole=True)
    yield Block(location="signature", lines=(lines[head],), whole=True)
    yield from _docstring(lines[head + 1 : order])
    yield Block(
        location="method resolution order", lines=tuple(lines[order + 1 : methods]), whole=True
    )
    yield from _methods(lines[methods + 1 :])


def early_page(text: str) -> Iterator[Block]:
    """
    The page of the first Keras 3, of which each argument begins inside a line.
    """
    lines = [(number, _spaced(line)) for number, line in numbered(text)]
    arguments = _index(lines, "**Arguments**")
    example = _index(lines, "**Example**")
    fences = [at for at, (_, line) in enumerate(lines) if line.endswith("```")]
    yield Block(location="signature", lines=tuple(lines[fences[0] + 1 : fences[1]]), whole=True)
    for paragraph in paragraphs(lines[fences[1] + 1 : arguments]):
        yield from _listed("description", paragraph)
    yield from _run_in(lines[arguments + 1 : example])
    yield Block(location="example", lines=tuple(lines[fences[2] + 1 : fences[3]]), whole=True)


def r_page(text: str) -> Iterator[Block]:
    """
    The page of R's `optimizer_rmsprop`, without its headings and names.
    """
    parts = list(paragraphs(numbered(text)))
    usage = next(at for at, part in enumerate(parts) if " = " in part[0][1])
    for part in parts[1:usage]:  # the first one leads past the site's menu
        yield from _listed("description", part)
    yield Block(location="signature", lines=parts[usage], whole=True)
    described = parts[usage + 1 :]
    names = [f"argument {name}" for name in _R_ARGUMENTS]
    for location, part in zip([*names, "returns", "example"], described, strict=True):
        yield Block(location=location, lines=part, whole=location == "example")


def _docstring(lines: Sequence[Line]) -> Iterator[Block]:
    """
    A class docstring in Google's style.
    """
    arguments = _index(lines, "Args:")
    example = _index(lines, "Example:")
    reference = _index(lines, "Reference:")
    for paragraph in paragraphs(lines[:arguments]):
        yield from _listed("description", paragraph)
    yield from _indented(lines[arguments + 1 : example])
    yield Block(location="example", lines=tuple(lines[example + 1 : reference]), whole=True)
    for paragraph in paragraphs(lines[reference + 1 :]):
        yield from _listed("reference", paragraph)


def _indented(lines: Sequence[Line]) -> Iterator[Block]:
    """
    Descriptions of arguments, each with its name before a colon.
    """
    name, held = "", list[Line]()
    for number, line in lines:
        start = re.match(r" {4}(\w+): (.*)", line)
        if start is None:
            held.append((number, line))
            continue
        if name:
            yield Block(location=f"argument {name}", lines=tuple(held))
        name, held = start[1], [(number, start[2])]
    yield Block(location=f"argument {name}", lines=tuple(held))


def _run_in(lines: Sequence[Line]) -> Iterator[Block]:
    """
    Descriptions of arguments, each with its name in bold anywhere in a line.
    """
    name, held = "", list[Line]()
    for number, line in lines:
        before, *rest = re.split(r"\*\*(\w+)\*\*:", line)
        held.append((number, before))
        for new, said in zip(rest[::2], rest[1::2], strict=True):
            if name:
                yield Block(location=f"argument {name}", lines=tuple(held))
            name, held = new, [(number, said)]
    yield Block(location=f"argument {name}", lines=tuple(held))


def _methods(lines: Sequence[Line]) -> Iterator[Block]:
    """
    Methods, each a signature on one or several lines and an indented docstring.
    """
    rest = list(lines)
    while rest := [*_from_first_filled(rest)]:
        # A long signature ends with a bracket of its own.
        size = 1
        if rest[0][1].endswith("("):
            size += next(at for at, (_, line) in enumerate(rest[1:], 1) if line.startswith(")"))
        until = next(
            (at for at, (_, line) in enumerate(rest[size:], size) if re.match(r"\w", line)),
            len(rest),
        )
        name = rest[0][1].partition("(")[0]
        yield Block(location=f"method {name}, signature", lines=tuple(rest[:size]), whole=True)
        location = f"method {name}"
        for paragraph in paragraphs(rest[size:until]):
            returns = paragraph[0][1].strip() == "Returns:"
            yield Block(
                location=f"{location}, returns" if returns else location,
                lines=paragraph[1:] if returns else paragraph,
            )
        rest = rest[until:]


def _listed(location: str, paragraph: Sequence[Line]) -> Iterator[Block]:
    """
    A paragraph, or each item of a list.
    """
    held = list[Line]()
    for number, line in paragraph:
        item = re.match(r"\s*[-•] (.*)", line)
        if item and held:
            yield Block(location=location, lines=tuple(held))
            held = []
        held.append((number, item[1] if item else line))
    yield Block(location=location, lines=tuple(held))


def _spaced(line: str) -> str:
    # The page at hand has lost the spaces before code.
    return re.sub(r"([\w:,])(`[^`]+`)", r"\1 \2", line)


def _filled(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if line[1].strip()]


def _from_first_filled(lines: Sequence[Line]) -> Sequence[Line]:
    first = next((at for at, (_, line) in enumerate(lines) if line.strip()), len(lines))
    return lines[first:]


def _index(lines: Sequence[Line], heading: str) -> int:
    return [line.strip() for _, line in lines].index(heading)

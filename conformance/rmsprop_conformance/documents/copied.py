"""
Whether a paraphrase is our own: it shares no long run of words with its document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rmsprop_oracle.clauses import normalised

LONGEST = 7
"""
So many consecutive words may be the same; names of arguments alone make some.
"""


def copied(paraphrase: str, texts: Iterable[str]) -> str:
    """
    The first run of more than `LONGEST` words that a text has, too, or nothing.

    Case and punctuation do not count.
    """
    runs = {run for text in texts for run in _runs(text)}
    return next((run for run in _runs(paraphrase) if run in runs), "")


def _runs(text: str) -> Iterator[str]:
    words = re.findall(r"\w+", normalised(text).casefold())
    size = LONGEST + 1
    for start in range(len(words) - size + 1):
        yield " ".join(words[start : start + size])

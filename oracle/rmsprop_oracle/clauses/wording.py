"""
What of a sentence counts: its words, not its mark-up nor how its lines are broken.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

_MARK_UP = (
    (re.compile(r"</?[A-Za-z][^>]*>"), ""),  # HTML
    (re.compile(r"\[([^\]]*)\]\([^)]*\)"), r"\1"),  # a link, of which the text stays
    (re.compile(r"@compatibility\(\w+\)|@end_compatibility"), ""),  # TensorFlow's own
    (re.compile(r"`|\$\$"), ""),  # code and formulas
)

_SPACES = (
    (re.compile(r"\s+"), " "),
    (re.compile(r"([(\[]) "), r"\1"),
    (re.compile(r" ([)\]])"), r"\1"),
    (re.compile(r" ([,.;:])(?= |$)"), r"\1"),
)


def normalised(sentence: str) -> str:
    """
    A sentence in the one spelling that its digest is taken of.

    Unicode's NFKC; without mark-up (HTML, link targets, backticks, formula and
    compatibility marks); white space collapsed, and none inside brackets or before
    punctuation. So the same sentence has the same digest on every page that carries it.
    Normalising twice is normalising once.
    """
    text, before = sentence, None
    while text != before:  # mark-up may show only when other mark-up is gone
        before, text = text, _once(text)
    return text


def digest_of(sentence: str) -> str:
    """
    SHA-256 of the normalised sentence, in hexadecimal.
    """
    return hashlib.sha256(normalised(sentence).encode()).hexdigest()


def _once(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)
    for pattern, replacement in (*_MARK_UP, *_SPACES):
        text = pattern.sub(replacement, text)
    return text.strip()

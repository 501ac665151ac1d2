from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rmsprop_oracle.clauses import digest_of, normalised

SAME = {
    "broken lines": "Half of\n    the rate.",
    "code": "`Half` of the rate.",
    "letter by letter": "``H``a``l``f`` of the rate.",
    "bold": "<b>Half</b> of the rate.",
    "a link": "Half of [the rate](https://example.org/a_(b).",
    "a space before the stop": "Half of `the rate` .",
    "compatibility": "@compatibility(eager) Half of the rate. @end_compatibility",
    "full width": "\N{FULLWIDTH LATIN CAPITAL LETTER H}alf of the rate.",
}

OTHER = {
    "another word": "Half of a rate.",
    "another case": "half of the rate.",
    "another number": "Half of the rate 1.",
    "no stop": "Half of the rate",
}


@pytest.mark.parametrize("spelling", SAME.values(), ids=SAME.keys())
def test_mark_up_does_not_count(spelling: str) -> None:
    """
    The same words have the same digest however a page shows them.
    """
    assert normalised(spelling) == "Half of the rate."
    assert digest_of(spelling) == digest_of("Half of the rate.")


@pytest.mark.parametrize("spelling", OTHER.values(), ids=OTHER.keys())
def test_words_count(spelling: str) -> None:
    """
    The twin: other words have another digest.
    """
    assert digest_of(spelling) != digest_of("Half of the rate.")


def test_powers_and_comparisons_are_no_mark_up() -> None:
    """
    Signs that code and formulas need stay.
    """
    assert normalised("$$a_t = (1 - b) * c ** 2$$") == "a_t = (1 - b) * c ** 2"
    assert normalised("f( a, b )") == "f(a, b)"
    assert normalised("opt <- f(a$b)") == "opt <- f(a$b)"
    assert normalised("a := b") == "a := b"


@given(st.text(alphabet=st.sampled_from("ab `<>/[]().,:$@ \n\u00a0\ufb01")))
def test_normalising_twice_is_normalising_once(text: str) -> None:
    """
    The normal form is its own normal form.
    """
    once = normalised(text)

    assert normalised(once) == once


def test_a_digest_is_that_of_the_normal_form() -> None:
    """
    It is SHA-256 over UTF-8.
    """
    assert digest_of("`\N{GREEK SMALL LETTER RHO}` ") == hashlib.sha256("ρ".encode()).hexdigest()

from __future__ import annotations

from rmsprop_conformance.documents.copied import LONGEST, copied

TEXT = "Zero one two three four five six, seven `eight` nine."


def test_a_long_common_run_is_a_copy() -> None:
    """
    One word more than allowed is named, whatever its case and punctuation.
    """
    assert copied("So: ONE two three four five six seven eight.", [TEXT]) == (
        "one two three four five six seven eight"
    )


def test_a_short_common_run_is_none() -> None:
    """
    The twin: as many words as allowed are no copy.
    """
    words = ["one", "two", "three", "four", "five", "six", "seven"]

    assert len(words) == LONGEST
    assert copied(f"So {' '.join(words)} and eight.", [TEXT]) == ""

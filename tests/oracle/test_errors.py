from __future__ import annotations

import pickle

import pytest

from rmsprop_oracle.errors import (
    Mismatched,
    OracleError,
    OutsideDomain,
    UnknownClause,
    UnknownFormat,
)

EXAMPLES = {
    UnknownFormat("fp8", ("binary16", "binary32")): (
        "unknown format 'fp8': expected one of binary16, binary32"
    ),
    UnknownClause("x"): "unknown clause 'x': `rmsprop_oracle.CLAUSES` lists all ids",
    OutsideDomain("rho", 2, "in [0, 1]"): "`rho` must be in [0, 1]; got 2 of type int",
    OutsideDomain("rho", "a", "in [0, 1]", "keras3.rho"): (
        "`rho` must be in [0, 1] (clause keras3.rho); got 'a' of type str"
    ),
    Mismatched("gradients", 2, 3, "call 0"): "call 0: expected gradients 2, got 3",
}


@pytest.mark.parametrize("error", EXAMPLES, ids=str)
def test_a_text_says_what_was_expected_and_what_came(error: OracleError) -> None:
    """
    The text is computed from the data that the exception carries.
    """
    assert str(error) == EXAMPLES[error]


@pytest.mark.parametrize("error", EXAMPLES, ids=str)
def test_an_error_survives_a_process_border(error: OracleError) -> None:
    """
    Pickled and read back, it is of the same kind and says the same.
    """
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own bytes

    assert type(copy) is type(error)
    assert str(copy) == str(error)


def test_one_base_catches_all() -> None:
    """
    Whoever catches the oracle's base, or ValueError, catches each of them.
    """
    assert {type(each).__base__ for each in EXAMPLES} == {OracleError}
    assert OracleError.__base__ is ValueError

from __future__ import annotations

import pytest
from tests.conformance.documents.pages import HELP
from tests.conformance.documents.registry import registry

from rmsprop_conformance import drift
from rmsprop_conformance.drift import drift_of
from rmsprop_conformance.errors import CannotRead
from rmsprop_oracle.clauses import KERAS_3


@pytest.fixture(autouse=True)
def _small_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    clauses = {clause.id: clause for clause in registry(KERAS_3)}
    monkeypatch.setattr(drift, "CLAUSES", clauses)


def test_the_registered_text_has_not_drifted() -> None:
    """
    The same sentences on whatever lines are no drift.
    """
    found = drift_of("1.0", HELP.replace("class RMSprop(Base)", "\nclass RMSprop(Base)"))

    assert (found.version, found.sentences) == ("1.0", len(registry(KERAS_3)))
    assert found.differences == ()


def test_a_changed_default_has_drifted() -> None:
    """
    The twin: another default in the signature is one changed sentence.
    """
    found = drift_of("1.0", HELP.replace("RMSprop(rate=1, name='x')", "RMSprop(rate=1)"))

    assert [(each.kind, each.location) for each in found.differences] == [("changed", "signature")]


def test_a_text_that_is_no_help_is_refused() -> None:
    """
    A text without the parts of a help is an error, not a drift of everything.
    """
    with pytest.raises(CannotRead):
        drift_of("1.0", "Nothing here.")

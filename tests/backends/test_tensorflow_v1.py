"""
The RMSprop of TensorFlow 1, which TensorFlow 2 still has.
"""

from __future__ import annotations

import pytest
from tests.backends.libraries import conforms, is_named, subject

pytest.importorskip("tensorflow", reason="tensorflow is not installed")


@pytest.mark.parametrize(
    ("name", "profile", "choices"),
    [
        (
            "tf-v1",
            "tf-1",
            [
                "defaults.epsilon=1e-10",
                "defaults.learning_rate=none",
                "narrow=hyperparameters",
                "sparse_rows=lazy",
                "velocity_start=one",
            ],
        ),
    ],
)
def test_it_is_named_with_all_its_choices(name: str, profile: str, choices: list[str]) -> None:
    """
    By measurement alone: nothing of the name is looked at.
    """
    is_named(name, profile, choices)


def test_it_conforms_to_its_profile() -> None:
    """
    Its slots, too: of every case that it is asked nothing is out.
    """
    conforms("tf-v1", ("momentum/several-shapes", "centered/mixed-magnitudes"))


def test_an_argument_that_it_has_not_is_refused() -> None:
    """
    It is not asked such cases, and its harness says which argument it is.
    """
    assert "clipnorm" in subject("tf-v1").describe().capabilities["clipnorm"]

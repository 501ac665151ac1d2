from __future__ import annotations

import os
import sysconfig
from importlib.util import find_spec
from pathlib import Path

import pytest

PACKAGES = ("rmsprop_conformance", "rmsprop_fixtures", "rmsprop_oracle")


def is_installed(file: str) -> bool:
    """
    Whether a file lies where this interpreter keeps what is installed.
    """
    return Path(file).is_relative_to(sysconfig.get_path("purelib"))


@pytest.mark.skipif(
    os.environ.get("RMSPROP_TESTS_EXPECT") != "installed",
    reason="a checkout may test itself; tox tests the wheel",
)
@pytest.mark.parametrize("name", PACKAGES)
def test_the_wheel_is_tested(name: str) -> None:
    """
    Each of the packages comes from the installed wheel, not from the checkout.
    """
    spec = find_spec(name)

    assert spec is not None
    assert spec.origin is not None
    assert is_installed(spec.origin)


def test_a_checkout_is_told_from_a_wheel() -> None:
    """
    A file of this checkout does not count as installed, and pytest does.
    """
    assert not is_installed(__file__)
    assert is_installed(pytest.__file__)

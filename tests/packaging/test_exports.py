from __future__ import annotations

from types import ModuleType

import pytest

import rmsprop_conformance
import rmsprop_fixtures
import rmsprop_oracle


def public_names(module: ModuleType) -> set[str]:
    """
    The names without underscore that a package holds; what comes from elsewhere is not its own.
    """
    return {
        name
        for name, value in vars(module).items()
        if not name.startswith("_")
        and not isinstance(value, ModuleType)
        and getattr(value, "__module__", module.__name__).split(".")[0] == module.__name__
    }


def faults(module: ModuleType) -> set[str]:
    """
    What `__all__` promises in vain, and what is there without a promise.
    """
    promised = set(module.__all__)
    return {f"missing {name}" for name in promised if not hasattr(module, name)} | {
        f"unlisted {name}" for name in public_names(module) - promised
    }


@pytest.mark.parametrize(
    "module",
    [rmsprop_conformance, rmsprop_fixtures, rmsprop_oracle],
    ids=lambda module: module.__name__,
)
def test_all_is_what_can_be_imported(module: ModuleType) -> None:
    """
    `__all__` holds exactly the public names, each once, and each of which exists.
    """
    assert sorted(module.__all__) == sorted(set(module.__all__))
    assert faults(module) == set()


def test_a_wrong_promise_is_found() -> None:
    """
    A promised name that is absent and a public one that is not promised are both named.
    """
    module = ModuleType("example")
    vars(module).update(__all__=["here", "gone"], here=1, extra=2, _private=3)

    assert faults(module) == {"missing gone", "unlisted extra"}


def test_an_unknown_name_is_an_attribute_error() -> None:
    """
    The lazy package answers for what it has not as any module does.
    """
    with pytest.raises(AttributeError, match="'rmsprop_conformance' has no attribute 'chekc'"):
        _ = rmsprop_conformance.chekc

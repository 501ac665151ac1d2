from __future__ import annotations

from pathlib import Path

import pytest

CONFTEST = Path(__file__).parents[1] / "conftest.py"

SKIPPING = """
import pytest

def test_skipped():
    pytest.skip("no such library")
"""


@pytest.fixture
def skipping(pytester: pytest.Pytester) -> pytest.Pytester:
    """
    A folder with our conftest, one skipped test and one skipped file.
    """
    pytester.makeconftest(CONFTEST.read_text(encoding="utf-8"))
    pytester.makepyfile(
        test_one=SKIPPING, test_whole_file="import pytest\npytest.importorskip('no_such_library')"
    )
    return pytester


def test_a_skip_is_an_error_where_asked(
    skipping: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    A skipped test fails and a skipped file is an error, each with the reason of the skip.
    """
    monkeypatch.setenv("RMSPROP_TESTS_SKIPS", "errors")

    result = skipping.runpytest_subprocess("--continue-on-collection-errors")

    result.assert_outcomes(failed=1, errors=1)
    result.stdout.fnmatch_lines(["*no_such_library*", "*no such library*"])


def test_a_skip_is_no_error_otherwise(
    skipping: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    The same two are skips where nothing was asked: the check above sees a difference.
    """
    monkeypatch.delenv("RMSPROP_TESTS_SKIPS", raising=False)

    result = skipping.runpytest_subprocess()

    result.assert_outcomes(skipped=2)

from __future__ import annotations

import ast
from pathlib import Path

TESTS = Path(__file__).parents[1]


def without_docstring(source: str) -> list[str]:
    """
    The test functions of a file that state no law.
    """
    return [
        node.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and not ast.get_docstring(node)
    ]


def test_every_test_states_its_law() -> None:
    """
    Every test function of this tree has a docstring.
    """
    silent = {
        f"{path.relative_to(TESTS)}: {name}"
        for path in TESTS.rglob("*.py")
        for name in without_docstring(path.read_text(encoding="utf-8"))
    }

    assert silent == set()


def test_a_silent_test_is_found() -> None:
    """
    A test without a docstring, or with an empty one, is named, also inside a class.
    """
    source = (
        "def test_a(): pass\n"
        "class Test:\n    def test_b(self): ''\n"
        "def test_c(): 'A law.'\n"
        "def helper(): pass\n"
    )

    assert without_docstring(source) == ["test_a", "test_b"]

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rmsprop_conformance.corpus.codec import FORMAT, cases_of, family_text
from rmsprop_conformance.corpus.expectation import Expectation
from rmsprop_conformance.corpus.families import all_cases
from rmsprop_conformance.errors import DamagedCorpus
from rmsprop_conformance.model.case import Case
from rmsprop_conformance.model.tensor import Tensor
from rmsprop_oracle.arithmetic.formats import FORMATS, Format

NOTHING = Expectation(document=[], values=0)


def through_text(case: Case) -> Case:
    """
    A case, written and read.
    """
    text = family_text(case.family, "A title.", case.format, [(case, NOTHING)])
    (read,) = cases_of(json.loads(text), "a.json")
    return read


@pytest.mark.parametrize("case", [case for case, _ in all_cases()], ids=lambda case: case.id)
def test_a_case_comes_back(case: Case) -> None:
    """
    Written and read, every case of the corpus is the same value.
    """
    assert through_text(case) == case


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """
    Cases with any finite bit patterns but -0, any settings and any missing gradients.
    """
    kind: Format = draw(st.sampled_from(tuple(FORMATS.values())))
    sizes = draw(st.lists(st.integers(0, 3), min_size=1, max_size=3))
    minus_zero = 1 << (kind.width - 1)
    pattern = st.integers(0, (1 << kind.width) - 1).filter(
        lambda bits: kind.is_finite(bits) and bits != minus_zero
    )

    def tensor(size: int) -> Tensor:
        return Tensor.of_patterns(kind, (size,), draw(st.tuples(*[pattern] * size)))

    finite = st.floats(allow_nan=False, allow_infinity=False)
    settings = st.dictionaries(
        st.sampled_from(("learning_rate", "rho", "epsilon")),
        finite | st.lists(finite, min_size=1, max_size=3).map(tuple) | st.booleans() | st.none(),
    )
    calls = tuple(
        tuple(tensor(size) if draw(st.booleans()) else None for size in sizes)
        for _ in range(draw(st.integers(0, 2)))
    )
    return Case(
        id="family/a",
        family="family",
        description="Any.",
        clauses=("tf2.variable",),
        requires=("none-gradient",),
        format=kind,
        configuration=draw(settings),
        variables=tuple(tensor(size) for size in sizes),
        calls=calls,
    )


@given(case=cases())
def test_any_case_comes_back(case: Case) -> None:
    """
    Bits, settings, shapes and missing gradients survive in every format.
    """
    assert through_text(case) == case


def test_another_case_would_be_seen() -> None:
    """
    The twin: a case with another clause, setting or id is not the same value.
    """
    case = all_cases()[0][0]
    others = [
        replace(case, clauses=()),
        replace(case, configuration={}),
        replace(case, id="family/other"),
    ]

    assert all(through_text(other) != case for other in others)


def test_the_text_is_canonical() -> None:
    """
    A head, one case a line, and a final newline.
    """
    pairs = [(case, NOTHING) for case, _ in all_cases()[:3]]
    text = family_text("plain", "A title.", pairs[0][0].format, pairs)
    lines = text.split("\n")

    assert lines[0].endswith('"cases":[')
    assert [json.loads(line.rstrip(","))["id"] for line in lines[1:4]] == [
        case.id for case, _ in pairs
    ]
    assert lines[4:] == ["]}", ""]
    assert json.loads(text)["format"] == FORMAT


def test_a_document_of_another_version_is_refused() -> None:
    """
    The error names the file and the field, what was expected and what came.
    """
    document = {
        "format": {**FORMAT, "major": 2},
        "family": "a",
        "title": "A.",
        "number_format": "binary32",
        "cases": [],
    }

    with pytest.raises(DamagedCorpus) as caught:
        cases_of(document, "a.json")
    assert (caught.value.file, caught.value.field) == ("a.json", "format")
    assert "'major': 1" in str(caught.value)
    assert "'major': 2" in str(caught.value)

"""
Cases as JSON and back: closed, canonical, and with bit patterns as the truth.

Numbers of a case's format are hexadecimal bit patterns of fixed width, most
significant digit first; hyper-parameters are bit patterns of binary64. The decimal
column beside them is for readers only, and is checked against the bits on reading.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Mapping
from typing import Any

from rmsprop_conformance.corpus.expectation import Expectation
from rmsprop_conformance.errors import DamagedCorpus
from rmsprop_conformance.model.case import Case, Gradient, Setting
from rmsprop_conformance.model.tensor import Tensor
from rmsprop_oracle.arithmetic.digits import shortest
from rmsprop_oracle.arithmetic.formats import BINARY64, Format, format_named

FORMAT = {"name": "rmsprop-conformance-vectors", "major": 1, "minor": 0}
"""
Name and version of the file format; readers refuse another major version.
"""

Document = dict[str, Any]


def family_text(
    family: str, title: str, kind: Format, cases: Iterable[tuple[Case, Expectation]]
) -> str:
    """
    The canonical text of a family's file: a header, then one case a line.
    """
    header = {
        "format": FORMAT,
        "family": family,
        "title": title,
        "number_format": kind.name,
    }
    top = _canonical(header)[:-1]
    lines = ",\n".join(_canonical(_encoded(case, expected)) for case, expected in cases)
    return f'{top},"cases":[\n{lines}\n]}}\n'


def _canonical(document: Document) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _encoded(case: Case, expected: Expectation) -> Document:
    return {
        "id": case.id,
        "description": case.description,
        "clauses": list(case.clauses),
        "requires": list(case.requires),
        "profile": case.profile,
        "configuration": {name: _setting(value) for name, value in case.configuration.items()},
        "variables": [_tensor(variable) for variable in case.variables],
        "calls": [{"gradients": [_gradient(each) for each in call]} for call in case.calls],
        "expected": expected.document,
    }


def _setting(value: Setting) -> object:
    if isinstance(value, tuple):
        return [_setting(each) for each in value]
    if isinstance(value, float):
        return {"bits": struct.pack(">d", value).hex(), "decimal": repr(value)}
    return value


def _gradient(gradient: Gradient) -> Document | None:
    return None if gradient is None else _tensor(gradient)


def _tensor(tensor: Tensor) -> Document:
    kind, patterns = tensor.format, tensor.patterns()
    return {
        "shape": list(tensor.shape),
        "bits": [f"{pattern:0{kind.hex_digits}x}" for pattern in patterns],
        "decimal": [shortest(pattern, kind) for pattern in patterns],
    }


# ------------------------------------------------------------------ reading


def cases_of(document: Document, file: str) -> tuple[Case, ...]:
    """
    The cases of a family's document.

    Raises:
        DamagedCorpus: a field is missing, unknown, or not what it should be.
    """
    _fields(document, ("format", "family", "title", "number_format", "cases"), file, "the file")
    if document["format"] != FORMAT:
        raise DamagedCorpus(file, "format", f"expected {FORMAT}, got {document['format']}")
    kind = format_named(document["number_format"])
    return tuple(_case(each, document["family"], kind, file) for each in document["cases"])


_CASE_FIELDS = (
    "id",
    "description",
    "clauses",
    "requires",
    "profile",
    "configuration",
    "variables",
    "calls",
    "expected",
)


def _case(document: Any, family: str, kind: Format, file: str) -> Case:
    where = str(document.get("id", "a case")) if isinstance(document, dict) else "a case"
    _fields(document, _CASE_FIELDS, file, where)
    settings = document["configuration"].items()
    return Case(
        id=document["id"],
        family=family,
        description=document["description"],
        clauses=tuple(document["clauses"]),
        requires=tuple(document["requires"]),
        profile=document["profile"],
        format=kind,
        configuration={
            name: _read_setting(value, file, f"{where}, configuration.{name}")
            for name, value in settings
        },
        variables=tuple(
            _read_tensor(each, kind, file, f"{where}, variables") for each in document["variables"]
        ),
        calls=tuple(_read_call(each, kind, file, f"{where}, calls") for each in document["calls"]),
    )


def _read_call(document: Document, kind: Format, file: str, where: str) -> tuple[Gradient, ...]:
    _fields(document, ("gradients",), file, where)
    return tuple(
        None if each is None else _read_tensor(each, kind, file, where)
        for each in document["gradients"]
    )


def _read_setting(value: Any, file: str, where: str) -> Setting:
    if isinstance(value, list):
        return tuple(_read_float(each, file, where) for each in value)
    if isinstance(value, dict):
        return _read_float(value, file, where)
    if value is None or isinstance(value, bool | int):
        return value
    expected = "a number's bits, an integer, a flag or null"
    raise DamagedCorpus(file, where, f"expected {expected}, got {value!r}")


def _read_float(document: Document, file: str, where: str) -> float:
    _fields(document, ("bits", "decimal"), file, where)
    pattern = _pattern(document["bits"], BINARY64, file, where)
    value: float = struct.unpack(">d", pattern.to_bytes(8, "big"))[0]
    if repr(value) != document["decimal"]:
        raise DamagedCorpus(file, where, f"bits say {value!r}, decimal says {document['decimal']}")
    return value


def _read_tensor(document: Document, kind: Format, file: str, where: str) -> Tensor:
    _fields(document, ("shape", "bits", "decimal"), file, where)
    patterns = [_pattern(text, kind, file, where) for text in document["bits"]]
    decimals = [shortest(pattern, kind) for pattern in patterns]
    if decimals != document["decimal"]:
        raise DamagedCorpus(file, where, "the decimal column does not say what the bits say")
    try:
        return Tensor.of_patterns(kind, tuple(document["shape"]), patterns)
    except ValueError as problem:
        raise DamagedCorpus(file, where, str(problem)) from problem


def _pattern(text: object, kind: Format, file: str, where: str) -> int:
    digits = set("0123456789abcdef")
    right = isinstance(text, str) and len(text) == kind.hex_digits and set(text) <= digits
    if not right:
        expected = f"{kind.hex_digits} lower-case hexadecimal digits"
        raise DamagedCorpus(file, where, f"expected {expected}, got {text!r}")
    return int(str(text), 16)


def _fields(document: object, expected: tuple[str, ...], file: str, where: str) -> None:
    if not isinstance(document, Mapping):
        raise DamagedCorpus(file, where, f"expected an object, got {type(document).__name__}")
    missing = [name for name in expected if name not in document]
    unknown = sorted(name for name in document if name not in expected)
    if missing or unknown:
        problem = f"missing fields {missing}, unknown fields {unknown}"
        raise DamagedCorpus(file, where, problem)

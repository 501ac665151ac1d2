"""
A published file as the second derivation reads it: questions, and what is expected.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Any, NoReturn

from rmsprop_conformance.corpus.rederive.binary import BINARIES, BINARY64, Binary
from rmsprop_conformance.errors import DamagedCorpus

Setting = Fraction | bool | tuple[Fraction, ...]

# Exponents are as short as binary64 needs: a longer one would only cost time and memory.
_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]{1,3})?")

Complain = Callable[[str, str], NoReturn]
"""
Refuses a field of one case: its name, and what is wrong.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """
    What a case asks, in exact numbers; None stands for NaN and infinities.

    Args:
        id: of the case.
        profile: the documented semantics.
        kind: the format of variables, gradients and slots.
        settings: the hyper-parameters that are set.
        variables: the elements of each variable.
        calls: for each call the elements of each variable's gradient; None if absent.
        expected: the published expectation, as it stands in the file.
    """

    id: str
    profile: str
    kind: Binary
    settings: Mapping[str, Setting]
    variables: tuple[tuple[Fraction | None, ...], ...]
    calls: tuple[tuple[tuple[Fraction | None, ...] | None, ...], ...]
    expected: tuple[Mapping[str, Any], ...]


def questions(text: bytes, file: str, profiles: Mapping[str, object]) -> Iterator[Question]:
    """
    The cases of a file, in order.

    Args:
        text: the bytes of the file.
        file: what messages call it.
        profiles: the profiles that can be rederived.

    Raises:
        DamagedCorpus: a field is not what it should be.
    """
    document = json.loads(text)
    kind = BINARIES[document["number_format"]]
    for each in document["cases"]:
        name = each["id"]

        def complain(field: str, problem: str, case: str = name) -> NoReturn:
            raise DamagedCorpus(file, f"{case}, {field}", problem)

        if each["profile"] not in profiles:
            complain("profile", f"expected one of {', '.join(profiles)}, got {each['profile']!r}")
        yield _question(each, kind, complain)


def pattern(text: object, kind: Binary) -> int:
    """
    A bit pattern of the format's width.

    Raises:
        ValueError: it is not spelt so.
    """
    length = kind.width // 4
    if not isinstance(text, str) or not re.fullmatch(f"[0-9a-f]{{{length}}}", text):
        raise ValueError(f"expected {length} lower-case hexadecimal digits, got {text!r}")
    return int(text, 16)


def _question(document: Mapping[str, Any], kind: Binary, complain: Complain) -> Question:
    variables = [
        _tensor(each, kind, f"variables[{at}]", complain)
        for at, each in enumerate(document["variables"])
    ]
    sizes = [len(each) for each in variables]
    calls = []
    for at, call in enumerate(document["calls"]):
        gradients = [
            None if each is None else _tensor(each, kind, f"calls[{at}].gradients", complain)
            for each in call["gradients"]
        ]
        fits = len(gradients) == len(sizes) and all(
            gradient is None or len(gradient) == size
            for gradient, size in zip(gradients, sizes, strict=True)
        )
        if not fits:
            complain(f"calls[{at}].gradients", f"expected elements {sizes} or null")
        calls.append(tuple(gradients))
    return Question(
        id=document["id"],
        profile=document["profile"],
        kind=kind,
        settings=dict(_settings(document["configuration"], len(calls), complain)),
        variables=tuple(variables),
        calls=tuple(calls),
        expected=tuple(document["expected"]),
    )


def _settings(
    configuration: Mapping[str, Any], calls: int, complain: Complain
) -> Iterator[tuple[str, Setting]]:
    for name, given in configuration.items():
        field = f"configuration.{name}"
        if name == "centered" and isinstance(given, bool):
            yield name, given
        elif name == "learning_rate" and isinstance(given, list):
            if len(given) < calls:
                complain(field, f"expected a rate for each of {calls} calls, got {len(given)}")
            yield name, tuple(_number(each, field, complain) for each in given)
        elif name in ("learning_rate", "rho", "momentum", "epsilon"):
            yield name, _number(given, field, complain)
        else:
            complain(field, f"is no argument of the documented update, or not so: {given!r}")


def _number(document: Mapping[str, Any], field: str, complain: Complain) -> Fraction:
    value = _value(document["bits"], document["decimal"], BINARY64, field, complain)
    return value if value is not None else complain(field, "expected a finite number")


def _tensor(
    document: Mapping[str, Any], kind: Binary, field: str, complain: Complain
) -> tuple[Fraction | None, ...]:
    bits, decimals, size = document["bits"], document["decimal"], prod(document["shape"])
    if not len(bits) == len(decimals) == size:
        complain(field, f"expected {size} elements, got {len(bits)} and {len(decimals)} decimals")
    return tuple(
        _value(one, two, kind, f"{field}[{at}]", complain)
        for at, (one, two) in enumerate(zip(bits, decimals, strict=True))
    )


def _value(
    text: object, decimal: str, kind: Binary, field: str, complain: Complain
) -> Fraction | None:
    """
    The number that bits mean, after a look at the decimal column.
    """
    try:
        bits = pattern(text, kind)
    except ValueError as problem:
        complain(field, str(problem))
    value = kind.value(bits)
    if not _says(decimal, bits, value, kind):
        complain(field, f"decimal {decimal!r} is not what the bits {text} say")
    return value


def _says(decimal: str, bits: int, value: Fraction | None, kind: Binary) -> bool:
    negative = bits >> (kind.width - 1)
    if value is None:
        infinite = bits & kind.infinity == bits & ~(negative << (kind.width - 1))
        return decimal == (("-inf" if negative else "inf") if infinite else "nan")
    if not _DECIMAL.fullmatch(decimal):
        return False
    said = kind.nearest(abs(Fraction(decimal))) | (decimal[0] == "-") << (kind.width - 1)
    return said == bits

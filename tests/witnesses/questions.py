"""
Random cases for the witnesses, from a seed; and the witnesses by name.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from rmsprop_conformance.model.case import Case, Setting
from rmsprop_conformance.model.tensor import Tensor
from rmsprop_oracle.arithmetic.formats import Format

WITNESSES = (
    "documented:factory",
    "documented:hidden",
    "averages:lerp",
    "averages:lerp_from_nearer",
    "averages:reassociated",
    "contracted:averages_square",
    "contracted:averages_decay",
    "contracted:averages_lerp",
    "contracted:all_products",
    "contracted:other_products",
    "increments:gradient_times_reciprocal",
    "increments:product_times_reciprocal",
    "increments:rate_times_reciprocal",
    "increments:quotient_first",
    "increments:rate_first",
    "variances:epsilon_first",
    "variances:epsilon_with_square",
    "constants:late",
    "constants:mixed",
    "wide:in_next_wider",
    "wide:in_double",
    "wide:unshown",
    "wide:wide_slots",
    "flushed:factory",
)
"""
All witnesses, as `module:factory`.
"""

_SETTINGS: dict[str, tuple[float, ...]] = {
    "rho": (0.9, 0.99, 0.5, 0.75, 0.999),
    "momentum": (0.9, 0.5, 0.7, 0.99),
    "epsilon": (1e-7, 1e-3, 2.0**-20, 1.0),
}


def subject_name(witness: str) -> str:
    """
    What the registry calls a witness.
    """
    return f"tests.witnesses.{witness}"


def random_cases(kind: Format, source: Random, element_steps: int) -> Iterator[Case]:
    """
    Cases with at least so many elements times calls altogether.
    """
    done = 0
    while done < element_steps:
        case = random_case(kind, source)
        done += case.elements * len(case.calls)
        yield case


def random_case(kind: Format, source: Random) -> Case:
    """
    One case of 20 to 200 elements and 1 to 10 calls.

    Gradients have ordinary, very different, or such small magnitudes that their squares
    or they themselves are subnormal. Variables start at 0 or far above a step.
    """
    size, calls = source.randint(20, 200), source.randint(1, 10)
    low, high = source.choice(_gradient_exponents(kind))
    start = source.choice(((-4, 2), (4, 6), None))
    return Case(
        id="random/case",
        family="random",
        description="Drawn from a seed.",
        clauses=("tf2.variable",),
        format=kind,
        configuration=_configuration(calls, source),
        variables=(_start(kind, size, start, source),),
        calls=tuple((_drawn(kind, size, low, high, source),) for _ in range(calls)),
    )


def _gradient_exponents(kind: Format) -> tuple[tuple[int, int], ...]:
    least, greatest, digits = kind.least_exponent, kind.greatest_exponent, kind.precision
    return (
        (-3, 1),
        (max(-20, least), min(20, greatest // 2)),
        (least // 2 - digits, least // 2 + 4),
        (least - digits, least + digits),
        (greatest // 2 - 6, greatest // 2 - 1),
    )


def _configuration(calls: int, source: Random) -> dict[str, Setting]:
    configuration: dict[str, Setting] = {"learning_rate": _rate(calls, source)}
    for name, values in _SETTINGS.items():
        if source.random() < 0.6:
            configuration[name] = source.choice((*values, source.uniform(0.1, 0.99)))
    if source.random() < 0.5:
        configuration["centered"] = True
    return configuration


def _rate(calls: int, source: Random) -> float | tuple[float, ...]:
    if source.random() < 0.3:
        return tuple(10 ** source.uniform(-4, 0) for _ in range(calls))
    return source.choice((0.001, 0.01, 2.0**-7, 10 ** source.uniform(-4, 0)))


def _start(kind: Format, size: int, exponents: tuple[int, int] | None, source: Random) -> Tensor:
    if exponents is None:
        return Tensor.of_patterns(kind, (size,), [0] * size)
    return _drawn(kind, size, *exponents, source)


def _drawn(kind: Format, size: int, low: int, high: int, source: Random) -> Tensor:
    patterns = [_pattern(kind, source.randint(low, high), source) for _ in range(size)]
    return Tensor.of_patterns(kind, (size,), patterns)


def _pattern(kind: Format, exponent: int, source: Random) -> int:
    sign = source.getrandbits(1) << (kind.width - 1)
    fraction = source.getrandbits(kind.precision - 1)
    if source.random() < 0.2:
        # A few leading bits only: products and quotients that are exact or nearly so.
        fraction &= -1 << (kind.precision - 4)
    if exponent < kind.least_exponent:
        return sign | (fraction >> min(kind.least_exponent - exponent, kind.precision - 1))
    return sign | ((exponent + kind.greatest_exponent) << (kind.precision - 1)) | fraction

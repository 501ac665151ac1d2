"""
A case: inputs, configuration, and what to observe. Never an expected value.

What a case asks is all that a subject ever sees of it, so a subject cannot answer
from the expectation; those live in `corpus`, and the judge computes its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from rmsprop_conformance.model.tensor import Tensor
from rmsprop_oracle.arithmetic.formats import Format

Setting = float | int | bool | None | tuple[float, ...]
"""
The value of one argument; a tuple is a learning rate for each call.
"""

Gradient = Tensor | None
"""
A gradient in a variable's shape; None where a variable has none.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """
    One question to an RMSprop.

    Args:
        id: permanent slug, `family/what-it-asks`; never changes its meaning.
        family: the file it lives in and the row it is counted in.
        description: one sentence.
        clauses: ids of the documented statements that it exercises.
        requires: capabilities without which a subject cannot be asked.
        profile: the semantics that it is judged by.
        format: format of the variables and gradients.
        configuration: only the arguments that the case sets, by Keras' names; all
            numbers are exact binary64 values.
        variables: the variables before the first call.
        calls: for each call the gradients, in the order of the variables.
    """

    id: str
    family: str
    description: str
    clauses: tuple[str, ...]
    requires: tuple[str, ...] = ()
    profile: str = "keras-3"
    format: Format
    configuration: Mapping[str, Setting]
    variables: tuple[Tensor, ...]
    calls: tuple[tuple[Gradient, ...], ...]

    def __post_init__(self) -> None:
        frozen = MappingProxyType(dict(self.configuration))
        object.__setattr__(self, "configuration", frozen)

    @property
    def elements(self) -> int:
        """
        Elements of all variables together.
        """
        return sum(variable.size for variable in self.variables)

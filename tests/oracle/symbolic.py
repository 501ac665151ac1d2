"""
Symbols as a number type: what the equations are, written out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy


@dataclass(frozen=True, slots=True)
class Symbolic:
    """
    An expression with the operations of the equations and of their forms.
    """

    expression: Any

    def __add__(self, other: Symbolic) -> Symbolic:
        """
        The sum.
        """
        return Symbolic(self.expression + other.expression)

    def __sub__(self, other: Symbolic) -> Symbolic:
        """
        The difference.
        """
        return Symbolic(self.expression - other.expression)

    def __mul__(self, other: Symbolic) -> Symbolic:
        """
        The product.
        """
        return Symbolic(self.expression * other.expression)

    def __truediv__(self, other: Symbolic) -> Symbolic:
        """
        The quotient.
        """
        return Symbolic(self.expression / other.expression)

    def __neg__(self) -> Symbolic:
        """
        The negative.
        """
        return Symbolic(-self.expression)

    def lerp(self, target: Symbolic, weight: Symbolic) -> Symbolic:
        """
        From this one towards the target, by the weight.
        """
        return self + weight * (target - self)

    def square(self) -> Symbolic:
        """
        The square.
        """
        return Symbolic(self.expression**2)

    def sqrt(self) -> Symbolic:
        """
        The square root.
        """
        return Symbolic(sympy.sqrt(self.expression))

    def reciprocal_sqrt(self) -> Symbolic:
        """
        One over the square root.
        """
        return Symbolic(1 / sympy.sqrt(self.expression))

    def fma(self, factor: Symbolic, addend: Symbolic) -> Symbolic:
        """
        The product and the sum.
        """
        return Symbolic(self.expression * factor.expression + addend.expression)


LETTERS = {
    name: sympy.Symbol(name, positive=True)
    for name in ("v", "m", "b", "w", "g", "d", "inc", "rho", "mu", "epsilon", "learning_rate")
}
"""
The letters of the documents. All positive, so that roots need no case distinction: the
equations are rational functions and roots of one, equal everywhere if equal there.
"""


def inputs(names: tuple[str, ...]) -> dict[str, Symbolic]:
    """
    The arguments of an equation as symbols; `one_minus_rho` is what it says.
    """
    known = LETTERS | {"one_minus_rho": 1 - LETTERS["rho"]}
    return {name: Symbolic(known[name]) for name in names}


def are_equal(left: Symbolic, right: Symbolic) -> bool:
    """
    Whether two expressions are the same function.
    """
    return bool(sympy.simplify(left.expression - right.expression) == 0)

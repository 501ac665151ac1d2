"""
What is true of RMSprop as Keras documents it: exact trajectories, and proved bounds.
"""

from rmsprop_oracle.arithmetic.ball import Ball
from rmsprop_oracle.arithmetic.formats import FORMATS, Format, format_named
from rmsprop_oracle.arithmetic.multiprecision import Multiprecision
from rmsprop_oracle.bounds import Alternative, BallArithmetic, alternatives, free_running
from rmsprop_oracle.clauses import CLAUSES, Clause, clause
from rmsprop_oracle.errors import Mismatched, OracleError, OutsideDomain
from rmsprop_oracle.parameters import Parameters, parameters_from
from rmsprop_oracle.step import State
from rmsprop_oracle.trajectory import exact_trajectory

__all__ = [
    "CLAUSES",
    "FORMATS",
    "Alternative",
    "Ball",
    "BallArithmetic",
    "Clause",
    "Format",
    "Mismatched",
    "Multiprecision",
    "OracleError",
    "OutsideDomain",
    "Parameters",
    "State",
    "alternatives",
    "clause",
    "exact_trajectory",
    "format_named",
    "free_running",
    "parameters_from",
]

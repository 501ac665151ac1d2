"""
Where two documents, or a document and an implementation, say different things.

Each is a value with all of its readings and the decision, so that a message about a
deviation can cite both.
"""

from __future__ import annotations

from rmsprop_oracle.clauses import (
    contradictions_averages,
    contradictions_keras,
    contradictions_tensorflow,
)
from rmsprop_oracle.clauses.reading import Contradiction, Reading

__all__ = ["CONTRADICTIONS", "Contradiction", "Reading"]

ALL = (*contradictions_keras.ALL, *contradictions_averages.ALL, *contradictions_tensorflow.ALL)

CONTRADICTIONS: dict[str, Contradiction] = {each.id: each for each in ALL}
"""
All contradictions by id.
"""

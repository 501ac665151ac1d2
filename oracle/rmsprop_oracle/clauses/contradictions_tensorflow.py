"""
What TensorFlow 2.0's page leaves open, or what TensorFlow does otherwise.
"""

from __future__ import annotations

from rmsprop_oracle.clauses.reading import Contradiction, Reading

_TENSORFLOW = "TensorFlow 2.0.0"
_LEGACY = "tf_keras 2.21, optimizers.legacy"
_BOTH = f"{_TENSORFLOW}; {_LEGACY}"

ALL = (
    Contradiction(
        id="contradiction.epsilon-without-momentum",
        readings=(
            Reading(
                says="Epsilon stands inside the root, whatever the momentum.",
                clauses=("tf2.momentum", "tf2.momentum-centered"),
            ),
            Reading(
                says="Without momentum epsilon is added to the root, with it inside.",
                source=_BOTH,
            ),
        ),
        decision="Profile tf-2.0 follows the formulas, profile tf-keras-legacy the code.",
        reason="The formulas are the document; a momentum of 1e-12 must not change a step 24-fold.",
    ),
    Contradiction(
        id="contradiction.sparse-rows",
        readings=(
            Reading(
                says="Rows that a sparse gradient does not name keep value and slots.",
                clauses=("tf2.sparse",),
            ),
            Reading(
                says="Without momentum all rows of the averages decay.",
                source=_BOTH,
            ),
        ),
        decision="Profile tf-2.0 leaves such rows alone, profile tf-keras-legacy lets them decay.",
        reason="The document is explicit.",
    ),
    Contradiction(
        id="contradiction.clipping-phase",
        readings=(
            Reading(
                says="Clipping is an option of the optimizer, so applying gradients clips them.",
                clauses=("tf2.kwargs-meaning",),
                source=_LEGACY,
            ),
            Reading(
                says="Only minimize and get_gradients clip, applying does not.",
                clauses=("tf2.apply_gradients-part",),
                source=_TENSORFLOW,
            ),
        ),
        decision="Profile tf-2.0 clips whenever a clipping is set.",
        reason="The page describes the option without any exception.",
    ),
    Contradiction(
        id="contradiction.clipping-order",
        readings=(
            Reading(
                says="Both clippings may be set; by norm comes first.",
                clauses=("tf2.kwargs",),
                source=_TENSORFLOW,
            ),
            Reading(
                says="Both may be set; by value comes first.",
                source=_LEGACY,
            ),
            Reading(says="At most one may be set.", source="Keras 3.2.1 and newer"),
        ),
        decision="Norm first in tf-2.0, value first in tf-keras-legacy, one only in keras-3.",
        reason="The page lists both in that order and says no more.",
    ),
    Contradiction(
        id="contradiction.epsilon-zero",
        readings=(
            Reading(
                says="Epsilon is the value that is given.",
                clauses=("tf2.momentum", "tf2.argument-epsilon"),
            ),
            Reading(says="An epsilon of zero becomes 1e-7.", source=_BOTH),
        ),
        decision="Profile tf-2.0 keeps zero, profile tf-keras-legacy replaces it.",
        reason="The formulas have no exception.",
    ),
    Contradiction(
        id="contradiction.rho-complement",
        readings=(
            Reading(
                says="The weight of the square is one minus rho, exactly.",
                clauses=("tf2.mean-square", "tf2.mean-square-centered", "tf2.mean-grad"),
            ),
            Reading(
                says="It is computed from rho rounded to the variable's format.",
                source=_BOTH,
            ),
            Reading(says="It is computed in binary64 and then rounded.", source="Keras 3.15.1"),
        ),
        decision="The oracle is exact, and a subject may do either throughout.",
        reason="No document says when rho is rounded.",
    ),
    Contradiction(
        id="contradiction.mean-square-index",
        readings=(
            Reading(
                says="The earlier average stands in the formula without its index mark.",
                clauses=("tf2.mean-square",),
            ),
            Reading(
                says="The earlier average is the one of the step before.",
                clauses=("tf2.mean-square-centered",),
            ),
        ),
        decision="Both formulas mean the average of the step before.",
        reason="It is a slip of the pen, as is the stray slash in the next formula.",
    ),
    Contradiction(
        id="contradiction.callable-hyperparameters",
        readings=(
            Reading(
                says="Epsilon and decay may be callables, too.",
                clauses=("tf2.callables",),
            ),
            Reading(
                says="Only the rate and momentum may; the others must be numbers.",
                source=_LEGACY,
            ),
        ),
        decision="Profile tf-2.0 asks for callables, and a refusal is a finding.",
        reason="The document names all four.",
    ),
    Contradiction(
        id="contradiction.global-step",
        readings=(
            Reading(
                says="A global step that was given is counted up.",
                clauses=("tf2.apply_gradients-step", "tf2.minimize-step"),
            ),
            Reading(
                says="No argument of that name exists; the own counter goes up.",
                clauses=(
                    "tf2.apply_gradients-signature",
                    "tf2.minimize-signature",
                    "tf2.iterations",
                ),
                source=_BOTH,
            ),
        ),
        decision="Only the optimizer's own counter is judged.",
        reason="The methods cannot be given a global step.",
    ),
    Contradiction(
        id="contradiction.malformed-pairs",
        readings=(
            Reading(
                says="Pairs in the wrong shape raise a TypeError.",
                clauses=("tf2.apply_gradients-malformed",),
            ),
            Reading(
                says="Three values in place of two raise a ValueError, no pairs pass.",
                source=_LEGACY,
            ),
        ),
        decision="Profile tf-2.0 asks for a TypeError, and another error is a finding.",
        reason="The document names the error.",
    ),
    Contradiction(
        id="contradiction.non-variables",
        readings=(
            Reading(
                says="Something that is no variable raises a ValueError.",
                clauses=("tf2.minimize-error",),
            ),
            Reading(
                says="A tensor in place of a variable raises an AttributeError.",
                source=_LEGACY,
            ),
        ),
        decision="Profile tf-2.0 asks for a ValueError, and another error is a finding.",
        reason="The document names the error.",
    ),
)

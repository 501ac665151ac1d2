"""
The documented statements that equations, cases and verdicts cite.

A clause has a permanent id, the document that it stands in (a file of the documents
that this project was made from) with the place there, and our own one-sentence
paraphrase. The documents' sentences themselves are not reproduced.
"""

from __future__ import annotations

from dataclasses import dataclass

from rmsprop_oracle.errors import UnknownClause

KERAS_3 = "003_363e9d5a77df328b.txt"
"""
The Python help of `keras.optimizers.RMSprop`, Keras 3.
"""
TF_2 = "001_ee5e26d547c40969.txt"
"""
The TensorFlow 2.0 reference page of `tf.keras.optimizers.RMSprop`.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """
    One documented statement.

    Args:
        id: permanent; never reused for another statement.
        document: file name of the document.
        location: where in it.
        paraphrase: what it demands, in one sentence of our own.
    """

    id: str
    document: str
    location: str
    paraphrase: str


_ALL = (
    Clause(
        id="keras3.signature",
        document=KERAS_3,
        location="class line",
        paraphrase="The constructor's arguments have the listed names, order and defaults.",
    ),
    Clause(
        id="keras3.average",
        document=KERAS_3,
        location="gist, first item",
        paraphrase="A discounted moving average of the squared gradients is kept.",
    ),
    Clause(
        id="keras3.root",
        document=KERAS_3,
        location="gist, second item",
        paraphrase="The gradient is divided by the root of that average.",
    ),
    Clause(
        id="keras3.plain-momentum",
        document=KERAS_3,
        location="paragraph after the gist",
        paraphrase="Momentum is plain, not Nesterov's.",
    ),
    Clause(
        id="keras3.centered-version",
        document=KERAS_3,
        location="second paragraph after the gist",
        paraphrase="Centered, an average of the gradients also estimates the variance.",
    ),
    Clause(
        id="keras3.learning_rate",
        document=KERAS_3,
        location="Args, learning_rate",
        paraphrase="The rate is a float, a schedule, or a callable without arguments.",
    ),
    Clause(
        id="keras3.rho",
        document=KERAS_3,
        location="Args, rho",
        paraphrase="Rho discounts the old gradients; its default is 0.9.",
    ),
    Clause(
        id="keras3.momentum",
        document=KERAS_3,
        location="Args, momentum",
        paraphrase="A momentum other than zero makes the optimizer keep a momentum value.",
    ),
    Clause(
        id="keras3.epsilon",
        document=KERAS_3,
        location="Args, epsilon",
        paraphrase="A small constant is added for numerical stability; its default is 1e-7.",
    ),
    Clause(
        id="keras3.centered",
        document=KERAS_3,
        location="Args, centered",
        paraphrase="Centered normalizes by the estimated variance, else by the second moment.",
    ),
    Clause(
        id="keras3.example",
        document=KERAS_3,
        location="Example",
        paraphrase="Rate 0.1 takes a variable of 10 with gradient 10 to 9.683772.",
    ),
    Clause(
        id="tf2.mean-square",
        document=TF_2,
        location="class description, first equation",
        paraphrase="v becomes rho·v + (1 - rho)·g².",
    ),
    Clause(
        id="tf2.momentum",
        document=TF_2,
        location="class description, second equation",
        paraphrase="b becomes momentum·b + learning_rate·g / √(v + epsilon).",
    ),
    Clause(
        id="tf2.variable",
        document=TF_2,
        location="class description, third equation",
        paraphrase="The variable becomes itself minus b.",
    ),
    Clause(
        id="tf2.mean-grad",
        document=TF_2,
        location="class description, first centered equation",
        paraphrase="m becomes rho·m + (1 - rho)·g.",
    ),
    Clause(
        id="tf2.momentum-centered",
        document=TF_2,
        location="class description, third centered equation",
        paraphrase="b becomes momentum·b + learning_rate·g / √(v - m² + epsilon).",
    ),
    Clause(
        id="tf2.slots-zero",
        document=TF_2,
        location="add_slot, signature",
        paraphrase="A slot starts as zeros unless another initializer is given.",
    ),
)

CLAUSES: dict[str, Clause] = {clause.id: clause for clause in _ALL}
"""
All clauses by id, in the order of the documents.
"""


def clause(identifier: str) -> Clause:
    """
    The clause with that id.

    Raises:
        UnknownClause: the registry holds no such id.
    """
    try:
        return CLAUSES[identifier]
    except KeyError:
        raise UnknownClause(identifier) from None

"""
What the documents of Keras 3 and R leave open, or what Keras does otherwise.
"""

from __future__ import annotations

from rmsprop_oracle.clauses.reading import Contradiction, Reading

_KERAS = "Keras 3.15.1"

ALL = (
    Contradiction(
        id="contradiction.epsilon-place",
        readings=(
            Reading(
                says="Epsilon hat of the paper is added to the root.",
                clauses=("keras3.epsilon-hat", "keras3-early.epsilon-hat", "r3.epsilon-hat"),
            ),
            Reading(
                says="Epsilon is added to the average before the root is taken.",
                clauses=("tf2.momentum", "tf2.momentum-centered"),
                source=_KERAS,
            ),
        ),
        decision="Epsilon stands inside the root.",
        reason="The only written formulas and every backend of Keras 3 put it there.",
    ),
    Contradiction(
        id="contradiction.momentum-decay",
        readings=(
            Reading(
                says="The momentum value decays at the rate one minus momentum.",
                clauses=("keras3.momentum", "keras3-early.momentum", "r3.momentum"),
            ),
            Reading(
                says="The buffer is multiplied by momentum itself.",
                clauses=("tf2.momentum", "tf2.momentum-centered"),
                source=_KERAS,
            ),
        ),
        decision="The buffer is multiplied by momentum, and the increment is added whole.",
        reason="The formulas say so, and losing the share 1 - momentum means keeping momentum.",
    ),
    Contradiction(
        id="contradiction.momentum-condition",
        readings=(
            Reading(
                says="Any momentum but zero keeps a buffer.",
                clauses=("keras3.momentum", "keras3-early.momentum", "r3.momentum"),
            ),
            Reading(
                says="Only a positive momentum does; a negative one is silently none.",
                source=_KERAS,
            ),
        ),
        decision="Negative momenta are outside the oracle's domain.",
        reason="For momenta that make sense both readings agree.",
    ),
    Contradiction(
        id="contradiction.early-arguments",
        readings=(
            Reading(
                says="The early signature has neither loss scale nor accumulation.",
                clauses=("keras3-early.signature",),
            ),
            Reading(
                says="Both arguments are described on the same page.",
                clauses=(
                    "keras3-early.loss_scale_factor",
                    "keras3-early.gradient_accumulation_steps",
                ),
            ),
        ),
        decision="Profile keras-3.0 takes both, by name only.",
        reason="The signature's further keyword arguments reach the base class, which has them.",
    ),
    Contradiction(
        id="contradiction.callable-arguments",
        readings=(
            Reading(
                says="A callable rate takes no arguments.",
                clauses=("keras3.learning_rate", "keras3-early.learning_rate", "r3.learning_rate"),
                source="Keras 3.3.0 and newer",
            ),
            Reading(
                says="A callable rate is given the iteration.",
                source="Keras before 3.3.0; the error message of 3.15.1 still says so",
            ),
        ),
        decision="It is called without arguments.",
        reason="All documents agree.",
    ),
    Contradiction(
        id="contradiction.clipvalue-sides",
        readings=(
            Reading(
                says="Elements are bounded from above.",
                clauses=("keras3.clipvalue", "keras3-early.clipvalue", "r3.clipvalue"),
            ),
            Reading(says="Elements are bounded on both sides.", source=_KERAS),
        ),
        decision="Both sides are clipped.",
        reason="All implementations do it, and one side alone would bias every step.",
    ),
    Contradiction(
        id="contradiction.clipnorm-below",
        readings=(
            Reading(
                says="A gradient whose norm is below the threshold stays as it is.",
                clauses=(
                    "keras3.clipnorm",
                    "keras3.global_clipnorm",
                    "keras3-early.clipnorm",
                    "keras3-early.global_clipnorm",
                    "r3.clipnorm",
                    "r3.global_clipnorm",
                ),
            ),
            Reading(
                says="It is multiplied and divided by the threshold, which can move last bits.",
                source=_KERAS,
            ),
        ),
        decision="The exact value is unchanged below the threshold, and the bound has both forms.",
        reason="In exact arithmetic both are the same; only roundings differ.",
    ),
    Contradiction(
        id="contradiction.loss-scale-inverse",
        readings=(
            Reading(
                says="Gradients are multiplied by the inverse of the factor.",
                clauses=(
                    "keras3.loss_scale_factor",
                    "keras3-early.loss_scale_factor",
                    "r3.loss_scale_factor",
                ),
            ),
            Reading(says="Gradients are divided by the factor.", source=_KERAS),
        ),
        decision="The exact value is the quotient, and the bound has both forms.",
        reason="In exact arithmetic both are the same.",
    ),
    Contradiction(
        id="contradiction.loss-scale-sparse",
        readings=(
            Reading(
                says="With a factor all gradients are scaled back.",
                clauses=("keras3.loss_scale_factor",),
            ),
            Reading(
                says="A sparse gradient with a factor raises a TypeError.",
                source="Keras 3.15.1 on TensorFlow",
            ),
        ),
        decision="Sparse gradients are scaled back as dense ones are.",
        reason="The document makes no exception.",
    ),
    Contradiction(
        id="contradiction.duplicate-indices",
        readings=(
            Reading(
                says="Rows that a sparse gradient names twice are added before squaring.",
                clauses=("keras3.average",),
                source="Keras 3.15.1 on JAX; TensorFlow 2.0; tf_keras 2.21",
            ),
            Reading(
                says="Each entry is squared, then the squares are added.",
                source="Keras 3.15.1 on TensorFlow",
            ),
        ),
        decision="Duplicates are added first.",
        reason="Only then is the square that of the gradient.",
    ),
    Contradiction(
        id="contradiction.exclusion-time",
        readings=(
            Reading(
                says="Exclusion from weight decay is possible only before building.",
                source="the documentation of Keras 3.15.1, exclude_from_weight_decay",
            ),
            Reading(says="It is possible at any time.", source=_KERAS),
        ),
        decision="Cases exclude before the first call only.",
        reason="There both agree.",
    ),
    Contradiction(
        id="contradiction.exclusion-names",
        readings=(
            Reading(
                says="Names that exclude are parts of a variable's name.",
                source="the documentation of Keras 3.15.1, exclude_from_weight_decay",
            ),
            Reading(
                says="They are regular expressions, on the path or on the name by backend.",
                source=_KERAS,
            ),
        ),
        decision="Cases exclude variables, not names.",
        reason="The backends disagree on what a name is.",
    ),
    Contradiction(
        id="contradiction.name-default",
        readings=(
            Reading(
                says="The name is 'rmsprop' unless given.",
                clauses=("keras3.signature", "keras3-early.signature", "r3.signature"),
                source="Keras before 3.15",
            ),
            Reading(
                says="The name is made from the class's name.",
                source="Keras 3.15; R's package never passes its documented default",
            ),
            Reading(
                says="The name is the class's own, 'RMSprop'.",
                clauses=("tf2.signature", "tf2.argument-name-default"),
            ),
        ),
        decision="Each profile has the name of its document.",
        reason="No number depends on it, and a changed default is worth reporting.",
    ),
    Contradiction(
        id="contradiction.example",
        readings=(
            Reading(
                says="The example runs as it is written.",
                clauses=("keras3.example", "keras3-early.example"),
            ),
            Reading(
                says="Neither the method minimize nor keras.backend.Variable exists.",
                source=_KERAS,
            ),
        ),
        decision="The example's numbers are judged by one call of apply; its calls are a finding.",
        reason="The value is right on all backends and the names are gone.",
    ),
    Contradiction(
        id="contradiction.r-momentum-default",
        readings=(
            Reading(says="The default is the integer 0.", clauses=("r3.signature",)),
            Reading(says="The default is the float 0.0.", clauses=("r3.momentum-default",)),
        ),
        decision="The default is zero.",
        reason="R's 0 is a double, so the two differ in spelling only.",
    ),
    Contradiction(
        id="contradiction.r-dots",
        readings=(
            Reading(says="Further arguments are described.", clauses=("r3.dots",)),
            Reading(says="The signature has no place for them.", clauses=("r3.signature",)),
        ),
        decision="Arguments that are not in the signature are not used.",
        reason="The page gives them neither names nor effects.",
    ),
)

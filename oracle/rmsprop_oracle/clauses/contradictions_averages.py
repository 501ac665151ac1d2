"""
What the documents leave open of averaged weights and accumulation, or Keras does otherwise.
"""

from __future__ import annotations

from rmsprop_oracle.clauses.reading import Contradiction, Reading

_KERAS = "Keras 3.15.1"

ALL = (
    Contradiction(
        id="contradiction.overwrite-default",
        readings=(
            Reading(
                says="The average overwrites the weights every 100 iterations by default.",
                clauses=("keras3-early.signature",),
                source="Keras 3.0.0 to 3.2.1",
            ),
            Reading(
                says="By default the average overwrites nothing during training.",
                clauses=(
                    "keras3-early.ema_overwrite_frequency-default",
                    "keras3.signature",
                    "r3.signature",
                ),
                source="Keras 3.3.0 and newer",
            ),
        ),
        decision="Profile keras-3.0 uses 100, profile keras-3 nothing.",
        reason="Each profile follows the signature of its document, which is what runs.",
    ),
    Contradiction(
        id="contradiction.average-schedule",
        readings=(
            Reading(
                says="Between updates neither weights nor the optimizer's variables change.",
                clauses=(
                    "keras3.gradient_accumulation_steps",
                    "keras3-early.gradient_accumulation_steps",
                    "r3.gradient_accumulation_steps",
                ),
            ),
            Reading(says="The average moves on every call, micro-steps too.", source=_KERAS),
        ),
        decision="The average moves on every call; the literal reading is another option.",
        reason="All backends agree on it, and the documents do not name the average there.",
    ),
    Contradiction(
        id="contradiction.overwrite-schedule",
        readings=(
            Reading(
                says="There is one overwrite for every so many iterations.",
                clauses=(
                    "keras3.ema_overwrite_frequency",
                    "keras3-early.ema_overwrite_frequency",
                    "r3.ema_overwrite_frequency",
                ),
            ),
            Reading(
                says="A due overwrite happens on each micro-step of its iteration.",
                source=_KERAS,
            ),
        ),
        decision="It happens on each micro-step of the iteration that it is due in.",
        reason="All backends agree on it; the documents do not say what an iteration is there.",
    ),
    Contradiction(
        id="contradiction.overwrite-zero",
        readings=(
            Reading(
                says="The frequency is an integer or nothing.",
                clauses=(
                    "keras3.ema_overwrite_frequency-default",
                    "keras3-early.ema_overwrite_frequency-default",
                    "r3.ema_overwrite_frequency-default",
                ),
            ),
            Reading(says="Zero means never.", source="Keras 3.15.1 on TensorFlow and torch"),
            Reading(says="Zero means on every call.", source="Keras 3.15.1 on JAX"),
        ),
        decision="A frequency of zero is outside the oracle's domain.",
        reason="The backends disagree and no document gives it a meaning.",
    ),
    Contradiction(
        id="contradiction.average-start",
        readings=(
            Reading(
                says="The average mixes the old average and the weight from the first step on.",
                clauses=("keras3.ema_momentum", "keras3-early.ema_momentum", "r3.ema_momentum"),
                source="tf_keras 2.21, from a copy of the initial weights",
            ),
            Reading(says="After the first step the average is the weight itself.", source=_KERAS),
        ),
        decision="The average starts as the weight after the first step.",
        reason="The documents do not say what it starts from, and all backends agree.",
    ),
    Contradiction(
        id="contradiction.early-average",
        readings=(
            Reading(
                says="An average is kept, and the training loop puts it into the weights.",
                clauses=("keras3-early.use_ema", "keras3-early.ema_overwrite_frequency-fit"),
            ),
            Reading(
                says="The average stays zero, and the training loop ends with zero weights.",
                source="Keras 3.0.0 and 3.0.1 on JAX and torch",
            ),
        ),
        decision="Profile keras-3.0 follows the document.",
        reason="It was a fault, which Keras 3.0.2 removed.",
    ),
    Contradiction(
        id="contradiction.accumulation-micro-steps",
        readings=(
            Reading(
                says="Weights change on every n-th call only, by the mean gradient.",
                clauses=(
                    "keras3.gradient_accumulation_steps",
                    "keras3-early.gradient_accumulation_steps",
                    "r3.gradient_accumulation_steps",
                ),
                source="Keras 3.5.0 and newer",
            ),
            Reading(
                says="Clipping and weight decay run on every call before accumulating.",
                source="Keras 3.0.2 to 3.4.1",
            ),
        ),
        decision="Clipping and decay run once for each update, on the mean.",
        reason="The document forbids that weights change in between.",
    ),
    Contradiction(
        id="contradiction.accumulation-integer",
        readings=(
            Reading(
                says="The number of accumulated calls is an integer.",
                clauses=(
                    "keras3.gradient_accumulation_steps",
                    "keras3-early.gradient_accumulation_steps",
                    "r3.gradient_accumulation_steps",
                ),
            ),
            Reading(says="A fraction of at least 2 is accepted.", source=_KERAS),
        ),
        decision="Anything but an integer of at least 2, or nothing, is outside the domain.",
        reason="A fraction of a call has no meaning.",
    ),
    Contradiction(
        id="contradiction.accumulator-reset",
        readings=(
            Reading(
                says="The mean is over the gradients since the last update, so all start anew.",
                clauses=(
                    "keras3.gradient_accumulation_steps",
                    "keras3-early.gradient_accumulation_steps",
                    "r3.gradient_accumulation_steps",
                ),
                source="Keras 3.15.1 on TensorFlow and torch",
            ),
            Reading(
                says="A variable without a gradient on the n-th call keeps its accumulator.",
                source="Keras 3.15.1 on JAX",
            ),
        ),
        decision="Every accumulator is cleared by an update.",
        reason="The document counts from the last update, whoever took part in it.",
    ),
    Contradiction(
        id="contradiction.schedule-index",
        readings=(
            Reading(
                says="With accumulation a step is an update, so a schedule would count updates.",
                clauses=(
                    "keras3.gradient_accumulation_steps",
                    "keras3-early.gradient_accumulation_steps",
                    "r3.gradient_accumulation_steps",
                ),
            ),
            Reading(
                says="A schedule counts all calls from zero, micro-steps too.",
                source="Keras 3.5.0 and newer; the docstring of 3.15.1 says so",
            ),
        ),
        decision="A schedule sees the number of earlier calls.",
        reason="Keras does so and has documented it since.",
    ),
)

"""
The edges of a format: zeros, subnormal and huge numbers, NaN and infinities.
"""

from __future__ import annotations

from rmsprop_conformance.corpus.families.around import recipe_of
from rmsprop_conformance.corpus.families.family import Family
from rmsprop_conformance.corpus.recipe import Middle
from rmsprop_conformance.model.case import Setting

_ROOT = ("keras3.average", "keras3.root")
_ZEROS = (*_ROOT, "tf2.dense")
_EPSILON = ("keras3.epsilon", "tf2.momentum")
_STEPS: dict[str, dict[str, Setting]] = {
    "plain": {},
    "momentum": {"momentum": 0.75},
    "centered": {"centered": True, "epsilon": 1e-3},
}

FAMILIES = (
    Family(
        name="zeros",
        title="Gradients that are exactly zero: slots decay, and momentum moves on.",
        recipes=(
            *(
                recipe_of(
                    step,
                    f"Elements of both signs of zero among others, {step}.",
                    _ZEROS,
                    {"epsilon": 1e-3, **settings},
                    1700 + number,
                    shapes=((4,),),
                    special={(1, 0, 0): "zero", (1, 0, 1): "-zero", (2, 0, 1): "zero"},
                )
                for number, (step, settings) in enumerate(_STEPS.items())
            ),
            recipe_of(
                "from-the-start",
                "Zeros before anything else: nothing may move.",
                _ZEROS,
                {"momentum": 0.75},
                1703,
                shapes=((3,),),
                calls=2,
                special={(0, 0, 0): "zero", (0, 0, 1): "-zero"},
            ),
            recipe_of(
                "variables-at-zero",
                "Zero gradients of variables at zero.",
                _ZEROS,
                {"weight_decay": 0.25},
                1704,
                shapes=((3,),),
                starts=None,
                calls=2,
                special={(0, 0, 0): "-zero", (1, 0, 1): "zero"},
            ),
            recipe_of(
                "averaged",
                "The average moves on where gradients are zero.",
                (*_ZEROS, "keras3.use_ema-meaning"),
                {"use_ema": True, "ema_momentum": 0.75, "momentum": 0.5},
                1705,
                zeros=frozenset({(1, 0), (2, 1)}),
                finalize=True,
            ),
            recipe_of(
                "accumulated",
                "Zeros are among what an update takes the mean of.",
                (*_ZEROS, "keras3.gradient_accumulation_steps"),
                {"gradient_accumulation_steps": 2, "epsilon": 1e-2},
                1706,
                zeros=frozenset({(0, 0), (3, 1)}),
            ),
        ),
    ),
    Family(
        name="subnormals",
        title="Gradients, squares and steps below the least normal number.",
        recipes=(
            recipe_of(
                "gradients",
                "Subnormal gradients, whose squares vanish beside epsilon.",
                _EPSILON,
                {},
                1720,
                shapes=((4,),),
                starts=None,
                calls=2,
                gradients=((-127, -127),),
                special={(0, 0, 0): "least", (1, 0, 1): "-least-normal"},
            ),
            recipe_of(
                "squares",
                "Gradients whose squares are subnormal, beside an epsilon as small.",
                _EPSILON,
                {"epsilon": 2.0**-120, "learning_rate": 0.25},
                1721,
                shapes=((4,),),
                starts=None,
                calls=2,
                gradients=((-64, -62),),
            ),
            recipe_of(
                "mixed",
                "Subnormal gradients among others.",
                _EPSILON,
                {"momentum": 0.5},
                1722,
                shapes=((4,),),
                special={(0, 0, 0): "least", (1, 0, 0): "-least", (2, 0, 1): "least-normal"},
            ),
        ),
    ),
    Family(
        name="overflow",
        title="Gradients whose squares leave the range of the format.",
        recipes=(
            recipe_of(
                "below",
                "Squares within the two last binades that are left for sure.",
                _ROOT,
                {},
                1740,
                shapes=((4,),),
                starts=None,
                gradients=((60, 61),),
            ),
            recipe_of(
                "beyond",
                "Some squares overflow, and the others are judged.",
                _ROOT,
                {"momentum": 0.5},
                1741,
                shapes=((4,),),
                calls=3,
                special={(0, 0, 0): "greatest", (1, 0, 1): "-greatest"},
            ),
            recipe_of(
                "clipped",
                "Elements that would overflow are clipped by value before they are squared.",
                (*_ROOT, "keras3.clipvalue"),
                {"clipvalue": 0.5},
                1742,
                shapes=((4,),),
                calls=3,
                special={(0, 0, 0): "greatest", (1, 0, 1): "-greatest"},
            ),
        ),
    ),
    Family(
        name="non-finite",
        title="NaN and infinities in gradients; elements that they do not reach are judged.",
        recipes=(
            *(
                recipe_of(
                    step,
                    f"One element is NaN, one infinite, {step}; all others are judged.",
                    _ROOT,
                    settings,
                    1760 + number,
                    shapes=((4,), (2,)),
                    calls=3,
                    special={(1, 0, 0): "nan", (1, 0, 2): "-infinity", (2, 1, 0): "infinity"},
                )
                for number, (step, settings) in enumerate(_STEPS.items())
            ),
            recipe_of(
                "clipped-by-value",
                "Infinities are clipped by value, elements beside them as ever.",
                (*_ROOT, "keras3.clipvalue"),
                {"clipvalue": 0.5},
                1763,
                shapes=((4,),),
                calls=3,
                special={(1, 0, 0): "nan", (1, 0, 2): "-infinity"},
            ),
            recipe_of(
                "clipped-by-norm",
                "A NaN reaches the norm of its own variable only.",
                (*_ROOT, "keras3.clipnorm"),
                {"clipnorm": 0.5},
                1764,
                calls=3,
                special={(1, 0, 0): "nan"},
            ),
        ),
    ),
    Family(
        name="epsilon-zero",
        title="An epsilon of 0 is 0.",
        recipes=(
            *(
                recipe_of(
                    step,
                    f"Gradients of all sizes and no epsilon, {step}.",
                    _EPSILON,
                    {**settings, "epsilon": 0.0},
                    1780 + number,
                    shapes=((4,),),
                    calls=3,
                    gradients=((-20, 3),),
                    starts=None,
                )
                for number, (step, settings) in enumerate(_STEPS.items())
            ),
            recipe_of(
                "zero-gradients",
                "An element without any gradient so far divides zero by zero.",
                _EPSILON,
                {"epsilon": 0.0},
                1783,
                shapes=((3,),),
                calls=2,
                special={(0, 0, 0): "zero", (1, 0, 1): "zero"},
            ),
            recipe_of(
                "no-memory",
                "Squares that are small beside a usual epsilon, and alone under the root.",
                (*_EPSILON, "keras3.rho"),
                {"epsilon": 0.0, "rho": 0.0},
                1784,
                shapes=((4,),),
                calls=2,
                gradients=((-14, -11),),
                starts=None,
            ),
        ),
    ),
    Family(
        name="negative-variance",
        title="A given state whose estimated variance is negative, beside a larger epsilon.",
        recipes=tuple(
            recipe_of(
                step,
                f"The estimate is not clamped, {step}.",
                ("keras3.centered-version", "tf2.momentum-centered"),
                {"centered": True, "epsilon": 64.0, "learning_rate": 0.25, **settings},
                1800 + number,
                shapes=((3,),),
                starts=None,
                calls=1,
                start=Middle(
                    slots={"velocity": (-2, 0), "average_gradient": (1, 1), **slots},
                    iterations=5,
                ),
            )
            for number, (step, settings, slots) in enumerate(
                (
                    ("plain", {}, {}),
                    ("momentum", {"momentum": 0.5}, {"momentum": (-8, -2)}),
                )
            )
        ),
    ),
)
"""
The families of the edges.
"""

"""
What the page of tf.keras 2.0 states beyond, or otherwise than, Keras 3.
"""

from __future__ import annotations

from rmsprop_conformance.corpus.families.around import RATES, recipe_of
from rmsprop_conformance.corpus.families.defaults import without_rate
from rmsprop_conformance.corpus.families.family import Family
from rmsprop_conformance.corpus.families.sparse import ROWS, TWICE, sparse_recipe_settings
from rmsprop_conformance.corpus.recipe import Middle, Recipe
from rmsprop_conformance.model.case import Setting
from rmsprop_oracle.arithmetic.formats import BINARY64

_PLAIN = (
    "tf2.average",
    "tf2.root",
    "tf2.mean-square",
    "tf2.momentum",
    "tf2.variable",
    "tf2.argument-rho",
    "tf2.argument-epsilon",
    "tf2.slots-zero",
    "tf2.argument-centered",
)
_MOMENTUM = (*_PLAIN, "tf2.plain-momentum", "tf2.argument-momentum")
_CENTERED = (
    "tf2.centered-version",
    "tf2.mean-grad",
    "tf2.mean-square-centered",
    "tf2.momentum-centered",
    "tf2.argument-centered",
    "tf2.argument-epsilon",
)
_KWARGS = ("tf2.kwargs-meaning",)


def _tf(  # the parts of a recipe that these families vary
    name: str,
    description: str,
    clauses: tuple[str, ...],
    settings: dict[str, Setting],
    seed: int,
    **others: object,
) -> Recipe:
    return recipe_of(name, description, clauses, settings, seed, profile="tf-2.0", **others)


FAMILIES = (
    Family(
        name="tf2-step",
        title="The documented formulas of TensorFlow 2.0, epsilon inside whatever the momentum.",
        recipes=(
            _tf("plain", "Without momentum.", _PLAIN, {}, 1400, gradients=((-4, 1),)),
            _tf(
                "plain-small",
                "Without momentum, gradients as small as the root of epsilon.",
                _PLAIN,
                {"epsilon": 1e-3},
                1401,
                gradients=((-7, -3), (-8, -2)),
            ),
            _tf(
                "momentum",
                "With momentum.",
                _MOMENTUM,
                {"momentum": 0.9, "epsilon": 1e-3, "learning_rate": RATES[:4]},
                1402,
                requires=("rate-per-call",),
            ),
            _tf(
                "centered",
                "Centered.",
                _CENTERED,
                {"centered": True, "epsilon": 1e-3},
                1403,
                gradients=((-2, 1),),
            ),
            _tf(
                "centered-momentum",
                "Centered, with momentum.",
                (*_CENTERED, *_MOMENTUM),
                {"centered": True, "momentum": 0.75, "epsilon": 1e-3},
                1404,
                gradients=((-2, 1),),
            ),
            _tf(
                "zero-gradients",
                "Zero gradients still decay the slots, and momentum moves on.",
                ("tf2.dense",),
                {"momentum": 0.75, "epsilon": 1e-3},
                1405,
                zeros=frozenset({(1, 0), (2, 1), (3, 0)}),
            ),
            _tf(
                "zero-gradients-plain",
                "Zero gradients still decay the average of squares.",
                ("tf2.dense",),
                {"epsilon": 1e-3},
                1406,
                zeros=frozenset({(1, 0), (2, 1)}),
            ),
            _tf(
                "rates",
                "A rate that changes from call to call.",
                ("tf2.argument-learning_rate",),
                {"learning_rate": RATES[:4]},
                1407,
                requires=("rate-per-call",),
            ),
        ),
    ),
    Family(
        name="tf2-arguments",
        title="Decay in inverse time, and both clippings, of TensorFlow 2.0.",
        recipes=(
            _tf("decay", "The rate decays from the second call on.", _KWARGS, {"decay": 0.5}, 1420),
            _tf(
                "decay-momentum",
                "A decaying rate that enters the buffer.",
                _KWARGS,
                {"decay": 0.25, "momentum": 0.9, "learning_rate": 0.25},
                1421,
            ),
            _tf(
                "clipnorm",
                "Each gradient by its own norm.",
                _KWARGS,
                {"clipnorm": 0.75, "epsilon": 1e-3},
                1422,
                gradients=((-2, 2), (-4, 0)),
            ),
            _tf(
                "clipvalue",
                "Each element by its magnitude.",
                _KWARGS,
                {"clipvalue": 0.5, "epsilon": 1e-3},
                1423,
                gradients=((-4, 2),),
            ),
            _tf(
                "both-clippings",
                "By norm first, then by value.",
                _KWARGS,
                {"clipnorm": 1.0, "clipvalue": 0.5, "epsilon": 1e-2},
                1424,
                gradients=((-3, 2),),
            ),
            _tf(
                "defaults",
                "Every argument is left out but the rate.",
                ("tf2.signature", "tf2.argument-centered-default"),
                {},
                1425,
                gradients=((-13, -8), (-2, 1)),
            ),
            _tf(
                "tiny-threshold",
                "A threshold so small that a constant beside the norm is seen.",
                _KWARGS,
                {"clipnorm": 1e-5, "epsilon": 1e-12},
                1427,
                gradients=((-17, -14), (-16, -13)),
            ),
            _tf(
                "zero-threshold",
                "A threshold of zero means no clipping.",
                _KWARGS,
                {"clipnorm": 0.0},
                1428,
            ),
            without_rate(
                _tf(
                    "default-rate",
                    "Every argument is left out.",
                    ("tf2.signature",),
                    {},
                    1426,
                )
            ),
        ),
    ),
    Family(
        name="tf2-edges",
        title="Missing gradients, no epsilon, and a given state, in TensorFlow 2.0.",
        recipes=(
            _tf(
                "missing-gradient",
                "Variables of one size, some without a gradient, are left alone.",
                (*_MOMENTUM, "tf2.add_slot"),
                {"momentum": 0.75, "epsilon": 1e-3},
                1460,
                shapes=((2,), (2,)),
                absent=frozenset({(1, 0), (2, 1)}),
                requires=("none-gradient",),
            ),
            _tf(
                "epsilon-zero",
                "An epsilon of 0 is 0.",
                _PLAIN,
                {"epsilon": 0.0},
                1461,
                gradients=((-20, 3),),
                starts=None,
            ),
            _tf(
                "negative-variance",
                "One call from a state whose estimated variance is negative, beside epsilon.",
                _CENTERED,
                {"centered": True, "epsilon": 64.0, "learning_rate": 0.25},
                1462,
                shapes=((3,),),
                starts=None,
                calls=1,
                start=Middle(slots={"velocity": (-2, 0), "average_gradient": (1, 1)}, iterations=5),
            ),
        ),
    ),
    Family(
        name="tf2-narrow-hyperparameters",
        title="Hyper-parameters that binary32 does not hold, in binary64, in TensorFlow 2.0.",
        recipes=(
            _tf(
                "rate",
                "The rate may not be rounded to binary32.",
                _PLAIN,
                {"rho": 0.875, "epsilon": 2.0**-10},
                1480,
                shapes=((3,),),
                calls=2,
                format=BINARY64,
            ),
            _tf(
                "momentum",
                "No hyper-parameter may be rounded to binary32.",
                _MOMENTUM,
                {"momentum": 0.9},
                1481,
                shapes=((3,),),
                calls=2,
                format=BINARY64,
            ),
        ),
    ),
    Family(
        name="tf2-sparse",
        title="Rows that a sparse gradient does not name keep value and slots.",
        recipes=tuple(
            _tf(
                f"{step}{'-duplicates' if rows is TWICE else ''}",
                f"Rows come and go, {step}{', some of them twice' if rows is TWICE else ''}.",
                ("tf2.sparse",),
                # Given, since a profile that borrows this may have another default.
                {"momentum": 0.0, **sparse_recipe_settings(step)},
                1440 + number + 10 * (rows is TWICE),
                shapes=((4, 2),),
                sparse=rows,
                calls=len(rows),
            )
            for rows in (ROWS, TWICE)
            for number, step in enumerate(("plain", "momentum", "centered"))
        ),
    ),
)

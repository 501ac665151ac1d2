"""
The step itself: averages, root, momentum, epsilon, and the defaults.

Symmetry is broken on purpose: unequal components, several variables of several shapes,
starts at zero and far above the step, rates that change, small and large gradients.
"""

from __future__ import annotations

from rmsprop_conformance.corpus.families.family import Family
from rmsprop_conformance.corpus.recipe import Recipe
from rmsprop_conformance.model.case import Setting

_PLAIN = (
    "keras3.average",
    "keras3.root",
    "keras3.rho",
    "tf2.average",
    "tf2.root",
    "tf2.mean-square",
    "tf2.momentum",
    "tf2.variable",
    "tf2.slots-zero",
)
_MOMENTUM = (*_PLAIN, "keras3.momentum", "keras3.plain-momentum", "tf2.plain-momentum")
_CENTERED = (
    "keras3.centered",
    "keras3.centered-version",
    "tf2.centered-version",
    "tf2.mean-square-centered",
    "tf2.mean-grad",
    "tf2.momentum-centered",
)
_BOTH = (*_CENTERED, "keras3.momentum", "keras3.plain-momentum")

_SHARP_RATES = (2.0**-4, 2.0**-7, 2.0**-3, 2.0**-9, 2.0**-5)
_RATES = (0.010009765625, 0.0009918212890625, 0.030029296875, 0.25, 0.00299072265625)
"""
Rates of a few bits, so that every format holds them exactly, and far from each other,
so that a rate that is used one call late or outside the buffer is seen.
"""


def _spread(
    settings: dict[str, Setting], clauses: tuple[str, ...], seed: int
) -> tuple[Recipe, ...]:
    """
    The recipes that every equation family has: sizes, starts, orders of magnitude.
    """
    return (
        Recipe(
            name="one-step-from-zero",
            description="One call from variables at 0, where no step is rounded away.",
            clauses=clauses,
            configuration=settings,
            shapes=((8,),),
            calls=1,
            gradients=((-6, 2),),
            starts=None,
            seed=seed,
        ),
        Recipe(
            name="scalar",
            description="Five calls on a scalar variable.",
            clauses=clauses,
            configuration=settings,
            shapes=((),),
            calls=5,
            seed=seed + 1,
        ),
        Recipe(
            name="several-shapes",
            description="Three calls on four variables, one of them empty and one a scalar.",
            clauses=clauses,
            configuration=settings,
            shapes=((3,), (2, 3), (0,), ()),
            calls=3,
            gradients=((-3, 1), (-8, -2), (0, 0), (2, 6)),
            seed=seed + 2,
        ),
        Recipe(
            name="tiny-gradients",
            description="Gradients around 1e-6, beside which epsilon is not small.",
            clauses=(*clauses, "keras3.epsilon"),
            configuration=settings,
            shapes=((6,),),
            calls=4,
            gradients=((-21, -17),),
            starts=None,
            seed=seed + 3,
        ),
        Recipe(
            name="huge-gradients",
            description="Gradients around 1e6, beside which epsilon vanishes.",
            clauses=clauses,
            configuration=settings,
            shapes=((6,),),
            calls=4,
            gradients=((17, 21),),
            seed=seed + 4,
        ),
        Recipe(
            name="mixed-magnitudes",
            description="Gradients from 1e-6 to 1e6 that change by orders between calls.",
            clauses=clauses,
            configuration=settings,
            shapes=((5,), (3,)),
            calls=4,
            gradients=((-20, 20), (-10, 0)),
            seed=seed + 5,
        ),
        Recipe(
            name="changing-rate",
            description="A learning rate that differs in every call.",
            clauses=(*clauses, "keras3.learning_rate"),
            configuration={**settings, "learning_rate": _RATES},
            shapes=((4,),),
            calls=5,
            starts=None,
            seed=seed + 6,
            requires=("rate-per-call",),
        ),
        Recipe(
            name="sharp",
            description="Hyper-parameters that every format holds exactly.",
            clauses=clauses,
            configuration={
                **settings,
                "learning_rate": _SHARP_RATES,
                "rho": 0.75,
                "epsilon": 2.0**-20,
                **({"momentum": 0.875} if "momentum" in settings else {}),
            },
            shapes=((4,), (4,)),
            calls=5,
            gradients=((-4, 1),),
            starts=None,
            seed=seed + 7,
            requires=("rate-per-call",),
        ),
        Recipe(
            name="long-memory",
            description="A rho close to 1, where early and late 1 - rho differ most.",
            clauses=(*clauses, "keras3.rho"),
            configuration={**settings, "rho": 0.9999},
            shapes=((4,),),
            calls=6,
            seed=seed + 8,
        ),
    )


def _epsilon(name: str, epsilon: float, settings: dict[str, Setting], seed: int) -> Recipe:
    options = f" with {' and '.join(settings)}" if settings else ""
    return Recipe(
        name=name,
        description=f"Epsilon {epsilon:g}{options}, at least as large as the squared gradients.",
        clauses=("keras3.epsilon", "keras3.epsilon-hat", "tf2.momentum", "tf2.momentum-centered"),
        configuration={"learning_rate": 0.01, "epsilon": epsilon, **settings},
        shapes=((5,),),
        calls=3,
        gradients=((-12, -2),),
        starts=None,
        seed=seed,
    )


FAMILIES = (
    Family(
        name="plain",
        title="The moving average of squares, the root, and the step.",
        recipes=_spread({"learning_rate": 0.01}, _PLAIN, 100),
    ),
    Family(
        name="momentum",
        title="The momentum buffer, with the learning rate inside.",
        recipes=(
            *_spread({"learning_rate": 0.01, "momentum": 0.9}, _MOMENTUM, 200),
            Recipe(
                name="zero",
                description="A momentum of 0 that is given is none.",
                clauses=(*_PLAIN, "keras3.momentum"),
                configuration={"learning_rate": 0.01, "momentum": 0.0},
                shapes=((4,),),
                calls=2,
                gradients=((-12, -8),),
                starts=None,
                seed=210,
            ),
        ),
    ),
    Family(
        name="centered",
        title="The estimated variance under the root.",
        recipes=_spread({"learning_rate": 0.01, "centered": True}, _CENTERED, 300),
    ),
    Family(
        name="centered-momentum",
        title="The estimated variance and the momentum buffer together.",
        recipes=_spread({"learning_rate": 0.01, "momentum": 0.7, "centered": True}, _BOTH, 400),
    ),
    Family(
        name="epsilon",
        title="Epsilon as large as what it is added to.",
        recipes=(
            _epsilon("plain-small", 1e-5, {}, 500),
            _epsilon("plain-large", 1e-2, {}, 501),
            _epsilon("plain-one", 1.0, {}, 502),
            _epsilon("momentum", 1e-3, {"momentum": 0.9}, 503),
            _epsilon("centered", 1e-3, {"centered": True}, 504),
            Recipe(
                name="centered-visible",
                description="Epsilon a tenth of the estimated variance, so that its sign is seen.",
                clauses=("keras3.epsilon", "keras3.epsilon-hat", "tf2.momentum-centered"),
                configuration={"learning_rate": 0.01, "epsilon": 1e-3, "centered": True},
                shapes=((5,),),
                calls=3,
                gradients=((-3, 0),),
                starts=None,
                seed=506,
            ),
            _epsilon("centered-momentum", 1e-2, {"centered": True, "momentum": 0.5}, 505),
        ),
    ),
    Family(
        name="defaults",
        title="No argument but the learning rate, or none at all.",
        recipes=(
            Recipe(
                name="nothing-set",
                description="All arguments are left to the implementation's defaults.",
                clauses=("keras3.signature",),
                configuration={},
                shapes=((4,),),
                calls=4,
                gradients=((-14, -6),),
                starts=None,
                seed=600,
            ),
            Recipe(
                name="default-epsilon-dominates",
                description="Gradients so small that only the default epsilon is under the root.",
                clauses=("keras3.signature", "keras3.epsilon"),
                configuration={},
                shapes=((4,),),
                calls=2,
                gradients=((-30, -24),),
                starts=None,
                seed=601,
            ),
            Recipe(
                name="documented-example",
                description="The example of the documents: rate 0.1, start 10, gradient 10.",
                clauses=("keras3.example",),
                configuration={"learning_rate": 0.1},
                shapes=((),),
                calls=1,
                gradients=((3, 3),),
                starts=(3, 3),
                seed=602,
                fixed=(10, 10),
            ),
        ),
    ),
    Family(
        name="cancellation",
        title="Nearly constant gradients, whose estimated variance cancels.",
        recipes=(
            Recipe(
                name="constant-gradient",
                description="The gradient is -5 a thousand times, until no digit means anything.",
                clauses=("tf2.momentum-centered",),
                configuration={"centered": True},
                shapes=((),),
                calls=1000,
                fixed=(1, -5),
                kept=(0, 1, 9, 49, 99, 199, 999),
                seed=650,
            ),
            Recipe(
                name="same-sign",
                description="Gradients of one sign and nearly one size.",
                clauses=("tf2.momentum-centered",),
                configuration={"learning_rate": 0.01, "centered": True, "epsilon": 1e-3},
                shapes=((4,),),
                calls=40,
                gradients=((3, 3),),
                same_sign=True,
                kept=(0, 4, 19, 39),
                seed=651,
            ),
            Recipe(
                name="same-sign-momentum",
                description="Gradients of one sign and nearly one size, with momentum.",
                clauses=("tf2.momentum-centered", "keras3.momentum"),
                configuration={
                    "learning_rate": 0.01,
                    "momentum": 0.5,
                    "centered": True,
                    "epsilon": 1e-3,
                },
                shapes=((4,),),
                calls=40,
                gradients=((3, 3),),
                same_sign=True,
                kept=(0, 4, 19, 39),
                seed=652,
            ),
        ),
    ),
    Family(
        name="missing-gradients",
        title="Variables without a gradient are left alone.",
        recipes=(
            Recipe(
                name="every-other-call",
                description="The second variable has no gradient in every other call.",
                clauses=("tf2.variable",),
                configuration={"learning_rate": 0.01, "momentum": 0.9},
                shapes=((3,), (2,)),
                calls=4,
                seed=700,
                absent=frozenset({(0, 1), (2, 1)}),
                requires=("none-gradient",),
            ),
        ),
    ),
)
"""
The families of the step itself.
"""

"""
Named semantics: what a library or a document decides at every choice point.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from rmsprop_oracle.errors import UnknownProfile
from rmsprop_oracle.semantics import Semantics

_KERAS_3_ARGUMENTS = (
    "learning_rate",
    "rho",
    "momentum",
    "epsilon",
    "centered",
    "weight_decay",
    "clipnorm",
    "clipvalue",
    "global_clipnorm",
    "use_ema",
    "ema_momentum",
    "ema_overwrite_frequency",
    "loss_scale_factor",
    "gradient_accumulation_steps",
)
_TF_2_ARGUMENTS = (
    "learning_rate",
    "rho",
    "momentum",
    "epsilon",
    "centered",
    "clipnorm",
    "clipvalue",
    "decay",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """
    A named semantics.

    Args:
        name: what it is asked for by.
        title: whose it is, in a few words.
        source: the document, or the implementation and version, that it follows.
        documented: whether it is what a document says, or what was built.
        semantics: its options.
        arguments: by Keras' names its own names of the arguments it has, in its order.
        statements: by an equation's clause the clause of its own document, where the
            equation is documented there in other words.
        like: the profile that it has most in common with: it is asked what that one is
            asked, beside its own questions; empty where it has all that it needs.
    """

    name: str
    title: str
    source: str
    documented: bool
    semantics: Semantics
    arguments: Mapping[str, str]
    statements: Mapping[str, str] = field(default_factory=dict)
    like: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "arguments", MappingProxyType(dict(self.arguments)))
        object.__setattr__(self, "statements", MappingProxyType(dict(self.statements)))


def _as_in_keras(names: tuple[str, ...]) -> dict[str, str]:
    return {name: name for name in names}


_TF_2_STATEMENTS = {
    "keras3.clipnorm": "tf2.kwargs-meaning",
    "keras3.clipvalue": "tf2.kwargs-meaning",
    "keras3.global_clipnorm": "tf2.kwargs-meaning",
}
_TF_2 = Semantics.of({"clip_order": "norm-first", "sparse_rows": "lazy"})
_PYTORCH = Semantics.of(
    {
        "epsilon": "outside",
        "momentum_form": "rate-outside",
        "weight_decay": "coupled",
        "defaults.learning_rate": "0.01",
        "defaults.rho": "0.99",
        "defaults.epsilon": "1e-08",
    }
)

_ALL = (
    Profile(
        name="keras-3",
        title="Keras 3, as documented",
        source="Python help of keras.optimizers.RMSprop; R's optimizer_rmsprop",
        documented=True,
        semantics=Semantics(),
        arguments=_as_in_keras(_KERAS_3_ARGUMENTS),
    ),
    Profile(
        name="keras-3.0",
        title="the first releases of Keras 3, as documented",
        source="web page of keras.optimizers.RMSprop, early Keras 3",
        documented=True,
        semantics=Semantics.of({"defaults.ema_overwrite_frequency": "100"}),
        arguments=_as_in_keras(_KERAS_3_ARGUMENTS),
        like="keras-3",
    ),
    Profile(
        name="tf-2.0",
        title="tf.keras of TensorFlow 2.0, as documented",
        source="web page of tf.keras.optimizers.RMSprop, TensorFlow 2.0",
        documented=True,
        semantics=_TF_2,
        arguments=_as_in_keras(_TF_2_ARGUMENTS),
        statements=_TF_2_STATEMENTS,
    ),
    Profile(
        name="tf-keras-legacy",
        title="tf_keras.optimizers.legacy, as built",
        source="tf_keras 2.21",
        documented=False,
        semantics=_TF_2.but(
            {
                "epsilon": "outside-without-momentum",
                "clip_order": "value-first",
                "sparse_rows": "lazy-with-momentum",
                "zero_epsilon": "replaced",
                "zero_threshold": "clips",
            }
        ),
        arguments=_as_in_keras(
            (*_TF_2_ARGUMENTS[:7], "global_clipnorm", *_TF_2_ARGUMENTS[7:]),
        ),
        statements=_TF_2_STATEMENTS,
    ),
    Profile(
        name="tf-1",
        title="tf.compat.v1.train.RMSPropOptimizer, as built",
        source="TensorFlow 2.0.0",
        documented=False,
        semantics=Semantics.of(
            {
                "velocity_start": "one",
                "sparse_rows": "lazy",
                "narrow": "hyperparameters",
                "defaults.learning_rate": "none",
                "defaults.epsilon": "1e-10",
            }
        ),
        arguments={
            "learning_rate": "learning_rate",
            "rho": "decay",
            "momentum": "momentum",
            "epsilon": "epsilon",
            "centered": "centered",
        },
    ),
    Profile(
        name="pytorch",
        title="torch.optim.RMSprop, as built",
        source="PyTorch 2.15.0",
        documented=False,
        semantics=_PYTORCH,
        arguments={
            "learning_rate": "lr",
            "rho": "alpha",
            "epsilon": "eps",
            "weight_decay": "weight_decay",
            "momentum": "momentum",
            "centered": "centered",
        },
    ),
    Profile(
        name="optax",
        title="optax.rmsprop, as built",
        source="optax 0.2.8",
        documented=False,
        semantics=Semantics.of(
            {"defaults.learning_rate": "none", "defaults.epsilon": "1e-08"},
        ),
        arguments={
            "learning_rate": "learning_rate",
            "rho": "decay",
            "epsilon": "eps",
            "centered": "centered",
            "momentum": "momentum",
        },
    ),
    Profile(
        name="jax-example",
        title="jax.example_libraries.optimizers.rmsprop_momentum, as built",
        source="JAX, commit cec06d11",
        documented=False,
        semantics=Semantics.of(
            {
                "defaults.learning_rate": "none",
                "defaults.momentum": "0.9",
                "defaults.epsilon": "1e-08",
            }
        ),
        arguments={
            "learning_rate": "step_size",
            "rho": "gamma",
            "epsilon": "eps",
            "momentum": "momentum",
        },
    ),
    Profile(
        name="timm",
        title="timm.optim.RMSpropTF, as built",
        source="timm, commit aa4b5850",
        documented=False,
        semantics=Semantics.of(
            {
                "velocity_start": "one",
                "weight_decay": "coupled",
                "defaults.learning_rate": "0.01",
                "defaults.epsilon": "1e-10",
            }
        ),
        arguments={
            "learning_rate": "lr",
            "rho": "alpha",
            "epsilon": "eps",
            "weight_decay": "weight_decay",
            "momentum": "momentum",
            "centered": "centered",
        },
    ),
    Profile(
        name="tfjs",
        title="tf.train.rmsprop of TensorFlow.js, as built",
        source="TensorFlow.js 4.22.0",
        documented=False,
        semantics=Semantics.of(
            {
                "epsilon": "subtracted-when-centered",
                "defaults.learning_rate": "none",
            }
        ),
        arguments={
            "learning_rate": "learningRate",
            "rho": "decay",
            "momentum": "momentum",
            "epsilon": "epsilon",
            "centered": "centered",
        },
    ),
)

PROFILES: Mapping[str, Profile] = MappingProxyType({profile.name: profile for profile in _ALL})
"""
All profiles by name, documented ones first.
"""


def profile_named(name: str) -> Profile:
    """
    The profile of that name.

    Raises:
        UnknownProfile: there is none.
    """
    if name not in PROFILES:
        raise UnknownProfile(name, tuple(PROFILES))
    return PROFILES[name]

"""
Which variants nothing can tell from their profile, and why: one sentence each.

There are three kinds of proof. A choice is out of reach where a profile has not the
argument that switches it on. It makes no difference where the profile has values. The
others are stated one by one.
"""

from __future__ import annotations

from collections.abc import Mapping

from rmsprop_oracle.profiles import Profile, profile_named

NEEDS: Mapping[str, tuple[str, ...]] = {
    "epsilon=subtracted-when-centered": ("centered",),
    "centered_variance": ("centered",),
    "momentum_form": ("momentum",),
    "loss_scale": ("loss_scale_factor",),
    "accumulation": ("gradient_accumulation_steps",),
    "accumulator_reset": ("gradient_accumulation_steps",),
    "clip_norm": ("clipnorm", "global_clipnorm"),
    "clip_norm=global": ("clipnorm",),
    "clip_norm=per-variable": ("global_clipnorm",),
    "clip_value": ("clipvalue",),
    "clip_order": ("clipvalue",),
    "clip_order=exclusive": ("clipnorm", "global_clipnorm"),
    "clip_order=norm-first": ("clipnorm", "global_clipnorm"),
    "clip_order=value-first": ("clipnorm", "global_clipnorm"),
    "zero_threshold": ("clipnorm", "global_clipnorm", "clipvalue"),
    "weight_decay": ("weight_decay",),
    "average_start": ("use_ema",),
    "average_schedule": ("use_ema",),
    "average_schedule=updates": ("gradient_accumulation_steps",),
    "overwrite_condition": ("use_ema",),
    "overwrite_condition=updates-only": ("gradient_accumulation_steps",),
    "schedule_index=updates": ("gradient_accumulation_steps",),
    "rate_decay": ("decay",),
}
"""
For a choice, or one of its options, the arguments of which at least one has to be set
before it makes any difference.
"""
_CLIPPINGS = ("clipnorm", "clipvalue", "global_clipnorm")
_ONE_CLIPPING = (
    "an order makes a difference only where two kinds of clipping are set, and there the "
    "profile has no values but refuses; whether a subject refuses is asked by a rejection"
)
_NO_ROOT = (
    "they differ only where the variance is negative, and there the profile's denominator is "
    "the root of a negative number, which has no value"
)
_REFUSED = (
    "a rate that is given leaves no room for a default, and without one the profile has no "
    "values but refuses"
)
_COUPLED = {"coupled", "coupled-before-clipping"}
_PROOFS: Mapping[tuple[str, str], str] = {
    ("keras-3", "clip_order=norm-first"): _ONE_CLIPPING,
    ("keras-3", "clip_order=value-first"): _ONE_CLIPPING,
    ("keras-3.0", "clip_order=norm-first"): _ONE_CLIPPING,
    ("keras-3.0", "clip_order=value-first"): _ONE_CLIPPING,
}
"""
By profile and variant.
"""


def proof(profile: str, variant: str) -> str:
    """
    Why nothing can tell a variant from its profile; empty if something can.

    Args:
        profile: its name.
        variant: as `choice=option`.

    Raises:
        UnknownProfile: there is no such profile.
    """
    own = profile_named(profile)
    return (
        _unreachable(own, variant)
        or _without_values(own, variant)
        or _PROOFS.get((profile, variant), "")
    )


def _without_values(profile: Profile, variant: str) -> str:
    """
    Why a variant differs only where its profile has no values.
    """
    choice, _, chosen = variant.partition("=")
    taken = profile.semantics.chosen
    if {taken(choice).name, chosen} == _COUPLED and not profile.arguments.keys() & set(_CLIPPINGS):
        return f"they differ in what comes before clipping, and {profile.name} has no clipping"
    if choice == "defaults.learning_rate" and taken(choice).name == "none":
        return _REFUSED
    bare = taken("epsilon").name in ("outside", "subtracted-when-centered", "absent")
    if choice == "centered_variance" and chosen in ("clamped", "absolute") and bare:
        return _NO_ROOT
    return ""


def _unreachable(profile: Profile, variant: str) -> str:
    choice, _, _ = variant.partition("=")
    for key in (choice, variant):
        needed = NEEDS.get(key, ())
        if needed and not any(argument in profile.arguments for argument in needed):
            return f"{profile.name} has no argument {' or '.join(needed)} that would switch it on"
    return ""

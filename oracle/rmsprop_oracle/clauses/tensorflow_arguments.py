"""
What TensorFlow 2.0's page states of each argument.
"""

from __future__ import annotations

from rmsprop_oracle.clauses.model import Statement, mirror, page
from rmsprop_oracle.clauses.reasons import ADVICE, LABEL

STATEMENTS = (
    Statement(
        key="argument-learning_rate",
        location="argument learning_rate",
        constrains="argument",
        paraphrase="The rate is a tensor or a float.",
        violated_by=("schedule_index=one-based",),
        digest="9d002c2bbd70a3a7e7d54951c68280b35216535a11a3843952277938bdf09e1a",
        places=(page(110), mirror(44)),
    ),
    Statement(
        key="argument-learning_rate-label",
        location="argument learning_rate",
        constrains="prose",
        paraphrase="The argument is the step's rate.",
        untestable=LABEL,
        digest="def01c295a1f2ae0101ea9a8cdcc031e8ac81ccdb58947f9cbc432073accae03",
        places=(page(110), mirror(44)),
    ),
    Statement(
        key="argument-rho",
        location="argument rho",
        constrains="equation",
        paraphrase="Rho weighs the past against the coming gradient.",
        violated_by=("rho_roles=exchanged",),
        digest="1d46bfbb21c6eec989d5634b946da99bd389a2a406222cb50c2dd20fa8a873a7",
        places=(page(111), mirror(45)),
    ),
    Statement(
        key="argument-momentum",
        location="argument momentum",
        constrains="argument",
        paraphrase="Momentum is a scalar, and may be a tensor.",
        violated_by=("momentum_form=ignored",),
        digest="5667b182a85af7056163ade00e5d0b62b79848489b8492d690ff1e3107f252e4",
        places=(page(112), mirror(46)),
    ),
    Statement(
        key="argument-epsilon",
        location="argument epsilon",
        constrains="equation",
        paraphrase="A small value keeps the denominator from being zero.",
        violated_by=("epsilon=absent", "epsilon=subtracted-when-centered"),
        digest="fce249a75ecf9556bca0884b20f9bde30f0c2d1d9d368a6cf02c6a893ba66e2b",
        places=(page(113), mirror(47)),
    ),
    Statement(
        key="argument-centered",
        location="argument centered",
        constrains="equation",
        paraphrase="Centered normalizes by the estimated variance, else by the second moment.",
        violated_by=("centered_variance=stale-mean", "centered_variance=mean-not-squared"),
        digest="56f59dff63974d120fa0b4d69cbefd3c52eaedb17343c0c62a3c5e6e626dc10a",
        places=(page(114, 115), mirror(48)),
    ),
    Statement(
        key="argument-centered-cost",
        location="argument centered",
        constrains="prose",
        paraphrase="The centered version may train better and costs a little more.",
        untestable=ADVICE,
        digest="9bfd4dffeacd0a752c4d21bab04577144bba5fb8415505d8d4d8824c43298088",
        places=(page(115, 117), mirror(48)),
    ),
    Statement(
        key="argument-centered-default",
        location="argument centered",
        constrains="default",
        paraphrase="The plain version is used unless the centered one is asked for.",
        violated_by=("defaults.centered=true",),
        digest="e10a5a2fcdd56b6e76590ab05958fa4f80d0a2fbb71786536c302f13fbe2d08b",
        places=(page(117), mirror(48)),
    ),
    Statement(
        key="argument-name",
        location="argument name",
        constrains="interface",
        paraphrase="The name prefixes the operations that apply gradients.",
        digest="ff0d0729ed7ccc4dd9dfca6cba245442a57a0d07e4a57c85af533850de687c7c",
        places=(page(118, 119), mirror(49)),
    ),
    Statement(
        key="argument-name-default",
        location="argument name",
        constrains="interface",
        paraphrase="The name is the class's own unless given.",
        digest="c21917af0b9bcc6e66cdae1528ef08b8a5e991bf60bf240fde8b4f49837b10e3",
        places=(page(119), mirror(49)),
    ),
    Statement(
        key="callables",
        location="argument name",
        constrains="interface",
        paraphrase="Rate, decay, momentum and epsilon may be callables without arguments.",
        digest="e5803fa0ea6e037888f8a94d5eeb6579dcdd50aa872d98cf95ea8bfab6fcc0ab",
        places=(page(119, 122), mirror(49)),
    ),
    Statement(
        key="callables-use",
        location="argument name",
        constrains="prose",
        paraphrase="A callable lets a value change from call to call.",
        untestable=ADVICE,
        digest="e4407398a6a75ff39ff87d7037b1fdc21fe2081b2702c9053953f5e3847e3baf",
        places=(page(122, 123), mirror(49)),
    ),
    Statement(
        key="kwargs",
        location="argument **kwargs",
        constrains="error",
        paraphrase=(
            "Only two clippings, the short name of the rate, and decay are further arguments."
        ),
        digest="daa9641742ef621898d9173237bb539b9066afb8a0f69deba0d7b90f8d054762",
        places=(page(124, 125),),
    ),
    Statement(
        key="kwargs-meaning",
        location="argument **kwargs",
        constrains="equation",
        paraphrase="Clipping is by norm or by value, and decay is inverse in time.",
        violated_by=(
            "clip_norm=global",
            "clip_value=ignored",
            "rate_decay=ignored",
            "rate_decay=one-based",
            "clip_order=value-first",
        ),
        digest="2e93708bebdf77bc1f97073ad35f1495c09dff4383b7b6e0c4942818ee515a88",
        places=(page(125, 127),),
    ),
    Statement(
        key="kwargs-lr",
        location="argument **kwargs",
        constrains="interface",
        paraphrase="The short name of the rate still works.",
        digest="500879e038ce9d0dd54da580cfb453df367ee56717517672001638aa861fac55",
        places=(page(127, 128),),
    ),
)

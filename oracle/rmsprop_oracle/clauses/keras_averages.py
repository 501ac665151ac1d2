"""
What Keras 3 and R state of averaged weights, loss scale and accumulation.
"""

from __future__ import annotations

from rmsprop_oracle.clauses.model import Statement, early, keras, r
from rmsprop_oracle.clauses.reasons import ADVICE, LABEL

STATEMENTS = (
    Statement(
        key="use_ema-default",
        location="argument use_ema",
        constrains="default",
        paraphrase="No average of the weights is kept unless asked for.",
        violated_by=("defaults.use_ema=true",),
        digest="1ed65e0ed14d15392f44a462e37b7585318bd5407b6508d1892af19d22f8a425",
        places=(
            early(47, 49),
            r(59, digest="6fec11421fe74b8ef15486fc2d8689660e096b919ca493cdf3a0f2969cd665b0"),
            keras(44),
        ),
    ),
    Statement(
        key="use_ema",
        location="argument use_ema",
        constrains="argument",
        paraphrase="When switched on, an exponential moving average is kept.",
        violated_by=("average_start=zero", "average_start=initial"),
        digest="1806ee6807058c6460c2baa5d7f071945faad1d336e7eb2a2c65f204a7b07b10",
        places=(
            early(49, 51),
            r(59, digest="bde3ba3502b5149bca0f30ad6af48d75432e02d59d1dce983dbd15e3d37d5eca"),
            keras(45, 46),
        ),
    ),
    Statement(
        key="use_ema-meaning",
        location="argument use_ema",
        constrains="order",
        paraphrase=(
            "The average follows the weights after each batch and overwrites them at times."
        ),
        violated_by=("average_schedule=before-update", "average_schedule=updates"),
        digest="8063b48a1ea91e3082d0a14bdc5eb5b0d30cdf79b937d458ac7027d1f3861219",
        places=(early(51), r(59), keras(46, 49)),
    ),
    Statement(
        key="ema_momentum-default",
        location="argument ema_momentum",
        constrains="default",
        paraphrase="The average's momentum is 0.99 unless given.",
        violated_by=("defaults.ema_momentum=0.999",),
        digest="0ba313c811f96e77ca3e0f9c8c149c1c71d9c5de9592bdeccd1f6273a225dbb0",
        places=(early(51), r(62), keras(50)),
    ),
    Statement(
        key="ema_momentum-condition",
        location="argument ema_momentum",
        constrains="argument",
        paraphrase="The average's momentum matters only while an average is kept.",
        violated_by=("defaults.use_ema=true",),
        digest="2080afacfb6fb9a384b425f41c68be02938a5a694fbefb8f45627e9a17ac4a43",
        places=(
            early(51, 53),
            r(62, digest="752f4a378afc2e49c566431b01b5afaf4de960c8d79015e25e74f3ebe7b4f632"),
            keras(50),
        ),
    ),
    Statement(
        key="ema_momentum",
        location="argument ema_momentum",
        constrains="equation",
        paraphrase="The average becomes momentum times itself plus the rest times the weight.",
        violated_by=("average_start=zero", "average_start=initial"),
        digest="ceb807fef019dfafeafcb65829e2539891b3e06b8872ce8d2d87afa249024c4b",
        places=(early(53, 55), r(62), keras(51, 54)),
    ),
    Statement(
        key="ema_overwrite_frequency-default",
        location="argument ema_overwrite_frequency",
        constrains="default",
        paraphrase="The frequency is an integer or nothing, and nothing unless given.",
        violated_by=("defaults.ema_overwrite_frequency=100",),
        digest="1ddc146c667fb139d838d3673813ef57f9ed073fe2b323c4c46e924ff23f97c7",
        places=(
            early(55),
            r(65, digest="6495b7eb37d14dcf580d9a61303fca2a1b4af00e846adf80ef31baa97e4b3a41"),
            keras(55),
        ),
    ),
    Statement(
        key="ema_overwrite_frequency-condition",
        location="argument ema_overwrite_frequency",
        constrains="argument",
        paraphrase="The frequency matters only while an average is kept.",
        violated_by=("defaults.use_ema=true",),
        digest="2080afacfb6fb9a384b425f41c68be02938a5a694fbefb8f45627e9a17ac4a43",
        places=(
            early(55, 57),
            r(65, digest="752f4a378afc2e49c566431b01b5afaf4de960c8d79015e25e74f3ebe7b4f632"),
            keras(55, 56),
        ),
    ),
    Statement(
        key="ema_overwrite_frequency",
        location="argument ema_overwrite_frequency",
        constrains="order",
        paraphrase="Every so many iterations the average replaces the weights.",
        violated_by=("overwrite_condition=off-by-one",),
        digest="ecab0dfcc19ae46f0b81133dde36c4c5f3c879de8dd3651846ebc012cd1c9143",
        places=(early(57, 59), r(65), keras(56, 57)),
    ),
    Statement(
        key="ema_overwrite_frequency-none",
        location="argument ema_overwrite_frequency",
        constrains="interface",
        paraphrase=("Without a frequency, weights stay until finalize_variable_values is called."),
        violated_by=("overwrite_condition=every-call",),
        digest="3a79f1aa63d0bc0286e7d223bcb0f3b757f76e410e3c4500d2e1a584e19821a0",
        places=(
            early(59, 61),
            r(65, digest="29d0cac59ed86e4add08fb9068d91e40c7cb052ed531957ba5f29a98df4bfd82"),
            keras(58, 63),
        ),
    ),
    Statement(
        key="ema_overwrite_frequency-fit",
        location="argument ema_overwrite_frequency",
        constrains="interface",
        paraphrase="The built-in training loop finalizes by itself after its last epoch.",
        digest="a69538e57248fed67c1b4e8337ec58f3afb3062b1e23b83ba9943c8f43a96936",
        places=(early(61, 63), r(65), keras(63, 65)),
    ),
    Statement(
        key="loss_scale_factor",
        location="argument loss_scale_factor",
        constrains="equation",
        paraphrase=("The loss is multiplied by the factor, and gradients are divided by it again."),
        violated_by=("loss_scale=ignored", "loss_scale=multiplied", "loss_scale=after-clipping"),
        digest="7909287efad84a892101a82dbec182e960dd45605a85b2d2fd0f55ae4cb9997c",
        places=(
            early(63, 65),
            r(74, digest="45aa3241b2b85327b6ec00ac97fea7367f77060dbc0ea7f7b1c05d9e819a0569"),
            keras(66, 69),
        ),
    ),
    Statement(
        key="loss_scale_factor-use",
        location="argument loss_scale_factor",
        constrains="prose",
        paraphrase="Scaling keeps small gradients of mixed precision from vanishing.",
        untestable=ADVICE,
        digest="8f61dfdd7cf5270bfb6c09921853c6db2d616fff29b297633a70991e54cdfc3d",
        places=(early(65), r(74), keras(69, 70)),
    ),
    Statement(
        key="loss_scale_factor-optimizer",
        location="argument loss_scale_factor",
        constrains="interface",
        paraphrase="The loss scale optimizer chooses the factor by itself.",
        digest="d37e063aaf8c134256b1fd4c12809088080aa0fec043e9e22aa54bf1cf5f4340",
        places=(
            early(65, 67),
            r(74, digest="ed0d983b384b2a6f64424c0f0a1bb24f70f6100de938f46aa385f7e1d59eb681"),
            keras(70, 72),
        ),
    ),
    Statement(
        key="gradient_accumulation_steps",
        location="argument gradient_accumulation_steps",
        constrains="order",
        paraphrase=(
            "Only every so many calls is there an update, by the mean gradient since the last."
        ),
        violated_by=("accumulation=sum", "accumulation=last", "accumulation=every-call"),
        digest="0cc409e35d0c99963b938080fa91bb63c1988874f0108f67e5dce9068d3d6053",
        places=(
            early(67, 71),
            r(77, digest="7a9a18dc1482fdecb1d4f6701b07ee62bc6fadfc96d8b7ad687a7a7e17c5b904"),
            keras(73, 76),
        ),
    ),
    Statement(
        key="gradient_accumulation_steps-label",
        location="argument gradient_accumulation_steps",
        constrains="prose",
        paraphrase="The technique is called gradient accumulation.",
        untestable=LABEL,
        digest="75df5cc21bfa51f3025e7cf5885c912b09439d3a4615441f0811f4764be2a967",
        places=(early(71), r(77), keras(76, 77)),
    ),
    Statement(
        key="gradient_accumulation_steps-use",
        location="argument gradient_accumulation_steps",
        constrains="prose",
        paraphrase="It reduces noise where batches are very small.",
        untestable=ADVICE,
        digest="1ff2ef8ab26b3a477a469315ae6b7b1786f91c62ac31207e78320beccec7a4ec",
        places=(early(71), r(77), keras(77, 79)),
    ),
)

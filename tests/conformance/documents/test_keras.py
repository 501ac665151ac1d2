from __future__ import annotations

from tests.conformance.documents import pages

from rmsprop_conformance.documents import keras
from rmsprop_conformance.documents.sentences import sentences


def test_a_help_is_read_part_by_part() -> None:
    """
    Each sentence stands in its part with its lines; what other classes define is left out.
    """
    found = [
        (s.location, s.first, s.last, s.text) for s in sentences(keras.python_help(pages.HELP))
    ]

    assert found == [
        ("module", 1, 1, "Help on class RMSprop in module nowhere:"),
        ("class line", 3, 3, "class RMSprop(Base)"),
        ("signature", 4, 4, "RMSprop(rate=1, name='x')"),
        ("description", 6, 7, "Goes downhill. Slowly indeed."),
        ("description", 9, 10, "One thing and its end"),
        ("description", 11, 11, "Another thing"),
        ("argument rate", 14, 15, "Float. How fast it goes."),
        ("argument rate", 15, 15, "Is 1 otherwise."),
        ("argument name", 16, 16, "A word."),
        ("example", 20, 21, ">>> x = RMSprop(). Never a sentence. >>> x"),
        ("reference", 25, 26, "Nobody"),
        ("method resolution order", 29, 30, "RMSprop Base"),
        ("method __init__, signature", 34, 37, "__init__(self, rate=1)"),
        ("method __init__", 38, 38, "Makes one of them."),
        ("method get, signature", 40, 40, "get(self)"),
        ("method get", 41, 41, "Gives what it has."),
        ("method get, returns", 44, 44, "All of it."),
    ]


def test_a_signature_on_one_line_is_the_same() -> None:
    """
    How Python breaks a long signature does not matter.
    """
    text = pages.HELP.replace(
        " |  __init__(\n |    self,\n |    rate=1\n |  )", " |  __init__(self, rate=1)"
    )
    digests = [
        [sentence.digest for sentence in sentences(keras.python_help(each))]
        for each in (pages.HELP, text)
    ]

    assert text != pages.HELP
    assert digests[0] == digests[1]


def test_an_early_page_is_read_part_by_part() -> None:
    """
    Arguments begin inside lines, and lost spaces before code come back.
    """
    found = [
        (s.location, s.first, s.last, s.text) for s in sentences(keras.early_page(pages.EARLY))
    ]

    assert found == [
        ("signature", 4, 6, "RMSprop(rate=1)"),
        ("description", 9, 9, "Goes downhill."),
        ("description", 11, 11, "One thing"),
        ("argument rate", 15, 17, "Float, or a Schedule, of how fast."),
        ("argument rate", 17, 19, "Is 1 otherwise."),
        ("argument name", 19, 19, "A word."),
        ("argument more", 19, 21, "Nothing more."),
        ("example", 26, 26, ">>> x"),
    ]


def test_the_page_of_r_is_read_part_by_part() -> None:
    """
    Descriptions are in the order of the arguments, then come the value and an example.
    """
    found = [(s.location, s.text) for s in sentences(keras.r_page(pages.R_PAGE))]

    assert found[:4] == [
        ("description", "Goes downhill."),
        ("description", "One thing"),
        ("description", "Another thing"),
        ("signature", 'rate = 1, name = "x"'),
    ]
    assert found[4] == ("argument learning_rate", "Says something of number 0.")
    assert found[17] == ("argument ...", "Says something of number 13.")
    assert found[-2:] == [("returns", "one of them"), ("example", "x <- f(rate=1). No sentence.")]

from __future__ import annotations

from tests.conformance.documents import pages

from rmsprop_conformance.documents import tensorflow
from rmsprop_conformance.documents.sentences import sentences


def test_a_page_is_read_part_by_part() -> None:
    """
    Formulas and signatures are whole, links are items, and the page's furniture is left out.
    """
    found = [(s.location, s.text) for s in sentences(tensorflow.page(pages.PAGE))]

    assert found == [
        ("description", "Goes downhill."),
        ("aliases", "Class y.X"),
        ("tutorials", "One"),
        ("description", "Says it all."),
        ("description", "one thing"),
        ("description", "another thing"),
        ("description", "a = b + c"),
        ("signature", "__init__(rate=1)"),
        ("constructor", "Makes one. Of them."),
        ("argument rate", "How fast it goes."),
        ("argument **more", "Nothing more."),
        ("property steps", "Variable. The steps."),
        ("method go, signature", "go()"),
        ("method go", "Goes down."),
        ("method go, argument far", "How far."),
        ("method go, returns", "Nothing."),
        ("method go, raises ValueError", "If it is too far."),
    ]


def test_a_mirror_says_the_same_at_other_lines() -> None:
    """
    Every line is a paragraph, and letters in code make words again.
    """
    found = [
        (s.location, s.first, s.last, s.text) for s in sentences(tensorflow.mirror(pages.MIRROR))
    ]

    assert found == [
        ("description", 2, 2, "Goes downhill."),
        ("tutorials", 4, 4, "One"),
        ("description", 5, 5, "Says it all."),
        ("description", 6, 6, "one thing"),
        ("signature", 11, 13, "__init__(rate=1)"),
        ("constructor", 15, 15, "Makes one."),
        ("argument rate", 17, 17, "How fast it goes."),
        ("argument rate", 17, 17, "Is 1."),
    ]

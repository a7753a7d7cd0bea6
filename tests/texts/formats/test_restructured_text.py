"""reStructuredText."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import VerbatimError
from bot.texts.formats import restructured_text
from tests.texts.formats.words import dropped, parse, words_of

TEXT = """
The Lock
========

:Author: Ida Voss

.. contents::

It *opens* in ``spring`` [1]_. See :ref:`below <fees>` and `the site <http://x.example>`_.

.. note:: Mind the step.

.. a comment

- boats
- rafts

Fees
----

=====  ===
Berth  Fee
=====  ===
North  12
=====  ===

.. include:: /etc/passwd

.. raw:: html

   <b>raw</b>

.. spam:: eggs

.. [1] Or so they say.
"""


def test_a_text_keeps_its_structure() -> None:
    """What docutils adds is not in it, and no directive reads a file."""
    draft = parse(restructured_text, TEXT.encode(), "x.rst")
    assert draft.posts == (
        "# The Lock",
        "It opens in spring. See below and the site.",
        "Mind the step.",
        "- boats\n- rafts",
        "## Fees",
        "| Berth | Fee |\n| --- | --- |\n| North | 12 |",
        "Or so they say.",
    )
    assert (draft.title, draft.author) == ("The Lock", "Ida Voss")
    assert {
        "a comment",
        "a directive that is not known",
        "a message of the parser",
        "the table of contents",
    } <= set(dropped(draft))
    root = Path("/etc/passwd").read_text(encoding="utf-8").split(":")[0]
    assert root not in words_of(draft.posts)


@pytest.mark.parametrize(
    ("written", "posts"),
    [
        ("A. Smith said so.", ("A. Smith said so.",)),
        ("(c) Ida Voss", ("(c) Ida Voss",)),
        ("w.", ("w.",)),
        ("iv. one\n\nv. two\n\n   more", ("iv. one", "v. two", "more")),
        ("MCMXC. one", ("MCMXC. one",)),
        ("2) two\n3) three", ("2) two", "3) three")),
        ("3. three\n4. four", ("3. three\n4. four",)),
        ("#. one\n#. two", ("1. one\n2. two",)),
        ("i. - boats\n   - rafts", ("i.", "- boats\n- rafts")),
    ],
)
def test_the_mark_of_an_item_is_the_authors(written: str, posts: tuple[str, ...]) -> None:
    draft = parse(restructured_text, f"Title\n=====\n\n{written}\n".encode())
    assert draft.posts == ("# Title", *posts)
    assert not draft.dropped


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.lists(st.from_regex(r"w[a-z0-9',.éא]{0,8}", fullmatch=True), min_size=1, max_size=8),
        min_size=1,
        max_size=5,
    )
)
def test_the_authors_words_come_out_in_order_and_nothing_else(paragraphs: list[list[str]]) -> None:
    """Words without marks of the language."""
    text = "Title\n=====\n\n" + "\n\n".join(" ".join(words) for words in paragraphs)
    draft = parse(restructured_text, text.encode())
    assert words_of(draft.posts) == ["Title", *(word for words in paragraphs for word in words)]


@settings(max_examples=30, deadline=None)
@given(st.text(alphabet="=-`*:_.|[]ab1 \n#+", max_size=120))
def test_no_text_crashes_the_reader(text: str) -> None:
    """It is read, or refused in a line."""
    try:
        draft = parse(restructured_text, b"x" + text.encode())
    except VerbatimError as error:
        assert "\n" not in str(error)
    else:
        assert all(draft.posts)


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        (TEXT.encode(), "x", True),
        (b"words", "x.rst", True),
        (b"Title\n=====\n\nWords", "x.md", False),
        (b"..and so on\n\n.. well", "x.txt", False),
    ],
)
def test_the_format_is_known_by_directives(text: bytes, name: str, expected: bool) -> None:
    """A title alone is Markdown too."""
    assert restructured_text.matches(text, name) is expected


def test_a_text_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Docutils takes a second for every ten kilobytes of some."""
    monkeypatch.setattr(restructured_text, "MOST_SECONDS", 0.05)
    with pytest.raises(VerbatimError, match="takes too long"):
        parse(restructured_text, ("a\n b\n  c\n   d\n" * 3_000).encode())

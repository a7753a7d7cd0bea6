"""From a file to a quote: what is quoted of a document is what its author wrote."""

from __future__ import annotations

import html
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models import Role
from bot.texts.importing import Metadata
from bot.texts.structure import passages_of
from tests.samples import import_text
from tests.texts.formats.words import sentences

_BEGINNINGS = (
    "# ",
    "## ",
    "<b> ",
    "</p> ",
    "<!-- ",
    "[a]: ",
    "``` ",
    "~~~ ",
    "| ",
    "- ",
    "1. ",
    "+ ",
    "> ",
    "* ",
    "",
)
_odd_sentences = st.builds(str.__add__, st.sampled_from(_BEGINNINGS), sentences)
_odd_texts = st.lists(_odd_sentences, min_size=1, max_size=5)
_FACTS = Metadata(title="T", author="A")


def quotes(data: bytes, name: str) -> list[str]:
    """Import a file, and return all that can be quoted of it."""
    source = import_text(data, name, _FACTS).source
    return [passage.text for passage in passages_of(source) if passage.role is Role.ANSWER]


def is_part(quote: str, paragraphs: list[str]) -> bool:
    """Tell whether a quote is a slice of the text, but for white space."""
    return "".join(quote.split()) in "".join("".join(paragraphs).split())


@given(_odd_texts)
def test_of_a_page(paragraphs: list[str]) -> None:
    """Also where it looks like Markdown."""
    body = "".join(f"<p>{html.escape(text)}</p>" for text in paragraphs)
    for quote in quotes(f"<!DOCTYPE html><p>Begin.</p>{body}".encode(), "x.html"):
        assert quote == "Begin." or is_part(quote, paragraphs), quote


@given(_odd_texts)
def test_of_a_message(paragraphs: list[str]) -> None:
    """Lines that begin with `>` are quoted from others."""
    message = EmailMessage()
    message["From"], message["Date"], message["Message-ID"] = "Ida <i@x.example>", "x", "<1@x>"
    message.set_content("Begin.\n\n" + "\n\n".join(paragraphs) + "\n")
    for quote in quotes(message.as_bytes(), "x.eml"):
        assert quote == "Begin." or is_part(quote, paragraphs), quote


@pytest.mark.parametrize(
    "pasted",
    [
        "1/ {}\n\n2/ More.",
        "{}\n\nMore.",
        "[Thread] {}\nMore.\nYou can follow @club.",
        "Share this page!\n\n{}\n\nMore.\n\nKeep Current with Club\n",
    ],
)
def test_of_a_post_that_begins_as_a_heading_does(pasted: str) -> None:
    """Nobody writes Markdown there: it is quoted, without the backslash that says so in the file."""
    words = "# 1 reason to come: the gate is open."
    assert quotes(pasted.format(words).encode(), "x.txt") == [words, "More."]


def test_the_rows_of_a_table_without_header_are_quoted_too() -> None:
    """The first one leads to none of the others."""
    assert quotes(b"North,12\nSouth,13\n", "x.csv") == ["North | 12", "South | 13"]


def test_a_row_stands_under_the_names_of_its_columns() -> None:
    """Which are no quote alone."""
    source = import_text(b"Berth,Fee\nNorth,12\nSouth,13\n", "x.csv", _FACTS).source
    header, *rows = passages_of(source)
    assert (header.text, header.role) == ("Berth | Fee", Role.LEAD)
    assert [(row.text, row.lead, row.item) for row in rows] == [
        ("North | 12", header, 1),
        ("South | 13", header, 2),
    ]

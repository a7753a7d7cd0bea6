"""PDF files."""

from __future__ import annotations

import re
import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import VerbatimError
from bot.texts.formats import pdf
from tests.texts.formats.small_pdf import Placed, column
from tests.texts.formats.small_pdf import pdf as made
from tests.texts.formats.words import dropped, parse, words_of

LEFT = """The keeper of the lock had a book in which he wrote
down each year how many boats went through it and how
much was paid. Page %d has the weather, the harbour mas-
ter and the well-known gate that opens in the spring of
every year without any rest. This sentence goes"""
RIGHT = """on in the right column of the page as sentences do in
papers. The right column has lines that fill its width,
too, as prose does in general and in all of the books.

A new paragraph begins here with words of its own that
fill the width of the column, and then it ends."""


def page(number: int) -> list[Placed]:
    def small(lines: list[Placed]) -> list[Placed]:
        return [line._replace(size=9) for line in lines]

    return [
        Placed(60, 810, "The Lock Book", 8),
        Placed(500, 810, "I. Voss", 8),
        Placed(60, 775, f"Chapter {'one two three four five'.split()[number - 1]}", 18, bold=True),
        *small(column(LEFT % number, 60, 740)),
        *small(column(RIGHT, 310, 740)),
        Placed(290, 30, str(number), 9),
    ]


def test_pages_are_read_as_people_read_them() -> None:
    """Columns one after the other, divided words joined, running heads and page numbers off."""
    draft = parse(pdf, made([page(n) for n in range(1, 5)], "The Lock Book", "Ida Voss"))
    assert draft.posts[:4] == (
        "<!-- page 1 -->",
        "# Chapter one",
        "The keeper of the lock had a book in which he wrote down each year how many boats went through it and how much was"
        " paid. Page 1 has the weather, the harbour master and the well-known gate that opens in the spring of every year"
        " without any rest. This sentence goes on in the right column of the page as sentences do in papers. The right column"
        " has lines that fill its width, too, as prose does in general and in all of the books.",
        "A new paragraph begins here with words of its own that fill the width of the column, and then it ends.",
    )
    assert (draft.title, draft.author) == ("The Lock Book", "Ida Voss")
    counts = {line.reason: line.times for line in draft.dropped}
    assert counts == {
        "a running head or foot": 8,
        "a page number": 4,
        "a hyphen at the end of a line": 4,
    }
    assert draft.guessed


def test_a_sentence_goes_on_over_the_page() -> None:
    """The page's marker stands before the first paragraph that begins on it."""
    first = column("The water rose and then it stood at the level of the upper gate, so that the")
    second = column("keeper went to bed.\n\nIn the morning it was low again.")
    assert parse(pdf, made([first, second])).posts == (
        "<!-- page 1 -->",
        "The water rose and then it stood at the level of the upper gate, so that the keeper went to bed.",
        "<!-- page 2 -->",
        "In the morning it was low again.",
    )


def test_items_are_blocks_of_their_own() -> None:
    """A bullet becomes a list's mark."""
    lines = column(
        "Bring these:\n\x95 a lamp that burns for more than an\n   hour\n\x95 a rope\n1. wait\n2. pull"
    )
    lines = [
        line._replace(
            text=line.text.replace("\x95", "•").strip(), x=72 + 9 * line.text.startswith(" ")
        )
        for line in lines
    ]
    assert parse(pdf, made([lines])).posts[1:] == (
        "Bring these:",
        "- a lamp that burns for more than an hour",
        "- a rope",
        "1. wait",
        "2. pull",
    )


def test_the_same_last_lines_are_no_running_foot() -> None:
    """Nothing is dropped where no gap sets it apart."""
    pages = [column(f"Number {n} of the notices\nis signed by all.\nThe keeper") for n in range(6)]
    draft = parse(pdf, made(pages))
    assert words_of(draft.posts).count("keeper") == 6


def test_numbers_that_do_not_count_pages_stay() -> None:
    """A year at the foot is no page number."""
    pages = [
        [*column("Some words of the page."), Placed(290, 30, year)]
        for year in ("1801", "1790", "1805")
    ]
    assert not dropped(parse(pdf, made(pages)))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.lists(st.from_regex(r"w[a-z]{0,9}[,;]?", fullmatch=True), min_size=1, max_size=80),
        min_size=1,
        max_size=4,
    )
)
def test_the_authors_words_come_out_in_order_and_nothing_else(pages: list[list[str]]) -> None:
    """From pages of wrapped lines."""
    drawn = [column("\n".join(textwrap.wrap(" ".join(words), 70))) for words in pages]
    draft = parse(pdf, made(drawn))
    assert words_of(draft.posts) == [word for words in pages for word in words]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.4\n%\xe2\xe3\n1 0 obj", "is a PDF, but damaged"),
        (made([[]]), "is a scan"),
        (b"", "is empty"),
    ],
)
def test_bad_files_are_refused_in_a_line(data: bytes, said: str) -> None:
    """A scan is named as such."""
    with pytest.raises(VerbatimError, match=said):
        parse(pdf, data)


def test_files_that_are_cut_or_changed_do_not_crash() -> None:
    """They are read as far as PDFium mends them, or refused in a line."""
    whole = made([page(1)])
    for end in range(20, len(whole), 151):
        for data in (whole[:end], whole[:end] + b"\xff" * 20 + whole[end + 20 :]):
            try:
                parse(pdf, data)
            except VerbatimError as error:
                assert not re.search(r"\n", str(error))


def test_pdfs_are_known_by_their_mark() -> None:
    """Not by their name."""
    assert pdf.matches(b"%PDF-1.7", "x")
    assert pdf.matches(b"\r\n junk %PDF-1.7", "x")
    assert not pdf.matches(b"text", "x.pdf")

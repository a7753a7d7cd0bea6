"""Books of Project Gutenberg as plain text."""

from __future__ import annotations

import pytest

from bot.errors import VerbatimError
from tests.texts.formats.samples import draft_of, reasons

BOOK = """The Project Gutenberg eBook of The Lock

This ebook is for the use of anyone anywhere.

Title: The Lock:
       A History

Author: Ida Voss

Release date: June 1, 1998 [eBook #1342]

Language: English

*** START OF THE PROJECT GUTENBERG EBOOK THE LOCK ***

Produced by Ann Other

THE LOCK: A HISTORY

CONTENTS

 CHAPTER I. The Gate
 CHAPTER II. The Weir


CHAPTER I.
The Gate

It was the _best_ lock in the whole of the county, as everyone who had
ever been there knew, and it opened in spring.

 Roses are red,
 Violets blue

[Illustration: The gate]

CHAPTER II

THE WEIR

It is a low dam that was built a long time before anybody had thought
of a lock.

*       *       *

# of boats: 30.

End of the Project Gutenberg EBook of The Lock

*** END OF THE PROJECT GUTENBERG EBOOK THE LOCK ***

Updated editions will replace the previous one.
"""


def test_the_book_alone_is_kept() -> None:
    """Prose is joined, verse is not; chapters are headings; licence, contents and pictures are reported."""
    draft = draft_of(BOOK)
    assert draft.posts == (
        "# THE LOCK: A HISTORY",
        "### CHAPTER I. The Gate",
        "It was the best lock in the whole of the county, as everyone who had ever been there knew, and it opened in spring.",
        " Roses are red,\n Violets blue",
        "### CHAPTER II THE WEIR",
        "It is a low dam that was built a long time before anybody had thought of a lock.",
        "\\# of boats: 30.",
    )
    assert reasons(draft) == {
        "the header of Project Gutenberg": 8,
        "the licence of Project Gutenberg": 3,
        "the day of the electronic edition, not of the text": 1,
        "the table of contents": 3,
        "who made the electronic edition": 1,
        "a picture": 1,
        "a rule between paragraphs": 1,
    }


def test_its_header_says_what_it_is() -> None:
    """But not when the text was written."""
    draft = draft_of(BOOK)
    assert (draft.title, draft.author) == ("The Lock: A History", "Ida Voss")
    assert (draft.url, draft.language) == ("https://www.gutenberg.org/ebooks/1342", "en")
    assert draft.date is None


def test_a_list_that_does_not_come_again_is_no_table_of_contents() -> None:
    """It is the author's."""
    book = BOOK.replace(" CHAPTER I. The Gate\n CHAPTER II. The Weir", " A lamp,\n a rope")
    assert " A lamp,\n a rope" in draft_of(book).posts


def test_a_book_without_text_is_refused() -> None:
    """In a line."""
    empty = "*** START OF THE PROJECT GUTENBERG EBOOK X ***\n\n*** END OF THE PROJECT GUTENBERG EBOOK X ***\n"
    with pytest.raises(VerbatimError, match="contains no text between header and licence"):
        draft_of(empty)

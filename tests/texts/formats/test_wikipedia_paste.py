"""Articles as they are copied from Wikipedia's page."""

from __future__ import annotations

import pytest

from bot.texts.formats import wikipedia_paste
from tests.texts.formats.samples import draft_of, reasons

PAGE = """The old lock
12 languages
Article
Talk
From Wikipedia, the free encyclopedia

The old lock is a lock in Velmora. It was built in 1801.[1]

Contents
hide
(Top)
1 History
2 Design
History
[edit]
Monks built it in 1801.[2] It burned in 1902.[citation needed]

Design[edit]
The gate is 6 m (20 ft) wide.

References[edit]
^ Roe, J. (1999). Locks of Velmora. p. 12.
Categories: Locks
1801 establishments
"""


def test_an_article_is_its_text_under_its_headings() -> None:
    """Marks of references inside it stay."""
    draft = draft_of(PAGE)
    assert (draft.format, draft.title, draft.author) == (
        wikipedia_paste.LABEL,
        "The old lock",
        "Wikipedia",
    )
    assert draft.posts == (
        "The old lock is a lock in Velmora. It was built in 1801.[1]",
        "## History",
        "Monks built it in 1801.[2] It burned in 1902.[citation needed]",
        "## Design",
        "The gate is 6 m (20 ft) wide.",
        "## References",
    )
    assert reasons(draft) == {
        "the page's head": 5,
        "a menu, or the table of contents": 5,
        "a reference": 1,
        "the page's foot": 2,
    }


def test_a_list_that_is_no_table_of_contents_stays() -> None:
    """Its lines are no headings."""
    text = PAGE.replace("1 History\n2 Design\nHistory", "1 Gate\n2 Weir\nHistory")
    assert "1 Gate\n2 Weir" in draft_of(text).posts


@pytest.mark.parametrize(
    "words", ["I read it on Wikipedia, the free encyclopedia.", "Contents\n\nHistory[edit]"]
)
def test_other_texts_are_no_articles(words: str) -> None:
    """Only the line below the title is certain."""
    assert draft_of(words).format == "paragraphs"

"""Posts copied from a page of X."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.texts.formats import copied_posts, registry
from tests.texts.formats.samples import draft_of, reasons

PAGE = """Post

Conversation
Ida Voss
@idavoss
·
May 3
The lock opens in spring.

It takes ten boats.
12
340
1.2K
Ida Voss
@idavoss
·
May 3
# 1 rule: mind the gate.
42
Show this thread
Ida Voss
@idavoss
·
May 4
It has room for
12
3:15 PM · May 4, 2024
·
9,876
Views
Per Lund
@perlund
·
May 5
Nice thread!
"""


def test_only_the_authors_words_are_kept() -> None:
    """Names, dates, counts, buttons, and the posts of others are reported."""
    draft = draft_of(PAGE)
    assert draft.format == copied_posts.LABEL
    assert draft.author == "@idavoss"
    assert draft.posts[:2] == (
        "The lock opens in spring.\nIt takes ten boats.",
        "\\# 1 rule: mind the gate.",
    )
    assert reasons(draft)["the site's head"] == 2
    assert reasons(draft)["a post of another member, @perlund"] == 5
    assert reasons(draft)["counts and buttons under a post"] >= 7


def test_one_number_may_be_the_authors() -> None:
    """X prints several, or a word beside it."""
    text = "Ida @ida · May 3\nThe answer:\n42\nIda @ida · May 4\nThat is all.\n"
    assert draft_of(text).posts == ("The answer:\n42", "That is all.")


@pytest.mark.parametrize(
    "line", ["Ida Voss @ida · May 3", "Ida Voss @ida 3 May 2024", "Ida Voss @ida · 5h"]
)
def test_a_line_that_names_a_member_is_known_in_every_shape(line: str) -> None:
    """As the site and others that show its posts print it."""
    draft = draft_of(f"{line}\nThe lock opens.\n\n{line}\nIt shuts.\n")
    assert draft.posts == ("The lock opens.", "It shuts.")


@pytest.mark.parametrize(
    "text",
    [
        "I met Ida @ida · May 3\n\nA text.",
        "A text.\n\nIda @ida · May 3\nA quote.\n\nPer @per · May 4\nAnother.",
    ],
)
def test_a_text_that_quotes_a_post_is_no_page(text: str) -> None:
    """A member must be named above everything, and again."""
    assert registry.choose.__module__
    assert draft_of(text).format == "paragraphs"


words = (
    st.text("abcdé ,.’", min_size=1, max_size=30).map(str.strip).filter(lambda t: t.strip(" ,."))
)


@given(st.lists(words, min_size=2, max_size=6))
def test_the_authors_words_come_out_in_order(posts: list[str]) -> None:
    """And nothing else does."""
    page = "\n".join(f"Ida Voss\n@ida\n·\nMay 3\n{post}\n1\n2" for post in posts)
    assert draft_of(page).posts == tuple(posts)

"""Threads copied from Thread Reader, and its saved pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.texts.formats.samples import FILES, draft_of, reasons

FOOT = "\n• • •\n\nMissing some Tweet in this thread? You can try to force a refresh\n"


def test_only_the_thread_is_kept_of_a_copied_page() -> None:
    """Neither the site's head nor its foot, nor the other thread below that; each line is listed."""
    draft = draft_of((FILES / "threadreader.txt").read_bytes())
    assert draft.format == "Thread Reader page"
    assert draft.author == "@LampKeeper"
    assert draft.posts == (
        "The lamp of the Skerry light was lit in 1811.",
        "It floated on mercury, so that a finger could turn it.\n“No more keepers” came in 1994.",
        "Its horn is heard eleven miles out.",
    )
    lines = (FILES / "threadreader.txt").read_text(encoding="utf-8").split("\n")
    kept = {line for post in draft.posts for line in post.split("\n")}
    listed = {one.text for one in draft.dropped}
    assert {line.strip() for line in lines if line.strip()} == kept | listed


@pytest.mark.parametrize("link", ["force a refresh", "[force a refresh](#)"])
def test_a_numbered_thread_loses_numbers_and_foot(link: str) -> None:
    """The foot does not join the last post."""
    text = (
        f"1/ One.\n\n2/ Two.\n\n• • •\n\nMissing some Tweet in this thread? You can try to {link}\n"
    )
    assert draft_of(text).posts == ("One.", "Two.")


def test_dots_and_words_of_the_site_inside_a_thread_stay() -> None:
    """Only whole lines that are known are dropped, and dots only where the foot follows."""
    text = "Share your bread.\n\n• • •\n\nSubscribe to life.\n" + FOOT
    assert draft_of(text).posts == ("Share your bread.", "• • •", "Subscribe to life.")


def test_a_saved_page_is_read_by_its_elements() -> None:
    """Words and line breaks of each post; not its pictures and marks, nor the page around."""
    draft = draft_of((FILES / "threadreader.html").read_bytes())
    assert draft.posts == (
        "The lamp & its mercury bath:\na finger could turn it.",
        "Its horn is heard eleven miles out.",
    )
    assert draft.author == "@LampKeeper"
    assert draft.url == "https://x.com/LampKeeper/status/1665000000000000001"
    assert "the site's head and foot" in reasons(draft)


def test_a_page_without_its_posts_is_refused() -> None:
    """Such as one that was saved before it had loaded."""
    page = (
        '<html><a href="https://threadreaderapp.com/">x</a><style>.content-tweet {}</style></html>'
    )
    with pytest.raises(Exception, match="contains no posts: save the page again"):
        draft_of(page)


words = st.text("abcdefgh é’", min_size=1, max_size=40).map(str.strip).filter(bool)


@given(st.lists(words, min_size=1, max_size=6))
def test_the_authors_words_come_out_in_order(posts: list[str]) -> None:
    """And nothing else does."""
    text = "Share this page!\n\n" + "\n\n".join(posts) + "\n" + FOOT + "More from @x\nnot mine\n"
    assert list(draft_of(text).posts) == posts

"""Threads of Reddit, from its API and copied from its page."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from bot.errors import VerbatimError
from bot.texts.formats import reddit, reddit_paste
from bot.texts.importing import parse_file
from tests.texts.formats.samples import draft_of, reasons


def listing(*things: Any) -> dict[str, Any]:
    return {"kind": "Listing", "data": {"children": [*things]}}


def comment(body: str, *replies: Any, **facts: Any) -> dict[str, Any]:
    below = listing(*replies) if replies else ""
    made = {"created_utc": 1714726800.0, "permalink": "/r/locks/comments/a/w/c/"}
    return {"kind": "t1", "data": {"author": "bo", "body": body, "replies": below, **made, **facts}}


POST = {"kind": "t3", "data": {"subreddit": "locks", "title": "When does it open &amp; shut?", "author": "ida",
                               "selftext": "I went there.\n\nIt was *shut*.", "created_utc": 1714723200.0,
                               "permalink": "/r/locks/comments/a/w/"}}  # fmt: skip
THREAD = json.dumps([
    listing(POST),
    listing(
        comment("It opens at nine.", comment("Thanks!", author="ida")),
        comment("*I am a bot*", author="AutoModerator"),
        comment("[deleted]", author="[deleted]"),
        {"kind": "more", "data": {"count": 3, "children": ["x"]}},
    ),
])  # fmt: skip
PAGE = """r/locks
•
3 yr. ago
ida

When does it open?

I went there.

It was shut.

Upvote
42

Downvote
12
Share
Sort by:
Best
Comments Section
u/bo avatar
bo
•
3y ago
It opens at nine.

Ring the bell.



Upvote
12

Downvote

Reply
reply

u/ida avatar
ida
OP
•
Edited 2y ago
•
2y ago
Thanks!


Upvote
"""


def test_post_and_comments_keep_the_order_of_the_page() -> None:
    """With the time and the link of each; bots and what is deleted are left out."""
    draft = draft_of(THREAD)
    assert (draft.format, draft.title, draft.author) == (
        reddit.LABEL,
        "When does it open & shut?",
        "r/locks",
    )
    assert draft.url == "https://www.reddit.com/r/locks/comments/a/w/"
    words = [post for post in draft.posts if not post.startswith("<!--")]
    assert words == [
        "## When does it open & shut?",
        "I went there.",
        "It was *shut*.",
        "It opens at nine.",
        "Thanks!",
    ]
    assert (
        '<!-- message date="2024-05-03T09:00Z" link="https://www.reddit.com/r/locks/comments/a/w/c/" -->'
        in draft.posts
    )
    assert reasons(draft) == {"a bot's comment": 1, "a comment that is gone": 1}
    assert "3 comments are not in the file" in draft.notes[1]


def test_a_thread_without_words_is_refused() -> None:
    """In a line."""
    with pytest.raises(VerbatimError, match="contains no posts with text"):
        draft_of(json.dumps(listing(comment("[removed]"))))


def test_comments_may_be_answered_without_end() -> None:
    """No recursion follows them."""
    value: Any = comment("It opens.")
    for _ in range(120):
        value = comment("Yes.", value)
    assert sum(post == "Yes." for post in draft_of(json.dumps(listing(value))).posts) == 120


def test_a_copied_page_is_its_posts() -> None:
    """Without counts, buttons and names; paragraphs stay."""
    draft = draft_of(PAGE)
    assert (draft.format, draft.title, draft.author) == (
        reddit_paste.LABEL,
        "When does it open?",
        "r/locks",
    )
    words = [post for post in draft.posts if not post.startswith("<!--")]
    assert words[:5] == [
        "## When does it open?",
        "I went there.",
        "It was shut.",
        "It opens at nine.",
        "Ring the bell.",
    ]
    assert words[-1] == "Thanks!"


@pytest.mark.parametrize("text", [THREAD, PAGE])
def test_names_are_kept_where_the_curator_says_so(text: str) -> None:
    """In the marks."""
    draft = parse_file(io.BytesIO(text.encode()), "file", names=True)
    assert any('author="bo"' in post for post in draft.posts)  # type: ignore[union-attr]
    assert not any('author="bo"' in post for post in draft_of(text).posts)

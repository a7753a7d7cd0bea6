"""Exports of Threads."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import VerbatimError
from bot.texts.formats.markup import without_escapes
from bot.texts.formats.threads_export import mended
from tests.texts.formats.samples import FILES, draft_of, reasons


def test_posts_are_in_order_of_time_with_their_letters_repaired() -> None:
    """Replies are counted: the export does not say to what."""
    draft = draft_of((FILES / "threads_and_replies.json").read_bytes())
    assert draft.posts == (
        "Sourdough, day one: feed it twice.",
        "Rye needs sixteen hours – not “eight”.",
    )
    assert str(draft.date) == "2023-11-14"
    assert reasons(draft) == {
        "a reply: what it replies to is not in the export": 1,
        "a post without words": 1,
    }
    assert draft.guessed


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_the_exports_fault_is_undone(text: str) -> None:
    """Whatever the text; one without the fault stays as it is."""
    assert mended(text.encode().decode("latin-1")) == text
    if any(ord(c) > 255 for c in text):
        assert mended(text) == text


words = (
    st.text("abcdef é’“&<>#", min_size=1, max_size=40)
    .map(str.strip)
    .filter(lambda t: t and "<!--" not in t)
)


@given(st.lists(words, min_size=1, max_size=8), st.randoms())
def test_the_authors_words_come_out_in_order(texts: list[str], random: object) -> None:
    """Of posts in any order."""
    posts = [
        {
            "media": [
                {"creation_timestamp": 1_700_000_000 + i, "title": text.encode().decode("latin-1")}
            ]
        }
        for i, text in enumerate(texts)
    ]
    random.shuffle(posts)  # type: ignore[attr-defined]
    found = draft_of(json.dumps({"text_post_app_text_posts": posts})).posts
    assert [without_escapes(post) for post in found] == texts


def test_an_export_without_posts_is_refused() -> None:
    """In a line."""
    with pytest.raises(VerbatimError, match="contains no posts other than replies"):
        draft_of('{"text_post_app_text_posts": []}')

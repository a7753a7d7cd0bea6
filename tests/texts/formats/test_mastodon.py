"""Posts of Mastodon: exports, contexts and lists."""

from __future__ import annotations

import html
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import VerbatimError
from bot.texts.formats.social_posts import html_text
from tests.samples import parse_text
from tests.texts.formats.samples import FILES, collection_of, draft_of, reasons


def test_an_outbox_gives_its_owners_threads() -> None:
    """HTML is parsed; boosts, replies to others, and what is not public are counted."""
    found = collection_of((FILES / "outbox.json").read_bytes())
    (entry,) = found
    draft = found.parse(entry.id)
    assert draft.posts == (
        "Herons stand still for an hour.\nThen they strike.\nFish & frogs, see https://example.org/fish",
        "They nest in tall trees.",
    )
    assert draft.author == "@heron@social.example"
    assert draft.url == "https://social.example/@heron/101"
    assert reasons(found) == {
        "a boost: another member's post": 1,
        "a post that is not public": 1,
        "a reply to another member: --pick ID takes it": 1,
    }
    assert found.parse("104").posts == ("@x no idea",)


def status(
    number: int, who: str, text: str, parent: int | None = None, to: str | None = None
) -> dict[str, Any]:
    return {
        "id": str(number), "created_at": f"2024-02-01T08:{number:02d}:00.000Z", "content": f"<p>{text}</p>",
        "in_reply_to_id": parent and str(parent), "in_reply_to_account_id": to, "visibility": "public", "language": "en",
        "url": f"https://social.example/@{who}/{number}", "spoiler_text": "", "reblog": None,
        "account": {"id": who, "acct": who, "url": f"https://social.example/@{who}"},
    }  # fmt: skip


def test_a_context_gives_the_thread_around_a_post() -> None:
    """Of the author alone."""
    context = {
        "ancestors": [status(1, "heron", "One."), status(2, "heron", "Two.", 1, "heron")],
        "descendants": [
            status(4, "heron", "Four.", 3, "heron"),
            status(5, "gull", "No!", 4, "heron"),
            status(6, "heron", "Yes!", 5, "gull"),
        ],
    }
    found = collection_of(json.dumps(context).encode())
    assert [found.parse(entry.id).posts for entry in found] == [("One.", "Two."), ("Four.",)]
    assert reasons(found)["a post of another member"] == 1


def test_the_replies_below_a_first_post_are_its_authors() -> None:
    """Also where a stranger answered first."""
    descendants = [status(2, "gull", "First!", 1, "heron"), status(3, "heron", "Two.", 1, "heron")]
    draft = parse_text(
        json.dumps({"ancestors": [], "descendants": descendants}).encode(), "context.json"
    ).draft
    assert (draft.posts, draft.author) == (("Two.",), "@heron@social.example")


def test_a_file_without_public_posts_is_refused() -> None:
    """With one line."""
    with pytest.raises(VerbatimError, match="contains no public posts"):
        draft_of('{"ancestors": [], "descendants": []}')


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>a<br>b</p><p>c</p>", "a\nb\nc"),
        ("<p>a &lt;b&gt; &amp;amp; c</p>", "a <b> &amp; c"),
        ("<blockquote><p>a</p></blockquote><ul><li>b</li><li>c</li></ul>", "a\nb\nc"),
        ("plain &amp; simple", "plain & simple"),
        ("<p>x<script>alert(1)</script></p>", "x"),
        ("", ""),
    ],
)
def test_html_becomes_lines(source: str, text: str) -> None:
    """Of words alone."""
    assert html_text(source) == text


def test_html_that_is_nested_deeply_ends() -> None:
    """It takes no recursion."""
    assert html_text("<div>" * 20_000 + "x") == "x"


words = (
    st.text("abcdef é’“&<>#", min_size=1, max_size=40)
    .map(lambda t: " ".join(t.split()))
    .filter(bool)
)
plain = words.filter(lambda text: "<!--" not in text)


@given(st.lists(plain, min_size=1, max_size=8))
def test_the_authors_words_come_out_in_order(texts: list[str]) -> None:
    """Of a chain of replies, escaped as HTML."""
    statuses = [
        status(
            number,
            "heron",
            html.escape(text, quote=False),
            number - 1 or None,
            "heron" if number > 1 else None,
        )
        for number, text in enumerate(texts, 1)
    ]
    assert list(parse_text(json.dumps(statuses).encode(), "posts.json").draft.posts) == texts


def test_an_account_without_a_readable_address_has_no_name() -> None:
    """The posts are read all the same."""
    outbox = json.loads((FILES / "outbox.json").read_text("utf-8"))
    for item in outbox["orderedItems"]:
        item["actor"] = "https://[x/users/heron"
        if isinstance(item["object"], dict):
            item["object"]["attributedTo"] = item["actor"]
    assert collection_of(json.dumps(outbox).encode()).parse("101").author is None

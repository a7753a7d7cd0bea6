"""The list of formats, and what all of them promise."""

from __future__ import annotations

import io
import json
from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import VerbatimError
from bot.texts.formats import registry
from bot.texts.formats.draft import Draft
from bot.texts.formats.text_lines import is_blank
from bot.texts.importing import parse_file
from tests.texts.formats.samples import FILES

FORMATS = tuple(registry.MODULES)

CATCH_ALL = {"paragraphs", "numbered", "html", "markdown"}
"""Formats of which others are special cases."""

KEYS = (
    "thread", "post", "record", "text", "replies", "parent", "author", "did", "handle", "uri", "reply", "facets", "index",
    "byteStart", "byteEnd", "features", "$type", "ancestors", "descendants", "orderedItems", "type", "object", "content",
    "account", "id", "to", "cc", "contentMap", "guild", "channel", "messages", "timestamp", "isBot", "mentions", "name",
    "text_post_app_text_posts", "media", "title", "creation_timestamp", "text_app_post", "tweet", "full_text", "id_str",
    "in_reply_to_status_id_str", "in_reply_to_user_id_str", "entities", "urls", "url", "expanded_url", "noteTweet", "core",
    "created_at", "createdAt", "edit_info", "initial", "editTweetIds", "langs", "lang", "value", "published", "inReplyTo",
    "from", "date", "date_unixtime", "ts", "thread_ts", "subtype", "user", "question", "answer", "q", "a", "acceptedAnswer",
    "kind", "data", "children", "body", "selftext", "permalink", "created_utc", "count", "subreddit",
)  # fmt: skip
VALUES = st.sampled_from(
    [
        "1",
        "2",
        "Create",
        "Default",
        "app.bsky.richtext.facet#link",
        "2024-05-03T10:00:00Z",
        "a\n\nb",
        "\0\ud800",
    ]
)
json_like: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 2**70) | st.floats() | VALUES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5)
    ),
    max_leaves=25,
)


def read_all(data: bytes, format_name: str) -> None:
    """Parse `data`, and of a collection each of the first texts: no error but VerbatimError, no post with a blank line."""
    try:
        found = parse_file(io.BytesIO(data), "file", format_name)
        drafts = (
            [found] if isinstance(found, Draft) else [found.parse(e.id) for e in islice(found, 9)]
        )
    except VerbatimError as error:
        assert error.problems
        assert all("\n" not in str(problem) for problem in error.problems)
        return
    for draft in drafts:
        assert not any(is_blank(line) for post in draft.posts for line in post.split("\n"))


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_listed_under_its_own_name(name: str) -> None:
    """With a label for reports."""
    text_format = registry.load(name)
    assert name == text_format.NAME
    assert text_format.LABEL


@pytest.mark.parametrize("path", sorted(FILES.iterdir()), ids=lambda path: path.name)
def test_a_file_is_recognised_by_its_contents(path: Any) -> None:
    """Whatever it is called; and by one format alone, plain text aside."""
    data = path.read_bytes()
    found = [name for name in FORMATS if registry.load(name).matches(data, "x.bin")]
    assert found[0] not in CATCH_ALL
    assert set(found[1:]) <= CATCH_ALL
    assert found[0] == registry.choose(io.BytesIO(data), "x.bin").NAME


@pytest.mark.parametrize("name", registry.names())
@given(data=st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_in_a_line(name: str, data: bytes) -> None:
    """Also where somebody insists on the format."""
    read_all(data, name)


@pytest.mark.parametrize(
    "name",
    [
        "x-archive",
        "discord",
        "telegram",
        "slack",
        "json-faq",
        "bluesky",
        "mastodon",
        "threads",
        "reddit",
    ],
)
@given(value=json_like)
def test_any_json_is_read_or_refused_in_a_line(name: str, value: Any) -> None:
    """Whatever stands under the keys that a format looks for."""
    read_all(json.dumps(value).encode(), name)
    read_all(json.dumps([value, value]).encode(), name)
    for key in ("orderedItems", "messages", "text_post_app_text_posts", "thread", "descendants"):
        read_all(json.dumps({key: [value], "x": value}).encode(), name)


@pytest.mark.parametrize("path", sorted(FILES.iterdir()), ids=lambda path: path.name)
@given(cut=st.floats(0, 1), noise=st.binary(max_size=6))
def test_a_damaged_file_is_read_or_refused_in_a_line(path: Any, cut: float, noise: bytes) -> None:
    """Cut off anywhere, with anything after it."""
    data = path.read_bytes()
    read_all(data[: int(cut * len(data))] + noise, registry.AUTO)


@pytest.mark.parametrize(
    "data", [b"a" * 10_000_000, b"a b " * 2_500_000, b"@" * 3_000_000, b"1/ " * 1_000_000]
)
def test_a_huge_line_takes_no_time(data: bytes) -> None:
    """It is refused as too long for a post."""
    with pytest.raises(VerbatimError, match="characters, but at most 100,000 are allowed"):
        parse_file(io.BytesIO(data), "file")


MARKS = (
    *(
        "[",
        "(",
        "<",
        "{",
        "*",
        "`",
        "_",
        "|",
        "!",
        "#",
        "-",
        "=",
        "[[",
        "![",
        "<!--",
        "@a ",
        "1/ ",
        "/",
        " ",
        "\t",
        "\n",
        " \n",
    ),
    *(
        "x\n",
        "* a\n",
        "<p>",
        "• ",
        "· ",
        "1/ a\n",
        "@x\n",
        "N @h · Jun 3\n",
        "x\nShare this page!\n",
        "• • •\n",
        "---\n",
        "a: b\n",
    ),
)


@pytest.mark.parametrize("mark", MARKS)
def test_marks_by_the_hundred_thousand_take_no_time(mark: str) -> None:
    """No pattern of any format goes over them again and again: it would take minutes."""
    for text in (
        mark * (60_000 // len(mark)) + "x",
        "1/ a\n2/ b\n" + mark * (60_000 // len(mark)) + "x",
    ):
        read_all(text.encode(), registry.AUTO)

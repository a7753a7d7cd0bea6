"""Markdown."""

from __future__ import annotations

import pytest
from hypothesis import given

from bot.texts.formats import markdown
from bot.texts.formats.knowledge_file import MAX_POST
from bot.texts.importing import Metadata, complete
from tests.texts.formats.words import parse, texts


def test_markdown_stays_as_it_is() -> None:
    """Blocks are divided at blank lines, and keep every character."""
    text = b"\xef\xbb\xbf# The *lock* #\r\n\r\nIt **opens**  \r\nin spring.\r\n\xe2\x80\x8b\r\n- one\r\n  - two\r\n"
    draft = parse(markdown, text)
    assert draft.posts == ("# The *lock* #", "It **opens**  \nin spring.", "- one\n  - two")
    assert draft.title == "The lock"
    assert not draft.dropped


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (b"A title\n=======\n\nWords", "A title"),
        (b"Words\n\n# [Later](x.md) `title`", "Later title"),
        (b"## Only a section\n\nWords", None),
    ],
)
def test_the_first_heading_is_the_title(text: bytes, title: str | None) -> None:
    """Without marks."""
    assert parse(markdown, text).title == title


@given(texts)
def test_every_character_is_kept(paragraphs: list[str]) -> None:
    """Marks too."""
    assert parse(markdown, "\n\n".join(paragraphs).encode()).posts == tuple(paragraphs)


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        (b"# Title\n\nWords", "x", True),
        (b"Title\n=====\n\nWords", "x", True),
        (b"**Words** and [a link](https://x.example)", "x", True),
        (b"**Words**", "x.txt", False),
        (b"**Words**", "x.md", True),
        (b"#hashtag first\n\nWords", "x", False),
        (b"Words.\n\n- one\n- two", "x", False),
        (b"\0# Title", "x.md", False),
        (b"# of members: 30.\n\nMore.", "x", False),
        (b"# of members: 30.\n\nMore.", "x.md", True),
        (b"# The gate closes at ten", "x", False),
        (b"# A title.\n\n## A part.\n\nWords", "x", True),
    ],
)
def test_markdown_is_known_by_its_marks(text: bytes, name: str, expected: bool) -> None:
    """A list alone may be plain text, which is read in the same way."""
    assert markdown.matches(text, name) is expected


@pytest.mark.parametrize(
    "code",
    ["```sh\nmake\n\nmake test\n```", "~~~\na\n\nb\n~~~", "1. Build it:\n   ```\n   make\n\n   make test\n   ```",
     "- ```\n  a\n\n  b\n  ```", "    ```js\n    a()\n\n    b()\n    ```"],
)  # fmt: skip
def test_blank_lines_in_code_divide_nothing(code: str) -> None:
    """A knowledge file is read in the same way, or the file could not be imported."""
    draft = parse(markdown, f"# Build\n\n{code}\n\nThen run it.".encode())
    assert draft.posts == ("# Build", code, "Then run it.")
    imported = complete(draft, "x.md", Metadata(author="Ann"))
    assert [post.text for post in imported.source.posts] == list(draft.posts)


def test_code_within_a_line_opens_no_block() -> None:
    """The paragraphs after it stay apart."""
    assert parse(markdown, b"# A\n\n```make```\n\nB\n\nC\n\n```\nd\n```").posts[1:4] == ("```make```", "B", "C")  # fmt: skip


def test_a_list_too_long_for_a_post_is_cut_between_its_items() -> None:
    """As that of a long history of changes; a knowledge file that somebody writes has to be divided by hand."""
    items = [f"- change {n} of this long history" for n in range(4_000)]
    posts = parse(markdown, ("# Changes\n\n" + "\n".join(items)).encode()).posts
    assert "\n".join(posts[1:]).split("\n") == items
    assert max(map(len, posts)) <= MAX_POST

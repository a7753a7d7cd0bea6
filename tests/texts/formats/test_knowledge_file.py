"""The format of the knowledge folder."""

from __future__ import annotations

import pytest
from hypothesis import given

from bot.errors import VerbatimError
from bot.models import Post, Source
from bot.texts.formats import knowledge_file
from bot.texts.formats.knowledge_file import parse, render
from bot.texts.formats.text_lines import decode, is_blank
from tests.samples import BRIDGE, sources

HEAD = "---\ntitle: T\nauthor: A\n---\n"


def problems_of(text: str) -> list[str]:
    with pytest.raises(VerbatimError) as caught:
        parse(text, "f.md", "f")
    return [str(problem) for problem in caught.value.problems]


def test_posts_are_separated_by_blank_lines_and_kept_exactly() -> None:
    """Inner line breaks, indents and trailing spaces stay."""
    source = parse(f"{HEAD}\n\nOne “a”\n  two  \n\n \t\nThree\n", "f.md", "f")
    assert source.posts == (Post(1, "One “a”\n  two  "), Post(2, "Three"))


def test_all_metadata_are_read() -> None:
    """Title, author, url, date, licence, language and aliases."""
    text = (
        '---\ntitle: T\nauthor: "@A"\nurl: https://example.org/x\ndate: 2020-08-21\n'
        "license: CC BY 4.0\nlanguage: ar\naliases:\n  prime minister: [PM, premier]\n---\nText"
    )
    source = parse(text, "f.md", "f")
    assert (source.title, source.author, source.url) == ("T", "@A", "https://example.org/x")
    assert str(source.date) == "2020-08-21"
    assert (source.license, source.language) == ("CC BY 4.0", "ar")
    assert dict(source.aliases) == {"prime minister": ("PM", "premier")}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Just text", "line 1: does not begin with front matter"),
        ("---\ntitle: x\n", "line 1: its front matter is not closed"),
        ("---\ntitle: T\n---\nText", "line 2: `author` is missing"),
        (f"{HEAD}\n  \n", "has no posts"),
        ("---\ntitle: T\nauthor: A\ncolour: red\n---\nx", "line 4: `colour` unknown key"),
        ("---\ntitle: T\nauthor: A\nurl: javascript:x\n---\nx", "line 4: `url`"),
        ("---\ntitle: T\nauthor: A\ndate: soon\n---\nx", "line 4: `date` must be a day"),
        ("---\ntitle: T\nauthor: A\ndate: 2020-01-01 10:00:00\n---\nx", "must be a day"),
        ('---\ntitle: "T\\nU"\nauthor: A\n---\nx', "line 2: `title`"),
        ("---\ntitle: ''\nauthor: A\n---\nx", "line 2: `title`"),
        (f"{HEAD}{'x' * (knowledge_file.MAX_POST + 1)}", "line 5: post 1 has 100,001 characters"),
        ("---\nx: " + "x" * 70_000 + "\n---\nx", "front matter has more than"),
    ],
)
def test_problems_are_reported_in_one_line(text: str, said: str) -> None:
    """With the line of the file, not of the front matter."""
    (line,) = problems_of(text)
    assert said in line


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"ok\nb\xe9d", "line 2: not UTF-8"),
        (b"ok\n\x00", "line 2: contains the control character U+0000"),
        (b"a\x1b[31m", "U+001B"),
    ],
)
def test_bytes_that_are_not_text_are_refused(data: bytes, said: str) -> None:
    """No control character ever reaches a terminal or a message."""
    with pytest.raises(VerbatimError) as caught:
        decode(data, "f.md")
    assert said in str(caught.value)


def test_byte_order_marks_and_line_ends_are_normalised() -> None:
    """What editors add is not part of a text."""
    assert decode(b"\xef\xbb\xbfa\r\nb\rc\n", "f.md") == "a\nb\nc\n"


@given(sources())
def test_a_rendered_source_is_read_back(source: Source) -> None:
    """With the same text, apart from blank lines."""
    back = parse(render(source), "f.md", source.id)
    assert (back.title, back.author, back.url) == (source.title, source.author, source.url)
    lines = [line for post in source.posts for line in post.text.split("\n") if not is_blank(line)]
    assert lines == [line for post in back.posts for line in post.text.split("\n")]


def test_a_source_survives_the_round_trip() -> None:
    """Metadata and posts alike."""
    assert parse(render(BRIDGE), "f.md", BRIDGE.id) == BRIDGE

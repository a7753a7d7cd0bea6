"""What a plain text may hold without being refused."""

from __future__ import annotations

import pytest

from bot.errors import VerbatimError
from bot.texts.formats import knowledge_file
from bot.texts.formats.text_lines import decode
from tests.texts.formats.samples import draft_of


@pytest.mark.parametrize("blank", ["\u200b", "\ufeff", "\u2060", "\u200b \u2060\t", "\f", "\xa0"])
def test_a_line_that_looks_empty_is_blank(blank: str) -> None:
    """Also in the knowledge folder."""
    text = f"The mill is old.\n{blank}\nThe wheel is new.\n"
    assert draft_of(text).posts == ("The mill is old.", "The wheel is new.")
    source = knowledge_file.parse(
        decode(f"---\ntitle: A\nauthor: B\n---\n{text}".encode(), "f"), "f", "f"
    )
    assert [post.text for post in source.posts] == ["The mill is old.", "The wheel is new."]


def test_a_form_feed_is_a_page_break_and_reported() -> None:
    """At a line's start it goes, elsewhere it is a space."""
    draft = draft_of("One.\n\n\fTwo.\fThree.\n")
    assert draft.posts == ("One.", "Two. Three.")
    assert [(one.line, one.reason, one.times) for one in draft.dropped] == [(3, "a page break", 2)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_byte_order_marks_and_line_ends_of_windows_are_no_matter(encoding: str) -> None:
    """Whatever the editor."""
    assert draft_of("Öne.\r\n\r\nTwo.\r\n".encode(encoding)).posts == ("Öne.", "Two.")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"caf\xe9", "line 1: not UTF-8"),
        (b"a\x1bq", r"U\+001B"),
        (b"\x00\x01\x02\x03", "is not a text that can be read"),
        (b"%PDF-1.7\n\xff", "is a PDF, not a text"),
        (b"PK\x03\x04\x14\0word/document.xml", "is a Word document"),
        (b"PK\x03\x04\x14\0", "is a zip archive"),
        (b"\x89PNG\r\n\x1a\n", "is a picture"),
        (b"\0\0\0\x18ftypmp42", "is a film"),
        (b"<!DOCTYPE html><html><body><p>x</p>", "is a web page"),
        (b"1\n00:00:01,000 --> 00:00:04,000\nx\n", "is a file of subtitles"),
        (
            b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "is locked with a password",
        ),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "is a document of an old Word"),
        (b'<?xml version="1.0"?>\n<kml><Placemark/></kml>', "is XML of no kind that is known"),
        (b'{"a": 1}', "is JSON, of no export that is known"),
        (b"", "contains no posts"),
        (b"\n\0\n", "contains no posts"),
    ],
)
def test_what_is_no_plain_text_is_named(data: bytes, reason: str) -> None:
    """With the way out, in one line; formats that do read it come before."""
    from bot.texts.formats import other_kinds

    refusal = other_kinds.refusal(data, "f")
    if refusal is not None:
        assert reason in refusal
        return
    with pytest.raises(VerbatimError, match=reason) as caught:
        draft_of(data)
    assert len(caught.value.problems) == 1

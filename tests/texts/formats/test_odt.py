"""OpenDocument texts."""

from __future__ import annotations

import datetime
import html

import pytest
from hypothesis import given

from bot.errors import VerbatimError
from bot.texts.formats import odt
from tests.texts.formats.hostile import BILLION_LAUGHS, zipped
from tests.texts.formats.words import dropped, parse, texts, words_of

NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{rest}:1.0"'
    for name, rest in (
        ("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"), ("meta", "meta"), ("style", "style"),
    )
)  # fmt: skip
META = (
    f'<office:document-meta {NAMES} xmlns:dc="http://purl.org/dc/elements/1.1/"><office:meta><dc:title>Moorings</dc:title>'
    "<meta:initial-creator>Ida Voss</meta:initial-creator><meta:creation-date>2019-02-03T10:00:00</meta:creation-date>"
    "<dc:language>en-GB</dc:language></office:meta></office:document-meta>"
)
BODY = """<text:tracked-changes>Old words.</text:tracked-changes>
<text:table-of-content><text:p>Moorings 1</text:p></text:table-of-content>
<text:h text:outline-level="2">Moorings</text:h>
<text:p>The pier<text:s text:c="2"/>is <text:span>closed</text:span><text:line-break/>in
winter<text:note><text:note-citation>1</text:note-citation>
<text:note-body><text:p>Or so they say.</text:p></text:note-body></text:note>.
<office:annotation><text:p>Check!</text:p></office:annotation></text:p>
<text:list text:style-name="N"><text:list-item><text:p>boats</text:p><text:list><text:list-item><text:p>rowing</text:p>
</text:list-item></text:list></text:list-item><text:list-item><text:p>rafts</text:p></text:list-item></text:list>
<table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>Berth</text:p></table:table-cell>
<table:table-cell><text:p>Fee</text:p></table:table-cell></table:table-row></table:table-header-rows><table:table-row>
<table:table-cell><text:p>North</text:p></table:table-cell><table:table-cell><text:p>12</text:p></table:table-cell>
<table:table-cell table:number-columns-repeated="1000000"/></table:table-row></table:table>"""


def document(body: str, **parts: str) -> bytes:
    styles = (
        '<office:automatic-styles><text:list-style style:name="N"><text:list-level-style-number text:level="1"/>'
        "</text:list-style></office:automatic-styles>"
    )
    content = (
        f"<office:document-content {NAMES}>{styles}<office:body><office:text>{body}</office:text></office:body>"
        "</office:document-content>"
    )
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": content,
            "meta.xml": META,
            **parts,
        },
        stored_first=True,
    )


def test_a_document_keeps_its_structure() -> None:
    """Headings, lists, tables, and footnotes at the end."""
    draft = parse(odt, document(BODY))
    assert draft.posts == (
        "## Moorings",
        "The pier is closed\nin winter.",
        "1. boats\n   - rowing\n2. rafts",
        "| Berth | Fee |\n| --- | --- |\n| North | 12 |",
        "1. Or so they say.",
    )
    assert (draft.title, draft.author, draft.language) == ("Moorings", "Ida Voss", "en-GB")
    assert draft.date == datetime.date(2019, 2, 3)
    assert dropped(draft) == {
        "deleted in tracked changes": "Old words.",
        "a table of contents or an index": "Moorings 1",
        "the mark of a footnote": "1",
        "a comment": "Check!",
    }


@given(texts)
def test_the_authors_words_come_out_in_order_and_nothing_else(paragraphs: list[str]) -> None:
    """Whatever signs they have in them."""
    body = "".join(f"<text:p>{html.escape(text)}</text:p>" for text in paragraphs)
    assert words_of(parse(odt, document(body)).posts) == " ".join(paragraphs).split()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (document(BODY)[:400], "is a zip file, as Word"),
        (document(""), "has no text"),
        (document("", **{"content.xml": BILLION_LAUGHS}), "declares entities"),
        (document("", **{"content.xml": "<office"}), "is damaged in its part content.xml"),
        (document("<text:section>" * 300 + "</text:section>" * 300), "nested too deeply"),
        (
            document("<text:p>" + "<text:span>" * 300 + "</text:span>" * 300 + "</text:p>"),
            "nested too deeply",
        ),
    ],
)
def test_bad_documents_are_refused_in_a_line(data: bytes, said: str) -> None:
    """With what they are."""
    with pytest.raises(VerbatimError, match=said):
        parse(odt, data)


def test_documents_are_known_by_their_first_part() -> None:
    """Spreadsheets of the same family are not texts."""
    assert odt.matches(document(BODY), "x")
    assert not odt.matches(
        zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}, stored_first=True),
        "x",
    )

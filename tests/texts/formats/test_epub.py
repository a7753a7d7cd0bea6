"""EPUB books."""

from __future__ import annotations

import datetime
import html

import pytest
from hypothesis import given

from bot.errors import VerbatimError
from bot.texts.formats import epub
from tests.texts.formats.hostile import BILLION_LAUGHS, OUTSIDE_FILE, zipped
from tests.texts.formats.words import dropped, parse, texts, words_of

CONTAINER = (
    '<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
BOOK = """<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>The Lock Keeper</dc:title>
<dc:creator>Ida Voss</dc:creator><dc:creator>Per Lund</dc:creator><dc:language>en</dc:language>
<dc:date>1911-04-02T00:00:00Z</dc:date></metadata>
<manifest><item id="n" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>
<item id="b" href="two%20b.xhtml" media-type="application/xhtml+xml"/>
<item id="a" href="one.xhtml" media-type="application/xhtml+xml"/></manifest>
<spine><itemref idref="n"/><itemref idref="a"/><itemref idref="b"/></spine></package>"""
ONE = """<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"
xmlns:epub="http://www.idpf.org/2007/ops"><head><title/><script src="x.js"/></head><body><h1><a id="c1"/>The gate</h1>
<p>He opened<span epub:type="pagebreak" title="12"/> the gate.<a epub:type="noteref" href="#n1">1</a></p><p>It closed.</p>
<aside epub:type="footnote" id="n1"><p>Slowly.</p></aside></body></html>"""


def book(**chapters: str) -> bytes:
    parts = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OPS/book.opf": BOOK,
        "OPS/nav.xhtml": "<html><body><nav><ol><li>The gate</li></ol></nav></body></html>",
        "OPS/one.xhtml": ONE,
        "OPS/two b.xhtml": "<html><body><h1>The water</h1><p>It rose.</p></body></html>",
    }
    return zipped(parts | chapters, stored_first=True)


def test_chapters_come_in_the_order_of_the_spine() -> None:
    """With the printed pages' numbers; the contents page and the footnotes' marks are no text."""
    draft = parse(epub, book())
    assert draft.posts == (
        "# The gate",
        "He opened the gate.",
        "<!-- page 12 -->",
        "It closed.",
        "Slowly.",
        "# The water",
        "It rose.",
    )
    assert (draft.title, draft.author, draft.language) == (
        "The Lock Keeper",
        "Ida Voss, Per Lund",
        "en",
    )
    assert draft.date == datetime.date(1911, 4, 2)
    assert set(dropped(draft)) == {"the table of contents", "the mark of a footnote"}


def test_a_book_is_known_by_its_first_part() -> None:
    """Not by its name."""
    assert epub.matches(book()[:200], "x.zip")
    assert not epub.matches(zipped({"a.txt": "x"}), "x.epub")


@given(texts)
def test_the_authors_words_come_out_in_order_and_nothing_else(paragraphs: list[str]) -> None:
    """From XHTML with self-closing tags."""
    body = "".join(f"<p><a id='x'/>{html.escape(text)}</p>" for text in paragraphs)
    data = book(
        **{"OPS/one.xhtml": f"<html><body>{body}</body></html>", "OPS/two b.xhtml": "<html/>"}
    )
    assert words_of(parse(epub, data).posts) == " ".join(paragraphs).split()


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"OPS/book.opf": BILLION_LAUGHS}, "declares entities"),
        ({"META-INF/container.xml": OUTSIDE_FILE}, "declares entities"),
        ({"OPS/book.opf": "<package"}, "is damaged in its part OPS/book.opf"),
        (
            {"OPS/one.xhtml": "<html/>", "OPS/two b.xhtml": "<html><img/></html>"},
            "its pages are pictures",
        ),
        (
            {"META-INF/encryption.xml": "<e xmlns='x'><EncryptionMethod Algorithm='drm'/></e>"},
            "is locked",
        ),
    ],
)
def test_bad_books_are_refused_in_a_line(parts: dict[str, str], said: str) -> None:
    """DRM and entities too."""
    with pytest.raises(VerbatimError, match=said):
        parse(epub, book(**parts))


def test_a_book_that_is_cut_short_is_refused() -> None:
    """At any byte."""
    whole = book()
    for end in range(60, len(whole) - 1, 97):
        with pytest.raises(VerbatimError):
            parse(epub, whole[:end])

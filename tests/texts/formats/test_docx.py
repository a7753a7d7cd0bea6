"""Word documents."""

from __future__ import annotations

import builtins
import datetime
import html
from typing import Any

import pytest
from hypothesis import given

from bot.errors import VerbatimError
from bot.texts.formats import docx, registry
from tests.texts.formats.hostile import BILLION_LAUGHS, zipped
from tests.texts.formats.words import dropped, parse, texts, words_of

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
    ' Target="word/document.xml"/></Relationships>'
)
STYLES = (
    f'<w:styles {W}><w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="L"><w:name w:val="List Paragraph"/></w:style></w:styles>'
)
NUMBERING = (
    f'<w:numbering {W}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl>'
    '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)
CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"><dc:title>Moorings</dc:title>'
    "<dc:creator>Ida Voss</dc:creator><dcterms:created>2019-02-03T10:00:00Z</dcterms:created></cp:coreProperties>"
)


def paragraph(text: str, style: str = "") -> str:
    properties = f"<w:pPr>{style}</w:pPr>" if style else ""
    return f'<w:p>{properties}<w:r><w:t xml:space="preserve">{html.escape(text)}</w:t></w:r></w:p>'


def row(*cells: str) -> str:
    return f"<w:tr>{''.join(f'<w:tc>{paragraph(cell)}</w:tc>' for cell in cells)}</w:tr>"


def document(body: str, **parts: str) -> bytes:
    return zipped(
        {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": RELATIONS,
            "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>",
            "word/styles.xml": STYLES,
            "word/numbering.xml": NUMBERING,
            "docProps/core.xml": CORE,
            **parts,
        }
    )


ITEM = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
BODY = (
    paragraph("Moorings", '<w:pStyle w:val="H1"/>')
    + paragraph("The pier is closed in winter.")
    + paragraph("boats", ITEM)
    + paragraph("rafts", ITEM)
    + f"<w:tbl>{row('Berth', 'Fee')}{row('North', '12')}</w:tbl>"
    + '<w:p><w:ins w:id="1" w:author="x"><w:r><w:t>New words.</w:t></w:r></w:ins>'
    '<w:del w:id="2" w:author="x"><w:r><w:delText>Old words.</w:delText></w:r></w:del></w:p>'
)


def test_a_document_keeps_its_structure() -> None:
    """Headings, lists and tables; deleted text is reported, not read."""
    draft = parse(
        docx,
        document(BODY, **{"word/header1.xml": f"<w:hdr {W}>{paragraph('Harbour office')}</w:hdr>"}),
    )
    assert draft.posts == (
        "# Moorings",
        "The pier is closed in winter.",
        "- boats\n- rafts",
        "| Berth | Fee |\n| --- | --- |\n| North | 12 |",
        "New words.",
    )
    assert (draft.title, draft.author, draft.date) == (
        "Moorings",
        "Ida Voss",
        datetime.date(2019, 2, 3),
    )
    assert dropped(draft) == {
        "a running head or foot": "Harbour office",
        "deleted in tracked changes": "Old words.",
    }
    assert draft.guessed == ("the first row of each table names its columns",)


@given(texts)
def test_the_authors_words_come_out_in_order_and_nothing_else(paragraphs: list[str]) -> None:
    """Whatever signs they have in them."""
    draft = parse(docx, document("".join(map(paragraph, paragraphs))))
    assert words_of(draft.posts) == " ".join(paragraphs).split()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (document("")[:300], "is a zip file, as Word"),
        (zipped({"a.txt": "x"}), "is not a Word document"),
        (document(""), "has no text"),
        (document("", **{"word/styles.xml": BILLION_LAUGHS}), "declares entities"),
        (document("", **{"word/document.xml": "<w:document"}), "is damaged"),
        (b"", "is empty"),
    ],
)
def test_bad_documents_are_refused_in_a_line(data: bytes, said: str) -> None:
    """With what they are."""
    with pytest.raises(VerbatimError, match=said):
        parse(docx, data)


def test_deep_nesting_is_refused() -> None:
    """Mammoth calls itself for each level."""
    deep = "<w:sdt><w:sdtContent>" * 5_000 + paragraph("words") + "</w:sdtContent></w:sdt>" * 5_000
    with pytest.raises(VerbatimError, match="is damaged"):
        parse(docx, document(deep))


def test_documents_are_known_by_their_parts() -> None:
    """Also where the zip's directory alone tells, because a picture comes first."""
    assert docx.matches(document(BODY), "x")
    assert docx.matches_zip(["word/document.xml"])
    assert not docx.matches(zipped({"a.txt": "x"}), "a.docx")
    assert registry.load("docx").LABEL == "Word document"


def test_a_missing_package_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """In one line."""
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name == "mammoth":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(VerbatimError, match=r"\[documents\]"):
        parse(docx, document(BODY))

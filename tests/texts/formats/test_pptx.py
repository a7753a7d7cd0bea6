"""Presentations."""

from __future__ import annotations

import html

import pytest

from bot.errors import VerbatimError
from bot.texts.formats import pptx
from tests.texts.formats.hostile import BILLION_LAUGHS, zipped
from tests.texts.formats.samples import draft_of
from tests.texts.formats.words import dropped

_SPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'


def paragraph(text: str, level: int = 0) -> str:
    return f'<a:p><a:pPr lvl="{level}"/><a:r><a:t>{html.escape(text)}</a:t></a:r></a:p>'


def shape(*paragraphs: str, kind: str = "") -> str:
    placeholder = f'<p:ph type="{kind}"/>' if kind else ""
    return f"<p:sp><p:nvSpPr><p:nvPr>{placeholder}</p:nvPr></p:nvSpPr><p:txBody>{''.join(paragraphs)}</p:txBody></p:sp>"


def table(*rows: tuple[str, ...]) -> str:
    cells = (
        "".join(f"<a:tc><a:txBody>{paragraph(cell)}</a:txBody></a:tc>" for cell in row)
        for row in rows
    )
    return f"<p:graphicFrame><a:tbl>{''.join(f'<a:tr>{row}</a:tr>' for row in cells)}</a:tbl></p:graphicFrame>"


def slides(*contents: str, **parts: str) -> bytes:
    """Make a presentation; its slides are shown in the reverse order of their parts' names."""
    ids = range(len(contents))
    made = {
        f"ppt/slides/slide{len(contents) - i}.xml": content if content.startswith("<p:sld") or not content.startswith("<p:")
        else f"<p:sld {_SPACES}><p:cSld><p:spTree>{content}</p:spTree></p:cSld></p:sld>"
        for i, content in enumerate(contents)
    }  # fmt: skip
    listed = "".join(f'<p:sldId id="{256 + i}" r:id="r{i}"/>' for i in ids)
    related = "".join(
        f'<Relationship Id="r{i}" Type="{_KIND}/slide" Target="slides/slide{len(contents) - i}.xml"/>'
        for i in ids
    )
    return zipped({
        "[Content_Types].xml": "<Types/>",
        "ppt/presentation.xml": f"<p:presentation {_SPACES}><p:sldIdLst>{listed}</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": _RELATIONS.format(related),
        **made, **parts,
    })  # fmt: skip


SLIDES = (
    shape(paragraph("The lock"), kind="ctrTitle") + shape(paragraph("A tour.")),
    shape(paragraph("12"), kind="sldNum")
    + shape(paragraph("A lamp"), paragraph("A rope"), paragraph("a thin one", 1), kind="body")
    + shape(paragraph("Bring"), kind="title"),
    shape(paragraph("Fees"), kind="title") + table(("Who", "Fee"), ("Adult", "12")),
)  # fmt: skip


def test_slides_are_pages_under_their_titles() -> None:
    """In the order of the show; several paragraphs are a list, rows a table."""
    draft = draft_of(slides(*SLIDES))
    assert draft.format == pptx.LABEL
    assert draft.posts == (
        "<!-- page 1 -->", "## The lock", "A tour.",
        "<!-- page 2 -->", "## Bring", "- A lamp\n- A rope\n  - a thin one",
        "<!-- page 3 -->", "## Fees", "| Who | Fee |\n| --- | --- |\n| Adult | 12 |",
    )  # fmt: skip
    assert dropped(draft) == {"a running head or foot": "12"}


def test_notes_and_hidden_slides_are_reported() -> None:
    """They are not shown to anybody."""
    notes = f"<p:notes {_SPACES}>{shape(paragraph('Speak up.'), kind='body')}{shape(paragraph('1'), kind='sldNum')}</p:notes>"
    hidden = f'<p:sld {_SPACES} show="0">{shape(paragraph("Old."))}</p:sld>'
    relation = _RELATIONS.format(
        f'<Relationship Id="n" Type="{_KIND}/notesSlide" Target="../notesSlides/n.xml"/>'
    )
    data = slides(
        shape(paragraph("New.")),
        hidden,
        **{"ppt/notesSlides/n.xml": notes, "ppt/slides/_rels/slide2.xml.rels": relation},
    )
    draft = draft_of(data)
    assert draft.posts == ("<!-- page 1 -->", "New.")
    assert dropped(draft) == {"the speaker's notes": "Speak up.", "a hidden slide": "Old."}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (slides(shape()), "has no text: its slides are pictures"),
        (slides(BILLION_LAUGHS), "declares entities"),
        (slides("<p:damaged"), "is damaged in its part"),
        (
            zipped({"[Content_Types].xml": "<x/>", "ppt/a.xml": "<x/>"}),
            "is not a PowerPoint presentation",
        ),
    ],
)
def test_a_broken_presentation_is_one_line(data: bytes, reason: str) -> None:
    """That says what to do."""
    with pytest.raises(VerbatimError, match=reason):
        draft_of(data)

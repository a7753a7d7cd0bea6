"""Rich text."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import VerbatimError
from bot.texts.formats import rtf
from tests.texts.formats.words import dropped, parse, texts, words_of

TEXT = rb"""{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fnil Arial;}{\f1\fcharset204 Arial CYR;}
{\f2\fcharset128 MS Mincho;}}
{\colortbl;\red0\green0\blue0;}{\*\generator Pen 1.0;}{\info{\title Moorings}{\author Ida Voss}{\creatim\yr2019\mo2\dy3}}
{\header Harbour office\par}
\pard\outlinelevel0\b Moorings\b0\par
\pard\plain The pier\'2c says \u8220?she\u8221?, is closed{\footnote\pard\plain {\super 1} Or so.\par}.
 caf\'e9 {\field{\*\fldinst HYPERLINK "http://x.example"}{\fldrslt link}}
 {\f1 \'cc\'e8\'f0} {\f2 \'8a\'bf\'8e\'9a} \u-10179?\u-8704?\par
{\listtext\'b7\tab}boats\par
{\listtext\'b7\tab}rafts\par
\pard\trowd\cellx100\cellx200\intbl Berth\cell Fee\cell\row\trowd\cellx100\cellx200\intbl North\cell 12\cell\row
\pard {\deleted Old words.}{\v Hidden words.}One\line two\par
{\field{\*\fldinst TOC \\o}{\fldrslt Moorings 1}}
{\pict\pngblip 89504e47}\bin4 }}}}last\par
}"""


def test_a_text_keeps_its_structure() -> None:
    """Headings, lists, tables, footnotes, and letters of every code page."""
    draft = parse(rtf, TEXT)
    assert draft.posts == (
        "# Moorings",
        "The pier, says “she”, is closed. café link Мир 漢字 😀",
        "- boats\n- rafts",
        "| Berth | Fee |\n| --- | --- |\n| North | 12 |",
        "One\ntwo",
        "last",
        "1. 1 Or so.",
    )
    assert (draft.title, draft.author, draft.date) == (
        "Moorings",
        "Ida Voss",
        datetime.date(2019, 2, 3),
    )
    assert dropped(draft) == {
        "a running head or foot": "Harbour office",
        "deleted in tracked changes": "Old words.",
        "hidden text": "Hidden words.",
        "the table of contents": "Moorings 1",
    }


def encoded(text: str) -> str:
    r"""Write what is not ASCII as `\u` with a substitute."""
    return "".join(
        c if ord(c) < 128 else "".join(
            f"\\u{int.from_bytes(c.encode('utf-16-le')[i : i + 2], 'little', signed=True)}?"
            for i in range(0, len(c.encode("utf-16-le")), 2)
        )
        for c in text.replace("\\", "\\\\").replace("{", "\\{").replace("}", "\\}")
    )  # fmt: skip


@given(texts)
def test_the_authors_words_come_out_in_order_and_nothing_else(paragraphs: list[str]) -> None:
    """Whatever signs they have in them."""
    body = "".join(f"{encoded(text)}\\par\n" for text in paragraphs)
    draft = parse(rtf, f"{{\\rtf1\\ansi {body}}}".encode("ascii"))
    assert words_of(draft.posts) == " ".join(paragraphs).split()


@given(st.text(alphabet="{}\\*'ab1 \nparucellrowfootnotelisttextheader;-", max_size=150))
def test_no_text_crashes_the_reader(text: str) -> None:
    """It is read, or refused in a line."""
    try:
        parse(rtf, b"{\\rtf1 " + text.encode() + b"}")
    except VerbatimError as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (TEXT[:500], "is cut short"),
        (b"{\\rtf1 {\\pict 00}}", "has no text"),
        (b"{\\rtf1 " + b"{" * 100_000, "nested too deeply"),
    ],
)
def test_bad_texts_are_refused_in_a_line(data: bytes, said: str) -> None:
    """With the way out."""
    with pytest.raises(VerbatimError, match=said):
        parse(rtf, data)


def test_rich_text_is_known_by_its_first_group() -> None:
    """Not by its name."""
    assert rtf.matches(TEXT, "x.doc")
    assert not rtf.matches(b"plain", "x.rtf")

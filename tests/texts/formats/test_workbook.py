"""Excel workbooks."""

from __future__ import annotations

import datetime
import io
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import VerbatimError
from bot.texts.formats import workbook
from tests.texts.formats.hostile import BILLION_LAUGHS, zipped
from tests.texts.formats.words import dropped, parse, sentences, words_of


def book(**sheets: list[list[Any]]) -> bytes:
    made = openpyxl.Workbook()
    del made["Sheet"]
    made.properties.title, made.properties.creator = "Moorings", "Ida Voss"
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
        if title.startswith("hidden"):
            sheet.sheet_state = "hidden"
    data = io.BytesIO()
    made.save(data)
    return data.getvalue()


def test_each_sheet_is_a_section() -> None:
    """With tables, or questions and their answers; hidden sheets are reported."""
    draft = parse(
        workbook,
        book(
            Fees=[
                ["Berth", "Fee", "Since"],
                ["North", 12.0, datetime.date(2020, 5, 1)],
                ["South", 12.5, True],
            ],
            FAQ=[["Question", "Answer"], ["Is it free?", "No.\n\nIt costs 5."]],
            hidden=[["x"]],
        ),
    )
    assert draft.posts == (
        "## Fees",
        "| Berth | Fee | Since |\n| --- | --- | --- |\n| North | 12 | 2020-05-01 |\n| South | 12.5 | TRUE |",
        "## FAQ",
        "### Is it free?",
        "No.",
        "It costs 5.",
    )
    assert (draft.title, draft.author) == ("Moorings", "Ida Voss")
    assert "a hidden sheet" in dropped(draft)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(sentences, min_size=2, max_size=2), min_size=2, max_size=6))
def test_the_authors_words_come_out_in_order_and_nothing_else(rows: list[list[str]]) -> None:
    """Whatever signs they have in them."""
    draft = parse(workbook, book(Fees=rows))
    assert words_of(draft.posts) == " ".join(cell for row in rows for cell in row).split()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (book(Fees=[["a"]])[:500], "is a zip file, as Word"),
        (book(Fees=[]), "no filled cells"),
        (zipped({"a.txt": "x"}), "is not an Excel workbook"),
        (zipped({"[Content_Types].xml": "<x", "xl/workbook.xml": BILLION_LAUGHS}), "is damaged"),
    ],
)
def test_bad_workbooks_are_refused_in_a_line(data: bytes, said: str) -> None:
    """With what they are."""
    with pytest.raises(VerbatimError, match=said):
        parse(workbook, data)


def test_workbooks_are_known_by_their_parts() -> None:
    """Not by their name."""
    assert workbook.matches(book(Fees=[["a"]]), "x")
    assert workbook.matches_zip(["xl/workbook.xml"])
    assert not workbook.matches(zipped({"a.txt": "x"}), "a.xlsx")

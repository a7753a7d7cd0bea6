"""CSV and TSV."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import VerbatimError
from bot.texts.formats import delimited
from tests.texts.formats.words import dropped, parse, sentences, words_of


@pytest.mark.parametrize(
    "data",
    [
        b"Berth,Fee\nNorth,9|12\nSouth,\n",
        b"\xef\xbb\xbfBerth;Fee\r\nNorth;9|12\r\nSouth;\r\n",
        b"sep=;\nBerth;Fee\nNorth;9|12\nSouth;\n",
        "Berth\tFee\nNorth\t9|12\nSouth\t\n".encode("utf-16"),
        b"Berth,,Fee\n\nNorth,,9|12\nSouth,,\n",
    ],
)
def test_a_row_is_a_row_under_the_columns_names(data: bytes) -> None:
    """Whatever the delimiter; empty rows and columns go."""
    draft = parse(delimited, data, "fees.csv")
    assert draft.posts == ("| Berth | Fee |\n| --- | --- |\n| North | 9\\|12 |\n| South | |",)
    assert draft.guessed == ("the first row names the columns: Berth, Fee",)


def test_decimal_commas_are_no_delimiters() -> None:
    """Nor bars within fields."""
    assert "| 1,5 | 2,5 |" in parse(delimited, b"Berth;Fee\n1,5;2,5\n3,5;4,5\n").posts[0]
    assert "| a\\|b | c |" in parse(delimited, b"Be|rth,Fee\na|b,c\nd|e,f\n").posts[0]


def test_a_sheet_of_questions_becomes_pairs() -> None:
    """The answer stands under its question, in paragraphs; other columns are reported."""
    data = b'Topic,Question,Answer,Id\nFees,Is it free?,"No.\n\nIt costs 5.",1\nFees,Why?,Upkeep.,2\nDogs,May dogs come?,,3\n'
    draft = parse(delimited, data)
    assert draft.posts == (
        "## Fees",
        "### Is it free?",
        "No.",
        "It costs 5.",
        "### Why?",
        "Upkeep.",
        "## Dogs",
    )
    assert dropped(draft) == {
        "the names of the columns": "Topic | Question | Answer | Id",
        "the column Id beside question and answer": "1",
        "a question without an answer": "May dogs come?",
    }


def test_questions_are_known_without_names_of_columns() -> None:
    """By their marks."""
    draft = parse(delimited, b"Gratis?,Nej.\nHvorfor ikke?,Det koster.\n")
    assert draft.posts == ("### Gratis?", "Nej.", "### Hvorfor ikke?", "Det koster.")


def test_data_in_the_first_row_is_no_header() -> None:
    """What is no name stays a row."""
    draft = parse(delimited, b"North,12\nSouth,13\n")
    assert draft.posts == ("| | |\n| --- | --- |\n| North | 12 |\n| South | 13 |",)


def test_long_tables_are_divided_under_the_same_header() -> None:
    """A block of a knowledge file has an end."""
    data = "Name,Words\n" + "".join(f"n{i},{'w' * 200}\n" for i in range(1_000))
    draft = parse(delimited, data.encode())
    assert len(draft.posts) > 1
    assert all(len(post) < 50_000 and post.startswith("| Name | Words |") for post in draft.posts)
    assert sum(post.count("\n") - 1 for post in draft.posts) == 1_000


@given(st.lists(st.lists(sentences, min_size=3, max_size=3), min_size=2, max_size=8))
def test_the_authors_words_come_out_in_order_and_nothing_else(rows: list[list[str]]) -> None:
    """Whatever signs they have in them."""
    data = io.StringIO()
    csv.writer(data).writerows(rows)
    draft = parse(delimited, data.getvalue().encode())
    assert words_of(draft.posts) == " ".join(cell for row in rows for cell in row).split()


@pytest.mark.parametrize(
    ("head", "name", "expected"),
    [
        (b"a,b\n1,2\n", "x.csv", True),
        (b"just words", "x.csv", False),
        (b"a,b,c\n1,2,3\n4,5,6\n7,8,9\n", "x", True),
        (b"a\tb\n1\t2\n4\t5\n7\t8\n", "x.txt", True),
        (b"Oh, no, not\nme, you, or\nthem, this, and\nthat, those, these\n", "x.txt", False),
        (b"a,b,c\n\n1,2,3\n\n4,5,6\n\n7,8,9", "x.txt", False),
        (b"| a | b |\n| --- | --- |\n| 1 | 2 |\n| 3 | 4 |", "x.md", False),
    ],
)
def test_tables_are_known_by_their_rows(head: bytes, name: str, expected: bool) -> None:
    """Commas of prose make no table."""
    assert delimited.matches(head, name) is expected


@pytest.mark.parametrize(
    ("data", "said"), [(b",,\n,,\n", "no filled cells"), (b'a,"' + b"x" * 200_000, "save it again")]
)
def test_bad_tables_are_refused_in_a_line(data: bytes, said: str) -> None:
    """With the way out."""
    with pytest.raises(VerbatimError, match=said):
        parse(delimited, data)


def test_rows_may_leave_out_their_last_columns() -> None:
    """And a comment may stand above the table."""
    rows = [
        "# from the harbour office",
        "pier,depth,lights,opened",
        "North,4,red",
        "South,3",
        "East,2,green,1920",
        "West,5,red",
    ]
    data = "\n".join(rows).encode()
    assert delimited.matches(data, "piers.csv")
    draft = delimited.parse(io.BytesIO(data), "piers.csv")
    assert draft.posts[0].split("\n")[:3] == [
        "| pier | depth | lights | opened |", "| --- | --- | --- | --- |", "| North | 4 | red | |",
    ]  # fmt: skip
    assert [line.text for line in draft.dropped] == ["# from the harbour office"]

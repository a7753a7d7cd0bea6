"""Formats that a library in C reads are parsed in a process of their own."""

from __future__ import annotations

import datetime
import io
import json
import os
from collections.abc import Iterator
from types import MappingProxyType, SimpleNamespace
from typing import Any

import pytest

from bot.errors import Problem, VerbatimError
from bot.texts.formats import isolation, registry
from bot.texts.formats.draft import Draft, DroppedLine
from bot.texts.formats.isolation import IsolatedReader
from bot.texts.importing import parse_file
from tests.texts.formats.seeds import SEEDS

BREAKING: Any = SimpleNamespace(NAME="breaking", LABEL="PDF", ISOLATED=True)


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Iterator[IsolatedReader]:
    monkeypatch.setenv("VERBATIM_TOKEN", "secret")
    found = IsolatedReader(module="tests.texts.formats.breaking_process")
    yield found
    found.close()


def read(reader: IsolatedReader, data: bytes) -> Draft:
    found = reader.parse(BREAKING, io.BytesIO(data), "a.pdf")
    assert isinstance(found, Draft)
    return found


def test_a_crash_costs_one_line_and_the_next_file_is_read(reader: IsolatedReader) -> None:
    """Also an error that no format expects; and what a library prints is no answer."""
    for broken in (b"crash", b"fault"):
        with pytest.raises(VerbatimError) as caught:
            read(reader, broken)
        assert str(caught.value) == (
            "a.pdf: is damaged, or too large, and cannot be read as PDF: copy its text into a .txt file, and import that"
        )
    assert read(reader, b"words").posts[0] == "words"


def test_memory_is_bounded(reader: IsolatedReader) -> None:
    """What needs more is refused; the process goes on."""
    with pytest.raises(VerbatimError, match=r"^a\.pdf: needs more memory"):
        read(reader, b"memory")
    assert read(reader, b"words").posts[0] == "words"


def test_a_file_that_hangs_is_given_up() -> None:
    """Its process is ended."""
    reader = IsolatedReader(1, "tests.texts.formats.breaking_process")
    with pytest.raises(VerbatimError, match="takes longer than 1 seconds to read as PDF"):
        read(reader, b"hang")


def test_the_process_does_not_get_the_token(reader: IsolatedReader) -> None:
    """A crafted file may take it over."""
    assert "VERBATIM_TOKEN" in os.environ
    assert read(reader, b"words").posts[1] == "None"


@pytest.mark.parametrize("name", ["pdf", "html", "docx", "xlsx", "odt"])
def test_a_file_is_read_there_as_here(name: str) -> None:
    """With all that its draft says."""
    here = registry.load(name).parse(io.BytesIO(SEEDS[name]), "file")
    assert parse_file(io.BytesIO(SEEDS[name]), "file", name) == here


def test_an_error_is_the_same_line() -> None:
    """As if it had been read here."""
    with pytest.raises(VerbatimError, match=r"^a\.pdf: is a PDF, but damaged or cut short"):
        parse_file(io.BytesIO(b"%PDF-1.7\n"), "a.pdf")


def test_every_field_of_a_draft_comes_across() -> None:
    """As JSON."""
    draft = Draft(
        "PDF", ("one", "two \ud800"), "A", (DroppedLine(1, "x", "y", 3),), ("note",), "T", "https://x.example",
        datetime.date(2024, 5, 3), "en", "MIT", MappingProxyType({"a": ("b", "c")}), ("guess",), (Problem("w", "r", 2),),
    )  # fmt: skip
    there = isolation.draft_from_json(json.loads(json.dumps(isolation.draft_to_json(draft))))
    assert there == draft

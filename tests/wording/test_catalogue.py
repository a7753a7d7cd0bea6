"""The bot's lines in other languages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from babel.messages.pofile import write_po

from bot.wording import ENGLISH, Wording, catalogue
from tests.samples import BRIDGE
from tools.catalogue import template

WORDS: dict[str | tuple[str, str], str | tuple[str, str]] = {
    Wording.NOT_COVERED: "Not in there, in other words.",
    Wording.ASKED: "Wondered:",
    ("{count} post", "{count} posts"): ("{count} part", "{count} parts"),
    "“{title}” has posts 1 to {last}, not {number}.": "{number}? {title} ends at {last}.",
}


def test_no_line_hides_another_of_its_name() -> None:
    """Each class of lines has names of its own: of two alike, only one would ever be said."""
    names = Counter(name for each in Wording.__bases__ for name in vars(each) if name[:2] != "__")
    assert [name for name, count in names.items() if count > 1] == []


@pytest.fixture
def other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wording]:
    """Return the lines of a language whose catalogue has a few words only."""
    catalog = template()
    catalog.locale = "es"
    for english, words in WORDS.items():
        message = catalog.get(english if isinstance(english, str) else english[0])
        assert message is not None
        message.string = words
    with (tmp_path / "es.po").open("wb") as file:
        write_po(file, catalog)
    monkeypatch.setattr(catalogue, "_FOLDER", tmp_path)
    catalogue.languages.cache_clear()
    catalogue._load_wording.cache_clear()
    yield catalogue.wording_in("es")
    catalogue.languages.cache_clear()
    catalogue._load_wording.cache_clear()


def test_a_language_is_a_file_away(other: Wording) -> None:
    """Nothing has to be compiled or registered."""
    assert catalogue.languages() == ("en", "es")
    assert WORDS[Wording.NOT_COVERED] == other.NOT_COVERED
    assert Wording.NOT_COVERED == ENGLISH.NOT_COVERED == "I found no answer to that in my texts."


def test_what_is_not_translated_is_said_in_english(other: Wording) -> None:
    """Better than nothing."""
    assert other.GONE == ENGLISH.GONE


def test_names_and_numbers_are_put_where_the_language_wants_them(other: Wording) -> None:
    """And numbers are written as it writes them."""
    assert other.no_such_post(9, BRIDGE) == f"9? {BRIDGE.title} ends at 3."
    assert other.counted_posts(1) == "1 part"
    assert other.counted_posts(12_000) == "12.000 parts"


@pytest.mark.parametrize(
    ("tag", "language"),
    [("es-419", "es"), ("es", "es"), ("en-GB", "en"), ("fr", "en"), ("x", "en"), (None, "en")],
)
def test_the_nearest_language_is_spoken(other: Wording, tag: str | None, language: str) -> None:
    """Without the country if need be; English where there is none."""
    assert catalogue.wording_in(tag).locale == language


def test_other_peoples_words_cannot_turn_a_line_around() -> None:
    """Those read from right to left are set apart; others stay as they are."""
    arabic = "الحوار الاستراتيجي"
    assert ENGLISH.isolated(arabic) == f"\u2068{arabic}\u2069"
    assert ENGLISH.isolated("The bridge") == "The bridge"
    assert Wording("ar").isolated("The bridge") == "\u2068The bridge\u2069"


def test_a_day_in_a_line_from_right_to_left_keeps_its_order() -> None:
    day = date(2026, 5, 1)
    assert ENGLISH.day(day) == "2026-05-01"
    assert Wording("ar").day(day) == "\u20682026-05-01\u2069"


def test_characters_that_turn_others_around_are_set_apart_too() -> None:
    """An override, and the end of an isolate, which is left out: it would let the rest free."""
    assert ENGLISH.isolated("a\u202eb") == "\u2068a\u202eb\u2069"
    assert ENGLISH.isolated("a\u2069\u202eb") == "\u2068a\u202eb\u2069"


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("ar", "Arabic"),
        ("pt-BR", "Portuguese"),
        ("grc", "Ancient Greek"),
        ("?", "?"),
        ("xx", "xx"),
        ("", ""),
    ],
)
def test_languages_have_names(tag: str, name: str) -> None:
    """In the language that is spoken; an unknown tag stands for itself."""
    assert ENGLISH.language(tag) == name


@pytest.mark.parametrize("language", catalogue.languages())
def test_several_things_are_listed_in_every_language(language: str) -> None:
    """Each once."""
    wording = catalogue.wording_in(language)
    for count in range(1, 5):
        listed = wording.listed([f"thing{number}" for number in range(count)])
        assert [listed.count(f"thing{number}") for number in range(count)] == [1] * count

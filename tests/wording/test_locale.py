"""The catalogues that the bot comes with: complete, and true to the program."""

from __future__ import annotations

import re
from gettext import c2py
from itertools import chain
from pathlib import Path
from string import Formatter

import discord
import pytest
from babel.core import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from bot.discord.app.translator import COMMAND_NAME, OPTION_NAME
from bot.wording.catalogue import wording_in
from tools.catalogue import FOLDER, command_words, is_language, template

LANGUAGES = sorted(path.stem for path in FOLDER.glob("*.po"))
NAME = re.compile(r"[-_'\w]{1,32}")
MENTION = re.compile(r"(?<![\w/])/([\w-]+(?: [\w-]+)?)")
WORDS = {(text, context) for text, context in command_words()}


def catalog(language: str) -> Catalog:
    with Path(FOLDER / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def lines(language: str) -> list[Message]:
    return [message for message in catalog(language) if message.id]


def said(message: Message) -> list[str]:
    words = message.string
    return [words] if isinstance(words, str) else list(words)


def english(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


def on_a_client(language: str) -> bool:
    """Return whether Discord can be set to `language`, and so shows commands in it."""
    return any(locale.value.split("-")[0] == language for locale in discord.Locale)


@pytest.mark.parametrize(
    ("tag", "known"),
    [
        ("fr", True),
        ("pt-BR", True),
        ("pt_BR", False),
        ("xx", False),
        ("FR", False),
        ("../x", False),
    ],
)
def test_a_new_catalogue_is_of_a_language(tag: str, known: bool) -> None:
    """Written as Discord writes it: nobody's client would ask for another file."""
    assert is_language(tag) == known


def test_spanish_and_arabic_are_there() -> None:
    """Beside English, which is in the program."""
    assert {"ar", "es"} <= set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_every_line_of_the_program_and_no_other(language: str) -> None:
    """`make catalogue` sees to it."""
    there = {(str(message.id), message.context) for message in lines(language)}
    assert there == {(str(m.id), m.context) for m in template() if m.id}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_is_translated(language: str) -> None:
    """Those of commands only where a client of Discord can show them."""
    missing = [
        message.id
        for message in lines(language)
        if not all(said(message)) or message.fuzzy
        if on_a_client(language) or (message.id, message.context) not in WORDS
    ]
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_takes_the_same_values(language: str) -> None:
    """One that asked for another would fail when it is said; a number may be in words."""
    for message in lines(language):
        wanted = {name for text in english(message) for _, name, _, _ in Formatter().parse(text)}
        for words in said(message):
            names = {name for _, name, _, _ in Formatter().parse(words)}
            spare = {None, "count"} if len(english(message)) > 1 else {None}
            assert names - {None} <= wanted, words
            assert not words or wanted - names <= spare | ({"title"} & wanted), words


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_of_commands_are_such_as_discord_takes(language: str) -> None:
    """One word in lower case, not too long; and a description of a hundred characters."""
    for message in lines(language):
        words = said(message)[0]
        if not words or (message.id, message.context) not in WORDS:
            continue
        one_word = message.context == OPTION_NAME or str(message.id).islower()
        if message.context in {COMMAND_NAME, OPTION_NAME} and one_word:
            assert NAME.fullmatch(words), words
            assert words == words.lower()
        else:
            assert len(words) <= (32 if message.context else 100), words


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_a_command_that_is_spoken_of_is_called_as_it_is_called_there(language: str) -> None:
    """In English where Discord has no client in the language."""
    wording = wording_in(language)
    names = {
        wording.translated(text, context) if on_a_client(language) else text
        for text, context in WORDS
        if context == COMMAND_NAME
    }
    source = template() if language == "en" else catalog(language)
    spoken = (english(m) if language == "en" else said(m) for m in source if m.id)
    for words in chain.from_iterable(spoken):
        for mention in MENTION.findall(words):
            assert set(mention.split()[:1]) <= names, words


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_recognised_in_old_messages_says_so_at_its_beginning(language: str) -> None:
    """A line that was asked, shared or in another language is found by how it begins."""
    wording = wording_in(language)
    for line in (wording.ASKED, wording.SHARED_BY, wording.QUOTED_IN):
        assert line.strip() == line
        assert line


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_takes_the_translation_of_its_kind(language: str) -> None:
    """In the order in which Unicode names the kinds, and gettext's translations follow."""
    kinds = ("zero", "one", "two", "few", "many", "other")
    order = [kind for kind in kinds if kind in Locale.parse(language).plural_form.tags | {"other"}]
    count = catalog(language).num_plurals
    if count != len(order):  # Spanish has "many" for whole millions alone, and no words for it
        order.remove("many")
    plural = c2py(catalog(language).plural_expr)
    for number in range(1_000):
        assert order[plural(number)] == Locale.parse(language).plural_form(number), number


def test_arabic_counts_as_it_is_spoken() -> None:
    """From eleven to ninety-nine of a hundred the noun is in the accusative."""
    wording = wording_in("ar")
    assert [wording.counted_texts(n) for n in (2, 3, 11, 100, 130)] == [
        "نصان",
        "3 نصوص",
        "11 نصًا",
        "100 نص",
        "130 نصًا",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_setting_is_not_said_as_a_narrow_column_is(language: str) -> None:
    """What is one word in English, and one line of the catalogue, may need two elsewhere."""
    wording = wording_in(language)
    assert wording.NOTHING_SET != wording.NOT_COVERED_COLUMN

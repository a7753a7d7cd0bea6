"""The passages that /quote suggests while somebody types, and the one that they choose."""

from __future__ import annotations

import re

import numpy as np
from discord import app_commands
from numpy.typing import NDArray

from bot.discord.kit import markdown
from bot.discord.kit.custom_ids import digits, number_of
from bot.discord.kit.quotes.encoding import KEY_LENGTH
from bot.library.snapshots import Snapshot
from bot.models import Passage, Quote
from bot.search.autocomplete import lookup
from bot.search.highlighting.match_location import LONG
from bot.search.literal import place_in
from bot.wording import ENGLISH, Wording

MAX_NAME = 100
"""Characters of a choice's name that Discord allows."""

_MAX_AUTHOR, _MAX_SECTION, _MAX_PLACE = 32, 24, 36  # a quarter of a choice is left for the words
_SEARCHED = 1_000  # characters of a passage searched for the word at first
_FAR = 8_000  # characters searched at most: 25 long passages must not be slow
_TRIES = 100  # occurrences inside other words that are skipped
_AROUND = 120  # characters shown on either side of the word
_TYPED_KEPT = 80  # characters of what was typed that are looked at, and that a choice's value keeps
_LEAD = 12  # characters shown before the word
_LAST_WORD = re.compile(r"[^\W_]{3,}(?=\W*\Z)")
_CHOSEN = "passage:"  # prefix of a choice's value; nobody types it


def find_passage(
    snapshot: Snapshot, text: str, offered: NDArray[np.bool_] | None = None
) -> Quote | None:
    """Find the passage that a choice in the list stands for, or else the best match of `text`.

    `offered` is a mask of shape (passages,) of those that may be found; None: all. In a passage so
    long that it may be shown only in part, what was typed is in bold.
    """
    chosen = read_choice(text)
    if chosen is not None:
        key, typed = chosen
        number = snapshot.passages.number_of(key)
    else:
        found, typed = lookup(snapshot.searcher, text, 1, offered), text
        number = found[0] if found else None
    if number is None or (offered is not None and not offered[number]):
        return None
    passage = snapshot.passages[number]
    long = len(passage.text) > LONG
    bold = place_in(snapshot.searcher, passage, typed) if long else None
    twins = snapshot.searcher.twins.of(number)
    also = (
        one for one in twins if offered is None or offered[snapshot.passages.number_of(one.key)]
    )
    return Quote(passage, bold, tuple(also))


def choice(
    passage: Passage, typed: str = "", wording: Wording = ENGLISH
) -> app_commands.Choice[str]:
    """Make the choice of a passage: as many of its words as fit, its author and place.

    It shows the beginning of the passage, or else the part with the last word that was `typed`.
    """
    author = _cut(" ".join(passage.source.author.split()), _MAX_AUTHOR)
    place = _cut(wording.place(passage, lambda section: _cut(section, _MAX_SECTION)), _MAX_PLACE)
    foot = f" – {author}, {place}"
    room = MAX_NAME - markdown.length(foot)
    text = " ".join(passage.text[:_SEARCHED].split())
    begins = _cut(text, room)
    word = _LAST_WORD.search(typed[-_TYPED_KEPT:])
    if word is not None:
        there = _place_of(word[0], text)
        if there < 0 and (far := _place_of(word[0], passage.text[:_FAR], _SEARCHED)) >= 0:
            text = " ".join(passage.text[far - _AROUND : far + len(word[0]) + _AROUND].split())
            there = _place_of(word[0], text, min(_LEAD, len(text)))
            begins = ""
        if there >= 0 and there + len(word[0]) >= len(begins) < len(text):
            start = text.rfind(" ", 0, max(0, there - _LEAD)) + 1
            begins = f"…{_cut(text[start:], room - 1)}"
    return app_commands.Choice(
        name=f"{begins or _cut(text, room)}{foot}", value=_value(passage, typed)
    )


def _place_of(word: str, text: str, start: int = 0) -> int:
    """Find where a word of `text` starts with `word`, ignoring case; -1 if none does.

    Several times faster than a case-insensitive regular expression.
    """
    lowered, wanted = text.lower(), word.lower()
    if len(lowered) != len(text):  # of a few letters the small one takes two characters
        lowered, wanted = text, word
    at = start - 1
    for _ in range(_TRIES):
        at = lowered.find(wanted, at + 1)
        if at <= 0 or not (lowered[at - 1].isalnum() or lowered[at - 1] == "_"):
            return at
    return -1


def _value(passage: Passage, typed: str) -> str:
    """The value of a choice: the passage's key, and what was typed if it may be shown only in part."""
    value = _CHOSEN + digits(passage.key, KEY_LENGTH)
    said = typed[-_TYPED_KEPT:].strip()
    while markdown.length(said) > _TYPED_KEPT:
        said = said[1:]
    return f"{value}:{said}" if said and len(passage.text) > LONG else value


def read_choice(text: str) -> tuple[int, str] | None:
    """Read the value of a choice: the passage's key, and what was typed. None if `text` is not such a value."""
    named = text.removeprefix(_CHOSEN)
    key, _, typed = named.partition(":")
    if len(key) != KEY_LENGTH or named == text:
        return None
    try:
        return number_of(key), typed
    except ValueError:
        return None


def _cut(text: str, length: int) -> str:
    """Cut `text` to `length`, at least a character, between words unless a single word is longer."""
    if markdown.length(text) <= length:
        return text
    kept = text[: max(0, length - 1)]
    while kept and markdown.length(kept) > length - 1:
        kept = kept[:-1]
    whole = kept.rpartition(" ")[0] if text[len(kept)] != " " else kept
    return f"{whole or kept}…"

"""/quote: passages as they are typed, and the one that is chosen."""

from __future__ import annotations

import re
from typing import Any

import discord
import numpy as np
import structlog
from discord import app_commands
from numpy.typing import NDArray

from bot.discord.kit import markdown
from bot.discord.kit.channels import is_quiet, server_of
from bot.discord.kit.language import own_texts, texts_for
from bot.discord.kit.quotes.encoding import KEY_LENGTH, digits, number_of
from bot.discord.kit.sending import in_time, must_wait, quote_reply, say, send
from bot.discord.kit.service import service_of
from bot.library.snapshots import Snapshot
from bot.models import Hit, Passage
from bot.search.autocomplete import MOST, lookup
from bot.search.highlighting.locating import LONG
from bot.search.literal import place_in
from bot.wording import ENGLISH, Texts

Interaction = discord.Interaction[Any]

MAX_NAME = 100
_MAX_AUTHOR = 32
_SEARCHED = 1_000  # characters of a passage that are looked at for its beginning
_FAR = 8_000  # and for the word that was typed: 25 such passages must not be slow
_TRIES = 100  # places within longer words that are passed over
_AROUND = 120  # characters of the passage on either side of that word
_TYPED_KEPT = 80  # characters of what was typed that a choice remembers
_LEAD = 12  # characters before the word that was typed
_LAST_WORD = re.compile(r"[^\W_]{3,}(?=\W*\Z)")
_CHOSEN = "passage:"  # what a value begins with; nobody types it

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.quoting")


@app_commands.command(description="Quote a passage: type a few of its words, and choose it.")
@app_commands.describe(text="Words of the passage; those that match are listed as you type")
async def quote(interaction: Interaction, text: app_commands.Range[str, 1, 500]) -> None:
    """Post the passage that was chosen, or the one that matches best what was typed."""
    if await must_wait(interaction):
        return
    service, quiet = service_of(interaction), is_quiet(interaction)

    snapshot, offered = service.offered_in(server_of(interaction))
    work = service.work(lambda: find_passage(snapshot, text, offered))
    hit = await in_time(interaction, work, private=quiet)
    if hit is None:
        texts = own_texts(interaction)
        await say(interaction, texts.GONE if _chosen(text) is not None else texts.NOT_FOUND)
        return
    texts = texts_for(interaction, private=quiet)
    reply = quote_reply(hit, texts, interaction.user.id, quiet=quiet)
    await send(interaction, reply, private=quiet)


@quote.autocomplete("text")
async def suggest_passage(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Return the passages that match what has been typed so far; none when anything fails.

    It is called at every keystroke, and bounded: a thread would cost more than it spares. It looks
    in the whole for what is offered, so that no keystroke waits for an index.
    """
    try:
        snapshot, offered = service_of(interaction).offered_in(server_of(interaction))
        found = lookup(snapshot.searcher, typed, MOST, offered)
        texts = own_texts(interaction)
        return [choice(snapshot.passages[number], typed, texts) for number in found]
    except Exception:
        _log.exception("passages could not be suggested")
        return []


def find_passage(
    snapshot: Snapshot, text: str, offered: NDArray[np.bool_] | None = None
) -> Hit | None:
    """Return the passage that `text` names, as a choice does, or that matches it best.

    `offered`: (P,) which passages may be found; None: all. In one that may be shown only in part,
    what was typed is bold.
    """
    chosen = _chosen(text)
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
    return Hit(passage, 0.0, 1.0, place_in(snapshot.searcher, passage, typed) if long else None)


def choice(passage: Passage, typed: str = "", texts: Texts = ENGLISH) -> app_commands.Choice[str]:
    """Return the choice of a passage: as much as fits, cut between words, its author and place.

    It shows how the passage begins, or, where that does not hold the last word that was `typed`,
    the part that does.
    """
    author = _cut(" ".join(passage.source.author.split()), _MAX_AUTHOR)
    foot = f" – {author}, {texts.place(passage)}"
    room = MAX_NAME - markdown.length(foot)
    text = " ".join(passage.text[:_SEARCHED].split())
    begins = _cut(text, room)
    word = _LAST_WORD.search(typed)
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
    """Return where a word of `text` begins with `word`, in any case; -1: nowhere.

    Several times faster than a regular expression that does not mind the case.
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
    """Return what names `passage`, with what was typed if it may be shown only in part."""
    value = _CHOSEN + digits(passage.key, KEY_LENGTH)
    said = typed[-_TYPED_KEPT:].strip()
    while markdown.length(said) > _TYPED_KEPT:
        said = said[1:]
    return f"{value}:{said}" if said and len(passage.text) > LONG else value


def _chosen(text: str) -> tuple[int, str] | None:
    """Return the key of the passage that `text` names, and what was typed to find it."""
    named = text.removeprefix(_CHOSEN)
    key, _, typed = named.partition(":")
    if len(key) != KEY_LENGTH or named == text:
        return None
    try:
        return number_of(key), typed
    except ValueError:
        return None


def _cut(text: str, length: int) -> str:
    """Return `text` within `length`, cut between words unless a single one is longer."""
    if markdown.length(text) <= length:
        return text
    kept = text[: length - 1]
    while markdown.length(kept) > length - 1:
        kept = kept[:-1]
    whole = kept.rpartition(" ")[0] if text[len(kept)] != " " else kept
    return f"{whole or kept}…"

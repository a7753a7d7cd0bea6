"""/quote: passages as they are typed, and the one that is chosen."""

from __future__ import annotations

import re
from typing import Any

import discord
import numpy as np
import structlog
from discord import app_commands
from numpy.typing import NDArray

from bot.frontends.discord import markdown
from bot.frontends.discord.channels import is_quiet, server_of
from bot.frontends.discord.packing import KEY_LENGTH, digits, number_of
from bot.frontends.discord.replies import in_time, must_wait, quote_reply, say, send
from bot.frontends.discord.service import service_of
from bot.frontends.discord.speech import own_texts, texts_for
from bot.frontends.texts import ENGLISH, Texts
from bot.models import Passage
from bot.retrieval.lookup import MOST, lookup
from bot.snapshots import Snapshot

Interaction = discord.Interaction[Any]

MAX_NAME = 100
_MAX_AUTHOR = 32
_SEARCHED = 1_000  # characters of a passage that are looked at
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
    passage = await in_time(interaction, work, private=quiet)
    if passage is None:
        texts = own_texts(interaction)
        await say(interaction, texts.GONE if _key(text) is not None else texts.NOT_FOUND)
        return
    texts = texts_for(interaction, private=quiet)
    reply = quote_reply(passage, texts, interaction.user.id, quiet=quiet)
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
) -> Passage | None:
    """Return the passage that `text` names, as a choice does, or that matches it best.

    `offered`: (P,) which passages may be found; None: all.
    """
    key = _key(text)
    if key is not None:
        number = snapshot.passages.number_of(key)
        if number is None or (offered is not None and not offered[number]):
            return None
        return snapshot.passages[number]
    found = lookup(snapshot.searcher, text, 1, offered)
    return snapshot.passages[found[0]] if found else None


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
    there = re.search(rf"\b{re.escape(word[0])}", text, re.IGNORECASE) if word else None
    if there is not None and there.end() >= len(begins) < len(text):
        start = text.rfind(" ", 0, max(0, there.start() - _LEAD)) + 1
        begins = f"…{_cut(text[start:], room - 1)}"
    return app_commands.Choice(
        name=f"{begins}{foot}", value=_CHOSEN + digits(passage.key, KEY_LENGTH)
    )


def _key(text: str) -> int | None:
    digits_ = text.removeprefix(_CHOSEN)
    if len(digits_) != KEY_LENGTH or digits_ == text:
        return None
    try:
        return number_of(digits_)
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

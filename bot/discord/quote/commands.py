"""/quote and “Find the source”: passages by their own words."""

from __future__ import annotations

import re

import discord
import numpy as np
import structlog
from discord import app_commands
from numpy.typing import NDArray

from bot.answering.place_names import may_name_place
from bot.discord.kit import markdown
from bot.discord.kit.buttons import Interaction, make_view
from bot.discord.kit.channels import answers_privately, is_quiet, server_of
from bot.discord.kit.language import member_wording, wording_for
from bot.discord.kit.permissions import Audience, for_audience
from bot.discord.kit.quotes.encoding import KEY_LENGTH, FirstLine, Heading, digits, number_of
from bot.discord.kit.quotes.links import nearest_button
from bot.discord.kit.quotes.message import quotes_message
from bot.discord.kit.rate_limits import is_rate_limited
from bot.discord.kit.sending import (
    OutgoingMessage,
    send,
    send_line,
    wait_or_defer,
)
from bot.discord.kit.service import service_of
from bot.discord.quote.places import find_place, no_place_line, place_choices, place_message
from bot.library.snapshots import Snapshot
from bot.models import Answer, Extract, Outcome, Passage, Quote
from bot.search.autocomplete import MOST, lookup
from bot.search.highlighting.match_location import LONG
from bot.search.literal import place_in
from bot.wording import ENGLISH, Wording

MAX_NAME = 100
_MAX_AUTHOR = 32
_SEARCHED = 1_000  # characters of a passage searched for the word at first
_FAR = 8_000  # and at most: 25 long passages must not be slow
_TRIES = 100  # occurrences inside other words that are skipped
_AROUND = 120  # characters shown on either side of the word
_TYPED_KEPT = 80  # characters of what was typed that a choice's value keeps
_LEAD = 12  # characters shown before the word
_LAST_WORD = re.compile(r"[^\W_]{3,}(?=\W*\Z)")
_CHOSEN = "passage:"  # prefix of a choice's value; nobody types it

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.quoting")


@app_commands.command(
    description="Quote a passage: type a few of its words, or its place, and choose it.",
    extras=for_audience(Audience.ANYONE),
)
@app_commands.describe(
    text="Words of the passage, or a place: post 4, posts 3-5, section Fees, p. 12"
)
async def quote(interaction: Interaction, text: app_commands.Range[str, 1, 500]) -> None:
    """Post the passage that was chosen, or the one that best matches what was typed."""
    if await is_rate_limited(interaction):
        return
    service, private = service_of(interaction), answers_privately(interaction)
    snapshot, offered = service.offered_in(server_of(interaction))
    listing = await service.listing_in(server_of(interaction))

    def find() -> Extract | Quote | Answer | None:
        place = find_place(snapshot, listing, text)
        if place is not None:
            return place.extract or place
        return find_passage(snapshot, text, offered)

    found = await wait_or_defer(interaction, service.run_quick(find), private=private)
    if isinstance(found, Answer):
        await send_line(interaction, no_place_line(found, member_wording(interaction)))
        return
    if found is None:
        wording = member_wording(interaction)
        line = wording.GONE if _chosen(text) is not None else wording.NOT_FOUND
        await send_line(interaction, line)
        return
    wording = wording_for(interaction, private=private)
    owner = interaction.user.id
    if isinstance(found, Quote):
        quiet = is_quiet(interaction)
        message = quotes_message(
            Heading.QUOTED, [found], 1, wording, owner, private=private, quiet=quiet
        )
    else:
        message = place_message(found, snapshot, wording, owner, private=private)
    await send(interaction, message, private=private)


@app_commands.context_menu(
    name="Find the source",
    extras=for_audience(
        Audience.ANYONE,
        description="Show the passages that the message repeats, to you alone.",
    ),
)
async def find_the_source(interaction: Interaction, message: discord.Message) -> None:
    """Show the passages that a message repeats, in private."""
    if await is_rate_limited(interaction):
        return
    service = service_of(interaction)

    async def find() -> Answer:
        snapshot = await service.snapshot_in(server_of(interaction))
        return await service.find_source(message.content, snapshot)

    found = await wait_or_defer(interaction, find(), private=True)
    reply = source_message(
        found,
        service.policy_for(interaction.user.id).quotes,
        member_wording(interaction),
        interaction.user.id,
        quiet=is_quiet(interaction),
    )
    await send(interaction, reply, private=True)


def source_message(
    found: Answer, most: int, wording: Wording, owner: int, *, quiet: bool = False
) -> OutgoingMessage:
    """Make the private message that shows which passages another message repeats."""
    if found.talk is not None:
        return OutgoingMessage(wording.NOTHING_TO_FIND)
    if not found.shown:
        nearest = [nearest_button(found.hits, wording, FirstLine.NONE)] if found.hits else []
        return OutgoingMessage(wording.NOT_REPEATED, make_view(*nearest) if nearest else None)
    repeated = found.outcome is Outcome.ANSWERED
    return quotes_message(
        Heading.REPEATED if repeated else Heading.PARTLY_REPEATED,
        [hit.quote for hit in found.hits],
        most,
        wording,
        owner,
        shown=found.shown,
        language=found.language,
        private=True,
        quiet=quiet,
    )


@quote.autocomplete("text")
async def suggest_passage(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """List the passages that match what has been typed; none if anything fails.

    Called at every keystroke. It runs on the event loop, as its time is bounded below what a thread
    would cost, and in the index of all texts, so that no keystroke waits for another index.
    """
    try:
        service, server = service_of(interaction), server_of(interaction)
        snapshot, offered = service.offered_in(server)
        found = lookup(snapshot.searcher, typed, MOST, offered)
        wording = member_wording(interaction)
        passages = [choice(snapshot.passages[number], typed, wording) for number in found]
        if not may_name_place(typed):
            return passages
        listing = await service.listing_in(server)
        places = await service.run_quick(lambda: place_choices(snapshot, listing, typed, wording))
        return [*places, *passages][:MOST]
    except Exception:
        _log.exception("passages could not be suggested")
        return []


def find_passage(
    snapshot: Snapshot, text: str, offered: NDArray[np.bool_] | None = None
) -> Quote | None:
    """Find the passage that a choice in the list stands for, or else the best match of `text`.

    `offered` is a mask of shape (passages,) of those that may be found; None: all. In a passage so
    long that it may be shown only in part, what was typed is in bold.
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
    foot = f" – {author}, {wording.place(passage)}"
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


def _chosen(text: str) -> tuple[int, str] | None:
    """Read such a value: the key, and what was typed. None if `text` is no choice."""
    named = text.removeprefix(_CHOSEN)
    key, _, typed = named.partition(":")
    if len(key) != KEY_LENGTH or named == text:
        return None
    try:
        return number_of(key), typed
    except ValueError:
        return None


def _cut(text: str, length: int) -> str:
    """Cut `text` to `length`, between words unless a single word is longer."""
    if markdown.length(text) <= length:
        return text
    kept = text[: length - 1]
    while markdown.length(kept) > length - 1:
        kept = kept[:-1]
    whole = kept.rpartition(" ")[0] if text[len(kept)] != " " else kept
    return f"{whole or kept}…"

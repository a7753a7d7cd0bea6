"""/quote and “Find the source”: passages by their own words."""

from __future__ import annotations

import discord
import structlog
from discord import app_commands

from bot.answering.place_names import may_name_place
from bot.discord.kit.buttons import make_view
from bot.discord.kit.channels import answers_privately, is_quiet, server_of
from bot.discord.kit.interactions import Interaction
from bot.discord.kit.language import member_wording, wording_for
from bot.discord.kit.permissions import Audience, for_audience
from bot.discord.kit.quotes.encoding import FirstLine, Heading
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
from bot.discord.quote.suggestions import choice, find_passage, read_choice
from bot.models import Answer, Extract, Outcome, Quote
from bot.search.autocomplete import MOST, lookup
from bot.wording import Wording

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
        line = wording.GONE if read_choice(text) is not None else wording.NOT_FOUND
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

"""/ask and /help."""

from __future__ import annotations

from typing import Any

from discord import app_commands

from bot.answering.asking import Request
from bot.discord.ask.answers import answer_interaction
from bot.discord.ask.starter_cache import StarterCache, starter_buttons
from bot.discord.ask.threads import open_thread
from bot.discord.kit import markdown
from bot.discord.kit.buttons import make_view
from bot.discord.kit.channels import is_quiet, server_of, settings_at
from bot.discord.kit.conversations import conversation_key
from bot.discord.kit.interactions import Interaction
from bot.discord.kit.language import member_wording
from bot.discord.kit.permissions import Audience, for_audience
from bot.discord.kit.rate_limits import is_rate_limited
from bot.discord.kit.sending import (
    OutgoingMessage,
    is_direct_message,
    send,
    send_line,
    wait_or_defer,
)
from bot.discord.kit.service import service_of
from bot.discord.kit.source_choices import suggest_offered


def ask_command(longest: int) -> app_commands.Command[Any, ..., Any]:
    """Make /ask for questions of up to `longest` characters."""

    async def ask(
        interaction: Interaction,
        question: str,
        source: app_commands.Range[str, 1, 100] | None = None,
        private: bool | None = None,
    ) -> None:
        await _ask(interaction, question, source, private)

    ranged: Any = app_commands.Range
    ask.__annotations__["question"] = ranged[str, 1, longest]
    app_commands.describe(
        question="What you want to know, in your own words",
        source="Look in this text only",
        private="Show the answer to you alone",
    )(ask)
    make = app_commands.command(
        description="Ask a question; the answer is quoted from the texts.",
        extras=for_audience(Audience.ANYONE),
    )
    command: app_commands.Command[Any, ..., Any] = make(ask)
    command.autocomplete("source")(suggest_offered)
    return command


async def _ask(
    interaction: Interaction, question: str, source: str | None, private: bool | None
) -> None:
    service, here = service_of(interaction), settings_at(interaction)
    own = service.preferences.of(interaction.user.id).private
    usual = service.settings.private if here.private is None else here.private
    default = usual if own is None else own
    private = is_quiet(interaction) or (default if private is None else private)
    offered = await service.listing_in(server_of(interaction))
    within = None if source is None else offered.find(source)
    if source is not None and within is None:
        wording = member_wording(interaction)
        await send_line(interaction, wording.unknown_source(markdown.escape(source)))
        return
    if await is_rate_limited(interaction):
        return
    before = service.previous_turn(*_conversations(interaction, private=private))
    request = Request(question, before, within.id if within else None)
    result, sent = await answer_interaction(interaction, request, private=private)
    if here.own_thread and not private and sent is not None and result.answer.shown:
        thread = await open_thread(interaction, sent, question)
        service.remember(result, thread and conversation_key(thread, interaction.user))


def _conversations(interaction: Interaction, *, private: bool) -> list[tuple[int, ...]]:
    """Where the turn before may be: asked in private, the member's own comes before the thread's."""
    channel, user = interaction.channel, interaction.user
    own = conversation_key(channel, user, private=private and not is_direct_message(interaction))
    return [own, conversation_key(channel, user)]


@app_commands.command(
    name="help",
    description="What this bot does, and how to ask it.",
    extras=for_audience(Audience.ANYONE),
)
async def help_command(interaction: Interaction) -> None:
    """Explain the bot, in private, with questions to begin with."""
    service = service_of(interaction)

    async def work() -> OutgoingMessage:
        snapshot = await service.snapshot_in(server_of(interaction))
        buttons = starter_buttons(await service.state(StarterCache).of(service, snapshot))
        line = member_wording(interaction).HELP
        return OutgoingMessage(line, make_view(*buttons) if buttons else None)

    await send(interaction, await wait_or_defer(interaction, work(), private=True), private=True)

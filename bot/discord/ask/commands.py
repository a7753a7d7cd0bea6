"""The slash commands and the message command."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from bot.answering.answerer import Policy
from bot.discord.ask.threads import open_thread
from bot.discord.kit import markdown
from bot.discord.kit.buttons import in_direct_message
from bot.discord.kit.channels import is_quiet, server_of, settings_at
from bot.discord.kit.language import own_texts, texts_for
from bot.discord.kit.quotes import layout as messages
from bot.discord.kit.quotes.layout import Place
from bot.discord.kit.sending import (
    Reply,
    answer_reply,
    answered,
    conversation_key,
    in_time,
    must_wait,
    repeated_reply,
    say,
    send,
)
from bot.discord.kit.service import service_of
from bot.discord.kit.source_choices import suggest_offered, suggest_source
from bot.discord.knowledge.commands import (
    add_to_the_knowledge,
    knowledge,
    remove_text,
    show_text,
)
from bot.discord.knowledge.reload import reload_for
from bot.discord.privacy.command import privacy
from bot.discord.quote.commands import quote
from bot.discord.read.buttons import read_view
from bot.discord.read.source_list import sources
from bot.discord.reports.gaps import gaps
from bot.discord.reports.stats import stats
from bot.discord.settings.command import settings
from bot.models import Answer

Interaction = discord.Interaction[Any]


def ask_command(longest: int) -> app_commands.Command[Any, ..., Any]:
    """Return /ask; Discord takes no question of more than `longest` characters."""

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
    made = app_commands.command(description="Ask a question; the answer is quoted from the texts.")
    command: app_commands.Command[Any, ..., Any] = made(ask)
    command.autocomplete("source")(suggest_offered)
    return command


async def _ask(
    interaction: Interaction, question: str, source: str | None, private: bool | None
) -> None:
    """Answer a question."""
    service, here = service_of(interaction), settings_at(interaction)
    quiet = is_quiet(interaction)
    usual = service.settings.private if here.private is None else here.private
    alone = quiet or (usual if private is None else private)
    offered = await service.listing_in(server_of(interaction))
    within = None if source is None else offered.find(source)
    if source is not None and within is None:
        await say(interaction, own_texts(interaction).unknown_source(markdown.escape(source)))
        return
    if await must_wait(interaction):
        return
    key = conversation_key(interaction.channel, interaction.user)
    work = answered(interaction, question, service.before(key), within.id if within else None)
    given, snapshot = await in_time(interaction, work, private=alone)
    texts = texts_for(interaction, private=alone)
    reply = answer_reply(
        given,
        snapshot,
        service.policy.quotes,
        texts,
        messages.asked(question, texts),
        owner=interaction.user.id,
        private=alone and not in_direct_message(interaction),
        quiet=quiet,
        question=service.records.keep(given, server_of(interaction), interaction.user.id),
    )
    sent = await send(interaction, reply, private=alone)
    service.remember(given, key, sent.id if sent else None)
    if here.own_thread and not alone and sent is not None and given.shown:
        thread = await open_thread(interaction, sent, question)
        service.remember(given, thread and conversation_key(thread, interaction.user))


@app_commands.command(description="Read a text page by page.")
@app_commands.describe(source="The text to read", post="The number of the post to begin at")
async def read(
    interaction: Interaction,
    source: app_commands.Range[str, 1, 100],
    post: app_commands.Range[int, 1, 1_000_000] = 1,
) -> None:
    """Show a page of a source, with buttons that turn pages."""
    found = (await service_of(interaction).listing_in(server_of(interaction))).find(source)
    texts = own_texts(interaction)
    if found is None:
        await say(interaction, texts.unknown_source(markdown.escape(source)))
        return
    if post > len(found.posts):
        await say(interaction, markdown.escape(texts.no_such_post(post, found)))
        return
    work = service_of(interaction).work(lambda: messages.page_from(found, Place(post), texts))
    page = await in_time(interaction, work, private=True)
    await send(interaction, Reply(page.content, read_view(found, page, texts)), private=True)


@app_commands.command(description="Read the knowledge folder again (curators).")
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
async def reload(interaction: Interaction) -> None:
    """Reload the knowledge."""
    await reload_for(interaction, skip_broken=False)


@app_commands.command(description="What this bot does, and how to ask it.")
async def help(interaction: Interaction) -> None:  # noqa: A001 - the command's name
    """Say what can be done."""
    await say(interaction, own_texts(interaction).HELP)


@app_commands.context_menu(
    name="Find the source",
    extras={"description": "Show the passages that the message repeats, to you alone."},
)
async def find_the_source(interaction: Interaction, message: discord.Message) -> None:
    """Show the passages that a message repeats, to the one who asked."""
    if await must_wait(interaction):
        return
    service = service_of(interaction)

    async def found() -> Answer:
        snapshot = await service.snapshot_in(server_of(interaction))
        return await service.find_source(message.content, snapshot)

    given = await in_time(interaction, found(), private=True)
    reply = repeated_reply(
        given,
        service.policy.quotes,
        own_texts(interaction),
        interaction.user.id,
        quiet=is_quiet(interaction),
    )
    await send(interaction, reply, private=True)


read.autocomplete("source")(suggest_offered)
remove_text.autocomplete("source")(suggest_source)
show_text.autocomplete("source")(suggest_source)


AnyCommand = app_commands.Command[Any, ..., Any] | app_commands.Group | app_commands.ContextMenu

COMMANDS: tuple[AnyCommand, ...] = (
    ask_command(Policy().max_question),
    quote,
    sources,
    read,
    knowledge,
    reload,
    settings,
    gaps,
    stats,
    help,
    privacy,
    find_the_source,
    add_to_the_knowledge,
)


def commands_for(policy: Policy) -> tuple[AnyCommand, ...]:
    """Return all commands; /ask takes questions as long as `policy` lets them be."""
    return (ask_command(policy.max_question), *COMMANDS[1:])

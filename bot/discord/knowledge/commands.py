"""/knowledge: texts added, removed and shown by curators, and what they have done last."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from bot.discord.kit import markdown
from bot.discord.kit.language import own_texts
from bot.discord.kit.sending import in_time, say, send
from bot.discord.kit.service import service_of
from bot.discord.knowledge.adding import offer
from bot.discord.knowledge.fetching import from_attachment, from_link, from_message
from bot.discord.knowledge.history import history_of
from bot.discord.knowledge.removing import removal_reply
from bot.discord.knowledge.sheets import send_sheet
from bot.discord.knowledge.showing import shown
from bot.models import Source

Interaction = discord.Interaction[Any]

knowledge = app_commands.Group(
    name="knowledge",
    description="Add, remove and show texts (curators).",
    allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
    allowed_contexts=app_commands.AppCommandContext(
        guild=True, dm_channel=False, private_channel=False
    ),
)


@knowledge.command(name="add", description="Add a text: a file, or a message (curators).")
@app_commands.describe(
    file="A thread as you copied it, Markdown or plain text", link="The link of a message"
)
async def add_text(
    interaction: Interaction,
    file: discord.Attachment | None = None,
    link: app_commands.Range[str, 1, 200] | None = None,
) -> None:
    """Show what a file or a message comes to, and ask whether it is to be added."""
    if file is not None and link is None:
        await offer(interaction, from_attachment(interaction, file))
    elif link is not None and file is None:
        await offer(interaction, from_link(interaction, link))
    else:
        await say(interaction, own_texts(interaction).FILE_OR_LINK)


@app_commands.context_menu(
    name="Add to the knowledge",
    extras={"description": "Add the message, or its text file, to the texts (curators)."},
)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
async def add_to_the_knowledge(interaction: Interaction, message: discord.Message) -> None:
    """Show what a message comes to, and ask whether it is to be added."""
    await offer(interaction, from_message(interaction, message))


@knowledge.command(name="remove", description="Remove a text; its file is kept (curators).")
@app_commands.describe(source="The text to remove")
async def remove_text(interaction: Interaction, source: app_commands.Range[str, 1, 100]) -> None:
    """Ask whether a text is to be removed."""
    found = await _found(interaction, source)
    if found is not None:
        reply = removal_reply(found, service_of(interaction), own_texts(interaction))
        await send(interaction, reply, private=True)


@knowledge.command(
    name="show", description="Show a text's file and what is known of it (curators)."
)
@app_commands.describe(source="The text to show")
async def show_text(interaction: Interaction, source: app_commands.Range[str, 1, 100]) -> None:
    """Send the file of a text."""
    found = await _found(interaction, source)
    if found is None:
        return
    service, texts = service_of(interaction), own_texts(interaction)
    snapshot, folder, most = service.snapshot, service.library.folder, interaction.filesize_limit
    work = service.work(lambda: shown(found, snapshot, folder, most, texts))
    await send_sheet(interaction, await in_time(interaction, work, private=True))


@knowledge.command(name="history", description="What curators have done last (curators).")
async def history(interaction: Interaction) -> None:
    """List the last acts."""
    reply = await in_time(interaction, history_of(interaction), private=True)
    await send(interaction, reply, private=True)


async def _found(interaction: Interaction, name: str) -> Source | None:
    """Return the text that `name` means; None, and the member is told, where there is none."""
    found = service_of(interaction).snapshot.listing.find(name)
    if found is None:
        await say(interaction, own_texts(interaction).unknown_source(markdown.escape(name)))
    return found

"""/knowledge, /reload and “Add to the knowledge”: curators manage the texts."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.discord.kit import markdown
from bot.discord.kit.interactions import Interaction
from bot.discord.kit.language import member_wording
from bot.discord.kit.permissions import Audience, for_audience
from bot.discord.kit.sending import send, send_line, send_with_file, wait_or_defer
from bot.discord.kit.service import service_of
from bot.discord.kit.source_choices import suggest_source
from bot.discord.knowledge.adding import preview_text
from bot.discord.knowledge.channel_export import MOST_MESSAGES
from bot.discord.knowledge.fetching import (
    from_attachment,
    from_channel,
    from_link,
    from_message,
)
from bot.discord.knowledge.history import history_message
from bot.discord.knowledge.message_links import MessageLink
from bot.discord.knowledge.reload import reload_knowledge
from bot.discord.knowledge.removing import removal_message
from bot.discord.knowledge.showing import file_message
from bot.models import Source

AnyChannel = app_commands.AppCommandChannel | app_commands.AppCommandThread


class ChannelOption(app_commands.Transformer):
    """Offers channels that hold messages.

    All kinds would include media channels, which Discord's own description of its API does not list.
    """

    @property
    def type(self) -> discord.AppCommandOptionType:
        """Discord's kind of option."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """The kinds of channels on offer."""
        kinds = discord.ChannelType
        return [
            kinds.text, kinds.news, kinds.voice, kinds.stage_voice, kinds.forum,
            kinds.public_thread, kinds.private_thread, kinds.news_thread,
        ]  # fmt: skip

    async def transform(self, interaction: Interaction, value: AnyChannel, /) -> AnyChannel:
        """Return the channel unchanged."""
        return value


knowledge = app_commands.Group(
    name="knowledge",
    description="Add, remove and show texts (curators).",
    allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
    allowed_contexts=app_commands.AppCommandContext(
        guild=True, dm_channel=False, private_channel=False
    ),
)


@knowledge.command(
    name="add",
    description="Add a text: a file, a message, or what was written in a channel (curators).",
    extras=for_audience(Audience.WRITING_CURATOR),
)
@app_commands.describe(
    file="A thread as you copied it, a document, or an archive",
    link="The link of a message, channel or thread",
    channel="A channel or thread whose last messages become a text",
    last="How many of the last messages of a channel or thread",
    names="Keep the names of the members who wrote the messages",
)
async def add_text(
    interaction: Interaction,
    file: discord.Attachment | None = None,
    link: app_commands.Range[str, 1, 200] | None = None,
    channel: app_commands.Transform[AnyChannel, ChannelOption] | None = None,
    last: app_commands.Range[int, 1, MOST_MESSAGES] | None = None,
    names: bool = False,
) -> None:
    """Preview a file, a message or the messages of a channel, and ask whether to add it."""
    wording = member_wording(interaction)
    if sum(one is not None for one in (file, link, channel)) != 1:
        await send_line(interaction, wording.FILE_OR_LINK)
    elif last is not None and file is not None:
        await send_line(interaction, wording.LAST_OF_CHANNEL)
    elif file is not None:
        await preview_text(interaction, from_attachment(interaction, file, names=names))
    elif link is not None:
        await preview_text(interaction, from_link(interaction, link, last, names=names))
    elif channel is not None:
        place = MessageLink(channel.guild_id, channel.id)
        await preview_text(interaction, from_channel(interaction, place, last, names=names))


@app_commands.context_menu(
    name="Add to the knowledge",
    extras=for_audience(
        Audience.WRITING_CURATOR,
        description="Add the message, or its file, to the texts (curators).",
    ),
)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
async def add_to_the_knowledge(interaction: Interaction, message: discord.Message) -> None:
    """Preview a message, and ask whether to add it."""
    await preview_text(interaction, from_message(interaction, message))


@knowledge.command(
    name="remove",
    description="Remove a text; its file is kept (curators).",
    extras=for_audience(Audience.WRITING_CURATOR),
)
@app_commands.describe(source="The text to remove")
async def remove_text(interaction: Interaction, source: app_commands.Range[str, 1, 100]) -> None:
    """Ask whether to remove a text."""
    found = await _found(interaction, source)
    if found is not None:
        reply = removal_message(found, service_of(interaction), member_wording(interaction))
        await send(interaction, reply, private=True)


@knowledge.command(
    name="show",
    description="Show a text's file and what is known about it (curators).",
    extras=for_audience(Audience.WRITING_CURATOR),
)
@app_commands.describe(source="The text to show")
async def show_text(interaction: Interaction, source: app_commands.Range[str, 1, 100]) -> None:
    """Send a text's file."""
    found = await _found(interaction, source)
    if found is None:
        return
    service, wording = service_of(interaction), member_wording(interaction)
    snapshot, folder, most = service.snapshot, service.library.folder, interaction.filesize_limit
    work = service.run_quick(lambda: file_message(found, snapshot, folder, most, wording))
    await send_with_file(interaction, await wait_or_defer(interaction, work, private=True))


@knowledge.command(
    name="history",
    description="What curators did most recently (curators).",
    extras=for_audience(Audience.WRITING_CURATOR),
)
async def history(interaction: Interaction) -> None:
    """List what curators did last."""
    reply = await wait_or_defer(interaction, history_message(interaction), private=True)
    await send(interaction, reply, private=True)


async def _found(interaction: Interaction, name: str) -> Source | None:
    """Find a text by name; tell the curator if there is none."""
    found = service_of(interaction).snapshot.listing.find(name)
    if found is None:
        await send_line(
            interaction, member_wording(interaction).unknown_source(markdown.escape(name))
        )
    return found


@app_commands.command(
    name="reload",
    description="Read the knowledge folder again (curators).",
    extras=for_audience(Audience.WRITING_CURATOR),
)
@app_commands.describe(
    strict="Leave out every text whose file can't be read now; otherwise its earlier version stays"
)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
async def reload_command(interaction: Interaction, strict: bool = False) -> None:
    """Read the folder again."""
    await reload_knowledge(interaction, strict=strict)


remove_text.autocomplete("source")(suggest_source)
show_text.autocomplete("source")(suggest_source)

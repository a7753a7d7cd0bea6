"""Whether a daily passage can be posted in a channel, and may mention a role."""

from __future__ import annotations

import discord

from bot.discord.daily.wording import DailyWording
from bot.discord.kit.channels import is_silent, missing_to_post, settings_at
from bot.discord.kit.interactions import Interaction
from bot.discord.kit.language import member_wording
from bot.wording.permissions import PermissionLines


def guild_of(interaction: Interaction) -> discord.Guild:
    """The server; `Audience.CURATOR` admits nobody outside one."""
    guild = interaction.guild
    if guild is None:
        raise ValueError("daily passages outside a server")
    return guild


async def why_not_there(interaction: Interaction, channel_id: int, own: DailyWording) -> str | None:
    """The line that says why the bot cannot post there; None if it can."""
    guild = guild_of(interaction)
    channel = guild.get_channel_or_thread(channel_id)
    if channel is None:
        try:
            channel = await guild.fetch_channel(channel_id)
        except (discord.Forbidden, discord.InvalidData, discord.NotFound):
            channel = None
    if not isinstance(channel, discord.TextChannel | discord.Thread):
        return own.NOT_A_CHANNEL
    names = member_wording(interaction).lines_of(PermissionLines)
    missing = [names.permission(name) for name in missing_to_post(guild, channel)]
    if missing:
        return own.lacking(channel.mention, missing)
    return own.SILENT if is_silent(settings_at(interaction), channel) else None


def why_not_mention(
    interaction: Interaction, role: discord.Role | None, own: DailyWording
) -> str | None:
    """The line that refuses a role that the curator may not mention; None if they may."""
    if role is None:
        return None
    if role.is_default():
        return own.NOT_EVERYBODY
    may = role.mentionable or interaction.permissions.mention_everyone
    return None if may else own.CANNOT_MENTION

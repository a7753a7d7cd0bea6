"""/settings: shows and changes how the bot behaves in a server."""

from __future__ import annotations

from discord import app_commands

from bot.discord.kit.interactions import Interaction
from bot.discord.kit.permissions import Audience, for_audience
from bot.discord.kit.sending import send
from bot.discord.settings.message import settings_message


@app_commands.command(
    description="Show and change how the bot behaves in this server (curators).",
    extras=for_audience(Audience.CURATOR),
)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
@app_commands.default_permissions(manage_guild=True)
async def settings(interaction: Interaction) -> None:
    """Show the settings of the server, in private."""
    await send(interaction, settings_message(interaction), private=True)

"""Rate limits of interactions that ask something."""

from __future__ import annotations

from bot.discord.kit.channels import server_of
from bot.discord.kit.interactions import Interaction
from bot.discord.kit.language import member_wording
from bot.discord.kit.sending import send_line
from bot.discord.kit.service import service_of


async def is_rate_limited(interaction: Interaction) -> bool:
    """Count a question against the limits; if it exceeds them, tell the member when to ask again."""
    service, channel = service_of(interaction), interaction.channel_id or 0
    seconds = service.seconds_to_wait(interaction.user.id, channel, server_of(interaction))
    if seconds:
        await send_line(interaction, member_wording(interaction).slow_down(seconds))
    return seconds > 0

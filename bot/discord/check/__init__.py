"""Checking: /check, what the bot may do and whether its parts work."""

from bot.discord.check.command import check_command
from bot.discord.kit.features import Feature

FEATURE = Feature(commands=(check_command,))

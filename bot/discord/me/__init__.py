"""A member's own preferences: /me."""

from bot.discord.kit.features import Feature
from bot.discord.me.command import PreferenceMenu, ResetButton, me

FEATURE = Feature(commands=(me,), buttons=(PreferenceMenu, ResetButton))

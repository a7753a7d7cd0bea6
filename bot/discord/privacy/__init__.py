"""Privacy: /privacy, and the button that deletes a member's data."""

from bot.discord.kit.features import Feature
from bot.discord.privacy.command import ForgetButton, privacy

FEATURE = Feature(commands=(privacy,), buttons=(ForgetButton,))

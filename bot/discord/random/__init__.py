"""/random: a passage picked at random."""

from bot.discord.kit.features import Feature
from bot.discord.random.command import AnotherButton, random_command

FEATURE = Feature(commands=(random_command,), buttons=(AnotherButton,))

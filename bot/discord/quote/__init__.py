"""Quoting: /quote, “Find the source”, and the buttons under quotes."""

from bot.discord.kit.features import Feature
from bot.discord.quote.buttons import MoreButton, ShareButton, TurnButton
from bot.discord.quote.commands import find_the_source, quote
from bot.discord.quote.deleting import DeleteButton
from bot.discord.quote.places import PlaceButton

FEATURE = Feature(
    commands=(quote, find_the_source),
    buttons=(TurnButton, MoreButton, ShareButton, DeleteButton, PlaceButton),
)

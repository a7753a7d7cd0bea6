"""Citing: quotes as text to copy, in several styles."""

from bot.discord.cite.citing import CiteButton, StyleMenu
from bot.discord.kit.features import Feature

FEATURE = Feature(buttons=(CiteButton, StyleMenu))

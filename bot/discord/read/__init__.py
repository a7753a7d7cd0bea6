"""Reading: /read, /sources, and the buttons that lead through a text."""

from bot.discord.kit.features import Feature
from bot.discord.read.buttons import POST_NUMBER_FORM, ContextButton, JumpButton, ReadButton
from bot.discord.read.command import read
from bot.discord.read.source_list import SourceListButton, sources

FEATURE = Feature(
    commands=(read, sources),
    buttons=(ReadButton, JumpButton, ContextButton, SourceListButton),
    forms=(POST_NUMBER_FORM,),
)

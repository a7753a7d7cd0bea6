"""Daily passages: /daily, and what posts them."""

from bot.discord.daily.commands import daily
from bot.discord.daily.posting import DailyPoster
from bot.discord.kit.features import Feature

FEATURE = Feature(commands=(daily,), listener=DailyPoster)

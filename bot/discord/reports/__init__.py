"""Reports for curators: /gaps and /stats."""

from bot.discord.kit.features import Feature
from bot.discord.reports.gaps import ExportButton, GapsButton, gaps_command
from bot.discord.reports.stats import stats_command

FEATURE = Feature(commands=(gaps_command, stats_command), buttons=(GapsButton, ExportButton))

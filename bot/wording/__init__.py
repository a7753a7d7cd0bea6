"""Everything that the bot itself says. It never says anything about the subject of the texts."""

from __future__ import annotations

from bot.wording.answers import AnswerLines
from bot.wording.curators import CuratorLines
from bot.wording.feedback import FeedbackLines
from bot.wording.knowledge import KnowledgeLines
from bot.wording.settings import SettingsLines
from bot.wording.texts import TextLines


class Wording(AnswerLines, CuratorLines, FeedbackLines, SettingsLines, KnowledgeLines, TextLines):
    """Every line in one language."""


ENGLISH = Wording()

"""Everything that the bot itself says. It never says anything about the subject of the texts."""

from __future__ import annotations

from bot.wording.answers import AnswerLines
from bot.wording.curating import CuratingLines
from bot.wording.feedback import FeedbackLines
from bot.wording.settings import SettingsLines
from bot.wording.shelf import ShelfLines


class Wording(AnswerLines, CuratingLines, FeedbackLines, SettingsLines, ShelfLines):
    """Every line in one language."""


ENGLISH = Wording()

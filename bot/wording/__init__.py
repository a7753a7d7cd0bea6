"""The lines that the bot itself says, in one place. It never says one about the subject."""

from __future__ import annotations

from bot.wording.answers import AnswerLines
from bot.wording.curating import CuratingLines
from bot.wording.feedback import FeedbackLines
from bot.wording.settings import SettingsLines
from bot.wording.shelf import ShelfLines


class Wording(AnswerLines, CuratingLines, FeedbackLines, SettingsLines, ShelfLines):
    """Every line in one language: those of each part of the bot."""


ENGLISH = Wording()

"""The lines that the bot itself says, in one place. It never says one about the subject."""

from __future__ import annotations

from bot.frontends.texts.answers import AnswerLines
from bot.frontends.texts.curating import CuratingLines
from bot.frontends.texts.feedback import FeedbackLines
from bot.frontends.texts.settings import SettingsLines
from bot.frontends.texts.shelf import ShelfLines


class Texts(AnswerLines, CuratingLines, FeedbackLines, SettingsLines, ShelfLines):
    """Every line in one language: those of each part of the bot."""


ENGLISH = Texts()

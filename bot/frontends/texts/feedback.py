"""What is said of votes, gaps, figures and privacy."""

from __future__ import annotations

from bot.frontends.texts.lines import Lines


class FeedbackLines(Lines):
    """Votes and what becomes of them."""

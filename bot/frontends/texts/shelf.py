"""What is said of adding, showing and removing texts."""

from __future__ import annotations

from bot.frontends.texts.lines import Lines


class ShelfLines(Lines):
    """What would be kept, and what has been done."""

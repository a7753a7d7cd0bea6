"""What is said of a server's settings."""

from __future__ import annotations

from bot.frontends.texts.lines import Lines


class SettingsLines(Lines):
    """Names of the settings, and what has changed."""

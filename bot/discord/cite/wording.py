"""What citing says itself."""

from __future__ import annotations

from bot.wording.lines import Line, Lines


class CiteWording(Lines):
    """The line above a citation, and the names of the styles that are not proper names."""

    TO_COPY = Line("To copy:")
    PLAIN = Line("Plain text")
    MARKDOWN = Line("Markdown")
    CHOOSE_STYLE = Line("Style")

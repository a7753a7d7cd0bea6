"""What /random says itself."""

from __future__ import annotations

from bot.wording.lines import Line, Lines


class RandomWording(Lines):
    """The button for another passage, and the line for a bot without texts."""

    ANOTHER = Line("Another one")
    NOTHING = Line("I have no texts yet.")

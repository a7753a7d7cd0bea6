"""What /me says itself."""

from __future__ import annotations

from bot.wording.lines import Line, Lines


class PreferenceWording(Lines):
    """The member's preferences: what each is, and its values."""

    HEADING = Line(
        "Your own choices, on every server and in direct messages. They go before the server's, except"
        " that a silent channel stays silent. `/privacy` deletes them."
    )
    RESET = Line("Reset all")
    STORAGE_FAILED = Line(
        "I cannot reach my storage right now, so nothing has changed. Please try again in a while."
    )

    LANGUAGE_OF_DISCORD = Line("Language: that of my Discord")
    PRIVATE_AS_SERVER = Line("Answers to /ask: as the server has it")
    PRIVATE = Line("Answers to /ask: for me alone")
    PUBLIC = Line("Answers to /ask: for everybody")
    KEPT = Line("My questions: kept, without my name, to improve the texts")
    NOT_KEPT = Line("My questions: not kept")

    def language_is(self, tag: str) -> str:
        """A language to choose, by its name in itself and in this one."""
        return self._("Language: {language}", language=self.language(tag))

    def usual_quotes(self, count: int) -> str:
        """The number of quotes of who chooses none."""
        return self._("Quotes at once: as usual ({count})", count=self.number(count))

    def quotes_are(self, count: int) -> str:
        """A number of quotes to choose."""
        return self._("Quotes at once: {count}", count=self.number(count))

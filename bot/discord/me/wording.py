"""What /me says itself."""

from __future__ import annotations

from bot.wording.lines import Line, Lines


class PreferenceWording(Lines):
    """The member's preferences: what each is, and its values."""

    HEADING = Line(
        "Your own choices, on every server and in direct messages. They override the server's, but a "
        "silent channel stays silent. `/privacy` deletes them."
    )
    RESET = Line("Reset all")
    STORAGE_FAILED = Line(
        "I can't save anything right now, so nothing has changed. Please try again in a while."
    )

    LANGUAGE_OF_DISCORD = Line("Language: same as my Discord")
    PRIVATE_AS_SERVER = Line("Answers: the server's default")
    PRIVATE = Line("Answers: only I see them")
    PUBLIC = Line("Answers: everybody sees them")
    KEPT = Line("My questions: kept")
    NOT_KEPT = Line("My questions: not kept")

    ANSWERS_MEANT = Line("To commands and buttons; I always reply to a mention in public")
    KEPT_HOW = Line("Without your name, so that curators see what the texts lack")

    def language_is(self, tag: str) -> str:
        """A language to choose: its name in that language and in this one."""
        return self._("Language: {language}", language=self.language(tag))

    def usual_quotes(self, count: int) -> str:
        """The number of quotes for members who have not chosen one."""
        return self._("Quotes at once: default ({count})", count=self.number(count))

    def quotes_are(self, count: int) -> str:
        """A number of quotes to choose."""
        return self._("Quotes at once: {count}", count=self.number(count))

"""Lines of votes, reports and /privacy."""

from __future__ import annotations

from bot.wording.lines import Line, Lines


class FeedbackLines(Lines):
    """Votes, and what becomes of them."""

    RIGHT = Line("Right")
    WRONG = Line("Wrong")
    EXPECTED_AN_ANSWER = Line("I expected an answer")
    MISSED = Line("Thanks! I've noted that you expected an answer.")
    MISSED_ALREADY = Line("I've already noted that you expected an answer.")
    SAY_EXPECTED = Line("Say what you expected")
    WHAT_EXPECTED = Line("What did you expect?")
    WHO_READS_IT = Line("Curators can read it, but don't see your name.")
    EXPECTATION_KEPT = Line("Thanks! I've noted what you expected.")
    NO_LONGER_KEPT = Line("I no longer have this question, so I couldn't note that.")
    STORAGE_FAILED = Line(
        "I can't save anything right now, so nothing has changed. Please try again in a while."
    )

    NOTHING_IS_KEPT = Line(
        "Questions are not kept here: whoever runs this bot has switched that off."
    )
    GAPS = Line("Not covered, or marked wrong, since {day}")
    NO_GAPS = Line("Since {day} every question was covered, and no answer was marked wrong.")
    FIGURES = Line("Questions since {day}")
    EXPORT = Line("Export as CSV")
    FILE_OF_GAPS = Line("Everything since {day}, for a spreadsheet.")
    ALSO = Line("Also:")
    EXPECTED = Line("Expected:")
    EARLIER_DAYS = Line("The totals above include earlier days.")

    ASKED_COUNT = Line("asked")
    ANSWERED_COUNT = Line("answered")
    CLOSEST_COUNT = Line("closest")
    NOT_COVERED_COUNT = Line("not covered")
    RIGHT_COUNT = Line("right")
    WRONG_COUNT = Line("wrong")
    LAST_ASKED = Line("last")
    KINDS_COUNT = Line("different")
    DAY_COLUMN = Line("day")
    ASKED_COLUMN = Line("ask")
    ANSWERED_COLUMN = Line("ans")
    CLOSEST_COLUMN = Line("near")
    NOT_COVERED_COLUMN = Line("none")
    VOTES_COLUMN = Line("votes")

    FORGET = Line("Delete my data")
    FORGET_SURE = Line(
        "This deletes every question you have asked me and every vote you have given, on all servers"
        " and in direct messages, and what you have chosen with `/me`. It cannot be undone."
    )
    FORGET_YES = Line("Delete them")
    FORGET_NO = Line("Keep them")
    CHOICES_DELETED = Line("Your `/me` choices are deleted too, so the defaults apply again.")
    NOTHING_DELETED = Line("Nothing was deleted.")

    def voted(self, right: bool, before: bool | None) -> str:
        """Confirms a vote; `before` is the member's earlier one."""
        if before is None:
            return self._("Thanks! Noted as right.") if right else self._("Thanks! Noted as wrong.")
        if before is right:
            return self._("Already noted as right.") if right else self._("Already noted as wrong.")
        return (
            self._("Changed from wrong to right.")
            if right
            else self._("Changed from right to wrong.")
        )

    def since(self, line: str, day: str) -> str:
        """Fill a date, in Discord's notation, into one of the lines above."""
        return line.format(day=day)

    def only_newest(self, count: int) -> str:
        """Says that only the newest questions are included."""
        return self._("Only the newest {count} are included.", count=self.number(count))

    def page(self, number: int, of: int) -> str:
        """The number of a page."""
        number_, of_ = self.number(number), self.number(of)
        return self._("page {number} of {count}", number=number_, count=of_)

    def forgotten(self, questions: int, votes: int, *, preferences: bool) -> str:
        """Confirms what was deleted of a member."""
        if not questions and not votes and not preferences:
            return self._("I had nothing of yours.")
        said = self._(
            "Deleted. Questions: {questions}; votes: {votes}.",
            questions=self.number(questions),
            votes=self.number(votes),
        )
        return f"{said} {self.CHOICES_DELETED}" if preferences else said

    def privacy(self, days: int, grace_days: int) -> str:
        """Explain what is kept, who sees it and when it is deleted.

        `days` are those that questions are kept, `grace_days` those that a server's data are kept
        after the bot was removed.
        """
        grace = self._n("{count} day", "{count} days", grace_days)
        if not days:
            return self._(
                """\
**What I keep**
- No questions or votes: whoever runs this bot has switched that off.
- What you choose with `/me`, under a code instead of your name.
- The last question of a conversation, for ten minutes and only in memory, so that I \
understand “and why?”.
- What a server's curators set or change, with their account.

When I am removed from a server, what I keep of it is deleted {grace} later.""",
                grace=grace,
            )
        kept = self._n("{count} day", "{count} days", days)
        return self._(
            """\
**What I keep**
- Your questions, for {days}: the words, the server, the time, and the outcome. Your votes \
and what you say you expected, as long as the question.
- Not your name: instead, a code that only this bot's key can make from your account.
- What you choose with `/me`; there you can also choose that your questions are not kept.
- Not kept: greetings, `/quote`, Find the source, messages that ask me nothing, and what I hear \
without answering.
- The last question of a conversation, for ten minutes and only in memory, so that I \
understand “and why?”.
- What a server's curators set or change, with their account.

**Who sees it**
- Curators of the server: questions asked there that were not covered or marked wrong, with the \
votes and what was expected, and daily totals. Never who asked.
- Whoever runs this bot can read what is kept, direct messages included.

**When it is deleted**
- Automatically, after {days}. When I am removed from a server, what I keep of it is deleted \
{grace} later.
- Right away, with the button below. My answers are ordinary Discord messages: **Delete** is under each.""",
            days=kept,
            grace=grace,
        )

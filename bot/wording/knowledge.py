"""Lines of /knowledge."""

from __future__ import annotations

from collections.abc import Sequence

from bot.wording.lines import Line, Lines


class KnowledgeLines(Lines):
    """Previews and results of adding, showing and removing texts."""

    FILE_OR_LINK = Line("Give me one of these: a file, a link, or a channel.")
    LAST_OF_CHANNEL = Line("`last` is for a channel or thread, or its link.")
    NOT_A_LINK = Line(
        "That's not the link of a message, channel or thread. Their menus have **Copy Link**."
    )
    NOT_VISIBLE = Line("That message doesn't exist, or one of us can't see it.")
    NOT_VISIBLE_CHANNEL = Line("That channel doesn't exist, or one of us can't see it.")
    NO_MESSAGES_HERE = Line(
        "There are no messages I could add. For a forum, choose one of its posts."
    )
    WORDLESS_LINK = Line(
        "Discord doesn't show me that message's words. Use the message's own menu instead: Apps, "
        "**Add to the knowledge**."
    )
    WORDLESS = Line("That message has no text or file that I could add.")
    NOT_FETCHED = Line("Discord isn't giving me that right now. Please try again in a while.")
    BEGIN_AGAIN = Line("That's done already, or I no longer have it. Please start again.")
    WORKING = Line("Reading the texts again …")

    NOTHING_YET = Line("Nothing has been added yet.")
    NAME_IT = Line("Next, say what it is called and who wrote it.")
    ADD_IT = Line("Shall I add it?")
    SAME_ALREADY = Line("I have exactly this text already.")
    THERE_ALREADY = Line("There's already a text of that name:")
    UNREADABLE_THERE = Line("There's already a file of that name, and it can't be read.")
    REPLACE_IT = Line("Shall I replace it, or will you give the new one another title?")
    OLD_IS_KEPT = Line("The old file is kept in `.removed`, inside the knowledge folder.")
    MISUNDERSTOOD = Line("Some of this can't be used as it is. Please fix it:")
    CHANGED_MEANWHILE = Line(
        "Somebody has changed that file in the meantime. This is how it is now:"
    )
    NOT_ADDED = Line("The text was not added.")
    NOT_REMOVED = Line("The text was not removed.")
    LEFT_AS_IT_WAS = Line("All right, nothing was changed.")
    NOT_NOTED = Line("It's done, but I couldn't add it to the history.")
    IN_REPORT = Line("All of it is in the report.")
    ONLY_ATTACHMENT = Line("Only the attached file is read, not the message's own words.")
    ONLY_FIRST = Line("Only the first of the message's files is read.")

    FORM_TITLE = Line("Add a text")
    NAME_BUTTON = Line("Title and author")
    MEND_BUTTON = Line("Change title, author …")
    ADD = Line("Add")
    REPLACE = Line("Replace")
    CANCEL = Line("Cancel")

    CHOOSE_TEXT = Line("Which text?")
    PREVIOUS_TEXTS = Line("Previous texts")
    NEXT_TEXTS = Line("Next texts")
    BACK_TO_TEXTS = Line("Choose another text")

    REMOVE = Line("Remove")
    KEEP = Line("Keep it")
    ONLY_TEXT = Line("That is the only text I have: add another one first.")
    REMOVAL = Line("Shall I remove this text?")
    NOT_LOADED = Line("The file has changed since I read it: /reload reads it again.")
    TOO_LARGE_TO_SEND = Line("The file is too large to be sent here.")

    NO_HISTORY = Line("Nobody has changed the texts here yet.")
    HISTORY = Line("What curators did most recently:")
    HISTORY_UNKNOWN = Line("I can't look that up right now. Please try again in a while.")
    ELSEWHERE = Line("a curator of another server")

    def not_writing(self, server: int) -> str:
        """Refuses a curator of a server that may not change the texts."""
        return self._(
            "That can't be done from this server: all servers share the texts, and whoever runs this "
            "bot decides which servers' curators look after them (`discord.writing_servers`; this "
            "server is {server}).",
            server=server,
        )

    def cannot_read(self, channel: str, permissions: Sequence[str], *, intent: bool) -> str:
        """Names all that the bot lacks to read a channel: permissions there, as Discord calls them, and the intent."""
        lacks = [f"**{name}**" for name in permissions]
        if intent:
            lacks.append(
                self._(
                    "the message-content intent (whoever runs this bot switches it on, with `discord.listen`)"
                )
            )
        return self._(
            "I can't read {channel}. I'm missing: {missing}.",
            channel=self.isolated(channel),
            missing=self.listed(lacks),
        )

    def earlier_left_out(self, count: int, *, by_size: bool) -> str:
        """Says that a channel has earlier messages than those that were taken."""
        if by_size:
            return self._n(
                "Only the last message was read: with more, the text would be too large.",
                "Only the last {count} messages were read: with more, the text would be too large.",
                count,
            )
        return self._n(
            "Only the last message was read: use `last` for more.",
            "Only the last {count} messages were read: use `last` for more.",
            count,
        )

    def too_large(self, name: str, size: int, most: int) -> str:
        """Refuses a file that is too large."""
        return self._(
            "{name} has {size} bytes; at most {most} are allowed. Please split it.",
            name=self.isolated(name),
            size=self.number(size),
            most=self.number(most),
        )

    def message_of(self, name: str) -> str:
        """The name of a message."""
        return self._("the message of {name}", name=name)

    def read_as(self, name: str, form: str) -> str:
        """The format in which a text was read."""
        return self._("{name}, read as: {form}.", name=self.isolated(name), form=form)

    def holds_texts(self, count: int) -> str:
        """The number of texts in a file, above the menu from which one is chosen."""
        return self._n(
            "It contains {count} text. Which one shall I add?",
            "It contains {count} texts. Which one shall I add?",
            count,
        )

    def guessed(self, guess: str) -> str:
        """What a text did not say, and how to correct it."""
        return self._("Guessed: {guess}", guess=self.isolated(guess))

    def kept(self, posts: int, headings: int = 0) -> str:
        """The first line of the list of posts that would be kept; `headings` are not among the `posts`."""
        if headings:
            return self._(
                "{posts} and {headings} would be kept",
                posts=self.counted_posts(posts),
                headings=self.counted_headings(headings),
            )
        return self._n("{count} post would be kept", "{count} posts would be kept", posts)

    def dropped(self, lines: int) -> str:
        """The heading of the lines that would be dropped."""
        if not lines:
            return self._("No line would be dropped")
        return self._n("{count} line would be dropped", "{count} lines would be dropped", lines)

    def dropped_line(self, number: int, text: str, why: str) -> str:
        """A dropped line, and the reason."""
        return self._(
            "line {number}, “{text}”: {why}",
            number=self.number(number),
            text=self.isolated(text),
            why=why,
        )

    def dropped_lines(self, count: int, text: str, why: str) -> str:
        """Several lines dropped for one reason, with the first of them."""
        return self._n(
            "{count} line such as “{text}”: {why}",
            "{count} lines such as “{text}”: {why}",
            count,
            text=self.isolated(text),
            why=why,
        )

    def more_posts(self, count: int) -> str:
        """The number of posts that the message has no room for."""
        return self._n("… and {count} more post", "… and {count} more posts", count)

    def fact(self, name: str) -> str:
        """The name of a fact of a text."""
        return {
            "title": self._("Title"),
            "author": self._("Author"),
            "url": self._("Link"),
            "date": self._("Date"),
            "license": self._("Licence"),
            "language": self._("Language"),
            "aliases": self._("Other names"),
            "file": self._("File"),
            "posts": self._("Posts"),
            "passages": self._("Passages"),
        }[name]

    def stated(self, name: str, value: str) -> str:
        """A fact of a text."""
        return self._("{fact}: {value}", fact=self.fact(name), value=self.isolated(value))

    def hint(self, name: str) -> str:
        """The hint at a field of the form; empty if the field needs none."""
        return {
            "url": self._("Where the text can be found, if anywhere: https://…"),
            "date": self._("A day, if you know it, such as 2020-08-21"),
            "language": self._("A short code, such as en, ar or es; English if left empty"),
        }.get(name, "")

    def fault(self, name: str) -> str:
        """What is wrong with a field of the form."""
        return {
            "title": self._("the title needs a letter or a digit, and at most 200 characters"),
            "author": self._("the author needs a name of at most 100 characters"),
            "url": self._("the link must begin with https:// or http:// and contain no spaces"),
            "date": self._("the date is a day, such as 2020-08-21"),
            "language": self._("the language is a short code, such as en, ar or es"),
        }[name]

    def would_change(self, facts: Sequence[str], new: int, gone: int) -> str:
        """What would change in a text that is replaced."""
        changes = [self.fact(name) for name in facts]
        if new:
            changes.append(self._n("{count} post is new", "{count} posts are new", new))
        if gone:
            changes.append(self._n("{count} post is removed", "{count} posts are removed", gone))
        return self._("What would change: {changes}.", changes=self.listed(changes))

    def file(self, name: str, size: int) -> str:
        """A file's name and size."""
        count = self._n("{count} byte", "{count} bytes", size)
        return self._("{name}, {size}", name=self.isolated(name), size=count)

    def act(self, at: str, who: str, action: str, detail: str) -> str:
        """A line of the history; `at` and `who` are Discord's notation of a time and a member."""
        words = {"at": at, "who": who, "detail": detail}
        return {
            "add": self._("{at}: {who} added {detail}", **words),
            "replace": self._("{at}: {who} replaced {detail}", **words),
            "remove": self._("{at}: {who} removed {detail}", **words),
            "reload": self._("{at}: {who} reloaded the folder: {detail}", **words),
        }[action]

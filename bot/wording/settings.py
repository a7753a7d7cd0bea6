"""Lines of /settings."""

from __future__ import annotations

from collections.abc import Sequence

from bot.wording.lines import Line, Lines


class SettingsLines(Lines):
    """Names and explanations of the settings, and reports of changes."""

    SETTINGS = Line("Settings of this server")
    CHOOSE_SETTING = Line("Choose what to change")

    LISTENING_CHANNELS = Line("Listening channels")
    SILENT_CHANNELS = Line("Silent channels")
    ANSWERED_FORUMS = Line("Forums")
    ASK_ANSWERS = Line("Answers to /ask")
    ASK_THREADS = Line("Threads for /ask")
    OFFERED_TEXTS = Line("Texts")
    CURATOR_ROLES = Line("Curator roles")
    SPOKEN_LANGUAGE = Line("Language")
    COOLDOWNS = Line("Questions per minute")

    ABOUT_LISTENING = Line(
        "In these channels I answer without being mentioned if the texts have an answer, and stay quiet "
        "if they don't. I leave messages that are meant for someone else alone."
    )
    ABOUT_SILENT = Line(
        "In these channels I say nothing in public, whatever else is set: I ignore mentions, and only "
        "the asker sees my answers to commands."
    )
    ABOUT_FORUMS = Line(
        "In these forums I answer each new post once, if the texts have an answer. Its title counts as "
        "part of the question."
    )
    ABOUT_ANSWERS = Line("Who sees an answer to /ask, unless the member chooses otherwise.")
    ABOUT_THREADS = Line(
        "Whether an answer to /ask that everybody sees opens a thread, where the conversation goes"
        " on. I need the permissions Create Public Threads and Send Messages in Threads."
    )
    ABOUT_TEXTS = Line("Only these texts are quoted, listed and read in this server.")
    ABOUT_CURATORS = Line(
        "Members with one of these roles are curators, as are those with Manage Server."
    )
    ABOUT_LANGUAGE = Line(
        "The language of my own lines where everybody reads them. Quotes stay in the language of "
        "their text."
    )
    ABOUT_COOLDOWNS = Line(
        "How many questions per minute one member, and everybody in a channel together, may ask."
    )

    LISTENING_NEEDS = Line(
        "This needs the message-content intent, which I don't have: for now I see only mentions."
    )
    FORUMS_NEED = Line(
        "I run without the message-content intent: Discord shows me the title of a new post, but its"
        " text only if it mentions me."
    )
    THREADS_NEED = Line(
        "I run without the message-content intent, so in these threads too I must be mentioned or"
        " replied to."
    )
    HOW_TO_LISTEN = Line(
        "The operator can switch it on: Message Content Intent on the application's page Bot, and"
        " then discord.listen: true in the config."
    )

    NOTHING_SET = Line("none set")
    ALL_TEXTS = Line("all")
    EVERYBODY = Line("everybody sees them")
    ASKER_ALONE = Line("only the asker sees them")
    OPENS_THREAD = Line("each answer opens one")
    OPENS_NONE = Line("none is opened")
    ANY_NUMBER = Line("any number")
    BOTS_OWN = Line("the bot's default")
    AS_DISCORD = Line("same as the server's")

    CHOOSE_CHANNELS = Line("Choose channels or categories")
    CHOOSE_FORUMS = Line("Choose forums")
    CHOOSE_ROLES = Line("Choose roles")
    CHOOSE_TEXTS = Line("Choose texts")
    EMPTY_LIST = Line("Clear the list")
    TAKE_OUT_GONE = Line("Remove what no longer exists")
    OFFER_ALL = Line("Offer all texts, new ones too")
    TYPE_NUMBERS = Line("Type the numbers")
    USUAL_NUMBERS = Line("Back to the default")
    ZERO_IS_ANY = Line("0: any number")

    NO_CHANGE = Line("Nothing has changed.")
    NOT_KEPT = Line("I couldn't save that, so nothing has changed. Please try again in a while.")
    ONE_TEXT_AT_LEAST = Line("At least one text must be offered, so nothing has changed.")
    MANAGERS_ONLY = Line("Only members with Manage Server can change the curator roles.")
    NOT_EVERYBODY = Line("@everyone can't be a curator role, so nothing has changed.")
    NOT_SHARED_HERE = Line("I can't show that to everybody here.")

    def listed_of(self, there: Sequence[str], further: int, gone: int) -> str:
        """A list: what is there, how many more there are, how many are gone."""
        parts = list(there)
        if further:
            parts.append(self._n("{count} more", "{count} more", further))
        if gone:
            parts.append(self._n("{count} that is gone", "{count} that are gone", gone))
        return self.listed(parts) if parts else self.NOTHING_SET

    def by_default(self, value: str) -> str:
        """A value that is the default."""
        return self._("{value} (default)", value=value)

    def as_discord(self, language: str) -> str:
        """The option to use the language of the server's Discord."""
        return self._("same as the server's ({language})", language=language)

    def rates(self, member: str, channel: str) -> str:
        """The rate limits of a member and a channel."""
        return self._(
            "each member {member}, each channel {channel}", member=member, channel=channel
        )

    def member_rate(self, usual: str) -> str:
        """The label of the field for a member's limit; at most 45 characters."""
        return self._("Each member (empty: {usual})", usual=usual)

    def channel_rate(self, usual: str) -> str:
        """The label of the field for a channel's limit; at most 45 characters."""
        return self._("Each channel (empty: {usual})", usual=usual)

    def not_a_rate(self, most: int) -> str:
        """Says that a number is not valid."""
        return self._(
            "Please type whole numbers from 0 to {most}, or leave a field empty. Nothing has changed.",
            most=self.number(most),
        )

    def setting(self, name: str, value: str) -> str:
        """A setting with its value."""
        return self._("{name}: {value}", name=name, value=value)

    def changed(self, name: str, was: str, now: str) -> str:
        """A setting before and after a change."""
        return self._("{name}: {was} → {now}", name=name, was=was, now=now)

    def texts_page(self, first: int, last: int, count: int) -> str:
        """Which of the texts a menu or a page shows."""
        if first == last:
            return self._(
                "Text {number} of {count}", number=self.number(last), count=self.number(count)
            )
        return self._(
            "Texts {first} to {last} of {count}",
            first=self.number(first),
            last=self.number(last),
            count=self.number(count),
        )

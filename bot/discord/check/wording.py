"""What /check says itself."""

from __future__ import annotations

from bot.wording.lines import Line, Lines


class CheckWording(Lines):
    """What the bot may do in a channel, and whether its parts work."""

    SILENT_HERE = Line("This channel is silent: only the asker sees my answers.")
    LISTENS_HERE = Line("I listen here: I answer questions without a mention.")
    NOT_LISTENING_HERE = Line("I don't listen here: I answer commands, mentions and replies.")
    EVERYTHING_ELSE = Line("Everything else")
    CONTENT_ON = Line("Message content: on. I can read messages where I listen.")
    CONTENT_OFF = Line(
        "Message content: off. Discord shows me mentions, direct messages and replies to my messages, but"
        " no replies to my answers to commands."
    )
    LISTENING_IN_VAIN = Line(
        "**Listening doesn't work**: `/settings` names channels or forums for it, but whoever runs me "
        "hasn't switched on `discord.listen`."
    )
    READER_ON = Line("I read the best passages together with the question.")
    READER_OFF = Line("I have no model that reads passages together with the question.")
    WORDS_ONLY = Line(
        "I find passages by their words only: no model for their meaning is installed."
    )
    STORAGE_WORKS = Line("Storage: works.")
    STORAGE_FAILS = Line(
        "**Storage: unreachable.** I still answer, but settings can't be changed and questions aren't "
        "kept."
    )
    ENGINE_FAILS = Line("**The search engine isn't ready**: I can't answer until it is.")
    SEE_RELOAD = Line("`/reload` names them and says why.")

    def here(self, channel: str) -> str:
        """The heading of what concerns the channel."""
        return self._("In {channel}", channel=channel)

    def permission(self, name: str, has: bool, cost: str) -> str:
        """A permission, whether the bot has it, and what it costs not to have it."""
        if has:
            return self._("{permission}: yes", permission=name)
        return self._("**{permission}: no.** {cost}", permission=name, cost=cost)

    def cost(self, permission: str) -> str:
        """What the bot cannot do without a permission."""
        return {
            "view_channel": self._("I can't see messages here, so I answer none."),
            "send_messages": self._("I only answer commands, not mentions."),
            "send_messages_in_threads": self._("I only answer commands, not mentions."),
            "read_message_history": self._(
                "I can't post my answers as replies, or see who has answered before."
            ),
            "create_public_threads": self._("I can't open threads for conversations."),
        }[permission]

    def elsewhere(self, channel: str, permissions: list[str]) -> str:
        """Another channel that is set for something, and what is missing there."""
        return self._(
            "{channel}: **without {permissions}**",
            channel=channel,
            permissions=self.listed(permissions),
        )

    def texts(self, count: int, passages: int) -> str:
        """How many texts are used here."""
        return self._(
            "Texts used here: {texts}, {passages}.",
            texts=self.counted_texts(count),
            passages=self._n("{count} passage", "{count} passages", passages),
        )

    def stale(self, count: int) -> str:
        """How many files cannot be read, so that an earlier version is served."""
        return self._n(
            "**{count} file can't be read**: an earlier version stays in use.",
            "**{count} files can't be read**: earlier versions stay in use.",
            count,
        )

    def left_out(self, count: int) -> str:
        """How many files cannot be read and have no earlier version."""
        return self._n(
            "**{count} file is left out**, because it can't be read.",
            "**{count} files are left out**, because they can't be read.",
            count,
        )

    def daily(self, count: int, paused: int) -> str:
        """How many daily passages there are."""
        if not paused:
            return self._(
                "Daily passages: {count}. `/daily status` lists them.", count=self.number(count)
            )
        return self._(
            "Daily passages: {count}, paused: **{paused}**. `/daily status` says why.",
            count=self.number(count),
            paused=self.number(paused),
        )

    def version(self, version: str) -> str:
        """The program's version."""
        return self._("Version {version}.", version=version)

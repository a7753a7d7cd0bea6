"""What /daily says itself."""

from __future__ import annotations

from bot.models import Source
from bot.storage.daily import PauseReason
from bot.wording.lines import Line, Lines


class DailyWording(Lines):
    """The line above a daily passage, and those for curators."""

    TODAY = Line("Passage of the day")

    NONE = Line("No channel here gets a daily passage. `/daily set` starts one.")
    HEADING = Line("Daily passages:")
    ALL_TEXTS = Line("from all texts")
    IN_ORDER = Line("in order")
    AT_RANDOM = Line("at random")
    NOT_A_TIME = Line("That isn't a time of day. Type it as 8:30 or 20:30. Nothing has changed.")
    NOT_A_CHANNEL = Line(
        "I can post in text channels and threads only. Pick one of these. Nothing has changed."
    )
    SILENT = Line(
        "That channel is silent: `/settings` says that I post nothing there for all to read. Nothing"
        " has changed."
    )
    NO_SUCH_SCHEDULE = Line(
        "That channel gets no daily passage. `/daily status` lists those that do."
    )
    CANNOT_MENTION = Line(
        "You can't mention that role, so I won't either. Pick one that anyone can mention, or leave it "
        "out. Nothing has changed."
    )
    NOT_EVERYBODY = Line("I never mention @everyone. Pick another role. Nothing has changed.")
    WILL_NOT_PING = Line(
        "My mention won't notify that role: let anyone mention it, or give me the permission Mention "
        "Everyone."
    )
    STORAGE_FAILED = Line(
        "I can't save anything right now, so nothing has changed. Please try again in a while."
    )

    def not_a_zone(self, typed: str) -> str:
        """Says that there is no such time zone."""
        return self._(
            "I don't know the time zone “{typed}”. Pick one from the list as you type, such as "
            "Europe/Berlin. Nothing has changed.",
            typed=typed,
        )

    def too_many(self, most: int) -> str:
        """Says that no further channel can have one."""
        return self._(
            "{count} channels already have a daily passage, and that's the limit. Remove one first.",
            count=self.number(most),
        )

    def lacking(self, channel: str, permissions: list[str]) -> str:
        """Says which permissions the bot needs."""
        return self._(
            "I can't post in {channel}: I need {permissions} there. Nothing has changed.",
            channel=channel,
            permissions=self.listed(permissions),
        )

    def schedule(self, channel: str, time: str, zone: str, text: str, order: str) -> str:
        """A schedule in one line."""
        return self._(
            "{channel}: {time} ({zone}), {text}, {order}",
            channel=channel,
            time=time,
            zone=zone,
            text=text,
            order=order,
        )

    def from_text(self, source: Source | str) -> str:
        """The only text that passages are taken from."""
        title = source if isinstance(source, str) else source.title
        return self._("from “{title}”", title=self.isolated(title))

    def mentions(self, role: str) -> str:
        """The role that is mentioned."""
        return self._("mentions {role}", role=role)

    def next(self, when: str) -> str:
        """When the next one comes; `when` in Discord's notation."""
        return self._("Next: {when}", when=when)

    def paused(self, reason: PauseReason) -> str:
        """Why none comes, and what to do about it."""
        return {
            PauseReason.CURATOR: self._("Paused. `/daily resume` starts it again."),
            PauseReason.CHANNEL: self._(
                "Paused: the channel is gone. `/daily remove` removes this schedule."
            ),
            PauseReason.PERMISSION: self._(
                "Paused: I'm no longer allowed to post there. Let me, then use `/daily resume`."
            ),
            PauseReason.SILENT: self._(
                "Paused: the channel is silent now. Change `/settings`, then use `/daily resume`."
            ),
            PauseReason.TEXT: self._(
                "Paused: the text is gone, or no longer used here. `/daily set` chooses another one."
            ),
        }[reason]

    def is_set(self, line: str) -> str:
        """Confirms what was set."""
        return self._("Set. {schedule}", schedule=line)

    def resumed(self, line: str) -> str:
        """Confirms that it goes on."""
        return self._("Resumed. {schedule}", schedule=line)

    def is_paused(self, channel: str) -> str:
        """Confirms that none will come."""
        return self._(
            "Paused: {channel} gets no daily passage until `/daily resume`.", channel=channel
        )

    def removed(self, channel: str) -> str:
        """Confirms that it was removed."""
        return self._("Removed: {channel} no longer gets a daily passage.", channel=channel)

"""Discord's permissions by the names that its clients show."""

from __future__ import annotations

from bot.wording.lines import Lines


class PermissionLines(Lines):
    """The names of the permissions that the bot may need."""

    def permission(self, name: str) -> str:
        """The name that people see of a permission of the API, such as `send_messages`."""
        return {
            "view_channel": self._("View Channel"),
            "send_messages": self._("Send Messages"),
            "send_messages_in_threads": self._("Send Messages in Threads"),
            "create_public_threads": self._("Create Public Threads"),
            "read_message_history": self._("Read Message History"),
            "mention_everyone": self._("Mention Everyone"),
            "use_external_apps": self._("Use External Apps"),
        }[name]

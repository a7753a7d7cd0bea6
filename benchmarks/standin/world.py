"""Servers, channels, messages and people, and what the bot may do in each place."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Flag, auto

from benchmarks.standin import payloads
from benchmarks.standin.payloads import BOT, JSON

REMEMBERED = 5_000
"""Messages that are kept; of more, the oldest are forgotten."""


class Right(Flag):
    """What the bot may do in a channel."""

    VIEW = auto()
    SEND = auto()
    OPEN_THREADS = auto()


@dataclass
class World:
    """Everything that exists, as Discord would send it."""

    owner: JSON = field(default_factory=lambda: payloads.user("owner"))
    servers: dict[str, JSON] = field(default_factory=dict)
    channels: dict[str, JSON] = field(default_factory=dict)
    messages: dict[str, JSON] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    """Attachments by the last part of their address."""
    attachments: dict[str, JSON] = field(default_factory=dict)
    """Files that members have chosen for an option of a command, by id."""
    permissions: dict[str, int] = field(default_factory=dict)
    """What people may do, by their ids, where it differs from what every member may."""
    rights: dict[str, Right] = field(default_factory=dict)
    """What the bot may do in a channel, if not everything."""

    def add_server(self, name: str = "Lab") -> JSON:
        """Make a server with a channel `ask`. The bot hears of it when it connects next."""
        server = payloads.server(name, self.owner)
        self.servers[server["id"]] = server
        self.add_channel(server, "ask")
        return server

    def add_manager(self) -> JSON:
        """Make a person who may Manage Server and Manage Messages."""
        person = payloads.user("manager")
        more = payloads.MANAGE_SERVER | payloads.MANAGE_MESSAGES
        self.permissions[person["id"]] = payloads.MEMBER_PERMISSIONS | more
        return person

    def add_channel(self, server: JSON, name: str, kind: int = 0) -> JSON:
        """Make a channel of a server."""
        channel = payloads.channel(name, server["id"], kind)
        server["channels"].append(channel)
        self.channels[channel["id"]] = channel
        return channel

    def direct_channel(self, person: JSON) -> JSON:
        """The channel between a person and the bot, made if there is none."""
        for channel in self.channels.values():
            if channel["type"] == 1 and channel["recipients"][0]["id"] == person["id"]:
                return channel
        channel = payloads.direct_channel(person)
        self.channels[channel["id"]] = channel
        return channel

    def keep(self, message: JSON) -> JSON:
        """Remember a message."""
        self.messages[message["id"]] = message
        while len(self.messages) > REMEMBERED:
            del self.messages[next(iter(self.messages))]
        return message

    def may(self, channel_id: str, right: Right) -> bool:
        """Whether the bot may do this in the channel."""
        return right in self.rights.get(channel_id, ~Right(0))

    def history(self, channel_id: str) -> list[JSON]:
        """The messages of a channel, newest first."""
        return [m for m in reversed(self.messages.values()) if m["channel_id"] == channel_id]

    def said_by_bot(self, channel_id: str) -> list[JSON]:
        """What the bot has said in a channel, oldest first, without what only members see."""
        return [
            m
            for m in self.messages.values()
            if m["channel_id"] == channel_id and m["author"]["id"] == BOT["id"]
        ]

"""The settings of every server, at hand in memory and kept in the storage."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self

import discord

from bot.operations.storage.database import Storage
from bot.operations.storage.servers import ServerSettings

_DEFAULT = ServerSettings()


def server_of(interaction: discord.Interaction[Any]) -> int | None:
    """Return the server that an interaction came from; None where the bot is not in one."""
    here = interaction.client.get_guild(interaction.guild_id or 0)
    return None if here is None else here.id


class ServerBook:
    """What the curators of each server have set. Only this bot writes it, so memory is right."""

    def __init__(self, storage: Storage, settings: Mapping[int, ServerSettings]) -> None:
        self._storage = storage
        self._settings = dict(settings)

    @classmethod
    async def read(cls, storage: Storage) -> Self:
        """Return the book as it is kept.

        Raises StorageError if it cannot be read.
        """
        return cls(storage, await storage.servers.all())

    def of(self, server: int | None) -> ServerSettings:
        """Return the settings of a server; the defaults outside servers (None)."""
        return _DEFAULT if server is None else self._settings.get(server, _DEFAULT)

    async def change(
        self, server: int, to: ServerSettings, member_id: int, detail: str, at: datetime
    ) -> None:
        """Keep other settings for a server, and who changed what; `detail` says it in words.

        Raises StorageError if they cannot be kept: then nothing has changed.
        """
        await self._storage.servers.set(server, to)
        self._settings[server] = to
        await self._storage.audit.record(server, member_id, "settings", detail, at)

    def forget(self, server: int) -> None:
        """Let go of a server whose settings have been deleted."""
        self._settings.pop(server, None)

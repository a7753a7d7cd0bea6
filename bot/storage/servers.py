"""Settings of servers, and when the bot was removed from them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated

import structlog
from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass
from sqlalchemy import delete, select, union

from bot.storage.connections import Connections, insert_into, upsert
from bot.storage.questions import lock_questions
from bot.storage.tables import audit, daily, departures, questions, servers

Id = Annotated[int, Field(gt=0, lt=2**63)]
Rate = Annotated[int, Field(ge=0, le=10_000)]

_log = structlog.get_logger("verbatim.storage")


@dataclass(frozen=True, slots=True, config=ConfigDict(extra="forbid", strict=True))
class ServerSettings:
    """Settings that a server's curators have made; None falls back to the config.

    The bot answers in `listens` channels without a mention, and in `silent` channels to the asker
    alone. `sources` are the ids of the texts that are quoted there (None: all).
    """

    language: str | None = None
    private: bool | None = None
    own_thread: bool = False
    listens: frozenset[Id] = frozenset()
    silent: frozenset[Id] = frozenset()
    forums: frozenset[Id] = frozenset()
    sources: frozenset[str] | None = None
    curator_roles: frozenset[Id] = frozenset()
    member_questions: Rate | None = None
    channel_questions: Rate | None = None


_DOCUMENT = TypeAdapter(ServerSettings)


class Servers:
    """Reads and writes settings by server."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    async def get(self, server: int) -> ServerSettings:
        """The server's settings, or the defaults."""
        found = select(servers.c.settings).where(servers.c.server == server)
        async with self._connections.reading() as connection:
            document = (await connection.execute(found)).scalar()
        return ServerSettings() if document is None else _read(server, document)

    async def all(self) -> dict[int, ServerSettings]:
        """The settings of every server that has any."""
        async with self._connections.reading() as connection:
            rows = (await connection.execute(select(servers))).all()
        return {row.server: _read(row.server, row.settings) for row in rows}

    async def set(self, server: int, settings: ServerSettings) -> None:
        """Replace the server's settings."""
        document = _DOCUMENT.dump_json(settings).decode()
        async with self._connections.writing() as connection:
            await upsert(connection, servers, {"server": server}, {"settings": document})

    async def known(self) -> frozenset[int]:
        """Servers with any stored data, except those that the bot has left."""
        kept = union(
            select(servers.c.server),
            select(questions.c.server).where(questions.c.server.is_not(None)),
            select(audit.c.server).where(audit.c.server.is_not(None)),
            select(daily.c.server),
        ).subquery()
        left = select(departures.c.server)
        there = select(kept.c.server).where(kept.c.server.not_in(left))
        async with self._connections.reading() as connection:
            return frozenset((await connection.execute(there)).scalars())

    async def departed(self) -> frozenset[int]:
        """Servers that the bot has left and whose data are not deleted yet."""
        async with self._connections.reading() as connection:
            return frozenset((await connection.execute(select(departures.c.server))).scalars())

    async def left(self, server: int, when: datetime) -> None:
        """Record that the bot was removed, unless that is recorded already."""
        async with self._connections.writing() as connection:
            note = insert_into(connection, departures).values(server=server, left_at=when)
            await connection.execute(note.on_conflict_do_nothing())

    async def returned(self, server: int) -> None:
        """Record that the bot was added again."""
        async with self._connections.writing() as connection:
            await connection.execute(delete(departures).where(departures.c.server == server))

    async def purge_departed(self, before: datetime) -> list[int]:
        """Delete all data of servers left before then, and return their ids."""
        gone = select(departures.c.server).where(departures.c.left_at < before)
        async with self._connections.writing() as connection:
            ids = sorted((await connection.execute(gone.with_for_update())).scalars())
            await lock_questions(connection, questions.c.server.in_(gone))
            for table in (servers, questions, audit, daily, departures):
                for server in ids:
                    await connection.execute(delete(table).where(table.c.server == server))
        return ids


def _read(server: int, document: str) -> ServerSettings:
    """Parse `document`; an invalid setting gets its default, and a line in the log."""
    try:
        values = json.loads(document)
        if not isinstance(values, dict):
            raise ValueError("no object")
    except (ValueError, RecursionError):
        _log.warning("a server's settings cannot be read: its defaults hold", server=server)
        return ServerSettings()
    try:
        return _DOCUMENT.validate_json(document)
    except ValidationError as error:
        bad = {str(item["loc"][0]) for item in error.errors() if item["loc"]}
        _log.warning("settings of a server left at their defaults", server=server, keys=sorted(bad))
        good = {key: value for key, value in values.items() if key not in bad}
        return _DOCUMENT.validate_json(json.dumps(good))

"""Opens or checks the database with server settings, questions, votes and the audit log."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import structlog
from sqlalchemy import select

from bot.errors import Problem, VerbatimError
from bot.files import file_errors
from bot.storage import schema
from bot.storage.address import Address
from bot.storage.audit import MAX_AUDIT, AuditLog
from bot.storage.connections import Connections
from bot.storage.daily import DailySchedules
from bot.storage.members import open_key, read_key
from bot.storage.preferences import PreferenceTable
from bot.storage.questions import Questions
from bot.storage.schema import Schema
from bot.storage.servers import Servers
from bot.storage.tables import servers

SETTING = "storage.url"
SQLITE = b"SQLite format 3\0"

_log = structlog.get_logger("verbatim.storage")


class Storage:
    """An open database."""

    def __init__(
        self, connections: Connections, key: bytes, days: int, audit: int = MAX_AUDIT
    ) -> None:
        self.where = connections.where
        """The file, or host and database; never user or password."""
        self.days = days
        """Days that questions are kept; 0: none are."""
        self.servers = Servers(connections)
        self.questions = Questions(connections, key, days)
        self.audit = AuditLog(connections, audit)
        self.daily = DailySchedules(connections)
        self.preferences = PreferenceTable(connections, key)
        self._connections = connections

    @property
    def keeps_questions(self) -> bool:
        """Whether questions and votes are stored at all."""
        return self.days > 0

    @classmethod
    async def open(cls, url: str, key_file: Path, *, days: int, audit: int = MAX_AUDIT) -> Self:
        """Open the storage at `url`, and migrate its schema to the newest version.

        `days` is how long questions are kept; 0: none are. `audit`: entries of the audit log that are kept.
        `key_file` is created if it is missing.

        Raises:
            VerbatimError: it cannot be opened; nothing has changed.

        """
        address = _address(url)
        connections = Connections(address)
        try:
            if address.file is not None:
                _create_private(address.file)
            found = await _schema(connections)
            key = open_key(key_file)
            await connections.prepare()
            if found is not Schema.READY:
                async with connections.writing() as connection:
                    await connection.run_sync(schema.upgrade)
                _log.info("storage brought to the newest schema", where=str(address))
        except BaseException:
            await connections.close()
            raise
        return cls(connections, key, days, audit)

    @asynccontextmanager
    async def alone(self, work: str) -> AsyncIterator[bool]:
        """Whether no other process does this `work` during the block; on SQLite it is always so.

        Raises:
            StorageError: the database cannot be reached.

        """
        async with self._connections.locked(work) as got:
            yield got

    async def ping(self) -> None:
        """Read a row.

        Raises:
            StorageError: the database cannot be reached or read.

        """
        async with self._connections.reading() as connection:
            await connection.execute(select(servers.c.server).limit(1))

    async def close(self) -> None:
        """Finish running transactions and close the database."""
        await self._connections.close()


@dataclass(frozen=True, slots=True)
class StorageStatus:
    """Where a database is, and the version of its schema."""

    where: str
    schema: Schema


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """The revisions of a database's schema before and after an upgrade; None: it had none."""

    where: str
    before: str | None
    after: str | None


async def upgrade(url: str) -> SchemaChange:
    """Bring the database at `url` to the newest schema; make it if it is missing.

    Raises:
        VerbatimError: it cannot be opened, or is from a newer version; nothing has changed.

    """
    address = _address(url)
    connections = Connections(address)
    try:
        if address.file is not None:
            _create_private(address.file)
        await _schema(connections)
        await connections.prepare()
        async with connections.writing() as connection:
            before = await connection.run_sync(schema.revision_of)
            await connection.run_sync(schema.upgrade)
            after = await connection.run_sync(schema.revision_of)
        return SchemaChange(connections.where, before, after)
    finally:
        await connections.close()


async def check(url: str, key_file: Path) -> StorageStatus:
    """Do what `Storage.open` does, without creating or changing anything.

    Raises:
        VerbatimError: it cannot be opened.

    """
    address = _address(url)
    if read_key(key_file) is None and (reason := _why_not_creatable(key_file)):
        raise VerbatimError(Problem(str(key_file), reason))
    connections = Connections(address)
    try:
        if address.file is not None and not address.file.exists():
            return StorageStatus(connections.where, Schema.MISSING)
        return StorageStatus(connections.where, await _schema(connections))
    finally:
        await connections.close()


async def _schema(connections: Connections) -> Schema:
    try:
        async with connections.reading() as connection:
            found = await connection.run_sync(schema.schema_of)
    except TypeError as error:  # how asyncpg reports an unknown option
        option = str(error).rpartition(" ")[2]
        raise VerbatimError(Problem(SETTING, f"has an unknown option: {option}")) from error
    if found is Schema.NEWER:
        reason = (
            "was written by a newer version of verbatim: install that, or name another database"
        )
        raise VerbatimError(Problem(connections.where, reason))
    return found


def _address(url: str) -> Address:
    try:
        address = Address.parse(url)
    except ValueError as error:
        raise VerbatimError(Problem(SETTING, str(error))) from None
    reason = None if address.file is None else _why_not_usable(address.file)
    if reason is not None:
        raise VerbatimError(Problem(str(address), reason))
    return address


def _create_private(file: Path) -> None:
    """Create `file` unless it exists, readable by its owner alone: it holds members' questions.

    SQLite gives its other files beside it the same permissions.
    """
    try:
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        raise VerbatimError(Problem(str(file), f"cannot be created: {error.strerror}")) from error


def _why_not_creatable(file: Path) -> str | None:
    if not file.parent.is_dir():
        return "the folder it should be in is not there"
    if not os.access(file.parent, os.W_OK):
        return "the folder it is in cannot be written"
    return None


def _why_not_usable(file: Path) -> str | None:
    if reason := _why_not_creatable(file):
        return reason
    if file.is_dir():
        return "is a folder: name a file in it"
    if file.exists() and not os.access(file, os.W_OK):
        return "cannot be written: give it to the user that runs the bot"
    try:
        with file.open("rb") as opened:
            begins = opened.read(len(SQLITE))
    except FileNotFoundError:
        return None
    except OSError as error:
        return file_errors.why_unreadable(error)
    # SQLite would take a file of a few bytes for an empty database, and overwrite it.
    return None if begins in (b"", SQLITE) else "is not a database: name another file"

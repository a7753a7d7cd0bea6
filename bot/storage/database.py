"""What the bot keeps: settings of servers, questions with their votes, acts of curators."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import structlog

from bot.models import Problem, VerbatimError
from bot.storage.address import Address
from bot.storage.audit import AuditLog
from bot.storage.connections import Connections
from bot.storage.members import open_key, read_key
from bot.storage.questions import Questions
from bot.storage.schema import Schema, schema_of, upgrade
from bot.storage.servers import Servers

SETTING = "storage.url"
SQLITE = b"SQLite format 3\0"

_log = structlog.get_logger("verbatim.storage")


class Storage:
    """One open database."""

    def __init__(self, connections: Connections, key: bytes, days: int) -> None:
        self.where = connections.where
        """The file, or host and database: never a user or password."""
        self.days = days
        """How long questions are kept; 0: not at all."""
        self.servers = Servers(connections)
        self.questions = Questions(connections, key, days)
        self.audit = AuditLog(connections)
        self._connections = connections

    @property
    def keeps_questions(self) -> bool:
        """Return whether questions and votes are kept."""
        return self.days > 0

    @classmethod
    async def open(cls, url: str, key_file: Path, *, days: int) -> Self:
        """Return the storage at `url`, its schema brought up to date.

        Questions are kept for `days`; 0: not at all. `key_file` is made if it is not there.

        Raises:
            VerbatimError: it cannot be opened; what is there is left as it was.

        """
        address = _address(url)
        connections = Connections(address)
        try:
            if address.file is not None:
                _make(address.file)
            found = await _schema(connections)
            key = open_key(key_file)
            await connections.prepare()
            if found is not Schema.READY:
                async with connections.writing() as connection:
                    await connection.run_sync(upgrade)
                _log.info("storage brought to the newest schema", where=str(address))
        except BaseException:
            await connections.close()
            raise
        return cls(connections, key, days)

    async def close(self) -> None:
        """Let go of the database."""
        await self._connections.close()


@dataclass(frozen=True, slots=True)
class StorageStatus:
    """A database that can be opened: where it is, and how its schema stands."""

    where: str
    schema: Schema


async def check(url: str, key_file: Path) -> StorageStatus:
    """Return what `Storage.open` would find, and change or make nothing.

    Raises:
        VerbatimError: it could not be opened.

    """
    address = _address(url)
    if read_key(key_file) is None and (reason := _no_place(key_file)):
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
            found = await connection.run_sync(schema_of)
    except TypeError as error:  # asyncpg's word for an option it does not have
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
        address = Address.of(url)
    except ValueError as error:
        raise VerbatimError(Problem(SETTING, str(error))) from None
    reason = None if address.file is None else _unusable(address.file)
    if reason is not None:
        raise VerbatimError(Problem(str(address), reason))
    return address


def _make(file: Path) -> None:
    """Make `file` if it is not there, for its owner's eyes alone: it holds what members ask.

    SQLite gives the files that it keeps beside it the same rights.
    """
    try:
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        raise VerbatimError(Problem(str(file), f"cannot be made: {error.strerror}")) from error


def _no_place(file: Path) -> str | None:
    """Return why no file can be made at `file`."""
    if not file.parent.is_dir():
        return "the folder it should be in is not there"
    if not os.access(file.parent, os.W_OK):
        return "the folder it is in cannot be written"
    return None


def _unusable(file: Path) -> str | None:
    """Return why there cannot be a SQLite database in `file`."""
    if reason := _no_place(file):
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
        return f"cannot be read: {error.strerror}"
    # SQLite itself would take a file of a few bytes for an empty one, and write over it.
    return None if begins in (b"", SQLITE) else "is no database: name another file"

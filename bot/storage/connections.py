"""Connections to the database: each is a transaction, and every failure is a StorageError."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Table, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import Problem, TemporaryError
from bot.installation import install_command
from bot.storage.address import Address

WAIT = 10
"""Seconds to wait for a locked SQLite file or a server that does not answer."""

CLOSING = 15
"""Seconds that running transactions get to finish when the storage is closed."""

NEEDED = 100_000
"""Bytes that SQLite needs beside its file for the index of its log, and a little more."""

_FAILURES = (SQLAlchemyError, OSError)


class StorageError(TemporaryError):
    """The database failed; the operation was not carried out."""


class Connections:
    """Opens connections to one database. Counts those in use, so that `close` can wait for them."""

    def __init__(self, address: Address) -> None:
        self.where = str(address)
        self._file = address.file
        self._in_use = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._closing = False
        try:
            self._engine = _engine(address)
        except ModuleNotFoundError as error:
            reason = f"needs {error.name}: {install_command('postgres')}"
            raise StorageError(Problem(self.where, reason)) from error

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Open a connection for reading.

        Raises:
            StorageError: the database failed.

        """
        async with self._failing("cannot be read"), self._engine.connect() as connection:
            yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction, which is rolled back if the block raises.

        Raises:
            StorageError: the database failed; nothing has changed.

        """
        writer = self._engine.execution_options(begin="BEGIN IMMEDIATE")
        async with self._failing("cannot be written"), writer.begin() as connection:
            yield connection

    @asynccontextmanager
    async def locked(self, name: str) -> AsyncIterator[bool]:
        """Hold PostgreSQL's advisory lock `name` during the block; False if another process has it.

        It is held by a transaction, so it is given up even if this process is killed. A SQLite file
        has no such locks: there it is always True.

        Raises:
            StorageError: the database failed.

        """
        if self._engine.dialect.name == "sqlite":
            yield True
            return
        async with self.reading() as connection:
            lock = text("SELECT pg_try_advisory_xact_lock(hashtext(:name))")
            yield bool((await connection.execute(lock, {"name": f"verbatim {name}"})).scalar())

    async def prepare(self) -> None:
        """Switch a SQLite file to write-ahead logging, so that readers and the writer do not block.

        Raises:
            StorageError: the database failed.

        """
        if self._engine.dialect.name == "sqlite":
            async with self._failing("cannot be written"), self._engine.connect() as connection:
                await connection.execution_options(begin=None)
                await connection.exec_driver_sql("PRAGMA journal_mode = WAL")

    async def empty_log(self) -> None:
        """Empty a SQLite file's log, in which what was deleted can still be read.

        If that is impossible now, because somebody reads, it stays until the next time, or until the bot stops.
        """
        if self._engine.dialect.name != "sqlite":
            return
        with suppress(StorageError):
            async with self._failing("cannot be written"), self._engine.connect() as connection:
                await connection.execution_options(begin=None)
                await connection.exec_driver_sql("PRAGMA busy_timeout = 0")  # nobody waits for this
                try:
                    await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                finally:
                    await connection.exec_driver_sql(f"PRAGMA busy_timeout = {1000 * WAIT}")

    async def close(self) -> None:
        """Close all connections, after running transactions have finished.

        A coroutine whose connection were closed under it might wait forever.
        """
        self._closing = True
        with suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), CLOSING)
        await self._engine.dispose()

    @asynccontextmanager
    async def _failing(self, what: str) -> AsyncIterator[None]:
        if self._closing:
            raise StorageError(Problem(self.where, f"{what}: it is closed"))
        self._in_use += 1
        self._idle.clear()
        try:
            yield
        except _FAILURES as error:
            reason = f"{what}: {reason_of(error, self._file)}"
            if isinstance(error, OSError) and not isinstance(error, TimeoutError):
                found = error.strerror or error
                reason = f"cannot be reached ({found}): is the server up, and its name right?"
            raise StorageError(Problem(self.where, reason)) from error
        finally:
            self._in_use -= 1
            if not self._in_use:
                self._idle.set()


def insert_into(connection: AsyncConnection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Build an insert statement that supports ON CONFLICT in the connection's dialect."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


async def upsert(
    connection: AsyncConnection, table: Table, keys: Mapping[str, Any], values: Mapping[str, Any]
) -> None:
    """Insert a row with `keys` and `values`, or update the row that has these keys."""
    row = insert_into(connection, table).values({**keys, **values})
    await connection.execute(
        row.on_conflict_do_update(index_elements=list(keys), set_=dict(values))
    )


def _engine(address: Address) -> AsyncEngine:
    if address.server is not None:
        return create_async_engine(
            address.server,
            connect_args={"timeout": WAIT, "command_timeout": WAIT},
            pool_pre_ping=True,
            hide_parameters=True,  # they are what members typed
        )
    engine = create_async_engine(
        URL.create("sqlite+aiosqlite", database=str(address.file)),
        connect_args={"timeout": WAIT},
        hide_parameters=True,
    )
    event.listen(engine.sync_engine, "connect", _set_up)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _set_up(connection: Any, _record: object) -> None:
    """Leave BEGIN to SQLAlchemy rather than sqlite3, enforce foreign keys, and let nothing deleted be read again."""
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA secure_delete = ON")  # overwrite what is deleted
    cursor.close()


def _begin(connection: Connection) -> None:
    """Take the write lock at BEGIN where asked: SQLite refuses, without waiting, to upgrade a read."""
    statement = connection.get_execution_options().get("begin", "BEGIN")
    if statement is not None:
        connection.exec_driver_sql(statement)


def reason_of(error: SQLAlchemyError | OSError, file: Path | None) -> str:
    """The driver's message in one line, without the statement."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, TimeoutError):
        return "no answer in time"
    reason = " ".join(str(cause).split("\n")[0].split()) or type(cause).__name__
    return "the disk is full" if file is not None and _means_full_disk(reason, file) else reason


def _means_full_disk(reason: str, file: Path) -> bool:
    """Whether SQLite has no space left, which it may call an I/O error."""
    if reason != "disk I/O error":
        return reason == "database or disk is full"
    with suppress(OSError):
        return shutil.disk_usage(file.parent).free < NEEDED
    return False

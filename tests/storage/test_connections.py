"""Transactions, and failures as one kind of error."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import OperationalError

from bot.storage.address import Address
from bot.storage.connections import Connections, StorageError, reason_of, upsert
from bot.storage.schema import upgrade
from bot.storage.tables import servers


@pytest.fixture
async def connections(url: str) -> AsyncIterator[Connections]:
    """Return the way to a database with its tables."""
    opened = Connections(Address.parse(url))
    await opened.prepare()
    async with opened.writing() as connection:
        await connection.run_sync(upgrade)
    yield opened
    await opened.close()


async def settings(connections: Connections) -> dict[int, str]:
    async with connections.reading() as connection:
        return {row.server: row.settings for row in await connection.execute(select(servers))}


async def _write(connections: Connections, server: int, text: str) -> None:
    async with connections.writing() as connection:
        await upsert(connection, servers, {"server": server}, {"settings": text})


@pytest.mark.parametrize(("free", "said"), [(0, "the disk is full"), (10**9, "disk I/O error")])
def test_sqlites_io_error_on_a_full_disk_is_called_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, said: str
) -> None:
    """It cannot extend the index of its log there, and does not say why."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    error = OperationalError("", {}, sqlite3.OperationalError("disk I/O error"))
    assert reason_of(error, tmp_path / "verbatim.db") == said


async def test_a_failed_transaction_changes_nothing(connections: Connections) -> None:
    """Exceptions that are not the database's pass through unchanged."""

    async def write() -> None:
        async with connections.writing() as connection:
            await connection.execute(insert(servers).values(server=1, settings="{}"))
            raise KeyError("ours")

    with pytest.raises(KeyError):
        await write()
    assert await settings(connections) == {}


async def test_a_failure_is_one_line_without_parameters(
    connections: Connections,
) -> None:
    """The cause is chained for the log, without what members typed."""
    row = insert(servers).values(server=1, settings="what a member typed")

    async def write_twice() -> None:
        async with connections.writing() as connection:
            await connection.execute(row)
            await connection.execute(row)

    with pytest.raises(StorageError, match="cannot be written") as caught:
        await write_twice()
    assert str(caught.value).startswith(connections.where)
    assert "\n" not in str(caught.value)
    causes = list(chain(caught.value))
    assert len(causes) > 1
    assert not [cause for cause in causes if "typed" in str(cause)]
    assert await settings(connections) == {}


def chain(error: BaseException) -> Iterator[BaseException]:
    found: BaseException | None = error
    while found is not None:
        yield found
        found = found.__cause__


async def test_upsert_inserts_or_updates(connections: Connections) -> None:
    """Other columns stay; two at once do not fail."""
    await _write(connections, 1, "one")
    await asyncio.gather(*(_write(connections, 2, "two") for _ in range(8)))
    await _write(connections, 1, "new")
    assert await settings(connections) == {1: "new", 2: "two"}


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_a_transaction_that_reads_before_it_writes_waits_for_others(
    connections: Connections,
) -> None:
    """SQLite would refuse it if it had begun by reading."""
    async with connections.writing() as connection:
        await connection.execute(insert(servers).values(server=1, settings="0"))

    async def count() -> None:
        async with connections.writing() as connection:
            found = (await connection.execute(select(servers.c.settings))).scalar_one()
            await asyncio.sleep(0)
            await connection.execute(update(servers).values(settings=str(int(found) + 1)))

    await asyncio.gather(*(count() for _ in range(12)))
    assert await settings(connections) == {1: "12"}


async def test_readers_and_the_writer_do_not_block_each_other(connections: Connections) -> None:
    """Readers see the state before the write."""
    async with connections.writing() as connection:
        await connection.execute(insert(servers).values(server=1, settings="{}"))
        assert await asyncio.wait_for(settings(connections), 5) == {}
    async with connections.reading() as connection:
        assert (await connection.execute(select(servers))).all() == [(1, "{}")]
        await asyncio.wait_for(_write(connections, 2, "{}"), 5)
    assert await settings(connections) == {1: "{}", 2: "{}"}


def test_a_missing_driver_names_the_extra_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only PostgreSQL's is optional."""
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    with pytest.raises(StorageError, match=r"h/d: needs asyncpg: .*\[postgres\]"):
        Connections(Address.parse("postgresql://me:secret@h/d"))


async def test_an_unreachable_server_is_one_line_without_the_password(
    unused_tcp_port: int,
) -> None:
    pytest.importorskip("asyncpg")
    connections = Connections(Address.parse(f"postgres://me:secret@127.0.0.1:{unused_tcp_port}/d"))
    with pytest.raises(StorageError, match=f"127.0.0.1:{unused_tcp_port}/d: cannot") as caught:
        async with connections.reading():
            pass
    await connections.close()
    shown = [repr(connections), repr(vars(connections)), *map(str, chain(caught.value))]
    assert not [text for text in shown if "secret" in text or "\n" in text]

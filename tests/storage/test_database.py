"""Opening what the bot keeps, and refusing what cannot be used."""

from __future__ import annotations

import asyncio
import os
import socket
import traceback
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import text

from bot.errors import VerbatimError
from bot.storage.address import Address
from bot.storage.connections import Connections, StorageError
from bot.storage.database import Storage, check
from bot.storage.schema import Schema
from bot.storage.servers import ServerSettings
from tests.storage.conftest import POSTGRES, needs_postgres


def sqlite(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


async def refusal(url: str, key_file: Path) -> str:
    """Return the one line with which `check` and `Storage.open` refuse alike."""
    with pytest.raises(VerbatimError) as looked:
        await check(url, key_file)
    with pytest.raises(VerbatimError) as opened:
        await Storage.open(url, key_file, days=1)
    assert str(looked.value) == str(opened.value)
    assert "\n" not in str(opened.value)
    return str(opened.value)


async def test_data_survive_a_restart(url: str, key_file: Path) -> None:
    """Database and key are created at the first start, and reused."""
    first = await Storage.open(url, key_file, days=1)
    await first.servers.set(1, ServerSettings(language="ar"))
    await first.close()
    key = key_file.read_bytes()
    second = await Storage.open(url, key_file, days=0)
    assert ServerSettings(language="ar") == await second.servers.get(1)
    assert key == key_file.read_bytes()
    assert (first.keeps_questions, second.keeps_questions) == (True, False)
    await second.close()


async def test_a_check_creates_nothing(url: str, key_file: Path, tmp_path: Path) -> None:
    """No file, key or table."""
    found = await check(url, key_file)
    assert (Schema.MISSING, str(Address.parse(url))) == (found.schema, found.where)
    assert list(tmp_path.iterdir()) == []
    assert (await check(url, key_file)).schema is Schema.MISSING
    await (await Storage.open(url, key_file, days=1)).close()
    assert (await check(url, key_file)).schema is Schema.READY


async def test_a_newer_database_is_refused_and_left_as_it_is(url: str, key_file: Path) -> None:
    """The message says what to do."""
    await (await Storage.open(url, key_file, days=1)).close()
    connections = Connections(Address.parse(url))
    async with connections.writing() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert "newer version of verbatim" in await refusal(url, key_file)
    async with connections.reading() as connection:
        found = await connection.execute(text("SELECT version_num FROM alembic_version"))
        assert found.scalar_one() == "9999"
    await connections.close()


@pytest.mark.parametrize("content", [b"x", b"Dear diary, this is no database. " * 400])
async def test_a_file_that_is_not_a_database_is_refused_and_not_changed(
    tmp_path: Path, key_file: Path, content: bytes
) -> None:
    """Nothing is written beside it either."""
    file = tmp_path / "diary.txt"
    file.write_bytes(content)
    assert f"{file}: is not a database: name another file" == await refusal(sqlite(file), key_file)
    assert content == file.read_bytes()
    assert [file] == list(tmp_path.iterdir())


async def test_a_truncated_database_is_refused_and_not_changed(
    tmp_path: Path, key_file: Path
) -> None:
    """As after a full disk."""
    file = tmp_path / "verbatim.db"
    await (await Storage.open(sqlite(file), key_file, days=1)).close()
    cut = file.read_bytes()[:4096]
    file.write_bytes(cut)
    assert f"{file}: cannot be read" in await refusal(sqlite(file), key_file)
    assert cut == file.read_bytes()


async def test_an_unusable_path_is_reported_in_one_line(
    tmp_path: Path, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No folder, a folder instead of a file, or a folder without write permission."""
    file = tmp_path / "none" / "verbatim.db"
    assert f"{file}: the folder it should be in is not there" == await refusal(
        sqlite(file), key_file
    )
    file.mkdir(parents=True)
    assert f"{file}: is a folder: name a file in it" == await refusal(sqlite(file), key_file)
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert "cannot be written" in await refusal(sqlite(tmp_path / "other.db"), key_file)


async def test_only_the_owner_can_read_what_members_asked(tmp_path: Path, key_file: Path) -> None:
    """The database, SQLite's other files, and the key."""
    before = os.umask(0o022)
    try:
        storage = await Storage.open(sqlite(tmp_path / "verbatim.db"), key_file, days=1)
        await storage.servers.set(1, ServerSettings(language="ar"))
        made = {file.name: oct(file.stat().st_mode & 0o777) for file in tmp_path.iterdir()}
        await storage.close()
    finally:
        os.umask(before)
    assert len(made) == 4
    assert set(made.values()) == {"0o600"}


async def test_a_check_reports_a_read_only_file(
    tmp_path: Path, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And does not change it."""
    file = tmp_path / "verbatim.db"
    await (await Storage.open(sqlite(file), key_file, days=1)).close()
    monkeypatch.setattr(os, "access", lambda path, mode: path != file)
    assert f"{file}: cannot be written: give it to the user that runs the bot" == await refusal(
        sqlite(file), key_file
    )


async def test_a_check_reports_that_the_key_cannot_be_created(tmp_path: Path) -> None:
    """Before the first start."""
    key_file = tmp_path / "none" / "verbatim.key"
    with pytest.raises(VerbatimError, match="the folder it should be in is not there"):
        await check(sqlite(tmp_path / "verbatim.db"), key_file)


async def test_an_unreachable_server_is_explained(key_file: Path) -> None:
    """Without the password."""
    pytest.importorskip("asyncpg")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and nobody listens
        where = f"127.0.0.1:{taken.getsockname()[1]}/texts"
        reason = await refusal(f"postgresql://me:very-secret@{where}", key_file)
    assert reason.startswith(f"{where}: cannot be reached (")
    assert reason.endswith("): is the server up, and its name right?")
    assert "very-secret" not in reason


async def test_an_invalid_url_and_an_invalid_key_are_one_line(
    tmp_path: Path, key_file: Path
) -> None:
    """That names the setting or the file."""
    assert (await refusal("mysql://me:secret@h/d", key_file)).startswith("storage.url: begins")
    key_file.write_bytes(b"short")
    assert "is not a key" in await refusal(sqlite(tmp_path / "verbatim.db"), key_file)


@needs_postgres
async def test_refusals_by_postgresql_are_one_line_without_the_password(key_file: Path) -> None:
    """Wrong password, no such database, unknown option."""
    parts = urlsplit(POSTGRES or "")
    _, at, host = parts.netloc.rpartition("@")
    wrong = parts._replace(netloc=f"nobody:very-secret{at}{host}").geturl()
    assert "cannot be read" in await refusal(wrong, key_file)
    nowhere = parts._replace(path="/verbatim_nowhere").geturl()
    assert "verbatim_nowhere" in await refusal(nowhere, key_file)
    odd = parts._replace(query="bogus=1").geturl()
    assert await refusal(odd, key_file) == "storage.url: has an unknown option: 'bogus'"
    try:
        await Storage.open(wrong, key_file, days=1)
    except VerbatimError as error:
        assert "very-secret" not in "".join(traceback.format_exception(error))


async def test_the_repr_of_a_storage_shows_no_secret(
    storage: Storage, url: str, key_file: Path
) -> None:
    """Neither password nor key."""
    parts = [storage, storage.servers, storage.questions, storage.audit]
    shown = repr(parts) + storage.where
    assert repr(key_file.read_bytes()) not in shown
    assert urlsplit(url).password is None or f":{urlsplit(url).password}" not in shown


async def test_a_naive_time_is_refused(storage: Storage) -> None:
    """It is ambiguous."""
    naive = datetime.now(UTC).replace(tzinfo=None)
    with pytest.raises(VerbatimError):
        await storage.servers.left(1, naive)


async def test_closing_waits_for_running_transactions(storage: Storage) -> None:
    """A coroutine that lost its connection could hang forever."""
    settings = ServerSettings(language="ar")
    at_work = [asyncio.create_task(storage.servers.set(server, settings)) for server in (1, 2, 3)]
    await asyncio.sleep(0)
    await storage.close()
    assert [task.done() and task.exception() for task in at_work] == [None, None, None]
    with pytest.raises(StorageError, match="it is closed"):
        await storage.servers.set(4, settings)


async def test_work_for_one_process_is_done_by_one(
    storage: Storage, url: str, key_file: Path
) -> None:
    """On PostgreSQL, which several share; afterwards another one may do it."""
    other = await Storage.open(url, key_file, days=30)
    async with storage.alone("upkeep") as first, other.alone("upkeep") as second:
        assert first
        assert second is url.startswith("sqlite")
    async with other.alone("upkeep") as again, storage.alone("something else") as else_:
        assert again
        assert else_
    await other.close()

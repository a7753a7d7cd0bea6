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

from bot.models import VerbatimError
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


async def test_what_was_kept_is_there_after_a_restart(url: str, key_file: Path) -> None:
    """The database and the key are made at the first start and used at the next."""
    first = await Storage.open(url, key_file, days=1)
    await first.servers.set(1, ServerSettings(language="ar"))
    await first.close()
    key = key_file.read_bytes()
    second = await Storage.open(url, key_file, days=0)
    assert ServerSettings(language="ar") == await second.servers.get(1)
    assert key == key_file.read_bytes()
    assert (first.keeps_questions, second.keeps_questions) == (True, False)
    await second.close()


async def test_a_check_tells_and_makes_nothing(url: str, key_file: Path, tmp_path: Path) -> None:
    """Neither file nor key nor table; and then it sees that all is well."""
    found = await check(url, key_file)
    assert (Schema.MISSING, str(Address.parse(url))) == (found.schema, found.where)
    assert list(tmp_path.iterdir()) == []
    assert (await check(url, key_file)).schema is Schema.MISSING
    await (await Storage.open(url, key_file, days=1)).close()
    assert (await check(url, key_file)).schema is Schema.READY


async def test_a_newer_database_is_refused_and_left_as_it_is(url: str, key_file: Path) -> None:
    """The line says what to do."""
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
async def test_a_file_that_is_no_database_is_refused_and_left(
    tmp_path: Path, key_file: Path, content: bytes
) -> None:
    """Nothing is written beside it either."""
    file = tmp_path / "diary.txt"
    file.write_bytes(content)
    assert f"{file}: is no database: name another file" == await refusal(sqlite(file), key_file)
    assert content == file.read_bytes()
    assert [file] == list(tmp_path.iterdir())


async def test_a_database_that_was_cut_short_is_refused_and_left(
    tmp_path: Path, key_file: Path
) -> None:
    """As after a full disk."""
    file = tmp_path / "verbatim.db"
    await (await Storage.open(sqlite(file), key_file, days=1)).close()
    cut = file.read_bytes()[:4096]
    file.write_bytes(cut)
    assert f"{file}: cannot be read" in await refusal(sqlite(file), key_file)
    assert cut == file.read_bytes()


async def test_a_place_that_cannot_be_used_is_one_line(
    tmp_path: Path, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No folder, a folder instead of a file, a folder in which nothing can be written."""
    file = tmp_path / "none" / "verbatim.db"
    assert f"{file}: the folder it should be in is not there" == await refusal(
        sqlite(file), key_file
    )
    file.mkdir(parents=True)
    assert f"{file}: is a folder: name a file in it" == await refusal(sqlite(file), key_file)
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert "cannot be written" in await refusal(sqlite(tmp_path / "other.db"), key_file)


async def test_only_the_owner_can_read_what_members_asked(tmp_path: Path, key_file: Path) -> None:
    """The database, what SQLite keeps beside it while it is open, and the key."""
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


async def test_a_file_that_cannot_be_written_is_found_by_a_check(
    tmp_path: Path, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And is left as it is."""
    file = tmp_path / "verbatim.db"
    await (await Storage.open(sqlite(file), key_file, days=1)).close()
    monkeypatch.setattr(os, "access", lambda path, mode: path != file)
    assert f"{file}: cannot be written: give it to the user that runs the bot" == await refusal(
        sqlite(file), key_file
    )


async def test_a_check_finds_that_there_is_no_place_for_the_key(tmp_path: Path) -> None:
    """Before the first start does."""
    key_file = tmp_path / "none" / "verbatim.key"
    with pytest.raises(VerbatimError, match="the folder it should be in is not there"):
        await check(sqlite(tmp_path / "verbatim.db"), key_file)


async def test_a_server_that_is_not_there_is_said_to_be_out_of_reach(key_file: Path) -> None:
    """With what to look at, and without the password."""
    pytest.importorskip("asyncpg")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and nobody listens
        where = f"127.0.0.1:{taken.getsockname()[1]}/texts"
        reason = await refusal(f"postgresql://me:very-secret@{where}", key_file)
    assert reason.startswith(f"{where}: cannot be reached (")
    assert reason.endswith("): is the server up, and its name right?")
    assert "very-secret" not in reason


async def test_a_url_that_is_none_and_a_wrong_key_are_one_line(
    tmp_path: Path, key_file: Path
) -> None:
    """The setting is named, or the file."""
    assert (await refusal("mysql://me:secret@h/d", key_file)).startswith("storage.url: begins")
    key_file.write_bytes(b"short")
    assert "is no key" in await refusal(sqlite(tmp_path / "verbatim.db"), key_file)


@needs_postgres
async def test_postgresqls_refusals_are_one_line_without_the_password(key_file: Path) -> None:
    """Wrong password, no such database, an option that asyncpg does not have."""
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


async def test_the_storage_shows_no_secret(storage: Storage, url: str, key_file: Path) -> None:
    """Not the password, and not the key."""
    parts = [storage, storage.servers, storage.questions, storage.audit]
    shown = repr(parts) + storage.where
    assert repr(key_file.read_bytes()) not in shown
    assert urlsplit(url).password is None or f":{urlsplit(url).password}" not in shown


async def test_a_time_without_its_zone_is_refused(storage: Storage) -> None:
    """It could be any; nothing is kept under a wrong one."""
    naive = datetime.now(UTC).replace(tzinfo=None)
    with pytest.raises(VerbatimError):
        await storage.servers.left(1, naive)


async def test_what_is_being_done_is_done_before_it_closes(storage: Storage) -> None:
    """Work whose connection was taken away would keep the bot from stopping."""
    settings = ServerSettings(language="ar")
    at_work = [asyncio.create_task(storage.servers.set(server, settings)) for server in (1, 2, 3)]
    await asyncio.sleep(0)
    await storage.close()
    assert [task.done() and task.exception() for task in at_work] == [None, None, None]
    with pytest.raises(StorageError, match="it is closed"):
        await storage.servers.set(4, settings)

"""All tables into files, and back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.errors import VerbatimError
from bot.models import Outcome
from bot.storage import database, schema, transfer
from bot.storage.address import Address
from bot.storage.connections import Connections
from bot.storage.database import Storage
from bot.storage.questions import AskedQuestion
from bot.storage.schema import newest_revision
from bot.storage.servers import ServerSettings
from bot.storage.tables import metadata

NOW = datetime(2026, 3, 14, 15, 9, 26, 535_897, tzinfo=UTC)
QUESTION = AskedQuestion(
    2**52, 5, NOW, "¿Dónde está\nel «ferry»? 🛥", Outcome.CLOSEST, 0.25, 2**41, "es"
)


async def fill(storage: Storage) -> None:
    """Store something in every table that the bot writes."""
    await storage.servers.set(5, ServerSettings(language="es", listens=frozenset({7})))
    await storage.servers.left(6, NOW)
    await storage.questions.keep(QUESTION, member_id=1)
    await storage.questions.vote(QUESTION.id, 2, right=False)
    await storage.questions.expect(QUESTION.id, 2, "At the pier")
    for action in ("add", "remove"):
        await storage.audit.record(5, 1, action, "a.md", NOW)


async def content(url: str) -> dict[str, list[tuple[object, ...]]]:
    """Everything in the database."""
    connections = Connections(Address.parse(url))
    try:
        async with connections.reading() as connection:
            return {
                table.name: [tuple(row) for row in await connection.execute(table.select())]
                for table in metadata.sorted_tables
            }
    finally:
        await connections.close()


@pytest.fixture
def dumped(tmp_path: Path) -> Path:
    folder = tmp_path / "dumped"
    folder.mkdir()
    return folder


@pytest.fixture
def other(tmp_path: Path) -> str:
    """Another database, in SQLite."""
    return f"sqlite+aiosqlite:///{tmp_path}/other.db"


async def test_a_database_comes_back_as_it_was(
    storage: Storage, url: str, dumped: Path, other: str
) -> None:
    """While it is open; also from one kind of database to the other, and back."""
    await fill(storage)
    revision, rows = await transfer.dump(url, dumped)
    assert revision == newest_revision()
    assert {"servers": 1, "questions": 1, "votes": 1, "audit": 2}.items() <= rows.items()
    before = await content(url)
    assert rows == await transfer.load(other, dumped, revision)
    assert await content(other) == before
    again = dumped / "again"
    again.mkdir()
    await transfer.dump(other, again)
    await storage.close()
    await transfer.load(url, again, revision, replace=True)
    assert await content(url) == before


async def test_new_rows_get_new_numbers_afterwards(
    storage: Storage, url: str, key_file: Path, dumped: Path
) -> None:
    """PostgreSQL would begin at 1 again."""
    await fill(storage)
    revision, _ = await transfer.dump(url, dumped)
    await storage.close()
    await transfer.load(url, dumped, revision, replace=True)
    opened = await Storage.open(url, key_file, days=30)
    await opened.audit.record(5, 1, "reload", "", NOW)
    await opened.close()
    assert len((await content(url))["audit"]) == 3


async def test_a_failure_leaves_the_database_as_it_was(
    storage: Storage, url: str, dumped: Path
) -> None:
    """A file with a line that is missing something, say."""
    await fill(storage)
    revision, _ = await transfer.dump(url, dumped)
    await storage.close()
    before = await content(url)
    broken = dumped / "questions.jsonl"
    broken.write_text(broken.read_text("utf-8").replace("null", "null, 1", 1) + "[1]\n", "utf-8")
    with pytest.raises(ValueError, match="zip"):
        await transfer.load(url, dumped, revision, replace=True)
    assert await content(url) == before


async def test_a_dump_of_an_older_schema_is_migrated(
    url: str, dumped: Path, tmp_path: Path
) -> None:
    """With the columns that there were then."""
    (dumped / "servers.jsonl").write_text('["server", "settings"]\n[5, "{}"]\n', encoding="utf-8")
    await transfer.load(url, dumped, "0001")
    assert (await content(url))["servers"] == [(5, "{}")]
    assert (await database.check(url, tmp_path / "key")).schema is schema.Schema.READY


async def test_a_dump_of_a_newer_version_is_refused(url: str, dumped: Path) -> None:
    with pytest.raises(VerbatimError, match="newer version"):
        await transfer.load(url, dumped, "9999")


async def test_only_an_up_to_date_database_is_dumped(url: str, dumped: Path) -> None:
    """What is there otherwise is said."""
    with pytest.raises(VerbatimError, match="nothing to back up"):
        await transfer.dump(url, dumped)
    await database.upgrade(url)
    connections = Connections(Address.parse(url))
    async with connections.writing() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await connections.close()
    with pytest.raises(VerbatimError, match="newer version"):
        await transfer.dump(url, dumped)
    with pytest.raises(VerbatimError, match="newer version"):
        await database.upgrade(url)


async def test_files_that_cannot_be_written_are_not_the_databases_fault(
    storage: Storage, url: str, tmp_path: Path
) -> None:
    with pytest.raises(VerbatimError) as refused:
        await transfer.dump(url, tmp_path / "missing")
    assert str(tmp_path / "missing") in str(refused.value)
    assert "cannot be written" in str(refused.value)


async def test_whether_a_database_is_empty(storage: Storage, url: str) -> None:
    assert await transfer.is_empty(url)
    await storage.servers.left(6, NOW)
    assert not await transfer.is_empty(url)


def test_the_files_can_be_read_by_people(dumped: Path) -> None:
    """A line of names, then a line of JSON for each row."""
    row = [transfer._encode(value) for value in (5, NOW, None, b"\0\xff", True)]
    assert json.loads(json.dumps(row)) == [5, NOW.isoformat(), None, "AP8=", True]
    kinds = (int, datetime, str, bytes, bool)
    decoded = [transfer._decode(value, kind) for value, kind in zip(row, kinds, strict=True)]
    assert decoded == [5, NOW, None, b"\0\xff", True]


async def execute(url: str, *statements: str) -> None:
    """Change the database as another program does."""
    connections = Connections(Address.parse(url))
    try:
        async with connections.writing() as connection:
            for statement in statements:
                await connection.execute(text(statement))
    finally:
        await connections.close()


async def test_tables_of_other_programs_stay(storage: Storage, url: str, dumped: Path) -> None:
    """A PostgreSQL database may be shared."""
    await fill(storage)
    revision, _ = await transfer.dump(url, dumped)
    await storage.close()
    await execute(url, "CREATE TABLE invoices (id INTEGER)", "INSERT INTO invoices VALUES (7)")
    before = await content(url)
    await transfer.load(url, dumped, revision, replace=True)
    assert await content(url) == before
    connections = Connections(Address.parse(url))
    async with connections.reading() as connection:
        assert (await connection.execute(text("SELECT id FROM invoices"))).scalar_one() == 7
    await connections.close()


@pytest.mark.parametrize(
    ("statements", "named"),
    [
        (["DROP TABLE alembic_version"], "audit"),
        (["UPDATE alembic_version SET version_num = '9'", "CREATE TABLE invoices (id INTEGER)"], "invoices"),
    ],
    ids=["same names", "another schema"],
)  # fmt: skip
async def test_no_table_that_may_be_of_another_program_is_dropped(
    storage: Storage, url: str, dumped: Path, statements: list[str], named: str
) -> None:
    """The error names it."""
    await fill(storage)
    revision, _ = await transfer.dump(url, dumped)
    await storage.close()
    await execute(url, *statements)
    before = await content(url)
    with pytest.raises(VerbatimError, match=f"another program's .*{named}"):
        await transfer.load(url, dumped, revision, replace=True)
    assert await content(url) == before

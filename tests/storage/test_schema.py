"""Migrations: to the newest schema, whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from bot.storage import schema
from bot.storage.address import Address
from bot.storage.connections import Connections, StorageError
from bot.storage.schema import Schema, schema_of, upgrade
from bot.storage.tables import metadata

LATER = '''
"""Add a colour."""
import sqlalchemy as sa
from alembic import op

revision = "later"
down_revision = "{head}"


def upgrade() -> None:
    op.add_column("servers", sa.Column("colour", sa.Text))
    {then}
'''

HEAD = max(path.name[:4] for path in schema.MIGRATIONS.glob("versions/*.py"))
"""The newest revision that there is."""


@pytest.fixture
async def connections(url: str) -> AsyncIterator[Connections]:
    """Return the way to an empty database."""
    opened = Connections(Address.parse(url))
    yield opened
    await opened.close()


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the migrations of a later version, whose second can still be written."""
    folder = tmp_path / "later"
    shutil.copytree(schema.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(schema, "MIGRATIONS", folder)
    return folder / "versions" / "9999_colour.py"


async def state(connections: Connections) -> Schema:
    async with connections.reading() as connection:
        return await connection.run_sync(schema_of)


async def test_the_migrations_create_the_declared_tables(connections: Connections) -> None:
    """Types, keys and indices too: a changed table needs a migration."""

    def differences(connection: Connection) -> list[object]:
        options = {"compare_type": True, "compare_server_default": True}
        return list(
            compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
        )

    assert await state(connections) is Schema.MISSING
    async with connections.writing() as connection:
        assert await connection.run_sync(differences)
        await connection.run_sync(upgrade)
    async with connections.reading() as connection:
        assert await connection.run_sync(differences) == []
    assert await state(connections) is Schema.READY


async def test_an_older_database_is_migrated_with_its_data(
    connections: Connections, later: Path
) -> None:
    async with connections.writing() as connection:
        await connection.run_sync(upgrade)
        await connection.execute(text("INSERT INTO servers (server, settings) VALUES (1, '{}')"))
    later.write_text(LATER.format(then="", head=HEAD), encoding="utf-8")
    assert await state(connections) is Schema.OLD
    async with connections.writing() as connection:
        await connection.run_sync(upgrade)
        rows = (await connection.execute(text("SELECT * FROM servers"))).all()
    assert [tuple(row) for row in rows] == [(1, "{}", None)]
    assert await state(connections) is Schema.READY


async def test_a_failed_migration_changes_nothing(connections: Connections, later: Path) -> None:
    """So that the older version still runs."""
    async with connections.writing() as connection:
        await connection.run_sync(upgrade)
    later.write_text(LATER.format(then='op.execute("no statement")', head=HEAD), encoding="utf-8")
    with pytest.raises(StorageError):
        async with connections.writing() as connection:
            await connection.run_sync(upgrade)
    assert await state(connections) is Schema.OLD
    async with connections.reading() as connection:
        columns = await connection.run_sync(lambda found: inspect(found).get_columns("servers"))
    assert [column["name"] for column in columns] == ["server", "settings"]


async def test_a_newer_schema_is_recognised(connections: Connections) -> None:
    """It has no migration here."""
    async with connections.writing() as connection:
        await connection.run_sync(upgrade)
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert await state(connections) is Schema.NEWER

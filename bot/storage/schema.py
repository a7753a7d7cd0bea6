"""The version of a database's schema, and migration to the newest one (Alembic)."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

MIGRATIONS = Path(__file__).parent / "migrations"

REVISIONS = "alembic_version"
"""The table in which Alembic keeps the schema's revision."""

MIGRATION_LOCK = 0x5645_5242_0001
"""Key of the advisory lock that is held while a PostgreSQL database is migrated."""


class Schema(Enum):
    """A database's schema compared with the one that this version of the bot uses."""

    MISSING = "missing"
    OLD = "old"
    READY = "ready"
    NEWER = "newer"


def revision_of(connection: Connection) -> str | None:
    """The revision of the database's schema; None if it has none yet."""
    return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str:
    """The revision of the schema that this version of the bot uses."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def is_known(revision: str) -> bool:
    """Whether this version has the migration that leads to `revision`."""
    scripts = ScriptDirectory.from_config(_config())
    return revision in {script.revision for script in scripts.walk_revisions()}


def schema_of(connection: Connection) -> Schema:
    """Compare the database's revision with the migrations that we have."""
    found = revision_of(connection)
    if found is None:
        return Schema.MISSING
    if not is_known(found):
        return Schema.NEWER
    return Schema.READY if found == newest_revision() else Schema.OLD


def upgrade(connection: Connection, to: str = "head") -> None:
    """Migrate the database within the current transaction of `connection`.

    On PostgreSQL a second process that does the same waits, and then finds nothing to do.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config

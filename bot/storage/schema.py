"""The version of a database's schema, and migration to the newest one (Alembic)."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

MIGRATIONS = Path(__file__).parent / "migrations"


class Schema(Enum):
    """A database's schema compared with the one that this version of the bot uses."""

    MISSING = "missing"
    OLD = "old"
    READY = "ready"
    NEWER = "newer"


def schema_of(connection: Connection) -> Schema:
    """Compare the database's revision with the migrations that we have."""
    found = MigrationContext.configure(connection).get_current_revision()
    if found is None:
        return Schema.MISSING
    scripts = ScriptDirectory.from_config(_config())
    if found not in {script.revision for script in scripts.walk_revisions()}:
        return Schema.NEWER
    return Schema.READY if found == scripts.get_current_head() else Schema.OLD


def upgrade(connection: Connection, to: str = "head") -> None:
    """Migrate the database within the current transaction of `connection`."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config

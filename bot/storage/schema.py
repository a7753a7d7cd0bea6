"""The schema that a database has, and the way to the newest one."""

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
    """How the schema of a database stands to this version of the bot."""

    MISSING = "missing"
    OLD = "old"
    READY = "ready"
    NEWER = "newer"


def schema_of(connection: Connection) -> Schema:
    """Return how the schema of the database stands."""
    found = MigrationContext.configure(connection).get_current_revision()
    if found is None:
        return Schema.MISSING
    scripts = ScriptDirectory.from_config(_config())
    if found not in {script.revision for script in scripts.walk_revisions()}:
        return Schema.NEWER
    return Schema.READY if found == scripts.get_current_head() else Schema.OLD


def upgrade(connection: Connection, to: str = "head") -> None:
    """Bring the database to the newest schema, in the transaction that `connection` is in."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config

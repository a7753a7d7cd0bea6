"""A new database for each test: SQLite, and PostgreSQL where VERBATIM_TEST_POSTGRES names one.

That URL's user must be allowed to make databases; the tests make their own and remove them.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.storage.database import Storage

POSTGRES = os.environ.get("VERBATIM_TEST_POSTGRES")
needs_postgres = pytest.mark.skipif(not POSTGRES, reason="VERBATIM_TEST_POSTGRES is not set")


@asynccontextmanager
async def new_database(server: str) -> AsyncIterator[str]:
    """Make a PostgreSQL database on `server` for the block, and provide its URL."""
    import asyncpg

    parts = urlsplit(server)
    name = f"verbatim_test_{secrets.token_hex(6)}"
    admin = await asyncpg.connect(parts._replace(scheme="postgresql").geturl())
    try:
        await admin.execute(f"CREATE DATABASE {name}")
        yield parts._replace(path=f"/{name}").geturl()
        await admin.execute(f"DROP DATABASE {name}")
    finally:
        await admin.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=needs_postgres)])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """Return the URL of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path}/verbatim.db"
        return
    async with new_database(POSTGRES or "") as found:
        yield found


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """Return where the key of the tests is, once it is made."""
    return tmp_path / "verbatim.key"


@pytest.fixture
async def storage(url: str, key_file: Path) -> AsyncIterator[Storage]:
    """Return a storage that keeps questions for 30 days."""
    opened = await Storage.open(url, key_file, days=30)
    yield opened
    await opened.close()

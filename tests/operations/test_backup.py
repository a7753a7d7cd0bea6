"""Backups of a whole installation, in SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import VerbatimError
from bot.operations.backup import Places, back_up, restore
from bot.storage.database import Storage
from bot.storage.servers import ServerSettings
from tests.storage.conftest import url  # noqa: F401 - a fixture

OLD, NEW = ServerSettings(language="es"), ServerSettings(language="ar")


@pytest.fixture
def places(url: str, tmp_path: Path, folder: Path) -> Places:  # noqa: F811 - the fixture
    return Places(url, tmp_path / "verbatim.key", folder)


async def test_a_restored_backup_replaces_what_there_is(places: Places, tmp_path: Path) -> None:
    """Only if that is asked for."""
    storage = await Storage.open(places.url, places.key_file, days=30)
    await storage.servers.set(5, OLD)
    made = await back_up(places, tmp_path / "saved")
    assert made.rows == 1
    assert made.size == (tmp_path / "saved").stat().st_size
    await storage.servers.set(5, NEW)
    await storage.servers.left(6, datetime.now(UTC))
    await storage.close()
    with pytest.raises(VerbatimError, match="is in the way"):
        await restore(tmp_path / "saved", places)
    (places.knowledge / "later.md").write_text("later", encoding="utf-8")
    restored = await restore(tmp_path / "saved", places, replacing=True)
    assert restored.files == made.files
    assert not (places.knowledge / "later.md").exists()
    again = await Storage.open(places.url, places.key_file, days=30)
    assert await again.servers.all() == {5: OLD}
    assert await again.servers.departed() == frozenset()
    await again.close()


async def test_a_file_that_comes_meanwhile_is_in_the_backup(
    places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the folder changes, it is read again."""
    await (await Storage.open(places.url, places.key_file, days=30)).close()
    from bot.operations import archive

    write = archive.write

    def slow_write(*arguments: object) -> int:
        size = write(*arguments)  # type: ignore[arg-type]  # as they are passed
        (places.knowledge / "late.md").write_text("late", encoding="utf-8")
        return size

    monkeypatch.setattr(archive, "write", slow_write)
    await back_up(places, tmp_path / "saved")
    assert archive.read(tmp_path / "saved", "knowledge/late.md") == b"late"


async def test_unfinished_work_is_not_left_over(places: Places, tmp_path: Path) -> None:
    """Neither after success nor after a failure."""
    await (await Storage.open(places.url, places.key_file, days=30)).close()
    await back_up(places, tmp_path / "saved")
    (tmp_path / "bad").write_bytes(b"no")
    with pytest.raises(VerbatimError):
        await restore(tmp_path / "bad", places, replacing=True)
    await restore(tmp_path / "saved", places, replacing=True)
    assert [path for path in tmp_path.iterdir() if path.suffix == ".part"] == []

"""`verbatim backup`, `verbatim restore` and `verbatim db`."""

from __future__ import annotations

import asyncio
import errno
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result

from bot.config import Config
from bot.models import Outcome
from bot.operations import control
from bot.storage.database import Storage
from bot.storage.questions import AskedQuestion
from tests.cli.runner import QUESTION, run

URL = "sqlite+aiosqlite:///verbatim.db"


async def question(number: int) -> None:
    """Keep a question, as the running bot does."""
    storage = await Storage.open(URL, Path("verbatim.key"), days=30)
    asked = AskedQuestion(number, 5, datetime.now(UTC), QUESTION, Outcome.ANSWERED, 0.9)
    await storage.questions.keep(asked, member_id=number)
    await storage.close()


def questions() -> int:
    """How many are stored."""
    with closing(sqlite3.connect("verbatim.db")) as database:
        found: int = database.execute("SELECT count(*) FROM questions").fetchone()[0]
        return found


def files(folder: Path) -> dict[str, bytes]:
    """All files but the databases, whose bytes differ."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "verbatim.db" not in path.name
    }


@pytest.fixture
def installed(tmp_path: Path, folder: Path) -> Path:
    """An installation with config, texts, kept originals and a question, in the working directory."""
    (tmp_path / "config.yaml").write_text("search:\n  quotes: 2\nhealth: {port: 0}\n", "utf-8")
    (folder / ".originals").mkdir()
    (folder / ".originals" / "a.zip").write_bytes(b"\0\1")
    asyncio.run(question(1))
    return tmp_path


def clear(home: Path) -> None:
    for path in home.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def test_a_backup_restores_everything(
    installed: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """On a machine where there is nothing: config, key, texts, originals, questions."""
    before = files(installed)
    saved = tmp_path_factory.mktemp("elsewhere") / "saved"
    assert run("backup", saved).exit_code == 0
    clear(installed)
    result = run("restore", saved)
    assert result.exit_code == 0, result.output
    assert files(installed) == before
    assert questions() == 1
    assert (installed / "verbatim.key").stat().st_mode & 0o077 == 0
    assert (installed / "verbatim.db").stat().st_mode & 0o077 == 0


def test_nothing_is_overwritten_unless_asked(installed: Path) -> None:
    """What was there is moved aside."""
    run("backup", "saved")
    (installed / "knowledge" / "new.md").write_text("new", encoding="utf-8")
    asyncio.run(question(2))
    refused = run("restore", "saved")
    assert refused.exit_code == 1
    assert "knowledge: is in the way: use --replace" in refused.stderr
    assert "verbatim.db: is in the way" in refused.stderr
    assert questions() == 2
    replaced = run("restore", "saved", "--replace")
    assert replaced.exit_code == 0, replaced.output
    assert questions() == 1
    assert not (installed / "knowledge" / "new.md").exists()
    aside = [Path(line.split(": ")[1]) for line in replaced.stdout.splitlines() if "aside" in line]
    assert len(aside) == 2
    assert any((path / "new.md").exists() for path in aside)


def test_a_backup_is_not_overwritten_unless_asked(installed: Path) -> None:
    assert run("backup", "saved").exit_code == 0
    assert "exists: name another" in run("backup", "saved").stderr
    assert run("backup", "saved", "--replace").exit_code == 0


def test_a_damaged_backup_changes_nothing(installed: Path) -> None:
    """Not even the config."""
    run("backup", "saved")
    (installed / "saved").write_bytes((installed / "saved").read_bytes()[:-100])
    (installed / "config.yaml").unlink()
    before = files(installed)
    result = run("restore", "saved", "--replace")
    assert result.exit_code == 1
    assert "is damaged" in result.stderr
    assert files(installed) == before
    assert questions() == 1


def test_what_is_not_there_cannot_be_backed_up(installed: Path) -> None:
    """A backup without the key would be of little use."""
    (installed / "verbatim.key").unlink()
    assert "verbatim.key: is missing" in run("backup", "saved").stderr
    (installed / "verbatim.db").unlink()
    assert "there is no database yet" in run("backup", "saved").stderr
    assert not (installed / "saved").exists()
    assert not (installed / "verbatim.db").exists()
    assert "there is no such file" in run("restore", "none").stderr


def test_it_is_not_restored_while_the_bot_runs(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("backup", "saved")
    monkeypatch.setattr("bot.cli.health.is_running", lambda _: True)
    result = run("restore", "saved", "--replace")
    assert result.exit_code == 1
    assert "stop it first" in result.stderr


def test_it_is_not_restored_while_a_bot_runs_that_serves_no_health(installed: Path) -> None:
    """As the config here says: then the bot is asked where `verbatim reload` asks it."""
    run("backup", "saved")

    async def nothing(_: control.Message) -> control.Message:
        return {}

    async def restored() -> Result:
        async with control.serving(installed / ".verbatim.socket", nothing):
            return await asyncio.to_thread(run, "restore", "saved", "--replace")

    result = asyncio.run(restored())
    assert result.exit_code == 1
    assert "stop it first" in result.stderr


def test_a_restored_config_is_for_its_owner_alone(installed: Path) -> None:
    """It may hold the password of a database."""
    run("backup", "saved")
    (installed / "config.yaml").unlink()
    assert run("restore", "saved", "--replace").exit_code == 0
    assert (installed / "config.yaml").stat().st_mode & 0o077 == 0


def test_a_restore_that_fails_half_way_is_undone(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key is the last thing that is put into its place."""
    run("backup", "saved")
    (installed / "knowledge" / "new.md").write_text("new", encoding="utf-8")
    (installed / "verbatim.key").write_bytes(b"k" * 32)
    asyncio.run(question(2))
    before = files(installed)
    move = shutil.move

    def failing_move(old: Path, new: Path) -> None:
        if old.parent.suffix == ".part" and new.name == "verbatim.key":
            raise PermissionError(errno.EACCES, "Permission denied", str(new))
        move(old, new)

    monkeypatch.setattr(shutil, "move", failing_move)
    result = run("restore", "saved", "--replace")
    assert result.exit_code == 1
    assert "verbatim.key: cannot be written: Permission denied" in result.stderr
    assert "nothing has changed" in result.stderr
    assert files(installed) == before
    assert questions() == 2


def test_a_folder_that_is_missing_for_the_key_or_the_database_is_made(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a new machine there is neither."""
    run("backup", "saved")
    monkeypatch.setenv("VERBATIM_STORAGE__KEY_FILE", "secret/verbatim.key")
    monkeypatch.setenv("VERBATIM_STORAGE__URL", "sqlite+aiosqlite:///data/verbatim.db")
    result = run("restore", "saved", "--replace")
    assert result.exit_code == 0, result.output
    assert (installed / "secret" / "verbatim.key").exists()
    assert (installed / "data" / "verbatim.db").exists()


def test_a_backup_into_the_knowledge_folder_is_refused(installed: Path) -> None:
    """The next one would hold it, and a restore would put members' questions among the texts."""
    result = run("backup", "knowledge/saved")
    assert result.exit_code == 1
    assert "knowledge/saved: is in the knowledge folder: name a file outside of it" in result.stderr
    assert not (installed / "knowledge" / "saved").exists()


def test_a_backup_while_questions_come_is_consistent(installed: Path) -> None:
    """The storage stays open, and is written at the same time."""

    async def work() -> None:
        from bot.operations.backup import Places, back_up

        storage = await Storage.open(URL, Path("verbatim.key"), days=30)

        async def ask() -> None:
            for number in range(100, 150):
                asked = AskedQuestion(number, 5, datetime.now(UTC), QUESTION, Outcome.ANSWERED, 0.9)
                await storage.questions.keep(asked, member_id=number)
                await storage.questions.vote(number, 7, right=True)

        places = Places(URL, Path("verbatim.key"), Path("knowledge"), Path("config.yaml"))
        _, report = await asyncio.gather(ask(), back_up(places, Path("saved")))
        assert report.rows >= 1
        await storage.close()

    asyncio.run(work())
    assert run("restore", "saved", "--replace").exit_code == 0  # votes without questions would fail


def test_db_upgrade_says_what_it_did() -> None:
    """Twice does no harm."""
    first, second = run("db", "upgrade"), run("db", "upgrade")
    assert first.exit_code == second.exit_code == 0
    assert "created, at schema" in first.stdout
    assert "already at schema" in second.stdout
    assert Config().storage.url.get_secret_value() == URL

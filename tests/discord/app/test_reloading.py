"""SIGHUP, a changed file and `verbatim reload` make the bot read its texts again."""

from __future__ import annotations

import asyncio
import os
import signal
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from structlog.testing import capture_logs

from bot.cli.main import main
from bot.cli.startup import check_start
from bot.discord.app.reloading import reload_on_hangup, reloads
from bot.discord.kit.service import Service
from bot.errors import TemporaryError
from bot.operations import signals
from bot.operations.folder_watch import settled_changes
from tests.discord.loopback import until

SECONDS = 20  # until a test that waits for the system gives up

NEW = "---\ntitle: New\nauthor: Me\n---\nA new post.\n"

with_hangup = pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="Windows has no SIGHUP")


@pytest.fixture(autouse=True)
def no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signals, "_on_terminal", lambda: False)


@with_hangup
async def test_new_texts_are_there_after_sighup(service: Service, folder: Path) -> None:
    """One line says so; the handler is gone afterwards."""
    before = signal.getsignal(signal.SIGHUP)
    (folder / "new.md").write_text(NEW, "utf-8")
    with capture_logs() as log:
        async with reload_on_hangup(service):
            os.kill(os.getpid(), signal.SIGHUP)
            await until(lambda: len(service.snapshot.sources) == 3)
    assert [line["added"] for line in log if line["event"] == "texts read again"] == [1]
    assert signal.getsignal(signal.SIGHUP) == before


@with_hangup
async def test_a_broken_text_changes_nothing(service: Service, folder: Path) -> None:
    """The line names it."""
    snapshot = service.snapshot
    (folder / "broken.md").write_text("---\n---\n", encoding="utf-8")
    with capture_logs() as log:
        async with reload_on_hangup(service):
            for _ in range(5):
                os.kill(os.getpid(), signal.SIGHUP)
                await asyncio.sleep(0)
            await until(lambda: any("problem" in line for line in log))
    assert "broken.md" in str(log)
    assert service.snapshot is snapshot


@with_hangup
async def test_a_terminal_that_is_gone_is_no_reason_to_reload(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends the bot, as it ends any program."""
    monkeypatch.setattr(signals, "_on_terminal", lambda: True)
    before = signal.getsignal(signal.SIGHUP)
    async with reload_on_hangup(service):
        assert signal.getsignal(signal.SIGHUP) == before


@pytest.fixture
async def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the watch wait no longer than it must."""
    monkeypatch.setattr(
        "bot.discord.app.reloading.settled_changes",
        partial(settled_changes, quiet=0.02, look=0.02),
    )


@pytest.mark.usefixtures("short_waits")
async def test_a_changed_file_is_live_without_a_command(
    service: Service, folder: Path, tmp_path: Path
) -> None:
    """One line says so."""
    with capture_logs() as log:
        async with reloads(service, watch=True, control_path=tmp_path / "control"):
            async with asyncio.timeout(SECONDS):
                while "new" not in service.snapshot.sources:  # nothing tells when the watch began
                    (folder / "new.md").write_text(NEW, encoding="utf-8")
                    await asyncio.sleep(0.05)
    assert [line["added"] for line in log if line["event"] == "texts read again"] == [1]


@pytest.mark.usefixtures("short_waits")
async def test_a_file_that_breaks_is_logged_once(
    service: Service, folder: Path, tmp_path: Path
) -> None:
    """However often the folder is read; the text stays as it was."""
    with capture_logs() as log:
        async with reloads(service, watch=True, control_path=tmp_path / "control"):
            async with asyncio.timeout(SECONDS):
                while not service.library.stale:
                    (folder / "bridge.md").write_text("broken", encoding="utf-8")
                    await asyncio.sleep(0.05)
                again = service.library.last_reload
                while service.library.last_reload is again:
                    (folder / "other.pdf").write_bytes(b"")
                    await asyncio.sleep(0.05)
    assert len([line for line in log if "bridge.md" in str(line.get("problem"))]) == 1
    assert "bridge" in service.snapshot.sources


async def ask_to_reload(folder: Path, *options: str) -> Result:
    """Run `verbatim reload` for the bot of `folder`."""
    config = folder.with_name("config.yaml")
    config.write_text(f"knowledge:\n  folder: {folder}\n", encoding="utf-8")
    command = ["reload", "--config", str(config), *options]
    return await asyncio.to_thread(CliRunner().invoke, main, command)


async def test_the_command_reports_what_the_running_bot_did(service: Service, folder: Path) -> None:
    """Its exit status says whether the texts were replaced."""
    control_path = folder.with_name(".verbatim.socket")
    with capture_logs():  # CliRunner would take the bot's own log for output
        async with reloads(service, watch=False, control_path=control_path):
            await _reload_by_command(service, folder)


async def _reload_by_command(service: Service, folder: Path) -> None:
    (folder / "new.md").write_text(NEW, encoding="utf-8")
    done = await ask_to_reload(folder)
    assert (done.exit_code, done.stdout) == (0, "Added: new\nNow: 3 texts, 9 passages.\n")
    (folder / "broken.md").write_text("broken", encoding="utf-8")
    refused = await ask_to_reload(folder)
    assert refused.exit_code == 1
    assert "broken.md" in refused.stderr
    skipped = await ask_to_reload(folder, "--skip-broken")
    assert skipped.exit_code == 0
    assert "broken.md" in skipped.stdout
    (folder / "bridge.md").write_text("broken", encoding="utf-8")
    assert "Removed: bridge" in (await ask_to_reload(folder, "--strict")).stdout
    assert "bridge" not in service.snapshot.sources


async def test_the_command_reaches_every_process_on_the_machine(
    service: Service, folder: Path
) -> None:
    """Each is named by its first shard; one that has died is left out."""
    paths = [folder.with_name(f".verbatim.socket{end}") for end in (".0", ".2", ".4")]
    paths[2].write_text("left by a crash", encoding="utf-8")
    (folder / "new.md").write_text(NEW, encoding="utf-8")
    with capture_logs():
        async with (
            reloads(service, watch=False, control_path=paths[0]),
            reloads(service, watch=False, control_path=paths[1]),
        ):
            done = await ask_to_reload(folder)
    assert done.exit_code == 0
    assert done.stdout.splitlines()[:2] == ["process of shard 0:", "Added: new"]
    assert done.stdout.splitlines()[3] == "process of shard 2:"
    assert "shard 4" not in done.output


async def test_check_names_the_stale_texts_of_the_running_bot(
    service: Service, folder: Path
) -> None:
    """Beside what is wrong with their files."""
    (folder / "bridge.md").write_text("broken", encoding="utf-8")
    config = folder.with_name("config.yaml")
    without_models = "search:\n  reader: off\n  semantic:\n    provider: off\n"
    config.write_text(f"knowledge:\n  folder: {folder}\n{without_models}", encoding="utf-8")
    await service.reload()
    async with reloads(service, watch=False, control_path=folder.with_name(".verbatim.socket")):
        checked = await asyncio.to_thread(
            CliRunner().invoke, main, ["check", "--config", str(config)]
        )
    assert (
        "stale: bridge: its file can't be read, so an earlier version is in use" in checked.stdout
    )
    assert "wrong: bridge.md" in checked.stdout


async def test_a_second_bot_on_the_same_database_does_not_start(
    service: Service, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Members would get every answer twice. One with another database in the same folder does."""
    config = folder.with_name("config.yaml")
    config.write_text(f"knowledge:\n  folder: {folder}\n", encoding="utf-8")
    monkeypatch.setenv("VERBATIM_TOKEN", "the.bot.token")
    with capture_logs():
        async with reloads(service, watch=False, control_path=folder.with_name(".verbatim.socket")):
            with pytest.raises(
                TemporaryError, match=r"verbatim\.db: another `verbatim run` uses it"
            ):
                await asyncio.to_thread(check_start, config, None)
            monkeypatch.setenv("VERBATIM_STORAGE_URL", f"sqlite:///{folder.with_name('other.db')}")
            await asyncio.to_thread(check_start, config, None)


async def test_a_bot_that_does_not_run_is_one_line(folder: Path) -> None:
    """With what to do."""
    result = await ask_to_reload(folder)
    assert result.exit_code == 1
    assert "no bot responds: `verbatim run` must be running" in result.stderr


async def test_a_reload_that_fails_is_reported(
    service: Service, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one line, without a traceback for what the machine lacks."""

    def fails(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(service.library, "reload", fails)
    with capture_logs() as log:
        async with reloads(service, watch=False, control_path=folder.with_name(".verbatim.socket")):
            result = await ask_to_reload(folder)
    assert result.exit_code == 1
    assert "see the log" in result.stderr
    assert [line["log_level"] for line in log] == ["warning"]

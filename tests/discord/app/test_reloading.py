"""SIGHUP reads the texts again."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.discord.app.reloading import reload_on_hangup
from bot.discord.kit.service import Service
from bot.operations import signals
from tests.discord.loopback import until

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="Windows has no SIGHUP")


@pytest.fixture(autouse=True)
def no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signals, "_on_terminal", lambda: False)


async def test_new_texts_are_there_after_sighup(service: Service, folder: Path) -> None:
    """One line says so; the handler is gone afterwards."""
    before = signal.getsignal(signal.SIGHUP)
    (folder / "new.md").write_text("---\ntitle: New\nauthor: Me\n---\nA new post.\n", "utf-8")
    with capture_logs() as log:
        async with reload_on_hangup(service):
            os.kill(os.getpid(), signal.SIGHUP)
            await until(lambda: len(service.snapshot.sources) == 3)
    assert [line["added"] for line in log if line["event"] == "texts read again"] == [1]
    assert signal.getsignal(signal.SIGHUP) == before


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


async def test_a_terminal_that_is_gone_is_no_reason_to_reload(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends the bot, as it ends any program."""
    monkeypatch.setattr(signals, "_on_terminal", lambda: True)
    before = signal.getsignal(signal.SIGHUP)
    async with reload_on_hangup(service):
        assert signal.getsignal(signal.SIGHUP) == before

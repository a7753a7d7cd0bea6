"""The running bot is asked over a local connection."""

from __future__ import annotations

import asyncio
import json
import socket
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.operations import control
from bot.operations.control import Message, NotRunningError, ask, serving


async def echo(request: Message) -> Message:
    return {"asked": request["command"]}


@pytest.fixture(params=["socket", "port"])
def path(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the bot is asked, with and without Unix sockets."""
    if request.param == "port":
        monkeypatch.setattr(control, "LONGEST_PATH", 0)
    elif len(str(tmp_path)) > 80:
        pytest.skip("the temporary folder is too deep for a socket")
    return tmp_path / "control"


async def test_a_request_gets_its_response(path: Path) -> None:
    """Only the user who runs the bot may ask; nothing stays behind."""
    async with serving(path, echo):
        assert path.stat().st_mode & 0o077 == 0
        assert await asyncio.to_thread(ask, path, {"command": "x"}) == {"asked": "x"}
    assert not path.exists()


async def test_what_a_crash_left_behind_is_replaced(path: Path) -> None:
    """It answers nobody."""
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    with pytest.raises(NotRunningError):
        ask(path, {"command": "x"})
    async with serving(path, echo):
        assert await asyncio.to_thread(ask, path, {"command": "x"}) == {"asked": "x"}


async def test_a_second_bot_leaves_the_first_one_its_place(path: Path) -> None:
    """And says so."""
    async with serving(path, echo):
        with capture_logs() as log:
            async with serving(path, echo):
                pass
        assert "another bot" in log[0]["event"]
        assert await asyncio.to_thread(ask, path, {"command": "x"}) == {"asked": "x"}


async def test_without_the_secret_the_port_answers_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Any user of the machine can connect to it."""
    monkeypatch.setattr(control, "LONGEST_PATH", 0)
    path = tmp_path / "control"
    async with serving(path, echo):
        known = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps({**known, "secret": "guessed"}), encoding="utf-8")
        with pytest.raises(NotRunningError):
            await asyncio.to_thread(ask, path, {"command": "x"})


@pytest.mark.parametrize("sent", [b"", b"\n", b"[]\n", b"no json\n", b"{" * 100_000 + b"\n"])
async def test_nonsense_is_not_answered(path: Path, sent: bytes) -> None:
    """And does no harm."""

    def send() -> bytes:
        connection, _ = control._connect(path)
        with connection:
            connection.settimeout(20)
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            return connection.recv(1)

    async with serving(path, echo):
        assert await asyncio.to_thread(send) == b""
        assert await asyncio.to_thread(ask, path, {"command": "x"}) == {"asked": "x"}


def test_nobody_responds_where_nothing_is(tmp_path: Path) -> None:
    with pytest.raises(NotRunningError):
        ask(tmp_path / "control", {"command": "x"})


async def test_a_bot_that_cannot_be_controlled_runs_on(tmp_path: Path) -> None:
    """Its folder may be read-only."""
    with capture_logs() as log:
        async with serving(tmp_path / "none" / "control", echo):
            pass
    assert "cannot be controlled" in log[0]["event"]

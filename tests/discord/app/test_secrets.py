"""No token reaches the log, whatever is logged: the real bot on a loopback Discord, at DEBUG."""

from __future__ import annotations

import asyncio
import io
import logging
import sys
from collections.abc import Iterator
from typing import Literal

import pytest
import structlog

from bot.discord.app.network_faults import is_network_fault
from bot.discord.kit.service import Service
from bot.operations.logging import configure
from tests.discord import loopback
from tests.discord.loopback import SOON, Drop, Loopback, asked, click, command, ready, running
from tests.operations.test_logging import as_before  # noqa: F401 - a fixture

TOKEN = "the.bot.token"  # noqa: S105 - of the loopback server
QUESTION = "Who was too ill to attend the opening?"
LIBRARIES = ("discord", "aiohttp", "aiosqlite", "sqlalchemy", "asyncio", "alembic")


@pytest.fixture
def levels() -> Iterator[None]:
    """Leave the loggers of the libraries as they were."""
    before = {name: logging.getLogger(name).level for name in _libraries()}
    yield
    for name in _libraries():
        logging.getLogger(name).setLevel(before.get(name, logging.NOTSET))


def _libraries() -> list[str]:
    known = [*LIBRARIES, *logging.root.manager.loggerDict]
    return [name for name in known if name.split(".")[0] in LIBRARIES]


def everything_at_debug() -> None:
    """Undo what `configure` does to libraries that would log members' words."""
    for name in _libraries():
        logging.getLogger(name).setLevel(logging.DEBUG)


async def use_everything(server: Loopback) -> None:
    """Ask in several ways, with dropped connections, an error, and refused requests."""
    await asked(server, 8001, QUESTION)
    server.drops = [Drop.RESET]
    await server.deliver("INTERACTION_CREATE", command(9001, "ask", question=QUESTION))
    await asyncio.wait_for(server.responded.get(), SOON)
    await server.deliver("INTERACTION_CREATE", command(9002, "no-such-command"))
    await asyncio.wait_for(server.responded.get(), SOON)
    await server.deliver("INTERACTION_CREATE", click(9003, "no:such:button"))
    await server.deliver("INTERACTION_CREATE", command(9004, "help"))
    await asyncio.wait_for(server.responded.get(), SOON)
    server.drops = [Drop.HALF]
    await server.deliver("INTERACTION_CREATE", command(9005, "help"))
    await asyncio.wait_for(server.responded.get(), SOON)
    await server.drop()
    await asyncio.wait_for(server.heard.get(), SOON)


@pytest.mark.parametrize("form", ["json", "text"])
@pytest.mark.parametrize("forced", [False, True])
async def test_no_token_reaches_the_log_at_debug(
    service: Service,
    monkeypatch: pytest.MonkeyPatch,
    as_before: None,  # noqa: F811 - the fixture
    levels: None,
    form: Literal["json", "text"],
    forced: bool,
) -> None:
    """Even if somebody sets every library to DEBUG; without that, no question does either."""
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    configure("debug", form, (TOKEN,), is_network_fault)
    structlog.configure(cache_logger_on_first_use=False)  # other tests log otherwise
    if forced:
        everything_at_debug()
    async with loopback.serve() as server, running(server, service, monkeypatch) as (bot, _):
        await ready(server, bot)
        await use_everything(server)
    log = written.getvalue()
    assert "question" in log
    assert TOKEN not in log
    assert "a-token-of-interaction" not in log
    if forced:
        assert "[hidden]" in log
        assert "heartbeat" in log
    else:
        assert "too ill" not in log

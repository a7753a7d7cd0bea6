"""The demo is the real bot, served to a browser on this machine."""

from __future__ import annotations

import asyncio
import re
import sys
from urllib.request import urlopen

import pytest
import simcord

from bot.discord.app import demo
from bot.discord.app.client import VerbatimClient
from bot.discord.kit.service import Service
from bot.errors import VerbatimError


async def test_the_demo_has_a_welcome_and_two_people_to_play(service: Service) -> None:
    """A member and a curator, who both get answers."""
    async with simcord.run(VerbatimClient(service)) as env:
        channel, member, curator = await demo.furnish(env)
        assert "/ask" in channel.last_message.content
        asked = await member.slash(channel, "ask", question="Was the toll for carts raised?")
        assert "was never raised" in asked.response.content
        reloaded = await curator.slash(channel, "reload")
        assert "Now: 2 texts" in reloaded.response.content


async def test_the_demo_is_served_on_a_loopback_address_until_it_is_stopped(
    service: Service,
) -> None:
    """And says where."""
    said: asyncio.Queue[str] = asyncio.Queue()
    stop = asyncio.Event()
    serving = asyncio.create_task(demo.serve_until(service, stop, 0, False, said.put_nowait))
    url = re.search(r"http://127\.0\.0\.1:\d+/", await said.get())
    assert url is not None
    page = await asyncio.to_thread(lambda: urlopen(url[0]).read())  # noqa: S310 - loopback
    assert b"<html" in page.lower()
    stop.set()
    await serving


async def test_without_simcord_it_is_said_what_to_install(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one line."""
    monkeypatch.setitem(sys.modules, "simcord", None)
    with pytest.raises(VerbatimError, match=r"\[demo\]"):
        await demo.serve(service, port=0, open_browser=False, say=print)

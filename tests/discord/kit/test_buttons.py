"""Buttons that need no memory."""

from __future__ import annotations

from tests.conftest import World
from tests.discord.ask.test_commands import QUESTION, buttons


async def test_no_view_of_a_sent_message_stays_in_memory(world: World) -> None:
    """Whether sent as a response, as a reply, or in another message's place; or memory would grow with each."""
    result = await world.member.slash(world.channel, "ask", question=QUESTION)
    assert "In context" in buttons(result.response)
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    await world.member.click(world.channel.history()[-1], label="In context")
    await world.member.slash(world.channel, "sources")
    await world.manager.slash(world.channel, "settings")
    store = world.env.bot._connection._view_store
    assert store._views == {}
    assert store._synced_message_views == {}

"""A server that offers only some texts shows nothing of the others, by whatever way."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from bot.discord.kit.service import Service
from bot.library.snapshots import Snapshot, update_snapshot
from bot.storage.servers import ServerSettings
from bot.wording import ENGLISH as wording
from tests.conftest import World
from tests.discord.ask.test_commands import buttons, policy
from tests.discord.settled import settle

ABOUT_BREAD = "How long does the loaf bake?"
BREAD_IS_SAID = ("Sourdough", "loaf", "starter", "Baker")


@pytest.fixture
async def bridges(world: World, service: Service) -> World:
    """Return the server when it offers the text on the bridge alone."""
    await settle(world, service, sources=frozenset({"bridge"}))
    return world


def shows_bread(content: str) -> bool:
    return any(word in content.replace(ABOUT_BREAD, "") for word in BREAD_IS_SAID)


async def test_answers_come_from_the_texts_that_are_offered(
    bridges: World, service: Service
) -> None:
    """By command and by mention; small talk names no other text either."""
    policy(service, answered=0.0, closest=0.0)
    asked = await bridges.member.slash(bridges.channel, "ask", question=ABOUT_BREAD)
    greeted = await bridges.member.slash(bridges.channel, "ask", question="hello")
    await bridges.member.send(bridges.channel, f"{bridges.mention} {ABOUT_BREAD}")
    said = (asked.response, greeted.response, bridges.channel.last_message)
    assert not any(shows_bread(message.content) for message in said)
    assert "I can quote “The bridge over the Tamar”" in greeted.response.content


async def test_lists_and_suggestions_have_only_those(bridges: World) -> None:
    """/sources, /read, /ask source, /quote, each as it is typed and as it is sent."""
    member, channel = bridges.member, bridges.channel
    listed = await member.slash(channel, "sources")
    assert listed.response.content.startswith("I quote from 1 text:")
    assert not shows_bread(listed.response.content)
    for command, filled in (("read", {}), ("ask", {"question": "q"})):
        found = await member.autocomplete(channel, command, "source", "", **filled)
        assert [choice["value"] for choice in found] == ["bridge"]
    assert await member.autocomplete(channel, "quote", "text", "starter twice") == []
    read = await member.slash(channel, "read", source="baking/bread")
    assert read.response.content == wording.unknown_source("baking/bread")
    asked = await member.slash(channel, "ask", question=ABOUT_BREAD, source="baking/bread")
    assert asked.response.content == wording.unknown_source("baking/bread")
    quoted = await member.slash(channel, "quote", text="Feed the starter twice")
    assert quoted.response.content == wording.NOT_FOUND


async def test_no_keystroke_waits_for_an_index(
    bridges: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does the passage that is chosen: both are looked for in the whole."""
    monkeypatch.setattr("bot.library.selections.update_snapshot", None)
    found = await bridges.member.autocomplete(bridges.channel, "quote", "text", "ferries lost")
    assert [choice["name"].startswith("Ferries") for choice in found] == [True]
    quoted = await bridges.member.slash(bridges.channel, "quote", text=found[0]["value"])
    assert "Ferries lost half" in quoted.response.content
    typed = await bridges.member.slash(bridges.channel, "quote", text="half of their passengers")
    assert "Ferries lost half" in typed.response.content


async def test_a_choice_from_before_is_said_to_be_gone(world: World, service: Service) -> None:
    """It may have been suggested while the text was offered."""
    found = await world.member.autocomplete(world.channel, "quote", "text", "starter twice")
    await settle(world, service, sources=frozenset({"bridge"}))
    quoted = await world.member.slash(world.channel, "quote", text=found[0]["value"])
    assert quoted.response.content == wording.GONE


async def test_the_source_of_a_message_is_found_only_there(bridges: World) -> None:
    """As if the bot did not know the other text."""
    message = await bridges.manager.send(bridges.channel, "Feed the starter twice a day.")
    result = await bridges.member.context_menu(bridges.channel, "Find the source", message)
    assert result.response.content == wording.NOT_REPEATED
    assert not shows_bread(result.response.content)


async def test_old_buttons_lead_to_nothing_else(world: World, service: Service) -> None:
    """Under an answer, a quote in context, and a page, all from before."""
    member, channel = world.member, world.channel
    policy(service, answered=0.0, closest=0.0, quotes=1)
    asked = await member.slash(channel, "ask", question="the starter, the loaf and the crust")
    context = await member.click(asked.response, label=wording.IN_CONTEXT)
    read = await member.slash(channel, "read", source="baking/bread", post=2)
    await settle(world, service, sources=frozenset({"bridge"}))
    for message in (asked.response, context.response, read.response):
        for label in buttons(message):
            if label in {wording.DELETE, wording.RIGHT, wording.WRONG}:
                continue
            result = await member.click(message, label=label)
            if result.modal is not None:
                continue
            assert result.response.content in {wording.GONE, wording.TEXT_CHANGED}


async def test_a_number_typed_late_turns_no_page_either(world: World, service: Service) -> None:
    """The field was opened while the text was offered."""
    read = await world.member.slash(world.channel, "read", source="baking/bread", post=2)
    shown = await world.member.click(read.response, label=wording.GO_TO_POST)
    await settle(world, service, sources=frozenset({"bridge"}))
    (field,) = [label["component"]["custom_id"] for label in shown.modal["components"]]
    result = await world.member.submit_modal(shown, {field: "1"})
    assert result.response.content == wording.TEXT_CHANGED


async def test_source_as_a_reply_shows_nothing_else(world: World, service: Service) -> None:
    """The quote was given while its text was offered."""
    await world.member.send(world.channel, f"{world.mention} {ABOUT_BREAD}")
    answer = world.channel.last_message
    await settle(world, service, sources=frozenset({"bridge"}))
    await world.member.send(world.channel, "source?", reply_to=answer)
    assert world.channel.last_message.content == wording.GONE


async def test_other_servers_and_direct_messages_have_all_texts(bridges: World) -> None:
    """What a server offers concerns it alone."""
    await bridges.member.send_dm(ABOUT_BREAD)
    assert "Bake the loaf" in bridges.member.user.dm_channel.history()[-1].content.replace("*", "")
    guild = bridges.env.create_guild("Kitchen")
    channel = guild.create_text_channel("ask")
    cook = guild.add_member(bridges.env.create_user("cook"))
    asked = await cook.slash(channel, "ask", question=ABOUT_BREAD)
    assert "Bake the loaf" in asked.response.content.replace("*", "")


async def test_a_reload_is_seen_at_once(bridges: World, service: Service) -> None:
    """The selection is built again from the new texts."""
    await bridges.member.slash(bridges.channel, "ask", question=ABOUT_BREAD)
    path = service.library.folder / "bridge.md"
    path.write_text(
        path.read_text(encoding="utf-8") + "\nA ferryman sang in Cornish.\n", encoding="utf-8"
    )
    await bridges.manager.slash(bridges.channel, "reload")
    asked = await bridges.member.slash(
        bridges.channel, "ask", question="In which language did the ferryman sing?"
    )
    assert "Cornish" in asked.response.content


async def test_a_selection_is_made_off_the_loop_and_once(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many ask for it at the same time."""
    made: list[int] = []

    def watched(whole: Snapshot, sources: Any) -> Any:
        made.append(threading.get_ident())
        return update_snapshot(whole, sources)

    monkeypatch.setattr("bot.library.selections.update_snapshot", watched)
    now = service.now()
    await service.servers.change(5, ServerSettings(sources=frozenset({"bridge"})), 1, "", now)
    found = await asyncio.gather(*(service.snapshot_in(5) for _ in range(4)))
    assert len({id(snapshot) for snapshot in found}) == 1
    assert len(made) == 1
    assert made[0] != threading.get_ident()

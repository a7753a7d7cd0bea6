"""/random."""

from __future__ import annotations

import re

import pytest

from bot.discord.kit.service import Service
from bot.discord.random.wording import RandomWording
from bot.models import Post, Role, Source
from bot.texts.folder import write_source
from bot.wording import ENGLISH as wording
from tests.conftest import World
from tests.discord.ask.test_commands import buttons
from tests.discord.kit.test_markdown import shown
from tests.discord.settled import settle

HANDBOOK = Source(
    "handbook",
    "Handbook",
    "Office",
    (
        Post(1, "# Opening hours of the library"),
        Post(2, "Bring the following with you:\n\n- your library card, and\n- a coin for a locker"),
        Post(3, "Yes."),
    ),
)


def quoted(content: str) -> str:
    """Return the last block quote of a message as it reads."""
    block = re.findall(r"(?:^> .*\n)+", content, re.MULTILINE)[-1]
    return "\n".join(shown(line[2:]) for line in block.splitlines())


async def test_it_posts_a_passage_and_then_another(world: World, service: Service) -> None:
    """Whole, with its author; for who asked in place, for others in a copy of their own."""
    texts = [passage.text for passage in service.snapshot.passages]
    result = await world.member.slash(world.channel, "random")
    assert not result.ephemeral
    assert buttons(result.response) == [
        RandomWording.ANOTHER,
        wording.IN_CONTEXT,
        wording.DELETE,
        wording.CITE,
    ]
    for _ in range(5):
        assert any(quoted(result.response.content) in text for text in texts)
        await world.member.click(result.response, label=RandomWording.ANOTHER)
    before = result.response.content
    copy = await world.manager.click(result.response, label=RandomWording.ANOTHER)
    assert copy.ephemeral
    assert result.response.content == before


async def test_it_keeps_to_one_text(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also another one, after a restart; never a heading, a lead-in or a mere word."""
    write_source(HANDBOOK, service.library.folder)
    await world.manager.slash(world.channel, "reload")
    result = await world.member.slash(world.channel, "random", source="handbook")
    await world.restart(service)
    seen = set()
    for drawn in range(8):
        monkeypatch.setattr("secrets.randbelow", lambda count, drawn=drawn: drawn % count)
        await world.member.click(result.response, label=RandomWording.ANOTHER)
        seen.add(quoted(result.response.content))
    roles = {p.text: p.role for p in service.snapshot.passages if p.source.id == "handbook"}
    assert {text for text, role in roles.items() if role is Role.ANSWER and len(text) >= 20} == seen


async def test_where_it_is_silent_only_the_member_sees_it(world: World, service: Service) -> None:
    """As every answer there."""
    await settle(world, service, silent=frozenset({world.channel.id}))
    assert (await world.member.slash(world.channel, "random")).ephemeral


async def test_a_text_that_is_not_offered_or_not_there_is_said(
    world: World, service: Service
) -> None:
    """And what is not offered is never drawn."""
    await settle(world, service, sources=frozenset({"bridge"}))
    for _ in range(10):
        result = await world.member.slash(world.channel, "random")
        assert "@BridgeNotes" in result.response.content
    refused = await world.member.slash(world.channel, "random", source="sourdough")
    assert refused.response.content == wording.unknown_source("sourdough")
    assert refused.ephemeral


async def test_without_texts_it_says_so(world: World, service: Service) -> None:
    """In one line without a button."""
    await settle(world, service, sources=frozenset({"gone"}))
    result = await world.member.slash(world.channel, "random")
    assert result.response.content == RandomWording.NOTHING
    assert buttons(result.response) == []

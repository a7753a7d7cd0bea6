"""Citing an answer on Discord."""

from __future__ import annotations

from typing import Any

import pytest

from bot.discord.cite.wording import CiteWording
from bot.discord.kit.service import Service
from bot.models import Post, Source
from bot.texts.folder import write_source
from bot.wording import ENGLISH as wording
from tests.conftest import World
from tests.discord.ask.test_commands import QUESTION
from tests.discord.settled import settle


async def answered(world: World, **options: Any) -> Any:
    return (await world.member.slash(world.channel, "ask", question=QUESTION, **options)).response


async def test_an_answer_is_cited_for_who_asks_in_the_style_they_choose(
    world: World, service: Service
) -> None:
    """Plain at first; in private, also after a restart."""
    answer = await answered(world)
    await world.restart(service)
    result = await world.manager.click(answer, label=wording.CITE)
    assert result.ephemeral
    begins, fence, text = result.response.content.partition("\n```\n")
    assert (begins, bool(fence)) == (CiteWording.TO_COPY, True)
    assert text.startswith("“It was designed by I. K. Brunel, who was too ill")
    assert text.endswith(", post 2 of 3, https://example.org/bridge_(tamar)\n```")
    menu = result.response.components[0]["components"][0]["custom_id"]
    await world.manager.select(result.response, ["apa"], custom_id=menu)
    assert result.response.content.split("\n")[2].startswith("@BridgeNotes. (n.d.). The bridge")


async def test_every_quote_has_it(world: World) -> None:
    """Of a page of quotes, of a private answer, and of /quote."""
    private = await answered(world, private=True)
    quoted = (await world.member.slash(world.channel, "quote", text="the toll for carts")).response
    for message in (private, quoted):
        result = await world.member.click(message, label=wording.CITE)
        assert "https://example.org/bridge_(tamar)" in result.response.content


@pytest.mark.parametrize(
    ("text", "limit"), [("Owls call ```x``` at night.", 2_000), ("Owls call at night.", 40)]
)
async def test_what_a_block_cannot_hold_comes_as_a_file(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch, text: str, limit: int
) -> None:
    """Until another style fits."""
    monkeypatch.setattr("bot.discord.cite.citing.LIMIT", limit)
    write_source(Source("owls", "Owls", "A", (Post(1, text),)), service.library.folder)
    await world.manager.slash(world.channel, "reload")
    quoted = await world.member.slash(world.channel, "quote", text="owls call")
    result = await world.member.click(quoted.response, label=wording.CITE)
    assert result.response.content == CiteWording.TO_COPY
    (file,) = result.response.attachments
    assert file.filename == "citation.txt"
    monkeypatch.setattr("bot.discord.cite.citing.LIMIT", 2_000)
    menu = result.response.components[0]["components"][0]["custom_id"]
    await world.member.select(result.response, ["apa"], custom_id=menu)
    assert "A. (n.d.). Owls (post 1 of 1)." in result.response.content
    assert not result.response.attachments


async def test_what_is_gone_or_not_offered_is_not_cited(world: World, service: Service) -> None:
    """An old answer shows it, but not what is new of it."""
    answer = await answered(world)
    await settle(world, service, sources=frozenset({"baking/bread"}))
    result = await world.member.click(answer, label=wording.CITE)
    assert result.response.content == wording.GONE

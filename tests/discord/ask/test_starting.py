"""Buttons with questions to begin with."""

from __future__ import annotations

from typing import Any

import pytest

from bot.discord.ask import starter_cache
from bot.discord.kit.service import Service
from bot.texts.folder import write_source
from bot.wording import ENGLISH as wording
from tests.answering.test_starters import FAQ
from tests.conftest import World
from tests.discord.ask.test_commands import buttons
from tests.discord.settled import settle

QUESTIONS = [
    "Do I need a printer?",
    "How long is my parcel kept?",
    "Who pays the customs duty?",
]


@pytest.fixture
async def faq(world: World, service: Service) -> World:
    """Return the world with an FAQ among the texts, and nothing else offered."""
    write_source(FAQ, service.library.folder)
    await world.manager.slash(world.channel, "reload")
    await settle(world, service, sources=frozenset({"faq"}))
    return world


async def test_help_offers_what_is_surely_answered(faq: World, service: Service) -> None:
    """Also after a restart; the answer is for those who see the button."""
    result = await faq.member.slash(faq.channel, "help")
    assert buttons(result.response) == QUESTIONS
    await faq.restart(service)
    answer = await faq.member.click(result.response, label=QUESTIONS[0])
    assert answer.ephemeral
    assert "the counter prints your label for free" in answer.response.content
    assert result.response.content == wording.HELP


async def test_a_greeting_offers_them_to_all(faq: World) -> None:
    """In the channel, where it is answered for all; small talk of another kind does not."""
    await faq.member.slash(faq.channel, "help")  # they are found now
    await faq.member.send(faq.channel, f"{faq.mention} hello")
    greeting = faq.channel.last_message
    labels = [c.label for row in greeting.components for c in row.children]
    assert labels == QUESTIONS
    answer = await faq.manager.click(greeting, label=QUESTIONS[2])
    assert not answer.ephemeral
    assert answer.response.content.startswith(f"-# {wording.ASKED} {QUESTIONS[2]}")
    thanked = await faq.member.slash(faq.channel, "ask", question="thanks!")
    assert buttons(thanked.response) == []


async def test_texts_without_headings_offer_none(world: World) -> None:
    """Help is all the same."""
    result = await world.member.slash(world.channel, "help")
    assert result.response.content == wording.HELP
    assert buttons(result.response) == []


async def test_a_search_that_fails_costs_nothing_else(
    faq: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is noted in the log."""

    def failing(*_: Any) -> None:
        raise ValueError("no")

    service.states.clear()
    monkeypatch.setattr(starter_cache, "starters", failing)
    result = await faq.member.slash(faq.channel, "help")
    assert result.response.content == wording.HELP

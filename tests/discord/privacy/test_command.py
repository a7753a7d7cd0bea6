"""What is said of privacy, and what can be deleted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.discord.kit.quotes.layout import LIMIT
from bot.discord.kit.service import Service
from bot.storage.questions import Questions
from bot.wording import ENGLISH as wording
from tests.conftest import TODAY, World
from tests.discord.ask.test_commands import QUESTION, buttons
from tests.discord.feedback.test_voting import break_storage, keep_nothing
from tests.discord.slowness import hold


async def test_everybody_is_told_in_private_what_is_kept(world: World, service: Service) -> None:
    """On a server and in a direct message, with the days that are configured."""
    result = await world.member.slash(world.channel, "privacy")
    direct = await world.member.user.slash("privacy")
    assert result.ephemeral
    for message in (result.response, direct.response):
        assert "for 90 days" in message.content
        assert "not covered or marked wrong" in message.content
        assert "deleted 30 days later" in message.content
        assert len(message.content) <= LIMIT
        assert buttons(message) == [wording.FORGET]


async def test_it_says_so_where_nothing_is_kept(world: World, service: Service) -> None:
    """Plainly, and promises no more than that."""
    keep_nothing(service)
    result = await world.member.slash(world.channel, "privacy")
    assert "No questions or votes" in result.response.content
    assert "90 days" not in result.response.content


async def ask_and_vote(world: World) -> None:
    asked = await world.member.slash(world.channel, "ask", question=QUESTION)
    other = await world.manager.slash(world.channel, "ask", question=QUESTION)
    await world.member.click(asked.response, label=wording.RIGHT)
    await world.manager.click(asked.response, label=wording.WRONG)
    await world.member.click(other.response, label=wording.WRONG)
    await world.manager.click(other.response, label=wording.RIGHT)


async def kept(world: World, service: Service) -> tuple[int, int, int]:
    await service.question_log.settle()
    since = TODAY - timedelta(days=1)
    days = await service.storage.questions.counts_by_day(world.guild.id, since)
    return tuple(sum(getattr(d, n) for d in days) for n in ("asked", "right", "wrong"))


@pytest.mark.parametrize("way", ["button", "option"])
async def test_a_member_has_their_own_deleted_after_confirming(
    world: World, service: Service, way: str
) -> None:
    """Also after a restart; nothing of anybody else's; and is told how much it was."""
    await ask_and_vote(world)
    if way == "button":
        shown = await world.member.slash(world.channel, "privacy")
        sure = await world.member.click(shown.response, label=wording.FORGET)
    else:
        sure = await world.member.slash(world.channel, "privacy", forget=True)
    assert sure.ephemeral
    assert sure.response.content == wording.FORGET_SURE
    assert await kept(world, service) == (2, 2, 2)
    await world.restart(service)
    await world.member.click(sure.response, label=wording.FORGET_YES)
    assert sure.response.content == "Deleted. Questions: 1; votes: 2."
    assert buttons(sure.response) == []
    assert await kept(world, service) == (1, 1, 0)


async def test_a_question_that_is_still_being_written_is_deleted_too(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who deletes at once what they have just asked finds nothing of it later."""
    held = hold(world, monkeypatch, Questions, "keep")
    await world.member.slash(world.channel, "ask", question=QUESTION)
    sure = await world.member.slash(world.channel, "privacy", forget=True)
    await world.member.click(sure.response, label=wording.FORGET_YES)
    await held.let_go()
    assert sure.response.content == "Deleted. Questions: 1; votes: 0."


async def test_a_member_who_cancels_keeps_everything(world: World, service: Service) -> None:
    """And is told so."""
    await ask_and_vote(world)
    sure = await world.member.slash(world.channel, "privacy", forget=True)
    await world.member.click(sure.response, label=wording.FORGET_NO)
    assert sure.response.content == wording.NOTHING_DELETED
    assert await kept(world, service) == (2, 2, 2)


async def test_nothing_to_delete_is_said_so(world: World) -> None:
    """In a direct message, too."""
    sure = await world.member.user.slash("privacy", forget=True)
    await world.member.user.click(sure.response, label=wording.FORGET_YES)
    assert sure.response.content == "I had nothing of yours."


async def test_a_failing_storage_is_reported_and_can_be_tried_again(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is told that something was deleted that was not."""
    sure: Any = await world.member.slash(world.channel, "privacy", forget=True)
    break_storage(monkeypatch, "forget")
    await world.member.click(sure.response, label=wording.FORGET_YES)
    assert sure.response.content == wording.STORAGE_FAILED
    monkeypatch.undo()
    await world.member.click(sure.response, label=wording.FORGET_YES)
    assert sure.response.content == "I had nothing of yours."

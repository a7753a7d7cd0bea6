"""/me: a member's own preferences."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.discord.kit.preferences import PreferenceCache
from bot.discord.kit.service import Service
from bot.discord.me.wording import PreferenceWording
from bot.storage.connections import StorageError
from bot.storage.preferences import Preferences, PreferenceTable
from bot.wording import ENGLISH as wording
from bot.wording.catalogue import wording_in
from tests.conftest import World
from tests.discord.ask.test_commands import QUESTION, buttons, policy
from tests.discord.ask.test_follow_up import follow_up
from tests.discord.settled import settle

OWN = wording.lines_of(PreferenceWording)
SPANISH = wording_in("es").lines_of(PreferenceWording)


@pytest.fixture(autouse=True)
def _every_passage_is_a_hit(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that there are several quotes, in two small texts."""
    monkeypatch.setattr("bot.search.searcher.MIN_PROBABILITY", -1.0)


async def choose(world: World, preference: str, value: str) -> Any:
    """Choose a value as the member; return the response with the menus."""
    shown = await world.member.slash(world.channel, "me")
    assert shown.ephemeral
    await world.member.select(shown.response, [value], custom_id=f"me:{preference}")
    return shown.response


def selected(response: Any) -> list[str]:
    menus = [c for row in response.components for c in row["components"] if "options" in c]
    return [o["label"] for menu in menus for o in menu["options"] if o.get("default")]


async def test_two_choices_at_once_both_hold(service: Service) -> None:
    """Also if this process has not read yet what another one has stored."""
    other = PreferenceCache(service.storage)
    await asyncio.gather(
        service.preferences.change(7, lambda now: replace(now, quotes=1)),
        service.preferences.change(7, lambda now: replace(now, private=True)),
    )
    await other.change(7, lambda now: replace(now, language="es"))
    stored = await service.storage.preferences.get(7)
    assert stored == other.of(7) == Preferences("es", private=True, quotes=1)


async def test_it_shows_what_is_chosen_and_saves_each_choice(
    world: World, service: Service
) -> None:
    """In private; all can be reset."""
    response = await choose(world, "quotes", "1")
    usual = [OWN.LANGUAGE_OF_DISCORD, OWN.PRIVATE_AS_SERVER, OWN.quotes_are(1), OWN.KEPT]
    assert selected(response) == usual
    response = await choose(world, "private", "yes")
    assert service.preferences.of(world.member.id) == Preferences(private=True, quotes=1)
    assert service.preferences.of(world.manager.id) == Preferences()
    await world.member.click(response, label=OWN.RESET)
    assert service.preferences.of(world.member.id) == Preferences()
    assert "me:reset" not in str(response.components)
    assert await service.storage.preferences.all() == {}


async def test_the_chosen_language_overrides_discords_also_in_direct_messages(
    world: World,
) -> None:
    """In public the server's stays."""
    response = await choose(world, "language", "es")
    assert response.content == SPANISH.HEADING
    told = await world.member.slash(world.channel, "help")
    assert told.response.content == wording_in("es").HELP
    await world.member.send_dm("hello")
    channel = world.member.user.dm_channel
    assert channel.history()[-1].content.startswith("¡Hola!")
    public = await world.member.slash(world.channel, "ask", question=QUESTION)
    assert public.response.content.startswith(f"-# {wording.ASKED}")


async def test_answers_are_private_by_default_whatever_the_server_has(
    world: World, service: Service
) -> None:
    """Unless the member says otherwise; a silent channel stays silent."""
    await settle(world, service, private=False)
    await choose(world, "private", "yes")
    asked = [
        await world.member.slash(world.channel, "ask", question=QUESTION, **options)
        for options in ({}, {"private": False})
    ]
    assert [answer.ephemeral for answer in asked] == [True, False]
    await settle(world, service, private=True)
    await choose(world, "private", "no")
    assert not (await world.member.slash(world.channel, "ask", question=QUESTION)).ephemeral
    await settle(world, service, silent=frozenset({world.channel.id}))
    assert (await world.member.slash(world.channel, "ask", question=QUESTION)).ephemeral


async def test_as_many_quotes_are_shown_as_the_member_prefers(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also to a mention; others get the usual number."""
    policy(service, answered=0.0)
    monkeypatch.setattr("bot.answering.answerer.WEAKER_QUOTE", 0.0)

    def count(message: Any) -> int:
        return int(message.content.count("post "))

    for chosen in (1, 4):
        await choose(world, "quotes", str(chosen))
        answer = await world.member.slash(world.channel, "ask", question=QUESTION)
        assert count(answer.response) == chosen
        await world.member.send(world.channel, f"{world.mention} {QUESTION}")
        assert count(world.channel.last_message) == chosen
    usual = await world.manager.slash(world.channel, "ask", question=QUESTION)
    assert count(usual.response) == 3


async def test_questions_are_not_kept_if_the_member_does_not_want_it(
    world: World, service: Service
) -> None:
    """By whatever way they ask; then there is nothing to vote on."""
    await choose(world, "keep", "no")
    asked = await world.member.slash(world.channel, "ask", question=QUESTION)
    assert wording.RIGHT not in buttons(asked.response)
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    await service.question_log.settle()
    forgotten = await service.storage.questions.forget(world.member.id)
    assert forgotten.questions == 0


async def test_they_outlive_a_restart_and_go_with_all_else_that_is_kept(
    world: World, service: Service
) -> None:
    """The storage knows the member by a hash alone."""
    await choose(world, "language", "es")
    (hashed,) = await service.storage.preferences.all()
    assert str(world.member.id) not in hashed
    await service.preferences.load()
    assert service.preferences.of(world.member.id).language == "es"
    spanish = wording_in("es")
    sure = await world.member.slash(world.channel, "privacy", forget=True)
    await world.member.click(sure.response, label=spanish.FORGET_YES)
    assert spanish.CHOICES_DELETED in sure.response.content
    assert await service.storage.preferences.all() == {}
    assert (await world.member.slash(world.channel, "help")).response.content == wording.HELP


async def test_a_storage_that_fails_changes_nothing_and_is_said(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The menus stay, to try again."""

    async def failing(*_: object) -> None:
        raise StorageError

    monkeypatch.setattr(PreferenceTable, "set", failing)
    response = await choose(world, "private", "yes")
    assert response.content == f"{OWN.STORAGE_FAILED}\n{OWN.HEADING}"
    assert OWN.PRIVATE_AS_SERVER in selected(response)
    assert service.preferences.of(world.member.id) == Preferences()


async def test_all_answers_that_can_be_private_are_by_choice(world: World) -> None:
    """Of commands and buttons; a reply to a mention is public always."""
    public = await world.member.slash(world.channel, "ask", question=QUESTION)
    await choose(world, "private", "yes")
    for command, options in (
        ("quote", {"text": "post 1 of “Sourdough for patient people”"}),
        ("random", {}),
    ):
        assert (await world.member.slash(world.channel, command, **options)).ephemeral, command
    assert (await follow_up(world.member, public.response, "and why?")).ephemeral
    assert not (await follow_up(world.manager, public.response, "and why?")).ephemeral

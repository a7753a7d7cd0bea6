"""Commands are sent only when they differ from those that Discord has."""

from __future__ import annotations

from typing import Any

import discord
import pytest

from bot.discord.app.sync import fingerprints
from bot.discord.kit.service import Service
from tests.conftest import World
from tests.discord.ask.test_commands import QUESTION, policy


def sent(world: World) -> list[Any]:
    return [r for r in world.env.http_requests if r.method == "PUT" and "commands" in r.path]


async def test_commands_are_sent_on_the_first_start_and_not_on_the_next(
    world: World, service: Service
) -> None:
    """A restart costs no request that counts against a limit."""
    assert len(sent(world)) == 1
    await world.restart(service)
    assert len(sent(world)) == 1


async def test_a_changed_description_is_sent(world: World, service: Service) -> None:
    """What members see is what the program says."""
    there = world.env.backend.commands[None]
    there["ask", 1] = {**there["ask", 1], "description": "Something older."}
    await world.restart(service)
    assert len(sent(world)) == 2


async def test_a_question_may_be_as_long_as_the_config_says(world: World, service: Service) -> None:
    """Discord is told when that has changed; by mention, more than that is read in part."""
    assert question_option(sent(world)[0].json)["max_length"] == 500
    policy(service, max_question=60)
    await world.restart(service)
    assert len(sent(world)) == 2
    assert question_option(sent(world)[1].json)["max_length"] == 60
    await world.restart(service)
    assert len(sent(world)) == 2
    result = await world.member.slash(world.channel, "ask", question=QUESTION)
    assert "Brunel" in result.response.content
    found = await world.member.autocomplete(
        world.channel, "ask", "source", "tamar", question=QUESTION
    )
    assert [one["value"] for one in found] == ["bridge"]
    question = f"{QUESTION} " + "I ask because I must. " * 4
    await world.member.send(world.channel, f"{world.mention} {question}")
    content = world.channel.last_message.content
    assert content.startswith("That's a long question: I read only its first 60 characters.\n> ")
    assert "Brunel" in content


def question_option(commands: list[Any]) -> Any:
    ask = next(command for command in commands if command["name"] == "ask")
    return next(option for option in ask["options"] if option["name"] == "question")


async def test_the_start_continues_when_commands_cannot_be_sent(
    world: World, service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    """Those that are there stay in use, and the log says so."""
    world.env.inject_error("GET", "/applications/*/commands", status=500)
    await world.restart(service)
    response = await world.member.slash(world.channel, "help")
    assert response.acknowledged


async def test_every_command_can_be_installed_by_a_server_or_a_member(world: World) -> None:
    """With the contexts that it makes sense in."""
    commands = {c["name"]: c for c in sent(world)[0].json}
    assert commands["ask"]["integration_types"] == [0, 1]
    assert commands["ask"]["contexts"] == [0, 1, 2]
    assert commands["reload"]["contexts"] == [0]


def test_what_discord_fills_in_is_no_difference() -> None:
    """Ids, versions and defaults."""
    here = {"name": "a", "type": 1, "description": "d", "nsfw": False, "options": []}
    there = {**here, "id": "1", "version": "2", "options": None, "default_member_permissions": None}
    assert fingerprints([here]) == fingerprints([there])
    assert fingerprints([here]) != fingerprints([{**there, "description": "e"}])
    assert discord.__version__ >= "2.7.1"

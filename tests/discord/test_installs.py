"""Where only a member has installed the bot, it does what their app may do there."""

from __future__ import annotations

from typing import Any

import discord
import pytest
from simcord import interactions

from bot.discord.kit.service import Service
from bot.wording import ENGLISH as wording
from tests.conftest import World
from tests.discord.ask.test_commands import buttons
from tests.discord.settled import settle

QUESTION = "Who was too ill to attend the opening?"


def install(
    world: World, monkeypatch: pytest.MonkeyPatch, *, public: bool, with_server: bool = False
) -> None:
    """Let the bot be no member of the server, and the member's app be public there or not."""
    world.env.bot._connection._guilds.pop(world.guild.id, None)
    made = interactions.base_payload

    def payload(*args: Any, **kwargs: Any) -> Any:
        record, found = made(*args, **kwargs)
        owners = {"1": str(kwargs["user_id"])}
        if with_server:
            owners["0"] = str(world.guild.id)
        found["authorizing_integration_owners"] = owners
        may = discord.Permissions(int(found["member"]["permissions"]))
        may.update(use_external_apps=public)
        found["member"]["permissions"] = str(may.value)
        return record, found

    monkeypatch.setattr(interactions, "base_payload", payload)


@pytest.mark.parametrize("public", [True, False])
async def test_answers_are_public_if_the_members_app_may_be(
    world: World, monkeypatch: pytest.MonkeyPatch, public: bool
) -> None:
    """Else they are for the member alone, without a button that would share them."""
    install(world, monkeypatch, public=public)
    asked = await world.member.slash(world.channel, "ask", question=QUESTION)
    quoted = await world.member.slash(world.channel, "quote", text="toll")
    for result in (asked, quoted):
        assert result.ephemeral is not public
        assert (wording.DELETE in buttons(result.response)) is public
        assert wording.SHARE not in buttons(result.response)


async def test_where_the_server_has_the_commands_without_the_bot_they_are_public(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An app can be installed for a server without a bot user."""
    install(world, monkeypatch, public=False, with_server=True)
    asked = await world.member.slash(world.channel, "ask", question=QUESTION)
    assert not asked.ephemeral


async def test_a_private_answer_is_shared_in_one_message(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Discord gives such an app five follow-ups; this takes one."""
    install(world, monkeypatch, public=True)
    asked = await world.member.slash(world.channel, "ask", question=QUESTION, private=True)
    shared = await world.member.click(asked.response, label=wording.SHARE)
    assert len(shared.followups) == 1
    assert "Brunel" in shared.followups[0].content


async def test_everything_else_works_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading, listing, finding, help and the buttons."""
    install(world, monkeypatch, public=False)
    asked = await world.member.slash(world.channel, "ask", question=QUESTION)
    assert "Brunel" in asked.response.content
    shown = await world.member.click(asked.response, label=wording.IN_CONTEXT)
    assert "stroke" in shown.response.content
    for command, options in (("sources", {}), ("read", {"source": "bridge"}), ("help", {})):
        result = await world.member.slash(world.channel, command, **options)
        assert result.ephemeral
    choices = await world.member.autocomplete(world.channel, "quote", "text", "toll")
    assert choices


@pytest.mark.parametrize("command", ["settings", "reload"])
async def test_there_are_no_settings_and_no_curators(
    world: World, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """Discord does not offer the commands there; if it did, they would refuse."""
    install(world, monkeypatch, public=True)
    result = await world.manager.slash(world.channel, command)
    assert result.response.content == wording.NO_CURATORS_HERE


async def test_settings_from_when_the_bot_was_a_member_do_not_hold(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are the server's word to the bot, and it has been sent away."""
    await settle(world, service, sources=frozenset({"baking/bread"}), private=True, own_thread=True)
    install(world, monkeypatch, public=True)
    asked = await world.member.slash(world.channel, "ask", question=QUESTION)
    assert "Brunel" in asked.response.content
    assert not asked.ephemeral
    assert world.channel.threads == []


async def test_the_usual_privacy_is_the_servers_where_it_has_one(
    world: World, service: Service
) -> None:
    """Over the config's; the member's own word goes before both."""
    await settle(world, service, private=True)
    assert (await world.member.slash(world.channel, "ask", question=QUESTION)).ephemeral
    asked = await world.member.slash(world.channel, "ask", question=QUESTION, private=False)
    assert not asked.ephemeral
    changed = service.settings.model_copy(update={"private": True})
    service.settings = changed
    await settle(world, service, private=False)
    assert not (await world.member.slash(world.channel, "ask", question=QUESTION)).ephemeral

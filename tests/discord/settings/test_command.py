"""/settings: who may, what is shown, what is kept."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import discord
import pytest
import simcord

from bot.discord.kit.quotes.layout import LIMIT
from bot.discord.kit.servers import ServerSettingsCache
from bot.discord.kit.service import Service
from bot.discord.settings import panel
from bot.discord.settings.values import Setting
from bot.errors import Problem
from bot.settings.discord import DiscordSettings
from bot.storage.connections import StorageError
from bot.storage.servers import ServerSettings
from bot.texts.folder import write_source
from bot.wording import ENGLISH as wording
from bot.wording.catalogue import wording_in
from tests.conftest import CURATOR_ROLE, TODAY, World
from tests.discord.settled import settle
from tests.discord.slowness import hold
from tests.samples import BREAD

WHICH = "settings:which"


def menu(setting: str, page: int = 0) -> str:
    return f"settings:set:{setting}:{page}"


def now(world: World, service: Service) -> ServerSettings:
    return service.servers.of(world.guild.id)


async def opened(world: World, setting: str, by: Any = None) -> Any:
    """Return the message of /settings with the controls of `setting`."""
    by = by or world.manager
    result = await by.slash(world.channel, "settings")
    await by.select(result.response, [setting], custom_id=WHICH)
    return result.response


def options(message: Any, custom_id: str) -> list[dict[str, Any]]:
    found = [c for row in message.components for c in row["components"]]
    return next(c["options"] for c in found if c.get("custom_id") == custom_id)


def buttons(message: Any) -> list[str]:
    found = [c for row in message.components for c in row["components"]]
    return [c["label"] for c in found if "label" in c]


@pytest.fixture
def keeper(world: World, service: Service) -> Any:
    """Return a member who is a curator by a role of the config."""
    role = world.guild.create_role(CURATOR_ROLE)
    service.settings = DiscordSettings(curator_roles=(role.id,))
    return world.guild.add_member(world.env.create_user("keeper"), roles=[role])


async def allow_everybody(world: World) -> None:
    """Let Discord's client show /settings to everybody, as an administrator may."""
    command = world.env.backend.find_command("settings", None)
    everyone = world.env.backend.get_guild(world.guild.id).everyone_role
    world.env.backend.set_command_permissions(
        world.guild.id,
        int(command["id"]),
        [{"id": str(everyone.id), "type": 1, "permission": True}],
    )


async def test_all_settings_are_shown_to_the_curator_alone(world: World) -> None:
    """Each with its value, in one message, without a menu of values before one is chosen."""
    result = await world.manager.slash(world.channel, "settings")
    assert result.ephemeral
    assert result.response.content.split("\n") == [
        "**Settings of this server**",
        "- **Listening channels**: none set",
        "- **Silent channels**: none set",
        "- **Forums**: none set",
        "- **Answers to /ask**: everybody sees them (default)",
        "- **Threads for /ask**: none is opened",
        "- **Texts**: all",
        "- **Curator roles**: none set",
        "- **Language**: same as the server's (English)",
        "- **Questions per minute**: each member 12 (default), each channel 60 (default)",
    ]
    assert [o["value"] for o in options(result.response, WHICH)] == [s.value for s in Setting]


async def test_discord_shows_the_command_to_those_who_may_manage_the_server(world: World) -> None:
    """In servers where the bot is installed, and nowhere else."""
    command = world.env.backend.find_command("settings", None)
    assert command["contexts"] == [0]
    assert command["integration_types"] == [0]
    required = discord.Permissions(int(command["default_member_permissions"]))
    assert required == discord.Permissions(manage_guild=True)


async def test_a_member_is_refused_whatever_the_client_lets_through(
    world: World, service: Service
) -> None:
    """By the command, and by the menus and buttons of a message that a curator was shown."""
    await allow_everybody(world)
    result = await world.member.slash(world.channel, "settings")
    assert result.response.content == wording.CURATORS_ONLY
    role = world.guild.create_role("Temporary", permissions=discord.Permissions(manage_guild=True))
    guest = world.guild.add_member(world.env.create_user("guest"), roles=[role])
    message = await opened(world, "own_thread", guest)
    world.env.backend.get_guild(world.guild.id).members[guest.id].role_ids.clear()
    for custom_id, values in ((WHICH, ["silent"]), (menu("own_thread"), ["yes"])):
        refused = await guest.select(message, values, custom_id=custom_id)
        assert refused.response.content == wording.CURATORS_ONLY
    assert now(world, service) == ServerSettings()


async def test_a_curator_by_role_may_change_settings_but_make_nobody_a_curator(
    world: World, service: Service, keeper: Any
) -> None:
    """That is for those who may Manage Server."""
    await allow_everybody(world)
    message = await opened(world, "own_thread", keeper)
    await keeper.select(message, ["yes"], custom_id=menu("own_thread"))
    assert now(world, service).own_thread
    friends = world.guild.create_role("Friends")
    await keeper.select(message, ["curator_roles"], custom_id=WHICH)
    refused = await keeper.select(message, [friends], custom_id=menu("curator_roles"))
    assert refused.response.content == wording.MANAGERS_ONLY
    assert now(world, service).curator_roles == frozenset()


async def test_roles_set_here_make_curators(world: World, service: Service) -> None:
    """Beside those of the config."""
    friends = world.guild.create_role("Friends")
    friend = world.guild.add_member(world.env.create_user("friend"), roles=[friends])
    message = await opened(world, "curator_roles")
    await world.manager.select(message, [friends], custom_id=menu("curator_roles"))
    assert f"Curator roles: none set → <@&{friends.id}>" in message.content
    result = await friend.slash(world.channel, "reload")
    assert wording.NOTHING_CHANGED in result.response.content


async def test_everyone_is_no_curator_role(world: World, service: Service) -> None:
    """One slip would let every member change the settings."""
    everyone = world.env.backend.get_guild(world.guild.id).everyone_role
    message = await opened(world, "curator_roles")
    await world.manager.select(
        message,
        [simcord.builders.RoleHandle(world.env, world.guild, everyone)],
        custom_id=menu("curator_roles"),
    )
    assert message.content.endswith(wording.NOT_EVERYBODY)
    assert now(world, service) == ServerSettings()


async def test_the_first_channel_of_an_old_server_can_be_chosen(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Servers made before 2017 have a #general with the server's own id, which is also that of @everyone."""
    monkeypatch.setattr(world.env.backend, "snowflake", lambda: world.guild.id)
    general = world.guild.create_text_channel("general")
    monkeypatch.undo()
    message = await opened(world, "silent")
    await world.manager.select(message, [general], custom_id=menu("silent"))
    assert now(world, service).silent == {world.guild.id}


@pytest.mark.parametrize("setting", ["listens", "silent", "forums"])
async def test_channels_are_chosen_and_taken_back(
    world: World, service: Service, setting: str
) -> None:
    """What it was and what it is stands below; the audit has it with names."""
    channel = (
        world.guild.create_forum_channel("questions") if setting == "forums" else world.channel
    )
    message = await opened(world, setting)
    await world.manager.select(message, [channel], custom_id=menu(setting))
    assert getattr(now(world, service), setting) == {channel.id}
    name = message.content.split("\n")[-1].split(":")[0]
    assert message.content.endswith(f"\n{name}: none set → <#{channel.id}>")
    act = (await service.storage.audit.latest(world.guild.id, 1))[0]
    assert (act.member_id, act.action, act.at) == (world.manager.id, "settings", TODAY)
    assert act.detail == f"{name}: none set → #{channel.name}"
    await world.manager.click(message, label=wording.EMPTY_LIST)
    assert getattr(now(world, service), setting) == frozenset()
    assert message.content.endswith(f"\n{name}: <#{channel.id}> → none set")


async def test_settings_and_their_menus_outlive_a_restart(world: World, service: Service) -> None:
    """The message from before is used after it; what it keeps is there after another one."""
    message = await opened(world, "silent")
    await world.restart(service)
    await world.manager.select(message, [world.channel], custom_id=menu("silent"))
    await world.manager.select(message, ["cooldowns"], custom_id=WHICH)
    shown = await world.manager.click(message, label=wording.TYPE_NUMBERS)
    await world.restart(service)
    await world.manager.submit_modal(shown, {"member": "3", "channel": "0"})
    book = await ServerSettingsCache.read(service.storage)
    assert book.of(world.guild.id) == ServerSettings(
        silent=frozenset({world.channel.id}), member_questions=3, channel_questions=0
    )


async def test_cooldowns_are_typed(world: World, service: Service) -> None:
    """Empty is the bot's own; what is no number is refused, and changes nothing."""
    message = await opened(world, "cooldowns")
    shown = await world.manager.click(message, label=wording.TYPE_NUMBERS)
    await world.manager.submit_modal(shown, {"member": "5", "channel": ""})
    assert message.content.endswith(
        "Questions per minute: each member 12 (default), each channel 60 (default) → "
        "each member 5, each channel 60 (default)"
    )
    for wrong in ("-1", "x", "10001", "1.5", "²"):
        shown = await world.manager.click(message, label=wording.TYPE_NUMBERS)
        await world.manager.submit_modal(shown, {"member": wrong, "channel": "7"})
        assert message.content.endswith(wording.not_a_rate(10_000))
    assert now(world, service) == ServerSettings(member_questions=5)
    await world.manager.click(message, label=wording.USUAL_NUMBERS)
    assert now(world, service) == ServerSettings()


async def test_privacy_threads_and_language_are_chosen(world: World, service: Service) -> None:
    """And can be left to the bot or to Discord again."""
    message = await opened(world, "private")
    await world.manager.select(message, ["yes"], custom_id=menu("private"))
    assert "everybody sees them (default) → only the asker sees them" in message.content
    await world.manager.select(message, ["language"], custom_id=WHICH)
    await world.manager.select(message, ["es"], custom_id=menu("language"))
    assert "Language: same as the server's (English) → Spanish" in message.content
    assert now(world, service) == ServerSettings(private=True, language="es")
    await world.manager.select(message, ["-"], custom_id=menu("language"))
    await world.manager.select(message, ["private"], custom_id=WHICH)
    await world.manager.select(message, ["-"], custom_id=menu("private"))
    assert now(world, service) == ServerSettings()


async def test_choosing_what_is_set_changes_nothing(world: World, service: Service) -> None:
    """And leaves no trace among the acts."""
    message = await opened(world, "own_thread")
    await world.manager.select(message, ["no"], custom_id=menu("own_thread"))
    assert message.content.endswith(wording.NO_CHANGE)
    assert await service.storage.audit.latest(world.guild.id, 1) == []


async def test_what_is_gone_is_said_and_can_be_taken_out(world: World, service: Service) -> None:
    """It stays until then: a choice among what is there does not touch it."""
    old = world.guild.create_text_channel("old")
    await settle(
        world, service, silent=frozenset({old.id, world.channel.id}), curator_roles=frozenset({77})
    )
    world.env.backend.delete_channel(old.id)
    message = await opened(world, "silent")
    assert f"- **Silent channels**: <#{world.channel.id}>, 1 that is gone" in message.content
    assert "- **Curator roles**: 1 that is gone" in message.content
    await world.manager.select(message, [], custom_id=menu("silent"))
    assert now(world, service).silent == {old.id}
    await world.manager.click(message, label=wording.TAKE_OUT_GONE)
    assert now(world, service).silent == frozenset()
    assert message.content.endswith("Silent channels: 1 that is gone → none set")
    await world.manager.select(message, ["curator_roles"], custom_id=WHICH)
    await world.manager.click(message, label=wording.TAKE_OUT_GONE)
    assert now(world, service).curator_roles == frozenset()


async def test_nothing_is_gone_from_a_server_that_is_not_known_yet(
    world: World, service: Service
) -> None:
    """After a new connection Discord tells of one server after the other; until then, it has no channels."""
    await settle(world, service, listens=frozenset({world.channel.id}))
    guild = world.env.bot.get_guild(world.guild.id)
    guild.unavailable = True
    guild._channels.clear()
    message = await opened(world, "listens")
    assert wording.TAKE_OUT_GONE not in buttons(message)
    assert f"<#{world.channel.id}>" in message.content


async def test_texts_are_chosen_and_new_ones_are_not_among_them(
    world: World, service: Service
) -> None:
    """Unless all are offered; a text that is gone can be taken out; one must be left."""
    bread = service.snapshot.sources["baking/bread"]
    message = await opened(world, "sources")
    shown = options(message, menu("sources"))
    assert [(o["label"], o["default"]) for o in shown] == [
        ("Sourdough for patient people", True),
        ("The bridge over the Tamar", True),
    ]
    await world.manager.select(message, [bread.digest], custom_id=menu("sources"))
    assert message.content.endswith("Texts: all → Sourdough for patient people")
    await world.manager.select(message, [], custom_id=menu("sources"))
    assert message.content.endswith(wording.ONE_TEXT_AT_LEAST)
    assert now(world, service).sources == frozenset({"baking/bread"})
    await settle(world, service, sources=frozenset({"baking/bread", "lost"}))
    await world.manager.select(message, ["sources"], custom_id=WHICH)
    assert "Sourdough for patient people, 1 that is gone" in message.content
    await world.manager.click(message, label=wording.TAKE_OUT_GONE)
    assert now(world, service).sources == frozenset({"baking/bread"})
    await world.manager.click(message, label=wording.OFFER_ALL)
    assert now(world, service).sources is None


async def test_many_texts_are_chosen_page_by_page(world: World, service: Service) -> None:
    """What is chosen on one page leaves the others as they are."""
    for i in range(58):
        write_source(replace(BREAD, id=f"more/{i:02}"), service.library.folder)
    await world.manager.slash(world.channel, "reload")
    every = service.snapshot.listing.in_order
    message = await opened(world, "sources")
    assert buttons(message) == [wording.NEXT]
    await world.manager.click(message, label=wording.NEXT)
    await world.manager.click(message, label=wording.NEXT)
    assert buttons(message) == [wording.PREVIOUS]
    await world.manager.select(message, [every[59].digest], custom_id=menu("sources", 2))
    assert now(world, service).sources == frozenset(s.id for s in [*every[:50], every[59]])
    await world.manager.click(message, label=wording.PREVIOUS)
    await world.manager.select(message, [], custom_id=menu("sources", 1))
    assert now(world, service).sources == frozenset(s.id for s in [*every[:25], every[59]])
    assert "20 more" in message.content
    assert len(message.content) <= LIMIT


async def test_long_lists_fit_into_the_message(world: World, service: Service) -> None:
    """As many as there is room for, and how many more."""
    channels = [world.guild.create_text_channel(f"c{i}") for i in range(25)]
    roles = [world.guild.create_role(f"r{i}") for i in range(25)]
    ids = frozenset(c.id for c in channels)
    for i in range(30):
        source = replace(BREAD, id=f"more/{i:02}", title="*" * 300)
        write_source(source, service.library.folder)
    await world.manager.slash(world.channel, "reload")
    await settle(
        world,
        service,
        listens=ids,
        silent=ids,
        forums=ids,
        curator_roles=frozenset(r.id for r in roles),
        sources=frozenset(f"more/{i:02}" for i in range(30)),
    )
    message = await opened(world, "listens")
    assert len(message.content) <= LIMIT
    assert wording.HOW_TO_LISTEN in message.content
    await world.manager.select(message, channels[:24], custom_id=menu("listens"))
    assert len(message.content) <= LIMIT
    assert "Listening channels: " in message.content.split("\n")[-1]


async def test_two_curators_at_once_lose_nothing_of_each_others(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each changes one setting of what is kept then, one after the other, however slow that is."""
    first, second = await opened(world, "private"), await opened(world, "own_thread")
    keep = service.storage.servers.set

    async def slowly(*args: Any) -> None:
        await asyncio.sleep(0)
        await keep(*args)

    monkeypatch.setattr(service.storage.servers, "set", slowly)
    await world.manager.select(first, ["yes"], custom_id=menu("private"))
    await world.manager.select(second, ["yes"], custom_id=menu("own_thread"))
    assert now(world, service) == ServerSettings(private=True, own_thread=True)
    await asyncio.gather(
        *(
            service.servers.update(
                world.guild.id,
                lambda was, change=change: replace(was, **change),  # type: ignore[misc]
                world.manager.id,
                lambda was, to: "",
                TODAY,
            )
            for change in ({"language": "es"}, {"private": None})
        )
    )
    assert now(world, service) == ServerSettings(own_thread=True, language="es")


async def test_a_storage_that_fails_changes_nothing_and_is_reported_kindly(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message stays usable."""
    message = await opened(world, "own_thread")

    async def fails(*_: object) -> None:
        raise StorageError(Problem("verbatim.db", "the disk is full"))

    with monkeypatch.context() as patched:
        patched.setattr(service.storage.servers, "set", fails)
        await world.manager.select(message, ["yes"], custom_id=menu("own_thread"))
    assert message.content.endswith(wording.NOT_KEPT)
    assert now(world, service) == ServerSettings()
    await world.manager.select(message, ["yes"], custom_id=menu("own_thread"))
    assert now(world, service).own_thread


async def test_a_change_whose_record_fails_holds_all_the_same(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was kept: to say otherwise would be wrong."""

    async def fails(*_: object) -> None:
        raise StorageError(Problem("verbatim.db", "is locked"))

    message = await opened(world, "own_thread")
    monkeypatch.setattr(service.storage.audit, "record", fails)
    await world.manager.select(message, ["yes"], custom_id=menu("own_thread"))
    assert now(world, service).own_thread
    assert message.content.endswith("Threads for /ask: none is opened → each answer opens one")


async def test_a_slow_storage_is_waited_for(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Discord gives three seconds: the interaction is acknowledged first."""
    message = await opened(world, "own_thread")
    held = hold(world, monkeypatch, service.storage.servers, "set")
    await world.manager.select(message, ["yes"], custom_id=menu("own_thread"))
    assert held.begun == 1
    callbacks = [r.json["type"] for r in world.env.http_requests if r.path.endswith("/callback")]
    assert callbacks[-1] == 6
    await held.let_go()
    assert message.content.endswith("→ each answer opens one")


@pytest.mark.parametrize(
    ("setting", "line"),
    [
        ("listens", wording.LISTENING_NEEDS),
        ("forums", wording.FORUMS_NEED),
        ("own_thread", wording.THREADS_NEED),
    ],
)
async def test_what_needs_the_message_content_intent_says_so(
    world: World, service: Service, setting: str, line: str
) -> None:
    """And how an operator switches it on; with it, nothing is said of it."""
    message = await opened(world, setting)
    assert f"{line} {wording.HOW_TO_LISTEN}" in message.content
    service.settings = DiscordSettings(listen=True)
    await world.restart(service)
    await world.manager.select(message, [setting], custom_id=WHICH)
    assert line not in message.content


async def test_an_error_of_discords_is_reported_in_one_line(world: World) -> None:
    """Of the menu and of the fields."""
    message = await opened(world, "cooldowns")
    shown = await world.manager.click(message, label=wording.TYPE_NUMBERS)
    world.env.inject_error("POST", "/interactions/*/callback", status=500, times=1)
    result = await world.manager.submit_modal(shown, {"member": "1", "channel": "1"})
    assert result.response.content == wording.FAILED
    world.env.inject_error("POST", "/interactions/*/callback", status=500, times=1)
    result = await world.manager.select(message, ["silent"], custom_id=WHICH)
    assert result.response.content == wording.FAILED


async def test_labels_keep_to_discords_limits_in_every_language(world: World) -> None:
    """45 characters for a field's label, 100 for an option or a description."""
    for language in ("en", "es", "ar"):
        said = wording_in(language)
        for label in (said.member_rate(said.ANY_NUMBER), said.channel_rate(said.ANY_NUMBER)):
            assert len(label) <= 45, label
        assert len(said.COOLDOWNS) <= 45


async def test_an_old_menu_changes_only_what_is_touched(world: World, service: Service) -> None:
    """What another curator has chosen since stays chosen, though the menu does not show it."""
    other = world.guild.create_text_channel("other")
    one, two = await opened(world, "listens"), await opened(world, "listens")
    await world.manager.select(one, [world.channel], custom_id=menu("listens"))
    await world.manager.select(two, [other], custom_id=menu("listens"))
    assert now(world, service).listens == {world.channel.id, other.id}
    await world.manager.select(two, [other], custom_id=menu("listens"))
    assert now(world, service).listens == {other.id}


async def test_an_old_menu_of_texts_changes_only_what_is_touched(
    world: World, service: Service
) -> None:
    """A text that one takes out does not come back with the other's choice."""
    third = replace(BREAD, id="third", title="Third")
    write_source(third, service.library.folder)
    await world.manager.slash(world.channel, "reload")
    one, two = await opened(world, "sources"), await opened(world, "sources")
    by_name = {s.id: s.digest for s in service.snapshot.sources.values()}
    kept = [by_name["baking/bread"], by_name["third"]]
    await world.manager.select(one, kept, custom_id=menu("sources"))
    await world.manager.select(two, [*kept[:1], by_name["bridge"]], custom_id=menu("sources"))
    assert now(world, service).sources == frozenset({"baking/bread"})


async def test_of_thousands_of_texts_only_those_that_are_shown_are_named(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dozen in the message, and about as many as fit in what is kept of a change."""
    for i in range(400):
        write_source(replace(BREAD, id=f"t{i}", title=f"Text {i}"), service.library.folder)
    await world.manager.slash(world.channel, "reload")
    ids = frozenset(f"t{i}" for i in range(300))
    await settle(world, service, sources=ids)
    named: list[str] = []

    def watched(title: str) -> str:
        named.append(title)
        return title

    monkeypatch.setattr(panel, "_cut", watched)
    message = await opened(world, "sources")
    assert "**Texts**: Text 0, Text 1, Text 2, Text 3, Text 4, Text 5, 294 more" in message.content
    assert len(named) <= 12
    first = service.snapshot.listing.in_order[0]
    await world.manager.select(message, [first.digest], custom_id=menu("sources"))
    assert len(named) <= 300

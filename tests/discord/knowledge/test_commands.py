"""Texts are removed so that they can be put back, shown with their file, and acts are listed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from discord import Permissions

from bot.discord.kit.quotes.layout import LIMIT
from bot.discord.kit.service import Service
from bot.settings.discord import DiscordSettings
from bot.storage.connections import StorageError
from bot.texts.folder import write_source
from bot.wording import ENGLISH as wording
from tests.conftest import TODAY, World
from tests.discord.ask.test_commands import buttons
from tests.discord.knowledge.test_adding import broken
from tests.samples import BREAD, BRIDGE
from tests.texts.test_editing import files


async def asked(world: World, source: str = "bridge", who: Any = None) -> Any:
    result = await (who or world.manager).slash(world.channel, "knowledge remove", source=source)
    return result.response


async def file_message(world: World, source: str) -> Any:
    result = await world.manager.slash(world.channel, "knowledge show", source=source)
    return result.response


async def history(world: World, who: Any = None) -> str:
    result = await (who or world.manager).slash(world.channel, "knowledge history")
    content: str = result.response.content
    return content


async def test_a_text_is_removed_after_a_second_question(world: World, service: Service) -> None:
    """Its file is moved out of the way, after a restart too."""
    folder = service.library.folder
    question = await asked(world, "baking/bread")
    assert question.ephemeral
    assert r"Sourdough for patient people by Ana \*the\* Baker (2 posts)" in question.content
    assert "baking/bread.md" in files(folder)
    await world.restart(service)
    await world.manager.click(question, label=wording.REMOVE)
    assert question.content.split("\n") == ["Removed: baking/bread", "Now: 1 text, 5 passages."]
    assert question.components == []
    (kept,) = folder.glob(".removed/*/baking/bread.md")
    (act,) = await service.storage.audit.latest(world.guild.id, 10)
    assert (act.member_id, act.action) == (world.manager.id, "remove")
    kept.rename(folder / "baking" / "bread.md")
    reload = await service.reload(skip_broken=False)
    assert reload.changes.added == ("baking/bread",)


async def test_a_text_is_kept_when_that_was_not_meant(world: World, service: Service) -> None:
    """Nothing has changed."""
    before = files(service.library.folder)
    question = await asked(world)
    await world.manager.click(question, label=wording.KEEP)
    assert (question.content, question.components) == (wording.LEFT_AS_IT_WAS, [])
    assert files(service.library.folder) == before


async def test_the_only_text_is_not_removed(world: World, service: Service) -> None:
    """A bot without texts cannot answer; also where the question is an old one."""
    question = await asked(world)
    await world.manager.click(await asked(world, "baking/bread"), label=wording.REMOVE)
    assert (await asked(world)).content == wording.ONLY_TEXT
    result = await world.manager.click(question, label=wording.REMOVE)
    assert result.response.content == wording.ONLY_TEXT
    assert "bridge.md" in files(service.library.folder)


async def test_a_removal_that_is_refused_leaves_the_folder_as_it_was(
    world: World, service: Service
) -> None:
    """Because another file is broken."""
    question = await asked(world)
    broken(service.library.folder)
    before = files(service.library.folder)
    await world.manager.click(question, label=wording.REMOVE)
    assert question.content.startswith(f"{wording.NOT_REMOVED}\n{wording.REFUSED}\n- broken.md")
    assert files(service.library.folder) == before


async def test_a_text_that_is_another_by_now_is_not_removed(world: World, service: Service) -> None:
    """Whether it was read again since, or only its file has changed."""
    question, other = await asked(world), await asked(world)
    write_source(replace(BRIDGE, title="Another"), service.library.folder, replace=True)
    await world.manager.click(question, label=wording.REMOVE)
    assert question.content == f"{wording.NOT_REMOVED} {wording.NOT_LOADED}"
    await service.reload(skip_broken=False)
    result = await world.manager.click(other, label=wording.REMOVE)
    assert result.response.content == wording.TEXT_CHANGED
    assert "bridge.md" in files(service.library.folder)


async def test_only_curators_remove_where_the_operator_lets_them(
    world: World, service: Service
) -> None:
    """Looked at with the last click, too."""
    assert (await asked(world, who=world.member)).content == wording.CURATORS_ONLY
    question = await asked(world)
    service.settings = DiscordSettings(writing_servers=())
    assert (await asked(world)).content == wording.not_writing(world.guild.id)
    result = await world.manager.click(question, label=wording.REMOVE)
    assert result.response.content == wording.not_writing(world.guild.id)
    assert "bridge.md" in files(service.library.folder)


@pytest.mark.parametrize("command", ["knowledge remove", "knowledge show"])
async def test_a_text_is_chosen_from_a_list_or_said_to_be_unknown(
    world: World, command: str
) -> None:
    """By title, author or name."""
    choices = await world.manager.autocomplete(world.channel, command, "source", "patient")
    assert [choice["value"] for choice in choices] == ["baking/bread"]
    result = await world.manager.slash(world.channel, command, source="*nothing*")
    assert result.response.content == wording.unknown_source(r"\*nothing\*")


async def test_a_text_is_shown_with_its_file(world: World, service: Service) -> None:
    """The file to the byte, and every fact that is stated."""
    source = replace(
        BRIDGE, license="CC BY 4.0", date=TODAY.date(), language="ar", aliases={"a*": ("b", "c")}
    )
    path = write_source(source, service.library.folder, replace=True)
    await service.reload(skip_broken=False)
    response = await file_message(world, "bridge")
    assert response.ephemeral
    for line in (
        "- Posts: 3",
        "- Passages: 5",
        "- Date: 2026-03-14",
        "- Licence: CC BY 4.0",
        "- Language: Arabic",
        r"- Other names: a\*: b, c",
        f"- File: bridge.md, {path.stat().st_size} bytes",
        "- Link: https://example.org/bridge\\_(tamar)".replace("\\_", "_"),
    ):
        assert line in response.content.split("\n")
    (attachment,) = response.attachments
    assert attachment.filename == "bridge.md"
    assert await attachment.read() == path.read_bytes()


async def test_a_file_that_is_not_the_text_any_more_is_told(world: World, service: Service) -> None:
    """Changed, broken, gone, or not to be read."""
    path = write_source(replace(BRIDGE, title="Other"), service.library.folder, replace=True)
    assert wording.NOT_LOADED in (await file_message(world, "bridge")).content
    path.write_bytes(b"\xff")
    assert (await file_message(world, "bridge")).attachments
    path.unlink()
    response = await file_message(world, "bridge")
    assert (response.content.split("\n")[-1], response.attachments) == (wording.NOT_LOADED, [])
    path.mkdir()
    assert "is a folder" in (await file_message(world, "bridge")).content


async def test_very_many_aliases_fit(world: World, service: Service) -> None:
    """They are cut, and the file has them all."""
    aliases = {f"*name* {i}": (f"_other_ {i}",) for i in range(900)}
    write_source(replace(BRIDGE, aliases=aliases), service.library.folder, replace=True)
    await service.reload(skip_broken=False)
    response = await file_message(world, "bridge")
    assert len(response.content) <= LIMIT
    assert "- File: bridge.md" in response.content


async def test_a_file_that_discord_would_not_take_is_not_sent(
    world: World, service: Service
) -> None:
    """Its facts are."""
    from bot.discord.knowledge.showing import file_message as sheet

    made = sheet(BRIDGE, service.snapshot, service.library.folder, 10, wording)
    assert made.file is None
    assert wording.TOO_LARGE_TO_SEND in made.content


async def test_the_last_ten_acts_are_listed(world: World, service: Service) -> None:
    """Newest first, with who and when; who acted in another server is not named."""
    assert await history(world) == wording.NO_HISTORY
    for i in range(11):
        await service.storage.audit.record(1, 99, "add", f"text*{i}", TODAY)
    await world.manager.click(await asked(world), label=wording.REMOVE)
    lines = (await history(world)).split("\n")
    assert lines[0] == wording.HISTORY
    assert len(lines) == 11
    assert f"<@{world.manager.id}> removed bridge: The bridge over the Tamar" in lines[1]
    stamp = f"<t:{int(TODAY.timestamp())}:f>"
    assert lines[2] == f"- {stamp}: {wording.ELSEWHERE} added text\\*10"
    assert "<@99>" not in "".join(lines)  # the digits alone may stand in a time


async def test_earlier_acts_are_a_click_away(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also those for which a message has no room, after a restart, and for curators alone."""
    for i in range(27):
        detail = f"text {i} " + "*" * (110 if i > 12 else 1)
        await service.storage.audit.record(1, 99, "add", detail, TODAY)
    result = await world.manager.slash(world.channel, "knowledge history")
    first, seen = result.response.content, list[int]()
    await world.restart(service)
    while True:
        content = result.response.content
        assert len(content) <= LIMIT
        seen += [int(number) for number in re.findall(r"added text (\d+)", content)]
        if wording.NEXT not in buttons(result.response):
            break
        await world.manager.click(result.response, label=wording.NEXT)
    assert seen == list(range(26, -1, -1))
    with monkeypatch.context() as patched:  # who was a curator when the message was sent
        patched.setattr(Permissions, "manage_guild", False)
        refused = await world.manager.click(result.response, label=wording.PREVIOUS)
        assert [m.content for m in refused.followups or [refused.response]] == [
            wording.CURATORS_ONLY
        ]
    while wording.PREVIOUS in buttons(result.response):
        await world.manager.click(result.response, label=wording.PREVIOUS)
    assert result.response.content == first


async def test_a_reload_that_changes_something_is_in_the_history(
    world: World, service: Service
) -> None:
    """One that changes nothing is not."""
    await world.manager.slash(world.channel, "reload")
    assert await history(world) == wording.NO_HISTORY
    write_source(replace(BREAD, id="new"), service.library.folder)
    await world.manager.slash(world.channel, "reload")
    assert "reloaded the folder: new" in await history(world)


async def test_a_history_that_cannot_be_read_is_one_line(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest works without it."""

    async def fails(*_: Any) -> None:
        raise StorageError

    monkeypatch.setattr(service.storage.audit, "latest_by_action", fails)
    assert await history(world) == wording.HISTORY_UNKNOWN


async def test_members_see_neither_files_nor_history(world: World) -> None:
    """They have /read."""
    result = await world.member.slash(world.channel, "knowledge show", source="bridge")
    assert result.response.content == wording.CURATORS_ONLY
    assert await history(world, world.member) == wording.CURATORS_ONLY


async def test_the_commands_are_for_servers_only(world: World) -> None:
    """There are no curators elsewhere."""
    (sent,) = [r for r in world.env.http_requests if r.method == "PUT" and "commands" in r.path]
    commands = {command["name"]: command for command in sent.json}
    for name in ("knowledge", "Add to the knowledge"):
        assert commands[name]["contexts"] == [0]
        assert commands[name]["integration_types"] == [0]

"""Curators add texts: they see what would be kept, say what it is, and say yes."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest

from bot.discord.kit.service import Service
from bot.discord.knowledge.additions import SECONDS, Additions
from bot.models import Source
from bot.settings.discord import DiscordSettings
from bot.storage.connections import StorageError
from bot.texts.folder import write_source
from bot.texts.formats.knowledge_file import render
from bot.wording import ENGLISH as wording
from tests.conftest import Clock, World
from tests.discord.slowness import hold
from tests.samples import BREAD, BRIDGE, UNROLL
from tests.texts.test_editing import files

NEW = replace(BRIDGE, id="owls", title="Owls", url=None)
PASTE = b"Owls hunt by night.\n\nThey hear a mouse under the snow."


async def offered(
    world: World, data: bytes = PASTE, name: str = "paste.txt", who: Any = None
) -> Any:
    result = await (who or world.manager).slash(world.channel, "knowledge add", file=(name, data))
    return result.response


async def named(world: World, shown: Any, label: str = wording.NAME_BUTTON, **typed: str) -> Any:
    opened = await world.manager.click(shown, label=label)
    values = {"title": "Owls", "author": "Ana"} | typed
    return await world.manager.submit_modal(opened, values)


def filled_in(opened: Any) -> dict[str, Any]:
    """Return what stands in the fields of a form that was opened."""
    fields = (item["component"] for item in opened.modal["components"])
    return {field["custom_id"]: field.get("value") for field in fields}


def labels(message: Any) -> list[str]:
    return [button["label"] for row in message.components for button in row["components"]]


def settle_in(service: Service, **settings: Any) -> None:
    service.settings = DiscordSettings(**settings)


def broken(folder: Path) -> None:
    (folder / "broken.md").write_text("---\ntitle: x\n---\ny\n", encoding="utf-8")


async def test_a_pasted_thread_is_shown_named_and_added(world: World, service: Service) -> None:
    """Nothing is written before the last click, and then it can be asked about."""
    folder = service.library.folder
    before = files(folder)
    shown = await offered(world, UNROLL.encode())
    assert shown.ephemeral
    assert "2 posts would be kept:" in shown.content
    assert "the site's line that names the author" in shown.content
    assert labels(shown) == [wording.NAME_BUTTON, wording.CANCEL]
    opened = await world.manager.click(shown, label=wording.NAME_BUTTON)
    filled = filled_in(opened)
    assert filled["author"] == "@BridgeNotes"
    assert filled["title"].startswith("The bridge over the Tamar")
    await world.manager.submit_modal(
        opened,
        {"title": "A bridge: part 1", "author": "@BridgeNotes", "url": "https://a.example/b",
         "date": "2020-08-21"},
    )  # fmt: skip
    assert "- File: a-bridge-part-1.md" in shown.content
    assert labels(shown) == [wording.ADD, wording.MEND_BUTTON, wording.CANCEL]
    assert files(folder) == before
    await world.manager.click(shown, label=wording.ADD)
    assert shown.content.split("\n") == ["Added: a-bridge-part-1", "Now: 3 texts, 10 passages."]
    assert shown.components == []
    source = service.snapshot.sources["a-bridge-part-1"]
    assert (source.title, source.url) == ("A bridge: part 1", "https://a.example/b")
    assert str(source.date) == "2020-08-21"
    assert set(files(folder)) == {
        *before,
        "a-bridge-part-1.md",
        ".originals/a-bridge-part-1.txt",
    }


async def test_a_knowledge_file_states_all_and_needs_one_click(
    world: World, service: Service
) -> None:
    """It is added to the character as it is."""
    source = replace(NEW, license="CC0", aliases={"owl": ("strix",)}, language="es")
    shown = await offered(world, render(source).encode(), "owls.md")
    assert labels(shown) == [wording.ADD, wording.MEND_BUTTON, wording.CANCEL]
    await world.manager.click(shown, label=wording.ADD)
    found = service.snapshot.sources["owls"]
    assert found.digest == source.digest
    assert (service.library.folder / "owls.md").read_text(encoding="utf-8") == render(source)


async def test_what_cannot_be_taken_is_named_and_what_was_typed_is_there_still(
    world: World, service: Service
) -> None:
    """The form opens again with it."""
    before = files(service.library.folder)
    shown = await offered(world)
    await named(world, shown, title="🧵", url="example.org", date="soon")
    for name in ("title", "url", "date"):
        assert wording.fault(name) in shown.content
    assert labels(shown) == [wording.MEND_BUTTON, wording.CANCEL]
    opened = await world.manager.click(shown, label=wording.MEND_BUTTON)
    assert "example.org" in str(opened.modal)
    assert files(service.library.folder) == before


async def test_a_text_of_that_name_is_replaced_knowingly(world: World, service: Service) -> None:
    """What would change is said, the old file is kept, its aliases too."""
    folder = service.library.folder
    write_source(replace(NEW, aliases={"owl": ("strix",)}), folder)
    await service.reload(skip_broken=False)
    shown = await offered(world)
    await named(world, shown)
    assert wording.THERE_ALREADY in shown.content
    assert "What would change: Author, 2 posts are new, 3 posts are removed." in shown.content
    old = (folder / "owls.md").read_bytes()
    await world.manager.click(shown, label=wording.REPLACE)
    assert shown.content.startswith("Changed: owls\n")
    assert service.snapshot.sources["owls"].aliases == {"owl": ("strix",)}
    assert old in [data for name, data in files(folder).items() if name.startswith(".removed/")]
    (act,) = await service.storage.audit.latest(world.guild.id, 10)
    assert (act.member_id, act.action, act.detail) == (world.manager.id, "replace", "owls: Owls")


async def test_the_very_same_text_is_not_added_again(world: World) -> None:
    """There is no button for it."""
    shown = await offered(world, render(BRIDGE).encode(), "bridge.md")
    assert wording.SAME_ALREADY in shown.content
    assert wording.REPLACE not in labels(shown)


async def test_a_reload_that_is_refused_leaves_the_folder_as_it_was(
    world: World, service: Service
) -> None:
    """The curator is told, and the same button works when the other file is mended."""
    folder = service.library.folder
    shown = await offered(world)
    await named(world, shown)
    broken(folder)
    before, snapshot = files(folder), service.snapshot
    await world.manager.click(shown, label=wording.ADD)
    assert shown.content.startswith(f"{wording.NOT_ADDED}\n{wording.REFUSED}\n- broken.md")
    assert files(folder) == before
    assert service.snapshot is snapshot
    (folder / "broken.md").unlink()
    await world.manager.click(shown, label=wording.ADD)
    assert shown.content.startswith("Added: owls")


async def test_files_that_are_left_out_knowingly_do_not_stop_it(
    world: World, service: Service
) -> None:
    """They are named again."""
    broken(service.library.folder)
    await service.reload(skip_broken=True)
    shown = await offered(world)
    await named(world, shown)
    await world.manager.click(shown, label=wording.ADD)
    assert shown.content.startswith("Added: owls")
    assert wording.SKIPPED in shown.content


async def test_a_file_that_changed_meanwhile_is_shown_anew(world: World, service: Service) -> None:
    """Two curators do not overwrite each other unseen."""
    shown = await offered(world)
    await named(world, shown)
    write_source(NEW, service.library.folder)
    before = files(service.library.folder)
    await world.manager.click(shown, label=wording.ADD)
    assert shown.content.startswith(wording.CHANGED_MEANWHILE)
    assert files(service.library.folder) == before
    await world.manager.click(shown, label=wording.REPLACE)
    assert service.snapshot.sources["owls"].author == "Ana"


async def test_two_curators_at_once_are_served_one_after_the_other(
    world: World, service: Service
) -> None:
    """Each finds the folder as the other left it."""
    running: list[str] = []

    def act(name: str) -> Callable[[], Callable[[], None]]:
        def put() -> Callable[[], None]:
            running.append(name)
            assert len(running) == 1
            path = write_source(replace(NEW, id=name), service.library.folder)
            running.remove(name)
            return path.unlink

        return put

    done = await asyncio.gather(
        service.apply_change(act("one")),
        service.reload(skip_broken=False),
        service.apply_change(act("two")),
    )
    assert all(reload.swapped for reload in done)
    assert {"one", "two"} <= set(service.snapshot.sources)


async def test_those_who_wait_for_a_change_hold_up_no_answer(service: Service) -> None:
    """However many they are, and however long it takes."""
    begun, end = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def act() -> Callable[[], None]:
        loop.call_soon_threadsafe(begun.set)
        assert end.wait(10)
        return lambda: None

    changes = [asyncio.create_task(service.apply_change(act)) for _ in range(3)]
    await begun.wait()
    await asyncio.sleep(0)
    try:
        assert await asyncio.wait_for(service.run_quick(lambda: "answered"), 5) == "answered"
    finally:
        end.set()
        await asyncio.gather(*changes)


async def test_a_form_that_was_opened_twice_counts_once(world: World) -> None:
    """What is confirmed is what was shown last."""
    shown = await offered(world)
    first = await world.manager.click(shown, label=wording.NAME_BUTTON)
    second = await world.manager.click(shown, label=wording.NAME_BUTTON)
    await world.manager.submit_modal(first, {"title": "First", "author": "Ana"})
    result = await world.manager.submit_modal(second, {"title": "Second", "author": "Ana"})
    assert result.response.content == wording.BEGIN_AGAIN
    await world.manager.click(shown, label=wording.ADD)
    assert shown.content.startswith("Added: first")


async def test_a_restart_forgets_what_was_not_added(world: World, service: Service) -> None:
    """Each of its buttons says in a line that it must be begun again, and changes nothing."""
    before = files(service.library.folder)
    shown = await offered(world)
    opened = await world.manager.click(shown, label=wording.NAME_BUTTON)
    await named(world, shown)
    later = await offered(world)
    form = await world.manager.click(later, label=wording.NAME_BUTTON)
    await world.restart(replace(service, states={Additions: Additions(Clock())}))
    for label in (wording.ADD, wording.MEND_BUTTON):
        result = await world.manager.click(shown, label=label)
        assert result.response.content == wording.BEGIN_AGAIN
        assert result.ephemeral
    result = await world.manager.submit_modal(form, {"title": "Owls", "author": "Ana"})
    assert result.response.content == wording.BEGIN_AGAIN
    assert opened.modal is not None
    await world.manager.click(shown, label=wording.CANCEL)
    assert shown.content == wording.LEFT_AS_IT_WAS
    assert files(service.library.folder) == before


async def test_an_addition_is_dropped_after_an_hour(
    world: World, service: Service, clock: Clock
) -> None:
    """As after a restart."""
    await world.restart(replace(service, states={Additions: Additions(clock)}))
    shown = await offered(world)
    clock.now += SECONDS
    result = await world.manager.click(shown, label=wording.NAME_BUTTON)
    assert result.response.content == wording.BEGIN_AGAIN


async def test_a_cancelled_text_is_forgotten(world: World, service: Service) -> None:
    """Nothing was written, and nothing is kept in memory."""
    before = files(service.library.folder)
    shown = await offered(world)
    await world.manager.click(shown, label=wording.CANCEL)
    assert (shown.content, shown.components) == (wording.LEFT_AS_IT_WAS, [])
    assert service.state(Additions)._held == {}
    assert files(service.library.folder) == before


async def test_members_and_moderators_are_no_curators(world: World, service: Service) -> None:
    """Whatever the client lets through; a curator role is enough."""
    moderators = world.guild.create_role(
        "Moderators", permissions=discord.Permissions(manage_messages=True)
    )
    moderator = world.guild.add_member(world.env.create_user("moderator"), roles=[moderators])
    for who in (world.member, moderator):
        refused = await offered(world, who=who)
        assert refused.content == wording.CURATORS_ONLY
    assert service.state(Additions)._held == {}
    settle_in(service, curator_roles=[moderators.id])
    assert wording.NAME_IT in (await offered(world, who=moderator)).content


async def test_a_former_curator_is_refused_at_the_last_click(
    world: World, service: Service
) -> None:
    """Rights are looked at with each click."""
    role = world.guild.create_role("Keepers")
    keeper = world.guild.add_member(world.env.create_user("keeper"), roles=[role])
    settle_in(service, curator_roles=[role.id])
    shown = await offered(world, render(NEW).encode(), "owls.md", keeper)
    settle_in(service)
    for label in (wording.ADD, wording.MEND_BUTTON):
        result = await keeper.click(shown, label=label)
        assert result.response.content == wording.CURATORS_ONLY
    assert "owls" not in service.snapshot.sources


async def test_in_several_servers_only_those_that_the_operator_names_may_write(
    world: World, service: Service
) -> None:
    """All of them share the texts. The line says the id that the config needs."""
    world.env.create_guild("Another")
    await world.env.settle()
    refused = await offered(world)
    assert refused.content == wording.not_writing(world.guild.id)
    settle_in(service, writing_servers=[world.guild.id])
    assert wording.NAME_IT in (await offered(world)).content


async def test_the_operator_may_keep_writing_from_all(world: World, service: Service) -> None:
    """Also from the only server there is."""
    settle_in(service, writing_servers=[])
    assert (await offered(world)).content == wording.not_writing(world.guild.id)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"caf\xe9", "not UTF-8"),
        (b"\x89PNG\r\n\x1a\n\0", "is a picture"),
        (b"a\0b", "not a text that can be read"),
        (b"", "contains no posts"),
        (b"\n \n\n", "contains no posts"),
        (b"---\ntitle: no end", "is not closed"),
        (b"a\n\n" * 10_001, "10,000 are allowed"),
        (b"x" * 100_001, "100,000 are allowed"),
    ],
)
async def test_a_bad_file_is_one_line(
    world: World, service: Service, data: bytes, reason: str
) -> None:
    """And nothing is kept of it."""
    shown = await offered(world, data, "b_d.txt")
    first, line = shown.content.split("\n")
    assert first == wording.NOT_ADDED
    assert line.startswith(r"- b\_d.txt")
    assert reason in line
    assert service.state(Additions)._held == {}


async def test_a_file_that_is_too_large_is_not_fetched(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its declared size is enough to know."""
    settle_in(service, max_upload=1_000)

    async def read(self: discord.Attachment, **_: Any) -> bytes:
        raise AssertionError("fetched")

    monkeypatch.setattr(discord.Attachment, "read", read)
    shown = await offered(world, b"x" * 1_001, "l_ong.txt")
    assert shown.content == wording.too_large(r"l\_ong.txt", 1_001, 1_000)


async def test_more_bytes_than_were_declared_are_refused(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came is counted too."""
    settle_in(service, max_upload=1_000)

    async def read(self: discord.Attachment, **_: Any) -> bytes:
        return b"x" * 1_001

    monkeypatch.setattr(discord.Attachment, "read", read)
    assert (await offered(world)).content == wording.too_large("paste.txt", 1_001, 1_000)


def answered(status: int) -> Any:
    return SimpleNamespace(status=status, reason="injected")


@pytest.mark.parametrize(
    "error",
    [
        discord.Forbidden(answered(403), "injected"),
        discord.NotFound(answered(404), "injected"),
        discord.HTTPException(answered(500), "injected"),
        aiohttp.ClientPayloadError("injected"),
        TimeoutError(),
    ],
)
async def test_a_file_that_does_not_come_is_one_line(
    world: World, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """Whatever the reason; the log has it, and the member can try again."""

    async def read(self: discord.Attachment, **_: Any) -> bytes:
        raise error

    monkeypatch.setattr(discord.Attachment, "read", read)
    assert (await offered(world)).content == wording.NOT_FETCHED


async def test_a_folder_that_cannot_be_written_is_one_line(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is full, or a folder that is mounted to be read only."""
    shown = await offered(world)
    await named(world, shown)
    before = files(service.library.folder)

    def full(_: int) -> None:
        raise OSError(30, "Read-only file system")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        await world.manager.click(shown, label=wording.ADD)
    assert shown.content.split("\n") == [
        wording.NOT_ADDED, "- owls.md: cannot be written: Read-only file system",
    ]  # fmt: skip
    assert files(service.library.folder) == before
    await world.manager.click(shown, label=wording.ADD)
    assert "owls" in service.snapshot.sources


async def test_a_storage_that_fails_does_not_take_the_text_back(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said that the act could not be noted."""

    async def fails(*_: Any) -> None:
        raise StorageError

    monkeypatch.setattr(service.storage.audit, "record", fails)
    shown = await offered(world, render(NEW).encode(), "owls.md")
    await world.manager.click(shown, label=wording.ADD)
    assert shown.content.split("\n")[0] == "Added: owls"
    assert shown.content.split("\n")[-1] == wording.NOT_NOTED
    assert "owls" in service.snapshot.sources


async def test_what_goes_wrong_on_our_side_is_reported_and_loses_nothing(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The button works when it is over."""
    shown = await offered(world, render(NEW).encode(), "owls.md")

    def fails(*_: Any) -> Source:
        raise RuntimeError("a bug")

    with monkeypatch.context() as patched:
        patched.setattr("bot.discord.knowledge.adding.add_source", fails)
        result = await world.manager.click(shown, label=wording.ADD)
    assert result.response.content == wording.FAILED
    await world.manager.click(shown, label=wording.ADD)
    assert shown.content.startswith("Added: owls")


async def test_slow_work_is_acknowledged_and_leaves_no_button_to_press_twice(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message says that the bot is at it, and then what came of it."""
    shown = await offered(world)
    await named(world, shown)
    held = hold(world, monkeypatch, Service, "apply_change")
    await world.manager.click(shown, label=wording.ADD)
    assert (shown.content, shown.components) == (wording.WORKING, [])
    await held.let_go()
    assert shown.content.startswith("Added: owls")


async def test_a_file_or_a_link_is_needed_and_not_both(world: World) -> None:
    """One line says so."""
    for options in ({}, {"file": ("a.txt", PASTE), "link": "https://discord.com/channels/1/2/3"}):
        result = await world.manager.slash(world.channel, "knowledge add", **options)
        assert result.response.content == wording.FILE_OR_LINK


async def test_the_name_of_a_file_is_shown_and_never_used(world: World, service: Service) -> None:
    """Dots and slashes in it lead nowhere."""
    outside = service.library.folder.parent
    before = set(files(outside))
    shown = await offered(world, name="..@everyone_x.md")
    assert r"..@everyone\_x.md" in shown.content
    await named(world, shown, title="../../CON")
    assert "- File: con-text.md" in shown.content
    await world.manager.click(shown, label=wording.ADD)
    await service.question_log.settle()
    written = {"knowledge/con-text.md", "knowledge/.originals/con-text.md"}
    assert set(files(outside)) - before == written
    assert BREAD.id in service.snapshot.sources

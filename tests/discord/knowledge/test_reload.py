"""Only curators reload, and they are told what came of it."""

from __future__ import annotations

import re
from concurrent.futures import Executor
from dataclasses import replace
from typing import Any

from bot.answering.asking import Request
from bot.discord.kit.quotes.layout import LIMIT
from bot.discord.kit.service import Service
from bot.settings.discord import DiscordSettings
from bot.texts.folder import write_source
from bot.wording import ENGLISH as wording
from tests.conftest import CURATOR_ROLE, World
from tests.samples import BREAD, BRIDGE


async def test_a_member_may_not_reload(world: World, service: Service) -> None:
    """Whatever the client lets through."""
    before = service.snapshot
    write_source(replace(BREAD, id="new"), service.library.folder)
    result = await world.member.slash(world.channel, "reload")
    assert result.response.content == wording.CURATORS_ONLY
    assert service.snapshot is before


async def test_members_who_may_manage_the_server_are_told_what_changed(
    world: World, service: Service
) -> None:
    """Added, changed, removed, and how much there is now."""
    folder = service.library.folder
    write_source(replace(BREAD, id="new"), folder)
    write_source(replace(BRIDGE, title="Renamed"), folder, replace=True)
    (folder / "baking" / "bread.md").unlink()
    result = await world.manager.slash(world.channel, "reload")
    assert result.ephemeral
    assert result.response.content.split("\n") == [
        "Added: new",
        "Changed: bridge",
        "Removed: baking/bread",
        "Now: 2 texts, 8 passages.",
    ]


async def test_nothing_new_is_said_too(world: World) -> None:
    """So that the curator knows that it worked."""
    result = await world.manager.slash(world.channel, "reload")
    assert wording.NOTHING_CHANGED in result.response.content


async def test_a_curator_role_may_reload(world: World, service: Service) -> None:
    """The role is configured by its id."""
    role = world.guild.create_role(CURATOR_ROLE)
    keeper = world.guild.add_member(world.env.create_user("keeper"), roles=[role])
    result = await keeper.slash(world.channel, "reload")
    assert result.response.content == wording.CURATORS_ONLY
    service.settings = DiscordSettings(curator_roles=(role.id,))
    result = await keeper.slash(world.channel, "reload")
    assert wording.NOTHING_CHANGED in result.response.content


async def test_a_broken_file_is_refused_and_the_good_ones_load_on_a_click(
    world: World, service: Service
) -> None:
    """With its line and reason; also after a restart; but not on a member's click."""
    (service.library.folder / "bad_file.md").write_text("---\ntitle: x\n---\ny\n", encoding="utf-8")
    write_source(replace(BREAD, id="new"), service.library.folder)
    result = await world.manager.slash(world.channel, "reload")
    assert wording.REFUSED in result.response.content
    assert r"bad\_file.md, line 2: \`author\` is missing" in result.response.content
    assert "new" not in service.snapshot.sources
    await world.restart(service)
    loaded = await world.manager.click(result.response, label=wording.LOAD_GOOD)
    assert "Added: new" in loaded.response.content
    assert r"bad\_file.md" in loaded.response.content
    assert "new" in service.snapshot.sources


async def test_many_problems_fit_into_a_message(world: World, service: Service) -> None:
    """It says how many are left out, and a file holds all of them."""
    for i in range(80):
        (service.library.folder / f"{i:03}{'*' * 60}.md").write_text("x", encoding="utf-8")
    result = await world.manager.slash(world.channel, "reload")
    assert len(result.response.content) <= LIMIT
    assert re.search(r"… and \d+ more lines\n", result.response.content)
    assert result.response.content.endswith(wording.IN_REPORT)
    report = await lines_message(result)
    assert report.count("\n") == 81
    assert "079*" in report


async def lines_message(result: Any) -> str:
    (file,) = result.response.attachments
    data: bytes = await file.read()
    return data.decode()


async def test_every_text_that_was_added_is_named(world: World, service: Service) -> None:
    """In a file where the line would be too long, as people sort; seen to be cut."""
    for i in range(1, 151):
        write_source(replace(BREAD, id=f"t{i}", title=f"Text {i}"), service.library.folder)
    result = await world.manager.slash(world.channel, "reload")
    first, *_ = result.response.content.split("\n")
    assert first.startswith("Added: t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11,")
    assert first.endswith("…")
    assert (await lines_message(result)).startswith(
        f"Added: {', '.join(f't{i}' for i in range(1, 151))}\n"
    )


async def test_no_button_when_nothing_is_good(world: World, service: Service) -> None:
    """There would be nothing to load."""
    for path in service.library.folder.rglob("*.md"):
        path.unlink()
    (service.library.folder / "bad.md").write_text("broken", encoding="utf-8")
    result = await world.manager.slash(world.channel, "reload")
    assert result.response.components == []


async def test_a_text_that_cannot_be_read_any_more_stays_until_it_is_left_out(
    world: World, service: Service
) -> None:
    """The curator sees why, the members that it is an earlier version; also after a restart."""
    (service.library.folder / "bridge.md").write_text("---\ntitle: x\n---\ny\n", encoding="utf-8")
    result = await world.manager.slash(world.channel, "reload")
    assert result.response.content.split("\n") == [
        wording.NOTHING_CHANGED,
        "Now: 2 texts, 8 passages.",
        wording.STALE,
        r"- bridge.md, line 2: \`author\` is missing",
    ]
    listed = await world.member.slash(world.channel, "sources")
    marked = [line for line in listed.response.content.split("\n") if "earlier version" in line]
    assert len(marked) == 1
    assert BRIDGE.title in marked[0]
    await world.restart(service)
    left_out = await world.manager.click(result.response, label=wording.LEAVE_OUT)
    assert "Removed: bridge" in left_out.response.content
    assert wording.SKIPPED in left_out.response.content
    listed = await world.member.slash(world.channel, "sources")
    assert "earlier version" not in listed.response.content


async def test_a_strict_reload_leaves_it_out_at_once(world: World, service: Service) -> None:
    """With the option of the command."""
    (service.library.folder / "bridge.md").write_text("broken", encoding="utf-8")
    result = await world.manager.slash(world.channel, "reload", strict=True)
    assert "Removed: bridge" in result.response.content
    assert list(service.snapshot.sources) == ["baking/bread"]


async def test_an_answer_under_way_keeps_the_snapshot_it_began_with(
    service: Service,
) -> None:
    """A reload in between does not mix two states of the texts."""

    class Swapping(Executor):
        def submit(self, job, /, *args, **kwargs):  # type: ignore[no-untyped-def]
            (service.library.folder / "bridge.md").unlink(missing_ok=True)
            service.library.reload()
            return service.executor.submit(job)

    other = replace(service, executor=Swapping())
    request = Request("Who was too ill to attend the opening?")
    result = await other.ask(request, other.snapshot)
    assert result is not None
    assert "Brunel" in result.answer.hits[0].passage.text
    assert "bridge" not in service.snapshot.sources

"""Changes of a folder are told when they are complete."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from pathlib import Path

import pytest
from watchfiles import Change

from bot.operations import folder_watch
from bot.operations.folder_watch import PendingChanges, settled_changes

SECONDS = 20  # until a test that waits for the system gives up


def test_a_change_is_due_when_nothing_else_has_changed_for_a_while() -> None:
    """Every further change puts it off."""
    pending = PendingChanges(quiet=1, longest=10)
    assert pending.seconds_left(0) is None
    pending.note(["a.md"], 0)
    assert pending.seconds_left(0.25) == 0.75
    pending.note(["b.md"], 0.5)
    assert pending.seconds_left(1) == 0.5
    assert pending.seconds_left(1.5) == 0
    assert pending.take(1.5) == frozenset()
    assert pending.seconds_left(1.5) is None


def test_a_file_that_grows_for_long_does_not_hold_up_the_others() -> None:
    """It is named, and stays pending."""
    pending = PendingChanges(quiet=1, longest=10)
    pending.note(["other.md"], 0)
    for now in range(1, 11):
        pending.note(["grows.md"], now - 0.5)
    assert pending.seconds_left(10) == 0
    assert pending.take(10) == {"grows.md"}
    assert pending.seconds_left(10) == 0.5
    assert pending.take(10.5) == frozenset()


@pytest.fixture
async def changes(folder: Path) -> AsyncIterator[AsyncIterator[frozenset[str]]]:
    """Watch `folder`, with short waits."""
    found = settled_changes(folder, quiet=0.02, look=0.02)
    async with aclosing(found):
        yield found


async def told_after(
    changes: AsyncIterator[frozenset[str]], change: Callable[[], object]
) -> frozenset[str]:
    """Start to watch, call `change`, and wait for what is told."""
    told = asyncio.ensure_future(anext(changes))
    async with asyncio.timeout(SECONDS):
        while not told.done():  # the watch begins in a thread, at a time that nothing tells
            change()
            await asyncio.wait({told}, timeout=0.2)
        return await told


async def test_a_written_file_is_told(folder: Path, changes: AsyncIterator[frozenset[str]]) -> None:
    """When nobody writes it any more."""
    path = folder / "bridge.md"
    assert await told_after(changes, lambda: path.write_text("changed", "utf-8")) == frozenset()


async def test_a_folder_that_comes_back_is_watched_again(
    folder: Path, changes: AsyncIterator[frozenset[str]]
) -> None:
    """Its going and coming are told, and then its changes."""
    moved = folder.with_name("moved")
    await told_after(changes, lambda: (folder / "new.md").write_text("new", "utf-8"))
    folder.rename(moved)
    async with asyncio.timeout(SECONDS):
        await anext(changes)
    shutil.copytree(moved, folder)
    async with asyncio.timeout(SECONDS):
        await anext(changes)
    await told_after(changes, lambda: (folder / "new.md").write_text("newer", "utf-8"))


async def test_a_folder_that_is_made_anew_at_once_is_watched_again(
    folder: Path, changes: AsyncIterator[frozenset[str]]
) -> None:
    """As a script that fetches the texts makes it; the file system may give it the number of the old one."""
    await told_after(changes, lambda: (folder / "new.md").write_text("new", "utf-8"))
    shutil.rmtree(folder)
    folder.mkdir()
    async with asyncio.timeout(SECONDS):
        await anext(changes)
    for _ in range(2):  # the first may come with the folder
        await told_after(changes, lambda: (folder / "new.md").write_text("newer", "utf-8"))


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("bridge.md", True),
        ("baking", True),
        (".bridge.md.swp", False),
        (".removed/2026/bridge.md", False),
        ("baking/.verbatim-0.part", False),
        ("..data", True),
    ],
)
def test_hidden_files_are_not_watched(
    folder: Path, path: str, wanted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Editors keep theirs there, and so does the bot. The folder may be named from here, as it is by default."""
    monkeypatch.chdir(folder.parent)
    for watched in (folder, Path(folder.name)):
        watcher = folder_watch._Watcher(watched)
        assert watcher._is_wanted(Change.added, str(folder / path)) is wanted


async def test_a_file_that_is_being_written_is_named_wherever_the_folder_is(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stays as it was: half of it must not be read."""
    monkeypatch.chdir(folder.parent)
    path = folder / "grows.md"
    named = PendingChanges(quiet=60, longest=0)
    monkeypatch.setattr(folder_watch, "PendingChanges", lambda _: named)
    async with aclosing(settled_changes(Path(folder.name), look=0.02)) as changes:
        assert await told_after(changes, lambda: path.write_text("half", "utf-8")) == {"grows.md"}


async def test_where_the_system_cannot_watch_the_folder_is_compared(
    folder: Path, monkeypatch: pytest.MonkeyPatch, changes: AsyncIterator[frozenset[str]]
) -> None:
    """Such as with too many folders."""
    polled: list[bool | None] = []

    async def awatch(*_: object, force_polling: bool | None, **__: object) -> AsyncIterator[object]:
        polled.append(force_polling)
        if not force_polling:
            raise OSError("OS file watch limit reached")
        yield {(Change.modified, str(folder / "bridge.md"))}
        await asyncio.Event().wait()

    monkeypatch.setattr(folder_watch, "awatch", awatch)
    async with asyncio.timeout(SECONDS):
        assert await anext(changes) == frozenset()
    assert polled[:2] == [None, True]


async def test_the_folder_is_read_now_and_then_anyway(folder: Path) -> None:
    """Some network drives tell of no change."""
    async with aclosing(settled_changes(folder, look=0.01, rescan=0.01)) as changes:
        async with asyncio.timeout(SECONDS):
            assert await anext(changes) == frozenset()

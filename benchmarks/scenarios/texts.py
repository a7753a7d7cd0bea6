"""The texts are gone, broken, or loaded while something else fails; and the clock jumps."""

from __future__ import annotations

import shutil
from datetime import timedelta

from benchmarks.scenarios.in_process import InProcess
from benchmarks.scenarios.registry import scenario
from bot.discord.app.reloading import reload_and_log

REFUSED = "texts not read again"
"""What the log says about a reload that changes nothing."""


async def _reload(stage: InProcess) -> None:
    """Reload, as a curator does; the texts must stay as they are."""
    before = stage.service.snapshot
    await reload_and_log(stage.service, skip_broken=False)
    stage.expect(stage.service.snapshot is before, "a folder that cannot be read is loaded")


@scenario("texts", says=f"{REFUSED}.*there is no such folder")
async def folder_gone(stage: InProcess) -> None:
    """The folder of the texts is gone when they are loaded again: the old ones stay."""
    shutil.move(stage.knowledge, stage.folder / "elsewhere")
    await _reload(stage)


@scenario("texts", says=f"{REFUSED}.*broken.md")
async def file_that_is_no_text(stage: InProcess) -> None:
    """A file contains bytes that are not text: it is named, and the old texts stay."""
    (stage.knowledge / "broken.md").write_bytes(b"---\ntitle: \xff\xfe\n---\n\x00")
    await _reload(stage)


@scenario("texts", says=f"{REFUSED}.*broken.md")
async def file_cut_off(stage: InProcess) -> None:
    """A file was copied only in part: its header does not end."""
    (stage.knowledge / "broken.md").write_text("---\ntitle: The Bridge\nauthor:", encoding="utf-8")
    await _reload(stage)


@scenario("texts", says=f"{REFUSED}.*folder.md")
async def folder_in_the_place_of_a_file(stage: InProcess) -> None:
    """A folder is named like a text."""
    (stage.knowledge / "folder.md").mkdir()
    await _reload(stage)


@scenario("texts", says="texts read again")
async def reload_in_the_middle_of_an_answer(stage: InProcess) -> None:
    """A question ends with the texts it began with; the next one has the new ones."""
    with stage.executor.held():
        await stage.both()
        (stage.knowledge / "light.md").unlink()
        (stage.knowledge / "more.md").write_text(
            "---\ntitle: The Light\nauthor: Ines Duarte\n---\nThe engineer of the harbour light was Tomas Reyes.\n",
            encoding="utf-8",
        )
        await reload_and_log(stage.service, skip_broken=False)


@scenario("clock", says="clock was set forward")
async def clock_jumps_ahead(stage: InProcess) -> None:
    """The computer's clock jumps ten years ahead and back."""
    now = stage.service.now
    for days in (3_650, -3_650):
        there = timedelta(days=days)
        stage.service.now = lambda there=there: now() + there  # type: ignore[misc]
        await stage.both()
        await stage.settle()
        await stage.client._upkeep.purge()
    stage.service.now = now
    stage.expect(stage.questions_kept() == len(stage.asked), "questions were deleted")

"""/reload: the knowledge folder read again."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Self

import discord
import structlog

from bot.discord.kit import markdown
from bot.discord.kit.buttons import Interaction, LastingButton, button, view_of
from bot.discord.kit.language import own_texts
from bot.discord.kit.quotes.layout import LIMIT
from bot.discord.kit.sending import in_time, say
from bot.discord.kit.service import service_of
from bot.discord.knowledge.history import note
from bot.discord.knowledge.previews import cut
from bot.discord.knowledge.sheets import Paper, Sheet, send_sheet
from bot.library.library import Reload
from bot.wording import ENGLISH, Texts

_LINE = 500
"""Characters of a line that a message shows; a line may name every text that was added."""
_SPARE = 200
"""Characters for the lines that follow: how much is left out, and what could not be noted."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.curators")


async def reload_for(interaction: discord.Interaction[Any], *, skip_broken: bool) -> None:
    """Read the knowledge again, unless that has been done often just now, and say what came of it."""
    seconds = service_of(interaction).wait_for_reload()
    if seconds:
        await say(interaction, own_texts(interaction).reload_later(seconds))
        return
    work = _reloaded(interaction, skip_broken=skip_broken)
    await send_sheet(interaction, await in_time(interaction, work, private=True))


async def _reloaded(interaction: discord.Interaction[Any], *, skip_broken: bool) -> Sheet:
    """Read the knowledge again, note it, and return what is said of it."""
    reload = await service_of(interaction).reload(skip_broken=skip_broken)
    _log.info(
        "knowledge reloaded" if reload.swapped else "reload refused",
        member=interaction.user.id,
        guild=interaction.guild_id,
        snapshot=reload.snapshot.id,
        problems=[str(problem) for problem in reload.problems],
    )
    texts = own_texts(interaction)
    sheet = await service_of(interaction).work(lambda: reload_sheet(reload, texts))
    if reload.swapped and reload.changes:
        changes = reload.changes
        touched = ", ".join((*changes.added, *changes.changed, *changes.removed))
        noted = await note(interaction, "reload", touched)
        sheet = replace(sheet, content="\n".join(filter(None, (sheet.content, noted))))
    return sheet


def reload_sheet(reload: Reload, texts: Texts) -> Sheet:
    """Return what is said of a reload: what changed, what was refused, and why."""
    problems = texts.problems(reload.problems)
    if not reload.swapped:
        lines = [texts.REFUSED, *problems]
        view = view_of(LoadGoodButton(texts)) if reload.some_are_good else None
        return report_of(lines, texts, view)
    lines = texts.changes(reload.changes)
    lines.append(texts.now(len(reload.snapshot.sources), len(reload.snapshot.passages)))
    if problems:
        lines += [texts.SKIPPED, *problems]
    return report_of(lines, texts)


def report_of(lines: list[str], texts: Texts, view: discord.ui.View | None = None) -> Sheet:
    """Return `lines`, literal, as many as a message holds; all of them in a file if it does not."""
    kept: list[str] = []
    whole = True
    room = LIMIT - _SPARE
    for number, line in enumerate(lines):
        mark, text = ("- ", line[2:]) if line.startswith("- ") else ("", line)
        short = cut(text, _LINE)
        shown = mark + markdown.escape(short)
        room -= markdown.length(shown) + 1
        if room < 0:
            whole = False
            kept.append(texts.more_lines(len(lines) - number))
            break
        whole = whole and len(short) >= len(text.strip())
        kept.append(shown)
    if whole:
        return Sheet("\n".join(kept), view)
    kept.append(texts.IN_REPORT)
    paper = Paper("report.txt", ("\n".join(lines) + "\n").encode("utf-8", "replace"))
    return Sheet("\n".join(kept), view, paper)


class LoadGoodButton(LastingButton, template=r"reload:good"):
    """Loads the files that can be read, although others cannot: a curator's decision."""

    def __init__(self, texts: Texts = ENGLISH) -> None:
        super().__init__(button(texts.LOAD_GOOD, "reload:good"))

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        """Return the button."""
        return cls()

    async def press(self, interaction: Interaction) -> None:
        """Reload without the broken files."""
        await reload_for(interaction, skip_broken=True)

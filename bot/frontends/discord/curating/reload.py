"""/reload: the knowledge folder read again."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Self

import discord
import structlog

from bot.frontends.discord import markdown
from bot.frontends.discord.buttons import Interaction, LastingButton, button, view_of
from bot.frontends.discord.curating.history import note
from bot.frontends.discord.messages import LIMIT
from bot.frontends.discord.replies import Reply, in_time, say, send
from bot.frontends.discord.service import service_of
from bot.frontends.discord.speech import own_texts
from bot.frontends.texts import ENGLISH, Texts
from bot.library import Reload

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.curators")


async def reload_for(interaction: discord.Interaction[Any], *, skip_broken: bool) -> None:
    """Read the knowledge again, unless that has been done often just now, and say what came of it."""
    seconds = service_of(interaction).wait_for_reload()
    if seconds:
        await say(interaction, own_texts(interaction).reload_later(seconds))
        return
    work = _reloaded(interaction, skip_broken=skip_broken)
    await send(interaction, await in_time(interaction, work, private=True), private=True)


async def _reloaded(interaction: discord.Interaction[Any], *, skip_broken: bool) -> Reply:
    """Read the knowledge again, note it, and return what is said of it."""
    reload = await service_of(interaction).reload(skip_broken=skip_broken)
    _log.info(
        "knowledge reloaded" if reload.swapped else "reload refused",
        member=interaction.user.id,
        guild=interaction.guild_id,
        snapshot=reload.snapshot.id,
        problems=[str(problem) for problem in reload.problems],
    )
    reply = reload_reply(reload, own_texts(interaction))
    if reload.swapped and reload.changes:
        changes = reload.changes
        touched = ", ".join((*changes.added, *changes.changed, *changes.removed))
        noted = await note(interaction, "reload", touched)
        reply = replace(reply, content="\n".join(filter(None, (reply.content, noted))))
    return reply


def reload_reply(reload: Reload, texts: Texts) -> Reply:
    """Return what is said of a reload: what changed, what was refused, and why."""
    problems = texts.problems(reload.problems)
    if not reload.swapped:
        lines = [texts.REFUSED, *problems]
        view = view_of(LoadGoodButton(texts)) if reload.some_are_good else None
        return Reply(bounded(lines, texts), view)
    lines = texts.changes(reload.changes)
    lines.append(texts.now(len(reload.snapshot.sources), len(reload.snapshot.passages)))
    if problems:
        lines += [texts.SKIPPED, *problems]
    return Reply(bounded(lines, texts))


def bounded(lines: list[str], texts: Texts) -> str:
    """Return `lines`, literal, as many as a message holds; the last says how many more."""
    kept: list[str] = []
    room = LIMIT - 120
    for number, line in enumerate(lines):
        mark, text = ("- ", line[2:]) if line.startswith("- ") else ("", line)
        shown = mark + markdown.escape(text[:500])
        room -= markdown.length(shown) + 1
        if room < 0:
            kept.append(texts.more_lines(len(lines) - number))
            break
        kept.append(shown)
    return "\n".join(kept)


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

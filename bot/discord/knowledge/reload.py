"""Reading the knowledge folder again, and reporting what changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from time import monotonic
from typing import ClassVar, Self

import discord
import structlog
from typing_extensions import override

from bot.discord.kit import markdown
from bot.discord.kit.buttons import PersistentButton, make_button, make_view
from bot.discord.kit.cooldowns import Cooldowns
from bot.discord.kit.interactions import Interaction
from bot.discord.kit.language import member_wording
from bot.discord.kit.permissions import Audience
from bot.discord.kit.quotes.layout import LIMIT
from bot.discord.kit.sending import (
    OutgoingFile,
    OutgoingMessage,
    send_line,
    send_with_file,
    wait_or_defer,
)
from bot.discord.kit.service import service_of
from bot.discord.knowledge.history import record_act
from bot.discord.knowledge.previews import cut
from bot.library.results import ReloadResult
from bot.wording import ENGLISH, Wording

RELOADS = 6
"""Reloads a minute."""
_LINE = 500
"""Characters shown of a line; a line may name every text that was added."""
_SPARE = 200
"""Characters kept free for the lines that follow."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.curators")


class ReloadLimit:
    """How often the folder may be read again by hand, all servers together."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._cooldowns = Cooldowns(clock, RELOADS, 0)

    def seconds_to_wait(self) -> int:
        """Count a reload; return the seconds to wait if there were too many."""
        return self._cooldowns.wait(0, 0)


async def reload_knowledge(
    interaction: Interaction, *, skip_broken: bool = False, strict: bool = False
) -> None:
    """Read the folder again and report, unless that was done too often in the last minute."""
    seconds = service_of(interaction).state(ReloadLimit).seconds_to_wait()
    if seconds:
        await send_line(interaction, member_wording(interaction).reload_later(seconds))
        return
    work = _reloaded(interaction, skip_broken=skip_broken, strict=strict)
    await send_with_file(interaction, await wait_or_defer(interaction, work, private=True))


async def _reloaded(
    interaction: Interaction, *, skip_broken: bool, strict: bool
) -> OutgoingMessage:
    """Read the folder again, record that, and report."""
    reload = await service_of(interaction).reload(skip_broken=skip_broken, strict=strict)
    _log.info(
        "knowledge reloaded" if reload.swapped else "reload refused",
        member=interaction.user.id,
        guild=interaction.guild_id,
        snapshot=reload.snapshot.id,
        problems=[str(problem) for problem in reload.problems],
    )
    wording = member_wording(interaction)
    message = await service_of(interaction).run_quick(lambda: reload_message(reload, wording))
    if reload.swapped and reload.changes:
        changes = reload.changes
        touched = ", ".join((*changes.added, *changes.changed, *changes.removed))
        noted = await record_act(interaction, "reload", touched)
        message = replace(message, content="\n".join(filter(None, (message.content, noted))))
    return message


def reload_message(reload: ReloadResult, wording: Wording) -> OutgoingMessage:
    """Report a reload: what changed, what was refused, and why."""
    view = None
    if reload.stale and reload.swapped:
        view = make_view(LeaveOutButton(wording))
    elif not reload.swapped and reload.has_good_files:
        view = make_view(LoadGoodButton(wording))
    return lines_message(wording.reload(reload), wording, view)


def lines_message(
    lines: list[str], wording: Wording, view: discord.ui.View | None = None
) -> OutgoingMessage:
    """Make a message of as many lines as fit, escaped; if not all do, with a file of all."""
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
            kept.append(wording.more_lines(len(lines) - number))
            break
        whole = whole and len(short) >= len(text.strip())
        kept.append(shown)
    if whole:
        return OutgoingMessage("\n".join(kept), view)
    kept.append(wording.IN_REPORT)
    file = OutgoingFile("report.txt", ("\n".join(lines) + "\n").encode("utf-8", "replace"))
    return OutgoingMessage("\n".join(kept), view, file)


class LoadGoodButton(PersistentButton, template=r"reload:good"):
    """Loads the files that can be read, although others cannot: a curator's decision."""

    audience: ClassVar[Audience | None] = Audience.WRITING_CURATOR

    def __init__(self, wording: Wording = ENGLISH) -> None:
        super().__init__(make_button(wording.LOAD_GOOD, "reload:good"))

    @classmethod
    @override
    def of(cls, match: re.Match[str]) -> Self:
        return cls()

    async def press(self, interaction: Interaction) -> None:
        """Reload without the broken files."""
        await reload_knowledge(interaction, skip_broken=True)


class LeaveOutButton(PersistentButton, template=r"reload:strict"):
    """Leaves out the texts whose files cannot be read, so that an earlier version is in use."""

    audience: ClassVar[Audience | None] = Audience.WRITING_CURATOR

    def __init__(self, wording: Wording = ENGLISH) -> None:
        super().__init__(make_button(wording.LEAVE_OUT, "reload:strict"))

    @classmethod
    @override
    def of(cls, match: re.Match[str]) -> Self:
        return cls()

    async def press(self, interaction: Interaction) -> None:
        """Reload without what cannot be read now."""
        await reload_knowledge(interaction, strict=True)

"""/sources: the list of texts, page by page."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from discord import app_commands
from typing_extensions import override

from bot.discord.kit import markdown
from bot.discord.kit.buttons import PersistentButton, make_button, make_view
from bot.discord.kit.channels import server_of
from bot.discord.kit.interactions import Interaction
from bot.discord.kit.language import member_wording
from bot.discord.kit.permissions import Audience, for_audience
from bot.discord.kit.quotes.layout import LIMIT
from bot.discord.kit.sending import OutgoingMessage, replace_own_message, send
from bot.discord.kit.service import service_of
from bot.models import Source
from bot.wording import Wording

_NAME = 150
"""Characters shown of a title, and of an author."""


@dataclass(frozen=True, slots=True)
class SourceListPage:
    """Part of the list as message content: the texts from `start` up to `end`."""

    content: str
    start: int
    end: int


@app_commands.command(
    description="List the texts that answers are quoted from.",
    extras=for_audience(Audience.ANYONE),
)
async def sources(interaction: Interaction) -> None:
    """List the first texts, with a button to the others."""
    await send(interaction, await _reply(interaction, 0), private=True)


async def _reply(interaction: Interaction, at: int, *, before: bool = False) -> OutgoingMessage:
    """The page that starts with text `at`, or the one `before` it."""
    service, wording = service_of(interaction), member_wording(interaction)
    listed = (await service.listing_in(server_of(interaction))).in_order
    last = wording.meaning(service.library.embedding_status)
    layout = list_page_before if before else list_page_from
    shown = layout(listed, at, wording, last, service.library.stale)
    buttons = []
    if shown.start:
        buttons.append(SourceListButton("before", shown.start, wording.PREVIOUS))
    if shown.end < len(listed):
        buttons.append(SourceListButton("from", shown.end, wording.NEXT))
    return OutgoingMessage(shown.content, make_view(*buttons) if buttons else None)


def list_page_from(
    listed: Sequence[Source],
    start: int,
    wording: Wording,
    last: str = "",
    stale: Container[str] = (),
) -> SourceListPage:
    """Lay out the page that starts with text `start`: as many as fit, and the line `last`, if any.

    `stale`: ids of texts of which this is an earlier version.
    If the list has become shorter, the last page. Only the texts on the page are looked at.
    """
    if start and start >= len(listed):
        return list_page_before(listed, len(listed), wording, last, stale)
    room = _room(listed, wording, last)
    lines: list[str] = []
    for source in listed[start:]:
        line = _line(source, wording, stale)
        room -= markdown.length(line) + 1
        if room < 0 and lines:
            break
        lines.append(line)
    end = start + len(lines)
    if not listed:
        return SourceListPage(wording.sources_heading(0), 0, 0)
    head = [wording.sources_heading(len(listed))]
    if len(lines) < len(listed):
        head.append(
            markdown.small(
                f"{wording.texts_page(start + 1, end, len(listed))}. {wording.FIND_BY_TYPING}"
            )
        )
    return SourceListPage("\n".join([*head, *lines, *filter(None, [last])]), start, end)


def list_page_before(
    listed: Sequence[Source],
    end: int,
    wording: Wording,
    last: str = "",
    stale: Container[str] = (),
) -> SourceListPage:
    """Lay out the page before text `end`: as many as fit, though the first page is never cut short."""
    end = min(end, len(listed))
    room = _room(listed, wording, last)
    start = end
    while start:
        room -= markdown.length(_line(listed[start - 1], wording, stale)) + 1
        if room < 0 and start < end:
            break
        start -= 1
    return list_page_from(listed, start, wording, last, stale)


def _room(listed: Sequence[Source], wording: Wording, last: str) -> int:
    count = len(listed)
    position = wording.texts_page(count - 1, count, count)
    lines = (wording.sources_heading(count), position, wording.FIND_BY_TYPING, last)
    return LIMIT - sum(markdown.length(line) + 5 for line in lines)


def _line(source: Source, wording: Wording, stale: Container[str]) -> str:
    """A text as one line; a very long link is left out."""
    line = "- " + markdown.escape(wording.about(source, _NAME, stale=source.id in stale))
    if not source.url:
        return line
    linked = f"{line} {markdown.link(wording.OPEN, source.url)}"
    return linked if markdown.length(linked) < LIMIT // 2 else line


class SourceListButton(PersistentButton, template=r"sources:(?P<way>from|before):(?P<at>\d{1,7})"):
    """Turns to another page of the list, in place."""

    audience: ClassVar[Audience | None] = Audience.ANYONE

    def __init__(self, way: str, at: int, label: str = "Texts") -> None:
        super().__init__(make_button(label, f"sources:{way}:{at}"))
        self._way = way
        self._at = at

    @classmethod
    @override
    def of(cls, match: re.Match[str]) -> Self:
        return cls(match["way"], int(match["at"]))

    async def press(self, interaction: Interaction) -> None:
        """Show the other page of the list as it is now."""
        reply = await _reply(interaction, self._at, before=self._way == "before")
        await replace_own_message(interaction, reply.content, reply.view)

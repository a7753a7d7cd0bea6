"""/sources: the texts that answers are quoted from, a page at a time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import discord
from discord import app_commands

from bot.discord import markdown
from bot.discord.buttons import Interaction, LastingButton, button, turn, view_of
from bot.discord.channels import server_of
from bot.discord.messages import LIMIT
from bot.discord.replies import Reply, send
from bot.discord.service import service_of
from bot.discord.speech import own_texts
from bot.models import Source
from bot.wording import Texts

_NAME = 150
"""Characters of a title, and of an author, that a line shows."""


@dataclass(frozen=True, slots=True)
class ShelfPage:
    """A part of the list as message content: its texts, from `start` on and before `end`."""

    content: str
    start: int
    end: int


@app_commands.command(description="List the texts that answers are quoted from.")
async def sources(interaction: discord.Interaction[Any]) -> None:
    """List the first texts, with a button to the others."""
    await send(interaction, await _reply(interaction, 0), private=True)


async def _reply(interaction: Interaction, at: int, *, before: bool = False) -> Reply:
    """Return the page that begins with text `at`, or the one `before` it."""
    service, texts = service_of(interaction), own_texts(interaction)
    listed = (await service.listing_in(server_of(interaction))).in_order
    last = texts.meaning(service.library.embedding_status)
    shown = (page_before if before else page_from)(listed, at, texts, last)
    buttons = []
    if shown.start:
        buttons.append(ShelfButton("before", shown.start, texts.PREVIOUS))
    if shown.end < len(listed):
        buttons.append(ShelfButton("from", shown.end, texts.NEXT))
    return Reply(shown.content, view_of(*buttons) if buttons else None)


def page_from(listed: Sequence[Source], start: int, texts: Texts, last: str = "") -> ShelfPage:
    """Return the page that begins with text `start`: as many as fit, and the line `last`, if any.

    Of a list that has become shorter, the last page. It reads the texts of the page alone.
    """
    if start and start >= len(listed):
        return page_before(listed, len(listed), texts, last)
    room = _room(listed, texts, last)
    lines: list[str] = []
    for source in listed[start:]:
        line = _line(source, texts)
        room -= markdown.length(line) + 1
        if room < 0 and lines:
            break
        lines.append(line)
    end = start + len(lines)
    if not listed:
        return ShelfPage(texts.sources_heading(0), 0, 0)
    head = [texts.sources_heading(len(listed))]
    if len(lines) < len(listed):
        head.append(
            markdown.small(
                f"{texts.texts_page(start + 1, end, len(listed))}. {texts.FIND_BY_TYPING}"
            )
        )
    return ShelfPage("\n".join([*head, *lines, *filter(None, [last])]), start, end)


def page_before(listed: Sequence[Source], end: int, texts: Texts, last: str = "") -> ShelfPage:
    """Return the page before text `end`: as many as fit; the first page has as many as any."""
    end = min(end, len(listed))
    room = _room(listed, texts, last)
    start = end
    while start:
        room -= markdown.length(_line(listed[start - 1], texts)) + 1
        if room < 0 and start < end:
            break
        start -= 1
    return page_from(listed, start, texts, last)


def _room(listed: Sequence[Source], texts: Texts, last: str) -> int:
    count = len(listed)
    position = texts.texts_page(count - 1, count, count)
    lines = (texts.sources_heading(count), position, texts.FIND_BY_TYPING, last)
    return LIMIT - sum(markdown.length(line) + 5 for line in lines)


def _line(source: Source, texts: Texts) -> str:
    """Return a text as a line; its link is left out where it would take a page of its own."""
    line = "- " + markdown.escape(texts.about(source, _NAME))
    if not source.url:
        return line
    linked = f"{line} {markdown.link(texts.OPEN, source.url)}"
    return linked if markdown.length(linked) < LIMIT // 2 else line


class ShelfButton(LastingButton, template=r"sources:(?P<way>from|before):(?P<at>\d{1,7})"):
    """Turns to another page of the list, in the message it stands under."""

    def __init__(self, way: str, at: int, label: str = "Texts") -> None:
        super().__init__(button(label, f"sources:{way}:{at}"))
        self._way = way
        self._at = at

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        """Return the button as it was."""
        return cls(match["way"], int(match["at"]))

    async def press(self, interaction: Interaction) -> None:
        """Show the other page, of the texts as they are now."""
        reply = await _reply(interaction, self._at, before=self._way == "before")
        await turn(interaction, reply.content, reply.view)

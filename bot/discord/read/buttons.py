"""Buttons that lead through a text: its pages, any of its posts, a quote among its neighbours."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Sequence
from typing import Any, Self

import discord

from bot.discord.kit import markdown
from bot.discord.kit.buttons import (
    Interaction,
    LastingButton,
    Submission,
    acknowledged,
    button,
    deferred,
    show,
    stands_alone,
    turn,
    view_of,
)
from bot.discord.kit.channels import server_of
from bot.discord.kit.language import own_texts
from bot.discord.kit.quotes import layout as messages
from bot.discord.kit.quotes.context import around, context_page
from bot.discord.kit.quotes.encoding import (
    DIGITS,
    FOCUS_LENGTH,
    KEY_LENGTH,
    MOST_BOLD,
    Mark,
    are_focused,
    decode_keys,
    encode_focuses,
    encode_keys,
    focused,
)
from bot.discord.kit.quotes.layout import Place, TextPage
from bot.discord.kit.service import Service, service_of
from bot.models import Passage, Source
from bot.wording import ENGLISH, Texts

_LONGEST_NUMBER = 7
_POST_NUMBER = re.compile(r"post:(?P<digest>[0-9a-f]{16}):\d+")
MODAL_SECONDS = 600
"""How long discord.py keeps an open field in memory; nothing depends on it."""


class ReadButton(
    LastingButton,
    template=r"read:(?P<way>from|before):(?P<digest>[0-9a-f]{16}):(?P<post>\d{1,9}):(?P<offset>\d{1,9})",
):
    """Turns to another page of a text, in the message that it stands under if that is private."""

    def __init__(self, way: str, digest: str, place: Place, label: str = "Page") -> None:
        super().__init__(button(label, f"read:{way}:{digest}:{place.post}:{place.offset}"))
        self._way = way
        self._digest = digest
        self._place = place

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        """Return the button as it was."""
        return cls(match["way"], match["digest"], Place(int(match["post"]), int(match["offset"])))

    async def press(self, interaction: Interaction) -> None:
        """Show the other page, or say that the text is no longer the same."""
        source = await service_of(interaction).source_in(server_of(interaction), self._digest)
        texts = own_texts(interaction)
        if source is None or self._place.post > len(source.posts) + 1:
            await show(interaction, texts.TEXT_CHANGED)
            return
        to = messages.page_from if self._way == "from" else messages.page_before
        work = service_of(interaction).work(lambda: to(source, self._place, texts))
        await _turn_to(interaction, source, work, texts)


class JumpButton(LastingButton, template=r"jump:(?P<digest>[0-9a-f]{16})"):
    """Asks for the number of a post, and turns to it."""

    def __init__(self, digest: str, texts: Texts = ENGLISH) -> None:
        super().__init__(button(texts.GO_TO_POST, f"jump:{digest}"))
        self._digest = digest

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        """Return the button as it was."""
        return cls(match["digest"])

    async def press(self, interaction: Interaction) -> None:
        """Open the field for the number."""
        source = await service_of(interaction).source_in(server_of(interaction), self._digest)
        texts = own_texts(interaction)
        if source is None:
            await show(interaction, texts.TEXT_CHANGED)
            return
        await interaction.response.send_modal(PostNumber(source, interaction.id, texts))


class PostNumber(discord.ui.Modal):
    """A field for the number of the post to turn to, the text's digest in its `custom_id`.

    What is typed comes to `go_to_post`.
    `opened`: a number of its own, or two members' fields would be taken for one.
    """

    def __init__(self, source: Source, opened: int, texts: Texts) -> None:
        custom_id = f"post:{source.digest}:{opened}"
        super().__init__(title=texts.GO_TO_POST, timeout=MODAL_SECONDS, custom_id=custom_id)
        number: discord.ui.TextInput[Self] = discord.ui.TextInput(max_length=_LONGEST_NUMBER)
        self.add_item(discord.ui.Label(text=texts.post_range(source), component=number))


async def go_to_post(interaction: Interaction, opened: re.Match[str]) -> None:
    """Turn to the post whose number was typed into a `PostNumber`, or say which there are."""
    data: Any = interaction.data
    typed = str(data["components"][0]["component"]["value"]).strip()
    source = await service_of(interaction).source_in(server_of(interaction), opened["digest"])
    texts = own_texts(interaction)
    if source is None:
        await show(interaction, texts.TEXT_CHANGED)
        return
    number = int(typed) if typed.isdecimal() else 0
    if not 1 <= number <= len(source.posts):
        await show(interaction, markdown.escape(texts.no_such_post(typed, source)))
        return
    work = service_of(interaction).work(lambda: messages.page_from(source, Place(number), texts))
    await _turn_to(interaction, source, work, texts)


POST_NUMBER = Submission(PostNumber, _POST_NUMBER, go_to_post)


async def _turn_to(
    interaction: Interaction, source: Source, work: Awaitable[TextPage], texts: Texts
) -> None:
    """Turn to the page of `source` that `work` comes to."""
    page = await acknowledged(work, deferred(interaction, in_place=stands_alone(interaction)))
    await turn(interaction, page.content, read_view(source, page, texts))


class ContextButton(
    LastingButton,
    template=rf"context:(?P<way>show|turn):(?P<number>\d{{1,2}}):(?P<at>\d)"
    rf":(?P<keys>(?:{DIGITS}{{{KEY_LENGTH}}}){{1,{MOST_BOLD}}})"
    rf"(?::(?P<focus>(?:{DIGITS}{{{FOCUS_LENGTH}}}){{1,{MOST_BOLD}}}))?",
):
    """Shows one of a message's quotes among its neighbours, to the one who clicks.

    `show` sends a message, `turn` changes the one that it stands under; `first`: the number of the
    message's first quote; `at`: which of its quotes, from 0.
    """

    def __init__(
        self,
        marks: Sequence[Mark],
        at: int = 0,
        first: int = 1,
        way: str = "show",
        label: str = Texts.IN_CONTEXT,
    ) -> None:
        marks = marks[:MOST_BOLD]
        row = 1 if way == "turn" else None
        quotes = encode_keys(marks)
        if are_focused(marks):
            quotes = f"{quotes}:{encode_focuses(marks)}"
        super().__init__(button(label, f"context:{way}:{first}:{at}:{quotes}", row))
        self.marks = marks
        self.first = first
        self._at = at
        self._way = way

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        """Return the button as it was."""
        marks = decode_keys(match["keys"])
        if match["focus"]:
            marks = focused(marks, match["focus"])
        return cls(marks, int(match["at"]), int(match["number"]), match["way"])

    async def press(self, interaction: Interaction) -> None:
        """Show the quote with its neighbours, or say that it is gone."""
        texts = own_texts(interaction)
        service, server = service_of(interaction), server_of(interaction)
        turns = self._way == "turn"
        found = await acknowledged(
            context_of(service, server, texts, self.marks, self.first, self._at),
            deferred(interaction, in_place=turns and stands_alone(interaction)),
        )
        if found is None:
            await show(interaction, texts.GONE)
        elif turns:
            await turn(interaction, *found)
        else:
            await show(interaction, *found)


async def context_of(
    service: Service,
    server: int | None,
    texts: Texts,
    marks: Sequence[Mark],
    first: int,
    at: int = 0,
) -> tuple[str, discord.ui.View] | None:
    """Return quote `at` of `marks` among its neighbours, and the buttons; None when it is gone."""
    snapshot, offered = service.snapshot, (await service.listing_in(server)).sources

    def work() -> tuple[Passage, TextPage] | None:
        found = around(snapshot, marks[at].key) if at < len(marks) else None
        if found is None or found[0].source.id not in offered:
            return None
        hit = marks[at].hit(snapshot)
        return found[0], context_page(*found, texts, hit.bold if hit else None)

    found = await service.work(work)
    if found is None:
        return None
    quote, page = found
    others = [
        ContextButton(marks, i, first, "turn", texts.quote_number(first + i))
        for i in range(len(marks))
        if i != at
    ]
    leading = _leading(quote.source, page, texts, texts.READ_BACK, texts.READ_ON)
    return page.content, view_of(*leading, *others)


def quotes_of(message: discord.Message) -> ContextButton | None:
    """Return what a message's button knows of its quotes; None of a message without."""
    template = ContextButton.__discord_ui_compiled_template__
    for row in message.components:
        for child in getattr(row, "children", ()):
            match = template.fullmatch(getattr(child, "custom_id", None) or "")
            if match is not None:
                return ContextButton.of(match)
    return None


def read_view(source: Source, page: TextPage, texts: Texts) -> discord.ui.View:
    """Return the buttons under a page of a text: to the one before, the one after, any post."""
    return view_of(*_leading(source, page, texts, texts.PREVIOUS, texts.NEXT))


def _leading(
    source: Source, page: TextPage, texts: Texts, back: str, on: str
) -> list[LastingButton]:
    buttons: list[LastingButton] = []
    if page.start != Place(1):
        buttons.append(ReadButton("before", source.digest, page.start, back))
    if page.next is not None:
        buttons.append(ReadButton("from", source.digest, page.next, on))
    if buttons and len(source.posts) > 1:
        buttons.append(JumpButton(source.digest, texts))
    return buttons

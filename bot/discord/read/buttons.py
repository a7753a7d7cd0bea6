"""Buttons that lead through a text: its pages, any of its posts, a quote in its context."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Sequence
from typing import ClassVar, Self

import discord
from typing_extensions import override

from bot.discord.kit import markdown
from bot.discord.kit.buttons import (
    FORM_TIMEOUT,
    ModalHandler,
    PersistentButton,
    make_button,
    typed_text,
)
from bot.discord.kit.channels import server_of
from bot.discord.kit.interactions import Interaction
from bot.discord.kit.language import member_wording
from bot.discord.kit.permissions import Audience
from bot.discord.kit.quotes.context import context_message
from bot.discord.kit.quotes.encoding import QuoteRef
from bot.discord.kit.quotes.links import CONTEXT_ID, context_button, context_refs
from bot.discord.kit.sending import (
    acknowledge_if_slow,
    defer_click,
    only_member_sees,
    replace_own_message,
    send_private,
)
from bot.discord.kit.service import service_of
from bot.discord.kit.text_pages import (
    JUMP_ID,
    READ_ID,
    Place,
    TextPage,
    page_before,
    page_from,
    read_button,
    text_page_view,
)
from bot.models import Source
from bot.wording import ENGLISH, Wording

_LONGEST_NUMBER = 7
_FORM_ID = re.compile(r"post:(?P<digest>[0-9a-f]{16}):\d+")


class ReadButton(PersistentButton, template=READ_ID):
    """Turns to another page of a text; in place if the message is private."""

    audience: ClassVar[Audience | None] = Audience.ANYONE

    def __init__(self, way: str, digest: str, place: Place, label: str = "Page") -> None:
        super().__init__(read_button(way, digest, place, label))
        self._way = way
        self._digest = digest
        self._place = place

    @classmethod
    @override
    def of(cls, match: re.Match[str]) -> Self:
        return cls(match["way"], match["digest"], Place(int(match["post"]), int(match["offset"])))

    async def press(self, interaction: Interaction) -> None:
        """Show the other page, or say that the text has changed."""
        service, wording = service_of(interaction), member_wording(interaction)
        source = await service.source_in(server_of(interaction), self._digest)
        if source is None or self._place.post > len(source.posts) + 1:
            await send_private(interaction, wording.TEXT_CHANGED)
            return
        to = page_from if self._way == "from" else page_before
        work = service.run_quick(lambda: to(source, self._place, wording))
        await _show_page(interaction, source, work, wording)


class JumpButton(PersistentButton, template=JUMP_ID):
    """Asks for the number of a post, and turns to it."""

    audience: ClassVar[Audience | None] = Audience.ANYONE

    def __init__(self, digest: str, wording: Wording = ENGLISH) -> None:
        super().__init__(make_button(wording.GO_TO_POST, f"jump:{digest}"))
        self._digest = digest

    @classmethod
    @override
    def of(cls, match: re.Match[str]) -> Self:
        return cls(match["digest"])

    async def press(self, interaction: Interaction) -> None:
        """Open the form for the number."""
        source = await service_of(interaction).source_in(server_of(interaction), self._digest)
        wording = member_wording(interaction)
        if source is None:
            await send_private(interaction, wording.TEXT_CHANGED)
            return
        form = PostNumberForm(source, interaction.id, wording)
        await interaction.response.send_modal(form)


class PostNumberForm(discord.ui.Modal):
    """A field for the number of the post to turn to, the text's digest in its `custom_id`.

    `opened` makes the `custom_id` unique, or discord.py would take two members' forms for one.
    """

    def __init__(self, source: Source, opened: int, wording: Wording) -> None:
        custom_id = f"post:{source.digest}:{opened}"
        super().__init__(title=wording.GO_TO_POST, timeout=FORM_TIMEOUT, custom_id=custom_id)
        number: discord.ui.TextInput[Self] = discord.ui.TextInput(max_length=_LONGEST_NUMBER)
        self.add_item(discord.ui.Label(text=wording.post_range(source), component=number))


async def go_to_post(interaction: Interaction, match: re.Match[str]) -> None:
    """Turn to the post whose number was typed, or say which posts there are."""
    service, wording = service_of(interaction), member_wording(interaction)
    typed = typed_text(interaction)
    source = await service.source_in(server_of(interaction), match["digest"])
    if source is None:
        await send_private(interaction, wording.TEXT_CHANGED)
        return
    number = int(typed) if typed.isdecimal() else 0
    if not 1 <= number <= len(source.posts):
        await send_private(interaction, markdown.escape(wording.no_such_post(typed, source)))
        return
    work = service.run_quick(lambda: page_from(source, Place(number), wording))
    await _show_page(interaction, source, work, wording)


POST_NUMBER_FORM = ModalHandler(PostNumberForm, _FORM_ID, Audience.ANYONE, go_to_post)


async def _show_page(
    interaction: Interaction, source: Source, work: Awaitable[TextPage], wording: Wording
) -> None:
    in_place = only_member_sees(interaction)
    page = await acknowledge_if_slow(work, defer_click(interaction, in_place=in_place))
    await replace_own_message(interaction, page.content, text_page_view(source, page, wording))


class ContextButton(PersistentButton, template=CONTEXT_ID):
    """Shows one of a message's quotes among its neighbours, to the one who clicks.

    The way `show` sends a message, `turn` replaces the one with the button. `at` is the index of
    the quote, `first` the number of the message's first quote.
    """

    audience: ClassVar[Audience | None] = Audience.ANYONE

    def __init__(
        self,
        refs: Sequence[QuoteRef],
        at: int = 0,
        first: int = 1,
        way: str = "show",
        label: str = Wording.IN_CONTEXT,
    ) -> None:
        super().__init__(context_button(refs, at, first, label, turn=way == "turn"))
        self._refs = refs
        self._at = at
        self._first = first
        self._turns = way == "turn"

    @classmethod
    @override
    def of(cls, match: re.Match[str]) -> Self:
        return cls(context_refs(match), int(match["at"]), int(match["number"]), match["way"])

    async def press(self, interaction: Interaction) -> None:
        """Show the quote in its context, or say that it is gone."""
        service, wording = service_of(interaction), member_wording(interaction)
        in_place = self._turns and only_member_sees(interaction)
        shown = await acknowledge_if_slow(
            context_message(
                service, server_of(interaction), wording, self._refs, self._first, self._at
            ),
            defer_click(interaction, in_place=in_place),
        )
        if shown is None:
            await send_private(interaction, wording.GONE)
        elif self._turns:
            await replace_own_message(interaction, shown.content, shown.view)
        else:
            await send_private(interaction, shown.content, shown.view)

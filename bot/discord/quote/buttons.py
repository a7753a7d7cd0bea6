"""Buttons under quotes: to other quotes of the same answer, and to share a private one."""

from __future__ import annotations

import dataclasses
import re
from typing import ClassVar, Self

import discord
from typing_extensions import override

from bot.discord.kit.buttons import PersistentButton
from bot.discord.kit.channels import is_quiet, server_of
from bot.discord.kit.interactions import Interaction
from bot.discord.kit.language import member_wording, server_wording, wording_for
from bot.discord.kit.permissions import Audience
from bot.discord.kit.quotes.encoding import FirstLine, Heading, QuoteList, QuoteRef
from bot.discord.kit.quotes.links import (
    FIRST_LINE_LETTERS,
    MORE_ID,
    MOST_NEAREST,
    SHARE_ID,
    TURN_ID,
    more_button,
    more_refs,
    question_under,
    share_button,
    turn_button,
)
from bot.discord.kit.quotes.message import quotes_view
from bot.discord.kit.quotes.pages import Page, first_line_of, page, shared_by
from bot.discord.kit.sending import (
    SEND_ERRORS,
    acknowledge_if_slow,
    defer_click,
    is_direct_message,
    only_member_sees,
    replace_message,
    send_private,
)
from bot.discord.kit.service import Service, service_of
from bot.wording import ENGLISH, Wording


class SharesInProgress(set[int]):
    """Ids of messages that are being shared, so that a second click changes nothing."""


async def _page_of(
    interaction: Interaction, quotes: QuoteList, at: int, wording: Wording, first_line: str
) -> Page | None:
    """Lay out a page from the current texts that are offered here."""
    service = service_of(interaction)
    snapshot, most = service.snapshot, service.policy_for(interaction.user.id).quotes
    offered = (await service.listing_in(server_of(interaction))).sources
    return await service.run_quick(
        lambda: page(quotes, snapshot, at, most, wording, first_line, offered)
    )


def _decode(match: re.Match[str]) -> tuple[QuoteList, int]:
    if match["old"]:
        return QuoteList.decode_old(match["old"])
    return QuoteList.decode(match["quotes"])


def _first_line(interaction: Interaction, kind: FirstLine) -> str:
    """The line of the clicked message that stays above every page, if there is one."""
    message = interaction.message
    return "" if message is None else first_line_of(kind, message.content)


def _votable(interaction: Interaction, service: Service) -> int | None:
    """The id of the question that can be voted on under the clicked message."""
    return question_under(interaction.message) if service.storage.keeps_questions else None


class TurnButton(PersistentButton, template=TURN_ID):
    """Turns to other quotes of an answer: for the asker in place, for others in a private copy."""

    audience: ClassVar[Audience | None] = Audience.ANYONE

    def __init__(self, quotes: QuoteList, at: int, label: str = "Quotes") -> None:
        super().__init__(turn_button(quotes, at, label))
        self._quotes = quotes
        self._at = at

    @classmethod
    @override
    def of(cls, match: re.Match[str]) -> Self:
        return cls(*_decode(match))

    async def press(self, interaction: Interaction) -> None:
        """Show the other quotes, or say that they are gone."""
        line = _first_line(interaction, self._quotes.first_line)
        quiet, alone = is_quiet(interaction), only_member_sees(interaction)
        own = interaction.user.id == self._quotes.owner and not quiet
        in_place = alone or own
        wording = wording_for(interaction, private=alone or not own)
        question = _votable(interaction, service_of(interaction))
        shown = await acknowledge_if_slow(
            _page_of(interaction, self._quotes, self._at, wording, line),
            defer_click(interaction, in_place=in_place),
        )
        if shown is None:
            await send_private(interaction, member_wording(interaction).GONE)
        elif in_place:
            private = not is_direct_message(interaction) and alone
            view = quotes_view(
                self._quotes, shown, wording, private=private, shared=quiet, question=question
            )
            await replace_message(interaction, shown.content, view)
        else:
            copy = dataclasses.replace(self._quotes, owner=interaction.user.id)
            view = quotes_view(copy, shown, wording, private=True, shared=quiet, question=question)
            await send_private(interaction, shown.content, view)


class MoreButton(PersistentButton, template=MORE_ID):
    """Shows the closest passages, or the rest of an answer, to the member who clicks."""

    audience: ClassVar[Audience | None] = Audience.ANYONE

    def __init__(
        self,
        refs: tuple[QuoteRef, ...],
        first: int = 1,
        label: str = "More",
        first_line: FirstLine = FirstLine.NONE,
    ) -> None:
        super().__init__(more_button(refs, first, label, first_line))
        self._refs = refs
        self._first = first
        self._first_line = first_line

    @classmethod
    @override
    def of(cls, match: re.Match[str]) -> Self:
        lines = {letter: line for line, letter in FIRST_LINE_LETTERS.items()}
        return cls(more_refs(match), int(match["first"]), first_line=lines[match["line"]])

    async def press(self, interaction: Interaction) -> None:
        """Send the quotes to the clicking member alone."""
        heading = Heading.NEAREST if self._first == 1 else Heading.FURTHER
        shown = min(len(self._refs), MOST_NEAREST)
        quotes = QuoteList(heading, shown, interaction.user.id, self._refs, self._first_line)
        line = _first_line(interaction, self._first_line)
        wording = member_wording(interaction)
        first = await acknowledge_if_slow(
            _page_of(interaction, quotes, 0, wording, line),
            defer_click(interaction, in_place=False),
        )
        if first is None:
            await send_private(interaction, wording.GONE)
            return
        private, quiet = not is_direct_message(interaction), is_quiet(interaction)
        view = quotes_view(quotes, first, wording, private=private, shared=quiet)
        await send_private(interaction, first.content, view)


class ShareButton(PersistentButton, template=SHARE_ID):
    """Shows a private answer to everybody, with the name of the member who asked."""

    audience: ClassVar[Audience | None] = Audience.ASKER

    def __init__(self, quotes: QuoteList, at: int, wording: Wording = ENGLISH) -> None:
        super().__init__(share_button(quotes, at, wording))
        self._quotes = quotes
        self._at = at

    @classmethod
    @override
    def of(cls, match: re.Match[str]) -> Self:
        return cls(*_decode(match))

    @property
    def asker(self) -> int:
        """The id of the member who asked."""
        return self._quotes.owner

    async def press(self, interaction: Interaction) -> None:
        """Share the answer, once: a second click meanwhile is only acknowledged."""
        sharing = service_of(interaction).state(SharesInProgress)
        message = interaction.message
        clicked = interaction.id if message is None else message.id
        if clicked in sharing:
            await interaction.response.defer()
            return
        sharing.add(clicked)
        try:
            await self._share(interaction)
        finally:
            sharing.discard(clicked)

    async def _share(self, interaction: Interaction) -> None:
        """Remove the button, so that nobody shares twice, and post the answer."""
        user, quotes = interaction.user, self._quotes
        for_everybody = dataclasses.replace(quotes, first_line=FirstLine.SHARED)
        line = _first_line(interaction, quotes.first_line)
        wording, for_all = member_wording(interaction), server_wording(interaction)
        if is_quiet(interaction):
            await send_private(interaction, wording.NOT_SHARED_HERE)
            return
        shared = shared_by(user.display_name, quotes.first_line, line, for_all)

        async def work() -> tuple[Page | None, Page | None]:
            own = await _page_of(interaction, quotes, self._at, wording, line)
            return own, await _page_of(interaction, for_everybody, self._at, for_all, shared)

        own, public = await acknowledge_if_slow(work(), defer_click(interaction, in_place=True))
        if own is None or public is None:
            await send_private(interaction, wording.GONE)
            return
        question = _votable(interaction, service_of(interaction))
        done = quotes_view(quotes, own, wording, private=True, shared=True, question=question)
        if interaction.response.is_done():
            await interaction.edit_original_response(view=done)
        else:
            await interaction.response.edit_message(view=done)
        try:
            await interaction.followup.send(
                public.content,
                view=quotes_view(for_everybody, public, for_all, private=False, question=question),
                allowed_mentions=discord.AllowedMentions.none(),
                suppress_embeds=True,
            )
        except SEND_ERRORS:
            undone = quotes_view(quotes, own, wording, private=True, question=question)
            await interaction.edit_original_response(view=undone)
            raise

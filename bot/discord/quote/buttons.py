"""Buttons under an answer: its other quotes, sharing a private one."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from typing import Self

import discord

from bot.discord.feedback.voting import vote_buttons, voted_on
from bot.discord.kit.buttons import (
    UNHEARD,
    Interaction,
    LastingButton,
    acknowledged,
    button,
    deferred,
    in_direct_message,
    replace,
    show,
    stands_alone,
    view_of,
)
from bot.discord.kit.channels import is_quiet, server_of
from bot.discord.kit.language import own_texts, public_texts, texts_for
from bot.discord.kit.quotes.encoding import (
    DIGITS,
    FOCUS_LENGTH,
    KEY_LENGTH,
    MOST_FOCUSED,
    FirstLine,
    Given,
    Kind,
    Mark,
    are_focused,
    decode_keys,
    encode_focuses,
    encode_keys,
    focused,
    number_of,
)
from bot.discord.kit.quotes.pages import Page, first_line_of, page, shared_by
from bot.discord.kit.service import service_of
from bot.discord.quote.deleting import DeleteButton
from bot.discord.read.buttons import ContextButton
from bot.models import Hit
from bot.wording import ENGLISH, Texts

MOST_NEAREST = 3
_LINES = {FirstLine.NONE: "n", FirstLine.ASKED: "a", FirstLine.UNKNOWN: ""}


async def turned_to(
    interaction: Interaction, given: Given, at: int, texts: Texts, first_line: str
) -> Page | None:
    """Return a page of what is given, of the texts as they are now and are offered here."""
    service = service_of(interaction)
    snapshot, most = service.snapshot, service.policy.quotes
    offered = (await service.listing_in(server_of(interaction))).sources
    return await service.work(lambda: page(given, snapshot, at, most, texts, first_line, offered))


def answer_view(
    given: Given,
    shown: Page,
    texts: Texts,
    *,
    private: bool,
    shared: bool = False,
    question: int | None = None,
) -> discord.ui.View:
    """Return the buttons under a page of an answer; `question`: the id that votes go by."""
    buttons: list[LastingButton] = []
    if shown.previous is not None:
        buttons.append(TurnButton(given, shown.previous, texts.PREVIOUS_QUOTES))
    if shown.next is not None:
        buttons.append(TurnButton(given, shown.next, texts.more(shown.left)))
    buttons.append(ContextButton(shown.marks, first=shown.at + 1, label=texts.IN_CONTEXT))
    if not private:
        buttons.append(DeleteButton(given.owner, texts))
    elif not shared:
        buttons.append(ShareButton(given, shown.at, texts))
    return view_of(*buttons, *vote_buttons(question, texts))


_GIVEN = rf"(?P<given>{DIGITS}{{17,97}})"
_OLD_GIVEN = rf"(?P<old>{DIGITS}{{14,94}})"


def _given(match: re.Match[str]) -> tuple[Given, int]:
    return Given.decode_old(match["old"]) if match["old"] else Given.decode(match["given"])


def _first_line(interaction: Interaction, given: FirstLine) -> str:
    """Return the line above the clicked message's quotes that stays, if there is one."""
    message = interaction.message
    return "" if message is None else first_line_of(given, message.content)


class TurnButton(LastingButton, template=f"t:{_GIVEN}|turn:{_OLD_GIVEN}"):
    """Turns to other quotes of an answer: for the asker in place, for others in a private copy."""

    def __init__(self, given: Given, at: int, label: str = "Quotes") -> None:
        super().__init__(button(label, f"t:{given.encode(at)}"))
        self._given = given
        self._at = at

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        """Return the button as it was."""
        return cls(*_given(match))

    async def press(self, interaction: Interaction) -> None:
        """Show the other quotes, or say that they are gone."""
        line = _first_line(interaction, self._given.first_line)
        quiet = is_quiet(interaction)
        own = interaction.user.id == self._given.owner and not quiet
        in_place = stands_alone(interaction) or own
        texts = texts_for(interaction, private=stands_alone(interaction) or not own)
        question = voted_on(interaction.message, service_of(interaction))
        shown = await acknowledged(
            turned_to(interaction, self._given, self._at, texts, line),
            deferred(interaction, in_place=in_place),
        )
        if shown is None:
            await show(interaction, own_texts(interaction).GONE)
        elif in_place:
            private = not in_direct_message(interaction) and stands_alone(interaction)
            view = answer_view(
                self._given, shown, texts, private=private, shared=quiet, question=question
            )
            await replace(interaction, shown.content, view)
        else:
            copy = dataclasses.replace(self._given, owner=interaction.user.id)
            view = answer_view(copy, shown, texts, private=True, shared=quiet, question=question)
            await show(interaction, shown.content, view)


class MoreButton(
    LastingButton,
    template=rf"more:(?P<first>\d{{1,3}})(?P<line>[an]?)"
    rf":(?P<hits>(?:{DIGITS}{{{KEY_LENGTH + 2}}}){{1,10}})"
    rf"(?::(?P<focus>(?:{DIGITS}{{{FOCUS_LENGTH}}}){{1,{MOST_FOCUSED}}}))?",
):
    """Shows the nearest passages, or what an answer has left, to the one who clicks."""

    def __init__(
        self,
        marks: Sequence[Mark],
        first: int = 1,
        label: str = "More",
        first_line: FirstLine = FirstLine.NONE,
    ) -> None:
        hits = "".join(encode_keys([mark]) + mark.words for mark in marks)
        if are_focused(marks):
            hits += f":{encode_focuses(marks)}"
        super().__init__(button(label, f"more:{first}{_LINES[first_line]}:{hits}"))
        self._marks = marks
        self._first = first
        self._first_line = first_line

    @classmethod
    def nearest(cls, hits: Sequence[Hit], texts: Texts, first_line: FirstLine) -> Self:
        """Return the button that leads to the nearest of `hits`."""
        marks = [Mark.of(hit) for hit in hits[:MOST_NEAREST]]
        return cls(marks, 1, texts.SHOW_NEAREST, first_line)

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        """Return the button as it was."""
        length = KEY_LENGTH + 2
        hits = [match["hits"][i : i + length] for i in range(0, len(match["hits"]), length)]
        marks = [
            Mark(decode_keys(hit[:KEY_LENGTH])[0].key, number_of(hit[-2]), number_of(hit[-1]))
            for hit in hits
        ]
        if match["focus"]:
            marks = [*focused(marks, match["focus"])]
        lines = {letter: line for line, letter in _LINES.items()}
        return cls(marks, int(match["first"]), first_line=lines[match["line"]])

    async def press(self, interaction: Interaction) -> None:
        """Send the quotes."""
        kind = Kind.NEAREST if self._first == 1 else Kind.FURTHER
        shown = min(len(self._marks), MOST_NEAREST)
        given = Given(kind, shown, interaction.user.id, tuple(self._marks), self._first_line)
        line = _first_line(interaction, self._first_line)
        texts = own_texts(interaction)
        first = await acknowledged(
            turned_to(interaction, given, 0, texts, line), deferred(interaction, in_place=False)
        )
        if first is None:
            await show(interaction, texts.GONE)
            return
        private = not in_direct_message(interaction)
        quiet = is_quiet(interaction)
        view = answer_view(given, first, texts, private=private, shared=quiet)
        await show(interaction, first.content, view)


class ShareButton(LastingButton, template=f"s:{_GIVEN}|share:{_OLD_GIVEN}"):
    """Shows a private answer to everybody, with the name of the member who asked."""

    def __init__(self, given: Given, at: int, texts: Texts = ENGLISH) -> None:
        super().__init__(button(texts.SHARE, f"s:{given.encode(at)}"))
        self._given = given
        self._at = at

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        """Return the button as it was."""
        return cls(*_given(match))

    @property
    def asker(self) -> int:
        """Return the id of the member who asked."""
        return self._given.owner

    async def press(self, interaction: Interaction) -> None:
        """Share the answer, once: a second click meanwhile is only acknowledged."""
        sharing, message = service_of(interaction).sharing, interaction.message
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
        """Take the button away, so that nobody shares twice, and post the answer."""
        user, given = interaction.user, self._given
        for_everybody = dataclasses.replace(given, first_line=FirstLine.SHARED)
        line = _first_line(interaction, given.first_line)
        texts, for_all = own_texts(interaction), public_texts(interaction)
        if is_quiet(interaction):
            await show(interaction, texts.NOT_SHARED_HERE)
            return
        shared = shared_by(user.display_name, given.first_line, line, for_all)

        async def work() -> tuple[Page | None, Page | None]:
            own = await turned_to(interaction, given, self._at, texts, line)
            return own, await turned_to(interaction, for_everybody, self._at, for_all, shared)

        own, public = await acknowledged(work(), deferred(interaction, in_place=True))
        if own is None or public is None:
            await show(interaction, texts.GONE)
            return
        question = voted_on(interaction.message, service_of(interaction))
        done = answer_view(given, own, texts, private=True, shared=True, question=question)
        if interaction.response.is_done():
            await interaction.edit_original_response(view=done)
        else:
            await interaction.response.edit_message(view=done)
        try:
            await interaction.followup.send(
                public.content,
                view=answer_view(for_everybody, public, for_all, private=False, question=question),
                allowed_mentions=discord.AllowedMentions.none(),
                suppress_embeds=True,
            )
        except UNHEARD:
            undone = answer_view(given, own, texts, private=True, question=question)
            await interaction.edit_original_response(view=undone)
            raise

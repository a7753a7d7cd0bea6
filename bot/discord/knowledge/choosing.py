"""Choosing one text of a file that holds several."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import Any, ClassVar, Self

from typing_extensions import override

from bot.discord.kit.buttons import PersistentButton, PersistentItem, Select, make_view
from bot.discord.kit.interactions import Interaction
from bot.discord.kit.language import member_wording
from bot.discord.kit.permissions import Audience
from bot.discord.kit.sending import OutgoingMessage, replace_with_file, show_progress
from bot.discord.kit.service import service_of
from bot.discord.knowledge.adding import addition_message, own_addition
from bot.discord.knowledge.additions import Addition, Additions
from bot.discord.knowledge.entry_list import ENTRY_ID, LIST_ID, list_button, list_message
from bot.discord.knowledge.proposals import open_addition, prefilled
from bot.discord.knowledge.reload import lines_message
from bot.errors import Problem, VerbatimError
from bot.texts.importing import Metadata, ParsedText
from bot.wording import Wording


class ListButton(PersistentButton, template=LIST_ID):
    """Shows a page of the list of a file's texts; an earlier choice is undone."""

    audience: ClassVar[Audience | None] = Audience.WRITING_CURATOR

    def __init__(self, ticket: str, page: int = 0, label: str = "Texts") -> None:
        super().__init__(list_button(ticket, page, label))
        self._ticket = ticket
        self._page = page

    @classmethod
    @override
    def of(cls, match: re.Match[str]) -> Self:
        return cls(match["ticket"], int(match["page"]))

    async def press(self, interaction: Interaction) -> None:
        """Replace the message by the page."""
        addition = await own_addition(interaction, self._ticket)
        if addition is None:
            return
        wording, whole = member_wording(interaction), replace(addition, entry=None)
        service_of(interaction).state(Additions).keep(whole, self._ticket)
        work = service_of(interaction).run_slow(lambda: self._listed(whole, wording))
        await replace_with_file(
            interaction, await show_progress(interaction, work, wording.WORKING)
        )

    def _listed(self, addition: Addition, wording: Wording) -> OutgoingMessage:
        try:
            found = open_addition(addition)
            if isinstance(found, ParsedText):
                raise VerbatimError(Problem(addition.name, "contains only one text"))
            return list_message(addition, found, self._ticket, self._page, wording)
        except VerbatimError as error:
            return lines_message([wording.NOT_ADDED, *wording.problems(error.problems)], wording)


class EntryMenu(PersistentItem[Select], template=ENTRY_ID):
    """Chooses the text of a file that is to be added."""

    audience: ClassVar[Audience | None] = Audience.WRITING_CURATOR

    def __init__(self, item: Any, ticket: str, page: int) -> None:
        super().__init__(item)
        self._ticket = ticket
        self._page = page

    @classmethod
    @override
    async def from_custom_id(
        cls, interaction: Interaction, item: Any, match: re.Match[str], /
    ) -> Self:
        return cls(item, match["ticket"], int(match["page"]))

    async def press(self, interaction: Interaction) -> None:
        """Show how the chosen text would be added."""
        addition = await own_addition(interaction, self._ticket)
        if addition is None:
            return
        data: Any = interaction.data
        wording, number = member_wording(interaction), int(data["values"][0])
        work = self._chosen(interaction, addition, number, wording)
        await replace_with_file(
            interaction, await show_progress(interaction, work, wording.WORKING)
        )

    async def _chosen(
        self, interaction: Interaction, addition: Addition, number: int, wording: Wording
    ) -> OutgoingMessage:
        service = service_of(interaction)
        try:
            one = await service.run_slow(lambda: _with_entry(addition, number))
        except VerbatimError as error:
            lines = [wording.NOT_ADDED, *wording.problems(error.problems)]
            back = list_button(self._ticket, self._page, wording.BACK_TO_TEXTS)
            return lines_message(lines, wording, make_view(back))
        service.state(Additions).keep(one, self._ticket)
        return await addition_message(service, one, self._ticket, wording)


def _with_entry(addition: Addition, number: int) -> Addition:
    """Choose the text with this number, from 0, and fill in what it states.

    Raises:
        VerbatimError: it cannot be read.

    """
    found = open_addition(replace(addition, entry=None))
    entry = None if isinstance(found, ParsedText) else next(islice(found, number, None), None)
    if entry is None:
        raise VerbatimError(Problem(addition.name, "has no such text"))
    one = replace(addition, entry=entry.id, shown=False)
    parsed = open_addition(one)
    if not isinstance(parsed, ParsedText):
        raise VerbatimError(Problem(addition.name, "has no such text"))
    form = prefilled(parsed, Metadata())
    return replace(one, form=form, complete=parsed.metadata.title is not None)

"""Adding a text: the preview, the form, and the confirmation."""

from __future__ import annotations

import re
from collections.abc import Awaitable
from dataclasses import replace
from typing import ClassVar, Self

import discord
from typing_extensions import override

from bot.discord.kit.buttons import ModalHandler, PersistentButton, make_button, make_view
from bot.discord.kit.interactions import Interaction
from bot.discord.kit.language import member_wording
from bot.discord.kit.permissions import Audience
from bot.discord.kit.sending import (
    OutgoingFile,
    OutgoingMessage,
    replace_with_file,
    send_line,
    send_private,
    send_with_file,
    show_progress,
    wait_or_defer,
)
from bot.discord.kit.service import Service, service_of, utc_now
from bot.discord.knowledge.addition_form import FORM_ID, AdditionForm, read_form
from bot.discord.knowledge.additions import TICKET, Addition, Additions, TypedFacts
from bot.discord.knowledge.entry_list import list_button, list_message
from bot.discord.knowledge.fetching import FetchedFile, NotFetchedError
from bot.discord.knowledge.history import record_act
from bot.discord.knowledge.previews import preview
from bot.discord.knowledge.proposals import (
    Proposal,
    keep_original,
    open_addition,
    prefilled,
    propose,
)
from bot.discord.knowledge.reload import lines_message, reload_message
from bot.errors import VerbatimError
from bot.models import Source
from bot.texts.editing import ChangedError, Undo, add_source
from bot.texts.importing import Metadata, ParsedText
from bot.wording import ENGLISH, Wording

_NEW = "new"


async def preview_text(interaction: Interaction, work: Awaitable[FetchedFile]) -> None:
    """Fetch a text, show a curator how it would be added, and ask for what is missing."""
    try:
        message = await wait_or_defer(interaction, _first_preview(interaction, work), private=True)
    except NotFetchedError as error:
        await send_line(interaction, str(error))
        return
    await send_with_file(interaction, message)


async def _first_preview(interaction: Interaction, work: Awaitable[FetchedFile]) -> OutgoingMessage:
    fetched = await work
    service, wording = service_of(interaction), member_wording(interaction)
    addition = Addition(
        fetched.data,
        fetched.name,
        TypedFacts(),
        complete=False,
        owner=interaction.user.id,
        server=interaction.guild_id or 0,
        notes=fetched.notes,
        names=fetched.names,
    )
    held = service.state(Additions)
    try:
        found = await service.run_slow(lambda: open_addition(addition))
        if not isinstance(found, ParsedText):
            ticket = held.keep(addition)
            return await service.run_slow(lambda: list_message(addition, found, ticket, 0, wording))
    except VerbatimError as error:
        return lines_message([wording.NOT_ADDED, *wording.problems(error.problems)], wording)
    known = fetched.facts if found.metadata.author is None else Metadata()
    addition = replace(
        addition, form=prefilled(found, known), complete=found.metadata.title is not None
    )
    return await addition_message(service, addition, held.keep(addition), wording)


async def addition_message(
    service: Service, addition: Addition, ticket: str, wording: Wording, first: str = ""
) -> OutgoingMessage:
    """Make the message with the preview and the buttons."""
    sources, folder = service.snapshot.sources.values(), service.library.folder

    def made() -> OutgoingMessage:
        proposal = propose(addition, sources, folder)
        shown = preview(addition, proposal, wording, first)
        file = OutgoingFile("report.txt", shown.report.encode()) if shown.report else None
        view = _view(ticket, proposal, wording, is_entry=addition.entry is not None)
        return OutgoingMessage(shown.content, view, file)

    return await service.run_slow(made)


def _view(ticket: str, proposal: Proposal, wording: Wording, *, is_entry: bool) -> discord.ui.View:
    buttons: list[PersistentButton] = []
    if proposal.source is not None and not proposal.is_there_already:
        instead_of = proposal.there.digest if proposal.there else None
        buttons.append(AddButton(ticket, instead_of, wording))
    missing = proposal.source is None and not proposal.faults and not proposal.problems
    label = wording.NAME_BUTTON if missing else wording.MEND_BUTTON
    back = [list_button(ticket, 0, wording.BACK_TO_TEXTS)] if is_entry else []
    return make_view(*buttons, FormButton(ticket, label), *back, DropButton(ticket, wording.CANCEL))


async def own_addition(
    interaction: Interaction, ticket: str, *, take: bool = False
) -> Addition | None:
    """Find the addition of a clicked button; tell the curator if it is gone, or not theirs."""
    additions = service_of(interaction).state(Additions)
    found = (additions.take if take else additions.find)(
        ticket, interaction.user.id, interaction.guild_id
    )
    if found is None:
        await send_private(interaction, member_wording(interaction).BEGIN_AGAIN)
    return found


class FormButton(PersistentButton, template=rf"shelf:form:(?P<ticket>{TICKET})"):
    """Opens the form for title, author and other facts of a text."""

    audience: ClassVar[Audience | None] = Audience.WRITING_CURATOR

    def __init__(self, ticket: str, label: str = "Form") -> None:
        super().__init__(make_button(label, f"shelf:form:{ticket}"))
        self._ticket = ticket

    @classmethod
    @override
    def of(cls, match: re.Match[str]) -> Self:
        return cls(match["ticket"])

    async def press(self, interaction: Interaction) -> None:
        """Open the form, filled in with what is known."""
        addition = await own_addition(interaction, self._ticket)
        if addition is not None:
            form = AdditionForm(
                self._ticket, addition.form, interaction.id, member_wording(interaction)
            )
            await interaction.response.send_modal(form)


async def handle_form(interaction: Interaction, opened: re.Match[str]) -> None:
    """Take the submitted form, and show the preview that results."""
    service, wording = service_of(interaction), member_wording(interaction)
    addition = await own_addition(interaction, opened["ticket"], take=True)
    if addition is None:
        return
    addition = replace(addition, form=read_form(interaction), complete=True, shown=True)
    try:
        # A new ticket: the buttons of the old message no longer count.
        ticket = service.state(Additions).keep(addition)
        message = await show_progress(
            interaction, addition_message(service, addition, ticket, wording), wording.WORKING
        )
        await replace_with_file(interaction, message)
    except Exception:  # the old message is still there: its buttons go on with the form
        service.state(Additions).keep(addition, opened["ticket"])
        raise


ADDITION_FORM = ModalHandler(AdditionForm, FORM_ID, Audience.WRITING_CURATOR, handle_form)


class AddButton(
    PersistentButton, template=rf"shelf:add:(?P<ticket>{TICKET}):(?P<instead>[0-9a-f]{{16}}|{_NEW})"
):
    """Adds a text, or replaces the file that the curator was shown."""

    audience: ClassVar[Audience | None] = Audience.WRITING_CURATOR

    def __init__(self, ticket: str, instead_of: str | None, wording: Wording = ENGLISH) -> None:
        label = wording.ADD if instead_of is None else wording.REPLACE
        super().__init__(make_button(label, f"shelf:add:{ticket}:{instead_of or _NEW}"))
        self._ticket = ticket
        self._instead_of = instead_of

    @classmethod
    @override
    def of(cls, match: re.Match[str]) -> Self:
        return cls(match["ticket"], None if match["instead"] == _NEW else match["instead"])

    async def press(self, interaction: Interaction) -> None:
        """Write the file and reload, or leave everything as it was and say why."""
        addition = await own_addition(interaction, self._ticket, take=True)
        if addition is not None:
            wording = member_wording(interaction)
            work = self._add(interaction, addition, wording)
            await replace_with_file(
                interaction, await show_progress(interaction, work, wording.WORKING)
            )

    async def _add(
        self, interaction: Interaction, addition: Addition, wording: Wording
    ) -> OutgoingMessage:
        """Add the text and report. An addition that fails is kept for another attempt."""
        service, added = service_of(interaction), list[Source]()
        library = service.library

        def act() -> Undo:
            proposal = propose(addition, library.snapshot.sources.values(), library.folder)
            if proposal.source is None:
                raise VerbatimError(*proposal.problems)
            added.append(proposal.source)
            return add_source(proposal.source, library.folder, self._instead_of, utc_now())

        done = False
        try:
            reload = await service.apply_change(act)
            done = reload.swapped
        except ChangedError:
            return await addition_message(
                service, addition, self._ticket, wording, wording.CHANGED_MEANWHILE
            )
        except VerbatimError as error:
            lines = [wording.NOT_ADDED, *wording.problems(error.problems)]
            return lines_message(lines, wording, self._again(wording))
        finally:
            if not done:
                service.state(Additions).keep(addition, self._ticket)
        said = await service.run_quick(lambda: reload_message(reload, wording))
        if not done:
            return OutgoingMessage(
                f"{wording.NOT_ADDED}\n{said.content}", self._again(wording), said.file
            )
        action = "add" if self._instead_of is None else "replace"
        noted = await record_act(interaction, action, added[0])
        await service.run_slow(
            lambda: keep_original(addition, added[0].id, library.folder, library.limits.originals)
        )
        content = "\n".join(filter(None, (said.content, noted)))
        return OutgoingMessage(content, self._more_of_file(service, addition, wording), said.file)

    def _more_of_file(
        self, service: Service, addition: Addition, wording: Wording
    ) -> discord.ui.View | None:
        """Offer the other texts of the same file, if it holds several."""
        if addition.entry is None:
            return None
        service.state(Additions).keep(replace(addition, entry=None), self._ticket)
        return make_view(list_button(self._ticket, 0, wording.BACK_TO_TEXTS))

    def _again(self, wording: Wording) -> discord.ui.View:
        return make_view(
            AddButton(self._ticket, self._instead_of, wording),
            FormButton(self._ticket, wording.MEND_BUTTON),
            DropButton(self._ticket, wording.CANCEL),
        )


class DropButton(PersistentButton, template=rf"shelf:drop:(?P<ticket>{TICKET}|-)"):
    """Cancels adding or removing a text; nothing has changed."""

    audience: ClassVar[Audience | None] = Audience.WRITING_CURATOR

    def __init__(self, ticket: str = "-", label: str = "Cancel") -> None:
        super().__init__(make_button(label, f"shelf:drop:{ticket}"))
        self._ticket = ticket

    @classmethod
    @override
    def of(cls, match: re.Match[str]) -> Self:
        return cls(match["ticket"])

    async def press(self, interaction: Interaction) -> None:
        """Replace the question with the line that nothing was changed."""
        service_of(interaction).state(Additions).take(
            self._ticket, interaction.user.id, interaction.guild_id
        )
        await replace_with_file(
            interaction, OutgoingMessage(member_wording(interaction).LEFT_AS_IT_WAS)
        )

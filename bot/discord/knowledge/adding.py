"""A text that is added: what would be kept, what it is called, and the yes of the curator."""

from __future__ import annotations

import re
from collections.abc import Awaitable
from dataclasses import replace
from typing import Self

import discord

from bot.discord.kit.buttons import (
    Interaction,
    LastingButton,
    Submission,
    button,
    show,
    view_of,
)
from bot.discord.kit.language import own_texts
from bot.discord.kit.sending import in_time, say
from bot.discord.kit.service import Service, service_of, utc_now
from bot.discord.knowledge.addition_form import OPENED, AdditionForm, typed
from bot.discord.knowledge.additions import TICKET, Addition
from bot.discord.knowledge.fetching import Fetched, NotFetchedError
from bot.discord.knowledge.history import note
from bot.discord.knowledge.previews import preview
from bot.discord.knowledge.proposals import (
    Proposal,
    first_form,
    propose,
    recognised,
)
from bot.discord.knowledge.reload import reload_sheet, report_of
from bot.discord.knowledge.sheets import Paper, Sheet, in_place, put_sheet, send_sheet
from bot.models import Source, VerbatimError
from bot.texts.importing import Facts
from bot.texts.shelf import ChangedError, Undo, put
from bot.wording import ENGLISH, Texts

_NEW = "new"


async def offer(interaction: Interaction, work: Awaitable[Fetched]) -> None:
    """Show a curator what a text that is being fetched comes to, and ask for what is missing."""
    try:
        sheet = await in_time(interaction, _begun(interaction, work), private=True)
    except NotFetchedError as error:
        await say(interaction, str(error))
        return
    await send_sheet(interaction, sheet)


async def _begun(interaction: Interaction, work: Awaitable[Fetched]) -> Sheet:
    fetched = await work
    service, texts = service_of(interaction), own_texts(interaction)
    try:
        found = await service.build(lambda: recognised(fetched.data, fetched.name))
    except VerbatimError as error:
        return report_of([texts.NOT_ADDED, *texts.problems(error.problems)], texts)
    known = fetched.facts if found.facts.author is None else Facts()
    addition = Addition(
        fetched.data,
        fetched.name,
        first_form(found, known),
        complete=found.facts.title is not None,
        owner=interaction.user.id,
        server=interaction.guild_id or 0,
        notes=fetched.notes,
    )
    return await _sheet(service, addition, service.additions.keep(addition), texts)


async def _sheet(
    service: Service, addition: Addition, ticket: str, texts: Texts, first: str = ""
) -> Sheet:
    """Return the message that shows `addition` and asks what to do."""
    sources, folder = service.snapshot.sources.values(), service.library.folder

    def made() -> Sheet:
        proposal = propose(addition, sources, folder)
        shown = preview(addition, proposal, texts, first)
        paper = Paper("report.txt", shown.report.encode()) if shown.report else None
        return Sheet(shown.content, _view(ticket, proposal, texts), paper)

    return await service.build(made)


def _view(ticket: str, proposal: Proposal, texts: Texts) -> discord.ui.View:
    buttons: list[LastingButton] = []
    if proposal.source is not None and not proposal.is_there_already:
        instead_of = proposal.there.digest if proposal.there else None
        buttons.append(AddButton(ticket, instead_of, texts))
    missing = proposal.source is None and not proposal.faults and not proposal.problems
    label = texts.NAME_BUTTON if missing else texts.MEND_BUTTON
    return view_of(*buttons, FormButton(ticket, label), DropButton(ticket, texts.CANCEL))


async def _theirs(interaction: Interaction, ticket: str, *, take: bool = False) -> Addition | None:
    """Return the addition that was clicked on; None, and the member is told why, if there is none."""
    additions = service_of(interaction).additions
    found = (additions.take if take else additions.find)(
        ticket, interaction.user.id, interaction.guild_id
    )
    if found is None:
        await show(interaction, own_texts(interaction).BEGIN_AGAIN)
    return found


class FormButton(LastingButton, template=rf"shelf:form:(?P<ticket>{TICKET})"):
    """Opens the form for title, author and what else is known of a text."""

    def __init__(self, ticket: str, label: str = "Form") -> None:
        super().__init__(button(label, f"shelf:form:{ticket}"))
        self._ticket = ticket

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        """Return the button as it was."""
        return cls(match["ticket"])

    async def press(self, interaction: Interaction) -> None:
        """Open the form, filled in with what is known."""
        addition = await _theirs(interaction, self._ticket)
        if addition is not None:
            form = AdditionForm(self._ticket, addition.form, interaction.id, own_texts(interaction))
            await interaction.response.send_modal(form)


async def take_form(interaction: Interaction, opened: re.Match[str]) -> None:
    """Take what was typed into an `AdditionForm`, and show what comes of it."""
    service, texts = service_of(interaction), own_texts(interaction)
    addition = await _theirs(interaction, opened["ticket"], take=True)
    if addition is None:
        return
    addition = replace(addition, form=typed(interaction), complete=True, shown=True)
    try:
        ticket = service.additions.keep(addition)  # another: the old message's buttons are void
        sheet = await in_place(interaction, _sheet(service, addition, ticket, texts), texts.WORKING)
        await put_sheet(interaction, sheet)
    except Exception:  # the old message is still there: its buttons go on with the form
        service.additions.keep(addition, opened["ticket"])
        raise


ADDITION_FORM = Submission(AdditionForm, OPENED, take_form)


class AddButton(
    LastingButton, template=rf"shelf:add:(?P<ticket>{TICKET}):(?P<instead>[0-9a-f]{{16}}|{_NEW})"
):
    """Adds a text, or puts it in the place of the file that the curator was shown."""

    def __init__(self, ticket: str, instead_of: str | None, texts: Texts = ENGLISH) -> None:
        label = texts.ADD if instead_of is None else texts.REPLACE
        super().__init__(button(label, f"shelf:add:{ticket}:{instead_of or _NEW}"))
        self._ticket = ticket
        self._instead_of = instead_of

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        """Return the button as it was."""
        return cls(match["ticket"], None if match["instead"] == _NEW else match["instead"])

    async def press(self, interaction: Interaction) -> None:
        """Write the text and read the folder again, or leave it as it was and say why."""
        addition = await _theirs(interaction, self._ticket, take=True)
        if addition is not None:
            texts = own_texts(interaction)
            work = self._add(interaction, addition, texts)
            await put_sheet(interaction, await in_place(interaction, work, texts.WORKING))

    async def _add(self, interaction: Interaction, addition: Addition, texts: Texts) -> Sheet:
        """Return what is said afterwards. An addition that came to nothing is kept."""
        service, added = service_of(interaction), list[Source]()
        library = service.library

        def act() -> Undo:
            proposal = propose(addition, library.snapshot.sources.values(), library.folder)
            if proposal.source is None:
                raise VerbatimError(*proposal.problems)
            added.append(proposal.source)
            return put(proposal.source, library.folder, self._instead_of, utc_now())

        done = False
        try:
            reload = await service.change(act)
            done = reload.swapped
        except ChangedError:
            return await _sheet(service, addition, self._ticket, texts, texts.CHANGED_MEANWHILE)
        except VerbatimError as error:
            lines = [texts.NOT_ADDED, *texts.problems(error.problems)]
            return report_of(lines, texts, self._again(texts))
        finally:
            if not done:
                service.additions.keep(addition, self._ticket)
        said = await service.work(lambda: reload_sheet(reload, texts))
        if not done:
            return Sheet(f"{texts.NOT_ADDED}\n{said.content}", self._again(texts), said.paper)
        action = "add" if self._instead_of is None else "replace"
        noted = await note(interaction, action, added[0])
        return Sheet("\n".join(filter(None, (said.content, noted))), paper=said.paper)

    def _again(self, texts: Texts) -> discord.ui.View:
        return view_of(
            AddButton(self._ticket, self._instead_of, texts),
            FormButton(self._ticket, texts.MEND_BUTTON),
            DropButton(self._ticket, texts.CANCEL),
        )


class DropButton(LastingButton, template=rf"shelf:drop:(?P<ticket>{TICKET}|-)"):
    """Lets go of an addition, or of a removal that was not meant: nothing has changed."""

    def __init__(self, ticket: str = "-", label: str = "Cancel") -> None:
        super().__init__(button(label, f"shelf:drop:{ticket}"))
        self._ticket = ticket

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        """Return the button as it was."""
        return cls(match["ticket"])

    async def press(self, interaction: Interaction) -> None:
        """Say that nothing was changed, in the place of the question."""
        service_of(interaction).additions.take(
            self._ticket, interaction.user.id, interaction.guild_id
        )
        await put_sheet(interaction, Sheet(own_texts(interaction).LEFT_AS_IT_WAS))

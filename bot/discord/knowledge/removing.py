"""Removing a text: the confirmation, and the removal."""

from __future__ import annotations

import re
from typing import ClassVar, Self

from typing_extensions import override

from bot.discord.kit import markdown
from bot.discord.kit.buttons import PersistentButton, make_button, make_view
from bot.discord.kit.interactions import Interaction
from bot.discord.kit.language import member_wording
from bot.discord.kit.permissions import Audience
from bot.discord.kit.sending import OutgoingMessage, replace_with_file, send_private, show_progress
from bot.discord.kit.service import Service, service_of, utc_now
from bot.discord.knowledge.adding import DropButton
from bot.discord.knowledge.history import record_act
from bot.discord.knowledge.reload import lines_message, reload_message
from bot.errors import VerbatimError
from bot.models import Source
from bot.texts.editing import ChangedError, remove_source
from bot.wording import ENGLISH, Wording


def removal_message(source: Source, service: Service, wording: Wording) -> OutgoingMessage:
    """Ask whether to remove a text; refuse if it is the only one."""
    if len(service.snapshot.sources) == 1:
        return OutgoingMessage(wording.ONLY_TEXT)
    about = markdown.escape(wording.about(source))
    lines = (wording.REMOVAL, f"- {about}", wording.OLD_IS_KEPT)
    buttons = (RemoveButton(source.digest, wording), DropButton(label=wording.KEEP))
    return OutgoingMessage("\n".join(lines), make_view(*buttons))


class RemoveButton(PersistentButton, template=r"shelf:remove:(?P<digest>[0-9a-f]{16})"):
    """Moves a text's file to the removed ones, if the text has not changed meanwhile."""

    audience: ClassVar[Audience | None] = Audience.WRITING_CURATOR

    def __init__(self, digest: str, wording: Wording = ENGLISH) -> None:
        super().__init__(make_button(wording.REMOVE, f"shelf:remove:{digest}"))
        self._digest = digest

    @classmethod
    @override
    def of(cls, match: re.Match[str]) -> Self:
        return cls(match["digest"])

    async def press(self, interaction: Interaction) -> None:
        """Remove the text and reload, or leave everything as it was and say why."""
        wording = member_wording(interaction)
        source = service_of(interaction).snapshot.source(self._digest)
        if source is None:
            await send_private(interaction, wording.TEXT_CHANGED)
            return
        if len(service_of(interaction).snapshot.sources) == 1:
            await send_private(interaction, wording.ONLY_TEXT)
            return
        work = self._remove(interaction, source, wording)
        await replace_with_file(
            interaction, await show_progress(interaction, work, wording.WORKING)
        )

    async def _remove(
        self, interaction: Interaction, source: Source, wording: Wording
    ) -> OutgoingMessage:
        service = service_of(interaction)
        folder, now = service.library.folder, utc_now()
        try:
            reload = await service.apply_change(lambda: remove_source(source, folder, now))
        except ChangedError:
            return OutgoingMessage(f"{wording.NOT_REMOVED} {wording.NOT_LOADED}")
        except VerbatimError as error:
            return lines_message([wording.NOT_REMOVED, *wording.problems(error.problems)], wording)
        said = await service.run_quick(lambda: reload_message(reload, wording))
        if not reload.swapped:
            return OutgoingMessage(f"{wording.NOT_REMOVED}\n{said.content}", file=said.file)
        noted = await record_act(interaction, "remove", source)
        return OutgoingMessage("\n".join(filter(None, (said.content, noted))), file=said.file)

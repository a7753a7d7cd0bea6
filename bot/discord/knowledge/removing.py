"""A text that is removed: asked for once more, moved out of the way, and told."""

from __future__ import annotations

import re
from typing import Self

from bot.discord.kit import markdown
from bot.discord.kit.buttons import Interaction, LastingButton, button, show, view_of
from bot.discord.kit.language import own_texts
from bot.discord.kit.sending import Reply
from bot.discord.kit.service import Service, service_of, utc_now
from bot.discord.knowledge.adding import DropButton
from bot.discord.knowledge.history import note
from bot.discord.knowledge.reload import reload_sheet, report_of
from bot.discord.knowledge.sheets import Sheet, in_place, put_sheet
from bot.models import Source, VerbatimError
from bot.texts.shelf import ChangedError, take
from bot.wording import ENGLISH, Texts


def removal_reply(source: Source, service: Service, texts: Texts) -> Reply:
    """Return the question whether `source` is to go; a refusal where it is the only one."""
    if len(service.snapshot.sources) == 1:
        return Reply(texts.ONLY_TEXT)
    about = markdown.escape(texts.about(source))
    lines = (texts.REMOVAL, f"- {about}", texts.OLD_IS_KEPT)
    buttons = (RemoveButton(source.digest, texts), DropButton(label=texts.KEEP))
    return Reply("\n".join(lines), view_of(*buttons))


class RemoveButton(LastingButton, template=r"shelf:remove:(?P<digest>[0-9a-f]{16})"):
    """Moves the file of a text among the removed ones, if it is still the same text."""

    def __init__(self, digest: str, texts: Texts = ENGLISH) -> None:
        super().__init__(button(texts.REMOVE, f"shelf:remove:{digest}"))
        self._digest = digest

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        """Return the button as it was."""
        return cls(match["digest"])

    async def press(self, interaction: Interaction) -> None:
        """Remove the text and read the folder again, or leave it as it was and say why."""
        texts = own_texts(interaction)
        source = service_of(interaction).snapshot.source(self._digest)
        if source is None:
            await show(interaction, texts.TEXT_CHANGED)
            return
        if len(service_of(interaction).snapshot.sources) == 1:
            await show(interaction, texts.ONLY_TEXT)
            return
        work = self._remove(interaction, source, texts)
        await put_sheet(interaction, await in_place(interaction, work, texts.WORKING))

    async def _remove(self, interaction: Interaction, source: Source, texts: Texts) -> Sheet:
        service = service_of(interaction)
        folder, now = service.library.folder, utc_now()
        try:
            reload = await service.change(lambda: take(source, folder, now))
        except ChangedError:
            return Sheet(f"{texts.NOT_REMOVED} {texts.NOT_LOADED}")
        except VerbatimError as error:
            return report_of([texts.NOT_REMOVED, *texts.problems(error.problems)], texts)
        said = await service.work(lambda: reload_sheet(reload, texts))
        if not reload.swapped:
            return Sheet(f"{texts.NOT_REMOVED}\n{said.content}", paper=said.paper)
        noted = await note(interaction, "remove", source)
        return Sheet("\n".join(filter(None, (said.content, noted))), paper=said.paper)

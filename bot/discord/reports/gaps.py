"""/gaps: what was asked and not answered."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

import discord
from discord import app_commands

from bot.answering.gaps import SAME_MEANING, Group, by_meaning, by_words
from bot.discord.kit.buttons import Interaction, LastingButton, button, replace, view_of
from bot.discord.kit.channels import server_of
from bot.discord.kit.language import own_texts
from bot.discord.kit.sending import Reply, send
from bot.discord.kit.service import Service, service_of
from bot.discord.reports.gap_pages import Missing, as_file, day, missing, pages
from bot.discord.reports.report_access import MAX_DAYS, is_anything_kept, read_in_time
from bot.search.embedding.embedder import Floats
from bot.search.embedding.similarity import Meaning
from bot.wording import ENGLISH, Texts

DAYS = 30
MOST = 2_000
"""Questions that are put together, the newest: in a quarter of a second by words."""
MOST_BY_MEANING = 200
"""Groups that are compared by meaning, the largest: four seconds of the model, the first time."""
_BATCH = 8
"""Questions that go to the model at a time: one that a member asks meanwhile waits for so many."""


@dataclass(frozen=True, slots=True)
class Report:
    """What is missing since a day, most asked first."""

    since: datetime
    found: list[Missing]
    questions: int


@app_commands.command(description="Questions the texts did not answer (curators).")
@app_commands.describe(days="How many days back, 30 unless you say otherwise")
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
async def gaps(interaction: Interaction, days: app_commands.Range[int, 1, MAX_DAYS] = DAYS) -> None:
    """Show what is missing in the texts."""
    await show_gaps(interaction, days)


async def show_gaps(
    interaction: Interaction, days: int, page: int = 0, *, in_place: bool = False
) -> None:
    """Show a page of what is missing; `in_place`: instead of the page clicked."""
    if not await is_anything_kept(interaction):
        return
    service, texts = service_of(interaction), own_texts(interaction)

    async def work() -> Reply:
        report = await report_of(service, server_of(interaction), days)
        return await service.work(lambda: gaps_reply(report, days, page, texts))

    reply = await read_in_time(interaction, work(), in_place=in_place)
    if reply is None:
        return
    if in_place:
        await replace(interaction, reply.content, reply.view)
    else:
        await send(interaction, reply, private=True)


async def report_of(service: Service, server: int | None, days: int) -> Report:
    """Return what is missing in a server.

    Raises StorageError if it cannot be read.
    """
    since = service.now() - timedelta(days=days)
    found = await service.storage.questions.gaps(server, since, MOST)
    questions = [gap.text for gap in found]
    searcher = service.snapshot.searcher
    analyzer = searcher.expander.analyzers[0]
    groups = await service.build(lambda: by_words(questions, analyzer))
    least = None if searcher.meaning is None else SAME_MEANING[searcher.meaning.family]
    if searcher.meaning is not None and least is not None and len(groups) > 1:
        vectors = await _vectors(service, searcher.meaning, groups, questions)
        groups = await service.build(
            lambda: by_meaning(groups, questions, analyzer, vectors, least)
        )
    return Report(since, await service.work(lambda: missing(found, groups)), len(found))


async def _vectors(
    service: Service, meaning: Meaning, groups: Sequence[Group], questions: Sequence[str]
) -> dict[int, Floats]:
    """Return the vectors of the first groups, by their place; fewer if the model is too busy."""
    texts = [questions[group[0]] for group in groups[:MOST_BY_MEANING]]
    found: dict[int, Floats] = {}
    for start in range(0, len(texts), _BATCH):
        some = texts[start : start + _BATCH]
        vectors = await service.build(meaning.questions.begin(some))
        if vectors is None:
            break
        found.update(enumerate(vectors, start))
    return found


def gaps_reply(report: Report, days: int, page: int, texts: Texts) -> Reply:
    """Return a page of the report, the last one where there are fewer, with its buttons."""
    since = day(report.since)
    if not report.found:
        return Reply(texts.since(texts.NO_GAPS, since))
    sums = (
        f"{texts.ASKED_COUNT} {texts.number(report.questions)}"
        f" · {texts.KINDS_COUNT} {texts.number(len(report.found))}"
    )
    heading = [f"**{texts.since(texts.GAPS, since)}**"]
    if report.questions == MOST:
        heading.append(texts.only_newest(MOST))
    contents = pages(report.found, [*heading, sums], texts)
    page = min(page, len(contents) - 1)
    buttons: list[LastingButton] = []
    if page:
        buttons.append(GapsButton(days, page - 1, texts.PREVIOUS))
    if page + 1 < len(contents):
        buttons.append(GapsButton(days, page + 1, texts.NEXT))
    return Reply(contents[page], view_of(*buttons, ExportButton(days, texts)))


class GapsButton(LastingButton, template=r"gaps:(?P<days>\d{1,3}):(?P<page>\d{1,4})"):
    """Turns to another page of what is missing."""

    def __init__(self, days: int, page: int, label: str = "Page") -> None:
        super().__init__(button(label, f"gaps:{days}:{page}"))
        self._days = days
        self._page = page

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        """Return the button as it was."""
        return cls(int(match["days"]), int(match["page"]))

    async def press(self, interaction: Interaction) -> None:
        """Show the page in the place of the one that is there."""
        await show_gaps(interaction, self._days, self._page, in_place=True)


class ExportButton(LastingButton, template=r"gaps-file:(?P<days>\d{1,3})"):
    """Sends everything that is missing as a file."""

    def __init__(self, days: int, texts: Texts = ENGLISH) -> None:
        super().__init__(button(texts.EXPORT, f"gaps-file:{days}"))
        self._days = days

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        """Return the button as it was."""
        return cls(int(match["days"]))

    async def press(self, interaction: Interaction) -> None:
        """Send the file to the one who clicked alone."""
        if not await is_anything_kept(interaction):
            return
        service, texts = service_of(interaction), own_texts(interaction)

        async def work() -> tuple[str, bytes]:
            report = await report_of(service, server_of(interaction), self._days)
            content = await service.work(lambda: as_file(report.found))
            return texts.since(texts.FILE_OF_GAPS, day(report.since)), content

        made = await read_in_time(interaction, work())
        if made is None:
            return
        line, content = made
        file = discord.File(io.BytesIO(content), f"gaps-{service.now():%Y-%m-%d}.csv")
        if interaction.response.is_done():
            await interaction.edit_original_response(content=line, attachments=[file])
        else:
            await interaction.response.send_message(line, file=file, ephemeral=True)

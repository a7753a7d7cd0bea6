"""/gaps: questions that the texts did not answer, or not well."""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Self

from discord import app_commands
from typing_extensions import override

from bot.answering.gaps import SAME_MEANING, Group, by_meaning, by_words
from bot.discord.kit.buttons import PersistentButton, make_button, make_view
from bot.discord.kit.channels import server_of
from bot.discord.kit.interactions import Interaction
from bot.discord.kit.language import member_wording
from bot.discord.kit.permissions import Audience, for_audience
from bot.discord.kit.sending import OutgoingFile, OutgoingMessage, replace_message, send
from bot.discord.kit.service import Service, service_of
from bot.discord.reports.gap_pages import GapEntry, as_csv, day, gap_entries, pages
from bot.discord.reports.report_access import MAX_DAYS, load_report, require_kept_questions
from bot.search.embedding.embedder import Floats
from bot.search.embedding.similarity import PassageEmbeddings
from bot.wording import ENGLISH, Wording

DAYS = 30
MOST = 2_000
"""Questions that are grouped, the newest; by words that takes a quarter of a second."""
MOST_BY_MEANING = 200
"""Groups compared by meaning, the largest; the first time that takes the model four seconds."""
MAX_CACHED = 32
"""Groupings held in memory, of all servers and spans of days."""
_BATCH = 8
"""Questions embedded at a time; a member's question waits for as many at most."""


@dataclass(frozen=True, slots=True)
class GapReport:
    """Unanswered questions since a date, in groups, the most frequent first."""

    since: datetime
    found: list[GapEntry]
    questions: int


@app_commands.command(
    name="gaps",
    description="Questions the texts did not answer (curators).",
    extras=for_audience(Audience.CURATOR),
)
@app_commands.describe(days="How many days back, 30 unless you say otherwise")
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
async def gaps_command(
    interaction: Interaction, days: app_commands.Range[int, 1, MAX_DAYS] = DAYS
) -> None:
    """Show the first page."""
    await show_gaps(interaction, days)


async def show_gaps(
    interaction: Interaction, days: int, page: int = 0, *, in_place: bool = False
) -> None:
    """Show a page; `in_place`: instead of the clicked one."""
    if not await require_kept_questions(interaction):
        return
    service, wording = service_of(interaction), member_wording(interaction)

    async def work() -> OutgoingMessage:
        report = await load_gaps(service, server_of(interaction), days)
        return await service.run_quick(lambda: gaps_message(report, days, page, wording))

    reply = await load_report(interaction, work(), in_place=in_place)
    if reply is None:
        return
    if in_place:
        await replace_message(interaction, reply.content, reply.view)
    else:
        await send(interaction, reply, private=True)


class GroupCache:
    """Groups of questions, so that turning a page does not compute them again.

    They are looked up by a hash of the questions in their order: a question that is asked or deleted
    changes it. The questions themselves are not held.
    """

    def __init__(self) -> None:
        self._groups: OrderedDict[bytes, list[Group]] = OrderedDict()

    def get(self, key: bytes) -> list[Group] | None:
        """The groups under `key`, if they are among the last ones used."""
        found = self._groups.get(key)
        if found is not None:
            self._groups.move_to_end(key)
        return found

    def put(self, key: bytes, groups: list[Group]) -> None:
        """Hold `groups`; drop those that were not used for longest."""
        self._groups[key] = groups
        while len(self._groups) > MAX_CACHED:
            self._groups.popitem(last=False)


async def load_gaps(service: Service, server: int | None, days: int) -> GapReport:
    """Group the questions of a server that were not answered, or not well, in the last `days`.

    Raises StorageError if they cannot be read.
    """
    since = service.now() - timedelta(days=days)
    found = await service.storage.questions.gaps(server, since, MOST)
    groups = await _grouped(service, [gap.text for gap in found])
    return GapReport(since, await service.run_quick(lambda: gap_entries(found, groups)), len(found))


async def _grouped(service: Service, questions: Sequence[str]) -> list[Group]:
    """Group questions that ask the same: by their words, and by meaning if there is a model."""
    searcher = service.snapshot.searcher
    model = searcher.embeddings
    least = None if model is None else SAME_MEANING[model.family]
    cache, key = service.state(GroupCache), _key(questions, model, service.snapshot.id)
    if (cached := cache.get(key)) is not None:
        return cached
    analyzer = searcher.expander.analyzers[0]
    groups = await service.run_slow(lambda: by_words(questions, analyzer))
    complete = True
    if model is not None and least is not None and len(groups) > 1:
        vectors = await _vectors(service, model, groups, questions)
        complete = len(vectors) == min(len(groups), MOST_BY_MEANING)
        groups = await service.run_slow(
            lambda: by_meaning(groups, questions, analyzer, vectors, least)
        )
    if complete:
        cache.put(key, groups)
    return groups


def _key(questions: Sequence[str], model: PassageEmbeddings | None, snapshot: str) -> bytes:
    facts = (snapshot, model is not None, *questions)
    return hashlib.blake2b(repr(facts).encode(errors="surrogatepass")).digest()


async def _vectors(
    service: Service, model: PassageEmbeddings, groups: Sequence[Group], questions: Sequence[str]
) -> dict[int, Floats]:
    """Embed the first question of each of the largest groups; fewer if the model is too busy."""
    texts = [questions[group[0]] for group in groups[:MOST_BY_MEANING]]
    found: dict[int, Floats] = {}
    for start in range(0, len(texts), _BATCH):
        vectors = await service.run_slow(model.questions.begin(texts[start : start + _BATCH]))
        if vectors is None:
            break
        found.update(enumerate(vectors, start))
    return found


def gaps_message(report: GapReport, days: int, page: int, wording: Wording) -> OutgoingMessage:
    """Lay out a page with its buttons; the last page if there are fewer."""
    since = day(report.since)
    if not report.found:
        return OutgoingMessage(wording.since(wording.NO_GAPS, since))
    sums = (
        f"{wording.ASKED_COUNT} {wording.number(report.questions)}"
        f" · {wording.KINDS_COUNT} {wording.number(len(report.found))}"
    )
    heading = [f"**{wording.since(wording.GAPS, since)}**"]
    if report.questions == MOST:
        heading.append(wording.only_newest(MOST))
    contents = pages(report.found, [*heading, sums], wording)
    page = min(page, len(contents) - 1)
    buttons: list[PersistentButton] = []
    if page:
        buttons.append(GapsButton(days, page - 1, wording.PREVIOUS))
    if page + 1 < len(contents):
        buttons.append(GapsButton(days, page + 1, wording.NEXT))
    return OutgoingMessage(contents[page], make_view(*buttons, ExportButton(days, wording)))


class GapsButton(PersistentButton, template=r"gaps:(?P<days>\d{1,3}):(?P<page>\d{1,4})"):
    """Turns to another page of unanswered questions."""

    audience: ClassVar[Audience | None] = Audience.CURATOR

    def __init__(self, days: int, page: int, label: str = "Page") -> None:
        super().__init__(make_button(label, f"gaps:{days}:{page}"))
        self._days = days
        self._page = page

    @classmethod
    @override
    def of(cls, match: re.Match[str]) -> Self:
        return cls(int(match["days"]), int(match["page"]))

    async def press(self, interaction: Interaction) -> None:
        """Replace the clicked page."""
        await show_gaps(interaction, self._days, self._page, in_place=True)


class ExportButton(PersistentButton, template=r"gaps-file:(?P<days>\d{1,3})"):
    """Sends all unanswered questions as a CSV file."""

    audience: ClassVar[Audience | None] = Audience.CURATOR

    def __init__(self, days: int, wording: Wording = ENGLISH) -> None:
        super().__init__(make_button(wording.EXPORT, f"gaps-file:{days}"))
        self._days = days

    @classmethod
    @override
    def of(cls, match: re.Match[str]) -> Self:
        return cls(int(match["days"]))

    async def press(self, interaction: Interaction) -> None:
        """Send the file in private."""
        if not await require_kept_questions(interaction):
            return
        service, wording = service_of(interaction), member_wording(interaction)

        async def work() -> tuple[str, bytes]:
            report = await load_gaps(service, server_of(interaction), self._days)
            content = await service.run_quick(lambda: as_csv(report.found))
            return wording.since(wording.FILE_OF_GAPS, day(report.since)), content

        made = await load_report(interaction, work())
        if made is None:
            return
        line, content = made
        file = OutgoingFile(f"gaps-{service.now():%Y-%m-%d}.csv", content).to_discord()
        if interaction.response.is_done():
            await interaction.edit_original_response(content=line, attachments=[file])
        else:
            await interaction.response.send_message(line, file=file, ephemeral=True)

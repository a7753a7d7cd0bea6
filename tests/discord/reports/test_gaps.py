"""What curators are told of the questions that were not answered."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from bot.discord.kit.quotes.layout import LIMIT
from bot.discord.kit.service import Service
from bot.discord.reports import gaps as module
from bot.discord.reports.gap_pages import COLUMNS, GapEntry, as_csv, pages
from bot.models import Outcome
from bot.search.embedding.embedder import ModelFamily
from bot.settings.discord import DiscordSettings
from bot.storage.questions import AskedQuestion, Questions
from bot.wording import ENGLISH as wording
from tests.conftest import CURATOR_ROLE, TODAY, World
from tests.discord.ask.test_commands import buttons
from tests.discord.feedback.test_voting import break_storage, keep_nothing
from tests.discord.quote.test_buttons import moderator
from tests.discord.slowness import hold


async def keep(
    service: Service,
    server: int | None,
    *questions: str,
    outcome: Outcome = Outcome.NOT_COVERED,
    ago: int = 0,
    member: int = 1,
) -> int:
    """Keep questions as they were asked so many days ago; return the id of the last."""
    start: int = 1 + sum(day.asked for day in await everything(service, server)) + 1_000 * (ago + 1)
    for number, text in enumerate(questions, start):
        at = TODAY - timedelta(days=ago, seconds=number)
        await service.storage.questions.keep(
            AskedQuestion(number, server, at, text, outcome, 0.1), member
        )
    return start + len(questions) - 1


async def everything(service: Service, server: int | None) -> Any:
    return await service.storage.questions.counts_by_day(server, TODAY - timedelta(days=999))


async def show(world: World, **options: Any) -> Any:
    return await world.manager.slash(world.channel, "gaps", **options)


async def test_what_was_missing_is_shown_most_asked_first(world: World, service: Service) -> None:
    """In private, with how often, how it came out, other wordings, and what was expected."""
    here = world.guild.id
    await keep(service, here, "Who paid for it?")
    await keep(service, here, "does the tea work", "do the teas work?", "do the teas work?")
    wrong = await keep(service, here, "Did the tea work", outcome=Outcome.CLOSEST, ago=2)
    await service.storage.questions.expect(wrong, 5, "Yes: *it* did\n@everyone")
    await service.storage.questions.vote(wrong, 6, True)
    await keep(service, here, "a right one", outcome=Outcome.ANSWERED)
    result = await show(world)
    assert result.ephemeral
    since = int((TODAY - timedelta(days=30)).timestamp())
    lines = result.response.content.split("\n")
    assert lines[:3] == [
        f"**Not covered, or marked wrong, since <t:{since}:D>**",
        "-# asked 5 · different 2 · page 1 of 1",
        "**do the teas work?**",
    ]
    assert lines[3].startswith(
        "-# asked 4 · not covered 3 · closest 1 · right 1 · wrong 1 · last <t:"
    )
    assert lines[4:6] == [
        "-# Also: does the tea work / Did the tea work",
        r"> Expected: Yes: \*it\* did @everyone",
    ]
    assert lines[6:8] == ["", "**Who paid for it?**"]
    assert "a right one" not in result.response.content


async def test_only_the_servers_own_days_are_shown(world: World, service: Service) -> None:
    """Neither what was asked elsewhere, nor in direct messages, nor before."""
    await keep(service, world.guild.id, "asked here lately", ago=3)
    await keep(service, world.guild.id, "asked here earlier", ago=10)
    await keep(service, 77, "asked elsewhere", ago=2)
    await keep(service, None, "asked in private", ago=1)
    assert "asked here earlier" in (await show(world)).response.content
    shown = (await show(world, days=7)).response.content
    assert "asked here lately" in shown
    for other in ("earlier", "elsewhere", "in private"):
        assert other not in shown


async def test_nobody_but_curators_sees_them(world: World, service: Service) -> None:
    """Not a member, not a moderator, not by the buttons under a curator's message."""
    await keep(service, world.guild.id, *(f"secret{i} word{i}" for i in range(60)))
    role = world.guild.create_role(CURATOR_ROLE)
    keeper = world.guild.add_member(world.env.create_user("keeper"), roles=[role])
    for actor in (world.member, moderator(world), keeper):
        result = await actor.slash(world.channel, "gaps")
        assert result.ephemeral
        assert result.response.content == wording.CURATORS_ONLY
    service.settings = DiscordSettings(curator_roles=(role.id,))
    shown = await keeper.slash(world.channel, "gaps")
    assert "secret0" in shown.response.content
    service.settings = DiscordSettings()
    for label in (wording.NEXT, wording.EXPORT):
        result = await keeper.click(shown.response, label=label)
        assert wording.CURATORS_ONLY in str([m.content for m in after(result)])
        assert not any(message.attachments for message in after(result))


def after(result: Any) -> list[Any]:
    return [m for m in (result.response, *result.followups) if m is not None]


async def test_pages_turn_in_place_also_after_a_restart(world: World, service: Service) -> None:
    """And a page that there is no more of is the last one there is."""
    await keep(service, world.guild.id, *(f"question{i} subject{i}" for i in range(60)))
    shown = await show(world)
    message = shown.response
    first = message.content
    assert "page 1 of 3" in first
    assert buttons(message) == [wording.NEXT, wording.EXPORT]
    await world.restart(service)
    await world.manager.click(message, label=wording.NEXT)
    assert "page 2 of 3" in message.content
    assert buttons(message) == [wording.PREVIOUS, wording.NEXT, wording.EXPORT]
    await service.storage.questions.purge(TODAY + timedelta(days=91))
    await keep(service, world.guild.id, "the only one left")
    await world.manager.click(message, label=wording.NEXT)
    assert "page 1 of 1" in message.content
    assert len(world.channel.history(viewer=world.manager)) == 1


async def test_nothing_missing_is_said_so(world: World) -> None:
    """And there is nothing to export."""
    result = await show(world)
    assert result.response.content.startswith("Since <t:")
    assert buttons(result.response) == []


async def test_it_says_so_if_nothing_is_kept(world: World, service: Service) -> None:
    """An empty list would be a lie."""
    keep_nothing(service)
    for command in ("gaps", "stats"):
        result = await world.manager.slash(world.channel, command)
        assert result.response.content == wording.NOTHING_IS_KEPT


async def test_a_failing_storage_is_reported_kindly(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the command and by its buttons, and the page that was there stays."""
    await keep(service, world.guild.id, *(f"question{i} subject{i}" for i in range(60)))
    shown = await show(world)
    content = shown.response.content
    break_storage(monkeypatch, "gaps")
    assert (await show(world)).response.content == wording.STORAGE_FAILED
    for label in (wording.NEXT, wording.EXPORT):
        result = await world.manager.click(shown.response, label=label)
        assert wording.STORAGE_FAILED in [m.content for m in after(result)]
    assert world.channel.history(viewer=world.manager)[0].content == content


@pytest.mark.parametrize("fails", [False, True])
async def test_a_slow_storage_is_waited_for(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    """Discord is told in time that something is coming, also when the page is turned."""
    await keep(service, world.guild.id, *(f"question{i} subject{i}" for i in range(60)))
    shown = await show(world)
    if fails:
        break_storage(monkeypatch, "gaps")
    held = hold(world, monkeypatch, Questions, "gaps")
    first = shown.response.content
    turned = await world.manager.click(shown.response, label=wording.NEXT)
    file = await world.manager.click(shown.response, label=wording.EXPORT)
    again = await show(world)
    assert turned.deferred
    assert file.deferred
    assert again.deferred
    await held.let_go()
    page = world.channel.history(viewer=world.manager)[0]
    if fails:
        assert page.content == first
        assert [m.content for m in turned.followups] == [wording.STORAGE_FAILED]
        assert again.response.content == file.response.content == wording.STORAGE_FAILED
    else:
        assert "page 2 of 3" in page.content
        assert again.response.content == first
        assert file.response.attachments


async def test_everything_is_exported_as_a_file(world: World, service: Service) -> None:
    """To the curator alone, with a byte order mark, and every column that the README names."""
    wrong = await keep(service, world.guild.id, "كم دفعوا؟", outcome=Outcome.ANSWERED)
    await service.storage.questions.expect(wrong, 5, "=HYPERLINK(1)")
    shown = await show(world)
    result = await world.manager.click(shown.response, label=wording.EXPORT)
    assert result.ephemeral
    (attachment,) = result.response.attachments
    assert attachment.filename == f"gaps-{TODAY:%Y-%m-%d}.csv"
    content = await read(world, attachment)
    assert content.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert tuple(row) == COLUMNS
    assert row["question"] == "كم دفعوا؟"
    assert row["expected"] == "'=HYPERLINK(1)"
    assert (row["asked"], row["answered"], row["wrong"], row["not_covered"]) == ("1", "1", "1", "0")
    assert row["last_asked"].endswith("+00:00")


async def read(world: World, attachment: Any) -> bytes:
    stored: bytes = await attachment.read()
    return stored


async def test_where_there_is_a_model_meaning_puts_together(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of as many as the model is given; where it is too busy, words alone."""
    await keep(service, world.guild.id, "what is the price", "how much does it cost")
    await keep(service, world.guild.id, *(f"question{i} subject{i}" for i in range(20)), ago=1)
    batches: list[list[str]] = []
    busy = False

    def begin(some: list[str]) -> Any:
        batches.append(some)
        near = [np.array([1.0, 0.0], np.float32), np.array([0.0, 1.0], np.float32)]
        return lambda: None if busy else [near["question" in text] for text in some]

    embeddings = SimpleNamespace(family=ModelFamily.E5, questions=SimpleNamespace(begin=begin))
    snapshot = service.snapshot
    searcher = replace(snapshot.searcher, embeddings=embeddings)  # type: ignore[arg-type]
    monkeypatch.setattr(service.library, "_snapshot", replace(snapshot, searcher=searcher))
    monkeypatch.setattr(module, "MOST_BY_MEANING", 10)
    shown = (await show(world)).response.content
    assert [len(batch) for batch in batches] == [8, 2]
    assert "**what is the price**" in shown
    assert "-# Also: how much does it cost" in shown
    assert (await show(world)).response.content == shown
    assert len(batches) == 2  # nothing is computed again for the same questions
    await keep(service, world.guild.id, "what is the price")
    assert "asked 23" in (await show(world)).response.content
    assert len(batches) == 4
    busy = True
    service.states.clear()
    assert "**how much does it cost**" in (await show(world)).response.content


def entry(words: str, *expectations: str) -> GapEntry:
    return GapEntry((words, words + "!"), (Outcome.NOT_COVERED,), 0, 1, TODAY, expectations)


def test_no_page_is_too_long_whatever_members_type() -> None:
    """Marks that have to be escaped, characters that count twice, lines."""
    hostile = ["*" * 500, "😀" * 500, "\n> # x" * 80, "[a](" * 120, "@everyone " * 50]
    found = [entry(words, words, words) for words in hostile * 3]
    contents = pages(found, ["**heading**", "a line", "sums"], wording)
    assert all(len(content.encode("utf-16-le")) // 2 <= LIMIT for content in contents)
    assert sum(content.count("Expected:") for content in contents) == 30
    assert "\n> # x" not in "".join(contents)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "＝1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    """Who opens the file runs nothing that a member has typed."""
    rows = list(csv.reader(io.StringIO(as_csv([entry(cell, cell)]).decode("utf-8-sig"))))
    assert rows[1][0] == f"'{cell}"
    assert rows[1][8] == f"'{cell}"
    assert rows[1][9] == f"'{cell}!"


def test_other_cells_are_left_as_they_are() -> None:
    """Quotes, commas and lines come back as they were."""
    words = 'He said "a, b"\nand - later - left'
    rows = list(csv.reader(io.StringIO(as_csv([entry(words)]).decode("utf-8-sig"), newline="")))
    assert rows[1][0] == words

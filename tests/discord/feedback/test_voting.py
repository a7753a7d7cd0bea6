"""What members say of an answer, and what is kept of it."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
import structlog

from bot.discord.kit.channels import server_of
from bot.discord.kit.quotes.layout import LIMIT
from bot.discord.kit.service import Service
from bot.errors import Problem
from bot.models import Outcome
from bot.operations import logging as operations
from bot.storage.connections import StorageError
from bot.storage.questions import MAX_EXPECTED, Questions
from bot.storage.reports import DayCount, Gap
from bot.wording import ENGLISH as wording
from tests.conftest import TODAY, World
from tests.discord.ask.test_commands import QUESTION, buttons, policy
from tests.discord.quote.test_buttons import TOLL, more
from tests.discord.quote.test_buttons import ask as ask_publicly
from tests.discord.read.test_buttons import field_of
from tests.discord.settled import listen, post, settle
from tests.discord.slowness import hold

EVER = TODAY - timedelta(days=400)


async def gaps(world: World, service: Service) -> list[Gap]:
    """Return what is kept as missing on the server."""
    await service.question_log.settle()
    return await service.storage.questions.gaps(world.guild.id, EVER, 100)


async def counts(service: Service, server: int | None) -> DayCount:
    """Return what is kept of the only day there is."""
    await service.question_log.settle()
    (day,) = await service.storage.questions.counts_by_day(server, EVER)
    return day


def keep_nothing(service: Service) -> None:
    """Let the storage keep no questions, as with `storage.days: 0`."""
    service.storage.days = 0
    service.storage.questions._days = 0


def break_storage(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Let these methods fail as they do when the database does."""

    async def fail(self: Questions, *_: Any) -> Any:
        raise StorageError(Problem("verbatim.db", "cannot be written: disk I/O error"))

    for name in names:
        monkeypatch.setattr(Questions, name, fail)


@pytest.fixture
def _many_hits(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that an answer has pages, in two small texts."""
    monkeypatch.setattr("bot.search.searcher.MIN_PROBABILITY", -1.0)


async def ask(world: World, **options: Any) -> Any:
    return await ask_publicly(world, QUESTION, **options)


async def test_every_way_of_asking_is_kept(world: World, service: Service) -> None:
    """By command, by mention, by what was meant; with how it came out and on which server."""
    await ask(world)
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    policy(service, answered=1, closest=1)
    answer = await ask_publicly(world, "Did the ferreis lose passangers?")
    policy(service)
    await world.member.click(answer, label=buttons(answer)[1])
    day = await counts(service, world.guild.id)
    assert (day.asked, day.answered + day.closest, day.not_covered) == (4, 3, 1)
    assert [gap.text for gap in await gaps(world, service)] == ["Did the ferreis lose passangers?"]


async def test_direct_messages_are_kept_outside_servers(world: World, service: Service) -> None:
    """Where no server's curators see them."""
    await world.member.send_dm(QUESTION)
    assert (await counts(service, None)).asked == 1
    assert "vote:right:" in str(
        [
            child.custom_id
            for row in world.member.user.dm_channel.history()[-1].components
            for child in row.children
        ]
    )


def test_what_is_asked_where_only_a_member_has_the_bot_is_kept_outside_servers() -> None:
    """That server has no curators, and can never remove the bot."""
    client = SimpleNamespace(get_guild={3: SimpleNamespace(id=3)}.get)
    assert server_of(cast("Any", SimpleNamespace(client=client, guild_id=5))) is None
    assert server_of(cast("Any", SimpleNamespace(client=client, guild_id=3))) == 3
    assert server_of(cast("Any", SimpleNamespace(client=client, guild_id=None))) is None


async def test_an_overheard_message_is_kept_only_if_it_is_answered(
    world: World, service: Service
) -> None:
    """Most of what people say to one another is no question to the bot."""
    await settle(world, service, listens=frozenset({world.channel.id}))
    await listen(world, service)
    policy(service, answered=0.5, closest=0.5)
    await world.member.send(world.channel, "Is anybody up for lunch at the station?")
    await world.member.send(world.channel, QUESTION)
    assert (await counts(service, world.guild.id)).asked == 1
    answer = world.channel.last_message
    result = await world.manager.click(answer, custom_id=answer.components[1].children[0].custom_id)
    assert result.response.content == wording.voted(right=True, before=None)


async def test_a_post_of_a_forum_is_a_question_in_any_case(world: World, service: Service) -> None:
    """Curators want to know which of them the texts do not answer; once each."""
    forum = world.guild.create_forum_channel("questions")
    await settle(world, service, forums=frozenset({forum.id}))
    await listen(world, service)
    policy(service, answered=0.5, closest=0.5)
    await post(world, forum, world.member, "Where do we go for lunch", "I am hungry.")
    policy(service)
    await post(world, forum, world.member, "Brunel", "Who was too ill for the opening?")
    day = await counts(service, world.guild.id)
    assert (day.asked, day.answered, day.not_covered) == (2, 1, 1)
    (gap,) = await gaps(world, service)
    assert gap.text == "Where do we go for lunch\nI am hungry."


async def test_what_asks_nothing_is_not_kept(world: World, service: Service) -> None:
    """Greetings, finding the source, quoting and reading."""
    await world.member.send(world.channel, f"{world.mention} hello")
    message = await world.member.send(world.channel, "The toll for carts was never raised.")
    found = await world.member.context_menu(world.channel, "Find the source", message)
    choices = await world.member.autocomplete(world.channel, "quote", "text", "toll")
    quoted = await world.member.slash(world.channel, "quote", text=choices[0]["value"])
    await service.question_log.settle()
    assert await service.storage.questions.counts_by_day(world.guild.id, EVER) == []
    for result in (found, quoted):
        assert wording.RIGHT not in buttons(result.response)


async def test_a_vote_is_counted_and_confirmed_in_private(world: World, service: Service) -> None:
    """In one line, whoever sees the answer; the answer itself stays as it is."""
    answer = await ask(world)
    before = answer.content, buttons(answer)
    right = await world.member.click(answer, label=wording.RIGHT)
    wrong = await world.manager.click(answer, label=wording.WRONG)
    assert right.ephemeral
    assert right.response.content == wording.voted(right=True, before=None)
    assert buttons(right.response) == []
    assert wrong.ephemeral
    assert wrong.response.content == wording.voted(right=False, before=None)
    assert buttons(wrong.response) == [wording.SAY_EXPECTED]
    assert (answer.content, buttons(answer)) == before
    day = await counts(service, world.guild.id)
    assert (day.right, day.wrong) == (1, 1)


async def test_a_vote_can_be_changed_also_after_a_restart(world: World, service: Service) -> None:
    """One a member; what it was before is said."""
    answer = await ask(world)
    await world.member.click(answer, label=wording.RIGHT)
    await world.restart(service)
    said = [
        (await world.member.click(answer, label=label)).response.content
        for label in (wording.WRONG, wording.WRONG, wording.RIGHT, wording.RIGHT)
    ]
    assert said == [
        "Changed from right to wrong.",
        "Already noted as wrong.",
        "Changed from wrong to right.",
        "Already noted as right.",
    ]
    day = await counts(service, world.guild.id)
    assert (day.right, day.wrong) == (1, 0)


async def test_an_answer_nobody_had_is_missed_in_a_click(world: World, service: Service) -> None:
    """Where nothing is quoted, there is nothing right or wrong about it."""
    policy(service, answered=1, closest=1)
    answer = await ask(world)
    assert wording.RIGHT not in buttons(answer)
    first = await world.member.click(answer, label=wording.EXPECTED_AN_ANSWER)
    again = await world.member.click(answer, label=wording.EXPECTED_AN_ANSWER)
    assert first.response.content == wording.MISSED
    assert again.response.content == wording.MISSED_ALREADY
    (gap,) = await gaps(world, service)
    assert (gap.outcome, gap.wrong) == (Outcome.NOT_COVERED, 1)


async def test_what_was_expected_is_kept_also_after_restarts(
    world: World, service: Service
) -> None:
    """Between the vote and the field, and between the field and what is typed into it."""
    answer = await ask(world)
    voted = await world.member.click(answer, label=wording.WRONG)
    await world.restart(service)
    field = await world.member.click(voted.response, label=wording.SAY_EXPECTED)
    await world.restart(service)
    await world.member.submit_modal(field, {field_of(field): " The *engineer* himself "})
    assert voted.response.content == wording.EXPECTATION_KEPT
    assert [gap.expectations for gap in await gaps(world, service)] == [("The *engineer* himself",)]


async def test_what_was_expected_can_be_corrected(world: World, service: Service) -> None:
    """What was said before stands in the field."""
    answer = await ask(world)
    voted = await world.member.click(answer, label=wording.WRONG)
    field = await world.member.click(voted.response, label=wording.SAY_EXPECTED)
    await world.member.submit_modal(field, {field_of(field): "Brunell"})
    field = await world.member.click(voted.response, label=wording.SAY_EXPECTED)
    assert field.modal is not None
    assert field.modal["components"][0]["component"]["value"] == "Brunell"
    await world.member.submit_modal(field, {field_of(field): "Brunel"})
    assert [gap.expectations for gap in await gaps(world, service)] == [("Brunel",)]


async def test_a_vote_counts_though_the_field_is_left(world: World, service: Service) -> None:
    """It is counted before the field is there."""
    answer = await ask(world)
    voted = await world.member.click(answer, label=wording.WRONG)
    await world.member.click(voted.response, label=wording.SAY_EXPECTED)
    assert [(gap.wrong, gap.expectations) for gap in await gaps(world, service)] == [(1, ())]


@pytest.mark.usefixtures("_many_hits")
async def test_the_votes_stay_when_the_page_is_turned(world: World, service: Service) -> None:
    """In place, in another member's copy, and in the copy's next page: all on one question."""
    policy(service, quotes=1)
    answer = await ask_publicly(world, TOLL)
    copy = await world.manager.click(answer, label=more(answer))
    await world.manager.click(copy.response, label=more(copy.response))
    await world.restart(service)
    await world.member.click(answer, label=more(answer))
    for message in (answer, copy.response):
        assert buttons(message)[-3:-1] == [wording.RIGHT, wording.WRONG]
    await world.manager.click(copy.response, label=wording.WRONG)
    await world.member.click(answer, label=wording.WRONG)
    assert [gap.wrong for gap in await gaps(world, service)] == [2]


async def test_the_votes_stay_on_a_shared_answer(world: World, service: Service) -> None:
    """And on the private one that it was."""
    private = await ask(world, private=True)
    shared = await world.member.click(private, label=wording.SHARE)
    (public,) = shared.followups
    for message in (private, public):
        assert buttons(message)[-3:-1] == [wording.RIGHT, wording.WRONG]
    await world.manager.click(public, label=wording.WRONG)
    assert [gap.wrong for gap in await gaps(world, service)] == [1]


async def test_two_members_at_once_both_count(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And while it takes long, Discord is told that something is coming."""
    answer = await ask(world)
    await service.question_log.settle()
    held = hold(world, monkeypatch, Questions, "vote")
    clicks = [
        await member.click(answer, label=wording.WRONG) for member in (world.member, world.manager)
    ]
    assert held.begun == 2
    assert all(click.deferred for click in clicks)
    await held.let_go()
    assert [click.response.content for click in clicks] == [
        wording.voted(right=False, before=None)
    ] * 2
    assert [gap.wrong for gap in await gaps(world, service)] == [2]


async def test_a_question_that_is_gone_says_so_plainly(world: World, service: Service) -> None:
    """Its vote, and what was typed into a field that is still open."""
    answer = await ask(world)
    voted = await world.member.click(answer, label=wording.WRONG)
    field = await world.member.click(voted.response, label=wording.SAY_EXPECTED)
    await service.storage.questions.purge(TODAY + timedelta(days=91))
    result = await world.member.click(answer, label=wording.RIGHT)
    assert result.response.content == wording.NO_LONGER_KEPT
    await world.member.submit_modal(field, {field_of(field): "this"})
    assert voted.response.content == wording.NO_LONGER_KEPT


async def test_a_vote_waits_for_its_question_to_be_written(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is faster than the storage is not told that the question is gone."""
    held = hold(world, monkeypatch, Questions, "keep")
    answer = await ask(world)
    assert "Brunel" in answer.content
    result = await world.member.click(answer, label=wording.RIGHT)
    await held.let_go()
    assert result.response.content == wording.voted(right=True, before=None)


async def test_a_failing_storage_costs_no_answer_and_is_reported_kindly(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The vote is not counted, and the member may try again."""
    break_storage(monkeypatch, "keep", "is_asked_in", "vote")
    answer = await ask(world)
    assert "Brunel" in answer.content
    result = await world.member.click(answer, label=wording.RIGHT)
    assert result.ephemeral
    assert result.response.content == wording.STORAGE_FAILED


@pytest.mark.parametrize("typed", ["*" * MAX_EXPECTED, "*\n" * (MAX_EXPECTED // 2)])
async def test_what_was_typed_is_handed_back_if_it_cannot_be_kept(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    """Nobody types it twice; and the field opens though what stood in it cannot be read."""
    answer = await ask(world)
    voted = await world.member.click(answer, label=wording.WRONG)
    break_storage(monkeypatch, "own_vote", "expect")
    field = await world.member.click(voted.response, label=wording.SAY_EXPECTED)
    await world.member.submit_modal(field, {field_of(field): typed})
    content = voted.response.content
    assert content.startswith(f"{wording.STORAGE_FAILED}\n> \\*")
    assert content.count("*") > len(typed.replace("\n", "")) // 2
    assert len(content) <= LIMIT
    assert buttons(voted.response) == [wording.SAY_EXPECTED]


async def test_without_a_storage_of_questions_there_are_no_votes(
    world: World, service: Service
) -> None:
    """No buttons under new answers; those under old ones say that nothing was noted."""
    policy(service, quotes=1)
    old = await ask(world)
    keep_nothing(service)
    assert wording.RIGHT not in buttons(await ask(world))
    policy(service, answered=1, closest=1)
    assert wording.EXPECTED_AN_ANSWER not in buttons(await ask(world))
    result = await world.member.click(old, label=wording.RIGHT)
    assert result.response.content == wording.NO_LONGER_KEPT


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Log as the bot does when it runs, into what is given."""
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level = list(root.handlers), root.level
    levels = {name: logging.getLogger(name).level for name in ("discord", "alembic")}
    out = io.StringIO()
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stderr", out)
        operations.configure("info", "json")
    structlog.configure(cache_logger_on_first_use=False)
    yield out
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, old in levels.items():
        logging.getLogger(name).setLevel(old)
    structlog.configure(**before)


async def test_no_log_says_who_asked_or_what(
    world: World, service: Service, logged: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither when all is well nor when the storage fails."""
    answer = await ask(world)
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    voted = await world.member.click(answer, label=wording.WRONG)
    for failing in ((), ("keep", "vote", "expect", "gaps", "forget")):
        field = await world.member.click(voted.response, label=wording.SAY_EXPECTED)
        break_storage(monkeypatch, *failing)
        await world.member.submit_modal(field, {field_of(field): "a secret wish"})
        await ask(world)
        await world.member.click(answer, label=wording.RIGHT)
        await world.manager.slash(world.channel, "gaps")
    shown = await world.member.slash(world.channel, "privacy", forget=True)
    await world.member.click(shown.response, label=wording.FORGET_YES)
    await service.question_log.settle()
    lines = logged.getvalue()
    assert "a vote was not kept" in lines
    assert "a question was not kept" in lines
    for secret in (str(world.member.id), str(world.manager.id), QUESTION, "secret wish"):
        assert secret not in lines

"""Settings of servers, and what becomes of them when the bot is removed."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import insert
from structlog.testing import capture_logs

from bot.models import Outcome
from bot.storage.database import Storage
from bot.storage.questions import AskedQuestion
from bot.storage.servers import ServerSettings
from bot.storage.tables import servers

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LARGEST = 2**63 - 1

FULL = ServerSettings(
    language="ar",
    private=False,
    own_thread=True,
    listens=frozenset({1, LARGEST}),
    silent=frozenset({2}),
    forums=frozenset({3}),
    sources=frozenset({"a/b", "c"}),
    curator_roles=frozenset({4}),
    member_questions=0,
    channel_questions=10_000,
)


async def write(storage: Storage, server: int, document: str) -> None:
    async with storage.servers._connections.writing() as connection:
        await connection.execute(insert(servers).values(server=server, settings=document))


async def test_settings_are_stored_and_read_back(storage: Storage) -> None:
    """Without any, there are defaults."""
    assert all(
        getattr(FULL, field.name) != field.default for field in dataclasses.fields(ServerSettings)
    )
    await storage.servers.set(LARGEST, ServerSettings(private=True))
    await storage.servers.set(LARGEST, FULL)
    none = ServerSettings(sources=frozenset())
    await storage.servers.set(2, none)
    assert await storage.servers.get(LARGEST) == FULL
    assert ServerSettings() == await storage.servers.get(1)
    assert {LARGEST: FULL, 2: none} == await storage.servers.all()


@pytest.mark.parametrize(
    "wrong",
    [{"listens": frozenset({"1"})}, {"member_questions": -1}, {"private": "yes"}, {"silent": {0}}],
)
def test_invalid_settings_cannot_be_constructed(wrong: dict[str, Any]) -> None:
    """So none are ever stored."""
    with pytest.raises(ValidationError):
        ServerSettings(**wrong)


async def test_an_invalid_stored_setting_gets_its_default(
    storage: Storage,
) -> None:
    """The others are kept; the log names it."""
    values = {"language": "es", "silent": [5], "listens": "all", "private": 1, "colour": "red"}
    await write(storage, 1, json.dumps(values))
    with capture_logs() as logs:
        found = await storage.servers.get(1)
    assert ServerSettings(language="es", silent=frozenset({5})) == found
    assert [(log["server"], log["keys"]) for log in logs] == [(1, ["colour", "listens", "private"])]


@pytest.mark.parametrize("document", ["", "{", "[]", "null", '"text"', "{} {}", "[" * 100_000])
async def test_a_damaged_document_counts_as_missing(storage: Storage, document: str) -> None:
    """Other servers are read; the log names it."""
    await write(storage, 1, document)
    await storage.servers.set(2, FULL)
    with capture_logs() as logs:
        assert {1: ServerSettings(), 2: FULL} == await storage.servers.all()
    assert [log["server"] for log in logs] == [1]


async def keep_everything(storage: Storage, server: int, question: int) -> None:
    await storage.servers.set(server, FULL)
    asked = AskedQuestion(question, server, NOW, "why?", Outcome.ANSWERED, 0.9)
    await storage.questions.keep(asked, 7)
    await storage.questions.vote(question, 8, True)
    await storage.audit.record(server, 9, "set", "language", NOW)


async def test_a_servers_data_are_deleted_some_time_after_the_bot_was_removed(
    storage: Storage,
) -> None:
    """Settings, questions, votes and audit entries; nothing of other servers."""
    for number, server in enumerate((11, 12, 13)):
        await keep_everything(storage, server, number)
    await storage.servers.left(11, NOW)
    await storage.servers.left(12, NOW + timedelta(days=2))
    await storage.servers.left(99, NOW)
    assert await storage.servers.purge_departed(NOW + timedelta(days=1)) == [11, 99]
    assert await storage.servers.purge_departed(NOW + timedelta(days=1)) == []
    assert {12, 13} == set(await storage.servers.all())
    for server, kept in ((11, 0), (12, 1), (13, 1)):
        days = await storage.questions.counts_by_day(server, NOW)
        assert kept == sum(day.asked for day in days) == sum(day.right for day in days)
        assert kept == len(await storage.audit.latest(server, 9))
    assert await storage.questions.own_vote(0, 8) is None


async def test_a_server_that_takes_the_bot_back_keeps_its_settings(storage: Storage) -> None:
    """Leaving again starts the time again."""
    await keep_everything(storage, 11, 1)
    await storage.servers.left(11, NOW)
    await storage.servers.returned(11)
    await storage.servers.returned(12)
    assert await storage.servers.purge_departed(NOW + timedelta(days=99)) == []
    await storage.servers.left(11, NOW + timedelta(days=100))
    assert await storage.servers.purge_departed(NOW + timedelta(days=99)) == []
    assert await storage.servers.get(11) == FULL


async def test_leaving_twice_counts_from_the_first_time(storage: Storage) -> None:
    """A restart that finds the bot removed does not postpone the deletion."""
    await storage.servers.left(11, NOW)
    await storage.servers.left(11, NOW + timedelta(days=5))
    assert await storage.servers.purge_departed(NOW + timedelta(days=1)) == [11]


async def test_servers_with_any_stored_data_are_known(storage: Storage) -> None:
    """Until they are left; direct messages are no server."""
    await storage.servers.set(1, FULL)
    for number, server in ((20, 2), (21, 2), (22, None)):
        asked = AskedQuestion(number, server, NOW, "why?", Outcome.ANSWERED, 0.9)
        await storage.questions.keep(asked, 7)
    await storage.audit.record(3, 9, "reload", "", NOW)
    await storage.audit.record(None, 9, "reload", "", NOW)
    await keep_everything(storage, 4, 4)
    await storage.servers.left(4, NOW)
    assert {1, 2, 3} == await storage.servers.known()
    await storage.servers.returned(4)
    assert {1, 2, 3, 4} == await storage.servers.known()

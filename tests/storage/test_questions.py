"""Questions and votes: kept, counted, forgotten."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.models import Outcome
from bot.storage.connections import StorageError
from bot.storage.database import Storage
from bot.storage.members import hash_member_id
from bot.storage.questions import AskedQuestion, DeletedCounts, Vote
from bot.storage.tables import questions, votes

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ASKER, OTHER = 2**63 - 1, 8


def asked(number: int = 1, at: datetime = NOW, server: int | None = 5) -> AskedQuestion:
    return AskedQuestion(
        number, server, at, "Who said it?", Outcome.CLOSEST, 0.5, 2**42 - 1, language="es"
    )


async def counts(storage: Storage) -> tuple[int, int]:
    """Return how many questions and votes are kept."""
    async with storage.questions._connections.reading() as connection:
        kept = [
            len((await connection.execute(select(table))).all()) for table in (questions, votes)
        ]
    return kept[0], kept[1]


async def test_a_question_is_stored_with_the_hash_of_its_asker(
    storage: Storage, key_file: Path
) -> None:
    """Including the largest ids that Discord and keys can have."""
    question = asked(2**53 - 1)
    await storage.questions.keep(question, ASKER)
    async with storage.questions._connections.reading() as connection:
        row = (await connection.execute(select(questions))).one()
    member = row.member
    assert hash_member_id(key_file.read_bytes(), ASKER) == member
    assert (
        AskedQuestion(
            row.id,
            row.server,
            row.asked_at,
            row.text,
            Outcome(row.outcome),
            row.probability,
            row.quoted,
            row.language,
        )
        == question
    )


async def test_ids_of_questions_are_unique(storage: Storage) -> None:
    """The second question is refused."""
    await storage.questions.keep(asked(), ASKER)
    with pytest.raises(StorageError):
        await storage.questions.keep(asked(server=6), ASKER)
    assert await counts(storage) == (1, 0)


async def test_a_question_is_known_only_where_it_was_asked(storage: Storage) -> None:
    """In its server, or outside servers."""
    await storage.questions.keep(asked(1, server=5), ASKER)
    await storage.questions.keep(asked(2, server=None), ASKER)
    known = [
        (server, number)
        for server in (5, 6, None)
        for number in (1, 2, 3)
        if await storage.questions.is_asked_in(server, number)
    ]
    assert known == [(5, 1), (None, 2)]


async def test_a_vote_can_be_changed_and_returns_the_earlier_one(storage: Storage) -> None:
    """One vote per member and question."""
    await storage.questions.keep(asked(), ASKER)
    vote = storage.questions.vote
    assert await storage.questions.own_vote(1, OTHER) is None
    assert Vote(True) == await vote(1, OTHER, True)
    assert Vote(True, before=True) == await vote(1, OTHER, True)
    assert Vote(False, before=True) == await vote(1, OTHER, False)
    assert Vote(False) == await storage.questions.own_vote(1, OTHER)
    assert await storage.questions.own_vote(1, ASKER) is None
    assert await counts(storage) == (1, 1)


async def test_an_expected_answer_belongs_to_a_vote_for_wrong(storage: Storage) -> None:
    """It is deleted with it, and cut at a thousand characters."""
    await storage.questions.keep(asked(), ASKER)
    expect = storage.questions.expect
    assert await expect(1, OTHER, "  the second post \n")
    assert Vote(False, "the second post") == await storage.questions.own_vote(1, OTHER)
    assert Vote(False, "the second post", before=False) == await storage.questions.vote(
        1, OTHER, False
    )
    assert Vote(True, None, before=False) == await storage.questions.vote(1, OTHER, True)
    assert await expect(1, OTHER, "x" * 2_000)
    assert Vote(False, "x" * 1_000) == await storage.questions.own_vote(1, OTHER)
    assert await expect(1, OTHER, " ")
    assert Vote(False) == await storage.questions.own_vote(1, OTHER)


async def test_a_question_that_is_gone_cannot_be_voted_on(storage: Storage) -> None:
    """A button may outlive it."""
    assert await storage.questions.vote(1, OTHER, True) is None
    assert not await storage.questions.expect(1, OTHER, "something")
    assert await counts(storage) == (0, 0)


async def test_simultaneous_votes_all_count_once(storage: Storage) -> None:
    """Of many members, and of one who clicks repeatedly."""
    await storage.questions.keep(asked(), ASKER)
    cast = [storage.questions.vote(1, member, True) for member in [*range(1, 13), *[1] * 12]]
    given = await asyncio.gather(*cast)
    assert sum(vote is not None and vote.before is None for vote in given) == 12
    assert await counts(storage) == (1, 12)


async def test_forgetting_a_member_deletes_their_questions_and_votes(storage: Storage) -> None:
    """With everyone's votes on these questions; nothing else."""
    for number, member in ((1, ASKER), (2, ASKER), (3, OTHER)):
        await storage.questions.keep(asked(number), member)
    for number, member in ((1, ASKER), (3, ASKER), (1, OTHER), (3, OTHER)):
        await storage.questions.vote(number, member, True)
    assert DeletedCounts(questions=2, votes=2) == await storage.questions.forget(ASKER)
    assert await counts(storage) == (1, 1)
    assert Vote(True) == await storage.questions.own_vote(3, OTHER)
    assert DeletedCounts(0, 0) == await storage.questions.forget(ASKER)


async def test_voting_and_forgetting_at_once_do_not_deadlock(storage: Storage) -> None:
    for number in range(12):
        await storage.questions.keep(asked(number), ASKER if number % 2 else OTHER)
    work = [storage.questions.vote(n, m, True) for n in range(12) for m in (ASKER, OTHER)]
    await asyncio.gather(*work, storage.questions.forget(ASKER), storage.questions.forget(OTHER))
    await storage.questions.forget(ASKER)
    await storage.questions.forget(OTHER)
    assert await counts(storage) == (0, 0)


async def test_old_questions_are_deleted_with_their_votes(storage: Storage) -> None:
    """To the second."""
    limit = NOW - timedelta(days=30)
    await storage.questions.keep(asked(1, limit - timedelta(seconds=1)), ASKER)
    await storage.questions.keep(asked(2, limit), ASKER)
    for number in (1, 2):
        await storage.questions.vote(number, OTHER, True)
    assert await storage.questions.purge(NOW) == 1
    assert await counts(storage) == (1, 1)
    assert await storage.questions.own_vote(2, OTHER) is not None


async def test_with_0_days_nothing_is_stored(storage: Storage, url: str, key_file: Path) -> None:
    """Nor can anybody vote on older questions."""
    await storage.questions.keep(asked(1), ASKER)
    none = await Storage.open(url, key_file, days=0)
    await none.questions.keep(asked(2), ASKER)
    assert await none.questions.vote(1, OTHER, True) is None
    assert not await none.questions.expect(1, OTHER, "something")
    assert await counts(none) == (1, 0)
    assert await none.questions.purge(NOW + timedelta(seconds=1)) == 1
    assert await counts(none) == (0, 0)
    await none.close()


@pytest.mark.parametrize("how", ["forget", "purge"])
async def test_what_is_deleted_is_not_left_in_the_files(
    tmp_path: Path, key_file: Path, how: str
) -> None:
    """Neither in the database's own pages nor in its log."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'own.db'}"
    storage = await Storage.open(url, key_file, days=30)
    words = "Where is the unmistakable ferry?"
    question = AskedQuestion(1, 5, NOW, words, Outcome.NOT_COVERED, 0.1)
    try:
        await storage.questions.keep(question, ASKER)
        assert any(words.encode() in file.read_bytes() for file in tmp_path.glob("own.db*"))
        if how == "forget":
            await storage.questions.forget(ASKER)
        else:
            await storage.questions.purge(NOW + timedelta(days=31))
        assert not any(words.encode() in file.read_bytes() for file in tmp_path.glob("own.db*"))
        await storage.questions.keep(question, ASKER)
    finally:
        await storage.close()

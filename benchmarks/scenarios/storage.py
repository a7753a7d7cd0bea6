"""The database is locked, full, broken, slow, gone, or comes back."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import event
from sqlalchemy.engine import Engine

from benchmarks.scenarios import postgres
from benchmarks.scenarios.in_process import InProcess, in_process
from benchmarks.scenarios.registry import scenario
from benchmarks.standin.exchanges import Exchange
from bot.errors import VerbatimError
from bot.storage.database import Storage
from bot.storage.questions import Questions

NOT_KEPT = "not kept"
QUICKLY = 5.0
"""Seconds within which an answer must come, whatever the database does."""


async def _answered_quickly(stage: InProcess, exchanges: tuple[Exchange, ...]) -> None:
    """Check that answers do not wait for the database."""
    for exchange in exchanges:
        await exchange.answer_text()
    slowest = max(exchange.seconds for exchange in exchanges)
    stage.figures["slowest answer"] = f"{slowest:.2f} s"
    stage.expect(slowest < QUICKLY, "an answer waited for the database")


@scenario("storage", says="locked", quick=False)
async def database_locked(stage: InProcess) -> None:
    """Another program holds the database for longer than the bot waits."""
    with closing(sqlite3.connect(stage.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await _answered_quickly(stage, await stage.both())
        await stage.service.question_log.settle()
        other.execute("ROLLBACK")


@scenario("storage", quick=False)
async def database_locked_for_a_moment(stage: InProcess) -> None:
    """Another program holds the database for a second: the questions are kept then."""
    with closing(sqlite3.connect(stage.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await _answered_quickly(stage, await stage.both())
        await asyncio.sleep(1)
        other.execute("ROLLBACK")
    await stage.service.question_log.settle()
    stage.figures["kept"] = stage.questions_kept()
    stage.expect(stage.questions_kept() == 2, "a question was lost")


@scenario("storage", says=f"{NOT_KEPT}.*full", quick=False)
async def disk_full(stage: InProcess) -> None:
    """There is no room for another question, and later there is."""
    await stage.both()
    await stage.settle()

    def no_room(connection: Any, _: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA max_page_count = 1")
        cursor.close()

    event.listen(Engine, "connect", no_room)
    await stage.service.storage._connections._engine.dispose()
    try:
        text = "Who was the engineer of the harbour light? " * 20
        for _ in range(20):
            await stage.mention(text)
        await stage.settle()
    finally:
        event.remove(Engine, "connect", no_room)
        await stage.service.storage._connections._engine.dispose()
    before = stage.questions_kept()
    await stage.both()
    await stage.settle()
    stage.expect(stage.questions_kept() == before + 2, "nothing is kept once there is room again")
    stage.figures["kept"] = f"{stage.questions_kept()} of {len(stage.asked)}"


@scenario("storage", says=NOT_KEPT, corrupts=True, quick=False)
async def database_corrupted_meanwhile(stage: InProcess) -> None:
    """Something writes over the database while the bot runs."""
    await stage.both()
    await stage.settle()
    await stage.service.storage._connections._engine.dispose()
    _overwrite(stage.database)
    await _answered_quickly(stage, await stage.both())


@scenario("storage", corrupts=True)
async def database_corrupted_before_the_start(stage: InProcess) -> None:
    """The bot does not start, says why in a line, and leaves the file alone."""
    broken = stage.folder / "broken.db"
    broken.write_bytes(stage.database.read_bytes())
    _overwrite(broken)
    before = broken.read_bytes()
    try:
        await Storage.open(f"sqlite+aiosqlite:///{broken}", stage.folder / "verbatim.key", days=90)
        stage.problems.append("a broken database is opened")
    except VerbatimError as error:
        stage.figures["it says"] = str(error).removeprefix(str(stage.folder))
        stage.expect("\n" not in str(error), "more than a line")
    stage.expect(broken.read_bytes() == before, "the file was changed")


def _overwrite(database: Path) -> None:
    """Write over all but the first bytes of a database, and drop its log."""
    for suffix in ("-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
    size = database.stat().st_size
    database.write_bytes(database.read_bytes()[:100] + b"\xa5" * (size - 100))


@scenario("storage", says=NOT_KEPT, corrupts=True, quick=False)
async def database_gone(stage: InProcess) -> None:
    """The database's folder is removed while the bot runs."""
    await stage.service.storage._connections._engine.dispose()
    for file in stage.folder.glob("verbatim.db*"):
        file.unlink()
    await _answered_quickly(stage, await stage.both())


@scenario("storage", says="the storage is slow", quick=False)
async def database_slow(stage: InProcess) -> None:
    """Each question takes six seconds to write."""
    keep = Questions.keep

    async def slowly(*args: Any) -> None:
        await asyncio.sleep(6)
        await keep(*args)

    with patch.object(Questions, "keep", slowly):
        await _answered_quickly(stage, await stage.both())
        await stage.service.question_log.settle()
    stage.figures["kept"] = stage.questions_kept()


if postgres.INSTALLED:
    import asyncpg

    @scenario("storage", says=NOT_KEPT, set_up=partial(in_process, on_postgres=True), quick=False)
    async def postgresql_killed_and_back(stage: InProcess) -> None:
        """The server is killed, and started again: no restart of the bot is needed."""
        await stage.both()
        await stage.settle()
        if stage.postgres is None:
            return
        stage.postgres.kill()
        await _answered_quickly(stage, await stage.both())
        await stage.service.question_log.settle()
        stage.postgres.start()
        await stage.both()
        await stage.settle()
        stage.figures["kept"] = f"{await _kept(stage)} of {len(stage.asked)}"

    @scenario("storage", says=NOT_KEPT, set_up=partial(in_process, on_postgres=True), quick=False)
    async def postgresql_read_only(stage: InProcess) -> None:
        """Another server takes over, and is a standby that cannot be written yet."""
        await _while_changed(stage, "default_transaction_read_only=on")

    @scenario("storage", says=NOT_KEPT, set_up=partial(in_process, on_postgres=True), quick=False)
    async def postgresql_without_free_connections(stage: InProcess) -> None:
        """Other programs have taken all connections that the server allows."""
        await _while_changed(stage, "max_connections=4", "superuser_reserved_connections=0")

    async def _while_changed(stage: InProcess, *settings: str) -> None:
        """Ask while PostgreSQL runs with other settings and little room, and again afterwards."""
        if stage.postgres is None:
            return
        server, url = stage.postgres, stage.postgres.url.replace("+asyncpg", "")
        await stage.both()
        await stage.settle()
        server.kill()
        server.start(*settings)
        others = await _all_connections(url) if "max_connections=4" in settings else []
        await _answered_quickly(stage, await stage.both())
        await stage.service.question_log.settle()
        for other in others:
            await other.close()
        server.kill()
        server.start()
        await stage.both()
        await stage.settle()
        kept = await _kept(stage)
        stage.figures["kept"] = f"{kept} of {len(stage.asked)}"
        stage.expect(kept >= 4, "nothing is kept afterwards")

    async def _all_connections(url: str) -> list[Any]:
        """Open connections until there are four, and end those of others."""
        others: list[Any] = []
        while len(others) < 4:
            try:
                others.append(await asyncpg.connect(url))
            except asyncpg.TooManyConnectionsError:
                await others[0].execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE backend_type = 'client backend' AND pid <> ALL($1)",
                    [other.get_server_pid() for other in others],
                )
        return others

    async def _kept(stage: InProcess) -> int:
        days = await stage.service.storage.questions.counts_by_day(
            int(stage.server["id"]), stage.service.now().replace(year=2000)
        )
        return sum(day.asked for day in days)

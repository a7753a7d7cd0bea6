"""Keeps questions for curators' reports, in the background: no answer waits for the storage."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from time import monotonic

import structlog

from bot.models import Answer
from bot.storage.connections import StorageError
from bot.storage.database import Storage
from bot.storage.questions import AskedQuestion

_ID_BITS = 53
SLOW = 2.0
"""Seconds that storing may take until the log says so; no answer waits for it."""

MAX_WAITING = 500
"""Questions waiting to be written; if the storage is so slow, further ones are not kept."""

PAUSE = 0.25
"""Seconds from one write to the next, if questions came meanwhile: a transaction costs as much as half an answer."""

MOST_TOGETHER = 100
"""So many questions are written at once, without a pause."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.records")


def new_id() -> int:
    """A random number that identifies a question in the log and the database, and reveals nothing."""
    return secrets.randbits(_ID_BITS)


class QuestionLog:
    """Keeps questions with their outcomes. If the storage fails, answers are sent all the same.

    What is asked while the storage writes is written together a moment after that, in one transaction,
    or at once if somebody waits for it: so many questions cost little more than one.
    """

    def __init__(
        self,
        storage: Storage,
        now: Callable[[], datetime],
        on_loss: Callable[[], object] = int,
        pause: float = PAUSE,
    ) -> None:
        """`on_loss` is called for each question that cannot be stored; `pause` as PAUSE."""
        self._storage = storage
        self._now = now
        self._next: list[tuple[AskedQuestion, int]] = []
        """Questions that are written together, once those before them are."""
        self._writing: dict[int, asyncio.Task[None]] = {}
        """What writes a question, by its id."""
        self._writer: asyncio.Task[None] | None = None
        """What writes the last questions."""
        self._wanted = asyncio.Event()
        """Set where the next questions are to be written without a pause."""
        self._deleting: set[asyncio.Task[None]] = set()
        self._on_loss = on_loss
        self._pause = pause

    def keep(self, answer: Answer, server: int | None, member_id: int) -> int | None:
        """Keep a question; return the id that votes refer to, None if it is not kept."""
        if not self._storage.keeps_questions:
            return None
        if len(self._writing) >= MAX_WAITING:
            _log.warning("a question was not kept: the storage is too slow")
            self._on_loss()
            return None
        question = AskedQuestion(
            answer.id or new_id(),
            server,
            self._now(),
            answer.question,
            answer.outcome,
            answer.probability,
            answer.hits[0].passage.key if answer.hits else None,
            answer.language,
        )
        if not self._next:
            before = self._writer if self._writing else None
            self._writer = asyncio.create_task(self._write_next(before))
        if self._writer is not None:
            self._writing[question.id] = self._writer
        self._next.append((question, member_id))
        if len(self._next) >= MOST_TOGETHER:
            self._wanted.set()
        return question.id

    def withdraw(self, question: int) -> None:
        """Delete a question and its votes, because it has been edited."""
        task = asyncio.create_task(self._delete(question))
        self._deleting.add(task)
        task.add_done_callback(self._deleting.discard)

    async def _delete(self, question: int) -> None:
        await self.written(question)
        try:
            await self._storage.questions.withdraw(question)
        except StorageError as error:
            _log.warning("an edited question was not deleted", reason=str(error))
        except Exception:  # nobody waits for it who could be told
            _log.exception("an edited question was not deleted")

    async def written(self, *questions: int) -> None:
        """Wait until these questions are written; without arguments, all that were asked so far."""
        chosen = questions or tuple(self._writing)
        if writing := {self._writing[one] for one in chosen if one in self._writing}:
            self._wanted.set()
            await asyncio.wait(writing)

    async def _write_next(self, before: asyncio.Task[None] | None) -> None:
        """Write the next questions together, after what was begun `before`."""
        if before is not None:
            await asyncio.wait([before])
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pause):
                    await self._wanted.wait()
            self._wanted.clear()
        batch, self._next = self._next, []
        began = monotonic()
        try:
            if len(batch) == 1 or not await self._is_written(batch):
                for question, member_id in batch:
                    await self._write(question, member_id)
        finally:  # of what a cancelled write leaves behind, nothing may be waited for
            for question, _ in batch:
                if self._writing.get(question.id) is asyncio.current_task():
                    del self._writing[question.id]
        if (seconds := monotonic() - began) >= SLOW:
            _log.warning("the storage is slow", seconds=round(seconds, 1), questions=len(batch))

    async def _is_written(self, batch: list[tuple[AskedQuestion, int]]) -> bool:
        """Write questions together, if nothing is wrong with any of them."""
        try:
            await self._storage.questions.keep_all(batch)
        except StorageError as error:
            _log.warning("questions were not kept", reason=str(error), questions=len(batch))
            for _ in batch:
                self._on_loss()
        except Exception:  # one may be to blame: each is tried by itself
            return False
        return True

    async def _write(self, question: AskedQuestion, member_id: int) -> None:
        try:
            await self._storage.questions.keep(question, member_id)
        except StorageError as error:
            _log.warning("a question was not kept", reason=str(error))
            self._on_loss()
        except Exception:  # nobody waits for it who could be told
            _log.exception("a question was not kept")
            self._on_loss()

    @property
    def waiting(self) -> int:
        """How many questions wait to be written."""
        return len(self._writing)

    async def settle(self) -> None:
        """Wait until everything asked so far is written or deleted."""
        while running := {t for t in (*self._writing.values(), *self._deleting) if not t.done()}:
            self._wanted.set()
            await asyncio.wait(running)

"""Questions → vectors, within bounds: few at a time, for so long, and never with an error."""

from __future__ import annotations

import logging
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass
from time import monotonic
from typing import Literal

from bot.search.embedding.embedder import Embedder, Floats

WAITING = 32
"""Questions that are with the model or in its queue: the next one waits until one has left."""

REMEMBERED = 512
"""Vectors of questions kept in memory."""

Stage = Literal["queue", "model"]
"""Where a question was when its time was over: waiting for its turn, or being worked on."""

_log = logging.getLogger("verbatim.meaning")


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """How long a question waits for its vectors, by which clock."""

    seconds: float | None = None
    """From the moment it is asked on; None: as long as it takes."""
    clock: Callable[[], float] = monotonic

    def deadline(self) -> float | None:
        """Return the time until which a question that is asked now waits."""
        return None if self.seconds is None else self.clock() + self.seconds

    def left(self, deadline: float | None) -> float | None:
        """Return the seconds left until `deadline`, 0 at least; None: any number."""
        return None if deadline is None else max(deadline - self.clock(), 0.0)


class QuestionEmbedder:
    """Vectors of questions, from one thread and a memory of the last ones. Safe between threads."""

    def __init__(self, embedder: Embedder, time_limit: TimeLimit | None = None) -> None:
        """`patience`: how long each question waits; without it as long as it takes."""
        self._embedder = embedder
        self._time_limit = time_limit or TimeLimit()
        self._remembered: OrderedDict[str, Floats] = OrderedDict()
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(WAITING)
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="meaning")
        self._given_up: Counter[Stage] = Counter()

    @property
    def seconds(self) -> float | None:
        """Return how long a question waits; None: as long as it takes."""
        return self._time_limit.seconds

    @property
    def given_up(self) -> Mapping[Stage, int]:
        """Return how many questions went without their vectors for want of time, by stage."""
        return dict(self._given_up)

    def begin(self, texts: Sequence[str], question: int = 0) -> Callable[[], list[Floats] | None]:
        """Begin with the vectors of `texts`, and return what waits for them.

        That returns (D,) unit vectors; None if they are not there in time, or the model fails. The
        log then names `question`, an id, and never its text.
        """
        deadline = self._time_limit.deadline()
        with self._lock:
            known = {text: self._remembered[text] for text in texts if text in self._remembered}
        missing = list(dict.fromkeys(text for text in texts if text not in known))
        begun = self._submit(missing) if missing and self._places.acquire(blocking=False) else None

        def vectors() -> list[Floats] | None:
            if missing:
                made = self._made(missing, begun, deadline, question)
                if made is None:
                    return None
                known.update(made)
            return self._remember(texts, known)

        return vectors

    def _remember(self, texts: Sequence[str], known: Mapping[str, Floats]) -> list[Floats]:
        with self._lock:
            for text in texts:
                self._remembered[text] = known[text]
                self._remembered.move_to_end(text)
            while len(self._remembered) > REMEMBERED:
                self._remembered.popitem(last=False)
        return [known[text] for text in texts]

    def _submit(self, texts: list[str]) -> Future[Floats]:
        """Queue `texts`, for which there is a place: it is free again when they are done."""
        work: Future[Floats] = self._worker.submit(self._embedder.questions, texts)
        work.add_done_callback(lambda done: self._leave(texts, done))
        return work

    def _leave(self, texts: list[str], done: Future[Floats]) -> None:
        """Make room; vectors that came too late are there for who asks the same again."""
        self._places.release()
        if not done.cancelled() and done.exception() is None:
            self._remember(texts, dict(zip(texts, done.result(), strict=True)))

    def _made(
        self, texts: list[str], work: Future[Floats] | None, deadline: float | None, question: int
    ) -> dict[str, Floats] | None:
        if work is None and self._places.acquire(timeout=self._time_limit.left(deadline)):
            work = self._submit(texts)
        if work is None:
            self._give_up("queue", question)
            return None
        try:
            return dict(zip(texts, work.result(self._time_limit.left(deadline)), strict=True))
        except TooLate:
            self._give_up("queue" if work.cancel() else "model", question)
        # A model is somebody else's code: whatever it raises, there is an answer without it.
        except Exception:
            _log.exception("the model failed: answered by words alone (question %d)", question)
        return None

    def _give_up(self, stage: Stage, question: int) -> None:
        with self._lock:
            self._given_up[stage] += 1
            total = self._given_up.total()
        seconds = self._time_limit.seconds
        _log.warning(
            "question %d answered by words alone: no vectors within %g s (search.semantic.wait), it"
            " was in the %s; %d given up so far",
            question, seconds, stage, total,
            extra={"question": question, "limit": seconds, "stage": stage, "given_up": total},
        )  # fmt: skip

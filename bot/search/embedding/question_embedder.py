"""Questions → vectors, with a bounded queue, a time limit, and no errors for the caller."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass
from time import monotonic
from typing import Literal

from bot.operations.error_lines import in_one_line
from bot.operations.event_log import EventLogger
from bot.search.embedding.embedder import Embedder, Floats

WAITING = 32
"""Questions with the model or in its queue; the next one waits until one is done."""

REMEMBERED = 512
"""Questions whose vectors are cached, the most recent ones."""

Stage = Literal["queue", "model"]
"""Where a question was when its time was up: still queued, or with the model."""

_log = EventLogger("verbatim.meaning")


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """How long a question waits for its vectors, and by which clock."""

    seconds: float | None = None
    """From the start of the question; None: as long as it takes."""
    clock: Callable[[], float] = monotonic

    def deadline(self) -> float | None:
        """When a question that starts now stops waiting, by the clock."""
        return None if self.seconds is None else self.clock() + self.seconds

    def left(self, deadline: float | None) -> float | None:
        """The seconds left until `deadline`, not below 0; None for no limit."""
        return None if deadline is None else max(deadline - self.clock(), 0.0)


def _digest_of(text: str) -> bytes:
    """Hash a question."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


class QuestionEmbedder:
    """Embeds questions in one thread of its own and caches the last ones. Thread-safe."""

    def __init__(self, embedder: Embedder, time_limit: TimeLimit | None = None) -> None:
        """`time_limit`: how long each question waits; without it as long as it takes."""
        self._embedder = embedder
        self._time_limit = time_limit or TimeLimit()
        self._remembered: OrderedDict[bytes, Floats] = OrderedDict()
        """By a hash of the text: what was asked stays in no memory."""
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(WAITING)
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="meaning")
        self._given_up: Counter[Stage] = Counter()

    @property
    def seconds(self) -> float | None:
        """How long a question waits; None: as long as it takes."""
        return self._time_limit.seconds

    @property
    def given_up(self) -> Mapping[Stage, int]:
        """How many questions timed out, by stage."""
        return dict(self._given_up)

    def begin(self, texts: Sequence[str], question: int = 0) -> Callable[[], list[Floats] | None]:
        """Start to embed `texts`; the function that comes back waits for their (D,) unit vectors.

        It returns None if they are not there in time or the model fails. The log then names
        `question`, an id, and never its text.
        """
        deadline = self._time_limit.deadline()
        hashed = {text: _digest_of(text) for text in texts}
        with self._lock:
            known = {
                text: self._remembered[digest]
                for text, digest in hashed.items()
                if digest in self._remembered
            }
        missing = list(dict.fromkeys(text for text in texts if text not in known))
        begun = self._submit(missing) if missing and self._places.acquire(blocking=False) else None

        def vectors() -> list[Floats] | None:
            if missing:
                made = self._wait_for(missing, begun, deadline, question)
                if made is None:
                    return None
                known.update(made)
            return self._remember(texts, known)

        return vectors

    def _remember(self, texts: Sequence[str], known: Mapping[str, Floats]) -> list[Floats]:
        with self._lock:
            for text in texts:
                digest = _digest_of(text)
                self._remembered[digest] = known[text]
                self._remembered.move_to_end(digest)
            while len(self._remembered) > REMEMBERED:
                self._remembered.popitem(last=False)
        return [known[text] for text in texts]

    def _submit(self, texts: list[str]) -> Future[Floats]:
        """Queue `texts`; the caller has acquired their place, which is released when they are done."""
        work: Future[Floats] = self._worker.submit(self._embedder.questions, texts)
        work.add_done_callback(lambda done: self._leave(texts, done))
        return work

    def _leave(self, texts: list[str], done: Future[Floats]) -> None:
        """Release the place; vectors that came too late are cached for the same question."""
        self._places.release()
        if not done.cancelled() and done.exception() is None:
            self._remember(texts, dict(zip(texts, done.result(), strict=True)))

    def _wait_for(
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
        # A model is third-party code: whatever it raises, the question is answered without it.
        except Exception as error:
            _log.error(
                "answered by words alone: the embedding model failed",
                question=question,
                reason=in_one_line(error),
            )
        return None

    def _give_up(self, stage: Stage, question: int) -> None:
        with self._lock:
            self._given_up[stage] += 1
            total = self._given_up.total()
        _log.warning(
            "answered by words alone: no vectors within search.semantic.wait",
            question=question,
            stage=stage,
            limit=self._time_limit.seconds,
            given_up=total,
        )

"""Questions → vectors, within bounds: few at a time, not for long, and never with an error."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate

from bot.retrieval.meaning.embedder import Embedder, Floats

SECONDS = 1.0
"""After which a question is answered without its vector."""

WAITING = 8
"""Questions that may wait for the model: the next one is answered without it."""

REMEMBERED = 512
"""Vectors of questions kept in memory."""

_log = logging.getLogger("verbatim.meaning")


class QuestionVectors:
    """Vectors of questions, from one thread and a memory of the last ones. Safe between threads."""

    def __init__(self, embedder: Embedder, *, seconds: float = SECONDS) -> None:
        self._embedder = embedder
        self._seconds = seconds
        self._remembered: OrderedDict[str, Floats] = OrderedDict()
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(WAITING)
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="meaning")

    def begin(self, texts: Sequence[str]) -> Callable[[], list[Floats] | None]:
        """Begin with the vectors of `texts`, and return what waits for them.

        That returns (D,) unit vectors; None if the model is too busy, too slow or fails.
        """
        with self._lock:
            known = {text: self._remembered[text] for text in texts if text in self._remembered}
        missing = list(dict.fromkeys(text for text in texts if text not in known))
        work = self._submit(missing) if missing else None

        def vectors() -> list[Floats] | None:
            if missing:
                made = None if work is None else self._made(missing, work)
                if made is None:
                    return None
                known.update(made)
            return self._remember(texts, known)

        return vectors

    def _remember(self, texts: Sequence[str], known: dict[str, Floats]) -> list[Floats]:
        with self._lock:
            for text in texts:
                self._remembered[text] = known[text]
                self._remembered.move_to_end(text)
            while len(self._remembered) > REMEMBERED:
                self._remembered.popitem(last=False)
        return [known[text] for text in texts]

    def _submit(self, texts: list[str]) -> Future[Floats] | None:
        if not self._places.acquire(blocking=False):
            _log.warning("the model is too busy: answered without it")
            return None
        work: Future[Floats] = self._worker.submit(self._embedder.questions, texts)
        work.add_done_callback(lambda _: self._places.release())
        return work

    def _made(self, texts: list[str], work: Future[Floats]) -> dict[str, Floats] | None:
        try:
            return dict(zip(texts, work.result(self._seconds), strict=True))
        except TooLate:
            work.cancel()
            _log.warning("the model takes too long: answered without it")
        # A model is somebody else's code: whatever it raises, there is an answer without it.
        except Exception:
            _log.exception("the model failed: answered without it")
        return None

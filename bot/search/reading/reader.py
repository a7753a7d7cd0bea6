"""The reader: a cross-encoder, a small network that takes a question and passages together.

For each passage it gives the logit that this one answers less that of none answering, and for each token the logits that the
answer starts and ends there. docs/reader.md is its model card; `training/` trains it.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from bot import telemetry
from bot.installation import install_command
from bot.operations.event_log import EventLogger
from bot.search.reading.answer_span import AnswerSpan
from bot.search.reading.layout import (
    SENTENCE_TOKENS,
    SPECIAL_TOKENS,
    Layout,
    laid_out,
    question_tokens,
    size_of,
)
from bot.search.reading.planning import BUDGET, WINDOW, windows_for

if TYPE_CHECKING:
    from tokenizers import Encoding

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]
Provider = Literal["auto", "on", "off"]

DATA = Path(__file__).parent / "data"
WEIGHTS, TOKENIZER = "reader.onnx", "tokenizer.json"
THREADS = 2
"""Threads for one question, on a machine with so many cores."""
_REMEMBERED_WINDOWS = 256
_REMEMBERED_PASSAGES = 4096

_log = EventLogger("verbatim.reading")


class ReaderError(Exception):
    """The reader cannot be used; the message is one line that says why and what to do."""


@dataclass(frozen=True, slots=True, eq=False)
class ReaderScores:
    """The reader's output for N passages."""

    passages: Rows
    """(N,) passage numbers, ascending."""
    margins: Floats
    """(N,) logit of "this one answers" less that of "none does"; the maximum over its windows."""
    ends: tuple[Floats, ...]
    """N of (T, 2): for each token read, the logits that the answer starts and ends there."""

    def of(self, passages: Rows) -> Floats:
        """(C,) the margins of `passages`; NaN for those that were not read."""
        found = np.full(len(passages), np.nan, np.float32)
        if len(self.passages):
            at = self.passages.searchsorted(passages).clip(max=len(self.passages) - 1)
            read = self.passages[at] == passages
            found[read] = self.margins[at[read]]
        return found

    def span_logits(self, passage: int) -> Floats | None:
        """(T, 2) the logits of an answer's start and end in `passage`; None if it was not read."""
        at = int(self.passages.searchsorted(passage))
        return self.ends[at] if at < len(self.passages) and self.passages[at] == passage else None


class Reader:
    """The network with its tokenizer. Thread-safe."""

    def __init__(self, folder: Path = DATA, threads: int = THREADS) -> None:
        """Load the network in `folder`.

        Raises:
            ReaderError: it, or what runs it, is not there or does not run on this machine.

        """
        telemetry.switch_off()
        try:
            import onnxruntime  # noqa: PLC0415 - an extra
            from tokenizers import Tokenizer  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise ReaderError(
                f"{error.name} is not installed: {install_command('semantic')}"
            ) from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = max(1, min(threads, os.cpu_count() or 1))
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # A waiting thread must not spin: that would take a core from the event loop.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session = (
                onnxruntime.InferenceSession(  # by path, since it would keep a copy of bytes
                    folder / WEIGHTS, options, providers=["CPUExecutionProvider"]
                )
            )
            tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
            self.digest = digest_of(folder / WEIGHTS)
        # onnxruntime and tokenizers may raise anything; the bot works without a reader.
        except Exception as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise ReaderError(
                f"the reader in {folder} cannot be loaded ({reason}): fetch that folder again, or set"
                " `search.reader` to off"
            ) from error
        self.name = f"reader-{self.digest[:12]}"
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._encode_question: Callable[[str], Encoding] = partial(
            tokenizer.encode, add_special_tokens=False
        )
        self._encode_passage = lru_cache(_REMEMBERED_PASSAGES)(self._encode_question)
        self._windows: OrderedDict[bytes, tuple[Floats, Floats]] = OrderedDict()
        """What was read last, by a hash of the window: what was asked stays in no memory."""
        self._lock = threading.Lock()

    def read(
        self,
        question: str,
        before: str | None,
        order: Iterable[int],
        text_of: Callable[[int], str],
        stretch_of: Callable[[int], range],
        everything: range | None,
        budget: int = BUDGET,
    ) -> ReaderScores | None:
        """Read the passages that `planning` chooses; None if the network fails, which is logged.

        `before`: the previous question, if this one is a follow-up; `order`: the candidates' numbers, best
        first; `stretch_of`: the passages of a passage's source that may be read; `everything`: all passages
        that may be read, None if they are in several languages; `budget`: the most tokens of passages.
        """
        sizes = lru_cache(None)(lambda number: size_of(self._tokens(text_of(number))))
        try:
            earlier = self._encode_question(before).ids if before else None
            asked = question_tokens(self._encode_question(question).ids, earlier)
            room = WINDOW - len(asked) - SPECIAL_TOKENS
            windows = windows_for(order, sizes, stretch_of, everything, room, budget)
            return self._merged(asked, windows, text_of)
        # Network and tokenizer are third-party code: whatever they raise, the question is answered without them.
        except Exception:
            _log.exception("the reader failed: answered without it")
            return None

    def answer_span(self, text: str, logits: Floats) -> AnswerSpan | None:
        """Interpret the logits that `ReaderScores.span_logits` gave for the passage `text`.

        None for a passage that was cut off, since the answer may be in the rest.
        """
        offsets = np.array(self._encode_passage(text).offsets, np.int64)
        return AnswerSpan.of(offsets, logits) if 0 < len(offsets) <= len(logits) else None

    def _tokens(self, text: str) -> Sequence[int]:
        ids: Sequence[int] = self._encode_passage(text).ids
        return ids

    def _merged(
        self, asked: Sequence[int], windows: Sequence[range], text_of: Callable[[int], str]
    ) -> ReaderScores:
        found: dict[int, tuple[float, Floats]] = {}
        for window in windows:
            layout = laid_out(asked, [self._tokens(text_of(n)) for n in window])
            logits, ends = self._read_window(layout)
            for place, number in enumerate(window):
                margin = float(logits[1 + place] - logits[0])
                if number not in found or margin > found[number][0]:
                    begin = layout.markers[place] + 1
                    size = min(len(self._tokens(text_of(number))), SENTENCE_TOKENS)
                    found[number] = margin, ends[begin : begin + size]
        numbers = sorted(found)
        return ReaderScores(
            np.array(numbers, np.int64),
            np.array([found[n][0] for n in numbers], np.float32),
            tuple(found[n][1] for n in numbers),
        )

    def _read_window(self, layout: Layout) -> tuple[Floats, Floats]:
        """What `_run` returns, remembered."""
        digest = hashlib.blake2b(repr(layout).encode(), digest_size=16).digest()
        with self._lock:
            found = self._windows.get(digest)
        if found is None:
            found = self._run(layout)
        with self._lock:
            self._windows[digest] = found
            self._windows.move_to_end(digest)
            if len(self._windows) > _REMEMBERED_WINDOWS:
                self._windows.popitem(last=False)
        return found

    def _run(self, layout: Layout) -> tuple[Floats, Floats]:
        """Run one window: the logits of (none, passage…), and those of start and end, (T, 2)."""
        inputs = {
            "ids": np.array([layout.ids], np.int64),
            "types": np.array([layout.types], np.int64),
            "attended": np.ones((1, len(layout.ids)), np.int64),
            "markers": np.array([layout.markers], np.int64),
        }
        logits, ends = self._session.run(["sentences", "ends"], inputs)
        return logits[0], ends[0]


def digest_of(weights: Path) -> str:
    """Hash the file of weights: 16 hexadecimal digits."""
    with weights.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=8)).hexdigest()


def installed() -> bool:
    """Whether the packages that run a reader are installed."""
    return bool(find_spec("onnxruntime") and find_spec("tokenizers"))


def load(provider: Provider, folder: Path = DATA) -> Reader | None:
    """Load the reader in `folder` as the settings want it; `auto` loads it if it can run here.

    Raises:
        ReaderError: it is set to `on` but not installed, or installed but does not load.

    """
    if provider == "off" or (provider == "auto" and not installed()):
        return None
    return Reader(folder)

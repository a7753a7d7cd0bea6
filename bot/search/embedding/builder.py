"""Texts → `PassageEmbeddings`: stored vectors are loaded, and new texts go through the model."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from time import monotonic
from typing import TypeVar

import numpy as np

from bot.models import Source
from bot.search.embedding.calibration import AS_THEY_ARE, Cosines, Scales, probes
from bot.search.embedding.embedder import Embedder, Floats, ModelError, ModelFamily
from bot.search.embedding.question_embedder import QuestionEmbedder, TimeLimit
from bot.search.embedding.similarity import EXACT_UP_TO, PassageEmbeddings
from bot.search.embedding.store import Keys, VectorStore, key
from bot.search.embedding.text_keys import SourcePassages, TextKeys
from bot.search.embedding.vectors import Rows, Vectors, quantise
from bot.search.language.detection import Held, foreign_language

BATCH = 16
"""Texts per call: a question never waits longer than that for its turn."""

PART = 20_000
"""Texts that are in memory at a time, about; those of one source always are."""

SAVE_EVERY = 60.0
"""Seconds of work that a power cut may destroy."""

_QUESTION = "\0question\0"
"""Prefix of the key of a probe's question: a text has another vector as a question than as a passage."""

T = TypeVar("T")
Track = Callable[[Sequence[T]], Iterable[T]]


class EmbeddingBuilder:
    """Embeds knowledge bases with one model, and stores the vectors in one file.

    Vectors of texts that the last knowledge base no longer holds are dropped, unless the file is `shared` by several.
    """

    def __init__(
        self,
        embedder: Embedder,
        file: Path,
        *,
        shared: bool = False,
        time_limit: TimeLimit | None = None,
    ) -> None:
        """`time_limit`: how long a question waits for its vectors; without it, as long as it takes."""
        self.embedder = embedder
        self._shared = shared
        self.questions = QuestionEmbedder(embedder, time_limit)
        self._store = VectorStore(file, embedder.name)
        self._keys = TextKeys()
        self._lock = threading.Lock()
        """Row numbers are valid for one state of the store only, and a reload may look them up while others are added."""

    @property
    def is_saved(self) -> bool:
        """Whether all vectors are in the file, so that the next start finds them."""
        return self._store.is_saved

    def load_cached(
        self, sources: Sequence[Source], passages: SourcePassages
    ) -> PassageEmbeddings | None:
        """Load the embeddings of `passages`, all of `sources`, from the store; None if any is missing.

        The model is not run. None too for one that is too inaccurate to be used.
        """
        try:
            scales = self._stored_scales()
        except ModelError:
            return None
        return None if scales is None else self._assemble(scales, *self._keys.of(sources, passages))

    def missing(self, sources: Sequence[Source], passages: SourcePassages) -> int:
        """Count the texts that have no vector yet, the probes of an unknown model among them."""
        keys = np.unique(np.concatenate([*self._keys.of(sources, passages), *self._probe_keys()]))
        return int((self._rows(keys) < 0).sum())

    def make(
        self,
        sources: Sequence[Source],
        passages: SourcePassages,
        track: Track[tuple[int, int]] = iter,
        wanted: Callable[[], bool] = lambda: True,
    ) -> PassageEmbeddings | None:
        """Embed what is missing of `passages`, and load the rest; None as soon as it is no longer `wanted`.

        What has been embedded by then is stored. Whatever the model raises reaches the caller, and a
        ModelError if it is too inaccurate to be used.
        """
        scales = self._scales()
        of_passages, of_posts = self._keys.of(sources, passages)
        every = np.concatenate([of_passages, of_posts])
        absent = np.unique(every[self._rows(every) < 0])
        parts = self._keys.parts(sources, passages, absent, PART)
        jobs = [(part, n) for part, (_, own) in enumerate(parts) for n in range(_count(own))]
        batches: list[list[str]] = []
        made: list[tuple[int, np.ndarray[tuple[int], np.dtype[np.int8]]]] = []
        saved = monotonic()
        try:
            for part, number in track(jobs):
                if number == 0:
                    batches = _batches(self._keys.texts(sources, passages, parts[part]))
                batch = batches[number]
                vectors = quantise(self.embedder.passages(batch))
                made += zip(map(key, batch), vectors, strict=True)
                if monotonic() - saved > SAVE_EVERY:
                    self._keep(made)
                    saved = monotonic()
                if not wanted():
                    return None
        finally:
            self._keep(made)
        if not self._shared:
            with self._lock:
                self._store.keep_only(np.concatenate([every, *self._probe_keys()]))
        return self._assemble(scales, of_passages, of_posts)

    def _probe_keys(self) -> tuple[Keys, Keys]:
        """The keys of the probes' questions and answers; empty for a model that needs no probes."""
        asked = probes() if self.embedder.family is ModelFamily.OTHER else ()
        questions = [key(f"{_QUESTION}{question}") for question, _ in asked]
        answers = [key(answer) for _, answer in asked]
        return np.array(questions, np.uint64), np.array(answers, np.uint64)

    def _stored_scales(self) -> Scales | None:
        """The scales of the model's cosines; None if its probes have no vectors yet.

        Raises:
            ModelError: the model is too inaccurate to be used.

        """
        if self.embedder.family is not ModelFamily.OTHER:
            return AS_THEY_ARE
        with self._lock:
            rows = [self._store.rows(keys) for keys in self._probe_keys()]
            vectors = self._store.vectors
        if any((some < 0).any() for some in rows):
            return None
        questions, answers = (vectors[some].astype(np.float32) for some in rows)
        return Scales.of(Cosines.of(_unit(questions), _unit(answers)))

    def _scales(self) -> Scales:
        """The scales of the model's cosines, after running the probes if that has not been done."""
        found = self._stored_scales()
        if found is not None:
            return found
        questions, answers = zip(*probes(), strict=True)
        keys = [key_ for some in self._probe_keys() for key_ in some.tolist()]
        made = [self.embedder.questions(questions), self.embedder.passages(answers)]
        new = {
            key_: vector
            for key_, vector in zip(keys, quantise(np.concatenate(made)), strict=True)
            if self._rows(np.array([key_], np.uint64))[0] < 0
        }
        self._keep(list(new.items()))
        return self._scales()

    def _keep(self, made: list[tuple[int, np.ndarray[tuple[int], np.dtype[np.int8]]]]) -> None:
        if made:
            with self._lock:
                self._store.add([key_ for key_, _ in made], np.stack([v for _, v in made]))
                self._store.save()
            made.clear()

    def _rows(self, keys: Keys) -> Rows:
        with self._lock:
            return self._store.rows(keys)

    def _assemble(
        self, scales: Scales, of_passages: Keys, of_posts: Keys
    ) -> PassageEmbeddings | None:
        with self._lock:
            rows, post_rows = self._store.rows(of_passages), self._store.rows(of_posts)
            vectors = self._store.vectors
        if (rows < 0).any() or (post_rows < 0).any():
            return None
        return PassageEmbeddings(
            questions=self.questions,
            family=self.embedder.family,
            scales=scales,
            passages=Vectors.of(vectors, rows, gather=len(rows) <= EXACT_UP_TO),
            posts=Vectors.of(vectors, post_rows, gather=False),
            foreign=foreign_language if self.embedder.multilingual else _never_foreign,
            fingerprint=_fingerprint(self.embedder.name, of_passages),
        )


def _unit(vectors: Floats) -> Floats:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def _fingerprint(model: str, of_passages: Keys) -> str:
    found = hashlib.blake2b(f"{model}\n".encode(), digest_size=8)
    found.update(np.ascontiguousarray(of_passages).data)
    return found.hexdigest()


def _never_foreign(_text: str, _languages: Collection[str], _held: Held) -> None:
    """For a model of one language, to which no question is foreign."""


def _count(keys: Keys) -> int:
    return -(-len(keys) // BATCH)


def _batches(texts: dict[int, str]) -> list[list[str]]:
    """The texts in batches of about one length, since padding costs time."""
    order = sorted(sorted(texts), key=lambda key_: len(texts[key_]))
    return [[texts[key_] for key_ in order[at : at + BATCH]] for at in range(0, len(order), BATCH)]

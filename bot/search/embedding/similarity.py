"""Questions and passages as vectors: which passages lie nearest to a question."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

import numpy as np

from bot.search.embedding.calibration import AS_THEY_ARE, SAME, Scale, Scales
from bot.search.embedding.embedder import Floats, ModelFamily
from bot.search.embedding.question_embedder import QuestionEmbedder
from bot.search.embedding.vectors import Rows, Vectors

Detector = Callable[[str, Collection[str], Callable[[str], bool]], str | None]
"""Question, languages of the texts, "is this word one of the texts'?" → the question's language, if it is another."""

NEAREST = 16
"""The passages nearest to the question by their vectors are candidates, this many of them."""

EXACT_UP_TO = 100_000
"""The most passages that are all compared with a question, which takes 9 ms on one core.

Beyond it a search engine finds the nearest where it can; else the vectors only rank what BM25 finds.
"""

FindNear = Callable[[Floats, range | None], Rows]
"""A question's vector and the passages to search (None: all) → numbers of passages that are near, ascending, the nearest
among them; none if there is no answer in time."""


@dataclass(frozen=True, slots=True, eq=False)
class PassageEmbeddings:
    """The vectors of P passages and their N posts, and the model that embeds questions."""

    questions: QuestionEmbedder
    family: ModelFamily
    passages: Vectors
    posts: Vectors
    foreign: Detector
    """Tells whether a question is in another language than the texts."""
    scales: Scales = AS_THEY_ARE
    """From the model's cosines to those that its rankers were fitted on."""
    fingerprint: str = ""
    """Changes with the model and with any passage's text."""
    find_near: FindNear | None = None
    """Finds candidates where there are more than EXACT_UP_TO passages."""

    def begin(
        self, text: str, before: str | None, question: int = 0
    ) -> Callable[[], EmbeddedQuestion | None]:
        """Start to embed the question `text`, asked after the question `before` if there was one.

        The function that comes back waits for the vectors, and returns None if they are not there in
        time; the log then names `question`, an id.
        """
        texts = [text] if before is None else [text, before, f"{before} {text}"]
        vectors = self.questions.begin(texts, question)

        def embedded() -> EmbeddedQuestion | None:
            found = vectors()
            return None if found is None else EmbeddedQuestion(self, found[0], tuple(found[1:]))

        return embedded


@dataclass(frozen=True, slots=True, eq=False)
class EmbeddedQuestion:
    """A question's vectors, with the passages' to compare them with."""

    embeddings: PassageEmbeddings
    vector: Floats
    """(D,)"""
    previous: tuple[Floats, ...]
    """After another question: the vectors of that one, and of both read as one text; empty otherwise."""
    scale: Scale = SAME
    """Applied to its cosines before a ranker sees them."""

    def scaled(self, *, foreign: bool) -> EmbeddedQuestion:
        """Choose the scale of the ranker for questions in the texts' language, or for `foreign` ones."""
        scales = self.embeddings.scales
        return replace(self, scale=scales.foreign if foreign else scales.own)

    @property
    def previous_question(self) -> EmbeddedQuestion | None:
        """The previous question by itself, if there was one."""
        return EmbeddedQuestion(self.embeddings, self.previous[0], ()) if self.previous else None

    def nearest(self, within: range) -> Rows:
        """Find the passages nearest to the question, ascending; among more than EXACT_UP_TO approximately, or none."""
        passages, find_near = self.embeddings.passages, self.embeddings.find_near
        if len(within) <= EXACT_UP_TO:
            return passages.nearest(self.vector, NEAREST, within)
        if find_near is None:
            return np.arange(0)
        near = find_near(self.vector, None if len(within) == len(passages.rows) else within)
        best = np.argsort(-passages.cosines(self.vector, near), kind="stable")[:NEAREST]
        return np.sort(near[best])

"""What vectors add to the candidates of a question: features of the same ranker."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

import numpy as np

from bot.search.embedding.calibration import AS_THEY_ARE, SAME, Scale, Scales
from bot.search.embedding.embedder import Family
from bot.search.embedding.question_embedder import QuestionVectors
from bot.search.embedding.vectors import Vectors
from bot.search.ranking.matching import Context, Floats, Rows
from bot.search.ranking.passage_table import PassageTable

Detector = Callable[[str, Collection[str], Callable[[str], bool]], str | None]
"""A question, the texts' languages, whether a word is the texts' own → its language, if another."""

SIMILARITIES = (
    "sentence", "post", "before", "after", "sentence_lead", "post_lead", "sentence_margin"
)  # fmt: skip
"""Cosines to the question: of the passage, its post, the passages before and after; and of the
first two how far they are below the best candidate's, of the first how far above every other's."""

CARRIED_SIMILARITIES = ("asked_sentence", "both_sentence", "both_post")
"""After another question: cosines to that one, and to both read as one text."""

NEAREST = 16
"""Passages that are candidates because their vectors are nearest to the question's."""

EXACT_UP_TO = 100_000
"""Passages that are all compared with a question: in nine milliseconds on one core. Beyond it, the
vectors only rank what BM25 finds, and stay in their file."""


@dataclass(frozen=True, slots=True, eq=False)
class Meaning:
    """The vectors of P passages and their N posts, and the model that makes those of questions."""

    questions: QuestionVectors
    family: Family
    passages: Vectors
    posts: Vectors
    foreign: Detector
    """Says whether a question is in another language than the texts."""
    scales: Scales = AS_THEY_ARE
    """From the model's cosines to those that its rankers were fitted on."""

    def begin(
        self, text: str, before: str | None, question: int = 0
    ) -> Callable[[], Understood | None]:
        """Begin to read the question `text`, asked after another one or not, as vectors.

        What comes back waits for them, and returns None if they are not there in time; the log then
        names `question`, an id.
        """
        texts = [text] if before is None else [text, before, f"{before} {text}"]
        vectors = self.questions.begin(texts, question)

        def understood() -> Understood | None:
            found = vectors()
            return None if found is None else Understood(self, found[0], tuple(found[1:]))

        return understood


@dataclass(frozen=True, slots=True, eq=False)
class Understood:
    """A question as vectors, beside those of the passages."""

    meaning: Meaning
    vector: Floats
    """(D,)"""
    before: tuple[Floats, ...]
    """After another question: the vector of that one, and of both read as one text."""
    scale: Scale = SAME
    """What its cosines are brought to, before a ranker reads them."""

    def read(self, *, foreign: bool) -> Understood:
        """Return it as the ranker for its language reads it."""
        scales = self.meaning.scales
        return replace(self, scale=scales.foreign if foreign else scales.own)

    @property
    def earlier(self) -> Understood | None:
        """Return the question before by itself, where there was one."""
        return Understood(self.meaning, self.before[0], ()) if self.before else None

    def nearest(self, within: range) -> Rows:
        """Return the passages nearest to the question, in rising order; none of too many."""
        if len(within) > EXACT_UP_TO:
            return np.arange(0)
        return self.meaning.passages.nearest(self.vector, NEAREST, within)

    def similarities(self, table: PassageTable, context: Context) -> Floats:
        """(C, len(SIMILARITIES)) of the candidates of `context`."""
        cosines = self.scale.of(self.meaning.passages.cosines(self.vector, context.passages))
        own = cosines[context.own]
        if not len(own):
            return np.zeros((0, len(SIMILARITIES)), np.float32)
        post = self.scale.of(
            self.meaning.posts.cosines(self.vector, table.post_of[context.candidates])
        )
        padded = np.append(cosines, own.mean())  # at an edge, what is neither for nor against
        best = own.argmax()
        margin = own - own[best]
        if len(own) > 1:
            margin[best] = own[best] - np.partition(own, -2)[-2]
        columns = (
            own, post, padded[context.before], padded[context.after], own - own[best],
            post - post.max(), margin,
        )  # fmt: skip
        return np.stack(columns, axis=1)

    def carried(self, table: PassageTable, context: Context) -> Floats:
        """(C, len(CARRIED_SIMILARITIES)) of the candidates, after another question."""
        before, both = self.before
        columns = (
            self.meaning.passages.cosines(before, context.candidates),
            self.meaning.passages.cosines(both, context.candidates),
            self.meaning.posts.cosines(both, table.post_of[context.candidates]),
        )
        return self.scale.of(np.stack(columns, axis=1))

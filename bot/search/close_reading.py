"""The reader's part in answering a question: which candidates it reads, and with what around them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bot.models import Question
from bot.search.language.detection import foreign_language
from bot.search.passage_collection import PassageCollection
from bot.search.ranking.first_stage import Coefficients, follow_up_probability, scores
from bot.search.ranking.passage_table import PassageTable
from bot.search.ranking.rankers import RERANKED
from bot.search.reading import planning
from bot.search.reading.reader import Reader, ReaderScores
from bot.search.retrieval import Retrieval

READ = "en"
"""The language that the reader knows."""

FOLLOWS = 0.3
"""From this probability of being a follow-up on, a question is read together with the previous one."""


@dataclass(frozen=True, slots=True, eq=False)
class CloseReading:
    """A reader with the passages that it may read."""

    reader: Reader
    passages: PassageCollection
    table: PassageTable
    is_known_word: Callable[[str], bool]
    """Whether a word is one of the texts' or of their language, which tells the language of a question."""

    def read(
        self, question: Question, retrieval: Retrieval, ranker: Coefficients, within: range
    ) -> ReaderScores | None:
        """Read the best candidates by `ranker` and the passages around them, of those in `within`.

        None where the question or the best candidate is in a language that the reader does not know.
        """
        if retrieval.ranker not in RERANKED or not len(retrieval.candidates):
            return None
        if foreign_language(question.text, {READ}, self.is_known_word) is not None:
            return None
        points = scores(ranker, retrieval)
        order = [int(n) for n in retrieval.candidates[np.argsort(-points, kind="stable")]]
        if not self._is_readable(order[0]):
            return None
        in_english = [number for number in order if self._is_readable(number)]
        return self.reader.read(
            retrieval.text,
            _question_before(question, retrieval, ranker),
            in_english,
            lambda number: self.passages[number].in_context,
            lambda number: self._source_range(number, within),
            within if len(in_english) == len(within) else None,
            planning.BUDGET if retrieval.embedded is None else planning.BUDGET_WITH_VECTORS,
        )

    def _is_readable(self, number: int) -> bool:
        """Whether a passage is in the language that the reader knows, in whichever region: `en-GB` is English."""
        return self.passages[number].source.language.split("-")[0] == READ

    def _source_range(self, number: int, within: range) -> range:
        """Find the passages of the source of passage `number` that are in `within`."""
        source = int(self.table.source_of[number])
        starts = self.table.source_starts
        return range(
            max(int(starts[source]), within.start), min(int(starts[source + 1]), within.stop)
        )


def _question_before(question: Question, retrieval: Retrieval, ranker: Coefficients) -> str | None:
    """The previous question, if this one is likely enough to be its follow-up."""
    follow_up = follow_up_probability(ranker, retrieval)
    return question.after.question if question.after and follow_up >= FOLLOWS else None

"""The clause of a long sentence that answers best, to be set in bold: a run of its phrases."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.models import Span
from bot.search.coefficient_files import (
    by_name,
    feature_list_hash,
    from_names,
    read_file,
    require_fitted_for,
    write_file,
)
from bot.search.feature_group import FeatureGroup, Floats, as_matrix, names_in
from bot.search.highlighting.clause_features import (
    ContentFeatures,
    Highlighted,
    ReaderClauseFeatures,
    WordFeatures,
    held_by_words,
)
from bot.search.highlighting.match_location import LONG as TOO_LONG
from bot.search.highlighting.phrases import Rows, part_around
from bot.search.highlighting.sentence_runs import EdgeFeatures, sentence_runs
from bot.search.reading.answer_span import AnswerSpan

LONG = 25
"""Words of a sentence up to which no clause is set in bold: it is read at a glance."""

CLAUSE_FEATURES = names_in((EdgeFeatures, ContentFeatures))
"""What a clause is chosen by, where the reader has not read the sentence."""

READ_CLAUSE_FEATURES = (*CLAUSE_FEATURES, *ReaderClauseFeatures.feature_names())
"""And where it has."""

_READ = 1_500  # characters of a sentence too long to be shown whole that are considered
_WORD = re.compile(r"\w+(?:['’.,]\w+)*")


@dataclass(frozen=True, slots=True, eq=False)
class ClauseCandidates:
    """The R runs of phrases of one sentence that may be set in bold, with their features."""

    sentence: str
    starts: Rows
    ends: Rows
    """(R,) offsets in the sentence."""
    features: Floats
    """(R, len(CLAUSE_FEATURES)), or with an AnswerSpan (R, len(READ_CLAUSE_FEATURES))."""

    def best(self, weights: Floats) -> int:
        """The number of the run with the highest score."""
        return int((self.features @ weights).argmax())

    def span(self, number: int) -> Span:
        """Where a run is, without trailing punctuation that only leads on."""
        start, end = int(self.starts[number]), int(self.ends[number])
        clause = self.sentence[start:end].rstrip(",;: ")
        return Span(start, start + len(clause)) if clause else Span(start, end)


def best_clause(
    sentence: str, question: Highlighted, weights: Floats, answer: AnswerSpan | None = None
) -> Span | None:
    """Choose the run of phrases that answers best, at most WIDEST characters.

    None for a sentence of LONG words or fewer, and where it would be the whole sentence. `weights`: of
    CLAUSE_FEATURES; where the reader sees an `answer`, of READ_CLAUSE_FEATURES.
    """
    part = Span(0, len(sentence))
    if len(sentence) > TOO_LONG:
        if answer is None:
            found = _fullest_part(sentence, question)
            if found is None:
                return None
            part = found
        else:
            start, end = answer.likeliest
            part = part_around(sentence, (start + end) // 2, _READ)
    elif not is_long(sentence):
        return None
    inside = sentence[part.start : part.end]
    if not inside.strip():
        return None
    candidates = clause_candidates(inside, question, answer and answer.inside(part))
    start, end = candidates.span(candidates.best(weights))
    clause = Span(part.start + start, part.start + end)
    whole = clause.start == 0 and clause.end >= len(sentence.rstrip(".!?,;: "))
    return None if whole else clause


def is_long(sentence: str) -> bool:
    """Whether a clause of `sentence` is set in bold: it has more than LONG words."""
    return len(sentence) >= 2 * LONG and len(_WORD.findall(sentence)) > LONG


def clause_candidates(
    sentence: str, question: Highlighted, answer: AnswerSpan | None = None
) -> ClauseCandidates:
    """Compute the features of the runs of phrases that may be set in bold; `answer` as for `best_clause`."""
    runs = sentence_runs(sentence, question.analyzer)
    words = WordFeatures.of(runs, question)
    groups: list[FeatureGroup] = [ContentFeatures.of(words, runs, question)]
    if answer is not None:
        groups.append(ReaderClauseFeatures.of(runs.starts, runs.ends, answer))
    content = as_matrix(groups, len(runs.starts))
    features = np.concatenate([runs.edges.T, content.T]).T
    return ClauseCandidates(sentence, runs.starts, runs.ends, features)


def _fullest_part(sentence: str, question: Highlighted) -> Span | None:
    """The _READ characters of a very long sentence that hold most of the question; None if none hold any."""
    tokens = [token for token in question.analyzer.tokens(sentence) if not token.variant]
    held = held_by_words(tokens, question.concepts)
    places = held.nonzero()[0].tolist()
    if not places:
        return None
    starts = np.array([tokens[place].start for place in places])
    ends = np.array([tokens[place].end for place in places])
    sums = np.concatenate([[0], np.cumsum(held[places])])
    last = ends.searchsorted(starts + _READ // 2, side="right")
    first = int((sums[last] - sums[:-1]).argmax())
    middle = (int(starts[first]) + int(ends[max(first, int(last[first]) - 1)])) // 2
    return part_around(sentence, middle, _READ)


def load_clause_weights(path: Path, names: tuple[str, ...]) -> Floats:
    """Load the weights of the features `names` that benchmarks/clauses.py wrote.

    Raises:
        VerbatimError: they were fitted for other features.

    """
    data = read_file(path)
    require_fitted_for(feature_list_hash(names), data, path)
    return from_names(data, names)


def dump_clause_weights(weights: Floats, path: Path, names: tuple[str, ...]) -> None:
    """Write the weights of the features `names`."""
    write_file(path, feature_list_hash(names), by_name(weights, names))

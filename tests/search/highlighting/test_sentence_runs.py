"""The runs of a sentence are found once, whoever asks."""

from __future__ import annotations

from bot.search.highlighting.sentence_runs import REMEMBERED, sentence_runs
from bot.search.language.analysis import Analyzer

SENTENCE = (
    "The council bought no grain in May, because the old mill (the only one) had burned down."
)


def test_a_sentence_is_cut_once_for_each_language() -> None:
    """Also by the analyzers of another snapshot; a stemmer of another language finds other terms."""
    found = sentence_runs(SENTENCE, Analyzer("en"))
    assert sentence_runs(SENTENCE, Analyzer("en-GB")) is found
    other = sentence_runs(SENTENCE, Analyzer("de"))
    assert [token.term for token in other.tokens] != [token.term for token in found.tokens]


def test_a_limited_number_of_sentences_is_remembered() -> None:
    """However many are asked about."""
    for number in range(REMEMBERED + 5):
        sentence_runs(f"{SENTENCE} {number}", Analyzer("en"))
    assert sentence_runs.cache_info().currsize == REMEMBERED


def test_runs_are_described_word_by_word() -> None:
    """A run holds the words from its first one up to its end; one begins with the reason."""
    runs = sentence_runs(SENTENCE, Analyzer("en"))
    for start, end, first, stop in zip(
        runs.starts, runs.ends, runs.first_word, runs.end_word, strict=True
    ):
        inside = [t for t in runs.tokens if start <= t.start < end]
        assert list(runs.tokens[first:stop]) == inside
    reasons = {SENTENCE[start:end].split(maxsplit=1)[0] for start, end in zip(
        runs.starts[runs.causes], runs.ends[runs.causes], strict=True)}  # fmt: skip
    assert reasons == {"because"}

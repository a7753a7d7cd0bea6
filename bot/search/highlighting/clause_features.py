"""What tells the clause that answers from the others of its sentence: the features of a run of phrases."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from bot.search.feature_group import Column, FeatureGroup, Floats
from bot.search.highlighting.phrases import Rows
from bot.search.highlighting.sentence_runs import Bools, SentenceRuns
from bot.search.language.analysis import Analyzer, Token
from bot.search.language.word_vectors import CHANCE_COSINE, WordVectors
from bot.search.query.concepts import Concept
from bot.search.query.cue_words import Evidence, QuestionType
from bot.search.reading.answer_span import AnswerSpan

_PULL = 4.0  # words over which the pull of a word of the question falls to 1/e
_FAR = 0.05  # the pull that a word of the wanted kind has at any distance
_FOLLOWS = 3.0  # words over which following a word of the question counts 1/e
_NOWHERE = 12  # words: as good as nowhere near
_UNLIKELY = 0.02  # added to a probability before its logarithm
_HEAD = re.compile(r"\b(?:what|which|whose|how many|how much)\s+(\w+)", re.IGNORECASE)
_AMOUNT = Evidence.NUMBER | Evidence.MONEY | Evidence.PERCENT
_WANTED = MappingProxyType({
    QuestionType.WHEN: Evidence.DATE | Evidence.YEAR | Evidence.CLOCK | Evidence.NUMBER,
    QuestionType.HOW_LONG: _AMOUNT | Evidence.DURATION,
    QuestionType.HOW_OFTEN: Evidence.FREQUENCY | Evidence.NUMBER,
    QuestionType.HOW_MANY: _AMOUNT,
    QuestionType.MONEY: _AMOUNT,
    QuestionType.SHARE: _AMOUNT,
    QuestionType.MEASURE: _AMOUNT | Evidence.MEASURE,
    QuestionType.WHO: Evidence.NAME,
    QuestionType.WHERE: Evidence.NAME | Evidence.PLACE,
    QuestionType.WHY: Evidence.CAUSE,
})  # fmt: skip
"""Question type → the evidence of a single word that answers it."""


@dataclass(frozen=True, slots=True)
class Highlighted:
    """A question, and the word resources that it is compared with a sentence by."""

    text: str
    concepts: Sequence[Concept]
    question_types: Sequence[QuestionType]
    analyzer: Analyzer
    word_vectors: WordVectors


@dataclass(frozen=True, slots=True, eq=False)
class WordFeatures(FeatureGroup):
    """Features of the N words of a sentence; of a run of phrases, its share of their sum over the sentence."""

    held: Floats
    """The share of the question's weight."""
    near: Floats
    """How near a word of the question is; 0 for these words themselves, as for the rest below."""
    fitting: Floats
    """The same, of words of the kind asked for."""
    headed: Floats
    """How like the noun after "what" or "how many" it is, by word vectors."""
    numbers: Floats
    names: Floats

    @classmethod
    def of(cls, runs: SentenceRuns, question: Highlighted) -> WordFeatures:
        """Compare the words of a sentence with the question; each field is (N,)."""
        tokens, evidence = runs.tokens, runs.evidence
        held = held_by_words(tokens, question.concepts)
        new = held == 0
        at = np.arange(len(tokens))
        pull = np.exp((1 - np.abs(at[:, None] - at[~new])) / _PULL) @ held[~new] * new
        wanted = 0
        for kind in question.question_types:
            wanted |= int(_WANTED.get(kind, 0))
        headed = np.zeros(len(tokens), np.float32)
        head = _HEAD.search(question.text)
        vectors = question.word_vectors
        row = vectors.row(question.analyzer.term(head[1])) if head else 0
        if row:
            likeness = vectors.vectors[[vectors.row(t.term) for t in tokens]] @ vectors.vectors[row]
            headed = np.maximum(likeness - CHANCE_COSINE, 0) * new
        number, name = int(Evidence.NUMBER | Evidence.YEAR), int(Evidence.NAME)
        return cls(
            held=held,
            near=pull,
            fitting=(pull + _FAR) * ((evidence & wanted) > 0) * new,
            headed=headed,
            numbers=((evidence & number) > 0) * new,
            names=((evidence & name) > 0) * new,
        )

    def shares(self, begin: Rows, end: Rows) -> WordFeatures:
        """Of R runs of words from `begin` up to `end`, (R,) each, their shares of each feature's sum."""
        words = np.array([getattr(self, name) for name in self.feature_names()], np.float32)
        sums = np.zeros((len(words), words.shape[1] + 1), np.float32)
        np.cumsum(
            words / np.maximum(words.sum(axis=1, keepdims=True), 1e-6), axis=1, out=sums[:, 1:]
        )
        return WordFeatures.from_columns(sums[:, end] - sums[:, begin])


@dataclass(frozen=True, slots=True, eq=False)
class ContentFeatures(FeatureGroup):
    """What a run holds of the question and of what is asked for, as shares of the sentence's."""

    follows: Floats
    """1 right after a word of the question, less further off."""
    held: Floats
    held_if_why: Floats
    cause_if_why: Bools
    near: Floats
    fitting: Floats
    headed: Floats
    numbers: Floats
    near_if_open: Floats
    numbers_if_open: Floats
    """Where nothing in the sentence is of the kind asked for."""
    names_if_who: Floats

    @classmethod
    def of(cls, words: WordFeatures, runs: SentenceRuns, question: Highlighted) -> ContentFeatures:
        """Compare the `runs` of a sentence with the question; `words`: the features of its words."""
        shares = words.shares(runs.first_word, runs.end_word)
        why, who = (
            kind in question.question_types for kind in (QuestionType.WHY, QuestionType.WHO)
        )
        nothing_fits = not words.fitting.any()
        return cls(
            follows=nearness_to_question(words.held, runs.first_word),
            held=shares.held,
            held_if_why=shares.held * why,
            cause_if_why=runs.causes & why,
            near=shares.near,
            fitting=shares.fitting,
            headed=shares.headed,
            numbers=shares.numbers,
            near_if_open=shares.near * nothing_fits,
            numbers_if_open=shares.numbers * nothing_fits,
            names_if_who=shares.names * who,
        )


@dataclass(frozen=True, slots=True, eq=False)
class ReaderClauseFeatures(FeatureGroup):
    """Where the reader has read the sentence: the probability that the answer starts in the run, ends in it, and both."""

    read_first: Column
    read_last: Column
    read_both: Column
    read_both_log: Column
    read_share: Column
    """The share of the likeliest answer that the run covers."""

    @classmethod
    def of(cls, starts: Rows, stops: Rows, answer: AnswerSpan) -> ReaderClauseFeatures:
        """Sum the probabilities over the runs from `starts` to `stops`, in characters."""
        likely = answer.spans
        mass = np.zeros((len(likely) + 1, len(likely) + 1))
        mass[1:, 1:] = likely.cumsum(axis=0).cumsum(axis=1)
        low = answer.offsets[:, 0].searchsorted(starts)
        high = answer.offsets[:, 0].searchsorted(stops)
        both = mass[high, high] - mass[low, high] - mass[high, low] + mass[low, low]
        start, end = answer.likeliest
        covered = np.minimum(stops, end) - np.maximum(starts, start)
        return cls(
            read_first=mass[high, -1] - mass[low, -1],
            read_last=mass[-1, high] - mass[-1, low],
            read_both=both,
            read_both_log=np.log(np.maximum(both, 0) + _UNLIKELY),
            read_share=np.maximum(covered, 0) / max(end - start, 1),
        )


def held_by_words(tokens: Sequence[Token], concepts: Sequence[Concept]) -> Floats:
    """(N,) the share of the question's weight in the sentence that each word holds."""
    weight: dict[str, float] = {}
    for concept in concepts:
        for expansion in concept.expansions:
            value = concept.idf * expansion.strength
            weight[expansion.term] = max(weight.get(expansion.term, 0.0), value)
    held = np.array([weight.get(token.term, 0.0) for token in tokens], np.float32)
    return np.asarray(held / max(float(held.sum()), 1e-6), np.float32)


def nearness_to_question(held: Floats, begin: Rows) -> Floats:
    """(R,) 1 where a word of the question is right before a run that begins at word `begin`, less further off."""
    places = held.nonzero()[0]
    before = places.searchsorted(begin)
    nearest = np.concatenate(([-_NOWHERE], places))[before]
    gap = np.minimum(begin - 1 - nearest, _NOWHERE)
    return np.asarray(np.exp(-gap / _FOLLOWS), np.float32)

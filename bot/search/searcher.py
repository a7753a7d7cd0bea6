"""Question → hits: the parts of retrieval put together over one corpus."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.models import Hit, Passage, Question, Source, Span, Turn
from bot.search.bm25.index import Bm25Index
from bot.search.embedding.similarity import Meaning, Understood
from bot.search.highlighting.clauses import best_clause
from bot.search.highlighting.locating import LONG
from bot.search.language.analysis import Analyzer, fold
from bot.search.language.detection import foreign_language
from bot.search.query.aliases import gather
from bot.search.query.concepts import Bond, Concept, Expander
from bot.search.query.cues import Asked
from bot.search.query.follow_ups import Before, carried_features, dependence_features
from bot.search.query.questions import asked
from bot.search.query.spelling import Speller
from bot.search.ranking.features import CandidateFeatures, candidate_features
from bot.search.ranking.first_stage import Carried, Coefficients, dependence, rank, scores
from bot.search.ranking.first_stage import Hit as Ranked
from bot.search.ranking.matching import Rows, surroundings
from bot.search.ranking.passage_table import PassageTable, costly_arrays
from bot.search.ranking.rankers import RERANKED, ranker_for
from bot.search.ranking.second_stage import rerank
from bot.search.reading import planning
from bot.search.reading.ends import AnswerEnds
from bot.search.reading.reader import Reader, Scores
from bot.search.resources import Resources, resources

POOL = 32
"""Candidates that are ranked: of 20 the right one is missing a little more often."""

FEW = 50
"""Passages of which all are ranked, so that one that shares no word with the question has a chance."""

BEFORE_POOL = 20
"""Candidates for the question before, beside those for the question itself."""

NEARBY = 3
"""Passages before and after the quote before that are candidates too."""

LEAST = 0.02
"""A passage less likely to answer is no hit."""

READ = "en"
"""The language that the reader reads."""

FOLLOWS = 0.3
"""From this probability that a question leans on the one before, the reader is given that one too."""

_WORD = re.compile(r"[^\W\d_]+")
_TRUST = {Bond.EXACT: 1.0, Bond.ALIAS: 0.9, Bond.SPELLING: 0.85, Bond.PREFIX: 0.5}
Arrays = dict[str, NDArray[Any]]
Track = Callable[[Iterable[Passage]], Iterable[Passage]]
Vectors = Callable[[], Understood | None]
"""Gives a question as vectors; None where there is no model, or they were not there in time."""


class Corpus(Protocol):
    """The passages to search: P of them, in reading order, of N posts of S sources."""

    @property
    def sources(self) -> Sequence[Source]:
        """The sources, in order."""
        ...

    @property
    def post_passages(self) -> NDArray[np.int64]:
        """(N+1,) each post's first passage."""
        ...

    @property
    def source_passages(self) -> NDArray[np.int64]:
        """(S+1,) each source's first passage."""
        ...

    def __len__(self) -> int: ...

    def __getitem__(self, at: int, /) -> Passage: ...

    def number_of(self, key: int) -> int | None:
        """Return the number of the passage with this key, if there is one."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A question read against the passages: all that ranking needs, nothing decided yet."""

    text: str
    """Slips in the words that make it a question are mended."""
    concepts: tuple[Concept, ...]
    asked: tuple[Asked, ...]
    candidates: Rows
    features: CandidateFeatures
    carried: Carried | None
    understood: Understood | None = None
    """The question as vectors, where there is a model of meaning."""

    language: str | None = None
    """Its language, if it is surely not the texts'."""

    @property
    def ranker(self) -> str:
        """Return which of the fitted rankers is for it."""
        family = None if self.understood is None else self.understood.meaning.family
        return ranker_for(family, foreign=self.language is not None)


@dataclass(frozen=True, slots=True, eq=False)
class Searcher:
    """Finds the passages that answer a question. Immutable, safe to share between threads."""

    corpus: Corpus
    table: PassageTable
    expander: Expander
    resources: Resources
    meaning: Meaning | None = None
    """The passages' vectors, where there is a model and they are ready."""
    reader: Reader | None = None
    """The model that reads question and passages together, where it is installed and wanted."""

    @classmethod
    def of(cls, corpus: Corpus, passages: Iterable[Passage]) -> Searcher:
        """Return the searcher over `corpus`, of which `passages` are all, in order."""
        return cls.from_arrays(corpus, *_made_of(corpus, passages))

    @classmethod
    def from_arrays(cls, corpus: Corpus, parameters: Mapping[str, Any], arrays: Arrays) -> Searcher:
        """Return the searcher over `corpus` that `parameters` and `arrays` came from."""
        known = resources()
        analyzers = _analyzers(corpus.sources)
        index = Bm25Index.from_arrays(parameters, arrays)
        headings = [_heading(source, analyzers) for source in corpus.sources]
        own = [
            [name, *others] for source in corpus.sources for name, others in source.aliases.items()
        ]
        first, *others_ = analyzers.values()
        expander = Expander(
            index=index,
            analyzers=(first, *others_),
            aliases=gather([*known.groups, *own], first),
            associations=known.associations,
            speller=Speller.from_arrays(arrays),
        )
        table = PassageTable.of(
            index, arrays, corpus.post_passages, corpus.source_passages, headings
        )
        return cls(corpus, table, expander, known)

    def parameters(self) -> dict[str, Any]:
        """Return the numbers that, with `arrays`, the searcher is made of."""
        return self.expander.index.parameters()

    def arrays(self) -> Arrays:
        """Return the arrays by name."""
        parts = (self.expander.index, self.table, self.expander.speller)
        return {name: array for part in parts for name, array in part.arrays().items()}

    def search(
        self,
        question: Question,
        within: range | None = None,
        limit: int = 10,
        shown: Callable[[Sequence[Hit]], int] = len,
        vectors: Vectors | None = None,
    ) -> tuple[Hit, ...]:
        """Return the passages that may answer `question`, best first, at most `limit`.

        `shown` says how many of them people will see at once: these have the clause that answers
        best, if they are long. So have all that may be shown only in part: that is the part.
        `vectors` gives the question's; without it the model is asked.
        """
        if not self.table.size:
            return ()
        reading = self.read(question, within, vectors)
        ranker = self.resources.rankers[reading.ranker]
        read = self.closely_read(question, reading, ranker, within)
        hits = self._ranked(reading, ranker, read, limit)
        found: list[Hit] = []
        for ranked in hits:
            passage = self.corpus[int(reading.candidates[ranked.candidate])]
            found.append(Hit(passage, ranked.score, ranked.probability, read=read is not None))
        seen = shown(found)
        for place, hit in enumerate(found):
            if place < seen or len(hit.passage.text) > LONG:
                text = hit.passage.text
                ends = self._ends(hits[place], text, reading, read)
                found[place] = replace(hit, bold=self._bold(text, reading, ends))
        return tuple(found)

    def _ranked(
        self, reading: Reading, ranker: Coefficients, read: Scores | None, limit: int
    ) -> list[Ranked]:
        """Return the hits in order, by what the reader makes of them if it has `read` them."""
        if read is None:
            return rank(
                ranker, reading.concepts, reading.features, reading.asked, reading.carried, limit, LEAST
            )  # fmt: skip
        return rerank(
            self.resources.rerankers[reading.ranker], ranker, reading.concepts, reading.features,
            reading.asked, reading.carried, read.of(reading.candidates), limit, LEAST,
        )  # fmt: skip

    def closely_read(
        self,
        question: Question,
        reading: Reading,
        ranker: Coefficients,
        within: range | None = None,
    ) -> Scores | None:
        """Return what the reader makes of the best candidates and what stands around them.

        None where there is no reader, or it does not know the language of the question or of the
        texts. `ranker` says which candidates are the best.
        """
        if self.reader is None or reading.ranker not in RERANKED:
            return None
        if not len(reading.candidates) or not self._can_read(question.text):
            return None
        everything = within if within is not None else range(self.table.size)
        points = scores(ranker, reading.features, reading.asked, reading.carried)
        order = [int(n) for n in reading.candidates[np.argsort(-points, kind="stable")]]
        if self.corpus[order[0]].source.language != READ:
            return None
        in_english = [n for n in order if self.corpus[n].source.language == READ]
        follows = reading.carried is not None and (
            dependence(ranker, reading.carried.dependence) >= FOLLOWS
        )
        before = question.after.question if question.after and follows else None
        return self.reader.read(
            reading.text,
            before,
            in_english,
            lambda number: self.corpus[number].text,
            lambda number: self._stretch(number, everything),
            everything if len(in_english) == len(everything) else None,
            planning.BUDGET if reading.understood is None else planning.BUDGET_WITH_VECTORS,
        )

    def _can_read(self, text: str) -> bool:
        return foreign_language(text, {READ}, self.is_own_word) is None

    def _stretch(self, number: int, everything: range) -> range:
        """Return the passages of the source of passage `number` that are in `everything`."""
        source = int(self.table.source_of[number])
        starts = self.table.source_starts
        return range(
            max(int(starts[source]), everything.start),
            min(int(starts[source + 1]), everything.stop),
        )

    def _ends(
        self, hit: Ranked, sentence: str, reading: Reading, read: Scores | None
    ) -> AnswerEnds | None:
        """Return where the answer begins and ends in a hit, if the reader has read all of it."""
        if read is None or self.reader is None:
            return None
        logits = read.ends_of(int(reading.candidates[hit.candidate]))
        return None if logits is None else self.reader.ends(sentence, logits)

    def _bold(self, sentence: str, reading: Reading, ends: AnswerEnds | None) -> Span | None:
        known = self.resources
        return best_clause(
            sentence, reading.text, reading.concepts, reading.asked, self.expander.analyzers[0],
            known.associations, known.clauses if ends is None else known.read_clauses, ends,
        )  # fmt: skip

    def read(
        self, question: Question, within: range | None = None, vectors: Vectors | None = None
    ) -> Reading:
        """Return what ranking needs to know of `question`; `vectors` as for `search`."""
        everything = within if within is not None else range(self.table.size)
        text = self.expander.mended(question.text)
        if vectors is None:
            vectors = self.begin_vectors(question)  # the model works while this goes on
        language = self.foreign_language(question.text)
        concepts, kinds = self.expander.concepts(text), asked(text)
        candidates = self._candidates(concepts, POOL, everything)
        understood = vectors()
        before = self._before(question.after, understood)
        if understood is None:
            language = None  # words alone decide: all of them
        else:
            understood = understood.read(foreign=language is not None)
        if language is not None:
            concepts, kinds = _shared_by_languages(concepts), (Asked.ANYTHING,)
            candidates = self._candidates(concepts, POOL, everything)
        if understood is not None and len(everything) > FEW:
            candidates = np.union1d(candidates, understood.nearest(everything))
        if before is not None:
            nearby = np.arange(before.quote - NEARBY, before.quote + NEARBY + 1)
            nearby = nearby[(nearby >= everything.start) & (nearby < everything.stop)]
            earlier = self._candidates(before.concepts, BEFORE_POOL, everything)
            candidates = np.unique(np.concatenate([candidates, earlier, nearby]))
        context = surroundings(self.table, candidates)
        features = candidate_features(self.table, self.resources.associations, concepts, context)
        carried = None
        if before is not None:
            best = float(features.column("held").max(initial=0))
            carried = Carried(
                dependence_features(text, concepts, best),
                carried_features(self.table, self.resources.associations, before, context),
            )
        if understood is not None:
            similarities = understood.similarities(self.table, context)
            features = replace(features, similarities=similarities)
            if carried is not None:
                more = understood.carried(self.table, context)
                carried = replace(carried, features=np.hstack([carried.features, more]))
        return Reading(text, concepts, kinds, candidates, features, carried, understood, language)

    def foreign_language(self, text: str) -> str | None:
        """Return the language of `text` if it is surely none of the texts'; None without a model.

        Words that the texts hold, or English at large, speak for the language of the texts.
        """
        if self.meaning is None:
            return None
        languages = {analyzer.language for analyzer in self.expander.analyzers}
        return self.meaning.foreign(text, languages, self.is_own_word)

    def is_own_word(self, word: str) -> bool:
        """Return whether the texts hold `word`, or English at large where they are in English."""
        terms = [analyzer.term(word) for analyzer in self.expander.analyzers]
        if any(term and self.expander.index.vocabulary.find(term) >= 0 for term in terms):
            return True
        return any(
            analyzer.language == "en" and self.resources.associations.row(term) > 0
            for analyzer, term in zip(self.expander.analyzers, terms, strict=True)
        )

    def begin_vectors(self, question: Question) -> Vectors:
        """Let the model of meaning begin with `question`; what comes back waits for it."""
        if self.meaning is None:
            return lambda: None
        before = question.after.question if question.after else None
        return self.meaning.begin(question.text, before, question.id)

    def has_terms(self, text: str) -> bool:
        """Return whether anything in `text` could be looked for."""
        return any(analyzer.tokens(text) for analyzer in self.expander.analyzers)

    def _before(self, turn: Turn | None, understood: Understood | None) -> Before | None:
        """Return the turn before, read against these passages; None if it led to none of them.

        `understood`: the question after it, as vectors, if there are any.
        """
        if turn is None:
            return None
        quote = None if turn.quoted is None else self.corpus.number_of(turn.quoted)
        if quote is None:  # nothing was quoted, or it has gone: what would be quoted now
            earlier = None if understood is None else understood.earlier
            hits = self.search(
                Question(turn.question), limit=1, shown=lambda _: 0, vectors=lambda: earlier
            )
            quote = self.corpus.number_of(hits[0].passage.key) if hits else None
        if quote is None:
            return None
        return Before(
            self.expander.concepts(self.expander.mended(turn.question)),
            quote,
            self.expander.concepts(self.corpus[quote].text),
        )

    def _candidates(self, concepts: Sequence[Concept], limit: int, everything: range) -> Rows:
        """Return candidates in rising order: of few passages all, so that a paraphrase has a chance."""
        if len(everything) <= FEW:
            return np.arange(everything.start, everything.stop)
        weights: dict[str, float] = {}
        for concept in concepts:
            for reading in concept.readings:
                weight = _TRUST[reading.bond] * reading.strength
                weights[reading.term] = max(weight, weights.get(reading.term, 0.0))
        if not weights:
            return np.arange(0)
        within = everything if len(everything) < self.table.size else None
        found = self.expander.index.candidates(weights, limit, within)
        return np.sort(np.array(found.passages, np.int64))


def _made_of(corpus: Corpus, passages: Iterable[Passage]) -> tuple[dict[str, Any], Arrays]:
    """Return the parameters and arrays of a searcher over `corpus`."""
    analyzers = _analyzers(corpus.sources)
    terms: list[list[str]] = []
    sentences: list[str] = []
    words: Counter[str] = Counter()
    for passage in passages:
        text = passage.text
        terms.append(analyzers[passage.source.language].terms(text))
        sentences.append(text)
        words.update(_WORD.findall(text))
    folded: Counter[str] = Counter()
    for word, count in words.items():
        folded[fold(word)] += count
    headings = (term for source in corpus.sources for term in _heading(source, analyzers))
    index = Bm25Index(terms, also=headings)
    arrays = {
        **index.arrays(),
        **costly_arrays(index, sentences, resources().associations),
        **Speller.of(folded).arrays(),
    }
    return index.parameters(), arrays


def _shared_by_languages(concepts: tuple[Concept, ...]) -> tuple[Concept, ...]:
    """Return those that look the same in every language: names and numbers that the texts hold."""
    return tuple(c for c in concepts if c.known and (c.named or c.term[0].isdigit()))


def _analyzers(sources: Sequence[Source]) -> dict[str, Analyzer]:
    """Return an analyzer a language, that of the most sources first; ties by name."""
    count = Counter(source.language for source in sources)
    languages = sorted(count, key=lambda language: (-count[language], language)) or ["en"]
    return {language: Analyzer(language) for language in languages}


def _heading(source: Source, analyzers: Mapping[str, Analyzer]) -> list[str]:
    return analyzers[source.language].terms(f"{source.title} {source.author}")

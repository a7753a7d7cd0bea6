"""Question → hits: the parts of retrieval put together over one collection of passages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.models import Hit, Passage, Question, Role, Span, Turn
from bot.search.bm25 import backends
from bot.search.bm25.forward_index import ForwardIndex
from bot.search.bm25.index import Index
from bot.search.building import Arrays, analyzers_for, build_arrays, heading_terms
from bot.search.close_reading import CloseReading
from bot.search.embedding.similarity import EmbeddedQuestion, PassageEmbeddings
from bot.search.feature_group import FeatureGroup, as_matrix
from bot.search.highlighting.clause_features import Highlighted
from bot.search.highlighting.clauses import best_clause
from bot.search.highlighting.match_location import LONG
from bot.search.language.analysis import Analyzer
from bot.search.passage_collection import PassageCollection
from bot.search.query.aliases import own_aliases
from bot.search.query.concepts import Expander
from bot.search.query.cue_words import QuestionType
from bot.search.query.follow_ups import FollowUpFeatures
from bot.search.query.question_types import question_types
from bot.search.query.spelling import Speller
from bot.search.ranking.conversation import Conversation, PreviousTurn, TurnFeatures
from bot.search.ranking.embedding_features import (
    ConversationEmbeddingFeatures,
    EmbeddingFeatures,
)
from bot.search.ranking.features import candidate_features
from bot.search.ranking.first_stage import Coefficients, RankedCandidate, rank
from bot.search.ranking.matching import context_of
from bot.search.ranking.passage_table import PassageTable
from bot.search.ranking.second_stage import rerank
from bot.search.reading.answer_span import AnswerSpan
from bot.search.reading.reader import Reader, ReaderScores
from bot.search.resources import Resources, common_aliases, resources
from bot.search.retrieval import (
    FEW,
    POOL,
    Retrieval,
    WaitForVectors,
    conversation_candidates,
    find_candidates,
    shared_by_languages,
)
from bot.search.twins import Twins
from bot.timing import stage

MIN_PROBABILITY = 0.02
"""A passage less likely to answer is not a hit."""


@dataclass(frozen=True, slots=True, eq=False)
class Searcher:
    """Finds the passages that answer a question. Immutable, and safe to share between threads."""

    passages: PassageCollection
    table: PassageTable
    expander: Expander
    resources: Resources
    twins: Twins
    embeddings: PassageEmbeddings | None = None
    """The passages' vectors, where there is an embedding model and they are ready."""
    reader: Reader | None = None
    """Where it is installed and wanted."""
    engine_index: Index | None = None
    """The index of the same passages that a search engine holds, if one is used; it finds what the expander's would."""

    @property
    def index(self) -> Index:
        """The index that finds the candidates for questions."""
        return self.engine_index or self.expander.index

    @classmethod
    def of(cls, collection: PassageCollection, passages: Iterable[Passage]) -> Searcher:
        """Build the searcher over `collection`; `passages`: all of them, in order."""
        arrays = build_arrays(collection, passages, resources().word_vectors)
        return cls.from_arrays(collection, arrays)

    @classmethod
    def from_arrays(cls, collection: PassageCollection, arrays: Arrays) -> Searcher:
        """Build the searcher over `collection` from what `arrays` returned for it."""
        known = resources()
        analyzers = analyzers_for(collection)
        forward = ForwardIndex.from_arrays(arrays)
        main = next(iter(analyzers.values()))
        expander = Expander(
            index=backends.open_index(forward, arrays),
            vocabulary=forward.vocabulary,
            analyzers=tuple(dict.fromkeys(analyzers.values())),
            aliases=common_aliases(main.language).joined(
                own_aliases(collection.sources, analyzers)
            ),
            word_vectors=known.word_vectors,
            speller=Speller.from_arrays(arrays),
        )
        table = PassageTable.of(
            forward,
            arrays,
            collection.post_passages,
            collection.source_passages,
            [heading_terms(source, analyzers) for source in collection.sources],
        )
        return cls(collection, table, expander, known, Twins.among(collection, forward))

    def arrays(self) -> Arrays:
        """The arrays to save, by name."""
        return {
            **self.table.forward.arrays(),
            **backends.arrays_of(self.expander.index),
            **self.table.arrays(),
            **self.expander.speller.arrays(),
        }

    def search(
        self,
        question: Question,
        within: range | None = None,
        limit: int = 10,
        shown: Callable[[Sequence[Hit]], int] = len,
        vectors: WaitForVectors | None = None,
    ) -> tuple[Hit, ...]:
        """Find the passages that may answer `question`, best first, at most `limit`.

        `within`: the passages to search, by default all. `shown` says how many of the hits people will see at
        once: the best clause of these is set in bold if they are long. So is that of every hit too long to be shown
        whole, since it decides which part is shown. `vectors`: the question's, if they were begun before.
        """
        if not self.table.size:
            return ()
        retrieval = self.retrieve(question, within, vectors)
        ranker = self.resources.rankers[retrieval.ranker]
        read = self.read_closely(question, retrieval, ranker, within)
        ranked = self._rank(retrieval, ranker, read, limit)
        found: list[Hit] = []
        for one in ranked:
            number = int(retrieval.candidates[one.candidate])
            also = self.twins.of(number, within)
            passage, was_read = self.passages[number], read is not None
            found.append(Hit(passage, one.score, one.probability, read=was_read, also=also))
        seen = shown(found)
        for place, hit in enumerate(found):
            if place < seen or len(hit.passage.text) > LONG:
                text = hit.passage.text
                answer = self._answer_span(ranked[place], hit.passage, retrieval, read)
                found[place] = replace(hit, bold=self._bold(text, retrieval, answer))
        return tuple(found)

    def retrieve(
        self, question: Question, within: range | None = None, vectors: WaitForVectors | None = None
    ) -> Retrieval:
        """Find the candidates for `question` and compute their features; arguments as for `search`."""
        everything = within if within is not None else range(self.table.size)
        index = self.index
        text = self.expander.correct_question_words(question.text)
        if vectors is None:
            vectors = self.begin_vectors(question)  # the model works while this goes on
        language = self.foreign_language(question.text)
        concepts, kinds = self.expander.concepts(text), question_types(text)
        candidates = find_candidates(index, concepts, POOL, everything)
        embedded = vectors()
        turn = self._previous_turn(question.after, embedded)
        if embedded is None:
            language = None  # words alone decide: all of them
        else:
            embedded = embedded.scaled(foreign=language is not None)
        if language is not None:
            concepts, kinds = shared_by_languages(concepts), (QuestionType.ANYTHING,)
            candidates = find_candidates(index, concepts, POOL, everything)
        if embedded is not None and len(everything) > FEW:
            candidates = np.union1d(candidates, embedded.nearest(everything))
        if turn is not None:
            candidates = np.union1d(candidates, conversation_candidates(index, turn, everything))
        candidates = candidates[self.passages.roles[candidates] == Role.ANSWER]
        candidates = self.twins.distinct(candidates, self._spoken_of(turn))
        context = context_of(self.table, candidates)
        features = candidate_features(self.table, self.resources.word_vectors, concepts, context)
        conversation = None
        if turn is not None:
            best = float(features.column("held").max(initial=0))
            follow_up = FollowUpFeatures.of(text, concepts, best)
            groups: list[FeatureGroup] = [TurnFeatures.of(self.table, turn, candidates)]
            if embedded is not None:
                groups.append(ConversationEmbeddingFeatures.of(embedded, self.table, context))
            conversation = Conversation(follow_up.as_vector(), as_matrix(groups, len(candidates)))
        if embedded is not None:
            similarities = EmbeddingFeatures.of(embedded, self.table, context)
            features = replace(features, similarities=as_matrix([similarities], len(candidates)))
        return Retrieval(
            text=text,
            concepts=concepts,
            question_types=kinds,
            candidates=candidates,
            features=features,
            conversation=conversation,
            embedded=embedded,
            language=language,
        )

    def read_closely(
        self,
        question: Question,
        retrieval: Retrieval,
        ranker: Coefficients,
        within: range | None = None,
    ) -> ReaderScores | None:
        """Have the reader read the best candidates by `ranker`; None where it is missing or does not apply."""
        if self.reader is None:
            return None
        reading = CloseReading(self.reader, self.passages, self.table, self.expander.is_known_word)
        everything = within if within is not None else range(self.table.size)
        with stage("read"):
            return reading.read(question, retrieval, ranker, everything)

    def _rank(
        self, retrieval: Retrieval, ranker: Coefficients, read: ReaderScores | None, limit: int
    ) -> list[RankedCandidate]:
        if read is None:
            return rank(ranker, retrieval, limit, MIN_PROBABILITY)
        reranker, margins = (
            self.resources.rerankers[retrieval.ranker],
            read.of(retrieval.candidates),
        )
        return rerank(reranker, ranker, retrieval, margins, limit, MIN_PROBABILITY)

    def _answer_span(
        self,
        one: RankedCandidate,
        passage: Passage,
        retrieval: Retrieval,
        read: ReaderScores | None,
    ) -> AnswerSpan | None:
        """Where the reader sees the answer in a hit, if it has read all of it."""
        if read is None or self.reader is None:
            return None
        logits = read.span_logits(int(retrieval.candidates[one.candidate]))
        if logits is None:
            return None
        answer = self.reader.answer_span(passage.in_context, logits)
        end = len(passage.in_context)
        return answer and answer.inside(Span(end - len(passage.text), end))

    def _bold(self, sentence: str, retrieval: Retrieval, answer: AnswerSpan | None) -> Span | None:
        known = self.resources
        weights = known.clauses if answer is None else known.read_clauses
        return best_clause(sentence, self.highlighted(retrieval), weights, answer)

    def highlighted(self, retrieval: Retrieval) -> Highlighted:
        """The question as highlighting compares it with a sentence."""
        return Highlighted(
            retrieval.text,
            retrieval.concepts,
            retrieval.question_types,
            self.expander.analyzers[0],
            self.resources.word_vectors,
        )

    def _spoken_of(self, turn: PreviousTurn | None) -> range:
        """The passages of the text that the previous turn quoted."""
        if turn is None:
            return range(0)
        starts, source = self.table.source_starts, self.table.source_of[turn.quote]
        return range(int(starts[source]), int(starts[source + 1]))

    def _previous_turn(
        self, turn: Turn | None, embedded: EmbeddedQuestion | None
    ) -> PreviousTurn | None:
        """Analyse the previous turn; None if it led to none of these passages.

        `embedded`: the vectors of the question that follows it.
        """
        if turn is None:
            return None
        quote = None if turn.quoted is None else self.passages.number_of(turn.quoted)
        if quote is None:  # nothing was quoted, or it is gone: what would be quoted now
            before = None if embedded is None else embedded.previous_question
            hits = self.search(
                Question(turn.question), limit=1, shown=lambda _: 0, vectors=lambda: before
            )
            quote = self.passages.number_of(hits[0].passage.key) if hits else None
        if quote is None:
            return None
        corrected = self.expander.correct_question_words(turn.question)
        return PreviousTurn(self.expander.concepts(corrected), quote)

    def foreign_language(self, text: str) -> str | None:
        """Detect the language of `text` if it is certainly none of the texts'; None without an embedding model.

        Words that the texts hold, or English at large, speak for the language of the texts.
        """
        if self.embeddings is None:
            return None
        languages = {analyzer.language for analyzer in self.expander.analyzers}
        return self.embeddings.foreign(text, languages, self.expander.is_known_word)

    def begin_vectors(self, question: Question) -> WaitForVectors:
        """Let the embedding model start on `question`; the function that comes back waits for it."""
        if self.embeddings is None:
            return lambda: None
        before = question.after.question if question.after else None
        return self.embeddings.begin(question.text, before, question.id)

    def analyzer_for(self, passage: Passage) -> Analyzer:
        """The analyzer for the language of `passage`."""
        language = passage.source.language.split("-")[0]
        analyzers = self.expander.analyzers
        return next((a for a in analyzers if a.language == language), analyzers[0])

    def has_terms(self, text: str) -> bool:
        """Whether anything in `text` can be searched for."""
        return any(analyzer.tokens(text) for analyzer in self.expander.analyzers)

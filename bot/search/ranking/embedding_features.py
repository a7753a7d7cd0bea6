"""What an embedding model adds to the features of a question's candidates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bot.search.embedding.similarity import EmbeddedQuestion
from bot.search.feature_group import FeatureGroup, Floats
from bot.search.ranking.matching import CandidateContext
from bot.search.ranking.passage_table import PassageTable


@dataclass(frozen=True, slots=True, eq=False)
class EmbeddingFeatures(FeatureGroup):
    """Cosines to the question, on the scale that the ranker was fitted on."""

    sentence: Floats
    post: Floats
    before: Floats
    after: Floats
    """Of the neighbouring passages; the candidates' mean where there is none, which speaks for neither side."""
    sentence_lead: Floats
    post_lead: Floats
    """How far below the best candidate's."""
    sentence_margin: Floats
    """The same; of the best candidate, how far above the second's."""

    @classmethod
    def of(
        cls, question: EmbeddedQuestion, table: PassageTable, context: CandidateContext
    ) -> EmbeddingFeatures:
        """Compare the question with the candidates of `context`, their posts and their neighbours."""
        passages, posts = question.embeddings.passages, question.embeddings.posts
        cosines = question.scale.of(passages.cosines(question.vector, context.passages))
        own = cosines[context.own]
        if not len(own):
            return cls.zeros(0)
        post = question.scale.of(posts.cosines(question.vector, table.post_of[context.candidates]))
        padded = np.append(cosines, own.mean())
        best = own.argmax()
        lead = own - own[best]
        margin = lead.copy()
        if len(own) > 1:
            margin[best] = own[best] - np.partition(own, -2)[-2]
        return cls(
            sentence=own,
            post=post,
            before=padded[context.before],
            after=padded[context.after],
            sentence_lead=lead,
            post_lead=post - post.max(),
            sentence_margin=margin,
        )


@dataclass(frozen=True, slots=True, eq=False)
class ConversationEmbeddingFeatures(FeatureGroup):
    """After another question: cosines to that one, and to both read as one text."""

    asked_sentence: Floats
    both_sentence: Floats
    both_post: Floats

    @classmethod
    def of(
        cls, question: EmbeddedQuestion, table: PassageTable, context: CandidateContext
    ) -> ConversationEmbeddingFeatures:
        """Compare the candidates of `context` with the previous question, alone and with this one."""
        previous, both = question.previous
        passages, posts, scale = (
            question.embeddings.passages,
            question.embeddings.posts,
            question.scale,
        )
        return cls(
            asked_sentence=scale.of(passages.cosines(previous, context.candidates)),
            both_sentence=scale.of(passages.cosines(both, context.candidates)),
            both_post=scale.of(posts.cosines(both, table.post_of[context.candidates])),
        )


SIMILARITIES = EmbeddingFeatures.feature_names()
CONVERSATION_SIMILARITIES = ConversationEmbeddingFeatures.feature_names()

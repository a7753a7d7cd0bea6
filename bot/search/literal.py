"""Literal matching: passages that say a phrase, that a message repeats, or that share words with a question."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.models import Hit, Passage, Role, Span
from bot.search.bm25.index import total_idf
from bot.search.highlighting.match_location import LONG, locate
from bot.search.passage_collection import PassageCollection
from bot.search.query.concepts import MatchType
from bot.search.retrieval import POOL
from bot.search.searcher import Searcher

SAID = 0.5
"""The probability of a passage that says the words of a question of stopwords: set, not fitted."""

MOST_READ = 20_000_000
"""Characters that are searched for words that no index holds, which takes about a quarter of a second."""

_WORD = re.compile(r"[^\W\d_]+")
_CLAUSE_EDGES = (r"(?:\A|\n|[^\w\s'’-])\s*", r"\s*(?:\Z|\n|[^\w\s'’-])")
"""Before and after a clause: punctuation, or a line break."""

_NUMBER, _CORRECTED, _IN_THE_POST = 0.5, 0.5, 0.5


@dataclass(frozen=True, slots=True)
class Shared:
    """What a question and a passage have in common, counted in content words of the question.

    `words` counts the question's, `held` those that the passage holds. `weight` sums how rare the latter are in English
    (0 common … 1 rare); numbers, corrected words, and words of its post or title alone count half.
    """

    words: int
    held: int
    weight: float


def find_said(
    searcher: Searcher,
    text: str,
    within: range | None = None,
    limit: int = 10,
    *,
    least: int = 4,
    least_alone: int = 4,
) -> tuple[Hit, ...]:
    """Find the first passages that say `text` literally, ignoring case and punctuation.

    For what no index holds, such as “to be or not to be”: the texts themselves are searched, up to
    `MOST_READ` characters. `least` words or more are found anywhere, `least_alone` or more only as a clause of
    their own, since “who are we” is in many sentences by chance.
    """
    words = _WORD.findall(text)
    if len(words) < min(least, least_alone):
        return ()
    between = r"[\W_]+"
    # A cheap check of the whole post first saves four fifths of the time.
    likely = re.compile(between.join(word.lower() for word in words))
    before, after = (r"(?<!\w)", r"(?!\w)") if len(words) >= least else _CLAUSE_EDGES
    exact = re.compile(before + between.join(words) + after, re.IGNORECASE)
    everything = within if within is not None else range(searcher.table.size)
    found: list[Hit] = []
    read = 0
    for passages, text_of_post in _posts(searcher.passages, everything):
        if len(found) == limit or read > MOST_READ:
            break
        read += len(text_of_post)
        if likely.search(text_of_post.lower()):
            of_post = (searcher.passages[number] for number in passages)
            found += [
                Hit(each, SAID, SAID)
                for each in of_post
                if each.role is Role.ANSWER and exact.search(each.text)
            ]
    return tuple(found[:limit])


def _posts(collection: PassageCollection, within: range) -> Iterator[tuple[range, str]]:
    """Yield the posts whose passages are in `within`: the passages' numbers and the post's text."""
    edges = collection.post_passages
    number = 0
    for source in collection.sources:
        for at in range(len(source.posts)):
            passages = range(int(edges[number]), int(edges[number + 1]))
            number += 1
            if passages and passages[0] in within:
                yield passages, source.posts[at].text


def find_repeated(searcher: Searcher, text: str, limit: int = 10) -> tuple[Hit, ...]:
    """Find the passages that `text` repeats, the most complete first.

    A hit's probability is the share of the passage's idf that `text` repeats. In a passage that may be
    shown in part only, the repeated part is set in bold.
    """
    index = searcher.expander.index
    found = {token.term for a in searcher.expander.analyzers for token in a.tokens(text)}
    hits = []
    for number in index.candidates(dict.fromkeys(sorted(found), 1.0), POOL).passages:
        passage = searcher.passages[number]
        own = set(searcher.analyzer_for(passage).terms(passage.text))
        if not own & found:
            continue  # only the words that it stands under are repeated
        share = total_idf(index, sorted(own & found)) / total_idf(index, sorted(own))
        if len(own & found) >= min(3, len(own)):
            bold = place_in(searcher, passage, text) if len(passage.text) > LONG else None
            hits.append(Hit(passage, share, min(share, 1.0), bold))
    return tuple(sorted(hits, key=lambda hit: -hit.probability)[:limit])


def place_in(searcher: Searcher, passage: Passage, said: str) -> Span | None:
    """Locate in `passage` what was typed or repeated; None if it is not there."""
    return locate(passage.text, said, searcher.analyzer_for(passage))


def words_shared(searcher: Searcher, text: str, passage: Passage, but: str = "") -> Shared:
    """Compare the words of `text` with the passage, its post and its title; words in `but` do not count."""
    analyzer = searcher.expander.analyzers[0]
    worthless = set(analyzer.terms(but))
    around = f"{passage.post.text}\n{passage.source.title}"
    own, near = (set(analyzer.terms(words)) for words in (passage.text, around))
    concepts = searcher.expander.concepts(searcher.expander.correct_question_words(text))
    held, weight = 0, 0.0
    for concept in concepts:
        terms = {
            expansion.term
            for expansion in concept.expansions
            if expansion.match_type < MatchType.PREFIX
        }
        if concept.term in worthless:
            continue
        rarity = _NUMBER if concept.term[0].isdigit() else 1 - concept.commonness
        if all(expansion.match_type >= MatchType.SPELLING for expansion in concept.expansions):
            rarity *= _CORRECTED
        if terms & own:
            held, weight = held + 1, weight + rarity
        elif terms & near:
            weight += rarity * _IN_THE_POST
    return Shared(len(concepts), held, weight)

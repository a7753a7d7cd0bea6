"""Searching with vectors: what shares no word is found, in another language too."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.answering.answerer import Policy, answer
from bot.answering.conversation import turn_of
from bot.library.snapshots import Snapshot, build_snapshot
from bot.models import Post, Question, Source, Turn
from bot.search.embedding.builder import EmbeddingBuilder
from bot.search.embedding.embedder import Embedder
from bot.search.retrieval import FEW
from bot.terminal.answers import as_text
from bot.wording import ENGLISH as wording
from tests.samples import BREAD, BRIDGE
from tests.search.embedding.models import FailingModel, WordModel

EVERYTHING = Policy(answered=0.0, closest=0.0)


def with_model(model: Embedder, folder: Path, *sources: Source) -> Snapshot:
    snapshot = build_snapshot(sources)
    maker = EmbeddingBuilder(model, folder / "v")
    embeddings = maker.make(snapshot.passages.sources, snapshot.passages)
    assert embeddings is not None
    return snapshot.with_embeddings(embeddings)


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    return with_model(WordModel(), tmp_path, BRIDGE, BREAD)


def test_a_passage_without_a_common_word_is_found(snapshot: Snapshot) -> None:
    """By what its words mean; by words alone another one comes first, or none."""
    question = Question("zorple")
    first = answer(snapshot, question, EVERYTHING).hits[0].passage.text
    assert "salt" in first
    lexical = build_snapshot([BRIDGE, BREAD])
    found = answer(lexical, question, EVERYTHING).hits
    assert not found or "salt" not in found[0].passage.text


def test_the_nearest_are_candidates_of_a_large_text(tmp_path: Path) -> None:
    """Where BM25 alone does not even look at them."""
    posts = tuple(Post(n, f"Nothing but sentence number {n}.") for n in range(1, FEW + 20))
    long = Source("long", "Long", "@long", (*posts, Post(FEW + 20, "Flour and salt.")))
    snapshot = with_model(WordModel(), tmp_path, long)
    retrieval = snapshot.searcher.retrieve(Question("zorple"))
    assert len(snapshot.passages) - 1 in retrieval.candidates.tolist()
    assert build_snapshot([long]).searcher.retrieve(Question("zorple")).candidates.tolist() == []


def test_a_range_is_not_left(snapshot: Snapshot) -> None:
    """Asked of one text, no other is quoted."""
    given = answer(snapshot, Question("zorple"), EVERYTHING, BRIDGE.id)
    assert {hit.passage.source.id for hit in given.hits} <= {BRIDGE.id}


def test_a_follow_up_has_features_of_its_own(snapshot: Snapshot) -> None:
    """And is answered."""
    first = answer(snapshot, Question("Who was too ill to attend the opening?"), EVERYTHING)
    retrieval = snapshot.searcher.retrieve(Question("and why?", turn_of(first)))
    assert retrieval.conversation is not None
    assert np.isfinite(retrieval.conversation.turn).all()
    given = answer(snapshot, Question("and why?", turn_of(first)), EVERYTHING)
    assert "stroke" in given.hits[0].passage.text


def test_a_question_before_that_found_nothing_does_no_harm(snapshot: Snapshot) -> None:
    """Its quote is looked for again."""
    assert answer(snapshot, Question("and why?", Turn("salt and flour")), EVERYTHING).hits


def test_a_model_that_fails_leaves_the_answer_to_words(tmp_path: Path) -> None:
    """The very answer that there is without it."""
    snapshot = with_model(WordModel(), tmp_path, BRIDGE, BREAD)
    embeddings = snapshot.searcher.embeddings
    assert embeddings is not None
    broken = EmbeddingBuilder(FailingModel(), tmp_path / "v").load_cached(
        snapshot.passages.sources, snapshot.passages
    )
    assert broken is not None
    lexical = build_snapshot([BRIDGE, BREAD])
    for text in ("How hot is the oven?", "toll for carts", "zorple"):
        question = Question(text)
        given = answer(lexical.with_embeddings(broken), question, Policy())
        assert given == answer(lexical, question, Policy())


def test_the_same_question_has_the_same_answer(tmp_path: Path) -> None:
    """Whether its vectors were just made or read from disk."""
    fresh = with_model(WordModel(), tmp_path, BRIDGE, BREAD)
    kept = with_model(WordModel(), tmp_path, BRIDGE, BREAD)
    for text in ("zorple", "Who could not be there?", "toll"):
        assert answer(fresh, Question(text), Policy()) == answer(kept, Question(text), Policy())


def test_a_question_in_another_language_is_answered_in_the_texts_own(snapshot: Snapshot) -> None:
    """With a line of our own that says which it is; the quote is as it stands."""
    given = answer(snapshot, Question("¿qué precio tiene el peaje?"), EVERYTHING)
    assert given.language == "es"
    assert given.foreign_languages == ("en",)
    assert "toll" in given.hits[0].passage.text
    shown = as_text(given, snapshot)
    assert wording.quoted_in(["en"]) in shown
    assert "The toll for carts was never raised." in shown
    own = answer(snapshot, Question("what does the toll for carts cost?"), EVERYTHING)
    assert own.language is None
    assert "language" not in as_text(own, snapshot)


def test_words_that_the_texts_hold_are_no_foreign_ones(snapshot: Snapshot) -> None:
    """Whatever language they look like: a list of names is not Finnish."""
    assert snapshot.searcher.foreign_language("Tamar Brunel") is None

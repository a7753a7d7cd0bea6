"""A knowledge base gains vectors: only new texts go through the model, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.library.snapshots import Snapshot, build_snapshot
from bot.models import Post
from bot.search.embedding.builder import BATCH, EmbeddingBuilder
from tests.samples import BREAD, BRIDGE
from tests.search.embedding.models import FailingModel, WordModel


def make(maker: EmbeddingBuilder, snapshot: Snapshot) -> bool:
    return maker.make(snapshot.passages.sources, snapshot.passages) is not None


def test_a_reload_embeds_only_what_is_new(tmp_path: Path) -> None:
    """In another process too."""
    model = WordModel()
    before = build_snapshot([BRIDGE, BREAD])
    assert make(EmbeddingBuilder(model, tmp_path / "v"), before)
    model.seen.clear()
    changed = replace(BREAD, posts=(*BREAD.posts, Post(3, "Let it cool on a rack.")))
    maker = EmbeddingBuilder(model, tmp_path / "v")
    assert maker.load_cached(before.passages.sources, before.passages) is not None
    after = build_snapshot([BRIDGE, changed])
    assert maker.load_cached(after.passages.sources, after.passages) is None
    assert maker.missing(after.passages.sources, after.passages) == 1
    assert make(maker, after)
    assert model.seen == ["Let it cool on a rack."]


def test_a_text_goes_through_the_model_once(tmp_path: Path) -> None:
    """A post of one sentence is that sentence; a sentence may stand in several texts."""
    model = WordModel()
    twin = replace(BREAD, id="twin")
    assert make(EmbeddingBuilder(model, tmp_path / "v"), build_snapshot([BREAD, twin]))
    assert len(model.seen) == len(set(model.seen))


def test_the_vectors_made_so_far_survive_what_stops_the_work(tmp_path: Path) -> None:
    """Another snapshot, or a model that fails half way."""
    posts = tuple(Post(n, f"Sentence number {n} of many.") for n in range(1, 2 * BATCH + 1))
    snapshot = build_snapshot([replace(BREAD, posts=posts)])
    sources, passages = snapshot.passages.sources, snapshot.passages
    stopped = EmbeddingBuilder(WordModel(), tmp_path / "v")
    assert stopped.make(sources, passages, wanted=lambda: False) is None
    assert EmbeddingBuilder(WordModel(), tmp_path / "v").missing(sources, passages) == BATCH
    failing = EmbeddingBuilder(FailingModel(), tmp_path / "v")
    with pytest.raises(RuntimeError):
        failing.make(sources, passages)
    model = WordModel()
    assert make(EmbeddingBuilder(model, tmp_path / "v"), snapshot)
    assert len(model.seen) == BATCH

"""A knowledge base gains vectors: only new texts go through the model, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.library.snapshots import Snapshot, build_snapshot
from bot.models import Post, Source
from bot.search.embedding import builder
from bot.search.embedding.builder import BATCH, EmbeddingBuilder
from bot.search.embedding.store import key
from bot.search.embedding.text_keys import TextKeys
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


def test_only_new_sources_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a large knowledge base, to hash every text at every reload would take seconds."""
    maker = EmbeddingBuilder(WordModel(), tmp_path / "v")
    make(maker, build_snapshot([BRIDGE, BREAD]))
    hashed: list[str] = []

    def watched(text: str) -> int:
        hashed.append(text)
        return key(text)

    monkeypatch.setattr("bot.search.embedding.text_keys.key", watched)
    twin = Source("new", "T", "A", (Post(1, "Rye."),))
    assert maker.missing((BRIDGE, twin, BREAD), build_snapshot([BRIDGE, twin, BREAD]).passages) == 1
    assert set(hashed) == {"Rye."}


def test_a_text_goes_through_the_model_once(tmp_path: Path) -> None:
    """A post of one sentence is that sentence; a sentence may stand in several texts."""
    model = WordModel()
    twin = replace(BREAD, id="twin")
    assert make(EmbeddingBuilder(model, tmp_path / "v"), build_snapshot([BREAD, twin]))
    assert len(model.seen) == len(set(model.seen))


def test_texts_are_in_memory_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not all at once: of a large knowledge base these would be gigabytes. None is left out, none embedded twice."""
    monkeypatch.setattr(builder, "PART", 3)
    held: list[int] = []
    texts_of = TextKeys.texts

    def texts(self: TextKeys, *given: Any) -> dict[int, str]:
        found = texts_of(self, *given)
        held.append(len(found))
        return found

    monkeypatch.setattr(TextKeys, "texts", texts)
    posts = tuple(Post(n, f"Sentence number {n} of many.") for n in range(1, BATCH + 3))
    snapshot = build_snapshot(
        [BRIDGE, replace(BREAD, posts=posts), BREAD, replace(BREAD, id="twin")]
    )
    model = WordModel()
    assert make(EmbeddingBuilder(model, tmp_path / "v"), snapshot)
    assert len(held) >= 3
    assert max(held) == BATCH + 2  # a source is read as a whole
    assert sum(held) == len(model.seen) == len(set(model.seen))


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

"""Some of the sources, as if there were no others."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.library import selections
from bot.library.library import Library
from bot.library.selections import Selections
from bot.library.snapshots import Snapshot, build_snapshot, update_snapshot
from bot.models import Source
from bot.search.embedding.builder import EmbeddingBuilder
from tests.samples import BREAD, BRIDGE, held_by
from tests.search.embedding.models import WordModel

SECONDS = 60  # until a test that waits for a thread gives up
BRIDGE_ALONE = frozenset({"bridge"})


def test_a_selection_is_the_snapshot_of_its_sources_alone(snapshot: Snapshot) -> None:
    """Results and probabilities do not depend on other texts."""
    found = Selections(None).get(snapshot, BRIDGE_ALONE)
    assert found.id == build_snapshot([BRIDGE]).id
    assert list(found.sources) == ["bridge"]


def test_passages_have_the_same_keys_in_a_selection(snapshot: Snapshot) -> None:
    """So that buttons work in the whole snapshot and in the selection."""
    found = Selections(None).get(snapshot, BRIDGE_ALONE)
    assert all(snapshot.passage(passage.key) == passage for passage in found.passages)


@pytest.mark.parametrize("ids", [None, frozenset({"bridge", "baking/bread"}),
                                 frozenset({"bridge", "baking/bread", "gone"})])  # fmt: skip
def test_choosing_all_sources_gives_the_whole_snapshot(
    snapshot: Snapshot, ids: frozenset[str] | None
) -> None:
    """Nothing is built."""
    some = Selections(None)
    assert some.get_cached(snapshot, ids) is snapshot
    assert some.get(snapshot, ids) is snapshot


def test_unknown_ids_are_ignored(snapshot: Snapshot) -> None:
    """If all are unknown the selection is empty: texts that were not chosen are never shown."""
    some = Selections(None)
    assert list(some.get(snapshot, BRIDGE_ALONE | {"gone"}).sources) == ["bridge"]
    assert list(some.get(snapshot, frozenset({"gone"})).sources) == []


def test_a_selection_is_built_once(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    """And cached until its texts change."""
    some = Selections(None)
    assert some.get_cached(snapshot, BRIDGE_ALONE) is None
    made = some.get(snapshot, BRIDGE_ALONE)
    monkeypatch.setattr(selections, "update_snapshot", None)
    assert some.get(snapshot, BRIDGE_ALONE) is made
    assert some.get_cached(snapshot, BRIDGE_ALONE) is made


def test_a_selection_is_rebuilt_if_its_texts_have_changed(snapshot: Snapshot) -> None:
    """The old one is dropped, which frees its memory."""
    some = Selections(None)
    some.get(snapshot, BRIDGE_ALONE)
    renamed = build_snapshot([replace(BRIDGE, title="Renamed"), BREAD])
    some.follow(renamed)
    assert some.get_cached(renamed, BRIDGE_ALONE) is None
    assert some.get_cached(snapshot, BRIDGE_ALONE) is None
    assert some.get(renamed, BRIDGE_ALONE).sources["bridge"].title == "Renamed"


def test_a_selection_stays_cached_if_only_other_texts_have_changed(snapshot: Snapshot) -> None:
    some = Selections(None)
    made = some.get(snapshot, BRIDGE_ALONE)
    changed = build_snapshot([BRIDGE, replace(BREAD, title="Renamed")])
    some.follow(changed)
    assert some.get_cached(changed, BRIDGE_ALONE) is made


def many(number: int) -> Snapshot:
    return build_snapshot([replace(BREAD, id=f"s{i}") for i in range(number)])


def test_many_selections_are_cached_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Equal choices share one."""
    built: list[int] = []

    def counted(whole: Snapshot, sources: Iterable[Source]) -> Snapshot:
        built.append(1)
        return update_snapshot(whole, sources)

    monkeypatch.setattr(selections, "update_snapshot", counted)
    whole, some = many(30), Selections(None)
    for _ in range(3):
        for i in range(29):
            some.get(whole, frozenset({f"s{i}", f"s{i + 1}"}))
        some.get(whole, frozenset({"s1", "s0", "gone"}))
    assert len(built) == 29


def test_simultaneous_requests_build_a_selection_once(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, free = threading.Event(), threading.Event()
    built: list[int] = []

    def held(whole: Snapshot, sources: Iterable[Source]) -> Snapshot:
        built.append(1)
        begun.set()
        assert free.wait(SECONDS)
        return update_snapshot(whole, sources)

    monkeypatch.setattr(selections, "update_snapshot", held)
    whole, some = many(3), Selections(None)
    with ThreadPoolExecutor(4) as threads:
        found = [threads.submit(some.get, whole, frozenset({"s1"})) for _ in range(4)]
        assert begun.wait(SECONDS)
        free.set()
        first, *others = [each.result(SECONDS) for each in found]
    assert all(other is first for other in others)
    assert len(built) == 1


def test_the_cache_is_limited_by_passages(caplog: pytest.LogCaptureFixture) -> None:
    """The least recently used is dropped; a single one that is too large stays."""
    whole = many(9)
    each = len(build_snapshot([BREAD]).passages)
    some = Selections(None, passages=3 * each)
    for i in range(4):
        some.get(whole, frozenset({f"s{i}"}))
        some.get(whole, frozenset({"s0"}))
    assert some.get_cached(whole, frozenset({"s0"})) is not None
    assert some.get_cached(whole, frozenset({"s1"})) is None
    assert some.get_cached(whole, frozenset({"s3"})) is not None
    assert "was dropped" in caplog.text
    large = frozenset({f"s{i}" for i in range(8)})
    some.get(whole, large)
    assert some.get_cached(whole, large) is not None
    assert some.get_cached(whole, frozenset({"s0"})) is None


def test_the_mask_of_chosen_passages_needs_no_index(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is used at every keystroke."""
    monkeypatch.setattr(selections, "update_snapshot", None)
    some = Selections(None)
    chosen = some.passages(snapshot, BRIDGE_ALONE)
    assert chosen is not None
    assert [passage.source.id == "bridge" for passage in snapshot.passages] == chosen.tolist()
    assert some.passages(snapshot, None) is None
    assert some.passages(snapshot, frozenset(snapshot.sources)) is None


@pytest.mark.parametrize("way", ["asked", "followed"])
def test_an_earlier_whole_of_the_same_texts_is_let_go(snapshot: Snapshot, way: str) -> None:
    """Its arrays are in memory, those of its successor in the saved index."""
    some = Selections(None)
    before = snapshot.with_change(None)
    assert some.passages(before, BRIDGE_ALONE) is not None
    if way == "asked":
        some.passages(snapshot, frozenset({"baking/bread"}))
    else:
        some.follow(snapshot)
    assert not any(one is before for one in held_by(some))


def test_a_limited_number_of_masks_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is as long as the whole, and curators may change what they choose as often as they like."""
    monkeypatch.setattr(selections, "MAX_CHOICES", 3)
    some = Selections(None)
    texts = [replace(BRIDGE, id=f"bridge-{number}") for number in range(6)]
    whole = build_snapshot(texts)
    masks = [some.passages(whole, frozenset({text.id})) for text in texts]
    held = [one for one in held_by(some) if any(one is mask for mask in masks)]
    assert len(held) == 3
    np.testing.assert_array_equal(some.passages(whole, frozenset({"bridge-0"})), masks[0])


def test_a_selection_has_vectors_as_soon_as_the_whole_has(folder: Path) -> None:
    """Loaded from disk; before, BM25 alone decides."""
    model = WordModel()
    library = Library(folder, embedder=model)
    whole = library.load()
    assert library.selections.get(whole, BRIDGE_ALONE).searcher.embeddings is None
    library.embed_passages()
    made = len(model.seen)
    selection = library.selections.get(library.snapshot, BRIDGE_ALONE)
    assert selection.searcher.embeddings is not None
    assert len(selection.searcher.embeddings.passages.rows) == len(selection.passages)
    assert len(model.seen) == made


def test_a_selection_without_stored_vectors_uses_bm25_alone(folder: Path, tmp_path: Path) -> None:
    """The file may have been deleted."""
    library = Library(folder, embedder=WordModel())
    library.load()
    library.embed_passages()
    other = Selections(EmbeddingBuilder(WordModel(), tmp_path / "other.vectors"))
    assert other.get(library.snapshot, BRIDGE_ALONE).searcher.embeddings is None

"""Some of the sources, as if there were no others."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from bot.library import selections
from bot.library.library import Library
from bot.library.selections import Selections
from bot.library.snapshots import Snapshot, build_snapshot
from bot.models import Source
from bot.search.embedding.making import MeaningMaker
from tests.samples import BREAD, BRIDGE
from tests.search.embedding.models import WordModel

SECONDS = 60  # until a test that waits for a thread gives up
BRIDGE_ALONE = frozenset({"bridge"})


def test_a_selection_is_the_snapshot_of_its_sources_alone(snapshot: Snapshot) -> None:
    """What is found and how surely does not depend on the texts that are left out."""
    found = Selections(None).get(snapshot, BRIDGE_ALONE)
    assert found.id == build_snapshot([BRIDGE]).id
    assert list(found.sources) == ["bridge"]


def test_passages_have_the_same_keys(snapshot: Snapshot) -> None:
    """So that a button under an answer finds them in the whole and in the selection."""
    found = Selections(None).get(snapshot, BRIDGE_ALONE)
    assert all(snapshot.passage(passage.key) == passage for passage in found.passages)


@pytest.mark.parametrize("ids", [None, frozenset({"bridge", "baking/bread"}),
                                 frozenset({"bridge", "baking/bread", "gone"})])  # fmt: skip
def test_all_sources_are_the_whole(snapshot: Snapshot, ids: frozenset[str] | None) -> None:
    """Nothing is made."""
    some = Selections(None)
    assert some.get_cached(snapshot, ids) is snapshot
    assert some.get(snapshot, ids) is snapshot


def test_what_is_gone_counts_for_nothing(snapshot: Snapshot) -> None:
    """And where all are gone, nothing is known: texts that were not chosen are not shown."""
    some = Selections(None)
    assert list(some.get(snapshot, BRIDGE_ALONE | {"gone"}).sources) == ["bridge"]
    assert list(some.get(snapshot, frozenset({"gone"})).sources) == []


def test_each_is_made_once(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    """And is at hand from then on, until the texts change."""
    some = Selections(None)
    assert some.get_cached(snapshot, BRIDGE_ALONE) is None
    made = some.get(snapshot, BRIDGE_ALONE)
    monkeypatch.setattr(selections, "build_snapshot", None)
    assert some.get(snapshot, BRIDGE_ALONE) is made
    assert some.get_cached(snapshot, BRIDGE_ALONE) is made


def test_after_a_reload_it_is_made_anew_where_its_texts_have_changed(snapshot: Snapshot) -> None:
    """And the old one is let go: it would hold on to texts that are gone."""
    some = Selections(None)
    some.get(snapshot, BRIDGE_ALONE)
    renamed = build_snapshot([replace(BRIDGE, title="Renamed"), BREAD])
    some.follow(renamed)
    assert some.get_cached(renamed, BRIDGE_ALONE) is None
    assert some.get_cached(snapshot, BRIDGE_ALONE) is None
    assert some.get(renamed, BRIDGE_ALONE).sources["bridge"].title == "Renamed"


def test_a_reload_that_leaves_its_texts_alone_leaves_it_too(snapshot: Snapshot) -> None:
    """Whatever became of the others."""
    some = Selections(None)
    made = some.get(snapshot, BRIDGE_ALONE)
    changed = build_snapshot([BRIDGE, replace(BREAD, title="Renamed")])
    some.follow(changed)
    assert some.get_cached(changed, BRIDGE_ALONE) is made


def many(number: int) -> Snapshot:
    return build_snapshot([replace(BREAD, id=f"s{i}") for i in range(number)])


def test_however_many_are_in_use_each_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Servers that take turns do not push each other out; those that offer the same share one."""
    built: list[int] = []

    def counted(sources: Iterable[Source]) -> Snapshot:
        built.append(1)
        return build_snapshot(sources)

    monkeypatch.setattr(selections, "build_snapshot", counted)
    whole, some = many(30), Selections(None)
    for _ in range(3):
        for i in range(29):
            some.get(whole, frozenset({f"s{i}", f"s{i + 1}"}))
        some.get(whole, frozenset({"s1", "s0", "gone"}))
    assert len(built) == 29


def test_who_wants_the_same_at_once_waits_for_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is built once, not once for each."""
    begun, free = threading.Event(), threading.Event()
    built: list[int] = []

    def held(sources: Iterable[Source]) -> Snapshot:
        built.append(1)
        begun.set()
        assert free.wait(SECONDS)
        return build_snapshot(sources)

    monkeypatch.setattr(selections, "build_snapshot", held)
    whole, some = many(3), Selections(None)
    with ThreadPoolExecutor(4) as threads:
        found = [threads.submit(some.get, whole, frozenset({"s1"})) for _ in range(4)]
        assert begun.wait(SECONDS)
        free.set()
        first, *others = [each.result(SECONDS) for each in found]
    assert all(other is first for other in others)
    assert len(built) == 1


def test_the_memory_is_bounded_by_passages(caplog: pytest.LogCaptureFixture) -> None:
    """The one that nobody has asked for longest is let go; one that is too large alone is kept."""
    whole = many(9)
    each = len(build_snapshot([BREAD]).passages)
    some = Selections(None, passages=3 * each)
    for i in range(4):
        some.get(whole, frozenset({f"s{i}"}))
        some.get(whole, frozenset({"s0"}))
    assert some.get_cached(whole, frozenset({"s0"})) is not None
    assert some.get_cached(whole, frozenset({"s1"})) is None
    assert some.get_cached(whole, frozenset({"s3"})) is not None
    assert "was let go" in caplog.text
    large = frozenset({f"s{i}" for i in range(8)})
    some.get(whole, large)
    assert some.get_cached(whole, large) is not None
    assert some.get_cached(whole, frozenset({"s0"})) is None


def test_which_passages_are_chosen_is_known_without_an_index(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For what is suggested at every keystroke."""
    monkeypatch.setattr(selections, "build_snapshot", None)
    some = Selections(None)
    chosen = some.passages(snapshot, BRIDGE_ALONE)
    assert chosen is not None
    assert [passage.source.id == "bridge" for passage in snapshot.passages] == chosen.tolist()
    assert some.passages(snapshot, None) is None
    assert some.passages(snapshot, frozenset(snapshot.sources)) is None


def test_it_has_its_vectors_as_soon_as_the_whole_has(folder: Path) -> None:
    """Without the model, for they are made already; before, words alone decide."""
    model = WordModel()
    library = Library(folder, embedder=model)
    whole = library.load()
    assert library.selections.get(whole, BRIDGE_ALONE).searcher.meaning is None
    library.embed_passages()
    made = len(model.seen)
    selection = library.selections.get(library.snapshot, BRIDGE_ALONE)
    assert selection.searcher.meaning is not None
    assert len(selection.searcher.meaning.passages.rows) == len(selection.passages)
    assert len(model.seen) == made


def test_a_maker_that_lacks_them_leaves_it_to_the_words(folder: Path, tmp_path: Path) -> None:
    """The file of the vectors may have been taken away."""
    library = Library(folder, embedder=WordModel())
    library.load()
    library.embed_passages()
    other = Selections(MeaningMaker(WordModel(), tmp_path / "other.vectors"))
    assert other.get(library.snapshot, BRIDGE_ALONE).searcher.meaning is None

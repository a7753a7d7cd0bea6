"""Some of the sources, as if there were no others."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot import selections
from bot.library import Library
from bot.retrieval.meaning.making import MeaningMaker
from bot.selections import MOST, Selections
from bot.snapshots import Snapshot, build_snapshot
from tests.retrieval.meaning.models import WordModel
from tests.texts import BREAD, BRIDGE

BRIDGE_ALONE = frozenset({"bridge"})


def test_a_selection_is_the_snapshot_of_its_sources_alone(snapshot: Snapshot) -> None:
    """What is found and how surely does not depend on the texts that are left out."""
    found = Selections(None).of(snapshot, BRIDGE_ALONE)
    assert found.id == build_snapshot([BRIDGE]).id
    assert list(found.sources) == ["bridge"]


def test_passages_have_the_same_keys(snapshot: Snapshot) -> None:
    """So that a button under an answer finds them in the whole and in the selection."""
    found = Selections(None).of(snapshot, BRIDGE_ALONE)
    assert all(snapshot.passage(passage.key) == passage for passage in found.passages)


@pytest.mark.parametrize("ids", [None, frozenset({"bridge", "baking/bread"}),
                                 frozenset({"bridge", "baking/bread", "gone"})])  # fmt: skip
def test_all_sources_are_the_whole(snapshot: Snapshot, ids: frozenset[str] | None) -> None:
    """Nothing is made."""
    some = Selections(None)
    assert some.at_hand(snapshot, ids) is snapshot
    assert some.of(snapshot, ids) is snapshot


def test_what_is_gone_counts_for_nothing(snapshot: Snapshot) -> None:
    """And where all are gone, nothing is known: texts that were not chosen are not shown."""
    some = Selections(None)
    assert list(some.of(snapshot, BRIDGE_ALONE | {"gone"}).sources) == ["bridge"]
    assert list(some.of(snapshot, frozenset({"gone"})).sources) == []


def test_each_is_made_once(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    """And is at hand from then on, until the texts change."""
    some = Selections(None)
    assert some.at_hand(snapshot, BRIDGE_ALONE) is None
    made = some.of(snapshot, BRIDGE_ALONE)
    monkeypatch.setattr(selections, "build_snapshot", None)
    assert some.of(snapshot, BRIDGE_ALONE) is made
    assert some.at_hand(snapshot, BRIDGE_ALONE) is made


def test_after_a_reload_it_is_made_anew_and_the_old_ones_are_let_go(snapshot: Snapshot) -> None:
    """They would hold on to texts that are gone."""
    some = Selections(None)
    some.of(snapshot, BRIDGE_ALONE)
    renamed = build_snapshot([replace(BRIDGE, title="Renamed"), BREAD])
    assert some.of(renamed, BRIDGE_ALONE).sources["bridge"].title == "Renamed"
    assert some.at_hand(snapshot, BRIDGE_ALONE) is None


def test_the_memory_is_bounded() -> None:
    """The one that nobody has asked for longest is let go."""
    whole = build_snapshot([replace(BREAD, id=f"s{i}") for i in range(MOST + 2)])
    some = Selections(None)
    for i in range(MOST + 1):
        some.of(whole, frozenset({f"s{i}"}))
        some.of(whole, frozenset({"s0"}))
    assert some.at_hand(whole, frozenset({"s0"})) is not None
    assert some.at_hand(whole, frozenset({"s1"})) is None
    assert some.at_hand(whole, frozenset({f"s{MOST}"})) is not None


def test_it_has_its_vectors_as_soon_as_the_whole_has(folder: Path) -> None:
    """Without the model, for they are made already; before, words alone decide."""
    model = WordModel()
    library = Library(folder, embedder=model)
    whole = library.load()
    assert library.selections.of(whole, BRIDGE_ALONE).searcher.meaning is None
    library.add_meaning()
    made = len(model.seen)
    selection = library.selections.of(library.snapshot, BRIDGE_ALONE)
    assert selection.searcher.meaning is not None
    assert len(selection.searcher.meaning.passages.rows) == len(selection.passages)
    assert len(model.seen) == made


def test_a_maker_that_lacks_them_leaves_it_to_the_words(folder: Path, tmp_path: Path) -> None:
    """The file of the vectors may have been taken away."""
    library = Library(folder, embedder=WordModel())
    library.load()
    library.add_meaning()
    other = Selections(MeaningMaker(WordModel(), tmp_path / "other.vectors"))
    assert other.of(library.snapshot, BRIDGE_ALONE).searcher.meaning is None

"""A library whose passages are searched in OpenSearch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.library.library import Library
from bot.models import Post, Question
from bot.search.opensearch.engine import Engine
from bot.search.opensearch.engine_index import EngineIndex
from bot.search.opensearch.indexes import Indexes, IndexLayout
from bot.search.opensearch.nodes import ClusterAddress, Nodes
from bot.search.retrieval import FEW
from bot.texts.folder import write_source
from bot.wording import ENGLISH as answers
from tests.samples import BREAD
from tests.search.embedding.models import WordModel
from tests.search.opensearch.conftest import no_pause
from tests.search.opensearch.stand_in import StandIn, served

ASKED = Question("Who was too ill to attend the opening?")
OTHER = replace(BREAD, id="more", posts=(Post(1, "Rye needs no kneading."),))


@pytest.fixture
def stand_in() -> StandIn:
    return StandIn()


@pytest.fixture
def indexes(stand_in: StandIn) -> Iterator[Indexes]:
    with served(stand_in) as url:
        nodes = Nodes(ClusterAddress((url,)), probe_in_background=False)
        yield Indexes(nodes, IndexLayout("texts"), no_pause)
        nodes.close()


def test_answers_are_the_same(folder: Path, indexes: Indexes, stand_in: StandIn) -> None:
    """To the last digit of their probabilities."""
    engine = Engine(indexes, in_background=False)
    embedded, searched = Library(folder), Library(folder, engine=engine)
    expected = embedded.load().searcher.search(ASKED)
    searcher = searched.load().searcher
    assert searcher.search(ASKED) == expected
    engine.step()
    before = len(stand_in.requests)
    assert searcher.search(ASKED) == expected
    assert len(stand_in.requests) > before


def test_a_reload_that_the_cluster_cannot_follow_changes_nothing(
    folder: Path, indexes: Indexes, stand_in: StandIn
) -> None:
    """Without a fallback: the old texts are searched on, and the curator reads why."""
    engine = Engine(indexes, fallback=False, in_background=False)
    library = Library(folder, engine=engine)
    before = library.load()
    engine.step()
    write_source(OTHER, folder)
    stand_in.fault = lambda _, path: (503, {}) if path.endswith("_bulk") else None
    reload = library.reload()
    assert not reload.swapped
    assert library.snapshot is before
    assert "OpenSearch: http" in str(reload.problems[0])
    assert library.snapshot.searcher.search(ASKED)
    stand_in.fault = lambda *_: None
    assert library.reload().swapped
    assert library.snapshot.searcher.search(Question("Does rye need kneading?"))


def test_an_index_that_is_saved_is_searched_from_its_file(
    folder: Path, indexes: Indexes, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine keeps no copy of it in memory; the cluster is not asked."""
    monkeypatch.setattr("bot.library.library.SAVE_FROM", 1)
    engine = Engine(indexes, in_background=False)
    library = Library(folder, engine=engine, save_after=None)
    searcher = library.load().searcher
    engine_index = library.snapshot.searcher.engine_index
    assert isinstance(engine_index, EngineIndex)
    assert engine_index.local is library.snapshot.searcher.expander.index
    engine.step()
    before = len(stand_in.requests)
    assert searcher.search(ASKED) == library.snapshot.searcher.search(ASKED)
    assert len(stand_in.requests) == before + 2


def test_a_reload_of_unchanged_texts_asks_the_cluster_nothing(
    folder: Path, indexes: Indexes, stand_in: StandIn
) -> None:
    """The index stays as it is."""
    engine = Engine(indexes, in_background=False)
    library = Library(folder, engine=engine)
    library.load()
    engine.step()
    before = len(stand_in.requests)
    assert library.reload().swapped
    assert len(stand_in.requests) == before


def test_a_renamed_file_needs_no_new_index(
    folder: Path, indexes: Indexes, stand_in: StandIn
) -> None:
    """Its words are the same, so the cluster has them already; answers name the file as it is called now."""
    engine = Engine(indexes, in_background=False)
    library = Library(folder, engine=engine)
    library.load()
    engine.step()
    (folder / "bridge.md").rename(folder / "bridges.md")
    assert library.reload().swapped
    engine.step()
    assert len(stand_in.indexes) == 1
    assert library.snapshot.searcher.search(ASKED)[0].passage.source.id == "bridges"
    assert sum("_bulk" in path for _, path in stand_in.requests) == 1


def test_a_removed_source_is_found_no_more(
    folder: Path, indexes: Indexes, stand_in: StandIn
) -> None:
    """Neither before the cluster has the new index, nor then; a question of before still has it."""
    engine = Engine(indexes, in_background=False)
    library = Library(folder, engine=engine)
    old = library.load()
    engine.step()
    (folder / "bridge.md").unlink()
    assert library.reload().swapped
    for _ in range(2):
        found = library.snapshot.searcher.search(ASKED)
        assert all(hit.passage.source.id != "bridge" for hit in found)
        assert old.searcher.search(ASKED)[0].passage.source.id == "bridge"
        engine.step()
    assert len(stand_in.indexes) == 2


def test_passages_are_found_by_meaning_among_many(
    folder: Path, indexes: Indexes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the cluster's k-NN, whether the vectors come with the texts or later; /sources says which it is."""
    monkeypatch.setattr("bot.search.embedding.similarity.EXACT_UP_TO", FEW)
    monkeypatch.setattr("bot.search.opensearch.engine_vectors.EXACT_UP_TO", FEW)
    monkeypatch.setattr("bot.library.embedding.EXACT_UP_TO", FEW)
    lines = [f"Line {number} tells of a lamp on quay {number}." for number in range(FEW)]
    lines.append("Fifty grams of zorple were added.")
    write_source(
        replace(OTHER, posts=tuple(Post(n, line) for n, line in enumerate(lines, 1))), folder
    )
    engine = Engine(indexes, in_background=False)
    library = Library(folder, embedder=WordModel(), engine=engine)
    library.load()

    def found() -> bool:
        snapshot = library.snapshot
        numbers = snapshot.searcher.retrieve(Question("How much salt went in?")).candidates
        return any("zorple" in snapshot.passages[number].text for number in numbers.tolist())

    def said() -> str:
        return answers.meaning(library.embedding_status)

    library.embed_passages()
    engine.step()
    assert not found()
    assert said().endswith("order them by their meaning, too.")
    engine.vectors.step()
    assert found()
    assert said() == "I find passages by their words and their meaning."
    write_source(replace(BREAD, id="bread"), folder)
    library.reload()
    assert not found()
    engine.step()
    engine.vectors.step()
    assert found()
    library.index_file.unlink(missing_ok=True)
    library._save()
    assert found()

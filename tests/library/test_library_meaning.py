"""A snapshot answers by words at once, and gains meaning when its vectors are there."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from bot.answering.answerer import Policy, answer
from bot.library.embedding import EmbeddingStatus
from bot.library.library import Library
from bot.models import Post, Question
from bot.search.embedding.embedder import Floats
from bot.terminal.reports import print_meaning
from bot.texts.folder import write_source
from bot.wording import ENGLISH as texts
from tests.samples import BREAD
from tests.search.embedding.models import FailingModel, WordModel
from tests.search.embedding.test_calibration import Blind, Unknown

SECONDS = 20  # until a test that waits for a thread gives up


class Slow(WordModel):
    """Waits until it may go on."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = threading.Event()
        self.free = threading.Event()

    def passages(self, texts: Sequence[str]) -> Floats:
        self.begun.set()
        assert self.free.wait(SECONDS)
        return super().passages(texts)


def vector_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "vectors"]


def has_meaning(library: Library) -> bool:
    return library.snapshot.searcher.embeddings is not None


def wait_for_vectors() -> None:
    for thread in vector_threads():
        thread.join(SECONDS)


def test_without_an_embedder_no_vectors_are_stored(folder: Path) -> None:
    library = Library(folder)
    library.load()
    library.embed_passages()
    assert library.embedding_status is None
    assert library.missing_vectors() == 0
    assert not has_meaning(library)
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_a_snapshot_answers_by_words_while_it_is_embedded_in_the_background(folder: Path) -> None:
    """Then it has vectors, and the status says so."""
    model = Slow()
    library = Library(folder, embedder=model, embed_in_background=True)
    library.load()
    assert model.begun.wait(SECONDS)
    assert not has_meaning(library)
    assert answer(library.snapshot, Question("How hot is the oven?"), Policy()).hits
    assert "soon, too" in texts.meaning(library.embedding_status)
    model.free.set()
    wait_for_vectors()
    assert has_meaning(library)
    assert texts.meaning(library.embedding_status).endswith("their meaning.")


def test_the_next_start_loads_stored_vectors(folder: Path) -> None:
    """Nothing is embedded again."""
    first = Library(folder, embedder=WordModel())
    first.load()
    first.embed_passages()
    model = WordModel()
    second = Library(folder, embedder=model, embed_in_background=True)
    assert second.load() is not None
    assert second.snapshot.searcher.embeddings is not None
    assert model.seen == []
    assert not vector_threads()


def test_another_model_stores_its_vectors_in_another_file(folder: Path) -> None:
    """So that one can switch back."""
    for name in ("one 1", "two 1"):
        library = Library(folder, embedder=WordModel(name))
        library.load()
        library.embed_passages()
    kept = sorted(path.name for path in folder.parent.glob(".*"))
    assert kept == [".knowledge.one.vectors", ".knowledge.two.vectors"]


def test_a_reload_stops_embedding_the_old_snapshot(folder: Path) -> None:
    """The new one is embedded instead."""
    model = Slow()
    library = Library(folder, embedder=model, embed_in_background=True)
    library.load()
    assert model.begun.wait(SECONDS)
    write_source(replace(BREAD, id="new", posts=(Post(1, "Rye needs more water."),)), folder)
    library.reload()
    model.free.set()
    wait_for_vectors()
    assert "new" in library.snapshot.sources
    assert has_meaning(library)
    assert library.embedding_status is not None
    assert library.embedding_status.ready


@pytest.mark.parametrize("change", ["nothing", "a text is removed", "a text is written again"])
def test_a_reload_with_all_vectors_stored_has_them_immediately(
    folder: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """However large the knowledge base: no answer goes without vectors in between."""
    monkeypatch.setattr("bot.library.library.LOAD_VECTORS_UP_TO", 0)
    library = Library(folder, embedder=WordModel())
    library.load()
    assert not has_meaning(library)
    library.embed_passages()
    before = library.snapshot
    path = folder / "bridge.md"
    if change == "a text is removed":
        path.unlink()
    elif change == "a text is written again":
        path.write_text(path.read_text(encoding="utf-8") + "\n\n", encoding="utf-8")
    reload = library.reload()
    assert reload.swapped
    assert reload.snapshot is library.snapshot
    assert has_meaning(library)
    assert library.embedding_status is not None
    assert library.embedding_status.ready
    assert bool(reload.changes) == (change == "a text is removed")
    assert (library.snapshot is before) == (not reload.changes)


def test_after_a_small_change_no_answer_goes_without_vectors(folder: Path) -> None:
    """The few new texts are embedded before they are live, and nothing else is."""
    model = WordModel()
    library = Library(folder, embedder=model)
    library.load()
    library.embed_passages()
    model.seen.clear()
    write_source(replace(BREAD, id="new", posts=(Post(1, "Rye needs more water."),)), folder)
    assert library.reload().snapshot.searcher.embeddings is not None
    assert model.seen == ["Rye needs more water."]


def test_a_model_that_fails_during_a_small_change_does_not_hold_it_up(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Answers go on by words."""
    model = WordModel()
    library = Library(folder, embedder=model)
    library.load()
    library.embed_passages()
    monkeypatch.setattr(model, "passages", FailingModel().passages)
    write_source(replace(BREAD, id="new", posts=(Post(1, "Rye needs more water."),)), folder)
    assert library.reload().changes.added == ("new",)
    assert not has_meaning(library)


def test_a_reload_without_changes_does_not_interrupt_embedding(folder: Path) -> None:
    model = Slow()
    library = Library(folder, embedder=model, embed_in_background=True)
    library.load()
    assert model.begun.wait(SECONDS)
    library.reload()
    model.free.set()
    wait_for_vectors()
    assert has_meaning(library)
    assert len(model.seen) == len(set(model.seen))


def test_if_the_model_fails_answers_go_on_without_it(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The failure is logged, and shown in /sources."""
    library = Library(folder, embedder=FailingModel(), embed_in_background=True)
    library.load()
    wait_for_vectors()
    assert library.embedding_status is not None
    assert library.embedding_status.failed
    assert "failed" in texts.meaning(library.embedding_status)
    assert "out of memory" in caplog.text
    assert answer(library.snapshot, Question("How hot is the oven?"), Policy()).hits


def test_a_default_calibration_is_shown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In /sources and by `check`, for a model that no ranker was fitted for."""
    for model, said, checked in (
        (WordModel(), texts.meaning(EmbeddingStatus("", ready=True)), "its own, fitted on"),
        (Unknown(), "this model has no calibration of its own", "a default for models"),
        (Blind(name="blind 1"), "has failed", "none, so answers go by words alone"),
    ):
        library = Library(folder, embedder=model)
        library.load()
        library.embed_passages()
        assert said in texts.meaning(library.embedding_status)
        print_meaning(Console(width=200), library, model, wanted=True)
        assert f"calibration: {checked}" in capsys.readouterr().out


def test_progress_of_embedding_is_reported(folder: Path) -> None:
    """Batch by batch."""
    seen: list[tuple[int, str]] = []
    library = Library(folder, embedder=WordModel())
    library.load()
    assert library.missing_vectors() > 0

    def track(items, total, what):  # type: ignore[no-untyped-def]
        seen.append((total, what))
        return items

    library.embed_passages(track)
    assert seen == [(1, "vectors")]
    assert library.missing_vectors() == 0

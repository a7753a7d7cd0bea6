"""Whatever becomes of the texts, their searcher has the reader."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.library.library import Library
from bot.models import Post
from bot.texts.folder import write_source
from tests.samples import BREAD
from tests.search.embedding.models import WordModel
from tests.search.reading.readers import some_reader


def write_another(folder: Path) -> None:
    write_source(replace(BREAD, id="new", posts=(Post(1, "Rye needs more water."),)), folder)


def test_without_a_reader_no_searcher_has_one(folder: Path) -> None:
    assert Library(folder).load().searcher.reader is None


def test_the_reader_is_there_after_each_load(folder: Path) -> None:
    """Whether or not anything has changed."""
    reader = some_reader()
    library = Library(folder, reader=reader)
    assert library.snapshot.searcher.reader is reader
    for changed in (False, False, True):
        if changed:
            write_another(folder)
        assert library.reload().snapshot.searcher.reader is reader
        assert library.snapshot.searcher.reader is reader


def test_a_saved_index_gets_the_reader_of_the_library_that_loads_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not part of the file."""
    monkeypatch.setattr("bot.library.library.SAVE_FROM", 1)
    reader = some_reader()
    first = Library(folder, reader=reader)
    assert first.load().searcher.reader is reader
    assert first.index_file.exists()
    monkeypatch.setattr("bot.library.snapshots.build_snapshot", None)
    assert Library(folder, reader=reader).load().searcher.reader is reader
    assert Library(folder).load().searcher.reader is None


@pytest.mark.parametrize("on_disk", [False, True])
def test_the_reader_stays_when_vectors_are_added(folder: Path, on_disk: bool) -> None:
    """Computed now or loaded."""
    if on_disk:
        before = Library(folder, embedder=WordModel())
        before.load()
        before.embed_passages()
    reader = some_reader()
    library = Library(folder, embedder=WordModel(), reader=reader)
    library.load()
    assert (library.snapshot.searcher.embeddings is not None) is on_disk
    library.embed_passages()
    assert library.snapshot.searcher.embeddings is not None
    assert library.snapshot.searcher.reader is reader


def test_selections_have_the_reader_too(folder: Path) -> None:
    """Before and after they get vectors."""
    reader = some_reader()
    library = Library(folder, embedder=WordModel(), reader=reader)
    library.load()
    for ready in (False, True):
        selection = library.selections.get(library.snapshot, frozenset({"bridge"}))
        assert (selection.searcher.embeddings is not None) is ready
        assert selection.searcher.reader is reader
        library.embed_passages()

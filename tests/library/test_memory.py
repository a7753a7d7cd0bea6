"""How much memory texts take on their way into an index."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from bot.files import spool
from bot.library.snapshots import build_snapshot, update_snapshot
from bot.models import Post, Source
from bot.texts import corpus_splice, folder
from bot.texts.corpus import Corpus
from bot.texts.folder import read_folder, write_source

SIZE = 10_000
"""Bytes of a source, in ten posts of one sentence each, so that its passages hardly count."""


@pytest.fixture(autouse=True)
def little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (spool, folder, corpus_splice):
        monkeypatch.setattr(module, "MEMORY", 2 * SIZE)


def source(number: int) -> Source:
    words = f"lamp{number} burns whale oil at the pier "
    text = (words * (SIZE // 10 // len(words))).strip() + "."
    return Source(
        f"s{number:03}", f"Lamp {number}", "Ines", tuple(Post(i, text) for i in range(1, 11))
    )


def filled(path: Path, count: int) -> Path:
    path.mkdir(parents=True)
    for number in range(count):
        write_source(source(number), path)
    return path


def peak_of_reading(path: Path) -> int:
    """The most bytes that are allocated while a folder is read and split."""
    tracemalloc.start()
    try:
        Corpus.of(read_folder(path).sources, spool.Spool(path.parent))
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_not_all_texts_are_in_memory_while_they_are_read_and_split(tmp_path: Path) -> None:
    """What grows with them, files and passages, is less than they are; read and split they would count twice."""
    few, many = filled(tmp_path / "few" / "texts", 6), filled(tmp_path / "many" / "texts", 18)
    peak_of_reading(few)  # what is loaded once
    assert peak_of_reading(many) - peak_of_reading(few) < 0.7 * 12 * SIZE


def test_what_is_read_from_a_temporary_file_is_the_same(tmp_path: Path) -> None:
    """Sources, passages and index, of a first start and of a reload, also when the file is long gone."""
    path = filled(tmp_path / "texts", 5)
    expected = build_snapshot([source(number) for number in range(5)])
    found = build_snapshot(read_folder(path).sources, folder=tmp_path)
    assert found.id == expected.id
    assert list(found.passages) == list(expected.passages)
    assert list(tmp_path.iterdir()) == [path]
    left = [source(number) for number in (1, 2, 4, 7)]
    spliced = update_snapshot(found, left, folder=tmp_path)
    assert list(spliced.passages) == list(build_snapshot(left).passages)
    for name, array in build_snapshot(left).searcher.arrays().items():
        assert (spliced.searcher.arrays()[name] == array).all(), name

"""What has been through a model is kept, and nothing that is damaged is trusted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.search.embedding.store import VectorStore, key


def filled(path: Path, model: str = "m 1") -> VectorStore:
    store = VectorStore(path, model)
    store.add([key("b"), key("a")], np.array([[1, 2], [3, 4]], np.int8))
    store.save()
    return store


def keys(*texts: str) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    return np.array([key(text) for text in texts], np.uint64)


def test_vectors_are_found_again_by_text(tmp_path: Path) -> None:
    """In another process too, in whatever order they came."""
    filled(tmp_path / "v")
    again = VectorStore(tmp_path / "v", "m 1")
    rows = again.rows(keys("a", "x", "b"))
    assert rows[1] == -1
    assert again.vectors[rows[[0, 2]]].tolist() == [[3, 4], [1, 2]]


def test_more_can_be_added_to_what_was_read(tmp_path: Path) -> None:
    """And is kept beside it."""
    filled(tmp_path / "v")
    again = VectorStore(tmp_path / "v", "m 1")
    again.add([key("c")], np.array([[5, 6]], np.int8))
    again.save()
    third = VectorStore(tmp_path / "v", "m 1")
    assert third.vectors[third.rows(keys("a", "b", "c"))].tolist() == [[3, 4], [1, 2], [5, 6]]


def test_the_vectors_of_another_model_are_not_used(tmp_path: Path) -> None:
    """Nor those of another version of it."""
    filled(tmp_path / "v")
    assert (VectorStore(tmp_path / "v", "m 2").rows(keys("a")) == -1).all()


def test_damage_is_noticed_and_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """One bit is enough."""
    filled(tmp_path / "v")
    data = bytearray((tmp_path / "v").read_bytes())
    data[-1] ^= 1
    (tmp_path / "v").write_bytes(data)
    assert (VectorStore(tmp_path / "v", "m 1").rows(keys("a", "b")) == -1).all()
    assert "computed again" in caplog.text


def test_what_no_text_says_any_more_is_forgotten_once_it_is_the_greater_part(
    tmp_path: Path,
) -> None:
    """Not at once: a text that comes back soon has its vectors still."""
    store = VectorStore(tmp_path / "v", "m")
    store.add([key(c) for c in "abcde"], np.arange(10, dtype=np.int8).reshape(5, 2))
    store.keep_only(keys("a", "b", "c"))
    assert len(store.keys) == 5
    store.keep_only(keys("a", "b"))
    assert store.vectors[store.rows(keys("a", "b"))].tolist() == [[0, 1], [2, 3]]
    assert len(store.keys) == 2


def test_a_full_disk_is_reported_and_survived(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The vectors are there, only not for the next start."""
    store = filled(tmp_path / "missing" / "v")
    assert (store.rows(keys("a")) >= 0).all()
    assert "cannot be saved" in caplog.text

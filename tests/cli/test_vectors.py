"""`verbatim vectors`."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from bot.cli.setup import Setup
from bot.files import array_file
from bot.search.reading import reader as reading
from tests.cli.runner import run
from tests.search.embedding.models import WordModel


def test_vectors_embeds_every_passage_without_loading_the_reader(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Loading it would cost a second and 85 MB for nothing."""
    loaded: list[object] = []
    monkeypatch.setattr(reading, "load", loaded.append)
    monkeypatch.setattr(Setup, "embedder", WordModel())
    result = run("vectors", "--knowledge", folder)
    assert result.exit_code == 0, result.output
    assert "passages have vectors of" in result.stdout
    assert loaded == []


def test_vectors_that_cannot_be_saved_are_a_failure(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next start would not find them: exit status 1, and what that means."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Setup, "embedder", WordModel())
    monkeypatch.setattr(array_file, "write", full)
    result = run("vectors", "--knowledge", folder)
    assert result.exit_code == 1
    assert f"verbatim: {folder}: the vectors could not be saved" in result.stderr


def test_vectors_without_a_model_says_how_to_get_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one line, with exit status 1."""
    monkeypatch.setattr(Setup, "embedder", None)
    result = run("vectors", "--knowledge", folder)
    assert result.exit_code == 1
    assert result.stderr.startswith("verbatim: search.semantic: there is no model:")

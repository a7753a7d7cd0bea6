"""Keeps the developer's own configuration out of the tests."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def empty_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a config.yaml, and without a token or a database in the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VERBATIM_TOKEN", raising=False)
    monkeypatch.delenv("VERBATIM_STORAGE_URL", raising=False)

"""Data files are read when they are needed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.models import VerbatimError
from bot.retrieval.resources import Rankers


def test_a_stale_ranker_keeps_nobody_from_reading_texts(tmp_path: Path) -> None:
    """A fit for a new list of features begins with the files of the old one."""
    path = tmp_path / "ranking.json"
    path.write_text('{"similarities": {}}', encoding="utf-8")
    rankers = Rankers({"lexical": path})
    assert list(rankers) == ["lexical"]
    with pytest.raises(VerbatimError, match=r"ranking\.json"):
        rankers["lexical"]

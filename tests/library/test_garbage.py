"""The garbage collector waits while a large snapshot is made."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.library.garbage import no_collections
from bot.library.library import Library
from bot.library.snapshots import update_snapshot
from bot.texts.folder import write_source
from tests.samples import BREAD


@pytest.fixture(autouse=True)
def _thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_no_collection_happens_within_and_what_was_made_is_left_out_later() -> None:
    """Also where one begins within another."""
    before = gc.get_freeze_count()
    with no_collections():
        with no_collections():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()
    assert gc.get_freeze_count() > before


@pytest.mark.parametrize("large", [True, False])
def test_the_collector_waits_for_a_large_reload_alone(
    folder: Path, monkeypatch: pytest.MonkeyPatch, large: bool
) -> None:
    """The snapshot before is freed without it: nothing in it refers to itself."""
    library = Library(folder)
    library.load()
    made = update_snapshot
    enabled: list[bool] = []

    def observed(*args: Any) -> Any:
        enabled.append(gc.isenabled())
        return made(*args)

    monkeypatch.setattr("bot.library.library.update_snapshot", observed)
    monkeypatch.setattr("bot.library.library.SAVE_FROM", 1 if large else 1_000)
    write_source(replace(BREAD, id="new"), folder)
    old = weakref.ref(library.snapshot)
    assert library.reload().swapped
    assert enabled == [not large]
    assert gc.isenabled()
    assert old() is None

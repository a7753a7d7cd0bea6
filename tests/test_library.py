"""The library swaps whole snapshots, or changes nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.library import Library, build_snapshot, changes_between
from bot.models import Post, VerbatimError
from bot.sources.folder import write_source
from tests.texts import BREAD, BRIDGE

BROKEN = "---\ntitle: x\n---\nNobody wrote this.\n"


def test_a_snapshot_is_the_same_whenever_it_is_built() -> None:
    """Its id depends on the texts alone."""
    assert build_snapshot([BRIDGE, BREAD]).id == build_snapshot([BRIDGE, BREAD]).id
    assert build_snapshot([BRIDGE]).id != build_snapshot([BRIDGE, BREAD]).id


def test_a_passage_is_found_again_by_its_key() -> None:
    """Also in a later snapshot, unless it has changed or moved."""
    before = build_snapshot([BRIDGE, BREAD])
    after = build_snapshot([BREAD])
    for passage in before.passages:
        found = after.passage(passage.key)
        assert (found is None) == (passage.source.id == BRIDGE.id)
        assert found is None or found.text == passage.text


def test_changes_are_told_by_source() -> None:
    """Added, changed and removed, each by id."""
    other = replace(BRIDGE, posts=(Post(1, "Something else."),))
    new = replace(BREAD, id="new")
    changes = changes_between(build_snapshot([BRIDGE, BREAD]), build_snapshot([other, new]))
    assert changes.added == ("new",)
    assert changes.changed == (BRIDGE.id,)
    assert changes.removed == (BREAD.id,)


def test_a_broken_file_leaves_what_is_known_as_it_is(folder: Path) -> None:
    """The reload says which file and why, and a question finds the old snapshot."""
    library = Library(folder)
    before = library.load()
    (folder / "broken.md").write_text(BROKEN, encoding="utf-8")
    write_source(replace(BREAD, id="more"), folder)
    reload = library.reload()
    assert not reload.swapped
    assert library.snapshot is before
    assert [str(problem) for problem in reload.problems] == [
        "broken.md, line 2: `author` is missing"
    ]


def test_the_good_files_load_when_the_curator_says_so(folder: Path) -> None:
    """What is left out stays known."""
    library = Library(folder)
    library.load()
    (folder / "broken.md").write_text(BROKEN, encoding="utf-8")
    write_source(replace(BREAD, id="more"), folder)
    reload = library.reload(skip_broken=True)
    assert reload.swapped
    assert reload.changes.added == ("more",)
    assert "more" in library.snapshot.sources
    assert len(library.skipped) == 1


def test_nothing_good_is_never_swapped_in(folder: Path) -> None:
    """A folder that was emptied by mistake does not make the bot forget everything."""
    library = Library(folder)
    before = library.load()
    for path in folder.rglob("*.md"):
        path.unlink()
    assert not library.reload(skip_broken=True).swapped
    assert library.snapshot is before


def test_a_start_with_a_broken_file_fails_unless_the_config_allows_it(folder: Path) -> None:
    """Never silently with fewer texts."""
    (folder / "broken.md").write_text(BROKEN, encoding="utf-8")
    with pytest.raises(VerbatimError, match=r"broken\.md"):
        Library(folder).load()
    assert len(Library(folder, skip_broken=True).load().sources) == 2

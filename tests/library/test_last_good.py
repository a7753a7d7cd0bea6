"""A file that cannot be read any more stays as it was, until a curator says otherwise."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.library.library import Library
from bot.models import Question
from bot.texts.folder import Limits, write_source
from tests.samples import BREAD, BRIDGE
from tests.texts.test_folder import deny

BROKEN = "---\ntitle: x\n---\nNobody wrote this.\n"


@pytest.fixture
def library(folder: Path) -> Library:
    found = Library(folder)
    found.load()
    return found


def break_bridge(library: Library) -> None:
    (library.folder / "bridge.md").write_text(BROKEN, encoding="utf-8")


def test_the_last_good_version_stays_and_the_other_changes_are_made(library: Library) -> None:
    """The source is stale, with the reason; questions find it as it was."""
    break_bridge(library)
    write_source(replace(BREAD, id="new"), library.folder)
    reload = library.reload()
    assert reload.swapped
    assert reload.changes.added == ("new",)
    assert reload.problems == ()
    assert [str(p) for p in reload.stale["bridge"]] == ["bridge.md, line 2: `author` is missing"]
    assert library.stale is reload.stale
    assert library.snapshot.sources["bridge"] == BRIDGE
    assert library.snapshot.searcher.search(Question("Who was too ill to attend?"))


def test_a_text_that_is_fixed_is_no_longer_stale(library: Library) -> None:
    """However often it was read in between."""
    break_bridge(library)
    for _ in range(3):
        assert list(library.reload().stale) == ["bridge"]
    mended = replace(BRIDGE, title="Mended")
    write_source(mended, library.folder, replace=True)
    reload = library.reload()
    assert not reload.stale
    assert reload.changes.changed == ("bridge",)


def test_a_strict_reload_leaves_it_out(library: Library) -> None:
    """What is served then is what can be read."""
    break_bridge(library)
    library.reload()
    reload = library.reload(strict=True)
    assert reload.changes.removed == ("bridge",)
    assert not reload.stale
    assert [problem.where for problem in library.skipped] == ["bridge.md"]
    # It was left out by decision, so the next reload goes on without it.
    assert library.reload().swapped


def test_a_strict_reload_with_no_good_file_changes_nothing(library: Library) -> None:
    """A bot without texts is a mistake."""
    before = library.snapshot
    for path in library.folder.rglob("*.md"):
        path.write_text(BROKEN, encoding="utf-8")
    assert len(library.reload().stale) == 2
    assert not library.reload(strict=True).swapped
    assert library.snapshot is before


def test_a_file_that_never_was_good_refuses_the_reload(library: Library) -> None:
    """Unless the curator leaves it out; stale texts stay even then."""
    break_bridge(library)
    (library.folder / "never.md").write_text(BROKEN, encoding="utf-8")
    write_source(replace(BREAD, id="new"), library.folder)
    refused = library.reload()
    assert not refused.swapped
    assert [problem.where for problem in refused.problems] == ["never.md"]
    assert "new" not in library.snapshot.sources
    assert library.reload(skip_broken=True).swapped
    assert set(library.snapshot.sources) == {"bridge", "baking/bread", "new"}


def test_a_folder_that_cannot_be_listed_keeps_its_texts(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are not taken for deleted."""
    deny(monkeypatch, library.folder / "baking")
    reload = library.reload()
    assert list(reload.stale) == ["baking/bread"]
    assert len(library.snapshot.sources) == 2


def test_a_deleted_file_is_not_kept(library: Library) -> None:
    """It can be read no more, but nobody wants it."""
    (library.folder / "bridge.md").unlink()
    assert library.reload().changes.removed == ("bridge",)


def test_the_order_of_sources_does_not_depend_on_what_is_stale(library: Library) -> None:
    """So the index is the same as before."""
    for name in ("a", "baking/z", "zz"):
        write_source(replace(BREAD, id=name), library.folder)
    before = library.reload().snapshot
    for path in library.folder.rglob("b*.md"):
        path.write_text(BROKEN, encoding="utf-8")
    assert len(library.reload().stale) == 2
    assert library.snapshot is before


def test_too_many_passages_refuse_the_reload(folder: Path) -> None:
    """In one line that names the setting."""
    library = Library(folder, limits=Limits(passages=8))
    before = library.load()
    write_source(replace(BREAD, id="new"), folder)
    (problem,) = library.reload().problems
    assert "11 passages, but at most 8 are allowed: raise `knowledge.max_passages`" in str(problem)
    assert library.snapshot is before


def test_the_last_reload_can_be_looked_up(library: Library) -> None:
    """Also one that was refused."""
    assert library.last_reload is not None
    assert library.last_reload.swapped
    (library.folder / "never.md").write_text(BROKEN, encoding="utf-8")
    refused = library.reload()
    assert library.last_reload is refused
    assert refused.seconds >= 0

"""The library swaps whole snapshots, or changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import NoReturn

import pytest

from bot.errors import VerbatimError
from bot.library.library import Library
from bot.library.results import changes_between
from bot.library.snapshots import Snapshot, Track, build_snapshot, update_snapshot
from bot.models import Post, Question, Source
from bot.search.resources import fingerprint
from bot.texts.editing import REMOVED, remove_source
from bot.texts.folder import Limits, write_source
from bot.texts.formats.knowledge_file import parse
from tests.samples import BREAD, BRIDGE

BROKEN = "---\ntitle: x\n---\nNobody wrote this.\n"


def test_building_a_snapshot_is_deterministic() -> None:
    """Its id depends on the texts alone."""
    assert build_snapshot([BRIDGE, BREAD]).id == build_snapshot([BRIDGE, BREAD]).id
    assert build_snapshot([BRIDGE]).id != build_snapshot([BRIDGE, BREAD]).id


def test_a_passage_is_found_again_by_its_key() -> None:
    """In later snapshots too, unless it has changed or moved."""
    before = build_snapshot([BRIDGE, BREAD])
    after = build_snapshot([BREAD])
    for passage in before.passages:
        found = after.passage(passage.key)
        assert (found is None) == (passage.source.id == BRIDGE.id)
        assert found is None or found.text == passage.text


def test_changes_are_listed_by_source() -> None:
    """Added, changed and removed, by id."""
    other = replace(BRIDGE, posts=(Post(1, "Something else."),))
    new = replace(BREAD, id="new")
    changes = changes_between(build_snapshot([BRIDGE, BREAD]), build_snapshot([other, new]))
    assert changes.added == ("new",)
    assert changes.changed == (BRIDGE.id,)
    assert changes.removed == (BREAD.id,)


def test_a_reload_with_a_broken_file_changes_nothing(folder: Path) -> None:
    """It names file and reason; questions find the old snapshot."""
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


def test_broken_files_are_skipped_when_a_curator_says_so(folder: Path) -> None:
    """The library remembers what it left out."""
    library = Library(folder)
    library.load()
    (folder / "broken.md").write_text(BROKEN, encoding="utf-8")
    write_source(replace(BREAD, id="more"), folder)
    reload = library.reload(skip_broken=True)
    assert reload.swapped
    assert reload.changes.added == ("more",)
    assert "more" in library.snapshot.sources
    assert len(library.skipped) == 1


def test_a_folder_without_good_files_is_never_loaded(folder: Path) -> None:
    """A folder emptied by mistake does not make the bot forget everything."""
    library = Library(folder)
    before = library.load()
    for path in folder.rglob("*.md"):
        path.unlink()
    assert not library.reload(skip_broken=True).swapped
    assert library.snapshot is before


def test_a_start_with_a_broken_file_fails_unless_the_config_allows_it(folder: Path) -> None:
    """The bot never starts silently with fewer texts."""
    (folder / "broken.md").write_text(BROKEN, encoding="utf-8")
    with pytest.raises(VerbatimError, match=r"broken\.md"):
        Library(folder).load()
    assert len(Library(folder, skip_broken=True).load().sources) == 2


def kept_library(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    """Return a library whose index is kept on disk, however small."""
    monkeypatch.setattr("bot.library.library.SAVE_FROM", 1)
    library = Library(folder)
    library.load()
    assert library.index_file.exists()
    return library


def forbid_parsing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let reading the text of any file fail."""
    monkeypatch.setattr("bot.texts.formats.knowledge_file.parse", None)


def test_unchanged_texts_are_loaded_from_the_saved_index(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the same answers."""
    first = kept_library(folder, monkeypatch)
    forbid_parsing(monkeypatch)
    second = Library(folder)
    assert second.load().id == first.snapshot.id
    assert list(second.snapshot.passages) == list(first.snapshot.passages)
    for text in ("Who was too ill to attend?", "toll for carts", "how hot is the oven"):
        one, other = (one.snapshot.searcher.search(Question(text)) for one in (first, second))
        assert one == other
        assert one


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("eleven", "twelve"),
        ("title: The bridge", "title: A bridge"),
        ("author:", "aliases:\n  toll: [fee]\nauthor:"),
    ],
)
def test_changed_texts_are_indexed_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str
) -> None:
    """Whatever has changed, aliases too; the new index is saved."""
    first = kept_library(folder, monkeypatch)
    path = folder / "bridge.md"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    reload = first.reload()
    assert reload.changes.changed == ("bridge",)
    forbid_parsing(monkeypatch)
    assert Library(folder).load().id == reload.snapshot.id


def test_a_start_reads_only_what_has_changed_since_the_index_was_saved(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others come from the index."""
    kept_library(folder, monkeypatch)
    write_source(replace(BREAD, id="new"), folder)
    (folder / "baking" / "bread.md").unlink()
    parsed: list[str] = []

    def watched(text: str, where: str, source_id: str) -> Source:
        parsed.append(source_id)
        return parse(text, where, source_id)

    monkeypatch.setattr("bot.texts.formats.knowledge_file.parse", watched)
    assert list(Library(folder).load().sources) == ["bridge", "new"]
    assert parsed == ["new"]


def test_a_start_has_the_last_good_version_of_a_text_from_the_saved_index(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So a mistake in one file does not keep the bot from starting."""
    kept_library(folder, monkeypatch)
    (folder / "bridge.md").write_text(BROKEN, encoding="utf-8")
    library = Library(folder)
    assert BRIDGE.digest in {source.digest for source in library.load().sources.values()}
    assert list(library.stale) == ["bridge"]


@pytest.mark.parametrize("what", ["damaged", "cut", "foreign", "a folder"])
def test_a_damaged_index_is_rebuilt(
    folder: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    first = kept_library(folder, monkeypatch)
    path = first.index_file
    data = bytearray(path.read_bytes())
    path.unlink()
    if what == "a folder":
        path.mkdir()
    else:
        data[len(data) // 2] ^= 1
        kinds = {"damaged": bytes(data), "cut": bytes(data[: len(data) // 2]), "foreign": b"PK..."}
        path.write_bytes(kinds[what])
    assert Library(folder).load().id == first.snapshot.id


@pytest.mark.parametrize("what", ["code", "data", "package"])
def test_an_index_of_an_older_version_is_rebuilt(
    folder: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """After a change of code, data files or packages; the new index is saved."""
    first = kept_library(folder, monkeypatch)
    if what == "code":
        monkeypatch.setattr(
            "bot.library.saved_index.code_fingerprint", lambda module: f"newer {module}"
        )
    elif what == "data":
        monkeypatch.setattr("bot.search.resources.fingerprint", lambda: "newer")
    else:
        monkeypatch.setattr("bot.library.snapshots.version", lambda name: f"newer {name}")
    built: list[int] = []

    def watched(old: Snapshot, sources: list[Source], track: Track, spool: Path) -> Snapshot:
        built.append(len(old.passages))
        return update_snapshot(old, sources, track, spool)

    monkeypatch.setattr("bot.library.library.update_snapshot", watched)
    assert Library(folder).load().id == first.snapshot.id
    assert Library(folder).load().id == first.snapshot.id
    assert built == [0, len(first.snapshot.passages)]


def test_every_data_file_changes_the_fingerprint(tmp_path: Path) -> None:
    """A changed one and a new one."""
    (tmp_path / "words.txt").write_text("a", encoding="utf-8")
    prints = [fingerprint(tmp_path)]
    (tmp_path / "words.txt").write_text("b", encoding="utf-8")
    prints.append(fingerprint(tmp_path))
    (tmp_path / "more.txt").write_text("", encoding="utf-8")
    prints.append(fingerprint(tmp_path))
    assert len(set(prints)) == 3


def test_a_broken_file_is_reported_at_every_start(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Although the index is saved."""
    monkeypatch.setattr("bot.library.library.SAVE_FROM", 1)
    (folder / "broken.md").write_text(BROKEN, encoding="utf-8")
    for _ in range(2):
        library = Library(folder, skip_broken=True)
        library.load()
        assert library.index_file.exists()
        assert [problem.where for problem in library.skipped] == ["broken.md"]
        with pytest.raises(VerbatimError, match=r"broken\.md"):
            Library(folder).load()


def test_a_change_that_is_refused_is_undone(folder: Path) -> None:
    """The folder and the snapshot are as before."""
    library = Library(folder)
    before = library.load()
    (folder / "broken.md").write_text(BROKEN, encoding="utf-8")
    path = folder / "new.md"

    def act() -> Callable[[], None]:
        write_source(replace(BREAD, id="new"), folder)
        return path.unlink

    reload = library.apply_change(act)
    assert not reload.swapped
    assert not path.exists()
    assert library.snapshot is before


def test_files_that_are_skipped_already_do_not_block_a_change(folder: Path) -> None:
    """Another broken file does."""
    library = Library(folder)
    (folder / "broken.md").write_text(BROKEN, encoding="utf-8")
    library.reload(skip_broken=True)

    def act() -> Callable[[], None]:
        return write_source(replace(BREAD, id="new"), folder, replace=True).unlink

    assert library.apply_change(act).changes.added == ("new",)
    (folder / "broken too.md").write_text(BROKEN, encoding="utf-8")
    assert not library.apply_change(act).swapped


def test_a_change_is_undone_if_the_reload_raises(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = Library(folder)
    library.load()

    def fails(*_: object) -> NoReturn:
        raise MemoryError

    monkeypatch.setattr("bot.library.library.update_snapshot", fails)
    with pytest.raises(MemoryError):
        library.apply_change(lambda: write_source(replace(BREAD, id="new"), folder).unlink)
    assert not (folder / "new.md").exists()


def test_a_change_keeps_no_more_removed_files_than_allowed(folder: Path) -> None:
    """One that is refused deletes none of them."""
    library = Library(folder, limits=Limits(removed=1))
    library.load()
    at = datetime(2026, 3, 14, tzinfo=UTC)
    for number in range(3):
        write_source(replace(BREAD, id=f"{number}"), folder)
        library.reload()
        source = library.snapshot.sources[f"{number}"]
        if number == 2:
            (folder / "broken.md").write_text(BROKEN, encoding="utf-8")
        library.apply_change(partial(remove_source, source, folder, at + timedelta(days=number)))
    assert [path.name for path in (folder / REMOVED).rglob("*.md")] == ["1.md"]


def test_a_reload_waits_for_a_running_change(folder: Path) -> None:
    """It never reads a folder that is half changed."""
    library = Library(folder)
    library.load()
    seen: list[str] = []
    with ThreadPoolExecutor(1) as executor:

        def act() -> Callable[[], None]:
            path = write_source(replace(BREAD, id="new"), folder)
            other = executor.submit(lambda: seen.append(library.reload().snapshot.id))
            assert wait([other], timeout=0.05).not_done
            return path.unlink

        library.apply_change(act)
    assert seen == [library.snapshot.id]
    assert "new" in library.snapshot.sources

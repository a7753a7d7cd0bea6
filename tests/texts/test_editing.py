"""Texts go into the folder and out of it whole, and each change can be undone."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import VerbatimError
from bot.texts.editing import (
    REMOVED,
    ChangedError,
    add_source,
    file_state,
    prune_removed,
    remove_source,
)
from bot.texts.folder import read_folder, write_source, write_text
from bot.texts.importing import slug
from tests.samples import BREAD, BRIDGE

AT = datetime(2026, 3, 14, 15, 9, 26, tzinfo=UTC)
OTHER = replace(BRIDGE, title="Another title")


def files(folder: Path) -> dict[str, bytes]:
    """Return everything in the folder, what is hidden too."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def digest(source_id: str, folder: Path) -> str:
    found = file_state(source_id, folder)
    assert found is not None
    return found.digest


def test_adding_a_text_can_be_undone(folder: Path) -> None:
    """The folder is then as before, to the byte."""
    before = files(folder)
    undo = add_source(replace(BRIDGE, id="new"), folder, None, AT)
    assert read_folder(folder).problems == ()
    assert set(files(folder)) == {*before, "new.md"}
    undo()
    assert files(folder) == before


def test_a_replaced_file_is_moved_to_a_folder_named_after_the_time(folder: Path) -> None:
    """Which is never read; undoing moves it back."""
    before = files(folder)
    undo = add_source(OTHER, folder, digest("bridge", folder), AT)
    assert files(folder)[f"{REMOVED}/2026-03-14T15-09-26Z/bridge.md"] == before["bridge.md"]
    assert {s.title for s in read_folder(folder).sources} == {OTHER.title, BREAD.title}
    undo()
    assert files(folder) == before
    assert not (folder / REMOVED).exists()


def test_a_removed_file_keeps_its_path_within_the_folder(folder: Path) -> None:
    """So that it can be moved back easily."""
    before = files(folder)
    undo = remove_source(BREAD, folder, AT)
    assert "baking/bread.md" not in files(folder)
    kept = files(folder)[f"{REMOVED}/2026-03-14T15-09-26Z/baking/bread.md"]
    assert kept == before["baking/bread.md"]
    undo()
    assert files(folder) == before


def test_removed_files_are_ignored(folder: Path) -> None:
    """As texts and as problems."""
    remove_source(BREAD, folder, AT)
    (folder / REMOVED / "broken.md").write_bytes(b"\xff")
    reading = read_folder(folder)
    assert [source.id for source in reading.sources] == ["bridge"]
    assert (reading.problems, reading.ignored) == ((), ())


def test_the_newest_removed_files_are_kept(folder: Path) -> None:
    """As many as the settings say; folders that are empty then go too."""
    for number in range(5):
        remove_source(BREAD, folder, AT + timedelta(hours=number))
        write_source(BREAD, folder)
    prune_removed(folder, 2)
    kept = sorted(path.name for path in (folder / REMOVED).iterdir())
    assert kept == ["2026-03-14T18-09-26Z", "2026-03-14T19-09-26Z"]
    prune_removed(folder, 0)
    prune_removed(folder, 0)
    assert not list((folder / REMOVED).rglob("*.md"))


def test_two_removals_in_one_second_keep_both_files(folder: Path) -> None:
    """One does not overwrite the other."""
    remove_source(BREAD, folder, AT)
    write_source(BREAD, folder)
    remove_source(BREAD, folder, AT)
    assert len(list((folder / REMOVED).rglob("bread.md"))) == 2


def test_a_file_that_has_changed_meanwhile_is_not_touched(folder: Path) -> None:
    """One that was created, deleted or edited."""
    was = digest("bridge", folder)
    write_source(OTHER, folder, replace=True)
    before = files(folder)
    with pytest.raises(ChangedError):
        add_source(replace(BRIDGE, title="Third"), folder, was, AT)
    with pytest.raises(ChangedError):
        add_source(BRIDGE, folder, None, AT)
    with pytest.raises(ChangedError):
        add_source(replace(BRIDGE, id="gone"), folder, was, AT)
    with pytest.raises(ChangedError):
        remove_source(BRIDGE, folder, AT)
    assert files(folder) == before


def test_undo_leaves_other_programs_changes_alone(folder: Path) -> None:
    """The file that it would have restored stays among the removed ones."""
    theirs = b"---\ntitle: Theirs\nauthor: A\n---\nTheirs.\n"
    undoes = [
        add_source(replace(BRIDGE, id="new"), folder, None, AT),
        add_source(OTHER, folder, digest("bridge", folder), AT),
        remove_source(BREAD, folder, AT),
    ]
    for name in ("new.md", "bridge.md", "baking/bread.md"):
        (folder / name).write_bytes(theirs)
    before = files(folder)
    for undo in undoes:
        undo()
    assert files(folder) == before


def test_a_text_added_simultaneously_by_another_program_is_not_overwritten(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between check and write."""

    def late(path: Path, text: str, *, new: bool) -> None:
        write_source(replace(OTHER, id="new"), folder)
        write_text(path, text, new=new)

    monkeypatch.setattr("bot.texts.editing.write_text", late)
    with pytest.raises(ChangedError, match="is there already"):
        add_source(replace(BRIDGE, id="new"), folder, None, AT)
    assert {source.id: source.title for source in read_folder(folder).sources}["new"] == OTHER.title


def test_a_file_with_the_other_suffix_is_replaced_under_its_name(folder: Path) -> None:
    """Two files with one id would block every reload."""
    (folder / "bridge.md").rename(folder / "bridge.txt")
    add_source(OTHER, folder, digest("bridge", folder), AT)
    assert [path.name for path in folder.glob("bridge*")] == ["bridge.txt"]


def test_a_link_out_of_the_folder_is_neither_read_nor_written(folder: Path, tmp_path: Path) -> None:
    """Nor is a linked folder."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.md").write_text("secret", encoding="utf-8")
    (folder / "new.md").symlink_to(outside / "secret.md")
    (folder / "linked").symlink_to(outside, target_is_directory=True)
    with pytest.raises(VerbatimError, match="outside the knowledge folder"):
        file_state("new", folder)
    with pytest.raises(VerbatimError, match="outside the knowledge folder"):
        add_source(replace(BRIDGE, id="linked/new"), folder, None, AT)
    (folder / REMOVED).symlink_to(outside, target_is_directory=True)
    with pytest.raises(VerbatimError, match="outside the knowledge folder"):
        remove_source(BRIDGE, folder, AT)
    assert files(outside) == {"secret.md": b"secret"}
    assert (folder / "bridge.md").exists()


def test_a_full_disk_is_one_line_and_changes_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, was = files(folder), digest("bridge", folder)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(VerbatimError, match=r"^bridge\.md: cannot be written: No space left"):
        add_source(OTHER, folder, was, AT)
    with pytest.raises(VerbatimError, match=r"^new\.md: cannot be written: No space left"):
        add_source(replace(OTHER, id="new"), folder, None, AT)
    assert files(folder) == before


def test_a_file_that_cannot_be_moved_is_one_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a read-only folder."""
    before = files(folder)

    def read_only(self: Path, target: Path) -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", read_only)
    with pytest.raises(VerbatimError, match=r"^bridge\.md: cannot be moved: Permission denied"):
        remove_source(BRIDGE, folder, AT)
    assert files(folder) == before


def test_a_folder_where_a_file_should_be_is_one_line(folder: Path) -> None:
    """It is not changed."""
    (folder / "new.md").mkdir()
    with pytest.raises(VerbatimError, match="is a folder"):
        file_state("new", folder)


def test_a_missing_folder_is_not_created(folder: Path) -> None:
    """It would hold only the new text, and the reload would forget all others."""
    folder.rename(folder.with_name("elsewhere"))
    with pytest.raises(VerbatimError, match="no such folder any more"):
        add_source(replace(BRIDGE, id="new"), folder, None, AT)
    assert not folder.exists()


@given(st.text(max_size=300) | st.from_regex(r"[./\\]{0,4}(CON|nul|com1|aux)?\.?", fullmatch=True))
def test_any_title_names_a_file_inside_the_folder(title: str) -> None:
    """Separators, dots, Windows devices, other scripts, very long words."""
    name = f"{slug(title)}.md"
    assert len(name.encode()) <= 210
    assert not set(name) & set('/\\:*?"<>|\0')
    assert name.partition(".")[0] not in {"", "con", "nul", "aux", "prn", "com1", "lpt9"}
    with TemporaryDirectory() as made:
        folder = Path(made)
        add_source(replace(BRIDGE, id=slug(title)), folder, None, AT)
        assert os.listdir(folder) == [name]  # noqa: PTH208 - dot files too

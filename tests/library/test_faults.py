"""Whatever happens during a reload: one line says so, and the texts stay as they were."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import pytest

from bot.errors import VerbatimError
from bot.files import array_file
from bot.library.library import Library
from bot.library.saved_index import SavedIndex
from bot.models import Post, Question
from bot.texts.editing import add_source, file_state
from bot.texts.folder import write_source
from tests.samples import BREAD, BRIDGE
from tests.texts.test_editing import AT, files

SECONDS = 60  # until a test that waits for a process gives up


@pytest.fixture(autouse=True)
def saves_every_index(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.library.library.SAVE_FROM", 1)


def loaded(folder: Path) -> Library:
    library = Library(folder)
    library.load()
    return library


def add_new(folder: Path) -> None:
    write_source(replace(BREAD, id="new", posts=(Post(1, "Rye needs more water."),)), folder)


def answers(library: Library) -> bool:
    return bool(library.snapshot.searcher.search(Question("Who was too ill to attend?")))


def test_a_folder_that_is_gone_changes_nothing(folder: Path) -> None:
    """Nor one that is empty; when it is back, it is read again."""
    library = loaded(folder)
    before = library.snapshot
    folder.rename(folder.with_name("gone"))
    (problem,) = library.reload().problems
    assert str(problem).startswith(f"{folder}: there is no such folder")
    folder.mkdir()
    (problem,) = library.reload(strict=True).problems
    assert "contains no .md or .txt file" in str(problem)
    assert library.snapshot is before
    folder.rmdir()
    folder.with_name("gone").rename(folder)
    assert library.reload().swapped
    assert answers(library)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
def test_lost_permissions_change_nothing(folder: Path) -> None:
    """Of a file, of a folder below, of the folder itself."""
    library = loaded(folder)
    for path in (folder / "bridge.md", folder / "baking", folder):
        mode = path.stat().st_mode
        path.chmod(0)
        try:
            reload = library.reload()
            assert reload.stale or reload.problems
            assert answers(library)
        finally:
            path.chmod(mode)
    assert not library.reload().stale


@pytest.mark.parametrize("lost", ["open", "stat"])
def test_a_file_that_may_not_be_read_any_more_stays(
    folder: Path, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    """Whether it is its own permission that is missing, or that of its folder."""
    library = loaded(folder)
    (folder / "bridge.md").touch()
    name = {"open": "read_bytes", "stat": "stat"}[lost]
    allowed: Callable[..., Any] = getattr(Path, name)

    def denied(path: Path, *given: Any, **named: Any) -> Any:
        if path.name == "bridge.md":
            raise PermissionError(13, "Permission denied", str(path))
        return allowed(path, *given, **named)

    monkeypatch.setattr(Path, name, denied)
    reload = library.reload()
    assert [str(p) for p in reload.stale["bridge"]] == [
        "bridge.md: cannot be read: Permission denied"
    ]
    assert answers(library)


class FullDisk:
    """Lets only so many bytes be written."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, room: int) -> None:
        self.room = room
        opened = open

        def limited(path: Any, mode: str = "r", **named: Any) -> Any:
            file = opened(path, mode, **named)
            return self._limit(file) if "x" in mode else file

        monkeypatch.setattr("bot.files.atomic_file.open", limited, raising=False)

    def _limit(self, file: IO[Any]) -> IO[Any]:
        written = file.write

        def write(data: Any) -> int:
            self.room -= len(data)
            if self.room < 0:
                raise OSError(28, "No space left on device")
            return written(data)

        file.write = write  # type: ignore[method-assign]
        return file


@pytest.mark.parametrize("room", [0, 100, 5_000])
def test_a_full_disk_costs_the_saved_index_alone(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, room: int
) -> None:
    """The new texts are there, one line says so, and the old index is unharmed."""
    library = loaded(folder)
    saved = library.index_file.read_bytes()
    add_new(folder)
    with monkeypatch.context() as patch:
        FullDisk(patch, room)
        assert library.reload().changes.added == ("new",)
    assert [record.message for record in caplog.records if "space" in record.message] == [
        "the index cannot be saved, so the next start builds it again"
        " (reason=No space left on device)"
    ]
    assert library.index_file.read_bytes() == saved
    assert not list(folder.parent.glob("*.part"))
    assert set(Library(folder).load().sources) == {"bridge", "baking/bread", "new"}


def test_a_text_that_does_not_fit_on_the_disk_is_not_added(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Folder and snapshot are as before; the old file is not left in two places."""
    library = loaded(folder)
    before, state = files(folder), file_state("bridge", folder)
    assert state is not None
    with monkeypatch.context() as patch:
        FullDisk(patch, 100)
        with pytest.raises(VerbatimError, match="No space left on device"):
            library.apply_change(
                lambda: add_source(replace(BRIDGE, title="Other"), folder, state.digest, AT)
            )
    assert files(folder) == before
    assert answers(library)


POINTS = {
    "a file is read": ("bot.texts.folder.read_again", 2),
    "a text is analysed": ("bot.library.snapshots.build_arrays", 1),
    "arrays are joined": ("bot.library.snapshots.spliced_arrays", 1),
    "the index is half written": ("bot.files.array_file._bytes", 5),
    "the index is written": ("os.fsync", 1),
    "the index is mapped": ("bot.files.array_file.read", 1),
}
"""Where a process is killed: at which call of which function."""

KILLED = """
import json, os, shutil, signal, sys
from pathlib import Path
from unittest.mock import patch
from pkgutil import resolve_name
from bot.library import library as held
from bot.library.library import Library

def reload_and_die(folder, point, count):
    library = Library(folder)
    library.load()
    (folder / "new.md").write_text("---\\ntitle: New\\nauthor: Me\\n---\\nA new post.\\n")
    (folder / "baking" / "bread.md").unlink()
    calls, real = [], resolve_name(point)
    def dies(*given, **named):
        calls.append(1)
        if len(calls) == count:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*given, **named)
    with patch(point, dies):
        library.reload()

held.SAVE_FROM = 1
folder = Path(sys.argv[1])
Library(folder).load()  # so that each child need not load what all need
for name, (point, count) in json.loads(sys.argv[2]).items():
    copy = folder.with_name(name)
    shutil.copytree(folder, copy)
    child = os.fork()
    if not child:
        reload_and_die(copy, point, count)
        os._exit(0)
    print(name, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), sep=": ")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no fork")
def test_after_a_kill_at_any_point_the_next_start_has_all_texts(folder: Path) -> None:
    """And from then on the index is saved as ever."""
    command = [sys.executable, "-c", KILLED, str(folder), json.dumps(POINTS)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)  # noqa: S603
    died = [f"{name}: {-signal.SIGKILL}" for name in POINTS]
    assert (done.stdout.splitlines(), done.stderr) == (died, "")
    for name in POINTS:
        library = loaded(folder.with_name(name))
        assert set(library.snapshot.sources) == {"bridge", "new"}
        assert answers(library)
        index = SavedIndex.beside(library.folder).load()
        assert index is not None
        assert index[0].id == library.snapshot.id


LIMITED = """
import resource, sys
from pathlib import Path
from bot.library import library as held
from bot.library.library import Library

held.SAVE_FROM = 1
folder = Path(sys.argv[1])
library = Library(folder)
library.load()
(folder / "new.md").write_text("---\\ntitle: New\\nauthor: Me\\n---\\nA new post.\\n")
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, resource.RLIM_INFINITY))
print(*library.reload().changes.added, *sorted(library.snapshot.sources))
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows limits no file's size")
def test_a_file_that_the_system_refuses_to_let_grow_costs_the_saved_index_alone(
    folder: Path,
) -> None:
    """As a full disk does, but refused by the kernel, in the middle of a write."""
    Library(folder).load()
    index = SavedIndex.beside(folder).path
    saved = index.read_bytes()
    command = [sys.executable, "-c", LIMITED, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=True)  # noqa: S603
    assert done.stdout.split() == ["new", "baking/bread", "bridge", "new"]
    assert "Traceback" not in done.stderr
    assert "the index cannot be saved" in done.stderr
    assert index.read_bytes() == saved
    assert not list(folder.parent.glob("*.part"))


def wait_for_saving() -> None:
    for thread in threading.enumerate():
        if thread.name == "index":
            thread.join(SECONDS)


def test_an_index_is_saved_from_a_thread_when_the_texts_are_at_rest(folder: Path) -> None:
    """The snapshot that is mapped from it then answers in place of the one in memory."""
    library = Library(folder, save_after=0.01)
    library.load()
    wait_for_saving()
    assert library.index_file.exists()
    assert not library.snapshot.passages.text.flags.owndata
    assert library.last_reload is not None
    assert library.last_reload.snapshot is library.snapshot
    assert answers(library)
    add_new(folder)
    assert library.reload().changes.added == ("new",)
    wait_for_saving()


def test_a_snapshot_that_was_replaced_while_it_was_saved_does_not_come_back(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newer one stays."""
    library = Library(folder, save_after=3_600)
    library.load()
    written = array_file.write

    def reloads_first(*given: Any) -> None:
        if "new" not in library.snapshot.sources:
            add_new(folder)
            library.reload()
        written(*given)

    monkeypatch.setattr(array_file, "write", reloads_first)
    library._save()
    assert library._saving._timer is not None
    library._saving._timer.cancel()
    assert "new" in library.snapshot.sources
    assert set(Library(folder).load().sources) == {"bridge", "baking/bread", "new"}

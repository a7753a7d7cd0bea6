"""Backs up database, key, texts and config into one file, while the bot runs, and restores them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot import __version__
from bot.errors import Problem, VerbatimError
from bot.files import atomic_file, file_errors
from bot.operations import archive
from bot.operations.archive import Member
from bot.storage import transfer
from bot.storage.address import Address
from bot.storage.members import read_key

CONFIG, KEY, TABLES, TEXTS = "config.yaml", "verbatim.key", "tables", "knowledge"
"""What the parts are called in a backup."""

DATABASE = "verbatim.db"
"""What a new database is called until it is in its place."""

ATTEMPTS = 3
"""Times that the folder is read if it changes meanwhile."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where the parts of an installation are."""

    url: str
    key_file: Path
    knowledge: Path
    config_file: Path | None = None

    @property
    def database_file(self) -> Path | None:
        """The SQLite file; None for PostgreSQL."""
        return Address.parse(self.url).file


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What was backed up or restored, and what was moved aside for it."""

    files: int
    rows: int
    size: int = 0
    aside: tuple[Path, ...] = ()


async def back_up(places: Places, to: Path, *, replacing: bool = False) -> BackupReport:
    """Write a backup to the file `to`, and check it by reading it again.

    Raises:
        VerbatimError: something cannot be read or written; then there is no new file.

    """
    _require(places, to, replacing=replacing)
    with _staging(to.parent) as staged:
        (staged / TABLES).mkdir()
        revision, rows = await transfer.dump(places.url, staged / TABLES)
        facts = {
            "version": __version__,
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
            "schema": revision,
            "rows": rows,
        }
        try:
            size, files = _write(places, staged, to, facts)
        except OSError as error:
            where = error.filename or to
            reason = f"cannot be backed up: {error.strerror or error}"
            raise VerbatimError(Problem(str(where), reason)) from error
    return BackupReport(files, sum(rows.values()), size)


def _require(places: Places, to: Path, *, replacing: bool) -> None:
    if to.resolve().is_relative_to(places.knowledge.resolve()):
        raise VerbatimError(
            Problem(str(to), "is in the knowledge folder: name a file outside of it")
        )
    if to.exists() and not replacing:
        raise VerbatimError(Problem(str(to), "exists: name another file, or use --replace"))
    database = places.database_file
    if database is not None and not database.exists():
        raise VerbatimError(Problem(str(database), "there is no database yet"))
    if read_key(places.key_file) is None:
        reason = "is missing, so no backup would be complete"
        raise VerbatimError(Problem(str(places.key_file), reason))


def _write(places: Places, staged: Path, to: Path, facts: Mapping[str, object]) -> tuple[int, int]:
    for _ in range(ATTEMPTS):
        texts = _state_of(places.knowledge)
        size = archive.write(to, _members(places, staged, texts), facts)
        if _state_of(places.knowledge) == texts:
            break
    with _staging(to.parent) as again:
        found = archive.extract(to, again)
    return size, len(found["files"])


def _members(places: Places, staged: Path, texts: dict[str, tuple[int, int]]) -> Iterator[Member]:
    for table in sorted((staged / TABLES).iterdir()):
        yield Member(f"{TABLES}/{table.name}", table)
    yield Member(KEY, places.key_file)
    if places.config_file is not None and places.config_file.exists():
        yield Member(CONFIG, places.config_file)
    for name in texts:
        yield Member(f"{TEXTS}/{name}", places.knowledge / name)


def _state_of(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file in `folder`, hidden ones too, with its size and time of change."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".part":
            stat = path.stat()
            found[path.relative_to(folder).as_posix()] = (stat.st_size, stat.st_mtime_ns)
    return found


def config_in(backup: Path) -> bytes | None:
    """The config in `backup`; None if there is none.

    Raises:
        VerbatimError: it is damaged, or no backup.

    """
    return archive.read(backup, CONFIG)


async def restore(backup: Path, places: Places, *, replacing: bool = False) -> BackupReport:
    """Put everything in `backup` into its place. The bot must not run.

    What is there is refused or, if `replacing`, moved aside; our tables in PostgreSQL are replaced. The
    config is left to the caller: see `config_in`. All is checked before anything is changed.

    Raises:
        VerbatimError: the backup cannot be used, or something is in the way.

    """
    home = places.knowledge.absolute().parent
    home.mkdir(parents=True, exist_ok=True)
    with _staging(home) as staged:
        manifest = archive.extract(backup, staged)
        key = read_key(staged / KEY)
        if key is None or not (staged / TABLES).is_dir():
            raise VerbatimError(Problem(str(backup), "is not a complete backup"))
        (staged / TEXTS).mkdir(exist_ok=True)
        obstacles = await _obstacles(places, key)
        if obstacles and not replacing:
            reason = "is in the way: use --replace to move it aside, or to replace the tables in PostgreSQL"
            raise VerbatimError(*(Problem(one, reason) for one in obstacles))
        schema = str(manifest["schema"])
        if places.database_file is not None:
            rows = await _fill_new(staged, schema)
        with _undone_on_failure() as moves:
            aside = _put_in_place(places, staged, moves)
            if places.database_file is None:  # last, since it cannot be undone
                rows = await transfer.load(places.url, staged / TABLES, schema, replace=replacing)
    return BackupReport(len(manifest["files"]), sum(rows.values()), aside=tuple(aside))


async def _obstacles(places: Places, key: bytes) -> list[str]:
    found = []
    if places.knowledge.is_dir() and any(places.knowledge.iterdir()):
        found.append(str(places.knowledge))
    database = places.database_file
    if (database is None or database.exists()) and not await transfer.is_empty(places.url):
        found.append(str(Address.parse(places.url)))
    if read_key(places.key_file) not in (None, key):
        found.append(str(places.key_file))
    return found


async def _fill_new(staged: Path, schema: str) -> dict[str, int]:
    """Fill a new SQLite file, to be put in its place."""
    new = staged / DATABASE
    new.touch(mode=0o600)
    return await transfer.load(Address.url_of(new.absolute()), staged / TABLES, schema)


@contextmanager
def _undone_on_failure() -> Iterator[list[tuple[Path, Path]]]:
    """Provide a list of moves, from where and to where, which are undone if the block fails.

    Raises:
        VerbatimError: the block could not move something.

    """
    moves: list[tuple[Path, Path]] = []
    try:
        yield moves
    except BaseException as error:
        for old, new in reversed(moves):
            shutil.move(new, old)
        if isinstance(error, OSError):
            reason = f"{file_errors.why_unwritable(error)}; nothing has changed"
            raise VerbatimError(Problem(str(error.filename), reason)) from error
        raise


def _put_in_place(places: Places, staged: Path, moves: list[tuple[Path, Path]]) -> list[Path]:
    """Move everything into its place; return where what was there is now."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    aside: list[Path] = []

    def move(old: Path, new: Path) -> None:
        shutil.move(old, new)
        moves.append((old, new))

    def place(new: Path, target: Path, *, unless: Callable[[], bool] = lambda: False) -> None:
        if unless() or not new.exists():
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.is_dir() and not any(target.iterdir()):
            target.rmdir()
        elif target.exists():
            old = target.with_name(f"{target.name}.before-{stamp}")
            move(target, old)
            aside.append(old)
        move(new, target)

    key = read_key(staged / KEY)
    place(staged / TEXTS, places.knowledge)
    if places.database_file is not None:
        database = places.database_file
        for ending in ("-wal", "-shm"):
            extra = database.with_name(database.name + ending)
            if extra.exists():
                move(extra, extra.with_name(f"{database.name}.before-{stamp}{ending}"))
        place(staged / DATABASE, database)
    place(staged / KEY, places.key_file, unless=lambda: read_key(places.key_file) == key)
    return aside


@contextmanager
def _staging(folder: Path) -> Iterator[Path]:
    """A folder for unfinished work in `folder`, so that it can be renamed from there."""
    with ExitStack() as stack:
        try:
            made = stack.enter_context(atomic_file.unfinished_folder(folder))
        except OSError as error:
            raise VerbatimError(Problem(str(folder), file_errors.why_unwritable(error))) from error
        yield made

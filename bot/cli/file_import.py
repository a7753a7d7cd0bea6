"""The steps of `verbatim import`: open what was named, choose its texts, write them, keep the original."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple

import click
from rich.console import Console

from bot.cli.tracked_file import TrackedFile
from bot.errors import Problem, VerbatimError
from bot.files import file_errors
from bot.terminal.import_reports import print_brief, print_collection, print_import
from bot.texts import originals
from bot.texts.folder import write_source
from bot.texts.formats.draft import Collection, Draft, Original
from bot.texts.formats.folder_files import open_folder
from bot.texts.importing import ImportedText, Metadata, complete, parse_file, slug
from bot.texts.originals import ImportOptions

_ARCHIVE_PARTS = ("data/tweets.js", "data/tweet.js", "tweets.js", "tweet.js")
_OF_ONE_TEXT = ("title", "url", "date")
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


class Choice(NamedTuple):
    """Which texts of several: those with the ids `pick`, or `every` one; or they are only listed."""

    pick: Sequence[str] = ()
    only_list: bool = False
    every: bool = False


class _Contents(NamedTuple):
    """What can be kept as the original of a text, under a file name."""

    name: str
    file: BinaryIO


@dataclass(frozen=True, slots=True)
class FileImport:
    """Imports into the folder `knowledge`; `facts` override what the texts state themselves.

    `hosts` are those from which web addresses may be fetched; `most_originals` are kept.
    """

    knowledge: Path
    facts: Metadata
    options: ImportOptions
    hosts: Sequence[str] = ()
    most_originals: int = originals.MOST
    replace: bool = False
    dry_run: bool = False
    verbose: bool = False

    def run(self, named: str, choice: Choice) -> None:
        """Import the text in the file, folder or web address `named`, or the chosen ones of several.

        Raises:
            VerbatimError: it cannot be read, or it holds several texts and none was chosen.

        """
        if _ADDRESS.match(named):
            from bot.texts.fetch import Fetcher

            fetched = Fetcher(self.hosts).fetch(named)
            with io.BytesIO(fetched.data) as file:
                found = parsed(file, named, self.options)
                if isinstance(found, Draft):
                    found = replace(found, url=found.url or fetched.url)
                self._take(found, named, choice, _Contents(fetched.name, file))
            return
        path = _file_in(Path(named))
        if path.is_dir():
            self._take(open_folder(path), named, choice, None)
            return
        with opened(path) as file:
            self._take(parsed(file, named, self.options), named, choice, _Contents(path.name, file))

    def _take(
        self, found: Draft | Collection, where: str, choice: Choice, contents: _Contents | None
    ) -> None:
        if isinstance(found, Draft):
            if choice.only_list or choice.pick:
                raise VerbatimError(
                    Problem(where, "contains only one text: leave out --list and --pick")
                )
            self._import_one(found, where, contents)
        elif choice.only_list:
            print_collection(Console(), found, found, verbose=self.verbose)
        else:
            self._import_chosen(found, where, chosen(found, where, choice))

    def _import_chosen(self, collection: Collection, where: str, ids: Sequence[str]) -> None:
        """Import the entries `ids`; one that fails does not stop the others.

        Raises:
            VerbatimError: with what was wrong with each.

        """
        if len(ids) == 1:
            draft = _with_collection(collection.parse(ids[0]), collection)
            self._import_one(draft, where, _cut_out(collection, ids[0]))
            return
        given = [name for name in _OF_ONE_TEXT if getattr(self.facts, name) is not None]
        if given:
            reason = f"--{given[0]} is for one text, and {len(ids):,} are chosen: leave it out"
            raise VerbatimError(Problem(where, reason))
        problems: list[Problem] = []
        taken: set[str] = set()
        for entry_id in ids:
            try:
                imported = complete(collection.parse(entry_id), f"{where}, {entry_id}", self.facts)
                imported = _under_free_id(imported, entry_id, taken)
                path = self._written(imported)
                print_brief(Console(), imported)
                self._keep_original(path, imported, _cut_out(collection, entry_id))
            except VerbatimError as error:
                problems += error.problems
        if problems:
            raise VerbatimError(*problems)

    def _import_one(self, draft: Draft, where: str, contents: _Contents | None) -> None:
        imported = complete(draft, where, self.facts)
        path = self._written(imported)
        print_import(Console(), imported, verbose=self.verbose)
        self._keep_original(path, imported, contents)

    def _written(self, imported: ImportedText) -> Path | None:
        """Write the text before reporting on it, and return its path; None in a dry run."""
        if self.dry_run:
            return None
        return write_source(imported.source, self.knowledge, replace=self.replace)

    def _keep_original(
        self, path: Path | None, imported: ImportedText, contents: _Contents | None
    ) -> None:
        if path is None:
            return
        click.echo(f"written: {path}")
        kept: Path | None = None
        if contents is not None:
            source_id = imported.source.id
            kept = originals.keep(
                self.knowledge, source_id, *contents, self.options, self.most_originals
            )
        click.echo(f"original: {kept or 'not kept: it is too large, or contains other texts too'}")


def parsed(file: BinaryIO, where: str, options: ImportOptions) -> Draft | Collection:
    """Parse an open file, with a progress bar if it is a large one.

    Raises:
        VerbatimError: it cannot be read.

    """
    if not isinstance(file, TrackedFile):
        return parse_file(file, where, options.format_name, names=options.names)
    with file.progress_shown(where):
        return parse_file(file, where, options.format_name, names=options.names)


def chosen(collection: Collection, where: str, choice: Choice) -> list[str]:
    """The ids of the entries to import: those picked, all, or the only one.

    Raises:
        VerbatimError: there are several, which have been listed, or none.

    """
    if choice.pick:
        return list(dict.fromkeys(choice.pick))
    ids = [entry.id for entry in (collection if choice.every else islice(collection, 2))]
    if len(ids) == 1 or (ids and choice.every):
        return ids
    count = print_collection(Console(), collection, collection if ids else (), verbose=False)
    reason = f"contains {count:,} texts: choose one with --pick ID, or import them all with --all"
    if not ids:
        reason = "contains no text of its own: is it the right file?"
    raise VerbatimError(Problem(where, reason))


@contextmanager
def opened(path: Path) -> Iterator[TrackedFile]:
    """Open a file to be parsed.

    Raises:
        VerbatimError: it is not a regular file, or cannot be read.

    """
    if not path.is_file():
        raise VerbatimError(Problem(str(path), file_errors.why_not_regular(path)))
    try:
        file = TrackedFile(path)
    except OSError as error:
        raise VerbatimError(Problem(str(path), file_errors.why_unreadable(error))) from error
    with file:
        yield file


def _file_in(path: Path) -> Path:
    """The file to read: in the folder of an unpacked archive of X, the one that has the posts."""
    if path.is_dir():
        return next((path / part for part in _ARCHIVE_PARTS if (path / part).is_file()), path)
    return path


def _cut_out(collection: Collection, entry_id: str) -> _Contents | None:
    original: Original | None = collection.original(entry_id)
    return original and _Contents(original.name, io.BytesIO(original.data))


def _with_collection(draft: Draft, collection: Collection) -> Draft:
    """Add the collection's notes, and what is in none of its entries, to the report on the only entry that is imported."""
    return replace(
        draft,
        dropped=(*draft.dropped, *collection.dropped),
        notes=(*draft.notes, *collection.notes),
    )


def _under_free_id(imported: ImportedText, entry_id: str, taken: set[str]) -> ImportedText:
    """Give a text another id if an earlier text of the same file has the same title."""
    source_id = imported.source.id
    if source_id in taken:
        source_id = f"{source_id}-{slug(entry_id)}"
    taken.add(source_id)
    return replace(imported, source=replace(imported.source, id=source_id))

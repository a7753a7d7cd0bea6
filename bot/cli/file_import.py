"""The steps of `verbatim import`: open a file, choose its texts, write them, keep the original."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import click
from rich.console import Console

from bot.cli.tracked_file import TrackedFile
from bot.models import Problem, Source, VerbatimError
from bot.terminal.import_reports import print_brief, print_collection, print_import
from bot.texts import originals
from bot.texts.editing import add_source, file_state
from bot.texts.folder import write_source
from bot.texts.formats.draft import Collection, Draft, Original
from bot.texts.importing import ImportedText, Metadata, complete, parse_file, slug
from bot.texts.originals import ImportOptions

_ARCHIVE_PARTS = ("data/tweets.js", "data/tweet.js", "tweets.js", "tweet.js")
_OF_ONE_TEXT = ("title", "url", "date")


class FileImport:
    """Imports from files into the folder `knowledge`; `facts` go before what the texts state themselves."""

    def __init__(
        self,
        knowledge: Path,
        facts: Metadata,
        options: ImportOptions,
        *,
        replace: bool,
        dry_run: bool,
        verbose: bool,
    ) -> None:
        self._knowledge = knowledge
        self._facts = facts
        self._options = options
        self._replace = replace
        self._dry_run = dry_run
        self._verbose = verbose
        self._console = Console()

    def run(self, path: Path, pick: Sequence[str], *, only_list: bool, every: bool) -> None:
        """Import the text in the file `path`, or the chosen ones of several.

        Raises:
            VerbatimError: the file cannot be read, or it holds several texts and none was chosen.

        """
        where = str(path)
        path = _file_in(path)
        with _opened(path) as file:
            found = self._parsed(file, where)
            if isinstance(found, Draft):
                if only_list or pick:
                    reason = "holds one text: leave out --list and --pick"
                    raise VerbatimError(Problem(where, reason))
                self._import_one(found, where, path.name, file)
            elif only_list:
                print_collection(self._console, found, found, verbose=self._verbose)
            else:
                self._import_chosen(found, where, self._chosen(found, where, pick, every=every))

    def _parsed(self, file: TrackedFile, where: str) -> Draft | Collection:
        with file.progress_shown(where):
            return parse_file(file, where, self._options.format_name, names=self._options.names)

    def _chosen(
        self, collection: Collection, where: str, pick: Sequence[str], *, every: bool
    ) -> list[str]:
        """Return the ids of the entries to import: those picked, all, or the only one."""
        if pick:
            return list(dict.fromkeys(pick))
        ids = [entry.id for entry in (collection if every else islice(collection, 2))]
        if every or len(ids) == 1:
            return ids
        if ids:
            count = print_collection(self._console, collection, collection, verbose=False)
            reason = f"holds {count:,} texts: choose with --pick ID, or take them with --all"
        else:
            print_collection(self._console, collection, (), verbose=False)
            reason = "holds no text of its own: is it the right file?"
        raise VerbatimError(Problem(where, reason))

    def _import_chosen(self, collection: Collection, where: str, ids: Sequence[str]) -> None:
        """Import the entries `ids`; one that fails does not stop the others.

        Raises:
            VerbatimError: with what was wrong with each.

        """
        if len(ids) == 1:
            draft = _with_collection(collection.parse(ids[0]), collection)
            self._import_one(draft, where, "", collection.original(ids[0]))
            return
        given = [name for name in _OF_ONE_TEXT if getattr(self._facts, name) is not None]
        if given:
            reason = f"--{given[0]} is for one text, and {len(ids):,} are chosen: leave it out"
            raise VerbatimError(Problem(where, reason))
        problems: list[Problem] = []
        taken: set[str] = set()
        for entry_id in ids:
            try:
                imported = complete(collection.parse(entry_id), where, self._facts)
                imported = _under_free_id(imported, entry_id, taken)
                print_brief(self._console, imported)
                self._write(imported, "", collection.original(entry_id))
            except VerbatimError as error:
                problems += error.problems
        if problems:
            raise VerbatimError(*problems)

    def _import_one(
        self, draft: Draft, where: str, name: str, original: BinaryIO | Original | None
    ) -> None:
        imported = complete(draft, where, self._facts)
        print_import(self._console, imported, verbose=self._verbose)
        self._write(imported, name, original)

    def _write(
        self, imported: ImportedText, name: str, original: BinaryIO | Original | None
    ) -> None:
        if self._dry_run:
            return
        path = write_source(imported.source, self._knowledge, replace=self._replace)
        click.echo(f"written: {path}")
        if isinstance(original, Original):
            name, original = original.name, io.BytesIO(original.data)
        kept: Path | None = None
        if original is not None:
            kept = originals.keep(
                self._knowledge, imported.source.id, name, original, self._options
            )
        click.echo(f"original: {kept or 'not kept: it is too large, or holds other texts too'}")

    def again(self, source_id: str | None) -> None:
        """Import the kept original of a text again, or of every text that has one.

        What the text's file states is kept; posts are what the formats make of the original today. The old file
        is moved to `.removed`.

        Raises:
            VerbatimError: with what was wrong with each text.

        """
        ids = originals.kept_ids(self._knowledge) if source_id is None else [source_id]
        if not ids:
            reason = (
                f"has no {originals.ORIGINALS}: nothing has been imported with its original kept"
            )
            raise VerbatimError(Problem(str(self._knowledge), reason))
        problems: list[Problem] = []
        for one in ids:
            try:
                self._again(one)
            except VerbatimError as error:
                problems += error.problems
        if problems:
            raise VerbatimError(*problems)

    def _again(self, source_id: str) -> None:
        state = file_state(source_id, self._knowledge)
        if state is None or state.source is None:
            reason = "there is no such text, or it cannot be read: import its original as a new one"
            raise VerbatimError(Problem(source_id, reason))
        old, kept = state.source, originals.find(self._knowledge, source_id)
        given = {
            f.name: v for f in fields(Metadata) if (v := getattr(self._facts, f.name)) is not None
        }
        facts = replace(Metadata(old.title, old.author, old.url, old.date, old.language), **given)
        asked = self._options
        with _opened(kept.path) as file:
            self._options = kept.options if asked == ImportOptions() else asked
            try:
                found = self._parsed(file, str(kept.path))
                if not isinstance(found, Draft):
                    found = found.parse(self._chosen(found, str(kept.path), (), every=False)[0])
            finally:
                self._options = asked
        imported = complete(found, str(kept.path), facts)
        source = replace(
            imported.source,
            id=source_id,
            license=old.license or imported.source.license,
            aliases=old.aliases or imported.source.aliases,
        )
        if source.digest == old.digest:
            click.echo(f"unchanged: {source_id}")
            return
        click.echo(f"changed: {source_id}: {_change(old, source)}")
        if self._verbose:
            print_import(self._console, replace(imported, source=source), verbose=True)
        if not self._dry_run:
            add_source(source, self._knowledge, state.digest, datetime.now(UTC))


def _change(old: Source, new: Source) -> str:
    before, after = [{post.text for post in source.posts} for source in (old, new)]
    return f"{len(after - before):,} posts are new, {len(before - after):,} are gone"


def _with_collection(draft: Draft, collection: Collection) -> Draft:
    """Add what the collection has in no entry to the report on its only, or only chosen, one."""
    return replace(
        draft,
        dropped=(*draft.dropped, *collection.dropped),
        notes=(*draft.notes, *collection.notes),
    )


def _under_free_id(imported: ImportedText, entry_id: str, taken: set[str]) -> ImportedText:
    """Make the id of a text whose title another one of the same file has too its own."""
    source_id = imported.source.id
    if source_id in taken:
        source_id = f"{source_id}-{slug(entry_id)}"
    taken.add(source_id)
    return replace(imported, source=replace(imported.source, id=source_id))


def _file_in(path: Path) -> Path:
    """Return the file to read: in the folder of an unpacked archive, the one that has the posts."""
    if path.is_dir():
        return next((path / part for part in _ARCHIVE_PARTS if (path / part).is_file()), path)
    return path


@contextmanager
def _opened(path: Path) -> Iterator[TrackedFile]:
    if not path.is_file():
        reason = "is a folder or a special file, not a text" if path.exists() else "does not exist"
        raise VerbatimError(Problem(str(path), reason))
    try:
        file = TrackedFile(path)
    except OSError as error:
        raise VerbatimError(Problem(str(path), f"cannot be read: {error.strerror}")) from error
    with file:
        yield file

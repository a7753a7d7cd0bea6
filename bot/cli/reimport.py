"""`verbatim import --again`: imports the originals that were kept, with today's formats."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime

import click
from rich.console import Console

from bot.cli.file_import import Choice, FileImport, chosen, opened, parsed
from bot.errors import Problem, VerbatimError
from bot.models import Source
from bot.terminal.import_reports import print_import
from bot.texts import originals
from bot.texts.editing import add_source, file_state
from bot.texts.formats.draft import Draft
from bot.texts.importing import ImportedText, Metadata, complete
from bot.texts.originals import ImportOptions


def import_again(settings: FileImport, source_id: str | None) -> None:
    """Import the kept original of a text again, or of every text that has one.

    What the text's file states is kept, but for what the settings give; posts are what the formats make of the
    original today. The old file is moved to `.removed`.

    Raises:
        VerbatimError: with what was wrong with each text.

    """
    ids = originals.kept_ids(settings.knowledge) if source_id is None else [source_id]
    if not ids:
        reason = f"has no {originals.ORIGINALS}: nothing has been imported with its original kept"
        raise VerbatimError(Problem(str(settings.knowledge), reason))
    problems: list[Problem] = []
    for one in ids:
        try:
            _import_one(settings, one)
        except VerbatimError as error:
            problems += error.problems
    if problems:
        raise VerbatimError(*problems)


def _import_one(settings: FileImport, source_id: str) -> None:
    state = file_state(source_id, settings.knowledge)
    if state is None:
        raise VerbatimError(Problem(source_id, "there is no such text: name its file without .md"))
    if state.source is None:
        reason = "its file cannot be read: import its original as a new text"
        raise VerbatimError(Problem(source_id, reason))
    old = state.source
    imported = _imported(settings, old)
    source = replace(
        imported.source,
        id=source_id,
        license=old.license or imported.source.license,
        aliases=old.aliases or imported.source.aliases,
    )
    if source.digest == old.digest:
        click.echo(f"unchanged: {source_id}")
        return
    if not settings.dry_run:
        add_source(source, settings.knowledge, state.digest, datetime.now(UTC))
    click.echo(f"changed: {source_id}: {_change(old, source)}")
    if settings.verbose:
        print_import(Console(), replace(imported, source=source), verbose=True)


def _imported(settings: FileImport, old: Source) -> ImportedText:
    kept = originals.find(settings.knowledge, old.id)
    given = {
        field.name: value
        for field in fields(Metadata)
        if (value := getattr(settings.facts, field.name)) is not None
    }
    facts = replace(Metadata(old.title, old.author, old.url, old.date, old.language), **given)
    where = str(kept.path)
    options = kept.options if settings.options == ImportOptions() else settings.options
    with opened(kept.path) as file:
        found = parsed(file, where, options)
        draft = (
            found if isinstance(found, Draft) else found.parse(chosen(found, where, Choice())[0])
        )
    return complete(draft, where, facts)


def _change(old: Source, new: Source) -> str:
    before, after = [{post.text for post in source.posts} for source in (old, new)]
    return f"{len(after - before):,} posts are new, {len(before - after):,} are gone"

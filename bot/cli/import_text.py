"""`verbatim import`: a pasted text becomes a knowledge file."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import click

from bot.cli.options import with_setup
from bot.cli.setup import Setup


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--title", help="The text's title. Without it, its opening words.")
@click.option("--author", help="Who wrote it, where the text does not show it.")
@click.option("--url", help="Where it stands, for the link under each quote.")
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), help="When it was published.")
@click.option("--language", help="The text's language, such as en or ar.")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["auto", "knowledge", "twtext", "numbered", "paragraphs"]),
    default="auto",
    show_default=True,
    help="What was pasted, if it is not recognised.",
)
@click.option("--replace", is_flag=True, help="Write over the text of the same name.")
@click.option("--dry-run", is_flag=True, help="Only say what would be kept and dropped.")
@with_setup
def import_text(
    setup: Setup,
    file: Path,
    title: str | None,
    author: str | None,
    url: str | None,
    date: datetime.datetime | None,
    language: str | None,
    format_name: Any,
    replace: bool,
    dry_run: bool,
) -> None:
    """Turn the pasted text in FILE into a knowledge file, and say what was kept and dropped."""
    from rich.console import Console

    from bot.terminal.reports import print_import
    from bot.texts import importing
    from bot.texts.folder import read_bytes, write_source

    facts = importing.Metadata(title, author, url, date.date() if date else None, language)
    imported = importing.import_text(read_bytes(file, str(file)), str(file), facts, format_name)
    print_import(Console(), imported)
    if not dry_run:
        path = write_source(imported.source, setup.knowledge, replace=replace)
        click.echo(f"written: {path}")

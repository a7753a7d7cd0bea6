"""`verbatim import`: a file that people have becomes a knowledge file, or several."""

from __future__ import annotations

import datetime
from typing import Any

import click

from bot.cli.options import with_setup
from bot.cli.setup import Setup
from bot.texts.formats import registry


@click.command("import")
@click.argument("file", required=False)
@click.option("--title", help="The text's title. Without it, its own, or its opening words.")
@click.option("--author", help="Who wrote it, where the text does not show it.")
@click.option("--url", help="Where it can be found, for the link under each quote.")
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), help="When it was published.")
@click.option("--language", help="The text's language, such as en or ar.")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(registry.names()),
    default=registry.AUTO,
    show_default=True,
    help="What the file is, if it is not recognised.",
)
@click.option("--list", "only_list", is_flag=True, help="Only list the texts in FILE.")
@click.option(
    "--pick", multiple=True, metavar="ID", help="Import this text of FILE. Can be repeated."
)
@click.option("--all", "every", is_flag=True, help="Import every text in FILE.")
@click.option("--names", is_flag=True, help="Keep the names of the members who wrote messages.")
@click.option(
    "--again", is_flag=True, help="Import the kept original of the text FILE again, or all."
)
@click.option("--replace", is_flag=True, help="Overwrite the text of the same name.")
@click.option("--dry-run", is_flag=True, help="Only say what would be kept and dropped.")
@click.option("--verbose", is_flag=True, help="Say everything that would be kept and dropped.")
@with_setup
def import_text(
    setup: Setup,
    file: str | None,
    title: str | None,
    author: str | None,
    url: str | None,
    date: datetime.datetime | None,
    language: str | None,
    format_name: str,
    only_list: bool,
    pick: tuple[str, ...],
    every: bool,
    names: bool,
    again: bool,
    **how: Any,
) -> None:
    """Turn FILE, which may be a folder or an address, into knowledge files, and say what was kept and dropped."""
    from bot.cli.file_import import Choice, FileImport
    from bot.cli.reimport import import_again
    from bot.texts.importing import Metadata
    from bot.texts.originals import ImportOptions

    if file is None and not again:
        raise click.UsageError("Missing argument 'FILE'.")
    if only_list + every + bool(pick) + again > 1:
        raise click.UsageError("--list, --pick, --all and --again exclude each other.")
    facts = Metadata(title, author, url, date.date() if date else None, language)
    options = ImportOptions(format_name, names)
    config = setup.config
    most = config.knowledge.max_originals
    work = FileImport(setup.knowledge, facts, options, config.imports.hosts, most, **how)
    if again:
        import_again(work, file)
    elif file is not None:
        work.run(file, Choice(pick, only_list, every))

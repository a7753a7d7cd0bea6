"""`verbatim backup` and `verbatim restore`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.options import config_option, knowledge_option
from bot.errors import Problem, VerbatimError

if TYPE_CHECKING:
    from bot.operations.backup import Places

_FILE = click.argument("file", type=click.Path(path_type=Path))


@click.command()
@_FILE
@click.option("--replace", is_flag=True, help="Overwrite FILE.")
@config_option
@knowledge_option
def backup(file: Path, replace: bool, config_file: Path | None, knowledge: Path | None) -> None:
    """Write database, key, texts and config to FILE; the bot may run meanwhile."""
    import asyncio

    from bot.operations.backup import back_up

    report = asyncio.run(back_up(_places(config_file, knowledge), file, replacing=replace))
    click.echo(
        f"{file}: {report.files:,} files and {report.rows:,} rows of the database,"
        f" {report.size / 1_000_000:.1f} MB. Keep it as secret as the bot's data."
    )


@click.command()
@_FILE
@click.option(
    "--replace",
    is_flag=True,
    help="Move what is there aside; in PostgreSQL, replace the bot's tables.",
)
@config_option
@knowledge_option
def restore(file: Path, replace: bool, config_file: Path | None, knowledge: Path | None) -> None:
    """Put everything from the backup FILE back into place; stop the bot first."""
    import asyncio

    from bot import config
    from bot.cli.health import is_running
    from bot.cli.processes import control_paths
    from bot.files import atomic_file
    from bot.operations import control
    from bot.operations.backup import config_in
    from bot.operations.backup import restore as put_back

    path = config_file or config.DEFAULT_FILE
    kept = None if path.exists() else config_in(file)
    try:
        if kept is not None:  # it says where everything else belongs
            with atomic_file.replacing(path, private=True) as out:  # it may hold passwords
                out.write(kept)
        places = _places(config_file, knowledge)
        settings = config.load(config_file)
        if is_running(settings.health) or any(map(control.is_served, control_paths(settings))):
            raise VerbatimError(Problem("the bot", "runs: stop it first"))
        report = asyncio.run(put_back(file, places, replacing=replace))
    except BaseException:
        if kept is not None:
            path.unlink(missing_ok=True)
        raise
    for old in report.aside:
        click.echo(f"moved aside: {old}")
    click.echo(f"restored {report.files:,} files and {report.rows:,} rows of the database")


def _places(config_file: Path | None, knowledge: Path | None) -> Places:
    from bot import config
    from bot.operations.backup import Places

    settings = config.load(config_file)
    return Places(
        settings.storage.url.get_secret_value(),
        settings.storage.key_path,
        knowledge or Path(settings.knowledge.folder),
        config_file or config.DEFAULT_FILE,
    )

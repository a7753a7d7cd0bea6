"""`verbatim db`: the database's schema."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.options import config_option


@click.group()
def db() -> None:
    """Look after the database: `verbatim db upgrade` brings it to the newest schema."""


@db.command()
@config_option
def upgrade(config_file: Path | None) -> None:
    """Bring the database to this version's schema, as the bot does when it starts."""
    import asyncio

    from bot import config
    from bot.storage import database

    url = config.load(config_file).storage.url.get_secret_value()
    change = asyncio.run(database.upgrade(url))
    if change.before == change.after:
        click.echo(f"{change.where}: already at schema {change.after}")
    elif change.before is None:
        click.echo(f"{change.where}: created, at schema {change.after}")
    else:
        click.echo(f"{change.where}: from schema {change.before} to {change.after}")

"""`verbatim reload`: the running bot reads its texts again."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from bot.cli.options import config_option
from bot.cli.setup import control_path
from bot.errors import Problem, VerbatimError


@click.command()
@click.option("--skip-broken", is_flag=True, help="Leave out new files that cannot be read.")
@click.option(
    "--strict",
    is_flag=True,
    help="Leave out every text whose file cannot be read now; otherwise its earlier version stays.",
)
@config_option
def reload(config_file: Path | None, skip_broken: bool, strict: bool) -> None:
    """Let the running bot read its texts again; the exit status is 0 if it did."""
    from bot import config
    from bot.operations import control

    path = control_path(config.load(config_file))
    request = {"command": "reload", "skip_broken": skip_broken, "strict": strict}
    try:
        response = control.ask(path, request)
    except control.NotRunningError as error:
        reason = "no bot responds: `verbatim run` must be running, with the same config and for the same user"
        raise VerbatimError(Problem(str(path), reason)) from error
    for line in response.get("lines", ()):
        click.echo(line, err=not response.get("swapped"))
    sys.exit(0 if response.get("swapped") else 1)

"""`verbatim reload`: the running bot reads its texts again, in each of its processes on this machine."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from bot.cli.options import config_option
from bot.cli.processes import control_paths, process_name
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
    """Make the running bot read its texts again; the exit status is 0 if it did."""
    from bot import config

    paths = control_paths(config.load(config_file))
    request = {"command": "reload", "skip_broken": skip_broken, "strict": strict}
    responses = {path: response for path in paths if (response := _asked(path, request))}
    if not responses:
        reason = "no bot responds: `verbatim run` must be running, with the same config and as the same user"
        raise VerbatimError(Problem(str(paths[0]), reason))
    for path, response in responses.items():
        failed = not response.get("swapped")
        if len(responses) > 1:
            click.echo(f"{process_name(path)}:", err=failed)
        for line in response.get("lines", ()):
            click.echo(line, err=failed)
    sys.exit(0 if all(response.get("swapped") for response in responses.values()) else 1)


def _asked(path: Path, request: dict[str, object]) -> dict[str, Any] | None:
    """What the bot at `path` responds; None if none does, such as after a crash."""
    from bot.operations import control

    try:
        return control.ask(path, request)
    except control.NotRunningError:
        return None

"""`verbatim vectors`: embed every passage ahead of time."""

from __future__ import annotations

import click

from bot.cli.console import progress_bar
from bot.cli.options import with_setup
from bot.cli.setup import Setup
from bot.errors import Problem, VerbatimError


@click.command()
@with_setup
def vectors(setup: Setup) -> None:
    """Compute the vectors of all texts now, so that the bot has them when it starts."""
    from bot.installation import install_command

    library = setup.create_library(with_reader=False, with_engine=False)
    library.load()
    if library.embedding_status is None:
        raise VerbatimError(
            Problem("search.semantic", f"there is no model: {install_command('semantic')}")
        )
    library.embed_passages(progress_bar)
    if not library.embedding_status.ready:
        raise VerbatimError(
            Problem(library.embedding_status.model, "the model failed: see the log")
        )
    if not library.embedding_status.is_saved:
        raise VerbatimError(
            Problem(
                str(library.folder),
                "the vectors could not be saved there, so the bot computes them again: see the log",
            )
        )
    click.echo(
        f"{len(library.snapshot.passages):,} passages have vectors of {library.embedding_status.model}"
    )

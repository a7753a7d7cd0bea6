"""`verbatim evaluate`: how many questions of a question file are answered right."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.options import with_setup
from bot.cli.setup import Setup

if TYPE_CHECKING:
    from bot.answering.evaluation import JudgedAnswer, Record


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "in_json", is_flag=True, help="The figures as JSON.")
@click.option("--failures", "list_failures", is_flag=True, help="List what came out wrong.")
@click.option("--whole", is_flag=True, help="Make one knowledge base of all texts of a file.")
@click.option(
    "--provider",
    type=click.Choice(["auto", "bundled", "fastembed", "off"]),
    help="The embedding model, instead of the config's.",
)
@click.option("--model", help="For fastembed: a name or a folder, instead of the config's.")
@click.option(
    "--reader",
    type=click.Choice(["auto", "on", "off"]),
    help="Whether the reader takes part, instead of the config's.",
)
@with_setup
def evaluate(
    setup: Setup,
    files: tuple[Path, ...],
    in_json: bool,
    list_failures: bool,
    whole: bool,
    provider: Any,
    model: str | None,
    reader: Any,
) -> None:
    """Ask the questions in FILES and say how many came out right."""
    from rich.console import Console

    from bot.answering import evaluation
    from bot.terminal import reports

    if provider is not None:
        setup = setup.with_model(provider, model)
    if reader is not None:
        setup = setup.with_reader(reader)
    records = {str(file): evaluation.read_records(file) for file in files}
    build, load_snapshot = setup.snapshot_builder(), cache(setup.load_snapshot)
    results: dict[str, list[JudgedAnswer]] = {}
    for name, of_file in records.items():
        asked = evaluation.evaluate(
            of_file, load_snapshot, setup.policy(), whole=whole, build=build, progress=_progress
        )
        results[name] = list(asked)
    if in_json:
        click.echo(reports.evaluation_json({**results}))
        return
    console = Console(width=None if sys.stdout.isatty() else 160, markup=False, emoji=False)
    for name, judged in results.items():
        console.print(reports.evaluation_table(name, judged))
        if list_failures:
            for failure in reports.failures(judged):
                click.echo(failure)


def _progress(records: Iterable[Record]) -> Iterable[Record]:
    from rich.console import Console
    from rich.progress import track

    errors = Console(stderr=True)
    return track(
        list(records), "asking", console=errors, transient=True, disable=not errors.is_terminal
    )

"""`verbatim ask`: one question, or one a line of standard input."""

from __future__ import annotations

import sys

import click

from bot.cli import console
from bot.cli.options import with_setup
from bot.cli.setup import Setup


@click.command()
@click.argument("question")
@click.option("--json", "in_json", is_flag=True, help="One JSON object per question.")
@with_setup
def ask(setup: Setup, question: str, in_json: bool) -> None:
    """Answer QUESTION; with `-`, each line of standard input."""
    from bot.answering.asking import Request
    from bot.terminal.ask import answers, read_requests

    requests = read_requests(sys.stdin) if question == "-" else [Request(question)]
    snapshot = setup.load_snapshot()
    separated = question == "-" and not in_json
    for number, text in enumerate(answers(snapshot, requests, setup.policy(), in_json=in_json)):
        console.echo(("\n" if separated and number else "") + text)

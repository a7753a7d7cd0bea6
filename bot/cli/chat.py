"""`verbatim chat`: a conversation in the terminal."""

from __future__ import annotations

import sys
from contextlib import suppress

import click

from bot.cli import console
from bot.cli.options import with_setup
from bot.cli.setup import Setup


@click.command()
@with_setup
def chat(setup: Setup) -> None:
    """Talk with the texts in the terminal."""
    from bot.terminal.chat import chat as converse

    with suppress(ImportError):
        import readline  # noqa: F401 - gives input() history and editing
    read_line = input if sys.stdin.isatty() else lambda _: input()
    library = setup.load_interactive()
    converse(library, setup.policy(), read_line, console.echo)

"""The command `verbatim`: its subcommands, and how their errors are printed.

Each command imports what it needs when it runs, so that `ask` starts without discord.py and rich.
"""

from __future__ import annotations

import sys
from typing import Any

import click

from bot import __version__
from bot.cli.ask import ask
from bot.cli.backups import backup, restore
from bot.cli.chat import chat
from bot.cli.check import check
from bot.cli.console import open_closed_streams, replace_unencodable_characters
from bot.cli.db import db
from bot.cli.demo import demo
from bot.cli.evaluate import evaluate
from bot.cli.health import health
from bot.cli.import_text import import_text
from bot.cli.index import index
from bot.cli.reload import reload
from bot.cli.run import run
from bot.cli.show_config import show_config
from bot.cli.vectors import vectors
from bot.errors import VerbatimError
from bot.files import file_errors

INTERRUPTED = 130
"""What a shell makes of a command that SIGINT has ended."""

NO_LIMIT = 1_000


class _Group(click.Group):
    """Prints problems one to a line, and exits with the status of their error."""

    def main(self, *args: Any, **options: Any) -> Any:
        """Run the command line; here and not in `invoke`, since help is printed before that."""
        open_closed_streams()
        try:
            return super().main(*args, **options)
        except OSError as error:
            click.echo(f"verbatim: {_in_one_line(error)}", err=True)
            sys.exit(1)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except VerbatimError as error:
            for problem in error.problems:
                click.echo(f"verbatim: {problem}", err=True)
            ctx.exit(error.exit_status)
        except KeyboardInterrupt:
            click.echo("verbatim: interrupted", err=True)
            ctx.exit(INTERRUPTED)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with their whole first sentences, which click would cut off."""
        commands = {name: self.get_command(ctx, name) for name in self.list_commands(ctx)}
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, one.get_short_help_str(NO_LIMIT)) for name, one in commands.items() if one]
            )


def _in_one_line(error: OSError) -> str:
    if error.errno in file_errors.FULL_DISK:
        return "the disk is full: nothing more could be written"
    reason = error.strerror or str(error)
    return f"{error.filename}: {reason}" if error.filename else reason


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="verbatim")
def main() -> None:
    """Answer questions about texts, only in the texts' own words."""
    replace_unencodable_characters()


for command in (
    run,
    ask,
    chat,
    check,
    show_config,
    health,
    reload,
    vectors,
    index,
    import_text,
    backup,
    restore,
    db,
    evaluate,
    demo,
):
    main.add_command(command)

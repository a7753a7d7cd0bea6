"""The command line."""

from __future__ import annotations

import datetime
import errno
import sys
from collections.abc import Callable, Iterable
from functools import update_wrapper
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot import __version__
from bot.cli.setup import Setup, progress_bar
from bot.models import Problem, VerbatimError

if TYPE_CHECKING:
    from rich.console import Console

    from bot.answering.evaluation import JudgedAnswer
    from bot.config import Config
    from bot.storage.database import Finding

# Each command imports what it needs itself, so that `ask` starts without discord.py and rich.


def _with_setup(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give `command` the options --config and --knowledge, and a `Setup` made of them."""

    def run(config_file: Path | None, knowledge: Path | None, **rest: Any) -> Any:
        from bot import config

        settings = config.load(config_file)
        return command(Setup(settings, knowledge or Path(settings.knowledge.folder)), **rest)

    wrapped = update_wrapper(run, command)
    wrapped = click.option(
        "--knowledge",
        type=click.Path(path_type=Path),
        help="The folder of the texts, instead of the config's.",
    )(wrapped)
    return click.option(
        "--config",
        "config_file",
        type=click.Path(path_type=Path),
        help="The config file. Without it, config.yaml here, if there is one.",
    )(wrapped)


class _Group(click.Group):
    """Says problems in a line each, and exits with 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except VerbatimError as error:
            for problem in error.problems:
                click.echo(f"verbatim: {problem}", err=True)
            ctx.exit(1)
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            click.echo("verbatim: the disk is full: nothing more could be written", err=True)
            ctx.exit(1)


def _take_any_character() -> None:
    """Let no character end the program that the terminal's encoding does not have."""
    streams = (sys.stdin, "replace"), (sys.stdout, "backslashreplace"), (sys.stderr, "replace")
    for stream, errors in streams:
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=errors)


def _echo(text: str) -> None:
    """Write `text` for a person on a terminal, or as it is into a pipe or a file."""
    if not sys.stdout.isatty():
        click.echo(text)
        return
    from rich.console import Console

    from bot.terminal.screen import show

    show(text, Console())


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="verbatim")
def main() -> None:
    """Answer questions about texts, only in the texts' own words."""
    _take_any_character()


@main.command()
@_with_setup
def run(setup: Setup) -> None:
    """Run the bot on Discord, until it is told to stop."""
    import asyncio

    from bot import config
    from bot.discord.app.client import VerbatimClient
    from bot.discord.app.network_faults import is_network_fault
    from bot.discord.kit.service import Service
    from bot.operations.logging import configure

    token = config.token(setup.config)
    secrets = (token.get_secret_value(), setup.config.storage.password)
    configure(setup.config.log.level, setup.config.log.format, secrets, is_network_fault)
    library = setup.library(aside=True, on_discord=True)
    library.load()

    async def serve() -> None:
        async with setup.storage() as storage:
            grace_days = setup.config.storage.grace_days
            service = await Service.of(
                library, setup.policy(), setup.config.discord, storage, grace_days
            )
            await service.warm_up()
            try:
                await VerbatimClient(service).run_until_stopped(token.get_secret_value())
            finally:
                await service.question_log.settle()

    asyncio.run(serve())


@main.command()
@click.argument("question")
@click.option("--json", "in_json", is_flag=True, help="One JSON object a question.")
@_with_setup
def ask(setup: Setup, question: str, in_json: bool) -> None:
    """Answer QUESTION; with `-`, each line of standard input."""
    from bot.answering.asking import Request
    from bot.terminal.ask import answers, read_requests

    asked = read_requests(sys.stdin) if question == "-" else [Request(question)]
    snapshot = setup.loaded()
    several = question == "-" and not in_json
    for number, text in enumerate(answers(snapshot, asked, setup.policy(), in_json=in_json)):
        _echo(("\n" if several and number else "") + text)


@main.command()
@_with_setup
def chat(setup: Setup) -> None:
    """Talk with the texts in the terminal."""
    from contextlib import suppress

    from bot.terminal.chat import chat as converse

    with suppress(ImportError):
        import readline  # noqa: F401 - gives input() history and editing
    typed = input if sys.stdin.isatty() else lambda _: input()
    library = setup.at_once()
    converse(library, setup.policy(), typed, _echo)


@main.command()
@click.option("--config", "config_file", type=click.Path(path_type=Path), help="The config file.")
@click.option("--knowledge", type=click.Path(path_type=Path), help="The folder of the texts.")
def check(config_file: Path | None, knowledge: Path | None) -> None:
    """Find every problem of the config and the texts at once."""
    from rich.console import Console

    from bot import config
    from bot.terminal.reports import print_check, print_reader, print_storage
    from bot.texts.folder import read_folder

    problems: list[Problem] = []
    settings = config.defaults(config_file)
    storage = None
    try:
        settings = config.load(config_file)
        problems.extend(_check_token(settings))
        storage = _check_storage(settings)
    except VerbatimError as error:
        problems.extend(error.problems)
    folder = knowledge or Path(settings.knowledge.folder)
    reading = read_folder(folder)
    problems.extend(reading.problems)
    print_check(Console(), reading, problems)
    if storage is not None:
        print_storage(Console(), storage)
    if reading.sources:
        setup = Setup(settings, folder)
        _check_meaning(setup, Console())
        print_reader(Console(), setup.reader(), wanted=settings.search.reader != "off")
    sys.exit(1 if problems else 0)


def _check_token(settings: Config) -> tuple[Problem, ...]:
    """Return what is wrong with the token's file, if the settings name one."""
    from bot import config

    try:
        if settings.discord.token_file is not None:
            config.token(settings)
    except VerbatimError as error:
        return error.problems
    return ()


def _check_storage(settings: Config) -> Finding:
    """Return what is kept where, changing nothing."""
    import asyncio

    from bot.storage import database

    storage = settings.storage
    return asyncio.run(database.check(storage.url.get_secret_value(), storage.key_path))


def _check_meaning(setup: Setup, console: Console) -> None:
    """Say which model of meaning there is and what it costs."""
    from bot.library.library import Library
    from bot.terminal.reports import print_meaning

    model = setup.embedder()
    library = Library(setup.knowledge, skip_broken=True, track=progress_bar, embedder=model)
    library.load()
    print_meaning(console, library, model)


@main.command()
@_with_setup
def vectors(setup: Setup) -> None:
    """Make the vectors of all texts now, so that the bot has them when it starts."""
    from bot.search.embedding.embedder import INSTALL

    library = setup.library()
    library.load()
    if library.meaning is None:
        raise VerbatimError(Problem("search.semantic", f"there is no model: {INSTALL}"))
    library.add_meaning(progress_bar)
    if not library.meaning.ready:
        raise VerbatimError(Problem(library.meaning.model, "the model failed: see the log"))
    click.echo(
        f"{len(library.snapshot.passages):,} passages have vectors of {library.meaning.model}"
    )


@main.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--title", help="The text's title. Without it, its opening words.")
@click.option("--author", help="Who wrote it, where the text does not show it.")
@click.option("--url", help="Where it stands, for the link under each quote.")
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), help="When it was published.")
@click.option("--language", help="The text's language, such as en or ar.")
@click.option(
    "--format",
    "shape",
    type=click.Choice(["auto", "knowledge", "twtext", "numbered", "paragraphs"]),
    default="auto",
    show_default=True,
    help="What was pasted, if it is not recognised.",
)
@click.option("--replace", is_flag=True, help="Write over the text of the same name.")
@click.option("--dry-run", is_flag=True, help="Only say what would be kept and dropped.")
@_with_setup
def import_(
    setup: Setup,
    file: Path,
    title: str | None,
    author: str | None,
    url: str | None,
    date: datetime.datetime | None,
    language: str | None,
    shape: Any,
    replace: bool,
    dry_run: bool,
) -> None:
    """Turn the pasted text in FILE into a knowledge file, and say what was kept and dropped."""
    from rich.console import Console

    from bot.terminal.reports import print_import
    from bot.texts.folder import read_bytes, write_source
    from bot.texts.importing import Facts, import_text

    facts = Facts(title, author, url, date.date() if date else None, language)
    imported = import_text(read_bytes(file, str(file)), str(file), facts, shape)
    print_import(Console(), imported)
    if not dry_run:
        path = write_source(imported.source, setup.knowledge, replace=replace)
        click.echo(f"written: {path}")


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "in_json", is_flag=True, help="The figures as JSON.")
@click.option("--failures", "list_failures", is_flag=True, help="List what came out wrong.")
@click.option("--whole", is_flag=True, help="Make one knowledge base of all texts of a file.")
@click.option(
    "--provider",
    type=click.Choice(["auto", "bundled", "fastembed", "off"]),
    help="The model of meaning, instead of the config's.",
)
@click.option("--model", help="For fastembed: a name or a folder, instead of the config's.")
@click.option(
    "--reader",
    type=click.Choice(["auto", "on", "off"]),
    help="Whether the reader takes part, instead of the config's.",
)
@_with_setup
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
    from functools import cache

    from rich.console import Console
    from rich.progress import track

    from bot.answering import evaluation
    from bot.terminal import reports

    errors = Console(stderr=True)

    def progress(records: Iterable[evaluation.Record]) -> Iterable[evaluation.Record]:
        return track(
            records, "asking", console=errors, transient=True, disable=not errors.is_terminal
        )

    if provider is not None:
        setup = setup.with_model(provider, model)
    if reader is not None:
        setup = setup.with_reader(reader)
    build, loaded = setup.build(), cache(setup.loaded)
    results: dict[str, list[JudgedAnswer]] = {}
    for file in files:
        records = evaluation.read_records(file)
        asked = evaluation.evaluate(
            records,
            loaded,
            setup.policy(),
            whole=whole,
            build=build,
            progress=lambda some: progress(list(some)),
        )
        results[str(file)] = list(asked)
    if in_json:
        click.echo(reports.evaluation_json({**results}))
        return
    console = Console(width=None if sys.stdout.isatty() else 160)
    for name, judged in results.items():
        console.print(reports.evaluation_table(name, judged))
        if list_failures:
            for failure in reports.failures(judged):
                click.echo(failure)


@main.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port; 0: any free one.")
@click.option("--browser/--no-browser", default=True, help="Open the page when there is a browser.")
@_with_setup
def demo(setup: Setup, port: int, browser: bool) -> None:
    """Try the bot in a simulated Discord in the browser, without token or network."""
    import asyncio
    from tempfile import TemporaryDirectory

    from bot.discord.app import demo as simulation
    from bot.discord.kit.service import Service
    from bot.operations.logging import configure
    from bot.storage.database import Storage

    configure("warning", setup.config.log.format)
    library = setup.at_once(on_discord=True)

    async def serve(folder: Path) -> None:
        url, key_file = f"sqlite+aiosqlite:///{folder / 'demo.db'}", folder / "demo.key"
        storage = await Storage.open(url, key_file, days=1)
        try:
            service = await Service.of(library, setup.policy(), setup.config.discord, storage)
            await service.warm_up()
            await simulation.serve(service, port=port, open_browser=browser, say=click.echo)
            await service.question_log.settle()
        finally:
            await storage.close()

    with TemporaryDirectory() as folder:
        asyncio.run(serve(Path(folder)))


if __name__ == "__main__":
    main()

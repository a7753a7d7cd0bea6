"""`verbatim check`: everything that is wrong, and what there is to work with."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.console import progress_bar
from bot.cli.options import config_option, knowledge_option
from bot.cli.processes import control_path
from bot.cli.setup import PATIENCE, Setup
from bot.errors import Problem, VerbatimError

if TYPE_CHECKING:
    from rich.console import Console

    from bot.config import Config
    from bot.discord.app.server_check import ServerReport
    from bot.library.library import Library
    from bot.storage.database import StorageStatus
    from bot.storage.servers import ServerSettings


ASKED_FOR = 5.0
"""Seconds that a running bot gets to respond."""


@click.command()
@click.option(
    "--servers", is_flag=True, help="Also ask Discord what the bot may do on each of its servers."
)
@config_option
@knowledge_option
def check(config_file: Path | None, knowledge: Path | None, servers: bool) -> None:
    """Find every problem of the config and the texts at once."""
    from rich.console import Console

    from bot import config
    from bot.terminal.reports import (
        print_reader,
        print_stale,
        print_storage,
        print_texts,
        print_verdict,
    )
    from bot.texts.folder import read_folder

    console = Console()
    problems: list[Problem] = []
    settings = config.defaults(config_file)
    storage = None
    try:
        settings = config.load(config_file)
        problems.extend(_token_problems(settings))
        storage = _check_storage(settings)
    except VerbatimError as error:
        problems.extend(error.problems)
    folder = knowledge or Path(settings.knowledge.folder)
    setup = Setup(settings, folder)
    contents = read_folder(folder, limits=setup.limits)
    problems.extend(contents.problems)
    print_texts(console, contents)
    if storage is not None:
        print_storage(console, storage)
    if contents.sources:
        try:
            library = _print_embedder(setup, console)
            print_stale(console, _stale(settings, library))
            problems.extend(_print_engine(setup, library, console))
        except VerbatimError as error:  # too many passages
            problems.extend(error.problems)
        print_reader(console, setup.reader, wanted=settings.search.reader != "off")
    if servers:
        problems.extend(_print_servers(settings, storage, console))
    exit_status = 1 if problems else 0
    print_verdict(console, problems, exit_status)
    sys.exit(exit_status)


def _token_problems(settings: Config) -> tuple[Problem, ...]:
    """Read the token's file if the settings name one; a token in the environment is not required."""
    from bot import config

    try:
        if settings.discord.token_file is not None:
            config.token(settings)
    except VerbatimError as error:
        return error.problems
    return ()


def _check_storage(settings: Config) -> StorageStatus:
    import asyncio

    from bot.storage import database

    storage = settings.storage
    return asyncio.run(database.check(storage.url.get_secret_value(), storage.key_path))


def _print_servers(
    settings: Config, status: StorageStatus | None, console: Console
) -> tuple[Problem, ...]:
    """Print what the bot may do on its servers; return what is wrong."""
    import asyncio

    from bot import config
    from bot.discord.app.server_check import check_servers
    from bot.terminal.screen import print_line

    async def work() -> ServerReport:
        kept, daily = await _kept_of_servers(settings, status)
        token = config.token(settings).get_secret_value()
        return await check_servers(token, kept, daily, listen=settings.discord.listen)

    try:
        report = asyncio.run(work())
    except VerbatimError as error:
        return error.problems
    for line in report.lines:
        print_line(console, line)
    reason = "some settings cannot work: see the lines with `wrong` above"
    return () if report.ok else (Problem("Discord", reason),)


async def _kept_of_servers(
    settings: Config, status: StorageStatus | None
) -> tuple[dict[int, ServerSettings], dict[int, frozenset[int]]]:
    """The settings and the channels with daily passages by server; empty if nothing is stored yet."""
    from bot.storage.database import Storage
    from bot.storage.schema import Schema

    if status is None or status.schema is not Schema.READY:
        return {}, {}
    kept = settings.storage
    storage = await Storage.open(kept.url.get_secret_value(), kept.key_path, days=kept.days)
    try:
        return await storage.servers.all(), await storage.daily.channels()
    finally:
        await storage.close()


def _print_embedder(setup: Setup, console: Console) -> Library:
    from bot.library.library import Library
    from bot.terminal.reports import print_meaning

    model = setup.embedder
    library = Library(
        setup.knowledge,
        skip_broken=True,
        track=progress_bar,
        embedder=model,
        limits=setup.limits,
    )
    library.load()
    search = setup.config.search
    wanted, has_engine = search.semantic.provider != "off", search.engine != "embedded"
    print_meaning(console, library, model, wanted=wanted, has_engine=has_engine)
    return library


def _stale(settings: Config, library: Library) -> list[str]:
    """Texts of which an earlier version is in use: by the running bot, or from the saved index at the next start."""
    from bot.operations import control

    try:
        status = control.ask(control_path(settings), {"command": "status"}, seconds=ASKED_FOR)
        return [str(name) for name in status["stale"]]
    except (control.NotRunningError, KeyError, TypeError):
        return list(library.stale)


def _print_engine(setup: Setup, library: Library, console: Console) -> tuple[Problem, ...]:
    """Print what the search engine holds, if the settings name one; return what is wrong."""
    from bot.search.embedding.similarity import EXACT_UP_TO
    from bot.search.opensearch.preconditions import lacks_knn
    from bot.terminal.engine_report import print_engine, print_vectors

    try:
        indexes = setup.create_indexes()
        if indexes is None:
            return ()
        indexes.nodes.probe(all_nodes=True, timeout=PATIENCE)
        wanted = indexes.name_for(library.snapshot.searcher.table.forward)
        found = indexes.statuses()
        print_engine(console, indexes.nodes.status, found, wanted)
        if setup.embedder is not None and len(library.snapshot.passages) > EXACT_UP_TO:
            print_vectors(console, found, wanted, lacks_knn(indexes.nodes, PATIENCE))
    except VerbatimError as error:
        return error.problems
    return ()

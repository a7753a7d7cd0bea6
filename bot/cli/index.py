"""`verbatim index`: the indexes of the texts in an OpenSearch cluster."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from bot.cli.options import with_setup
from bot.cli.setup import PATIENCE, Setup
from bot.errors import Problem, VerbatimError

if TYPE_CHECKING:
    from bot.library.library import Library
    from bot.search.bm25.forward_index import ForwardIndex
    from bot.search.bm25.index import Index
    from bot.search.opensearch.indexes import Indexes


@click.group()
def index() -> None:
    """See and manage the indexes in an OpenSearch cluster (`search.engine: opensearch`)."""


@index.command()
@click.option("--swap", "and_swap", is_flag=True, help="Also make it the current one.")
@with_setup
def build(setup: Setup, and_swap: bool) -> None:
    """Index the texts in the cluster now, so that the bot finds them there when it reloads."""
    from bot.search.embedding.similarity import EXACT_UP_TO

    indexes = _indexes(setup)
    library = _loaded(setup)
    forward, local = _terms(library)
    with _progress() as progress:
        name = indexes.ensure(forward, local, progress)
    if and_swap:
        indexes.swap(name)
    click.echo(
        f"{name} has {forward.corpus_size:,} passages{' and is current' if and_swap else ''}"
    )
    if setup.embedder is not None and forward.corpus_size > EXACT_UP_TO:
        _build_vectors(indexes, name, library)


@index.command()
@with_setup
def status(setup: Setup) -> None:
    """Show the nodes, and the indexes they hold."""
    from rich.console import Console

    from bot.search.embedding.similarity import EXACT_UP_TO
    from bot.search.opensearch.preconditions import lacks_knn
    from bot.terminal.engine_report import print_engine, print_vectors

    indexes = _indexes(setup)
    indexes.nodes.probe(all_nodes=True, timeout=PATIENCE)
    forward, _ = _terms(_loaded(setup))
    wanted = indexes.name_for(forward)
    reachable = any(node.up for node in indexes.nodes.status)
    found = indexes.statuses() if reachable else []
    print_engine(Console(), indexes.nodes.status, found, wanted)
    if reachable and setup.embedder is not None and forward.corpus_size > EXACT_UP_TO:
        print_vectors(Console(), found, wanted, lacks_knn(indexes.nodes, PATIENCE))
    sys.exit(0 if reachable else 1)


@index.command()
@click.argument("name", required=False)
@with_setup
def swap(setup: Setup, name: str | None) -> None:
    """Make NAME the current index; without NAME, that of the texts in the folder."""
    indexes = _indexes(setup)
    name = name or indexes.name_for(_terms(_loaded(setup))[0])
    indexes.swap(name)
    click.echo(f"{name} is current")


@index.command()
@click.argument("name", required=False)
@click.option("--others", is_flag=True, help="All but the current one.")
@with_setup
def drop(setup: Setup, name: str | None, others: bool) -> None:
    """Delete the index NAME, which must not be the current one, and the vectors that go with it."""
    if bool(name) == others:
        raise click.UsageError("give either a name or --others")
    indexes = _indexes(setup)
    found = indexes.statuses()
    current = next((one.name for one in found if one.current and not one.terms), "")
    if others:
        dropped = indexes.drop_others(current)
    elif name == current:
        raise VerbatimError(Problem(name, "is the current index: swap another one in first"))
    elif name and name in {one.name for one in found}:
        dropped = [one.name for one in found if name in {one.name, one.terms}]
        for one in dropped:
            indexes.drop(one)
    else:
        raise VerbatimError(
            Problem(str(name), "is not one of this bot's indexes: see `verbatim index status`")
        )
    for one in dropped:
        click.echo(f"{one} was deleted")
    if not dropped:
        click.echo("there is no other index")


def _indexes(setup: Setup) -> Indexes:
    indexes = setup.create_indexes()
    if indexes is None:
        reason = (
            "is embedded, so there is no cluster: set it to opensearch, and `search.opensearch.url`"
        )
        raise VerbatimError(Problem("search.engine", reason))
    return indexes


def _loaded(setup: Setup) -> Library:
    library = setup.create_library(with_reader=False, with_engine=False)
    library.load()
    return library


def _terms(library: Library) -> tuple[ForwardIndex, Index]:
    """The terms of the texts in the folder, and their embedded index."""
    searcher = library.snapshot.searcher
    return searcher.table.forward, searcher.expander.index


def _build_vectors(indexes: Indexes, name: str, library: Library) -> None:
    """Index the vectors that go with the index `name`, or say why that is impossible."""
    from bot.search.opensearch.preconditions import lacks_knn

    reason = lacks_knn(indexes.nodes, indexes.layout.build_timeout)
    if not reason and (missing := library.missing_vectors()):
        reason = f"{missing:,} texts have no vector yet: `verbatim vectors` makes them"
    if reason:
        click.echo(f"verbatim: vectors are not indexed: {reason}", err=True)
        return
    library.embed_passages()  # only loads them
    embeddings = library.snapshot.searcher.embeddings
    if embeddings is not None:
        with _progress() as progress:
            made = indexes.ensure_vectors(name, embeddings, progress)
        click.echo(f"{made} has their vectors")


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """Show a progress bar during the block, if standard error is a terminal."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("indexing", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)

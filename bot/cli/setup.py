"""The parts put together, as the settings want them."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click

from bot.models import Problem, VerbatimError

if TYPE_CHECKING:
    from bot.answering.answerer import Policy
    from bot.config import Config
    from bot.library.library import Library
    from bot.library.snapshots import Snapshot
    from bot.models import Source
    from bot.search.embedding.embedder import Embedder, Provider
    from bot.search.reading.reader import Reader
    from bot.storage.database import Storage

# What a command does not need is not imported, so that `ask` starts without discord.py and rich.

T = TypeVar("T")

MANY = 5_000
"""Passages from which on the command line shows how far it is."""

WORKING = Path(".verbatim")
"""Where `evaluate` keeps the vectors of the texts in question files."""

FEW = 100
"""Texts whose vectors are waited for before a conversation begins: a few seconds."""

SOON = 2_000
"""Texts whose vectors are made before a single question is answered: within about a minute."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What every command is told: the settings and the folder of the texts."""

    config: Config
    knowledge: Path

    def library(self, *, aside: bool = False, on_discord: bool = False) -> Library:
        """Return the library over the folder, not loaded yet; `aside`, vectors are made meanwhile.

        A model of meaning or a reader that cannot be used is told in a line, and done without. In
        a terminal a question waits for the model of meaning as long as it takes; `on_discord` so
        long as the settings say. Both are loaded here: call it before the event loop begins.
        """
        from bot.library.library import Library
        from bot.search.embedding.question_embedder import TimeLimit

        skip = self.config.knowledge.skip_broken
        model = self.embedder()
        return Library(
            self.knowledge,
            skip_broken=skip,
            track=progress_bar,
            embedder=model,
            reader=self.reader(),
            aside=aside,
            time_limit=TimeLimit(self.config.search.semantic.wait) if on_discord else None,
        )

    def at_once(self, *, on_discord: bool = False) -> Library:
        """Return the library, loaded; vectors are made aside unless they are but a few."""
        library = self.library(aside=True, on_discord=on_discord)
        library.load()
        if library.missing_vectors() <= FEW:
            library.add_meaning()  # or wait for the thread that does so already
        return library

    def loaded(self) -> Snapshot:
        """Return the snapshot of the folder, with the vectors of its passages if there is a model.

        Where very many have to be made first, only `verbatim vectors` does so.
        """
        library = self.library()
        library.load()
        missing = library.missing_vectors()
        if missing <= SOON:
            library.add_meaning(progress_bar)
        else:
            click.echo(
                f"verbatim: answered by words alone: {missing:,} texts have no vectors yet;"
                " `verbatim vectors` makes them",
                err=True,
            )
        return library.snapshot

    def with_model(self, provider: Provider, model: str | None) -> Setup:
        """Return the same setup with another model of meaning."""
        semantic = self.config.search.semantic
        changes = {"provider": provider, "model": model or semantic.model}
        return self._searching(semantic=semantic.model_copy(update=changes))

    def with_reader(self, provider: Literal["auto", "on", "off"]) -> Setup:
        """Return the same setup, with the reader where `provider` says."""
        return self._searching(reader=provider)

    def _searching(self, **changes: Any) -> Setup:
        """Return the same setup with `changes` of the settings in `search`."""
        search = self.config.search.model_copy(update=changes)
        return replace(self, config=self.config.model_copy(update={"search": search}))

    def build(self) -> Callable[[Sequence[Source]], Snapshot]:
        """Return what makes a snapshot of sources outside the folder, with their vectors too.

        It has the reader, as those of the folder have.
        """
        from bot.library.snapshots import build_snapshot

        reader = self.reader()

        def by_words(sources: Sequence[Source]) -> Snapshot:
            return build_snapshot(sources).with_reader(reader)

        model = self.embedder()
        if model is None:
            return by_words
        from bot.search.embedding.builder import EmbeddingBuilder
        from bot.search.embedding.embedder import ModelError, file_name

        try:
            WORKING.mkdir(exist_ok=True)
        except OSError as error:
            reason = f"cannot be made: {error.strerror}; begin in a folder that can be written"
            raise VerbatimError(Problem(str(WORKING), reason)) from error
        maker = EmbeddingBuilder(model, WORKING / f"{file_name(model)}.vectors", shared=True)

        def with_vectors(sources: Sequence[Source]) -> Snapshot:
            snapshot = by_words(sources)
            try:
                meaning = maker.make(snapshot.passages.sources, snapshot.passages)
            except ModelError as error:
                raise VerbatimError(Problem(model.name, str(error))) from error
            return snapshot if meaning is None else snapshot.with_embeddings(meaning)

        return with_vectors

    def embedder(self) -> Embedder | None:
        """Return the model of meaning that the settings name, if it can be used."""
        from bot.search.embedding.embedder import ModelError, choose

        semantic = self.config.search.semantic
        try:
            return choose(semantic.provider, semantic.model)
        except ModelError as error:
            click.echo(f"verbatim: answers go by words alone: {error}", err=True)
            return None

    def reader(self) -> Reader | None:
        """Return the reader, if the settings want it and it can be used.

        Its margins mean something only to a second stage that was fitted on the same weights.
        """
        from bot.search.reading.reader import ReaderError, load
        from bot.search.resources import require_fitted_on

        try:
            reader = load(self.config.search.reader)
            if reader is not None:
                require_fitted_on(reader.digest)
        except (ReaderError, VerbatimError) as error:
            click.echo(f"verbatim: answers go without the reader: {error}", err=True)
            return None
        return reader

    @asynccontextmanager
    async def storage(self) -> AsyncIterator[Storage]:
        """Give the storage that the settings name, open."""
        from bot.storage.database import Storage

        kept = self.config.storage
        storage = await Storage.open(kept.url.get_secret_value(), kept.key_path, days=kept.days)
        try:
            yield storage
        finally:
            await storage.close()

    def policy(self) -> Policy:
        """Return what the settings call good enough to quote."""
        from bot.answering.answerer import Policy

        search = self.config.search
        return Policy(search.quotes, search.answered, search.closest, search.max_question)


def progress_bar(items: Iterable[T], total: int, what: str) -> Iterable[T]:
    """Return `items`; where there are many and somebody is watching, with a progress bar."""
    if total < (MANY if what == "indexing" else 2) or not sys.stderr.isatty():
        return items
    from rich.console import Console
    from rich.progress import track

    return track(items, what, total, console=Console(stderr=True), transient=True)

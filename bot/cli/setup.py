"""Builds the parts that a command needs from its settings: library, models, storage."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from bot.cli.console import progress_bar
from bot.errors import Problem, VerbatimError

if TYPE_CHECKING:
    from bot.answering.answerer import Policy
    from bot.config import Config
    from bot.library.library import Library
    from bot.library.snapshots import Snapshot
    from bot.models import Source
    from bot.search.embedding.embedder import Embedder, Provider
    from bot.search.opensearch.engine import Engine
    from bot.search.opensearch.indexes import Indexes
    from bot.search.reading.reader import Reader
    from bot.storage.database import Storage
    from bot.texts.folder import Limits

EVALUATION_CACHE = Path(".verbatim")
"""Where `evaluate` caches the vectors of the texts in question files."""

EMBED_BEFORE_CHAT = 100
"""Passages that are embedded before a conversation begins: a few seconds."""

EMBED_BEFORE_ANSWER = 2_000
"""Passages that are embedded before a single question is answered: about a minute."""


SAVE_INDEX_AFTER = 30.0
"""Seconds without a reload after which a running bot saves a large index: several edits cost one file."""


PATIENCE = 5.0
"""Seconds that a node of a cluster has to say that it is there, where an operator asks."""


class Setup:
    """Settings and the texts' folder, and what is built from them.

    The models are loaded when first used, once for everything built here. A model that cannot be
    used is reported in one line on standard error, and everything works without it.
    """

    def __init__(self, config: Config, knowledge: Path) -> None:
        self.config = config
        self.knowledge = knowledge

    @property
    def limits(self) -> Limits:
        """How much the folder may hold."""
        from bot.texts.folder import Limits

        known = self.config.knowledge
        return Limits(
            known.max_files,
            known.max_bytes,
            known.max_posts,
            known.max_passages,
            known.max_removed,
            known.max_originals,
        )

    @cached_property
    def embedder(self) -> Embedder | None:
        """The embedding model that the settings name, or None if it cannot be used."""
        from bot.search.embedding.embedder import ModelError, choose

        semantic = self.config.search.semantic
        try:
            return choose(semantic.provider, semantic.model)
        except ModelError as error:
            click.echo(f"verbatim: answers go by words alone: {error}", err=True)
            return None

    @cached_property
    def reader(self) -> Reader | None:
        """The reader, or None if the settings switch it off or it cannot be used.

        Its scores mean something only to a second stage that was fitted on the same weights.
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

    def with_model(self, provider: Provider, model: str | None) -> Setup:
        """Copy this setup with another embedding model."""
        semantic = self.config.search.semantic
        changes = {"provider": provider, "model": model or semantic.model}
        return self._with_search(semantic=semantic.model_copy(update=changes))

    def with_reader(self, reader: Literal["auto", "on", "off"]) -> Setup:
        """Copy this setup with the setting `search.reader` replaced."""
        return self._with_search(reader=reader)

    def _with_search(self, **changes: Any) -> Setup:
        search = self.config.search.model_copy(update=changes)
        return Setup(self.config.model_copy(update={"search": search}), self.knowledge)

    def create_library(
        self,
        *,
        embed_in_background: bool = False,
        on_discord: bool = False,
        with_reader: bool = True,
        with_engine: bool = True,
    ) -> Library:
        """Create the library over the folder, without loading any text yet.

        In a terminal a question waits for its embedding as long as it takes; `on_discord`, as long
        as the settings allow. The models are loaded here, so call this before the event loop starts.
        """
        from bot.library.library import Library
        from bot.search.embedding.question_embedder import TimeLimit

        return Library(
            self.knowledge,
            skip_broken=self.config.knowledge.skip_broken,
            limits=self.limits,
            save_after=SAVE_INDEX_AFTER if on_discord else None,
            track=progress_bar,
            embedder=self.embedder,
            reader=self.reader if with_reader else None,
            embed_in_background=embed_in_background,
            time_limit=TimeLimit(self.config.search.semantic.wait) if on_discord else None,
            engine=self.create_engine(builds=on_discord) if with_engine else None,
        )

    def create_engine(self, *, builds: bool) -> Engine | None:
        """The search engine that the settings name; None where the index is embedded.

        The bot on Discord `builds` indexes; other commands use what it, or `verbatim index`, has built.

        Raises:
            VerbatimError: its certificates cannot be read.

        """
        indexes = self.create_indexes()
        if indexes is None:
            return None
        from bot.search.opensearch.engine import Engine

        fallback = self.config.search.engine_fallback == "embedded"
        return Engine(indexes, fallback=fallback, builds=builds)

    def create_indexes(self) -> Indexes | None:
        """The indexes in the cluster that the settings name; None where the index is embedded.

        Raises:
            VerbatimError: the cluster's certificates cannot be read.

        """
        if self.config.search.engine != "opensearch":
            return None
        from bot.search.opensearch.indexes import Indexes, IndexLayout
        from bot.search.opensearch.nodes import LONGEST_WAIT, ClusterAddress, Nodes

        of = self.config.search.opensearch
        has_fallback = self.config.search.engine_fallback == "embedded"
        cluster = ClusterAddress(
            of.url, of.timeout, of.user, of.password.get_secret_value(), of.ca_file,
            patience=0.0 if has_fallback else LONGEST_WAIT,
        )  # fmt: skip
        layout = IndexLayout(of.index, of.shards, of.replicas, of.build_timeout)
        # These lines are for the bot's log. Commands print what matters themselves.
        logging.getLogger("verbatim.engine").addHandler(logging.NullHandler())  # noqa: TID251
        nodes = Nodes(cluster)
        context = click.get_current_context(silent=True)
        if context is not None:
            context.call_on_close(nodes.close)
        return Indexes(nodes, layout)

    def load_interactive(self, *, on_discord: bool = False) -> Library:
        """Load the library now; embed in the background if many vectors are missing."""
        library = self.create_library(embed_in_background=True, on_discord=on_discord)
        library.load()
        _say_if_embedded(library)
        if library.missing_vectors() <= EMBED_BEFORE_CHAT:
            library.embed_passages()  # waits if the background thread has already begun
        return library

    def load_snapshot(self) -> Snapshot:
        """Load the folder's snapshot, with vectors if there is an embedding model.

        If more than EMBED_BEFORE_ANSWER vectors are missing it has none, and a line on standard
        error points to `verbatim vectors`.
        """
        library = self.create_library()
        library.load()
        _say_if_embedded(library)
        missing = library.missing_vectors()
        if missing <= EMBED_BEFORE_ANSWER:
            library.embed_passages(progress_bar)
        else:
            click.echo(
                f"verbatim: answered by words alone: {missing:,} texts have no vectors yet;"
                " `verbatim vectors` makes them",
                err=True,
            )
        return library.snapshot

    def snapshot_builder(self) -> Callable[[Sequence[Source]], Snapshot]:
        """Load the models, and give a function that builds snapshots of sources outside the folder."""
        from bot.library.snapshots import build_snapshot

        reader, embedder = self.reader, self.embedder

        def without_vectors(sources: Sequence[Source]) -> Snapshot:
            return build_snapshot(sources).with_reader(reader)

        if embedder is None:
            return without_vectors
        from bot.search.embedding.builder import EmbeddingBuilder
        from bot.search.embedding.embedder import ModelError, file_name

        try:
            EVALUATION_CACHE.mkdir(exist_ok=True)
        except OSError as error:
            reason = f"cannot be created: {error.strerror}; start in a folder that you can write to"
            raise VerbatimError(Problem(str(EVALUATION_CACHE), reason)) from error
        vectors = EVALUATION_CACHE / f"{file_name(embedder)}.vectors"
        maker = EmbeddingBuilder(embedder, vectors, shared=True)

        def with_vectors(sources: Sequence[Source]) -> Snapshot:
            snapshot = without_vectors(sources)
            try:
                meaning = maker.make(snapshot.passages.sources, snapshot.passages)
            except ModelError as error:
                raise VerbatimError(Problem(embedder.name, str(error))) from error
            return snapshot if meaning is None else snapshot.with_embeddings(meaning)

        return with_vectors

    @asynccontextmanager
    async def open_storage(self) -> AsyncIterator[Storage]:
        """Open the storage that the settings name, and close it after the block."""
        from bot.storage.database import Storage

        settings = self.config.storage
        url = settings.url.get_secret_value()
        storage = await Storage.open(
            url, settings.key_path, days=settings.days, audit=settings.max_audit
        )
        try:
            yield storage
        finally:
            await storage.close()

    def policy(self) -> Policy:
        """Take the thresholds and limits of answers from the settings."""
        from bot.answering.answerer import Policy

        search = self.config.search
        return Policy(search.quotes, search.answered, search.closest, search.max_question)


def _say_if_embedded(library: Library) -> None:
    """Print on standard error that the cluster is away, if questions are answered without it."""
    status = None if library.engine is None else library.engine.status
    if status is not None and status.reason:
        click.echo(
            f"verbatim: searched in the embedded index: OpenSearch: {status.reason}", err=True
        )

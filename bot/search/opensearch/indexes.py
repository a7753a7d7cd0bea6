"""The indexes of one bot in a cluster: built in bulk, checked, swapped in by an alias, and deleted.

The index of some passages is called PREFIX-FINGERPRINT, and never changes once it is complete: updated in place,
passages would change their numbers, and those deleted would still count in the statistics. Processes that search
the same passages share it. The alias PREFIX says which one is current.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from time import sleep

from bot.search.bm25.forward_index import ForwardIndex
from bot.search.bm25.index import Index
from bot.search.embedding.similarity import PassageEmbeddings
from bot.search.opensearch.builder import IndexBuilder
from bot.search.opensearch.contents import Contents, Progress
from bot.search.opensearch.documents import (
    bulk_bodies,
    fingerprint,
    index_body,
    passages_with_terms,
    score_factor,
)
from bot.search.opensearch.errors import EngineError, MissingIndexError
from bot.search.opensearch.index_status import IndexStatus, is_ours
from bot.search.opensearch.nodes import Nodes
from bot.search.opensearch.preconditions import major_version, refuse_foreign_alias
from bot.search.opensearch.remote_index import RemoteIndex
from bot.search.opensearch.vector_documents import (
    VectorDocuments,
    vector_bulk_bodies,
    vector_fingerprint,
    vector_index_body,
)
from bot.search.opensearch.vector_index import VectorIndex
from bot.search.opensearch.verification import differences, vector_differences


@dataclass(frozen=True, slots=True)
class IndexLayout:
    """How indexes are laid out in the cluster."""

    prefix: str
    shards: int = 1
    replicas: int = 2
    """Copies of each shard, at most: fewer where there are not that many nodes."""
    build_timeout: float = 60.0
    """Seconds that a node has for one step of a build."""


class Indexes:
    """Builds, finds, swaps and deletes a bot's indexes. Methods block, for minutes where they build."""

    def __init__(
        self, nodes: Nodes, layout: IndexLayout, pause: Callable[[float], None] = sleep
    ) -> None:
        """`pause` waits for so many seconds."""
        self.nodes = nodes
        self.layout = layout
        self._slow = layout.build_timeout
        self._builder = IndexBuilder(
            nodes, layout.build_timeout, layout.replicas, self.status_of, pause
        )

    def name_for(self, forward: ForwardIndex) -> str:
        """The name of the index of `forward`, whether it exists or not."""
        return f"{self.layout.prefix}-{fingerprint(forward)}-{self.layout.shards}"

    def open(self, name: str, forward: ForwardIndex, local: Index) -> RemoteIndex:
        """The complete index called `name`, which is that of `forward`, as is `local`."""
        documents = len(passages_with_terms(forward))
        factor = score_factor(forward.corpus_size, documents, major_version(self.nodes, self._slow))
        return RemoteIndex(self.nodes, name, local, documents, self.layout.shards, factor)

    def name_for_vectors(self, terms: str, embeddings: PassageEmbeddings) -> str:
        """The name of the index of vectors that goes with the index `terms`, whether it exists or not."""
        return f"{terms}-{vector_fingerprint(embeddings)}"

    def open_vectors(self, name: str) -> VectorIndex:
        """The complete index of vectors called `name`."""
        return VectorIndex(self.nodes, name, self.layout.shards)

    def statuses(self) -> list[IndexStatus]:
        """All indexes of this bot, the current one first."""
        prefix = self.layout.prefix
        try:
            described = self.nodes.get(f"/{prefix}-*?ignore_unavailable=true", self._slow)
            counted = self.nodes.get(
                f"/_cat/indices/{prefix}-*?format=json&bytes=b&h=index,health,docs.count,store.size",
                self._slow,
            )
        except MissingIndexError:
            return []
        counts = {one["index"]: one for one in counted}
        found = [
            IndexStatus.of(name, about, counts.get(name, {}), prefix)
            for name, about in described.items()
            if is_ours(about)
        ]
        current = {one.name for one in found if one.current}
        found = [replace(one, current=one.current or one.terms in current) for one in found]
        return sorted(found, key=lambda one: (not one.current, one.name))

    def status_of(self, name: str) -> IndexStatus | None:
        """The index called `name`, if there is one."""
        return next((one for one in self.statuses() if one.name == name), None)

    def ensure(self, forward: ForwardIndex, local: Index, progress: Progress | None = None) -> str:
        """Build the index of `forward` unless it is there; return its name.

        Where another process is building it, wait for that. `progress` gets the number of documents done, and of all.

        Raises:
            EngineError: it could not be built.

        """
        name = self.name_for(forward)

        def wrong() -> str:
            return differences(self.open(name, forward, local), forward)

        total = len(passages_with_terms(forward))
        body = index_body(forward, self.layout.shards)
        return self._ensure(
            Contents(name, total, body, partial(bulk_bodies, forward), wrong), progress
        )

    def ensure_vectors(
        self, terms: str, embeddings: PassageEmbeddings, progress: Progress | None = None
    ) -> str:
        """Build the index of vectors that goes with the index `terms` of the same passages, as `ensure` does.

        Raises:
            EngineError: it could not be built.

        """
        name, vectors = self.name_for_vectors(terms, embeddings), embeddings.passages
        documents = VectorDocuments.of(vectors)
        contents = Contents(
            name,
            len(documents),
            vector_index_body(vectors.bytes.shape[1], self.layout.shards),
            partial(vector_bulk_bodies, vectors, documents),
            lambda: vector_differences(self.open_vectors(name), vectors),
            {"terms": terms},
        )
        return self._ensure(contents, progress)

    def _ensure(self, contents: Contents, progress: Progress | None) -> str:
        while True:
            status = self.status_of(contents.name)
            if status is not None and status.complete:
                return contents.name
            if status is not None:
                if self._builder.is_dead(status):
                    self.drop(contents.name)
                continue
            major_version(self.nodes, self._slow)
            refuse_foreign_alias(self.nodes, self.layout.prefix, self._slow)
            if self._builder.build(contents, progress):
                return contents.name

    def swap(self, name: str) -> None:
        """Make `name` the current index, in one step.

        Raises:
            EngineError: there is no such index, or it is not complete.

        """
        status = self.status_of(name)
        if status is not None and status.terms:
            raise EngineError(f"{name} holds vectors: swap in {status.terms}, which they go with")
        if status is None or not status.complete:
            reason = "is not complete" if status else "does not exist: see `verbatim index status`"
            raise EngineError(f"{name} {reason}")
        if not status.current:
            refuse_foreign_alias(self.nodes, self.layout.prefix, self._slow)
            prefix = self.layout.prefix
            old = [one.name for one in self.statuses() if one.current and not one.terms]
            actions = [{"remove": {"index": one, "alias": prefix}} for one in old]
            actions.append({"add": {"index": name, "alias": prefix}})
            self.nodes.request("POST", "/_aliases", {"actions": actions}, timeout=self._slow)

    def drop(self, name: str) -> None:
        """Delete an index, if it still exists."""
        try:
            self.nodes.request("DELETE", f"/{name}", timeout=self._slow)
        except MissingIndexError:
            return

    def drop_others(self, name: str) -> list[str]:
        """Delete all indexes but `name`, the current one, the vectors of both, and what somebody is building.

        Return their names.
        """
        found = self.statuses()
        kept = {name, *(one.name for one in found if one.current)}
        return self._drop([one for one in found if kept.isdisjoint({one.name, one.terms})])

    def drop_other_vectors(self, name: str, terms: str) -> list[str]:
        """Delete all indexes of vectors but `name` that go with `terms`; return their names."""
        return self._drop(
            [one for one in self.statuses() if one.terms == terms and one.name != name]
        )

    def _drop(self, unused: list[IndexStatus]) -> list[str]:
        dropped = [one.name for one in unused if one.complete or self._builder.is_dead(one)]
        for name in dropped:
            self.drop(name)
        return dropped

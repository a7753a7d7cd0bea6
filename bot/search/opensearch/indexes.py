"""The indexes of one bot in a cluster: built in bulk, checked, swapped in by an alias, and deleted.

The index of some passages is called PREFIX-FINGERPRINT, and never changes once it is complete: updated in place,
passages would change their numbers, and those deleted would still count in the statistics. Processes that search
the same passages share it. The alias PREFIX says which one is current.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Any

from bot.search.bm25.forward_index import ForwardIndex
from bot.search.bm25.index import Index
from bot.search.opensearch.build_process import SIGN_EVERY, has_exited, signs_of_life, this_process
from bot.search.opensearch.documents import (
    bulk_bodies,
    fingerprint,
    index_body,
    passages_with_terms,
    score_factor,
)
from bot.search.opensearch.errors import (
    BuildError,
    EngineError,
    EngineUnavailableError,
    MissingIndexError,
)
from bot.search.opensearch.index_status import IndexStatus, is_ours
from bot.search.opensearch.loading import replicate, send
from bot.search.opensearch.nodes import Nodes
from bot.search.opensearch.preconditions import major_version, refuse_foreign_alias
from bot.search.opensearch.remote_index import RemoteIndex
from bot.search.opensearch.verification import differences

ABANDONED = 60.0
"""Seconds after which a build that gives no sign of life counts as dead."""


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
        self._pause = pause
        self._builder = this_process()

    def name_for(self, forward: ForwardIndex) -> str:
        """The name of the index of `forward`, whether it exists or not."""
        return f"{self.layout.prefix}-{fingerprint(forward)}-{self.layout.shards}"

    def open(self, name: str, forward: ForwardIndex, local: Index) -> RemoteIndex:
        """The complete index called `name`, which is that of `forward`, as is `local`."""
        documents = len(passages_with_terms(forward))
        factor = score_factor(forward.corpus_size, documents, major_version(self.nodes, self._slow))
        return RemoteIndex(self.nodes, name, local, documents, self.layout.shards, factor)

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
        return sorted(found, key=lambda one: (not one.current, one.name))

    def status_of(self, name: str) -> IndexStatus | None:
        """The index called `name`, if there is one."""
        return next((one for one in self.statuses() if one.name == name), None)

    def ensure(
        self,
        forward: ForwardIndex,
        local: Index,
        progress: Callable[[int, int], None] | None = None,
    ) -> str:
        """Build the index of `forward` unless it is there; return its name.

        Where another process is building it, wait for that. `progress` gets the number of documents done, and of all.

        Raises:
            EngineError: it could not be built.

        """
        name = self.name_for(forward)
        while True:
            status = self.status_of(name)
            if status is not None and status.complete:
                return name
            if status is not None:
                if self._is_dead(status):
                    self.drop(name)
                continue
            major_version(self.nodes, self._slow)
            refuse_foreign_alias(self.nodes, self.layout.prefix, self._slow)
            if self._create(name, forward):
                self._fill(name, forward, local, progress)
                return name

    def swap(self, name: str) -> None:
        """Make `name` the current index, in one step.

        Raises:
            EngineError: there is no such index, or it is not complete.

        """
        status = self.status_of(name)
        if status is None or not status.complete:
            reason = "is not complete" if status else "does not exist: see `verbatim index status`"
            raise EngineError(f"{name} {reason}")
        if not status.current:
            refuse_foreign_alias(self.nodes, self.layout.prefix, self._slow)
            prefix = self.layout.prefix
            old = [one.name for one in self.statuses() if one.current]
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
        """Delete all indexes but `name`, except those that somebody is building; return their names."""
        dropped = []
        for status in self.statuses():
            if (
                status.name != name
                and not status.current
                and (status.complete or self._is_dead(status))
            ):
                self.drop(status.name)
                dropped.append(status.name)
        return dropped

    def _is_dead(self, status: IndexStatus) -> bool:
        """Whether the build of `status` has died. Waits for a sign of life if that is not certain."""
        if has_exited(status.builder, self._builder):
            return True
        begun = monotonic()
        while monotonic() - begun < ABANDONED:
            self._pause(SIGN_EVERY / 2)
            now = self.status_of(status.name)
            if now is None or now.complete or now.sign_of_life != status.sign_of_life:
                return False
        return True

    def _create(self, name: str, forward: ForwardIndex) -> bool:
        """Create an empty index; False if another process was faster."""
        body = index_body(forward, self.layout.shards)
        body["mappings"]["_meta"] = self._meta(complete=False, signs=0)
        try:
            self.nodes.request("PUT", f"/{name}", body, timeout=self._slow)
        except EngineUnavailableError:
            raise
        except EngineError:
            if self.status_of(name) is None:
                raise
            return False
        return True

    def _fill(
        self,
        name: str,
        forward: ForwardIndex,
        local: Index,
        progress: Callable[[int, int], None] | None,
    ) -> None:
        """Send the documents, check what has arrived, and only then call the index complete."""
        total, done = len(passages_with_terms(forward)), 0
        try:
            with signs_of_life(lambda signs: self._sign(name, complete=False, signs=signs)):
                for count, body in bulk_bodies(forward):
                    send(self.nodes, name, body, self._slow, self._pause)
                    done += count
                    if progress is not None:
                        progress(done, total)
                self.nodes.request("POST", f"/{name}/_refresh", timeout=self._slow)
                found = int(self.nodes.get(f"/{name}/_count", self._slow)["count"])
                if found != total:
                    raise BuildError(f"{name} has {found:,} passages, not {total:,}")
                wrong = differences(self.open(name, forward, local), forward)
                if wrong:
                    raise BuildError(f"{name} does not answer as it should: {wrong}")
                replicate(self.nodes, name, self.layout.replicas, self._slow)
            self._sign(name, complete=True, signs=-1)
        except BaseException:
            self._forget(name)
            raise

    def _meta(self, *, complete: bool, signs: int) -> dict[str, Any]:
        return {"complete": complete, "signs": signs, "builder": self._builder}

    def _sign(self, name: str, *, complete: bool, signs: int) -> None:
        """Give a sign of life, or call the index complete."""
        meta = {"_meta": self._meta(complete=complete, signs=signs)}
        self.nodes.request("PUT", f"/{name}/_mapping", meta, timeout=self._slow)

    def _forget(self, name: str) -> None:
        """Delete what a failed build has left. If that fails too, the next start does it."""
        with suppress(EngineError):
            self.drop(name)

"""Builds one index: creates it, fills it, checks it, and only then calls it complete."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Any

from bot.search.opensearch.build_process import SIGN_EVERY, has_exited, signs_of_life, this_process
from bot.search.opensearch.contents import Contents, Progress
from bot.search.opensearch.errors import BuildError, EngineError, EngineUnavailableError
from bot.search.opensearch.index_status import IndexStatus
from bot.search.opensearch.loading import replicate, send
from bot.search.opensearch.nodes import Nodes

ABANDONED = 60.0
"""Seconds after which a build that gives no sign of life counts as dead."""


class IndexBuilder:
    """Builds indexes in the cluster, and tells whether those that others build will be completed."""

    def __init__(
        self,
        nodes: Nodes,
        timeout: float,
        replicas: int,
        status_of: Callable[[str], IndexStatus | None],
        pause: Callable[[float], None],
    ) -> None:
        """`timeout`: seconds that a node has for one step; `pause` waits for so many seconds."""
        self._nodes = nodes
        self._timeout = timeout
        self._replicas = replicas
        self._status_of = status_of
        self._pause = pause
        self._process = this_process()
        self._building: set[str] = set()
        """What this process is building now."""

    def build(self, contents: Contents, progress: Progress | None) -> bool:
        """Build the index of `contents`; False if another process was faster to begin.

        Raises:
            EngineError: it could not be built; what there was of it is deleted where possible.

        """
        if not self._create(contents):
            return False
        self._building.add(contents.name)
        try:
            self._fill(contents, progress)
        except BaseException:
            with suppress(EngineError):  # else the next start does it
                self._nodes.request("DELETE", f"/{contents.name}", timeout=self._timeout)
            raise
        finally:
            self._building.discard(contents.name)
        return True

    def is_dead(self, status: IndexStatus) -> bool:
        """Whether the build of `status` has died. Waits for a sign of life if that is not certain."""
        if status.name in self._building:
            self._pause(SIGN_EVERY / 2)
            return False
        if has_exited(status.builder, self._process):
            return True
        begun = monotonic()
        while monotonic() - begun < ABANDONED:
            self._pause(SIGN_EVERY / 2)
            now = self._status_of(status.name)
            if now is None or now.complete or now.sign_of_life != status.sign_of_life:
                return False
        return True

    def _create(self, contents: Contents) -> bool:
        """Create an empty index; False if another process was faster."""
        body = dict(contents.body)
        body["mappings"] = {
            **body["mappings"],
            "_meta": self._meta(contents, complete=False, signs=0),
        }
        try:
            self._nodes.request("PUT", f"/{contents.name}", body, timeout=self._timeout)
        except EngineUnavailableError:
            raise
        except EngineError:
            if self._status_of(contents.name) is None:
                raise
            return False
        return True

    def _fill(self, contents: Contents, progress: Progress | None) -> None:
        """Send the documents, check what has arrived, and only then call the index complete."""
        name, done = contents.name, 0
        with signs_of_life(lambda signs: self._sign(contents, complete=False, signs=signs)):
            for count, body in contents.bulk_bodies():
                send(self._nodes, name, body, self._timeout, self._pause)
                done += count
                if progress is not None:
                    progress(done, contents.total)
            self._nodes.request("POST", f"/{name}/_refresh", timeout=self._timeout)
            found = int(self._nodes.get(f"/{name}/_count", self._timeout)["count"])
            if found != contents.total:
                raise BuildError(f"{name} has {found:,} documents, not {contents.total:,}")
            wrong = contents.differences()
            if wrong:
                raise BuildError(f"{name} does not answer as it should: {wrong}")
            replicate(self._nodes, name, self._replicas, self._timeout)
        self._sign(contents, complete=True, signs=-1)

    def _meta(self, contents: Contents, *, complete: bool, signs: int) -> dict[str, Any]:
        own = {"complete": complete, "signs": signs, "builder": self._process}
        return own | dict(contents.meta)

    def _sign(self, contents: Contents, *, complete: bool, signs: int) -> None:
        """Give a sign of life, or call the index complete."""
        meta = {"_meta": self._meta(contents, complete=complete, signs=signs)}
        self._nodes.request("PUT", f"/{contents.name}/_mapping", meta, timeout=self._timeout)

"""Requests to a cluster of OpenSearch nodes: JSON over HTTP, to the first node that answers in time.

`http.client` is used: answers run in threads, so a client that needs an event loop would only add a hop, and the
official one would bring 25 MB of dependencies for five kinds of request.
"""

from __future__ import annotations

import base64
import json
import logging
import ssl
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.search.opensearch.errors import EngineError, EngineUnavailableError, MissingIndexError
from bot.search.opensearch.node import Node, NodeFault, NodeResponse

PROBE_SECONDS = 1.0
"""How often a node that failed is tried again, in the background: no question waits for that."""

_BUSY = {429, 500, 502, 503, 504}
"""Statuses that another node may not give."""

_log = logging.getLogger("verbatim.engine")


@dataclass(frozen=True, slots=True)
class ClusterAddress:
    """Where a cluster is and how to talk to it."""

    urls: tuple[str, ...]
    """Of some of its nodes: each answers for all."""
    timeout: float = 1.0
    """Seconds that one node has to answer a search."""
    user: str | None = None
    password: str = ""
    ca_file: str | None = None
    """Certificates to trust in place of the system's."""


@dataclass(frozen=True, slots=True)
class NodeStatus:
    """Whether a node answers, and since when that is so."""

    url: str
    up: bool
    since: datetime
    reason: str = ""


class Nodes:
    """The nodes of a cluster. Safe to share between threads.

    A node that fails or hangs is left out from then on, so it costs one request up to the time-out, once. A
    thread in the background probes it until it answers.
    """

    def __init__(self, cluster: ClusterAddress, *, probe_in_background: bool = True) -> None:
        """Connect to nothing yet.

        Raises:
            EngineError: the certificates cannot be read.

        """
        headers = {"Accept": "application/json"}
        if cluster.user is not None:
            credentials = f"{cluster.user}:{cluster.password}".encode()
            headers["Authorization"] = f"Basic {base64.b64encode(credentials).decode()}"
        context = _context(cluster)
        now = datetime.now(UTC)
        self.timeout = cluster.timeout
        self._nodes = [Node(url, headers, context) for url in cluster.urls]
        self._status = {node.url: NodeStatus(node.url, True, now) for node in self._nodes}
        self._lock = threading.Lock()
        self._turn = 0
        self._probe_in_background = probe_in_background
        self._probing = False
        self._closed = threading.Event()

    @property
    def status(self) -> tuple[NodeStatus, ...]:
        """All nodes, in the order of the settings."""
        return tuple(self._status.values())

    def close(self) -> None:
        """Stop probing, and close idle connections."""
        self._closed.set()
        for node in self._nodes:
            node.close()

    def get(self, path: str, timeout: float | None = None) -> Any:
        """The JSON at `path`."""
        return self.request("GET", path, timeout=timeout)

    def request(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | bytes | None = None,
        *,
        timeout: float | None = None,
        complete: bool = False,
    ) -> Any:
        """Ask one node after another; return the JSON of the first answer.

        `body`: an object, or lines of JSON as bytes. `complete`: an answer of which a shard is missing does not count.

        Raises:
            EngineUnavailableError: no node answered.
            MissingIndexError: there is no such index.
            EngineError: it was refused; another try would be too.

        """
        content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        faults: list[str] = []
        missing: EngineError | None = None
        for node in self._in_turn():
            try:
                response = node.request(method, path, content, timeout or self.timeout)
            except NodeFault as fault:
                self._set(node, up=False, reason=str(fault))
                faults.append(f"{node.url}: {fault}")
                continue
            if response.status == 404 and _is_missing_index(response):
                missing = MissingIndexError("there is no such index")  # or not on this node yet
            elif response.status in _BUSY:
                faults.append(f"{node.url}: {_reason(response)}")
            elif response.status >= 400:
                raise EngineError(_refusal(response))
            elif (found := _json(response)) is None:
                faults.append(f"{node.url}: no JSON: is this OpenSearch?")
            elif complete and not _is_complete(found):
                faults.append(f"{node.url}: a part of the index did not answer")
            else:
                return found
        if missing is not None and not faults:
            raise missing
        raise EngineUnavailableError("; ".join(faults) or self._all_down())

    def probe(self, *, all_nodes: bool = False) -> bool:
        """Try the nodes that failed, or `all_nodes`, once; return whether all are up."""
        for node in self._nodes:
            if all_nodes or not self._status[node.url].up:
                try:
                    status = node.request("GET", "/", None, self.timeout).status
                except NodeFault as fault:
                    self._set(node, up=False, reason=str(fault))
                    continue
                if status < 500:
                    self._set(node, up=True)
        return all(status.up for status in self.status)

    def _in_turn(self) -> Iterable[Node]:
        """The nodes that are up, beginning with another one each time."""
        with self._lock:
            self._turn += 1
            turn = self._turn
        first = turn % len(self._nodes)
        nodes = self._nodes[first:] + self._nodes[:first]
        return [node for node in nodes if self._status[node.url].up]

    def _all_down(self) -> str:
        return "; ".join(f"{status.url}: {status.reason}" for status in self.status)

    def _set(self, node: Node, *, up: bool, reason: str = "") -> None:
        with self._lock:
            changed = self._status[node.url].up != up
            if changed:
                self._status[node.url] = NodeStatus(node.url, up, datetime.now(UTC), reason)
            start = not up and self._probe_in_background and not self._probing
            self._probing = self._probing or start
        if changed and up:
            _log.info("OpenSearch: %s answers again", node.url)
        elif changed:
            _log.warning("OpenSearch: %s is left out until it answers: %s", node.url, reason)
        if start:
            threading.Thread(target=self._keep_probing, name="engine probe", daemon=True).start()

    def _keep_probing(self) -> None:
        while not self._closed.wait(PROBE_SECONDS):
            self.probe()
            with self._lock:
                if all(status.up for status in self._status.values()):
                    break
        with self._lock:
            self._probing = False


def _context(cluster: ClusterAddress) -> ssl.SSLContext | None:
    if not any(url.startswith("https:") for url in cluster.urls):
        return None
    try:
        return ssl.create_default_context(cafile=cluster.ca_file)
    except OSError as error:  # ssl.SSLError is one
        raise EngineError(
            f"the certificates in {cluster.ca_file} cannot be read: {error}"
        ) from error


def _json(response: NodeResponse) -> Any:
    try:
        return json.loads(response.body)
    except ValueError:
        return None


def _is_complete(found: Any) -> bool:
    shards = found.get("_shards", {}) if isinstance(found, dict) else {}
    whole = shards.get("successful", 0) == shards.get("total", -1) and not shards.get("failed")
    return bool(whole and not found.get("timed_out"))


def _error_type(response: NodeResponse) -> str:
    found = _json(response)
    error = found.get("error") if isinstance(found, dict) else None
    return str(error.get("type", "")) if isinstance(error, dict) else ""


def _is_missing_index(response: NodeResponse) -> bool:
    return _error_type(response) == "index_not_found_exception"


def _reason(response: NodeResponse) -> str:
    """What went wrong, in a line, if the node says so."""
    found = _json(response)
    error = found.get("error") if isinstance(found, dict) else None
    reason = error.get("reason") if isinstance(error, dict) else error
    return f"status {response.status}" + (f", {str(reason)[:200]}" if reason else "")


def _refusal(response: NodeResponse) -> str:
    if response.status == 401 or (response.status == 403 and "block" not in _error_type(response)):
        return f"refuses the user or password (status {response.status})"
    return f"refuses a request ({_reason(response)})"

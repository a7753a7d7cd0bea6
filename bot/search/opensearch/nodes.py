"""Requests to a cluster of OpenSearch nodes: JSON over HTTP, to the first node that answers in time.

`http.client` is used: answers run in threads, so a client that needs an event loop would only add a hop, and the
official one would bring 25 MB of dependencies for five kinds of request.
"""

from __future__ import annotations

import base64
import json
import ssl
import threading
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.operations.event_log import EventLogger
from bot.search.opensearch.errors import EngineError, EngineUnavailableError, MissingIndexError
from bot.search.opensearch.node import Node, NodeFault
from bot.search.opensearch.responses import fault_in, missing_index, parsed

LONGEST_WAIT = 5.0
"""Seconds that a search waits for a node that is there but slow, where nothing else can answer."""

PROBE_SECONDS = 1.0
"""How often a node that failed is tried again, in the background: no question waits for that."""

_REQUEST = 0.75
"""The share of the timeout that a request gets; the rest is for finding out which node hangs."""

_WHO = "/_nodes/_local/http?filter_path=nodes.*.name"

_log = EventLogger("verbatim.engine")


@dataclass(frozen=True, slots=True)
class ClusterAddress:
    """Where a cluster is and how to talk to it."""

    urls: tuple[str, ...]
    """Of some of its nodes: each answers for all."""
    timeout: float = 1.0
    """Seconds that a node which hangs may cost, once."""
    user: str | None = None
    password: str = ""
    ca_file: str | None = None
    """Certificates to trust in place of the system's."""
    patience: float = 0.0
    """Seconds that a patient request may take in the end, if a node was late but is there; 0: the timeout holds."""


@dataclass(frozen=True, slots=True)
class NodeStatus:
    """Whether a node answers, and since when that is so."""

    url: str
    up: bool
    since: datetime
    reason: str = ""


class Nodes:
    """The nodes of a cluster. Safe to share between threads.

    A node that fails or hangs is left out from then on, so it costs the timeout once. A thread in the background
    probes it until it answers. A node may also be late because it waits for another one: when one is late, all are
    probed, and those that do not answer are left out. One that is only slow is not.
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
        self._patience = cluster.patience
        self._nodes = [Node(url, headers, context) for url in cluster.urls]
        self._status = {node.url: NodeStatus(node.url, True, now) for node in self._nodes}
        self._ids: dict[str, str] = {}
        """What the cluster calls a node, by its address; known of those that were probed."""
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
        avoid_down: bool = False,
        patient: bool = False,
    ) -> Any:
        """Ask one node after another; return the JSON of the first answer.

        `body`: an object, or lines of JSON as bytes. `complete`: an answer of which a shard is missing does not count.
        `avoid_down`: the node that is asked should pass the request on to no node that is left out. `patient`: if no
        node answers in time, ask one that is slow again, with patience.

        Raises:
            EngineUnavailableError: no node answered.
            MissingIndexError: there is no such index.
            EngineError: it was refused; another try would be too.

        """
        content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        faults: list[str] = []
        is_missing = False
        patience = self._patience if patient else 0.0
        queue = deque((node, timeout or _REQUEST * self.timeout) for node in self._in_turn())
        while queue:
            node, seconds = queue.popleft()
            if not self._status[node.url].up:
                continue  # found out a moment ago
            avoided = self._preference() if avoid_down else ""
            try:
                response = node.request(method, path + avoided, content, seconds)
            except NodeFault as fault:
                faults.append(f"{node.url}: {fault}")
                self._find_fault(node, fault)
                if avoid_down and self._preference() != avoided:
                    queue.append((node, seconds))  # it may have waited for the one that hangs
                elif patience and self._status[node.url].up:
                    queue.append((node, patience))
                    patience = 0.0
                continue
            if response.status == 404 and missing_index(response):
                is_missing = True  # or not known to this node yet
            elif fault_in(response, complete=complete):
                faults.append(f"{node.url}: {fault_in(response, complete=complete)}")
            else:
                return parsed(response)
        if is_missing and not faults:
            raise MissingIndexError("there is no such index")
        raise EngineUnavailableError("; ".join(faults) or self._all_down())

    def _find_fault(self, node: Node, fault: NodeFault) -> None:
        """Leave out a node that failed; of one that was late, find out who is to blame."""
        if fault.timed_out:
            self.probe(all_nodes=True)
        else:
            self._set(node, up=False, why=str(fault))

    def probe(self, *, all_nodes: bool = False, timeout: float | None = None) -> bool:
        """Try the nodes that failed, or `all_nodes`, once; return whether all are up."""
        seconds = timeout or (1 - _REQUEST) * self.timeout
        for node in self._nodes:
            if all_nodes or not self._status[node.url].up:
                try:
                    response = node.request("GET", _WHO, None, seconds)
                except NodeFault as fault:
                    self._set(node, up=False, why=str(fault))
                    continue
                if response.status < 500:
                    found = parsed(response)
                    self._ids[node.url] = (
                        next(iter(found.get("nodes", ())), "") if isinstance(found, dict) else ""
                    )
                    self._set(node, up=True)
        return all(status.up for status in self.status)

    def _preference(self) -> str:
        """The parameter that keeps a search away from nodes that are left out; empty if none is."""
        if all(status.up for status in self.status):
            return ""
        ids = [self._ids.get(status.url, "") for status in self.status if status.up]
        return f"&preference=_prefer_nodes:{','.join(filter(None, ids))}" if any(ids) else ""

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

    def _set(self, node: Node, *, up: bool, why: str = "") -> None:
        with self._lock:
            changed = self._status[node.url].up != up
            if changed:
                self._status[node.url] = NodeStatus(node.url, up, datetime.now(UTC), why)
            start = not up and self._probe_in_background and not self._probing
            self._probing = self._probing or start
        if changed and up:
            _log.info("a node of OpenSearch answers again", url=node.url)
        elif changed:
            _log.warning(
                "a node of OpenSearch is left out until it answers", url=node.url, reason=why
            )
        if start:
            threading.Thread(target=self._keep_probing, name="engine probe", daemon=True).start()

    def _keep_probing(self) -> None:
        while not self._closed.wait(PROBE_SECONDS):
            self.probe()
            with self._lock:
                if all(status.up for status in self._status.values()):
                    self._probing = False
                    return


def _context(cluster: ClusterAddress) -> ssl.SSLContext | None:
    if not any(url.startswith("https:") for url in cluster.urls):
        return None
    try:
        return ssl.create_default_context(cafile=cluster.ca_file)
    except OSError as error:  # ssl.SSLError is one
        raise EngineError(
            f"the certificates in {cluster.ca_file} cannot be read: {error}"
        ) from error

"""Fills an index in bulk, with pauses where the cluster is busy, and has it copied to other nodes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from bot.operations.event_log import EventLogger
from bot.search.opensearch.errors import BuildError, EngineError, EngineUnavailableError
from bot.search.opensearch.nodes import Nodes

PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Seconds before a bulk request that the cluster was too busy for is sent again."""

PROGRESS_EVERY = 60.0
"""Seconds between lines in the log while an index is built."""

_REPORTED = "filter_path=errors,items.*.error.type,items.*.error.reason,items.*.status"

_log = EventLogger("verbatim.engine")


def progress_in_log(name: str, clock: Callable[[], float]) -> Callable[[int, int], None]:
    """What tells the log, once a minute, how much of the index `name` is done."""
    told = clock()

    def progress(done: int, total: int) -> None:
        nonlocal told
        if clock() - told >= PROGRESS_EVERY:
            told = clock()
            _log.info("texts are being indexed in OpenSearch", index=name, done=done, of=total)

    return progress


def send(
    nodes: Nodes, name: str, body: bytes, timeout: float, pause: Callable[[float], None]
) -> None:
    """Send a bulk request to the index `name` until the cluster has taken all of it.

    Raises:
        BuildError: it refuses a passage.
        EngineUnavailableError: it has been away or busy for too long.

    """
    for seconds in (*PAUSES, None):
        try:
            answer = nodes.request("POST", f"/{name}/_bulk?{_REPORTED}", body, timeout=timeout)
        except EngineUnavailableError:
            if seconds is None:
                raise
        else:
            if not answer.get("errors"):
                return
            results = [one for item in answer["items"] for one in item.values() if "error" in one]
            if any(one["status"] != 429 for one in results) or seconds is None:
                error = results[0]["error"]
                raise BuildError(
                    f"{name} does not take a passage: {error['type']}: {error['reason']}"
                )
        pause(seconds)


def replicate(nodes: Nodes, name: str, replicas: int, timeout: float) -> None:
    """Have a finished index copied to other nodes, as many as there are up to `replicas`; wait a while for that.

    Written to disk before, it is copied as files; otherwise each node would index everything again. Only the
    second flush knows that everything before it is safe.
    """
    for _ in range(2):
        nodes.request("POST", f"/{name}/_flush?force=true", timeout=timeout)
    settings = {"index": {"auto_expand_replicas": f"0-{replicas}"}}
    nodes.request("PUT", f"/{name}/_settings", settings, timeout=timeout)
    wait = f"wait_for_status=green&timeout={timeout:.0f}s"
    with suppress(EngineError):  # status 408: copies are still made, but one answers already
        nodes.get(f"/_cluster/health/{name}?{wait}", timeout + 5)

"""What a node's response says: an answer, a part of one, or why there is none."""

from __future__ import annotations

import json
from typing import Any

from bot.search.opensearch.errors import EngineError
from bot.search.opensearch.node import NodeResponse

_BUSY = {429, 500, 502, 503, 504}
"""HTTP statuses after which the next node is asked."""


def parsed(response: NodeResponse) -> Any:
    """The JSON of a response; None if it is not JSON."""
    try:
        return json.loads(response.body)
    except ValueError:
        return None


def fault_in(response: NodeResponse, *, complete: bool) -> str:
    """Why another node may do better; empty for a good answer. `complete`: no shard of a search may be missing.

    Raises:
        EngineError: the request was refused; no other node would do better.

    """
    if response.status in _BUSY:
        return reason(response)
    if response.status >= 400:
        raise EngineError(refusal(response))
    found = parsed(response)
    if found is None:
        return "no JSON: is this OpenSearch?"
    if not complete:
        return ""
    shards = found.get("_shards", {}) if isinstance(found, dict) else {}
    whole = shards.get("successful", 0) == shards.get("total", -1) and not shards.get("failed")
    return "" if whole and not found.get("timed_out") else "a part of the index did not answer"


def missing_index(response: NodeResponse) -> bool:
    """Whether the index that was asked for does not exist."""
    return _error_type(response) == "index_not_found_exception"


def reason(response: NodeResponse) -> str:
    """What went wrong, in a line, if the node says so."""
    found = parsed(response)
    error = found.get("error") if isinstance(found, dict) else None
    said = error.get("reason") if isinstance(error, dict) else error
    return f"status {response.status}" + (f", {str(said)[:200]}" if said else "")


def refusal(response: NodeResponse) -> str:
    """Why a request was refused, for good."""
    if response.status == 401:
        return "refuses the user or password (status 401)"
    if response.status == 403 and "block" not in _error_type(response):
        return f"does not let the user do this ({reason(response)})"
    return f"refuses a request ({reason(response)})"


def _error_type(response: NodeResponse) -> str:
    found = parsed(response)
    error = found.get("error") if isinstance(found, dict) else None
    return str(error.get("type", "")) if isinstance(error, dict) else ""

"""What Discord refuses although its description allows it: lengths, rows, empty messages, too many requests."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from benchmarks.standin.payloads import JSON

LONGEST = 2_000
"""Characters of a message by a bot."""

_ROW, _BUTTON = 1, 2
_SELECTS = {3, 5, 6, 7, 8}


class ApiError(Exception):
    """A request that Discord refuses, with its status and error code."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


def check_message(body: JSON, *, files: bool = False, partial: bool = False) -> None:
    """Refuse a message that breaks a limit.

    Raises ApiError.
    """
    content = body.get("content") or ""
    rows = body.get("components") or []
    if len(content) > LONGEST:
        raise ApiError(400, 50035, f"Invalid Form Body: content: {LONGEST} or fewer in length")
    said = content or rows or files or body.get("embeds") or body.get("attachments")
    if not said and not partial:
        raise ApiError(400, 50006, "Cannot send an empty message")
    check_components(rows)


def check_components(rows: list[JSON]) -> None:
    """Refuse rows that are too many or too full, and ids that occur twice.

    Raises ApiError.
    """
    problem = next(_problems(rows), None)
    if problem is not None:
        raise ApiError(400, 50035, f"Invalid Form Body: components: {problem}")


def _problems(rows: list[JSON]) -> Iterator[str]:
    if len(rows) > 5:
        yield "more than five rows"
    ids: Counter[str] = Counter()
    for row in rows:
        inner = row.get("components", [])
        kinds = [component["type"] for component in inner]
        if row["type"] == _ROW and not 1 <= len(inner) <= 5:
            yield "a row holds one to five buttons"
        if any(kind in _SELECTS for kind in kinds) and len(kinds) > 1:
            yield "a menu fills its row"
        for component in inner:
            if "custom_id" in component:
                ids[component["custom_id"]] += 1
            if component["type"] == _BUTTON and not (
                component.get("label") or component.get("emoji")
            ):
                yield "a button without a label"
            if component["type"] == 3 and not 1 <= len(component.get("options", [])) <= 25:
                yield "a menu holds one to 25 options"
    yield from (f"custom_id {name!r} occurs twice" for name, n in ids.items() if n > 1)


@dataclass
class RateLimits:
    """Requests that a bot may send: to each route for each channel, and to all together."""

    enforced: bool = False
    messages: int = 5
    """Messages to a channel in `window` seconds."""
    window: float = 5.0
    everywhere: int = 50
    """Requests a second, without responses to interactions."""
    exceeded: int = 0
    """Requests that were refused."""
    _sent: dict[str, deque[float]] = field(default_factory=dict)

    def headers(self, operation: str, path: str) -> Mapping[str, str]:
        """Count a request, and return the headers that tell the bot what it has left.

        Raises RateLimited.
        """
        if (
            not self.enforced
            or operation == "create_interaction_response"
            or "webhook" in operation
        ):
            return {}
        self._count("everywhere", self.everywhere, 1.0, everywhere=True)
        if operation != "create_message":
            return {}
        left, reset = self._count(path, self.messages, self.window)
        return {
            "X-RateLimit-Limit": str(self.messages), "X-RateLimit-Remaining": str(left),
            "X-RateLimit-Reset": f"{time.time() + reset:.3f}",
            "X-RateLimit-Reset-After": f"{reset:.3f}", "X-RateLimit-Bucket": "messages",
        }  # fmt: skip

    def _count(
        self, key: str, most: int, window: float, *, everywhere: bool = False
    ) -> tuple[int, float]:
        now = time.monotonic()
        sent = self._sent.setdefault(key, deque())
        while sent and sent[0] <= now - window:
            sent.popleft()
        reset = window - (now - sent[0]) if sent else window
        if len(sent) >= most:
            self.exceeded += 1
            raise RateLimited(reset, everywhere=everywhere)
        sent.append(now)
        return most - len(sent), reset


class RateLimited(Exception):  # noqa: N818 - what it says
    """One request too many."""

    def __init__(self, retry_after: float, *, everywhere: bool) -> None:
        super().__init__()
        self.retry_after = retry_after
        self.everywhere = everywhere

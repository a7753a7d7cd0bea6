"""Questions from the command line or from standard input, answered one by one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.answering.answerer import Policy
from bot.answering.asking import Request, ask
from bot.errors import Problem, VerbatimError
from bot.library.snapshots import Snapshot
from bot.models import Turn
from bot.terminal.answers import as_json, as_text


def answers(
    snapshot: Snapshot, requests: Iterable[Request], policy: Policy, *, in_json: bool
) -> Iterator[str]:
    """Yield the answer to each request, in order, as text or as a line of JSON."""
    for request in requests:
        result = ask(snapshot, _with_quote_before(snapshot, request, policy), policy)
        if result is not None:
            yield as_json(result.answer, snapshot) if in_json else as_text(result.answer, snapshot)


def read_requests(lines: Iterable[str]) -> Iterator[Request]:
    """Yield a request for each line: a plain question, or `{"q": …, "after": …}`.

    Blank lines are skipped. A request's id is the number of its line.

    Raises:
        VerbatimError: a line starts with a brace and is not such an object.

    """
    for number, line in enumerate(lines, start=1):
        text = line.lstrip("\ufeff").strip()  # PowerShell begins with a byte order mark
        if text.startswith("{"):
            yield _from_json(text, number)
        elif text:
            yield Request(text, id=number)


def _from_json(text: str, number: int) -> Request:
    try:
        given = json.loads(text)
        question, after = given["q"], given.get("after")
    except (ValueError, KeyError, RecursionError) as error:
        reason = 'expected {"q": "a question"} with, if you like, "after": "the one before"'
        raise VerbatimError(Problem("standard input", reason, number)) from error
    if not isinstance(question, str) or not isinstance(after, str | None):
        raise VerbatimError(Problem("standard input", "`q` and `after` must be texts", number))
    return Request(question, Turn(after) if after else None, id=number)


def _with_quote_before(snapshot: Snapshot, request: Request, policy: Policy) -> Request:
    """Fill in what was quoted for the question before, by asking that one first."""
    if request.after is None:
        return request
    before = ask(snapshot, Request(request.after.question), policy)
    return replace(request, after=None if before is None else before.turn)

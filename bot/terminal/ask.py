"""Questions from the command line or from standard input, answered one by one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.answering.answerer import Policy, answer
from bot.library.snapshots import Snapshot
from bot.models import Problem, Question, Turn, VerbatimError
from bot.terminal.answers import as_json, as_text


def ask(
    snapshot: Snapshot, questions: Iterable[Question], policy: Policy, *, in_json: bool
) -> Iterator[str]:
    """Yield the answer to each question, in order."""
    for question in questions:
        given = answer(snapshot, _with_quote_before(snapshot, question, policy), policy)
        yield as_json(given) if in_json else as_text(given, snapshot)


def read_questions(lines: Iterable[str]) -> Iterator[Question]:
    """Yield the question of each line: plain, or `{"q": …, "after": …}`. Blank lines are skipped.

    Its id is the number of its line.

    Raises:
        VerbatimError: a line begins as JSON and is none, or lacks its question.

    """
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if text.startswith("{"):
            yield _from_json(text, number)
        elif text:
            yield Question(text, id=number)


def _from_json(text: str, number: int) -> Question:
    try:
        given = json.loads(text)
        question, after = given["q"], given.get("after")
    except (ValueError, KeyError, RecursionError) as error:
        reason = 'expected {"q": "a question"} with, if you like, "after": "the one before"'
        raise VerbatimError(Problem("standard input", reason, number)) from error
    if not isinstance(question, str) or not isinstance(after, str | None):
        raise VerbatimError(Problem("standard input", "`q` and `after` must be texts", number))
    return Question(question, Turn(after) if after else None, number)


def _with_quote_before(snapshot: Snapshot, question: Question, policy: Policy) -> Question:
    """Return `question` with what was quoted for the one before it, as it would have been."""
    if question.after is None:
        return question
    before = answer(snapshot, Question(question.after.question), policy)
    return replace(question, after=before.turn)

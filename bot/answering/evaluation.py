"""Evaluates question files: how often the right passage comes first, and how well the outcomes fit."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.answering.answerer import Policy, answer
from bot.answering.conversation import turn_of
from bot.errors import Problem, VerbatimError
from bot.files import checked_yaml, file_errors
from bot.library.snapshots import Snapshot, build_snapshot
from bot.models import Answer, Hit, Outcome, Passage, Post, Question, Source


class Item(BaseModel):
    """A question, and the opening words of the sentences that are right first quotes."""

    model_config = ConfigDict(frozen=True)

    q: str
    gold: list[str]
    kind: str = "question"
    after: str | None = None


class Record(BaseModel):
    """Questions about the posts given, or about the knowledge that is loaded."""

    model_config = ConfigDict(frozen=True)

    name: str
    title: str | None = None
    author: str | None = None
    posts: list[str] | None = None
    questions: list[Item]

    def source(self) -> Source | None:
        """The record's own text, if it has one."""
        if self.posts is None:
            return None
        posts = tuple(Post(i, text) for i, text in enumerate(self.posts, start=1))
        return Source(self.name, self.title or self.name, self.author or "unknown", posts)


@dataclass(frozen=True, slots=True)
class JudgedAnswer:
    """The answer to one question. `rank` is that of the first right hit, from 1; None: there is none."""

    record: str
    item: Item
    answer: Answer
    rank: int | None

    @property
    def answerable(self) -> bool:
        """Whether the text answers the question."""
        return bool(self.item.gold)

    @property
    def quoted(self) -> bool:
        """Whether something was quoted unasked."""
        return self.answer.shown > 0


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares between 0 and 1 over `questions`; None where there is nothing to divide by.

    p_at_1: first hit right; in_shown: a right one among those quoted at once, whatever the
    outcome; mrr: mean reciprocal rank of the first right hit (Voorhees, TREC-8, 1999).
    answered, quoted: outcome Answered, and Answered or Closest. wrongly_answered: unanswerable
    yet Answered; wrongly_declined: answerable yet nothing quoted. precision: of all that came out
    as Answered, answerable or not, first quote right.
    """

    questions: int
    p_at_1: float | None
    in_shown: float | None
    mrr: float | None
    answered: float | None
    quoted: float | None
    wrongly_answered: float | None
    wrongly_declined: float | None
    precision: float | None


def read_records(path: Path) -> list[Record]:
    """Read a question file: `.yaml` or `.json` with one record, or `.jsonl` with one a line.

    Raises:
        VerbatimError: it cannot be read, or a record is not valid.

    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise VerbatimError(Problem(str(path), "not UTF-8: save it as UTF-8")) from error
    except OSError as error:
        raise VerbatimError(Problem(str(path), file_errors.why_unreadable(error))) from error
    if path.suffix == ".json":
        return [_record(text, str(path), 1)]
    if path.suffix != ".jsonl":
        return [checked_yaml.parse(text, str(path), Record)]
    records = []
    # Not by `splitlines`: a string of JSON may hold other line breaks, such as U+2028.
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            records.append(_record(line, str(path), number))
    return records


def _record(text: str, where: str, first_line: int) -> Record:
    """Parse a record of JSON, which begins on `first_line`.

    Raises:
        VerbatimError: it is not JSON, or no record.

    """
    try:
        return Record.model_validate(json.loads(text))
    except json.JSONDecodeError as error:
        reason = f"not valid JSON from column {error.colno} on"
        raise VerbatimError(Problem(where, reason, first_line + error.lineno - 1)) from error
    except ValidationError as error:
        found = checked_yaml.problems(error, where, Record)
        raise VerbatimError(*(replace(one, line=first_line) for _, one in found)) from error
    except RecursionError as error:
        raise VerbatimError(
            Problem(where, "not valid JSON: nested too deeply", first_line)
        ) from error


def evaluate(
    records: Sequence[Record],
    loaded: Callable[[], Snapshot],
    policy: Policy,
    *,
    whole: bool = False,
    build: Callable[[Sequence[Source]], Snapshot] = build_snapshot,
    progress: Callable[[Iterable[Record]], Iterable[Record]] = iter,
) -> Iterator[JudgedAnswer]:
    """Ask the questions of `records`, and yield the results of each.

    Each record's text is a knowledge base of its own, or with `whole` a part of one, as `build`
    makes it; records without a text are asked of the `loaded` snapshot.
    """
    sources = [source for record in records if (source := record.source())]
    together = build(sources) if whole and sources else None
    for record in progress(records):
        source = record.source()
        snapshot = loaded() if source is None else together or build([source])
        for item in record.questions:
            given = answer(snapshot, _question(snapshot, item, policy), policy)
            rank = next(
                (i for i, hit in enumerate(given.hits, 1) if is_right(hit, item, source)), None
            )
            yield JudgedAnswer(record.name, item, given, rank)


def _question(snapshot: Snapshot, item: Item, policy: Policy) -> Question:
    if item.after is None:
        return Question(item.q)
    return Question(item.q, turn_of(answer(snapshot, Question(item.after), policy)))


def is_right(hit: Hit, item: Item, source: Source | None) -> bool:
    """Whether `hit`, or a passage elsewhere with the same words, overlaps a gold sentence by more than half of either."""
    return any(_is_right(passage, item, source) for passage in (hit.passage, *hit.also))


def _is_right(passage: Passage, item: Item, source: Source | None) -> bool:
    if source is not None and passage.source.id != source.id:
        return False
    start, end = passage.span
    for gold in item.gold:
        at = passage.post.text.find(gold)
        while at != -1:
            overlap = min(end, at + len(gold)) - max(start, at)
            if 2 * overlap > min(end - start, len(gold)):
                return True
            at = passage.post.text.find(gold, at + 1)
    return False


def figures(judged: Sequence[JudgedAnswer]) -> Figures:
    """Compute the figures of some questions."""
    yes = [o for o in judged if o.answerable]
    no = [o for o in judged if not o.answerable]
    told = [o for o in judged if o.answer.outcome is Outcome.ANSWERED]
    return Figures(
        questions=len(judged),
        p_at_1=_share(o.rank == 1 for o in yes),
        in_shown=_share(o.rank is not None and o.rank <= max(o.answer.shown, 3) for o in yes),
        mrr=_share((1 / o.rank if o.rank else 0.0) for o in yes),
        answered=_share(o.answer.outcome is Outcome.ANSWERED for o in yes),
        quoted=_share(o.quoted for o in yes),
        wrongly_answered=_share(o.answer.outcome is Outcome.ANSWERED for o in no),
        wrongly_declined=_share(not o.quoted for o in yes),
        precision=_share(o.rank == 1 for o in told),
    )


def by_kind(judged: Iterable[JudgedAnswer]) -> dict[str, list[JudgedAnswer]]:
    """Group by the kind of question, in the order in which the kinds occur."""
    kinds: dict[str, list[JudgedAnswer]] = {}
    for judged_answer in judged:
        kinds.setdefault(judged_answer.item.kind, []).append(judged_answer)
    return kinds


def _share(values: Iterable[float]) -> float | None:
    listed = list(values)
    return sum(listed) / len(listed) if listed else None

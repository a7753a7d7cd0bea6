"""The question files as cases: what the reader is fine-tuned and measured on, in folds.

A fold leaves out whole texts, and all pieces of one article together, so every question is measured
by a reader that has not seen its text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from bot.answering.evaluation import Item, is_right, read_records
from bot.models import Hit, Source
from bot.texts.structure import passages_of
from training.windows import Case

FILES = (
    "threads-natural.jsonl",
    "threads.jsonl",
    "selqa-sections.jsonl",
    "squad-articles.jsonl",
    "strategic-dialogue.yaml",
)


@dataclass(frozen=True)
class Asked:
    """A question of a question file: the `index`th of the record `record` in `file`.

    `answerable` is what the file says: a question whose right sentence cannot be found in the text
    is answerable, but its case has no gold.
    """

    file: str
    record: str
    index: int
    kind: str
    group: str
    answerable: bool
    case: Case


def read_asked(folder: Path, dialogue: Source | None = None) -> Iterator[Asked]:
    """Yield the questions of the folder's files that have a text of their own, or `dialogue`'s."""
    for name in FILES:
        path = folder / name
        if not path.exists():
            continue
        for record in read_records(path):
            source = record.source() or dialogue
            if source is None:
                continue
            passages = passages_of(source)
            sentences = tuple(" ".join(p.text.split()) for p in passages)
            for index, item in enumerate(record.questions):
                gold = tuple(
                    i
                    for i, p in enumerate(passages)
                    if item.gold and is_right(Hit(p, 0.0, 0.0), item, None)
                )
                group = (record.title or record.name).split(":")[0]
                yield Asked(
                    path.stem, record.name, index, item.kind, group, bool(item.gold),
                    Case(item.q, sentences, gold, _before(item)),
                )  # fmt: skip


def fold_of(group: str, folds: int) -> int:
    """The fold, from 0, in which the texts of `group` are left out."""
    digest = blake2b(group.encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") % folds


@dataclass(frozen=True)
class MarkedAnswer:
    """Which words of a question's right sentence answer it."""

    file: str
    record: str
    index: int
    sentence: str
    start: int
    end: int

    @property
    def key(self) -> tuple[str, str, int]:
        """The question: its file, its record, and its position in the record."""
        return self.file, self.record, self.index

    @property
    def words(self) -> str:
        """The words that answer."""
        return self.sentence[self.start : self.end]


def read_answers(marks: Path, folder: Path) -> Iterator[MarkedAnswer]:
    """Yield the marked answers to the questions in `folder`.

    A line of `marks` names the question, which of its right sentences is meant (`gold`), and the first
    and last character of the answer there: the marks hold no text of the question files.
    """
    lines = [json.loads(line) for line in marks.read_text(encoding="utf-8").splitlines()]
    records = {
        (file, record.name): record
        for file in sorted({line["file"] for line in lines})
        for record in read_records(folder / f"{file}.jsonl")
    }
    for line in lines:
        item = records[line["file"], line["record"]].questions[line["index"]]
        yield MarkedAnswer(
            line["file"], line["record"], line["index"],
            item.gold[line["gold"]], line["start"], line["end"],
        )  # fmt: skip


def _before(item: Item) -> str | None:
    return item.after or None

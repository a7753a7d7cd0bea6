"""Texts of our own to train with: threads, handbooks, speeches and more, with questions about each.

A file contains several texts. A line `# …` is a title; a line `? question | words` is a
question and the words of the text that answer it; `! question` is one that is about the text but not
answered by it; `before >> question` is a turn and its follow-up. Every other
line is a post.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.texts.sentences import sentence_spans
from training.windows import Case

FOLDER = Path(__file__).parent / "texts"


@dataclass(frozen=True)
class Text:
    """A text and the cases that are asked about it."""

    title: str
    posts: tuple[str, ...]
    cases: tuple[Case, ...]


def read_texts(folder: Path = FOLDER) -> Iterator[Text]:
    """Yield the texts of the folder's files.

    Raises:
        ValueError: the words that answer a question are in no sentence, or in several.

    """
    for path in sorted(folder.glob("*.txt")):
        for block in ("\n" + path.read_text(encoding="utf-8")).split("\n# ")[1:]:
            title, *lines = [line for line in block.splitlines() if line]
            yield _text(title, lines)


def sentences_of(posts: Sequence[str]) -> tuple[str, ...]:
    """The sentences of English posts, as the library divides them."""
    found = []
    for text in posts:
        found += [text[start:end] for start, end in sentence_spans(text, "en")]
    return tuple(found)


def _text(title: str, lines: Sequence[str]) -> Text:
    posts = tuple(line for line in lines if line[:2] not in {"? ", "! "})
    passage = sentences_of(posts)
    cases = []
    for line in lines:
        if line.startswith("! "):
            cases.append(Case(line[2:], passage, ()))
        elif line.startswith("? "):
            asked, answer = line[2:].rsplit(" | ", 1)
            before, _, question = asked.rpartition(" >> ")
            gold = tuple(i for i, s in enumerate(passage) if answer in s)
            if len(gold) != 1:
                raise ValueError(f"{title}: {answer!r} stands in {len(gold)} sentences")
            cases.append(Case(question, passage, gold, before or None, answer))
    return Text(title, posts, tuple(cases))

"""Texts of our own to train with: threads, handbooks, speeches and more, with questions about each.

A file contains several texts. A line `# …` is a title; a line `? question | words` is a
question and the words of the text that answer it; `! question` is one that is about the text but not
answered by it; `before >> question` is a turn and its follow-up. Every other
line is a post; in documents, the other lines are Markdown with headings from `##` on, which is
divided into passages as the library divides it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import starmap
from pathlib import Path

from bot.models import Passage, Role
from bot.texts.formats import knowledge_file
from bot.texts.sentences import sentence_spans
from bot.texts.structure import passages_of
from training.windows import Case

FOLDER = Path(__file__).parent / "texts"
DOCUMENTS = Path(__file__).parent / "documents"


@dataclass(frozen=True)
class Text:
    """A text and the cases that are asked about it.

    `sentences` are the passages' own words; the sentences of the cases have their headings and leads before them.
    """

    title: str
    posts: tuple[str, ...]
    sentences: tuple[str, ...]
    cases: tuple[Case, ...]


def read_texts(folder: Path = FOLDER) -> Iterator[Text]:
    """Yield the texts of the folder's files.

    Raises:
        ValueError: the words that answer a question are in no sentence, or in several.

    """
    return starmap(_text, _blocks(folder))


def read_documents(folder: Path = DOCUMENTS) -> Iterator[Text]:
    """Yield the documents of the folder's files.

    Raises:
        ValueError: the words that answer a question are in no passage that may be quoted, or in several.

    """
    return starmap(_document, _blocks(folder))


def _blocks(folder: Path) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield each text's title, its lines, and its lines of questions."""
    for path in sorted(folder.glob("*.txt")):
        for block in ("\n" + path.read_text(encoding="utf-8")).split("\n# ")[1:]:
            title, *lines = block.splitlines()
            asked = [line for line in lines if line[:2] in {"? ", "! "}]
            yield title, [line for line in lines if line[:2] not in {"? ", "! "}], asked


def sentences_of(posts: Sequence[str]) -> tuple[str, ...]:
    """The sentences of English posts, as the library divides them."""
    found = []
    for text in posts:
        found += [text[start:end] for start, end in sentence_spans(text, "en")]
    return tuple(found)


def _text(title: str, lines: Sequence[str], asked: Sequence[str]) -> Text:
    posts = tuple(line for line in lines if line)
    sentences = sentences_of(posts)
    return Text(title, posts, sentences, _cases(title, asked, sentences, sentences))


def _document(title: str, lines: Sequence[str], asked: Sequence[str]) -> Text:
    text = "\n".join(("---", f"title: {json.dumps(title)}", "author: unknown", "---", f"# {title}"))
    source = knowledge_file.parse("\n".join((text, *lines)), title, "document")
    passages = passages_of(source)
    cases = _cases(
        title, asked, [p.in_context for p in passages], [_quotable_words(p) for p in passages]
    )
    posts = tuple(post.text for post in source.posts)
    return Text(title, posts, tuple(p.text for p in passages), cases)


def _quotable_words(passage: Passage) -> str:
    return passage.text if passage.role is Role.ANSWER else ""


def _cases(
    title: str, asked: Sequence[str], sentences: Sequence[str], words: Sequence[str]
) -> tuple[Case, ...]:
    """The questions on lines `asked`; `words` are what of each sentence may answer."""
    found = []
    for line in asked:
        if line.startswith("! "):
            found.append(Case(line[2:], tuple(sentences), ()))
            continue
        turns, answer = line[2:].split(" | ", 1)
        before, _, question = turns.rpartition(" >> ")
        gold = tuple(i for i, s in enumerate(words) if answer in s)
        if len(gold) != 1:
            raise ValueError(f"{title}: {answer!r} stands in {len(gold)} sentences")
        found.append(Case(question, tuple(sentences), gold, before or None, answer))
    return tuple(found)

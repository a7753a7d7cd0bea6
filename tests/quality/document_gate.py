"""Asks the questions about the structured documents in `documents/`, each of its own document.

A document is a knowledge file, `NAME.md`; `NAME.yaml` holds its questions in the format of question files.
`python -m tests.quality.gate` prints the figures with those of the plain texts.
"""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from bot.answering.answerer import Policy
from bot.answering.evaluation import JudgedAnswer, Record, evaluate, read_records
from bot.models import Passage, Source
from bot.texts.folder import read_folder
from tests.quality.gate import E5_READ, LEXICAL, Figure, builder, figures

DOCUMENTS = Path(__file__).parent / "documents"

RANKER_OF = {"documents, lexical": LEXICAL, "documents, e5, read": E5_READ}
"""The ranker behind each set of floors in `floors.yaml`."""

MEASURED = ("first quote right", "right among three", "near: Answered", "far: Answered")


@cache
def documents() -> tuple[tuple[Source, Record], ...]:
    """Read the documents with their questions, in the order of their names."""
    return tuple(
        (source, read_records(DOCUMENTS / f"{source.id}.yaml")[0])
        for source in read_folder(DOCUMENTS).sources
    )


@cache
def judged(ranker: str) -> tuple[JudgedAnswer, ...]:
    """Ask every question of its own document."""
    asked = [record for _, record in documents()]
    found: list[JudgedAnswer] = []
    with tempfile.TemporaryDirectory() as folder:
        build = builder(ranker, asked, Path(folder))
        for source, record in documents():
            snapshot = build([source])
            found += evaluate([record], lambda of=snapshot: of, Policy())  # type: ignore[misc]
    return tuple(found)


def measure(ranker: str) -> dict[str, Figure]:
    """Compute the figures that have a floor."""
    found = figures(judged(ranker), ())
    return {name: found[name] for name in MEASURED}


def expected_lead(document: str, passage: Passage) -> str | None:
    """Find the line that introduces a list item or table row, in the lines above it; None: nothing does.

    It is read off the document's lines and indentation, independently of the parser.
    """
    at = document.index(passage.post.text) + passage.span.start
    *above, own = document[:at].split("\n")
    line = own + passage.text
    if line.startswith("|"):
        head = len(above)
        while above[head - 1].startswith("|"):
            head -= 1
        return above[head]
    indent = len(line) - len(line.lstrip())
    for candidate in reversed(above):
        words = candidate.lstrip()
        if not words or len(candidate) - len(words) > indent or _is_item(words, candidate, indent):
            continue
        return candidate if candidate.rstrip("*_").endswith(":") else None
    return None


def _is_item(words: str, line: str, indent: int) -> bool:
    return words.split(" ", maxsplit=1)[0].rstrip(".;)").strip("-*+0123456789") == "" and (
        len(line) - len(words) == indent
    )

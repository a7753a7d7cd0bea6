"""Answers as text for a terminal or a pipe, and as JSON for a program."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import click

from bot.library.snapshots import Snapshot
from bot.models import Answer, Hit, Outcome
from bot.wording import ENGLISH as texts


def as_text(answer: Answer, snapshot: Snapshot) -> str:
    """Return `answer` for a person, the clause that answers best in bold where there is colour."""
    cut = texts.read_in_part(len(answer.question)) if answer.cut else ""
    if answer.talk is not None:
        said = texts.small_talk(answer.talk, snapshot.sources.values())
        return "\n".join(filter(None, (cut, said)))
    if answer.outcome is Outcome.NOT_COVERED:
        return "\n".join(filter(None, (cut, texts.NOT_COVERED)))
    closest = texts.CLOSEST if answer.outcome is Outcome.CLOSEST else ""
    heading = "\n".join(filter(None, (closest, texts.quoted_in(answer.foreign_languages), cut)))
    return "\n\n".join(filter(None, (heading, quotes(answer.hits[: answer.shown]))))


def quotes(hits: Sequence[Hit], first: int = 1) -> str:
    """Return `hits` as quotes with their attributions, numbered when there are several."""
    numbered = len(hits) > 1 or first > 1
    return "\n\n".join(
        _quote(hit, f"{number}. " if numbered else "— ") for number, hit in enumerate(hits, first)
    )


def _quote(hit: Hit, label: str) -> str:
    text = hit.passage.text
    if hit.bold is not None:
        start, end = hit.bold
        text = text[:start] + click.style(text[start:end], bold=True) + text[end:]
    lines = "\n".join(f"  {line}" for line in text.split("\n"))
    link = hit.passage.source.url
    return f"{lines}\n  {label}{texts.attribution(hit.passage)}" + (f"\n    {link}" if link else "")


def as_json(answer: Answer) -> str:
    """Return `answer` as one line of JSON; its fields are described in the README."""
    return json.dumps(as_dict(answer), ensure_ascii=False)


def as_dict(answer: Answer) -> dict[str, Any]:
    """Return `answer` as plain values."""
    return {
        "question": answer.question,
        "cut": answer.cut,
        "outcome": answer.outcome.value,
        "probability": round(answer.probability, 4),
        "quotes": [_quote_dict(hit, i < answer.shown) for i, hit in enumerate(answer.hits)],
    }


def _quote_dict(hit: Hit, shown: bool) -> dict[str, Any]:
    passage = hit.passage
    return {
        "text": passage.text,
        "author": passage.source.author,
        "title": passage.source.title,
        "post": passage.post.number,
        "of": len(passage.source.posts),
        "sentence": passage.sentence,
        "url": passage.source.url,
        "probability": round(hit.probability, 4),
        "shown": shown,
        "bold": None if hit.bold is None else list(hit.bold),
    }

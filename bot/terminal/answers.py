"""Answers as text for a terminal or a pipe, and as JSON for a program."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import click

from bot.library.snapshots import Snapshot
from bot.models import Answer, Extract, Hit, Outcome, Passage, Quote, Span
from bot.wording import ENGLISH as wording


def as_text(answer: Answer, snapshot: Snapshot) -> str:
    """Lay out an answer for a person; the terminal shows the part that answers best in bold."""
    cut = wording.read_in_part(len(answer.question)) if answer.cut else ""
    if answer.talk is not None:
        said = wording.small_talk(answer.talk, snapshot.sources.values())
        return "\n".join(filter(None, (cut, said)))
    if said := own_line(answer, snapshot):
        return "\n".join(filter(None, (cut, said)))
    if answer.extract is not None:
        return as_extract(answer.extract)
    if answer.outcome is Outcome.NOT_COVERED:
        return "\n".join(filter(None, (cut, wording.NOT_COVERED)))
    above = {Outcome.CLOSEST: wording.closest(answer.chance), Outcome.OVERVIEW: wording.CENTRAL}
    heading = "\n".join(
        filter(None, (above.get(answer.outcome), wording.quoted_in(answer.foreign_languages), cut))
    )
    return "\n\n".join(filter(None, (heading, as_quotes(answer.quotes))))


def own_line(answer: Answer, snapshot: Snapshot) -> str:
    """What the bot says itself where it quotes nothing: of the texts, or which one is meant; else nothing."""
    if answer.about is not None:
        return wording.about_texts(answer.about, snapshot.changed)
    if answer.missing is not None:
        return wording.no_such_place(answer.missing)
    if answer.outcome is Outcome.WHICH_TEXT:
        return wording.which_text(answer.which)
    return ""


def as_extract(extract: Extract) -> str:
    """Lay out a part of a text, post by post."""
    source = extract.source
    name = wording.extract_name(extract)
    head = ", ".join(filter(None, (source.author, f"“{source.title}”", name)))
    posts = []
    for post, span in extract.parts():
        text = "\n".join(f"  {line}" for line in post.text[span.start : span.end].split("\n"))
        whole = span == Span(0, len(post.text))
        foot = (wording.post if whole else wording.part_of_post)(post.number, source)
        posts.append(f"{text}\n  — {foot}")
    return "\n\n".join((head + (f"\n{source.url}" if source.url else ""), *posts))


def as_quotes(quotes: Sequence[Quote], first: int = 1) -> str:
    """Lay out quotes with their attributions, numbered from `first` if there are several."""
    numbered = len(quotes) > 1 or first > 1
    return "\n\n".join(
        _quote(quote, f"{number}. " if numbered else "— ")
        for number, quote in enumerate(quotes, first)
    )


def _quote(quote: Quote, label: str) -> str:
    text = quote.passage.text
    if quote.bold is not None:
        start, end = quote.bold
        text = text[:start] + click.style(text[start:end], bold=True) + text[end:]
    if quote.passage.lead is not None:
        text = f"{quote.passage.lead.text}\n…\n{text}"
    lines = "\n".join(f"  {line}" for line in text.split("\n"))
    link = quote.passage.url
    foot = [f"  {label}{wording.attribution(quote.passage)}"]
    foot += [f"    {link}"] if link else []
    foot += [f"    {line}" for line in wording.also(quote.also, wording.attribution)]
    return "\n".join((lines, *foot))


def as_json(answer: Answer, snapshot: Snapshot) -> str:
    """Encode an answer as one line of JSON, with the fields that the README describes."""
    return json.dumps(as_dict(answer, snapshot), ensure_ascii=False)


def as_dict(answer: Answer, snapshot: Snapshot) -> dict[str, Any]:
    """The same fields as plain values."""
    line = own_line(answer, snapshot)
    return {
        "question": answer.question,
        "cut": answer.cut,
        "outcome": answer.outcome.value,
        "probability": round(answer.probability, 4),
        "chance": round(answer.chance, 4),
        "quotes": _quote_dicts(answer),
        **({"line": line} if line else {}),
    }


def _quote_dicts(answer: Answer) -> list[dict[str, Any]]:
    """The quotes; of a place its posts, or the parts of them that belong to it."""
    if answer.extract is None:
        return [_quote_dict(hit, i < answer.shown) for i, hit in enumerate(answer.hits)]
    source = answer.extract.source
    return [
        _quote_dict(Hit(Passage(source, post, 0, span), 1.0, 1.0), shown=True) | {"sentence": None}
        for post, span in answer.extract.parts()
    ]


def _quote_dict(hit: Hit, shown: bool) -> dict[str, Any]:
    passage = hit.passage
    return {
        "text": passage.text,
        "lead": None if passage.lead is None else passage.lead.text,
        **_place_dict(passage),
        "probability": round(hit.probability, 4),
        "shown": shown,
        "bold": None if hit.bold is None else list(hit.bold),
        "also": [_place_dict(one) for one in hit.also],
    }


def _place_dict(passage: Passage) -> dict[str, Any]:
    marker = passage.marker
    return {
        "author": passage.author,
        "title": passage.source.title,
        "post": passage.post.number,
        "of": len(passage.source.posts),
        "sentence": passage.sentence,
        "section": list(passage.headings),
        "item": passage.item or None,
        "page": marker.value if marker and marker.kind == "page" else None,
        "time": marker.value if marker and marker.kind == "time" else None,
        "url": passage.url,
    }

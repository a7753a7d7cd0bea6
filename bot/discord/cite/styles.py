"""Quotes and their sources as text to use elsewhere, made only of what is known of the source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from bot.discord.cite.names import person_name
from bot.models import Passage
from bot.wording import ENGLISH, Wording

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_MLA_MONTHS = "Jan. Feb. Mar. Apr. May June July Aug. Sept. Oct. Nov. Dec.".split()

_LATEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    **{mark: f"\\{mark}" for mark in "&%$#_"},
}  # fmt: skip
_LINK_TEXT = str.maketrans({"[": r"\[", "]": r"\]", "\\": r"\\"})
_CUT = "[…]"


class Style(StrEnum):
    """How a citation is written. The values are part of the menu's format."""

    PLAIN = "plain"
    MARKDOWN = "markdown"
    APA = "apa"
    MLA = "mla"
    BIBTEX = "bibtex"


def cite(passages: Sequence[Passage], style: Style, wording: Wording) -> str:
    """Write `passages`, or the lines of a bibliography for them, in a style.

    `wording` names the places; bibliographies are in English, as their styles are.
    """
    if style is Style.PLAIN:
        return "\n\n".join(_plain(passage, wording) for passage in passages)
    if style is Style.MARKDOWN:
        return "\n\n".join(_markdown(passage, wording) for passage in passages)
    works = _works(passages)
    if style is Style.BIBTEX:
        return "\n\n".join(_bibtex(work, number) for number, work in enumerate(works, 1))
    write = _apa if style is Style.APA else _mla
    return "\n\n".join(map(write, works))


class _Work(NamedTuple):
    """What a line of a bibliography is about: a source, or messages of one author in it."""

    id: str
    title: str
    author: str
    url: str | None
    date: date | None
    places: str


def _works(passages: Iterable[Passage]) -> list[_Work]:
    """Group passages by what they are cited as, with all their places."""
    places: dict[tuple[str, str, str, str | None, date | None], list[str]] = {}
    for passage in passages:
        source = passage.source
        key = (source.id, source.title, passage.author, passage.url, _date_of(passage))
        place = ENGLISH.place(passage)
        if place not in places.setdefault(key, []):
            places[key].append(place)
    return [_Work(*key, "; ".join(found)) for key, found in places.items()]


def _date_of(passage: Passage) -> date | None:
    """The day of the message that a passage is from, or else the source's date.

    A file may say the day of a message in another form than 2024-05-03, or not at all.
    """
    marker = passage.marker
    if marker is not None and marker.kind == "message":
        with suppress(ValueError):
            return date.fromisoformat(marker.value[:10])
    return passage.source.date


def _plain(passage: Passage, wording: Wording) -> str:
    lead = "" if passage.lead is None else f"{passage.lead.text} {_CUT} "
    facts = [passage.author, f"“{passage.source.title}”", wording.place(passage), passage.url]
    return f"“{lead}{passage.text}”\n— {', '.join(filter(None, facts))}"


def _markdown(passage: Passage, wording: Wording) -> str:
    texts = [passage.text] if passage.lead is None else [passage.lead.text, _CUT, passage.text]
    quoted = "\n".join(f"> {line}".rstrip() for text in texts for line in text.split("\n"))
    title = passage.source.title.translate(_LINK_TEXT)
    linked = f"[{title}](<{passage.url}>)" if passage.url else f"*{title}*"
    return f"{quoted}\n>\n> — {passage.author}, {linked}, {wording.place(passage)}"


def _apa(work: _Work) -> str:
    """APA, 7th edition: where there is no date, the style itself says n.d."""
    when = "n.d."
    if work.date is not None:
        when = f"{work.date.year}, {_MONTHS[work.date.month - 1]} {work.date.day}"
    name = person_name(work.author)
    author = work.author if name is None else name.with_initials
    line = f"{_ended(author)} ({when}). {work.title} ({work.places})."
    return f"{line} {work.url}" if work.url else line


def _mla(work: _Work) -> str:
    """MLA, 9th edition: what is not known is left out."""
    facts = [work.places, work.url]
    if work.date is not None:
        facts.insert(0, f"{work.date.day} {_MLA_MONTHS[work.date.month - 1]} {work.date.year}")
    ending = "" if work.title.endswith(("?", "!", ".")) else "."
    name = person_name(work.author)
    author = work.author if name is None else name.inverted
    return f"{_ended(author)} “{work.title}{ending}” {', '.join(filter(None, facts))}."


def _bibtex(work: _Work, number: int) -> str:
    """An entry of the type misc; the inner braces keep names and titles as they are.

    `number` makes the keys of several entries differ.
    """
    fields = {
        "author": f"{{{_latex(work.author)}}}",
        "title": f"{{{_latex(work.title)}}}",
        "date": work.date and work.date.isoformat(),
        "year": work.date and str(work.date.year),
        "url": work.url and work.url.translate({ord("{"): "%7B", ord("}"): "%7D"}),
        "note": _latex(work.places),
    }
    key = re.sub(r"[^A-Za-z0-9]+", "-", work.id).strip("-") or "source"
    key = key if number == 1 else f"{key}-{number}"
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    body = ",\n".join(lines)
    return f"@misc{{{key},\n{body}\n}}"


def _latex(text: str) -> str:
    return "".join(_LATEX.get(letter, letter) for letter in " ".join(text.split()))


def _ended(words: str) -> str:
    return words if words.endswith(".") else f"{words}."

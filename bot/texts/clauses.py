"""Numbered clauses of rules and terms, and their points: `2.2 …`, `§ 4 …`, `Article 5 …`, `(a) …`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.models import Passage, Post, Source

MOST_POSTS = 20_000
"""Posts of a text in which a clause is looked up by its number."""

_AROUND = 40
"""Posts before and after a passage in which its clause, and one beside it, are looked for."""

_NUMBER = r"\d{1,3}(?:\.\d{1,3})*"
_CLAUSE = re.compile(
    r"^[ \t>*_]*(?P<label>(?:(?P<sign>§{1,2}|(?i:clause|section|article|rule|art\.|artículo|cláusula|artikel|المادة))[ \xa0]?"
    rf"(?P<of>{_NUMBER})|(?P<number>\d{{1,3}}(?:\.\d{{1,3}}){{1,3}})))[.):]?[*_]*(?=\s)",
    re.MULTILINE,
)
_POINT = re.compile(r"^[ \t>*_-]*\((?P<letter>[a-z]|[ivx]{1,4}|\d{1,2})\)(?=\s)", re.MULTILINE)
_SINGLE = re.compile(r"^[ \t>*_]*(?P<label>\d{1,3})[.)][*_]*(?=\s)", re.MULTILINE)
_NAME = re.compile(
    rf"(?P<number>{_NUMBER})\.?(?P<points>(?:\s?\((?:[a-z]|[ivx]{{1,4}}|\d{{1,2}})\))*)"
)
_LISTED = re.compile(r"[ \t>]*(?:[*+•-]|\d{1,3}[.)]|\([a-z\d]{1,4}\))\s")
_HEADING = re.compile(r"\s*(?:#{1,6}\s|[^\n]+\n(?:={3,}|-{3,})[ \t]*(?:\n|\Z))")


class Clause(NamedTuple):
    """Where a clause begins: at offset `start` of a post; `label` is its number as the text writes it."""

    label: str
    sign: str
    number: tuple[int, ...]
    post: int
    start: int


class ClauseExtent(NamedTuple):
    """From offset `start` of post number `first` to offset `end` of post number `last`."""

    label: str
    first: int
    last: int
    start: int
    end: int


def clause_of(passage: Passage) -> str | None:
    """The number of the clause that a passage stands in, as `2.2(a)`; None if it stands in none.

    A number is one of a clause if the one before or after it stands near. A list below a clause belongs to it.
    """
    own = passage.post.number
    posts = passage.source.posts[max(0, own - 1 - _AROUND) : own + _AROUND]
    found = list(_clauses(posts))
    at = (own, passage.span.end - 1)
    before = [one for one in found if (one.post, one.start) <= at]
    if not before or not _has_sibling(before[-1], found):
        return None
    clause = before[-1]
    point = _point_at(passage, clause)
    between = (post for post in posts if clause.post < post.number <= own)
    if not all(_LISTED.match(post.text) for post in between):
        return None
    return clause.label + point


def find(source: Source, name: str, *, alone: bool) -> ClauseExtent | None:
    """Find the clause of `source` called `name`, such as `2.2(a)`; `alone`: a number without a point or a sign is one too."""
    wanted = _NAME.fullmatch(name.strip().casefold().lstrip("§ "))
    if wanted is None or len(source.posts) > MOST_POSTS:
        return None
    number = tuple(map(int, wanted["number"].split(".")))
    clauses = list(_clauses(source.posts))
    own = [one for one in clauses if one.number == number]
    if not own and alone and len(number) == 1:
        clauses = sorted([*clauses, *_clauses(source.posts, _SINGLE)], key=lambda one: one[3:])
        own = [one for one in clauses if one.number == number]
    if not own:
        return None
    extent = _extent(source, own[-1], clauses)  # an earlier one stands in a table of contents
    for letter in re.findall(r"[a-z\d]+", wanted["points"]):
        point = _point_in(source, extent, letter)
        if point is None:
            return None
        extent = point
    return extent


def _clauses(posts: Sequence[Post], shape: re.Pattern[str] = _CLAUSE) -> Iterator[Clause]:
    for post in posts:
        for match in shape.finditer(post.text):
            groups = match.groupdict()
            sign = (groups.get("sign") or "").casefold()
            digits = groups.get("of") or groups.get("number") or match["label"]
            number = tuple(map(int, digits.split(".")))
            yield Clause(" ".join(match["label"].split()), sign, number, post.number, match.start())


def _has_sibling(clause: Clause, clauses: Sequence[Clause]) -> bool:
    *above, last = clause.number
    beside = {(*above, last - 1), (*above, last + 1)}
    return any(one.number in beside and one.sign == clause.sign for one in clauses)


def _point_at(passage: Passage, clause: Clause) -> str:
    """The last point that begins in the passage's post, behind its clause and not behind the passage."""
    start = clause.start if clause.post == passage.post.number else 0
    letters = [
        match["letter"] for match in _POINT.finditer(passage.post.text, start, passage.span.end)
    ]
    return f"({letters[-1]})" if letters else ""


def _extent(source: Source, clause: Clause, clauses: Sequence[Clause]) -> ClauseExtent:
    """A clause with those below it: up to the next one beside or above it, or to a heading."""
    depth = len(clause.number)
    behind = (one for one in clauses if (one.post, one.start) > (clause.post, clause.start))
    following = next((one for one in behind if one.number[:depth] != clause.number), None)
    last = (
        following.post
        if following and following.start
        else (following.post - 1 if following else len(source.posts))
    )
    for post in source.posts[clause.post : last]:
        if _HEADING.match(post.text):
            last, following = post.number - 1, None
            break
    ends_within = following is not None and following.post == last
    end = following.start if following and ends_within else len(source.posts[last - 1].text)
    return ClauseExtent(clause.label, clause.post, last, clause.start, end)


def _point_in(source: Source, extent: ClauseExtent, letter: str) -> ClauseExtent | None:
    for number in range(extent.first, extent.last + 1):
        text = source.posts[number - 1].text
        start = extent.start if number == extent.first else 0
        end = extent.end if number == extent.last else len(text)
        points = list(_POINT.finditer(text, start, end))
        for at, point in enumerate(points):
            if point["letter"] == letter:
                until = points[at + 1].start() if at + 1 < len(points) else end
                label = f"{extent.label}({letter})"
                return ClauseExtent(
                    label, number, number, point.start(), len(text[:until].rstrip())
                )
    return None

"""A pasted text → a knowledge file, with a report of what was kept and dropped."""

from __future__ import annotations

import datetime
import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Literal

from bot.models import Post, Problem, Source, VerbatimError
from bot.sources import knowledge_file, numbered, twtext
from bot.sources.draft import Draft, Line

Format = Literal["auto", "knowledge", "twtext", "numbered", "paragraphs"]

PARAGRAPHS = "paragraphs"
_TITLE_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Facts:
    """What the person who imports says of the text, before what the text itself shows."""

    title: str | None = None
    author: str | None = None
    url: str | None = None
    date: datetime.date | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """A source ready to be written as a knowledge file, and how it came about."""

    source: Source
    draft: Draft
    title_was_made: bool


def import_text(data: bytes, where: str, facts: Facts, shape: Format = "auto") -> Imported:
    """Return the source in `data`, a pasted text called `where` in errors.

    Raises:
        VerbatimError: it cannot be read, holds no post, or its author is not known.

    """
    text = knowledge_file.clean(data, where)
    if shape == "knowledge" or (shape == "auto" and knowledge_file.has_front_matter(text)):
        return _from_knowledge_file(text, where, facts)
    draft = _draft(text, shape)
    if not draft.posts:
        raise VerbatimError(Problem(where, "holds no post: is it the right file?"))
    author = facts.author or draft.author
    if author is None:
        reason = "does not show who wrote it: name the author with --author"
        raise VerbatimError(Problem(where, reason))
    title = facts.title or _opening(draft.posts[0])
    source = Source(
        id=slug(title),
        title=title,
        author=author,
        posts=tuple(Post(i, text) for i, text in enumerate(draft.posts, start=1)),
        url=facts.url,
        date=facts.date,
        language=facts.language or "en",
    )
    return Imported(_round_trip(source, where), draft, title_was_made=facts.title is None)


def slug(title: str) -> str:
    """Return a file name's stem for `title`: lower-case letters and digits between hyphens."""
    plain = unicodedata.normalize("NFKD", title)
    plain = "".join(c for c in plain if not unicodedata.combining(c)).lower()
    return re.sub(r"[^\w]+", "-", plain.replace("_", "-")).strip("-")[:80].strip("-") or "text"


def _draft(text: str, shape: Format) -> Draft:
    lines = [Line(i, line) for i, line in enumerate(text.split("\n"), start=1)]
    if shape == "twtext" or (shape == "auto" and twtext.recognises(lines)):
        return twtext.read(lines)
    if shape == "numbered" or (shape == "auto" and numbered.recognises(lines)):
        return numbered.read(lines)
    return Draft(PARAGRAPHS, tuple(p.text for p in knowledge_file.split_posts(text, "the text")))


def _from_knowledge_file(text: str, where: str, facts: Facts) -> Imported:
    source = knowledge_file.parse(text, where, "text")
    given = {key: value for key in ("title", "author", "url", "date", "language")
             if (value := getattr(facts, key)) is not None}  # fmt: skip
    source = replace(source, **given)
    source = _round_trip(replace(source, id=slug(source.title)), where)
    draft = Draft("knowledge file", tuple(post.text for post in source.posts), source.author)
    return Imported(source, draft, title_was_made=False)


def _round_trip(source: Source, where: str) -> Source:
    """Return `source` as it will be read back, so that what is written is what was shown."""
    back = knowledge_file.parse(knowledge_file.render(source), where, source.id)
    if back.posts != source.posts:
        raise VerbatimError(Problem(where, "a post cannot be written as a knowledge file"))
    return back


def _opening(post: str) -> str:
    line = " ".join(post.split())
    if len(line) <= _TITLE_LENGTH:
        return line
    return line[: _TITLE_LENGTH + 1].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + "…"

"""A pasted text → a knowledge file, with a report of what was kept and dropped."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Literal

from bot.models import Post, Problem, Source, VerbatimError
from bot.texts.formats import knowledge_file, numbered, twtext
from bot.texts.formats.draft import Draft, InputLine

Format = Literal["auto", "knowledge", "twtext", "numbered", "paragraphs"]

KNOWLEDGE_FILE = "knowledge file"
PARAGRAPHS = "paragraphs"
_TITLE_LENGTH = 60
_NAME_BYTES = 200
_DEVICE = re.compile(r"con|prn|aux|nul|(com|lpt)\d")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the person who imports says of the text, before what the text itself shows."""

    title: str | None = None
    author: str | None = None
    url: str | None = None
    date: datetime.date | None = None
    language: str | None = None


METADATA_FIELDS = tuple(fact.name for fact in fields(Metadata))


@dataclass(frozen=True, slots=True)
class ParsedText:
    """What a pasted text holds and shows of itself, before anybody has said more of it."""

    draft: Draft
    facts: Metadata
    license: str | None = None
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def opening(self) -> str:
        """Return the first words of the text: a title where there is no other."""
        return _opening(self.draft.posts[0])

    def source(self, facts: Metadata, where: str) -> Source:
        """Return the text with `facts`, a title and an author among them, as it is read back.

        Raises:
            VerbatimError: the facts are none that a knowledge file can state.

        """
        source = Source(
            id=slug(facts.title or ""),
            title=facts.title or "",
            author=facts.author or "",
            posts=tuple(Post(i, text) for i, text in enumerate(self.draft.posts, start=1)),
            url=facts.url,
            date=facts.date,
            license=self.license,
            language=facts.language or "en",
            aliases=self.aliases,
        )
        return _round_trip(source, where)


@dataclass(frozen=True, slots=True)
class ImportedText:
    """A source ready to be written as a knowledge file, and how it came about."""

    source: Source
    draft: Draft
    title_from_opening: bool


def import_text(data: bytes, where: str, facts: Metadata, shape: Format = "auto") -> ImportedText:
    """Return the source in `data`, a pasted text called `where` in errors.

    Raises:
        VerbatimError: it cannot be read, holds no post, or its author is not known.

    """
    found = parse_text(data, where, shape)
    given = {name: value for name in METADATA_FIELDS if (value := getattr(facts, name)) is not None}
    known = replace(found.facts, **given)
    if known.author is None:
        reason = "does not show who wrote it: name the author with --author"
        raise VerbatimError(Problem(where, reason))
    titled = replace(known, title=known.title or found.opening)
    return ImportedText(
        found.source(titled, where), found.draft, title_from_opening=known.title is None
    )


def parse_text(data: bytes, where: str, shape: Format = "auto") -> ParsedText:
    """Return what `data`, a pasted text called `where` in errors, holds and shows of itself.

    Raises:
        VerbatimError: it cannot be read, or holds no post.

    """
    text = knowledge_file.clean(data, where)
    if shape == "knowledge" or (shape == "auto" and knowledge_file.has_front_matter(text)):
        return _in_knowledge_file(text, where)
    draft = _draft(text, shape, where)
    if not draft.posts:
        raise VerbatimError(Problem(where, "holds no post: is it the right file?"))
    return ParsedText(draft, Metadata(author=draft.author))


def slug(title: str) -> str:
    """Return a file name's stem for `title`: lower-case letters and digits between hyphens.

    It is one that every system takes: within 200 bytes, and no name of a device of Windows.
    """
    stem = _stem(title)
    return f"{stem}-text" if _DEVICE.fullmatch(stem) else stem or "text"


def is_nameless(title: str) -> bool:
    """Return whether `title` has neither letters nor digits to name a file after."""
    return not _stem(title)


def _stem(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title)
    plain = "".join(c for c in plain if not unicodedata.combining(c)).lower()
    plain = re.sub(r"[^\w]+", "-", plain.replace("_", "-")).strip("-")[:80]
    return plain.encode()[:_NAME_BYTES].decode(errors="ignore").strip("-")


def _draft(text: str, shape: Format, where: str) -> Draft:
    lines = [InputLine(i, line) for i, line in enumerate(text.split("\n"), start=1)]
    if shape == "twtext" or (shape == "auto" and twtext.recognises(lines)):
        return twtext.read(lines)
    if shape == "numbered" or (shape == "auto" and numbered.recognises(lines)):
        return numbered.read(lines)
    return Draft(PARAGRAPHS, tuple(p.text for p in knowledge_file.split_posts(text, where)))


def _in_knowledge_file(text: str, where: str) -> ParsedText:
    source = knowledge_file.parse(text, where, "text")
    return ParsedText(
        Draft(KNOWLEDGE_FILE, tuple(post.text for post in source.posts), source.author),
        Metadata(source.title, source.author, source.url, source.date, source.language),
        source.license,
        source.aliases,
    )


def _round_trip(source: Source, where: str) -> Source:
    """Return `source` as it will be read back, so that what is written is what was shown."""
    try:
        back = knowledge_file.parse(knowledge_file.render(source), where, source.id)
    except VerbatimError as error:  # its lines are those of what was rendered, not of `where`
        raise VerbatimError(*(replace(one, line=None) for one in error.problems)) from error
    if back.posts != source.posts:
        raise VerbatimError(Problem(where, "a post cannot be written as a knowledge file"))
    return back


def _opening(post: str) -> str:
    line = " ".join(post.split())
    if len(line) <= _TITLE_LENGTH:
        return line
    return line[: _TITLE_LENGTH + 1].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + "…"

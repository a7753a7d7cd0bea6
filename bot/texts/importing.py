"""Turns a pasted text into a source, and reports what was kept and dropped."""

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
from bot.texts.formats.draft import Draft, InputLine, TextFormat

FormatName = Literal["auto", "knowledge", "twtext", "numbered", "paragraphs"]

FORMATS: Mapping[str, TextFormat] = {"twtext": twtext, "numbered": numbered}
"""Formats in the order in which they are tried. A text that none matches is split at blank lines."""

KNOWLEDGE_FILE = "knowledge file"
PARAGRAPHS = "paragraphs"
_TITLE_LENGTH = 60
_NAME_BYTES = 200
_WINDOWS_DEVICE = re.compile(r"con|prn|aux|nul|(com|lpt)\d")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of a text besides its posts, as far as somebody or the text itself says it."""

    title: str | None = None
    author: str | None = None
    url: str | None = None
    date: datetime.date | None = None
    language: str | None = None


METADATA_FIELDS = tuple(one.name for one in fields(Metadata))


@dataclass(frozen=True, slots=True)
class ParsedText:
    """The posts of a pasted text, with the metadata that the text itself states."""

    draft: Draft
    metadata: Metadata
    license: str | None = None
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def opening(self) -> str:
        """The first words of the text: its title where nobody gives another."""
        return _opening(self.draft.posts[0])

    def source(self, metadata: Metadata, where: str) -> Source:
        """Build the source with `metadata`, which must have a title and an author.

        Raises:
            VerbatimError: a knowledge file cannot hold this metadata or one of the posts.

        """
        source = Source(
            id=slug(metadata.title or ""),
            title=metadata.title or "",
            author=metadata.author or "",
            posts=tuple(Post(i, text) for i, text in enumerate(self.draft.posts, start=1)),
            url=metadata.url,
            date=metadata.date,
            license=self.license,
            language=metadata.language or "en",
            aliases=self.aliases,
        )
        return _round_trip(source, where)


@dataclass(frozen=True, slots=True)
class ImportedText:
    """A source that is ready to be written, and the draft it was made from."""

    source: Source
    draft: Draft
    title_from_opening: bool


def import_text(
    data: bytes, where: str, metadata: Metadata, format_name: FormatName = "auto"
) -> ImportedText:
    """Parse `data` and combine it with `metadata`, which overrides what the text itself states.

    `where` names the text in errors.

    Raises:
        VerbatimError: the text cannot be read, has no posts, or its author is unknown.

    """
    parsed = parse_text(data, where, format_name)
    given = {
        name: value for name in METADATA_FIELDS if (value := getattr(metadata, name)) is not None
    }
    known = replace(parsed.metadata, **given)
    if known.author is None:
        reason = "does not show who wrote it: name the author with --author"
        raise VerbatimError(Problem(where, reason))
    titled = replace(known, title=known.title or parsed.opening)
    return ImportedText(parsed.source(titled, where), parsed.draft, known.title is None)


def parse_text(data: bytes, where: str, format_name: FormatName = "auto") -> ParsedText:
    """Parse `data` in the named format, or in the first that matches.

    Raises:
        VerbatimError: the text cannot be read, or has no posts.

    """
    text = knowledge_file.decode(data, where)
    if format_name == "knowledge" or (
        format_name == "auto" and knowledge_file.has_front_matter(text)
    ):
        return _parse_knowledge_file(text, where)
    draft = _parse(text, format_name, where)
    if not draft.posts:
        raise VerbatimError(Problem(where, "holds no post: is it the right file?"))
    return ParsedText(draft, Metadata(author=draft.author))


def slug(title: str) -> str:
    """Make a file name's stem from `title`: lower-case letters and digits with hyphens between.

    At most 200 bytes of UTF-8, and never the name of a Windows device such as `con`. Letters of
    other scripts stay as they are.
    """
    stem = _stem(title)
    return f"{stem}-text" if _WINDOWS_DEVICE.fullmatch(stem) else stem or "text"


def is_nameless(title: str) -> bool:
    """Tell whether `title` has no letters or digits to name a file after."""
    return not _stem(title)


def _stem(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title)
    plain = "".join(c for c in plain if not unicodedata.combining(c)).lower()
    plain = re.sub(r"[^\w]+", "-", plain.replace("_", "-")).strip("-")[:80]
    return plain.encode()[:_NAME_BYTES].decode(errors="ignore").strip("-")


def _parse(text: str, format_name: FormatName, where: str) -> Draft:
    lines = [InputLine(i, line) for i, line in enumerate(text.split("\n"), start=1)]
    for name, text_format in FORMATS.items():
        if format_name == name or (format_name == "auto" and text_format.matches(lines)):
            return text_format.parse(lines)
    return Draft(PARAGRAPHS, tuple(p.text for p in knowledge_file.split_posts(text, where)))


def _parse_knowledge_file(text: str, where: str) -> ParsedText:
    source = knowledge_file.parse(text, where, "text")
    return ParsedText(
        Draft(KNOWLEDGE_FILE, tuple(post.text for post in source.posts), source.author),
        Metadata(source.title, source.author, source.url, source.date, source.language),
        source.license,
        source.aliases,
    )


def _round_trip(source: Source, where: str) -> Source:
    """Render `source` and parse it again, so that what is shown is what will be written."""
    try:
        back = knowledge_file.parse(knowledge_file.render(source), where, source.id)
    except VerbatimError as error:  # its line numbers are those of the rendered file
        raise VerbatimError(*(replace(one, line=None) for one in error.problems)) from error
    if back.posts != source.posts:
        raise VerbatimError(Problem(where, "a post cannot be written as a knowledge file"))
    return back


def _opening(post: str) -> str:
    line = " ".join(post.split())
    if len(line) <= _TITLE_LENGTH:
        return line
    return line[: _TITLE_LENGTH + 1].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + "…"

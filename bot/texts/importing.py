"""Turns a file of any known format into sources, and reports what was kept and dropped."""

from __future__ import annotations

import datetime
import io
import re
import unicodedata
from dataclasses import dataclass, fields, replace
from itertools import islice
from typing import BinaryIO, cast

from bot.errors import Problem, VerbatimError
from bot.models import Source
from bot.texts import markers
from bot.texts.formats import fronted_text, isolation, knowledge_file, markup, registry
from bot.texts.formats.draft import ChatFormat, Collection, Draft, TextFormat

KNOWLEDGE_FILE = fronted_text.LABEL
_TITLE_LENGTH = 60
_NAME_BYTES = 200
_COMMENT = re.compile(r"\s*<!--.*-->\s*", re.DOTALL)
_HEADING = re.compile(r"\s{0,3}#{1,6}\s+([^\n]*?)(?:\s#+)?\s*(?:\n|$)")
_MARKS = (
    (re.compile(r"^[ \t]*\|[\s:|-]*$", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*\||\|[ \t]*$", re.MULTILINE), ""),
    (re.compile(r"(?<=\s)\|(?=\s)"), "·"),
    (re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)|</?[a-zA-Z][^<>\n]{0,200}>"), ""),
    (re.compile(r"\[([^\]\n]+)\]\([^)\n]*\)"), r"\1"),
    (re.compile(r"^\s*(?:>\s?|[-*+•]\s+)+", re.MULTILINE), ""),
    (re.compile(r"(\*{1,3}|~~|`+|(?<!\w)_{1,2})(?=\S)([^\n]{1,200}?)(?<=\S)\1(?!\w)"), r"\2"),
    (re.compile(r"\n\s*(?:=+|-+)\s*(?:\n|$)"), "\n"),
)
"""Marks of Markdown, and what stays of each."""

_OPENING = 4_000
"""Characters of a block in which its first words are looked for."""

_WINDOWS_DEVICE = re.compile(r"con|prn|aux|nul|(com|lpt)\d")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of a text besides its posts, from the text itself or from somebody."""

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

    @property
    def metadata(self) -> Metadata:
        """What the text itself states."""
        return Metadata(**{name: getattr(self.draft, name) for name in METADATA_FIELDS})

    @property
    def opening(self) -> str:
        """The first words of the text, without marks of Markdown: its title where nobody gives another."""
        shown = (words for post in self.draft.posts if (words := plain_opening(post)))
        return next(shown, "") or _cut(self.draft.posts[0])

    def source(self, metadata: Metadata, where: str) -> Source:
        """Build the source with `metadata`, which must have a title and an author.

        Raises:
            VerbatimError: a knowledge file cannot hold this metadata or one of the posts.

        """
        posts, marks = markers.divide(self.draft.posts)
        source = Source(
            id=slug(metadata.title or ""),
            title=metadata.title or "",
            author=metadata.author or "",
            posts=posts,
            url=metadata.url,
            date=metadata.date,
            license=self.draft.license,
            language=metadata.language or "en",
            aliases=self.draft.aliases,
            markers=marks,
        )
        return _round_trip(source, where)


@dataclass(frozen=True, slots=True)
class ImportedText:
    """A source that is ready to be written, and the draft it was made from."""

    source: Source
    draft: Draft
    title_from_opening: bool


def complete(draft: Draft, where: str, metadata: Metadata) -> ImportedText:
    """Combine `draft` with `metadata`, which overrides what the text itself states.

    `where` names the text in errors.

    Raises:
        VerbatimError: the text could not be read, has no posts, or its author is unknown.

    """
    given = {
        name: value for name in METADATA_FIELDS if (value := getattr(metadata, name)) is not None
    }
    known = replace(ParsedText(draft).metadata, **given)
    if known.author is None and draft.posts:
        reason = "does not show who wrote it: name the author with --author"
        raise VerbatimError(*draft.problems, Problem(where, reason))
    parsed = _checked(draft, where)
    titled = replace(known, title=known.title or parsed.opening)
    return ImportedText(parsed.source(titled, where), parsed.draft, known.title is None)


def open_file(data: bytes, where: str, *, names: bool = False) -> ParsedText | Collection:
    """Parse `data` in the first format that matches; a collection of one text is that text.

    `names`: keep the names of members, where the format has them.

    Raises:
        VerbatimError: it cannot be read, or has no posts.

    """
    file = io.BytesIO(data)
    text_format = registry.choose(file, where)
    names = names and _has_names(text_format)
    found = parse_file(file, where, text_format.NAME, names=names)
    if isinstance(found, Draft):
        return _checked(found, where)
    entries = list(islice(found, 2))
    if not entries:
        raise VerbatimError(Problem(where, "contains no text"))
    return found if len(entries) > 1 else _checked(found.parse(entries[0].id), where)


def parse_entry(collection: Collection, entry_id: str, where: str) -> ParsedText:
    """Parse one text of a collection.

    Raises:
        VerbatimError: there is none with this id, or it cannot be read.

    """
    return _checked(collection.parse(entry_id), where)


def parse_file(
    file: BinaryIO, where: str, format_name: str = registry.AUTO, *, names: bool = False
) -> Draft | Collection:
    """Parse a seekable file of any size. `names`: keep the names of members where the format has them.

    Raises:
        VerbatimError: the file cannot be read.

    """
    text_format = registry.choose(file, where, format_name)
    file.seek(0)
    if not names:
        return isolation.parse(text_format, file, where)
    if not _has_names(text_format):
        reason = f"is read as {text_format.LABEL}, which has no names of members: leave out --names"
        raise VerbatimError(Problem(where, reason))
    return cast("ChatFormat", text_format).parse(file, where, names=True)


def _has_names(text_format: TextFormat) -> bool:
    return getattr(text_format, "HAS_NAMES", False)


def _checked(draft: Draft, where: str) -> ParsedText:
    if draft.problems or not draft.posts:
        empty = Problem(where, "contains no posts: is it the right file?")
        raise VerbatimError(*(draft.problems or [empty]))
    return ParsedText(draft)


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


def _round_trip(source: Source, where: str) -> Source:
    """Render `source` and parse it again, so that what is shown is what will be written."""
    try:
        back = knowledge_file.parse(knowledge_file.render(source), where, source.id)
    except VerbatimError as error:  # its line numbers are those of the rendered file
        raise VerbatimError(*(replace(one, line=None) for one in error.problems)) from error
    if (back.posts, back.markers) != (source.posts, source.markers):
        raise VerbatimError(Problem(where, "a post cannot be written as a knowledge file"))
    return back


def plain_opening(post: str) -> str:
    """Return the first words of a block without marks of Markdown; empty if it has none to show."""
    if _COMMENT.fullmatch(post):
        return ""
    heading = _HEADING.match(post)
    text = heading[1] if heading else markup.without_escapes(post[:_OPENING])
    for shape, shown in _MARKS:
        text = shape.sub(shown, text)
    return _cut(text) if any(map(str.isalnum, text)) else ""


def _cut(text: str) -> str:
    line = " ".join(text.split())
    if len(line) <= _TITLE_LENGTH:
        return line
    return line[: _TITLE_LENGTH + 1].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + "…"

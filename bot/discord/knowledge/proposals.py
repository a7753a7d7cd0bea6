"""How an addition would be written, and what it would replace."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path

import structlog

from bot.discord.knowledge.additions import Addition, TypedFacts
from bot.errors import Problem, VerbatimError
from bot.models import Source
from bot.texts import originals
from bot.texts.editing import FileState, file_state
from bot.texts.formats.draft import Collection
from bot.texts.formats.knowledge_file import invalid_fields
from bot.texts.importing import (
    KNOWLEDGE_FILE,
    Metadata,
    ParsedText,
    is_nameless,
    open_file,
    parse_entry,
    slug,
)
from bot.texts.markers import is_comment
from bot.texts.originals import ImportOptions

MOST_POSTS = 10_000
"""Most posts of a text that is added on Discord."""

_COMPARED = 500  # posts up to which two texts are compared post by post
_STATED = ("title", "author", "url", "date", "license", "language", "aliases")


_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.discord")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A recognised text, as a source if all its facts are there.

    `source` is None while facts are missing or wrong: `faults` names them, and `problems` are other
    errors. `there` is the file that it would replace.
    """

    found: ParsedText
    source: Source | None = None
    there: FileState | None = None
    faults: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def is_there_already(self) -> bool:
        """Whether the folder has exactly this text already."""
        old = self.there.source if self.there else None
        return old is not None and self.source is not None and old.digest == self.source.digest

    @property
    def difference(self) -> Difference | None:
        """What would change in the text that is there; None if that cannot be read."""
        old = self.there.source if self.there else None
        return None if old is None or self.source is None else compare(old, self.source)


@dataclass(frozen=True, slots=True)
class Difference:
    """The names of facts that differ, and the numbers of new and removed posts."""

    facts: tuple[str, ...]
    new: int
    gone: int


def open_addition(addition: Addition) -> ParsedText | Collection:
    """Read the text that is being added, or the file with several texts of which none was chosen yet.

    Raises:
        VerbatimError: it cannot be read, or has no posts or too many.

    """
    found = open_file(addition.data, addition.name, names=addition.names)
    if not isinstance(found, ParsedText):
        if addition.entry is None:
            return found
        found = parse_entry(found, addition.entry, addition.name)
    posts = sum(not is_comment(post) for post in found.draft.posts)
    if posts > MOST_POSTS:
        reason = f"has {posts:,} posts, but at most {MOST_POSTS:,} are allowed: split it"
        raise VerbatimError(Problem(addition.name, reason))
    return found


def prefilled(found: ParsedText, otherwise: Metadata) -> TypedFacts:
    """Fill in the form with what was recognised, or else with `otherwise`.

    A title made of the opening words is only a suggestion.
    """
    facts = found.metadata
    date = facts.date or otherwise.date
    return TypedFacts(
        facts.title or otherwise.title or found.opening,
        facts.author or otherwise.author or "",
        facts.url or otherwise.url or "",
        date.isoformat() if date else "",
        facts.language or "",
    )


def propose(addition: Addition, sources: Iterable[Source], folder: Path) -> Proposal:
    """Work out what an addition would write, beside the `sources` that the bot has now.

    It replaces a text with the same file name, or with the same title and author. What a pasted
    text cannot state, its licence and aliases, is taken over from that one.

    Raises:
        VerbatimError: it cannot be read, or is a file with several texts of which none was chosen.

    """
    found = open_addition(addition)
    if not isinstance(found, ParsedText):
        raise VerbatimError(Problem(addition.name, "contains several texts: choose one"))
    if not addition.complete:
        return Proposal(found)
    facts, faults = _facts(addition.form)
    if faults:
        return Proposal(found, faults=faults)
    try:
        source = found.source(facts, addition.name)
        source = replace(source, id=_name(source, sources))
        there = file_state(source.id, folder)
        old = there.source if there else None
        if old is not None and found.draft.format != KNOWLEDGE_FILE:
            source = replace(source, license=old.license, aliases=old.aliases)
    except VerbatimError as error:
        return Proposal(found, problems=error.problems)
    return Proposal(found, source, there)


def keep_original(addition: Addition, source_id: str, folder: Path, most: int) -> None:
    """Keep the file that a text was made from, for importing it again; if it holds other texts too, only the part for this one.

    The text has been added already: where it cannot be kept, only the log says so.
    """
    name, data = addition.name, addition.data
    try:
        if addition.entry is not None:
            found = open_file(data, name, names=addition.names)
            cut_out = None if isinstance(found, ParsedText) else found.original(addition.entry)
            if cut_out is None:
                return
            name, data = cut_out
        options = ImportOptions(names=addition.names)
        originals.keep(folder, source_id, name, io.BytesIO(data), options, most)
    except VerbatimError as error:
        _log.warning("original not kept", source=source_id, reason=str(error))


def compare(old: Source, new: Source) -> Difference:
    """Compare two versions of a text."""
    facts = tuple(name for name in _STATED if getattr(old, name) != getattr(new, name))
    before, after = ([post.text for post in source.posts] for source in (old, new))
    if max(len(before), len(after)) > _COMPARED:
        kept = len(set(before) & set(after))
        return Difference(facts, max(0, len(after) - kept), max(0, len(before) - kept))
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    kept = sum(block.size for block in matcher.get_matching_blocks())
    return Difference(facts, len(after) - kept, len(before) - kept)


def _name(source: Source, sources: Iterable[Source]) -> str:
    """The id of the text that `source` is a new version of, or else its own."""
    same = [s.id for s in sources if (s.title, s.author) == (source.title, source.author)]
    own = slug(source.title)
    return own if own in same or len(same) != 1 else same[0]


def _facts(form: TypedFacts) -> tuple[Metadata, tuple[str, ...]]:
    """Read the form's facts, and the names of the fields that are not valid."""
    title, author = " ".join(form.title.split()), " ".join(form.author.split())
    url, language = form.url.strip() or None, form.language.strip() or "en"
    date, faults = None, []
    try:
        date = datetime.date.fromisoformat(form.date.strip()) if form.date.strip() else None
    except ValueError:
        faults.append("date")
    facts = {"title": title, "author": author, "url": url, "language": language}
    faults += invalid_fields(facts)
    if is_nameless(title) and "title" not in faults:
        faults.append("title")
    return Metadata(title, author, url, date, language), tuple(faults)

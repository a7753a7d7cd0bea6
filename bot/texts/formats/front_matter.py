"""Front matter as people and other tools write it: any keys in any case, and values that YAML would refuse.

Jekyll, Hugo (also in TOML), Obsidian and web clippers all put metadata before a text. What a knowledge file has a
place for is taken; the rest is named.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import yaml

from bot.errors import Problem, VerbatimError
from bot.files import checked_yaml

MAX_CHARACTERS = 64_000
_YAML_FENCE, _TOML_FENCE = "---", "+++"
_YAML_ENDS = (_YAML_FENCE, "...")
_KEY = re.compile(r"(?P<key>[^\s#:'\"\[\]{},&*!|>%@`-][^:#\n]{0,60}?)\s*:(?:\s+(?P<value>.*?))?\s*")
_NEEDS_QUOTES = re.compile(r"[@`%].*|[^\s'\"\[{|>&*!#].*(?::\s|:$).*")
_WIKI_LINK = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]+)\]\]")
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T\s].*)?")
_LINK = re.compile(r"https?://\S+")

_KNOWN = {
    "title": ("title",),
    "author": ("author", "authors", "creator", "by", "byline"),
    "url": ("url", "source", "link", "canonical", "canonicalurl", "sourceurl", "permalink"),
    "date": (
        "date",
        "published",
        "publisheddate",
        "publishdate",
        "pubdate",
        "datepublished",
    ),
    "language": ("language", "lang", "locale"),
    "license": ("license", "licence"),
    "aliases": ("aliases",),
}
"""What a knowledge file has a place for, and the keys under which it is found, the surest first."""


class FrontMatterEntry(NamedTuple):
    """A key as it was written, its value, and its line in the file."""

    key: str
    value: Any
    line: int


class Fenced(NamedTuple):
    """The lines between two fences; `first_line` is the first one's in the file, `body` the first after the end."""

    head: str
    first_line: int
    body: int
    is_toml: bool


@dataclass(frozen=True, slots=True)
class Stated:
    """The metadata that front matter states, by the names of a knowledge file; and the entries that were not used."""

    values: dict[str, Any]
    unused: tuple[tuple[FrontMatterEntry, str], ...]


def find(lines: Sequence[str]) -> Fenced | None:
    """Find the front matter that `lines` begin with, after blank lines at most.

    None if there is none: a rule `---` at the top of a text has no key below it, or nothing that ends it.
    """
    begin = next((i for i, line in enumerate(lines) if line.strip()), None)
    if begin is None or lines[begin].rstrip() not in {_YAML_FENCE, _TOML_FENCE}:
        return None
    is_toml = lines[begin].rstrip() == _TOML_FENCE
    ends = (_TOML_FENCE,) if is_toml else _YAML_ENDS
    end = next((i for i, t in enumerate(lines[begin + 1 :], begin + 1) if t.rstrip() in ends), None)
    if end is None:
        return None
    head = lines[begin + 1 : end]
    first = next((t for t in head if t.strip() and not t.lstrip().startswith("#")), None)
    if first is not None and not (is_toml and "=" in first) and not _KEY.fullmatch(first):
        return None
    if first is None and head:
        return None
    return Fenced("\n".join(head), begin + 2, end + 1, is_toml)


def is_unended(lines: Sequence[str]) -> bool:
    """Tell whether `lines` begin as front matter of a text does, with no fence to end it."""
    begin = next((i for i, line in enumerate(lines) if line.strip()), None)
    if begin is None or lines[begin].rstrip() != _YAML_FENCE or begin + 1 >= len(lines):
        return False
    key = _KEY.fullmatch(lines[begin + 1])
    ended = any(line.rstrip() in _YAML_ENDS for line in lines[begin + 1 :])
    return key is not None and key["key"].lower() in _KNOWN and not ended


class ParsedEntries(NamedTuple):
    """The entries that could be parsed, and what is wrong with the others, by their keys."""

    entries: list[FrontMatterEntry]
    problems: list[tuple[str, Problem]]


def parse_entries(fenced: Fenced, where: str) -> ParsedEntries:
    """Parse the entries of `fenced`.

    A value that only lacks its quotes, such as `@name` or `A: b`, is taken as it stands.

    Raises:
        VerbatimError: the front matter is too long, or no TOML.

    """
    if len(fenced.head) > MAX_CHARACTERS:
        reason = f"its front matter has more than {MAX_CHARACTERS:,} characters"
        raise VerbatimError(Problem(where, reason, max(1, fenced.first_line - 1)))
    if fenced.is_toml:
        return ParsedEntries(_toml_entries(fenced, where), [])
    found: list[FrontMatterEntry] = []
    problems: list[tuple[str, Problem]] = []
    lines: dict[str, int] = {}
    for key, line, chunk in _chunks(fenced.head, fenced.first_line):
        if key in lines:
            reason = f"the key `{key}` is already in line {lines[key]}: keep one"
            problems.append((key, Problem(where, reason, line)))
            continue
        lines[key] = line
        try:
            found.append(FrontMatterEntry(key, _value(key, chunk), line))
        except VerbatimError as error:
            problems += ((key, Problem(where, one.reason, line)) for one in error.problems)
    return ParsedEntries(found, problems)


def _chunks(head: str, first_line: int) -> Iterator[tuple[str, int, str]]:
    """Divide `head` before each line that begins with a key: (key, its line, its lines)."""
    begun: tuple[str, int, list[str]] | None = None
    for number, line in enumerate(head.split("\n"), start=first_line):
        match = _KEY.fullmatch(line)
        if match:
            if begun:
                yield begun[0], begun[1], "\n".join(begun[2])
            begun = (match["key"], number, [_quoted(line, match)])
        elif begun:
            begun[2].append(line)
        elif line.strip() and not line.startswith("#"):
            begun = (line.strip()[:40], number, [line])
    if begun:
        yield begun[0], begun[1], "\n".join(begun[2])


def _quoted(line: str, match: re.Match[str]) -> str:
    value = match["value"]
    if not value or not _NEEDS_QUOTES.fullmatch(value):
        return line
    quoted = value.replace("'", "''")
    return f"{match['key']}: '{quoted}'"


def _value(key: str, chunk: str) -> Any:
    try:
        loaded = checked_yaml.load(chunk)
    except yaml.MarkedYAMLError as error:
        reason = str(error.problem or error.context or "cannot be read")
        if "not allowed here" not in reason and "stands twice" not in reason:
            reason = "cannot be read as YAML: put the value in quotes"
        raise VerbatimError(Problem("", f"`{key}` {reason}")) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = "cannot be read as YAML: put the value in quotes"
        raise VerbatimError(Problem("", f"`{key}` {reason}")) from error
    if isinstance(loaded, dict) and len(loaded) == 1:
        return next(iter(loaded.values()))
    raise VerbatimError(
        Problem("", f"`{key}` is not a `key: value` line: write it as one, or remove it")
    )


def _toml_entries(fenced: Fenced, where: str) -> list[FrontMatterEntry]:
    try:
        values = tomllib.loads(fenced.head)
    except (ValueError, RecursionError) as error:  # or a number of thousands of digits
        reason = f"its front matter between `+++` is not TOML: {str(error) or 'nested too deeply'}"
        raise VerbatimError(Problem(where, reason, max(1, fenced.first_line - 1))) from error
    lines = fenced.head.split("\n")

    def line_of(key: str) -> int:
        begins = re.compile(rf"\[*\s*[\"']?{re.escape(key)}[\"']?\s*[=.\]]")
        at = next((i for i, line in enumerate(lines) if begins.match(line)), 0)
        return fenced.first_line + at

    return [FrontMatterEntry(key, value, line_of(key)) for key, value in values.items()]


def stated(found: Sequence[FrontMatterEntry]) -> Stated:
    """Take from the entries of any tool what a knowledge file has a place for."""
    found = [*found, *_params(found)]
    values: dict[str, Any] = {}
    unused: dict[int, tuple[FrontMatterEntry, str]] = {}
    by_key = {re.sub(r"[\s_-]", "", entry.key.lower()): entry for entry in reversed(found)}
    used: set[int] = set()
    for name, keys in _KNOWN.items():
        for entry in filter(None, map(by_key.get, keys)):
            value = None if name in values else _as(name, entry.value)
            if value is not None:
                values[name] = value
                used.add(entry.line)
            elif entry.value not in (None, "", []):
                reason = "another one is used" if name in values else f"no {name} that can be used"
                unused[entry.line] = (entry, reason)
    for entry in found:
        if entry.line not in used and entry.line not in unused:
            unused[entry.line] = (entry, "is not a key of a knowledge file")
    return Stated(values, tuple(unused[line] for line in sorted(unused)))


def _params(found: Sequence[FrontMatterEntry]) -> Iterator[FrontMatterEntry]:
    """Yield what stands under `params`, where Hugo wants keys that are not its own."""
    for entry in found:
        if entry.key.lower() == "params" and isinstance(entry.value, dict):
            for key, value in entry.value.items():
                yield FrontMatterEntry(str(key), value, entry.line)


def _as(name: str, value: Any) -> Any:
    """Turn `value` into what a knowledge file has under `name`; None if it cannot be."""
    match name:
        case "date":
            return _as_day(value)
        case "aliases":
            return _as_aliases(value)
        case "url":
            text = _as_line(value)
            return text if text and _LINK.fullmatch(text) else None
        case "language":
            text = _as_line(value)
            return text.replace("_", "-").split(".")[0] if text else None
        case _:
            return _as_line(value)


def _as_line(value: Any) -> str | None:
    if isinstance(value, dict):
        value = value.get("name") or value.get("title")
    if isinstance(value, list):
        parts = [part for one in value if (part := _as_line(one))]
        return ", ".join(parts) or None
    if value is None or isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return " ".join(_WIKI_LINK.sub(r"\1", str(value)).split()) or None


def _as_day(value: Any) -> datetime.date | None:
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    match = _DAY.fullmatch(value.strip()) if isinstance(value, str) else None
    try:
        return datetime.date.fromisoformat(match[1]) if match else None
    except ValueError:
        return None


def _as_aliases(value: Any) -> dict[str, list[str]] | None:
    """Take the aliases of a knowledge file: other tools have lists of addresses or titles under this key."""
    if not isinstance(value, dict) or not value:
        return None
    lists = value.values()
    if any(not isinstance(one, list) or not all(isinstance(x, str) for x in one) for one in lists):
        return None
    return {str(name): list(others) for name, others in value.items()}

"""A text with front matter: a knowledge file, or what Jekyll, Hugo, Obsidian and web clippers write."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, BinaryIO

from bot.errors import VerbatimError
from bot.texts.formats import front_matter, knowledge_file
from bot.texts.formats.draft import Draft, DroppedLine
from bot.texts.formats.text_lines import peek, read_text

NAME = "knowledge"
LABEL = "knowledge file"


def matches(head: bytes, name: str) -> bool:
    """Tell whether a text begins with front matter, of a knowledge file or of another tool."""
    lines = [line.text for line in peek(head)]
    return front_matter.find(lines) is not None or front_matter.is_unended(lines)


def parse(file: BinaryIO, name: str) -> Draft:
    """Parse a knowledge file, or a text with the front matter of another tool.

    Raises:
        VerbatimError: the front matter is too long or no TOML, or a post is too long.

    """
    text, dropped = read_text(file, name)
    lines = text.split("\n")
    fenced = front_matter.find(lines)
    if fenced is None:
        raise VerbatimError(knowledge_file.no_front_matter(lines, name))
    entries, problems = front_matter.parse_entries(fenced, name)
    stated = front_matter.stated(entries)
    values, notes = dict(stated.values), list[str]()
    for key in set(knowledge_file.invalid_fields(values)) & values.keys():
        notes.append(
            f"front matter: {key} {values.pop(key)!r} is not one that a knowledge file can have"
        )
    values.setdefault("language", "en")
    body = "\n".join(lines[fenced.body :])
    posts = knowledge_file.split_posts(body, name, fenced.body + 1, cut_long=True)
    return Draft(
        LABEL,
        tuple(post.text for post in posts),
        dropped=(
            *dropped,
            *(
                DroppedLine(entry.line, f"{entry.key}: {entry.value}", f"front matter: {why}")
                for entry, why in stated.unused
            ),
        ),
        notes=tuple(sorted(notes)),
        problems=tuple(problem for _, problem in problems),
        **_metadata(values),
    )


def _metadata(values: Mapping[str, Any]) -> dict[str, Any]:
    aliases = {name: tuple(others) for name, others in values.get("aliases", {}).items()}
    return {**values, "aliases": MappingProxyType(aliases)}

"""A note of Obsidian: Markdown with links in double brackets, callouts and marks of its own, which are taken out."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import BinaryIO

from bot.texts.formats import front_matter, fronted_text, markdown, stated_facts
from bot.texts.formats.draft import Draft, DropTally
from bot.texts.formats.file_input import decode_guess, read_all

NAME = "obsidian"
LABEL = "Obsidian note"

_FENCED = re.compile(
    r"(^ {0,3}(?:```|~~~).*?(?:^ {0,3}(?:```|~~~)[ \t]*$|\Z)|`[^`\n]+`)", re.MULTILINE | re.DOTALL
)
_LINK = re.compile(
    r"(?<![!\w\]])\[\[(?![\s:!$<-])(?P<page>[^\[\]|#^\n]*)(?P<part>[#^][^\[\]|\n]*)?(?:\|(?P<shown>[^\[\]\n]+))?\]\]"
)
_EMBED = re.compile(r"[ \t]*!\[\[[^\[\]\n]+\]\]")
_CALLOUT = re.compile(
    r"^(?P<quote>(?:>[ \t]?)+)\[!(?P<kind>[\w-]+)(?:\|[^\]\n]*)?\][+-]?[ \t]*(?P<title>[^\n]*)$",
    re.MULTILINE,
)
_COMMENT = re.compile(r"%%.*?%%", re.DOTALL)
_HIGHLIGHT = re.compile(r"(?<!=)==(?=[^\s=])([^\n=]+?)(?<=[^\s=])==(?!=)")
_BLOCK_ID = re.compile(r"[ \t]+\^[A-Za-z0-9-]+[ \t]*$", re.MULTILINE)
_TAGS = re.compile(r"^[ \t]*(?:#[^\W\d][\w/-]*[ \t]*)+$", re.MULTILINE)
_DATAVIEW = re.compile(
    r"^ {0,3}```(?:dataview|dataviewjs|tasks|query)\b(?:(?!```).)*^ {0,3}```[ \t]*$",
    re.MULTILINE | re.DOTALL,
)
_OWN_SIGNS = (_LINK, _EMBED, _CALLOUT, _HIGHLIGHT, re.compile(r"^%%|%%$", re.MULTILINE))
_DROPPED = (
    (_COMMENT, "a comment, which nobody sees"),
    (_EMBED, "an embedded file"),
    (_BLOCK_ID, "the name of a block"),
    (_TAGS, "tags"),
)
_OF_KNOWLEDGE = re.compile(r"^(?:title|author):", re.MULTILINE)


def matches(head: bytes, name: str) -> bool:
    """Tell by links in double brackets, or by two other signs that only Obsidian has; a knowledge file is none."""
    if b"\0" in head:
        return False
    text = decode_guess(head)[0].replace("\r\n", "\n")
    front, body = _divided(text)
    if (
        len(_OF_KNOWLEDGE.findall(front)) == 2
        or "{{" in body
        or re.search(r"^==[^=\n]+==$", body, re.MULTILINE)
    ):
        return False  # or it is MediaWiki's
    signs = [bool(sign.search(body)) for sign in _OWN_SIGNS]
    return signs[0] or signs[1] or signs[2] or sum(signs) > 1


def parse(file: BinaryIO, name: str) -> Draft:
    """Keep the words as Obsidian shows them.

    Raises:
        VerbatimError: it cannot be read as a text with front matter, or as Markdown.

    """
    text, _ = decode_guess(read_all(file, name, markdown.MOST_BYTES))
    front, body = _divided(text.replace("\r\n", "\n"))
    tally = DropTally()
    data = io.BytesIO((front + _plain(body, tally)).encode("utf-8", "surrogatepass"))
    has_front = bool(front) and fronted_text.matches(data.getvalue(), name)
    draft = fronted_text.parse(data, name) if has_front else markdown.parse(data, name)
    tally.extend(draft.dropped)
    return replace(draft, format=LABEL, dropped=tally.lines, title=draft.title or _named(name))


def _divided(text: str) -> tuple[str, str]:
    """Return the front matter with its fences, empty if there is none, and the body."""
    lines = text.removeprefix("\ufeff").split("\n")
    found = front_matter.find(lines)
    at = found.body if found else 0
    return "".join(f"{line}\n" for line in lines[:at]), "\n".join(lines[at:])


def _plain(body: str, tally: DropTally) -> str:
    """Take Obsidian's marks out of the words, but not out of code."""
    body = _dropped(_DATAVIEW, body, "a query, which Obsidian fills in", tally)
    parts = _FENCED.split(body)
    for i in range(0, len(parts), 2):
        text = parts[i]
        for sign, reason in _DROPPED:
            text = _dropped(sign, text, reason, tally)
        text = _LINK.sub(
            lambda found: found["shown"] or found["page"] or (found["part"] or "")[1:], text
        )
        text = _CALLOUT.sub(_callout, text)
        parts[i] = _HIGHLIGHT.sub(r"\1", text)
    return "".join(parts)


def _dropped(sign: re.Pattern[str], text: str, reason: str, tally: DropTally) -> str:
    for found in sign.finditer(text):
        tally.add(found[0].strip(), reason)
    return sign.sub("", text)


def _callout(found: re.Match[str]) -> str:
    """Set the title of a callout as a line of its own; without one, its kind is what Obsidian shows."""
    title = found["title"] or found["kind"].capitalize()
    return f"{found['quote']}**{title}**\n{found['quote'].rstrip()}"


def _named(name: str) -> str | None:
    """Return the title of a note, which is the name of its file."""
    last = re.split(r"[/\\]|: ", name)[-1]
    return stated_facts.title(last[: -len(".md")]) if last.lower().endswith(".md") else None

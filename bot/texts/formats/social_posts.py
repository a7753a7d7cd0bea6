"""The text of a post in an export → a post of a knowledge file, and the other things that exports have in common."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterable

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.texts.formats.draft import DropTally
from bot.texts.formats.markup import without_headings
from bot.texts.formats.text_lines import closed_up

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_COMMENT = re.compile(r"\s*<!--")
_LANGUAGE = re.compile(r"([a-z]{2,3})(-[A-Za-z0-9]{2,8})*")
_OLD_CODES = {"in": "id", "iw": "he", "ji": "yi"}
_NO_LANGUAGE = frozenset({"und", "zxx", "art", "mul", "mis"})
_BREAKS = frozenset(
    {"p", "div", "li", "ul", "ol", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6"}
)
_OPENING = 60


def post_text(text: str, dropped: DropTally, *, is_markdown: bool = False) -> str:
    """Close up the blank lines of a post and remove control characters; empty if nothing is left to quote.

    An HTML comment is not kept: in a knowledge file it would be a mark of the place where a quote stands. Lines such
    as `# 1 reason` are headings only where posts are Markdown.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    found = _CONTROL.findall(text)
    if found:
        dropped.add(f"U+{ord(found[0]):04X}", "a control character", len(found))
        text = _CONTROL.sub("", text)
    lines = closed_up(text).split("\n")
    kept = [line for line in lines if not _COMMENT.match(line)]
    if len(kept) < len(lines):
        comment = next(line for line in lines if _COMMENT.match(line))
        dropped.add(comment, "an HTML comment, which nobody sees", len(lines) - len(kept))
    text = "\n".join(kept).strip()
    return text if is_markdown else without_headings(text)


def html_text(html: str) -> str:
    """Return the text of a post that is HTML: a line for each paragraph and line break, links as they are shown."""
    body = LexborHTMLParser(html).body
    if body is None:
        return ""
    parts: list[str] = []
    node: LexborNode | None = body.child
    while node is not None:  # depth first without recursion: tags can be nested deeply
        if node.is_text_node:
            parts.append(re.sub(r"[^\S\u00a0]+", " ", node.text_content or ""))
        elif node.tag == "br" or node.tag in _BREAKS:
            parts.append("\n")
        if node.child is not None and node.tag not in {"script", "style"}:
            node = node.child
            continue
        node = _following(node, body, parts)
    lines = (line.strip() for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _following(node: LexborNode, body: LexborNode, parts: list[str]) -> LexborNode | None:
    at: LexborNode | None = node
    while at is not None and at.mem_id != body.mem_id:
        if at.tag in _BREAKS:
            parts.append("\n")
        if at.next is not None:
            return at.next
        at = at.parent
    return None


def opening(text: str) -> str:
    """Return the first words of a post, for a list."""
    line = " ".join(text.split())
    return line if len(line) <= _OPENING else line[: _OPENING - 1].rsplit(" ", 1)[0] + "…"


def commonest_language(codes: Iterable[str]) -> str | None:
    """Return the language that at least half of the posts state; None if no language is."""
    found = [_OLD_CODES.get(code, code) for code in codes]
    known = Counter(
        code
        for code in found
        if _LANGUAGE.fullmatch(code)
        and code not in _NO_LANGUAGE
        and not re.fullmatch(r"q[a-t][a-z]", code)
    )
    if not known:
        return None
    code, count = known.most_common(1)[0]
    return code if 2 * count >= len(found) else None


def day_of(timestamp: str) -> datetime.date | None:
    """Return the day of an ISO 8601 time."""
    try:
        return datetime.date.fromisoformat(timestamp[:10])
    except ValueError:
        return None


def seconds_of(timestamp: str) -> float:
    """Return an ISO 8601 time as seconds since 1970, 0 if it is none; one without a zone is taken as UTC."""
    try:
        moment = datetime.datetime.fromisoformat(timestamp)
    except ValueError:
        return 0.0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.UTC)
    return moment.timestamp()

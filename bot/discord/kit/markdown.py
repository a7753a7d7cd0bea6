"""Discord's Markdown: escaping in time linear in the text's length, block quotes, links."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.models import Span

_URL = re.compile(r"https?://(?:[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]|[^\x00-\x7f\s])*[\w/=-]")
"""An address as Discord links it: letters of any script are part of it."""
_SPECIAL = re.compile(r"[\\*_~|`<>\[\]]")
_LINE_START = re.compile(r"(?P<lead>[ \t]*)(?P<mark>[#+-]|>|\d{1,9}(?=[.)]))")
_TOKEN = re.compile(rf"(?P<url>{_URL.pattern})|(?P<special>{_SPECIAL.pattern})")


def escape(text: str) -> str:
    """Escape `text` so that Discord shows it literally.

    A backslash goes before anything that could be Markdown, a mention, a timestamp, a command or a
    spoiler; Discord removes one before any punctuation mark. Addresses are left alone, as a
    backslash would break them.
    """
    return "\n".join(map(_escape_line, text.split("\n")))


def _escape_line(line: str) -> str:
    start = _LINE_START.match(line)
    if start is None:
        return _TOKEN.sub(_escape_token, line)
    end = start.end()
    if start["mark"].isdigit():  # `1.` begins a list: the backslash goes before the dot
        return f"{line[:end]}\\{line[end]}{_TOKEN.sub(_escape_token, line[end + 1 :])}"
    return f"{start['lead']}\\{start['mark']}{_TOKEN.sub(_escape_token, line[end:])}"


def _escape_token(match: re.Match[str]) -> str:
    return match[0] if match["url"] else f"\\{match[0]}"


def quote(text: str, bold: Span | None = None) -> str:
    """Format `text` as a literal block quote, with the part `bold` in bold."""
    return "\n".join(f"> {line}" for line in _with_bold(text, bold).split("\n"))


def _with_bold(text: str, bold: Span | None) -> str:
    if bold is None or not text[bold.start : bold.end].strip():
        return escape(text)
    before, inside, after = text[: bold.start], text[bold.start : bold.end], text[bold.end :]
    strong = "\n".join(
        f"**{_inline(line)}**" if line.strip() else line for line in inside.split("\n")
    )
    return f"{escape(before)}{strong}{_inline(after)}"


def _inline(text: str) -> str:
    """Escape `text` whose first line does not start a line of the message."""
    first, *rest = text.split("\n")
    return "\n".join([_TOKEN.sub(_escape_token, first), *map(_escape_line, rest)])


def link(label: str, url: str) -> str:
    """Format a link without a preview of the page."""
    target = url.replace("(", "%28").replace(")", "%29")
    return f"[{escape(label)}](<{target}>)"


def small(text: str) -> str:
    """Format a line of small print; `text` is Markdown already."""
    return f"-# {text}"


def divided(text: str, room: int) -> Iterator[str]:
    """Divide the lines of `text` among as few messages of `room` characters as they fit into."""
    content = ""
    for line in text.split("\n"):
        if content and length(f"{content}\n{line}") > room:
            yield content
            content = ""
        content = f"{content}\n{line}" if content else line
    yield content


def length(text: str) -> int:
    """The length of `text` as Discord counts it in the strictest place: in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2

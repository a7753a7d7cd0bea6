"""A thread copied from a page of Thread Reader: the site's head, the posts, the site's foot."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import BinaryIO

from bot.texts.formats import numbered
from bot.texts.formats.draft import Draft, DroppedLine, InputLine
from bot.texts.formats.markup import without_headings
from bot.texts.formats.text_lines import blocks, input_lines, is_blank, peek, read_text

NAME = "threadreader"
LABEL = "Thread Reader page"

_HEAD_ALONE = re.compile(
    r"Share this page!?|Enter URL or ID to Unroll|How to get URL link on (?:X|Twitter)\b.*"
    r"|On the Twitter thread, click on .*|Click again on .* or Share Via icon"
    r"|Click on Copy Link to Tweet|Paste it above and click [\"“]Unroll Thread[\"”]!"
)
"""Lines that only this site prints above a thread."""

_HEAD = re.compile(
    r"×|Thread Reader(?: App)?|Unroll(?: Thread)?|Help(?:\s*\|.*)?|Log ?in|Sign (?:in|up)"
    r"|(?:(?:Bookmarks?|Save as PDF|Save|My Authors|Subscribe|Scrolly|Share|Tweet|Email|Read on (?:X|Twitter))\s*)+"
    r"|(?:try to )?force a refresh|Save this thread.*|Profile picture|.{1,60} Profile picture"
    r"|(?:.{4,24}[,•·]\s*)?\d+ (?:tweets?|posts?)\s*[,•·]\s*\d+ min(?:s|utes)? read\b.*|\d+ views?"
)
"""Lines that it prints there beside others, and that are its own only there."""

_END_ALONE = re.compile(
    r"Missing some (?:tweets?|posts?) in this thread\?.*"
    r"|This thread may be removed anytime!?|(?:Twitter|X|X \(Twitter\)) may remove this content at anytime.*"
    r"|Try unrolling a thread yourself!?|Did Thread Reader help you today\?"
    r"|[\"“]?@threadreaderapp unroll[\"”]?",
    re.IGNORECASE,
)
"""Lines that only this site prints below a thread."""

_END = re.compile(
    r"Keep current with (?P<name>.{1,80})|Stay in touch and get notified.*|More from @(?P<handle>\w{1,30}).*"
    r"|Become a Premium Member.*|Donate via Paypal.*|Follow @?threadreaderapp.*"
    r"|Support us! We are indie developers!|(?:Twitter|X) may remove this content.*",
    re.IGNORECASE,
)
"""Lines that it prints there beside others."""

_DOTS = re.compile(r"[•·]\s*[•·]\s*[•·]")
_HANDLE = re.compile(r"@(\w{1,30})")
_HEAD_REASON = "the site's head"


def matches(head: bytes, name: str) -> bool:
    """Tell whether any line is one that only this site prints."""
    texts = (line.text.strip() for line in peek(head))
    return any(_END_ALONE.fullmatch(text) or _HEAD_ALONE.fullmatch(text) for text in texts)


def parse(file: BinaryIO, name: str) -> Draft:
    """Keep what stands between the site's head and its foot.

    Raises:
        VerbatimError: two posts have the same number.

    """
    text, breaks = read_text(file, name)
    lines = input_lines(text)
    dropped: list[DroppedLine] = []
    end = _end(lines)
    body, author = _without_head(lines[:end], dropped)
    foot = [line for line in lines[end:] if not is_blank(line.text)]
    tail = [
        DroppedLine(n, text.strip(), "the site's foot, and what follows it") for n, text in foot
    ]
    author = next(_authors(foot), None) or author
    if numbered.is_numbered(body):
        draft = numbered.parse_lines(body)
    else:
        posts = (without_headings("\n".join(line.text for line in block)) for block in blocks(body))
        draft = Draft(LABEL, tuple(posts), guessed=("posts end at blank lines",))
    every = tuple(sorted((*breaks, *dropped, *draft.dropped, *tail)))
    return replace(draft, format=LABEL, author=author or draft.author, dropped=every)


def _end(lines: Sequence[InputLine]) -> int:
    """Return the number, from 0, of the line at which the foot begins: its dots, where it has them."""
    full = [(i, text.strip()) for i, (_, text) in enumerate(lines) if not is_blank(text)]
    previous = ""
    at = len(lines)
    for i, text in full:
        if _END_ALONE.fullmatch(text) or _END.fullmatch(text):
            return at if _DOTS.fullmatch(previous) else i
        previous, at = text, i
    return at if _DOTS.fullmatch(previous) else len(lines)


def _without_head(
    lines: Sequence[InputLine], dropped: list[DroppedLine]
) -> tuple[list[InputLine], str | None]:
    """Drop the lines of the head, with the author's name above the handle; the second value is the handle."""
    author: str | None = None
    full = [i for i, line in enumerate(lines) if not is_blank(line.text)]
    begin = 0
    for at, i in enumerate(full):
        text = lines[i].text.strip()
        following = lines[full[at + 1]].text.strip() if at + 1 < len(full) else ""
        handle = _HANDLE.fullmatch(text)
        names = _HANDLE.fullmatch(following) and len(text) <= 80
        if not (handle or names or _HEAD.fullmatch(text) or _HEAD_ALONE.fullmatch(text)):
            break
        author = f"@{handle[1]}" if handle else author
        dropped.append(DroppedLine(lines[i].number, text, _HEAD_REASON))
        begin = i + 1
    rest = lines[begin:]
    alone = [line for line in rest if _HEAD_ALONE.fullmatch(line.text.strip())]
    dropped += (DroppedLine(number, text.strip(), _HEAD_REASON) for number, text in alone)
    gone = {line.number for line in alone}
    return [line for line in rest if line.number not in gone], author


def _authors(foot: Sequence[InputLine]) -> Iterator[str]:
    """Yield what the foot calls the author: the handle, or else the name."""
    found = [match for line in foot if (match := _END.fullmatch(line.text.strip()))]
    yield from (f"@{match['handle']}" for match in found if match["handle"])
    yield from (match["name"].strip() for match in found if match["name"])

"""Lines that X prints above a post, as they come along when a page is copied: who wrote it, and when."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from bot.texts.formats.draft import DroppedLine, InputLine
from bot.texts.formats.text_lines import is_blank

_DATE = r"(?:[A-Z]\w{2,8}\.? \d{1,2}(?:, \d{4})?|\d{1,2} \w{3,9}\.?(?: \d{4})?|\d{1,2}[smhd])"
_WHEN = re.compile(rf"\s*{_DATE}\s*")
_ONE_LINE = re.compile(
    rf"\s*\S.{{0,80}}?\s@(?P<handle>\w{{1,30}})\s*(?:·\s*(?:\S.{{0,24}})?|\s{_DATE})\s*"
)
_HANDLE = re.compile(r"\s*@(?P<handle>\w{1,30})\s*")
_DOT = re.compile(r"\s*·(?:\s.{0,24})?")
_LONGEST_NAME = 60
_COUNT = re.compile(r"\s*\d[\d.,]*\s?[KMB]?\s*")
_FOOT = re.compile(
    r"\s*(?:Show (?:this thread|(?:more )?replies|more|less)|Translate (?:post|Tweet)|Read \d+ replies|Post your reply"
    r"|Relevant|View (?:post engagements|quotes)|(?:[\d.,]+\s?[KMB]?\s)?(?:Views?|Reposts?|Retweets?|Quotes?|Likes?|Bookmarks?)"
    r"|\d{1,2}:\d{2}\s?(?:[AP]M)? · .{6,24}?(?: · .*)?)\s*"
)
"""What X prints under a post: the time, counts with their names, and buttons."""


class MemberLine(NamedTuple):
    """The lines `begin` to `end`, numbered from 0, name the member `handle`."""

    begin: int
    end: int
    handle: str


def find(lines: Sequence[InputLine]) -> Iterator[MemberLine]:
    """Find where a member is named, with a date: on one line, or on lines of their own."""
    at = 0
    while at < len(lines):
        found = _ONE_LINE.fullmatch(lines[at].text)
        if found:
            yield MemberLine(at, at + 1, found["handle"])
        elif (handle := _HANDLE.fullmatch(lines[at].text)) and (end := _end(lines, at)):
            begin = _name_before(lines, at)
            yield MemberLine(begin, end, handle["handle"])
            at = end - 1
        at += 1


def _end(lines: Sequence[InputLine], handle: int) -> int | None:
    """Return the line after the dot and the date that follow the line `handle`; None if no dot does."""
    full = [
        i for i in range(handle + 1, min(handle + 6, len(lines))) if not is_blank(lines[i].text)
    ]
    if not full or not _DOT.fullmatch(lines[full[0]].text):
        return None
    if (
        len(full) > 1
        and lines[full[0]].text.strip() == "·"
        and _WHEN.fullmatch(lines[full[1]].text)
    ):
        return full[1] + 1
    return full[0] + 1


def _name_before(lines: Sequence[InputLine], handle: int) -> int:
    before = handle - 1
    while before > 0 and is_blank(lines[before].text) and handle - before < 3:
        before -= 1
    text = lines[before].text.strip() if before >= 0 else ""
    named = 0 < len(text) <= _LONGEST_NAME and not text.endswith((".", "!", "?", ":"))
    return before if named else handle


def without_others(
    lines: Sequence[InputLine], begins: Collection[int], dropped: list[DroppedLine]
) -> tuple[list[InputLine], str | None]:
    """Leave out the lines that name a member, and the posts of members who did not write the thread.

    `begins` are the numbers, from 0, of the lines at which posts of the thread begin. The second value is the
    author's handle where the lines show it.
    """
    named = list(find(lines))
    own = _own_handle(named, lines, frozenset(begins))
    out: dict[int, str] = {}
    ends = [*(member.begin for member in named[1:]), len(lines)]
    for member, end in zip(named, ends, strict=False):
        if own is None or member.handle.lower() != own.lower():
            out |= dict.fromkeys(
                range(member.begin, end), f"a post of another member, @{member.handle}"
            )
        else:
            out |= dict.fromkeys(range(member.begin, member.end), "the line that names the author")
            out |= dict.fromkeys(_foot(lines, member.end, end), "counts and buttons under a post")
    dropped += (
        DroppedLine(lines[at].number, lines[at].text.strip(), reason)
        for at, reason in sorted(out.items())
        if not is_blank(lines[at].text)
    )
    return [line for at, line in enumerate(lines) if at not in out], own and f"@{own}"


def _foot(lines: Sequence[InputLine], begin: int, end: int) -> list[int]:
    """Find the last lines before `end` that X prints under a post; a number alone may be the author's own."""
    found: list[int] = []
    for at in range(end - 1, begin, -1):
        text = lines[at].text
        if is_blank(text):
            continue
        if not _COUNT.fullmatch(text) and not _FOOT.fullmatch(text):
            break
        found.append(at)
    return [] if len(found) == 1 and _COUNT.fullmatch(lines[found[0]].text) else found


def _own_handle(
    named: Sequence[MemberLine], lines: Sequence[InputLine], begins: frozenset[int]
) -> str | None:
    """Return whom the line before the first post names, or else most lines directly above a post."""
    if not begins:
        return None
    first = min(begins)
    before = [member.handle for member in named if member.end <= first]
    if before:
        return before[-1]
    above = Counter(
        member.handle
        for member in named
        for at in [
            next((i for i in range(member.end, len(lines)) if not is_blank(lines[i].text)), -1)
        ]
        if at in begins
    )
    return above.most_common(1)[0][0] if above else None

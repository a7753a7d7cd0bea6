"""A conversation as it is copied from the window of Discord, Slack or Telegram: names with times, each above what was written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple

from bot.errors import Problem, VerbatimError
from bot.texts.formats.chat_messages import ChatMessage, ChatPosts
from bot.texts.formats.draft import Draft, InputLine
from bot.texts.formats.local_dates import date_order, iso_time
from bot.texts.formats.text_lines import input_lines, is_blank, peek, read_text

NAME = "pasted-chat"
LABEL = "pasted conversation"
HAS_NAMES = True

_CLOCK = r"(?P<time>\d{1,2}[:.]\d{2})(?:[:.]\d{2})?(?:\s?(?P<half>[AaPp]\.?[Mm]\.?))?"
_DAY = r"(?P<date>\d{1,4}[./-]\d{1,2}[./-]\d{1,4})"
_NAME = r"(?P<name>\S(?:.{0,60}\S)?)"
_HEADERS = (
    # Discord: `Ada — 03/05/2024 10:02`, `Ada — Today at 10:02 AM`; the tag of a bot or role may stand before the dash
    re.compile(
        rf"{_NAME}\s*—\s*(?:{_DAY},?\s+|(?:Today|Yesterday|Hoy|Ayer)(?: at| a las)? )?{_CLOCK}\s*"
    ),
    # Slack: `Ada Voss  10:02 AM`, `Ada Voss  [10:02 AM]`
    re.compile(rf"{_NAME}(?:\s{{2,}}|\t)\[?{_CLOCK}\]?\s*"),
    # Telegram: `Ada, [03.05.2024 10:02]`
    re.compile(rf"{_NAME}, \[{_DAY},? {_CLOCK}\]\s*"),
)
_CLOCK_ALONE = re.compile(rf"\s*\[?{_CLOCK}\]?\s*")
_PLAIN_NAME = re.compile(r"[^\s.!?:;](?:[^.!?:;]{0,38}[^\s.!?:;])?")
_LEFT_OVER = re.compile(
    r"\s*(?:\(edited\)|NEW|New|APP|BOT|:[\w+-]{2,30}:\s*\d{0,4}|\d+ repl(?:y|ies)|Reply|Last reply .{1,40}|View thread)\s*"
)
_FEWEST = 2


class _Header(NamedTuple):
    """The lines from `begin` to `end`, which name a member and a time."""

    begin: int
    end: int
    found: re.Match[str]
    name: str

    @property
    def date(self) -> str:
        """The day as it is written; empty where there is none."""
        return self.found.groupdict().get("date") or ""


def matches(head: bytes, name: str) -> bool:
    """Tell by the first line, and by others of the same shape; words must stand below each."""
    lines = peek(head)
    headers = _headers(lines)
    if len(headers) < _FEWEST:
        return False
    first = next(at for at, line in enumerate(lines) if not is_blank(line.text))
    ends = [*(header.begin for header in headers[1:]), len(lines)]
    said = [
        any(not is_blank(line.text) for line in lines[header.end : end])
        for header, end in zip(headers, ends, strict=True)
    ]
    return headers[0].begin == first and all(said[:-1])


def parse(file: BinaryIO, name: str, *, names: bool = False) -> Draft:
    """Keep what members wrote; with `names`, each message's marker has its author's name.

    Raises:
        VerbatimError: it is not plain text, or not such a conversation.

    """
    text, dropped = read_text(file, name)
    lines = input_lines(text)
    headers = _headers(lines)
    if not headers:
        reason = "shows no names with times: --format paragraphs takes it as it stands"
        raise VerbatimError(Problem(name, reason))
    order = date_order([header.date for header in headers if header.date])
    chat = ChatPosts(names=names)
    chat.dropped.extend(dropped)
    for line in lines[: headers[0].begin]:
        if not is_blank(line.text):
            chat.dropped.add(line.text, "a line before the first message", line=line.number)
    ends = [*(header.begin for header in headers[1:]), len(lines)]
    for header, end in zip(headers, ends, strict=True):
        shown = " ".join(line.text.strip() for line in lines[header.begin : header.end])
        chat.dropped.add(
            shown, "the line that names the author and the time", line=lines[header.begin].number
        )
        said = "\n".join(_words(lines[header.end : end], chat))
        if said.strip():
            time = iso_time(header.date, header.found["time"], header.found["half"] or "", order)
            chat.add(ChatMessage(header.name, said, time))
    if not chat.posts:
        raise VerbatimError(Problem(name, "holds no message with words: is it the right text?"))
    return Draft(
        LABEL,
        tuple(chat.posts),
        dropped=chat.dropped.lines,
        notes=(f"{chat.count:,} messages", *_undated(headers, known=order is not None)),
        date=chat.first_day,
        guessed=chat.guessed,
    )


def _undated(headers: Sequence[_Header], *, known: bool) -> Iterator[str]:
    dates = [header.date for header in headers if header.date]
    if dates and not known:
        yield f"dates such as {dates[0]} may begin with the day or with the month: they are not kept"


def _headers(lines: Sequence[InputLine]) -> list[_Header]:
    """Find the headers, all of one program."""
    full = [at for at, line in enumerate(lines) if not is_blank(line.text)]
    if not full:
        return []
    for shape in _HEADERS:
        if shape.fullmatch(lines[full[0]].text):
            return [
                _Header(at, at + 1, found, found["name"])
                for at in full
                if (found := shape.fullmatch(lines[at].text))
            ]
    found_apart = []
    for at in full[:-1]:  # Slack's web page: the name, and below it the time
        clock = _CLOCK_ALONE.fullmatch(lines[at + 1].text) if at + 1 < len(lines) else None
        if clock is not None and _PLAIN_NAME.fullmatch(lines[at].text.strip()):
            found_apart.append(_Header(at, at + 2, clock, lines[at].text.strip()))
    return found_apart if found_apart and found_apart[0].begin == full[0] else []


def _words(lines: Sequence[InputLine], chat: ChatPosts) -> Iterator[str]:
    """Yield the lines of messages; times of further ones, and reactions, are left out."""
    for line in lines:
        if _CLOCK_ALONE.fullmatch(line.text) or _LEFT_OVER.fullmatch(line.text):
            chat.dropped.add(line.text, "a time, a reaction or a button", line=line.number)
        else:
            yield line.text

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
_WHEN = rf"(?:{_DAY},?\s+(?:\w{{1,3}}\s)?|[^\W\d][^\d\n.!?]{{1,20}}\s)?{_CLOCK}(?:\s(?:Uhr|h))?"
"""A time as Discord writes it, with the day, or a word for it in the language of the member: `Today at 10:02`."""

_NAME = r"(?P<name>\S(?:.{0,60}\S)?)"
_HEADERS = (
    # Discord: `Ada — 03/05/2024 10:02`, `Ada — Today at 10:02 AM`; the tag of a bot or role may stand before the dash
    re.compile(rf"{_NAME}\s*—\s*{_WHEN}\s*"),
    # Slack: `Ada Voss  10:02 AM`, `Ada Voss  [10:02 AM]`
    re.compile(rf"{_NAME}(?:\s{{2,}}|\t)\[?{_CLOCK}\]?\s*"),
    # Telegram: `Ada, [03.05.2024 10:02]`
    re.compile(rf"{_NAME}, \[{_DAY},? {_CLOCK}\]\s*"),
    # DiscordChatExporter as text: `[5/3/2024 10:02 AM] ada`
    re.compile(rf"\[{_DAY},? {_CLOCK}\] {_NAME}(?: \(pinned\))?\s*"),
    # Discord, compact: `[10:02 AM]Ada: the words`; IRC: `[10:02] <ada> the words`
    re.compile(
        rf"\[(?:{_DAY},?\s)?{_CLOCK}\]\s*(?P<name>[^\s:<>][^:<>]{{0,40}}):\s(?P<words>.*\S.*)"
    ),
    re.compile(
        rf"\[?(?:{_DAY},?\s)?{_CLOCK}\]?\s+<[@+%&~ ]?(?P<name>[^<>\s]{{1,40}})>\s(?P<words>.*\S.*)"
    ),
)
_RULE = re.compile(r"={20,}\s*")
_SECTION = re.compile(r"\{(?:Attachments|Embed|Reactions|Stickers)\}\s*")
_DASH = re.compile(r"\s*—\s*")
_TIME_ALONE = re.compile(rf"\s*{_WHEN}\s*")
_DASH_AND_TIME = re.compile(rf"\s*—\s*{_WHEN}\s*")
_TAG = re.compile(r"\s*(?:APP|BOT|SYSTEM|OP|✓|Role icon, .{1,60}|Clan tag: .{1,30}|,|:)\s*")
"""What Discord shows between a name and the time: tags, and the words for the picture of a role."""

_CLOCK_ALONE = re.compile(rf"\s*\[?{_CLOCK}\]?\s*")
_PLAIN_NAME = re.compile(r"[^\s.!?:;](?:[^.!?:;]{0,38}[^\s.!?:;])?")
_LEFT_OVER = re.compile(
    r"\s*(?:\(edited\)|NEW|New|APP|BOT|:[\w+-]{2,30}:\s*\d{0,4}|\d+ repl(?:y|ies)|Reply|Last reply .{1,40}|View thread"
    r"|={20,}|Exported \d+ message\(s\))\s*"
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

    @property
    def words(self) -> str:
        """What was written, where it begins on the same line."""
        return self.found.groupdict().get("words") or ""


def matches(head: bytes, name: str) -> bool:
    """Tell by the first line, and by others of the same shape; words must stand below each."""
    lines = _without_preamble(peek(head))
    headers = _headers(lines)
    if len(headers) < _FEWEST:
        return False
    if headers[0].words and len({header.name for header in headers}) == len(headers):
        return False  # a programme: `[10:02] Breakfast: in the hall`
    first = next(at for at, line in enumerate(lines) if not is_blank(line.text))
    ends = [*(header.begin for header in headers[1:]), len(lines)]
    said = [
        header.words or any(not is_blank(line.text) for line in lines[header.end : end])
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
    headers = _headers(_without_preamble(lines))
    if not headers:
        reason = "contains no names with times: --format paragraphs imports it as it is"
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
        shown = shown.removesuffix(header.words.strip()) if header.words else shown
        chat.dropped.add(
            shown, "the line that names the author and the time", line=lines[header.begin].number
        )
        said = "\n".join((header.words, *_words(lines[header.end : end], chat)))
        if said.strip():
            time = iso_time(header.date, header.found["time"], header.found["half"] or "", order)
            chat.add(ChatMessage(header.name, said, time))
    if not chat.posts:
        raise VerbatimError(Problem(name, "contains no messages with text: is it the right text?"))
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


def _without_preamble(lines: Sequence[InputLine]) -> Sequence[InputLine]:
    """Blank the head that DiscordChatExporter writes between two rules: server, channel, topic."""
    rules = [at for at, line in enumerate(lines[:20]) if _RULE.fullmatch(line.text)]
    if len(rules) < 2 or not is_blank("".join(line.text for line in lines[: rules[0]])):
        return lines
    return [*(line._replace(text="") for line in lines[: rules[1] + 1]), *lines[rules[1] + 1 :]]


def _headers(lines: Sequence[InputLine]) -> list[_Header]:
    """Find the headers, all of one program."""
    full = [at for at, line in enumerate(lines) if not is_blank(line.text)]
    if not full:
        return []
    for shape in _HEADERS:
        if first := shape.fullmatch(lines[full[0]].text):
            if _is_of_a_film(first):
                return []
            return [
                _Header(at, at + 1, found, found["name"])
                for at in full
                if (found := shape.fullmatch(lines[at].text))
            ]
    if apart := _headers_on_lines(lines, full):
        return apart
    found_apart: list[_Header] = []
    for at in full[:-1]:  # Slack's web page: the name, and below it the time
        clock = _CLOCK_ALONE.fullmatch(lines[at + 1].text) if at + 1 < len(lines) else None
        if clock is not None and _PLAIN_NAME.fullmatch(lines[at].text.strip()):
            if not found_apart and _is_of_a_film(clock):
                return []
            found_apart.append(_Header(at, at + 2, clock, lines[at].text.strip()))
    return found_apart if found_apart and found_apart[0].begin == full[0] else []


def _is_of_a_film(clock: re.Match[str]) -> bool:
    """Tell a time of a transcript, which begins with the film, from a time of day."""
    return clock["time"].startswith(("0:", "00:00")) and not clock["half"]


def _headers_on_lines(lines: Sequence[InputLine], full: Sequence[int]) -> list[_Header]:
    """Find the headers of Discord's window where name, dash and time are lines of their own; tags may stand between."""
    found: list[_Header] = []
    for place, at in enumerate(full):
        when = _DASH_AND_TIME.fullmatch(lines[at].text)
        last = place
        if when is None and _DASH.fullmatch(lines[at].text) and place + 1 < len(full):
            last = place + 1
            when = _TIME_ALONE.fullmatch(lines[full[last]].text)
        if when is None or not place:
            continue
        begin = place - 1
        while begin > 0 and _TAG.fullmatch(lines[full[begin]].text):
            begin -= 1
        if not found or full[begin] >= found[-1].end:
            name = lines[full[begin]].text.strip()
            found.append(_Header(full[begin], full[last] + 1, when, name))
    return found if found and found[0].begin == full[0] else []


def _words(lines: Sequence[InputLine], chat: ChatPosts) -> Iterator[str]:
    """Yield the lines of messages; times of further ones, reactions and attachments are left out."""
    in_section = False
    for line in lines:
        in_section = not is_blank(line.text) and (
            in_section or _SECTION.fullmatch(line.text) is not None
        )
        if in_section:
            chat.dropped.add(line.text, "an attachment or a reaction", line=line.number)
        elif _CLOCK_ALONE.fullmatch(line.text) or _LEFT_OVER.fullmatch(line.text):
            chat.dropped.add(line.text, "a time, a reaction or a button", line=line.number)
        else:
            yield line.text

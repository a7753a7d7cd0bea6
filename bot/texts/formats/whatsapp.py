"""A chat that WhatsApp has exported as text: each message under a mark with its time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple

from bot.errors import Problem, VerbatimError
from bot.texts.formats import stated_facts
from bot.texts.formats.chat_messages import ChatMessage, ChatPosts
from bot.texts.formats.draft import Draft, InputLine
from bot.texts.formats.local_dates import DateOrder, date_order, iso_time
from bot.texts.formats.text_lines import input_lines, is_blank, peek, read_text

NAME = "whatsapp"
LABEL = "WhatsApp chat"
HAS_NAMES = True

_DIRECTIONS = "\u200e\u200f\u202a-\u202e\ufeff"
_OPENING = re.compile(
    rf"[{_DIRECTIONS}]*(?P<bracket>\[)?(?P<date>\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{1,4}})\.?[,،]?\s(?:(?:à|um|at|kl\.)\s)?"
    r"(?P<time>\d{1,2}[:.]\d{2})(?:[:.]\d{2})?(?:\s?(?P<half>[ap]\.?\s?m\.?|ص|م))?(?(bracket)\]|\s[-–])\s(?P<rest>.*)",
    re.IGNORECASE,
)
_SENDER = re.compile(rf"[{_DIRECTIONS}]*(?P<name>[^:\n]{{1,100}}): ?(?P<text>.*)")
_OWN_LINE = "\u200e"
"""Before what WhatsApp itself says in the place of a message: media, calls, members who join."""

_MEDIA = re.compile(
    r"<(?:Media omitted|Multimedia omitido|Archivo omitido|Medien ausgeschlossen|Médias? omis|Mídia oculta"
    r"|Arquivo de mídia oculto|Media omessi|Media weggelaten|تم استبعاد الوسائط|Без медиафайлов)>"
    r"|(?:image|video|audio|sticker|GIF|document|Contact card) omitted|<(?:attached|adjunto|Anhang): [^<>]{1,200}>"
    r"|null|(?:IMG|VID|PTT|AUD|STK|DOC)-\d{8}-WA\d{4}\.\w{2,5} \([^()]{3,40}\)|\S.{0,100}\.\w{2,5} \(file attached\)"
)
_DELETED = re.compile(
    r"This message was deleted\.?|You deleted this message\.?|(?:Missed|Silenced) (?:group )?(?:voice|video) call\.?"
    r"|Waiting for this message\b.*|Se eliminó este mensaje\.?|Eliminaste este mensaje\.?"
    r"|تم حذف هذه الرسالة\.?|حذفت هذه الرسالة\.?"
)
_EDITED = re.compile(
    rf"\s?[{_DIRECTIONS}]*<(?:This message was edited|Se editó este mensaje\.?|تم تعديل هذه الرسالة)>$"
)
_FILE_NAME = re.compile(
    r"(?:WhatsApp Chat (?:with|-)|Chat de WhatsApp con|دردشة واتساب مع) (.{1,80}?)(?:\.zip|\.txt|$)"
)
_FEWEST = 2


class _Line(NamedTuple):
    """A line that begins a message, or a line of WhatsApp's own."""

    line: InputLine
    date: str
    time: str
    half: str
    rest: str


def matches(head: bytes, name: str) -> bool:
    """Tell by the date, time and name with which the first line, and others, begin."""
    lines = [line for line in peek(head) if not is_blank(line.text)]
    if not lines or not _opening(lines[0]):
        return False
    begun = [found for line in lines if (found := _opening(line))]
    return len(begun) >= _FEWEST and any(_SENDER.match(found.rest) for found in begun)


def parse(file: BinaryIO, name: str, *, names: bool = False) -> Draft:
    """Keep what members wrote; with `names`, each message's marker has its author's name.

    Raises:
        VerbatimError: it is not plain text, or not such a chat.

    """
    text, dropped = read_text(file, name)
    lines = input_lines(text)
    begun = [found for line in lines if (found := _opening(line))]
    order = date_order([found.date for found in begun])
    chat = ChatPosts(names=names)
    chat.dropped.extend(dropped)
    for first, more in _messages(lines):
        if first is None:
            chat.dropped.add(
                more[0].text, "a line before the first message", len(more), more[0].number
            )
        else:
            _add(chat, first, [first.rest, *(line.text for line in more)], order)
    if not chat.posts:
        reason = "contains no WhatsApp messages: --format paragraphs imports it as it is"
        raise VerbatimError(Problem(name, reason))
    called = _FILE_NAME.search(name)
    title = stated_facts.title(called[1]) if called else None
    return Draft(
        LABEL,
        tuple(chat.posts),
        author=stated_facts.author(title),
        dropped=chat.dropped.lines,
        notes=(f"{chat.count:,} messages", *_undated(begun, order)),
        title=title,
        date=chat.first_day,
        guessed=chat.guessed,
    )


def _undated(begun: Sequence[_Line], order: DateOrder | None) -> Iterator[str]:
    if order is None:
        yield (
            f"dates such as {begun[0].date} may begin with the day or with the month: they are not kept"
        )


def _opening(line: InputLine) -> _Line | None:
    found = _OPENING.fullmatch(line.text)
    if found is None:
        return None
    return _Line(line, found["date"], found["time"], found["half"] or "", found["rest"])


def _messages(lines: Sequence[InputLine]) -> Iterator[tuple[_Line | None, list[InputLine]]]:
    """Yield the line that begins a message with the further lines of it; first, those before any."""
    first: _Line | None = None
    more: list[InputLine] = []
    for line in lines:
        found = _opening(line)
        if found is None:
            more.append(line)
            continue
        if first is not None or any(not is_blank(one.text) for one in more):
            yield first, more
        first, more = found, []
    if first is not None:
        yield first, more


def _is_quoting(name: str) -> bool:
    return name.count("“") != name.count("”") or name.count('"') % 2 == 1


def _add(chat: ChatPosts, first: _Line, said: list[str], order: DateOrder | None) -> None:
    """Add a message, or count what is none."""
    sender = _SENDER.fullmatch(first.rest)
    if sender is not None and _is_quoting(
        sender["name"]
    ):  # `Ada changed the subject to “Kilns: help”`
        sender = None
    if sender is None or sender["text"].startswith(_OWN_LINE):
        own_media = sender is not None and _MEDIA.fullmatch(sender["text"].strip(_OWN_LINE))
        reason = "media of messages" if own_media else "a line of WhatsApp's own"
        chat.dropped.add(first.rest, reason, line=first.line.number)
        said = said[1:] if sender is not None else []  # a caption stands below a picture
    else:
        said[0] = sender["text"]
        if _MEDIA.fullmatch(said[0].strip()) or _DELETED.fullmatch(said[0].strip()):
            reason = (
                "media of messages" if _MEDIA.fullmatch(said[0].strip()) else "a deleted message"
            )
            chat.dropped.add(said[0], reason, line=first.line.number)
            said = said[1:]
    text = _EDITED.sub("", "\n".join(said).rstrip())
    words, mark, own = text.rpartition(_OWN_LINE)
    if mark and "\n" not in own and words.strip():  # such as `image omitted`, after a caption
        chat.dropped.add(own, "media of messages", line=first.line.number)
        text = words
    if sender is not None and text.strip():
        time = iso_time(first.date, first.time, first.half, order)
        chat.add(ChatMessage(sender["name"], text, time))

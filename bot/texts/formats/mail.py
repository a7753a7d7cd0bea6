"""A message of e-mail (.eml): what its sender wrote."""

from __future__ import annotations

import datetime
import email
import re
from email.message import Message
from email.policy import EmailPolicy
from email.utils import parseaddr, parsedate_to_datetime
from typing import Any, BinaryIO

from bot.errors import Problem, VerbatimError
from bot.texts.formats import html_blocks, mail_text, markup, stated_facts
from bot.texts.formats.draft import Draft, DropTally
from bot.texts.formats.file_input import MEBIBYTE, decode_guess, read_all

NAME = "email"
LABEL = "e-mail"
ISOLATED = True

MOST_BYTES = 64 * MEBIBYTE
_MOST_PARTS = 1_000
_HEADER = re.compile(rb"^([A-Za-z][\w-]{1,40}):[ \t]", re.MULTILINE)
_FIRST_LINE = re.compile(rb"[A-Za-z][\w-]{1,40}:[ \t]")
_OF_MAIL = frozenset(
    (b"date", b"message-id", b"received", b"mime-version", b"return-path", b"delivered-to")
)
_REPLY = re.compile(
    r"^(?:\s*(?:re|aw|fwd?|wg|sv|antw|tr|rv)(?:\[\d+\])?\s*[:：]\s*)+", re.IGNORECASE
)
_QUOTED_HTML = (
    ".gmail_quote, .gmail_attr, blockquote[type=cite], .moz-cite-prefix, .yahoo_quoted, #appendonsend ~ *, #divRplyFwdMsg,"
    " #divRplyFwdMsg ~ *, .protonmail_quote, blockquote.gmail_quote"
)
_SIGNED_HTML = ".gmail_signature, .moz-signature, #Signature, .protonmail_signature_block"


_MOST_HEADER = 4_000  # characters of one that are read


class _ShortHeaders(EmailPolicy):
    """Reads the beginning of each header alone: of one with half a megabyte, the email package makes gigabytes."""

    def header_fetch_parse(self, name: str, value: Any) -> Any:
        """Parse a header."""
        return super().header_fetch_parse(name, value[:_MOST_HEADER])


_POLICY = _ShortHeaders()


def matches(head: bytes, name: str) -> bool:
    """Tell by the headers: a sender, and a header that only messages have."""
    block = re.split(rb"\r?\n\r?\n", head.removeprefix(b"\xef\xbb\xbf"), maxsplit=1)[0]
    if not _FIRST_LINE.match(block):
        return False
    names = {found.lower() for found in _HEADER.findall(block)}
    return b"from" in names and len(names & _OF_MAIL) > (0 if name.lower().endswith(".eml") else 1)


def parse(file: BinaryIO, name: str) -> Draft:
    """Keep what the sender wrote. Quotations, signature and attachments are reported as dropped.

    Raises:
        VerbatimError: the message has no words of its own.

    """
    return parse_message(read_all(file, name, MOST_BYTES), name)


def parse_message(data: bytes, where: str) -> Draft:
    """Parse the bytes of one message; see `parse`."""
    try:
        message = email.message_from_bytes(data.lstrip(b"\r\n"), policy=_POLICY)
        tally = DropTally()
        blocks = _blocks(message, where, tally)
        subject, sender = _header(message, "Subject"), parseaddr(_header(message, "From"))
        date = _day(_header(message, "Date"))
    except RecursionError as error:
        raise VerbatimError(Problem(where, "is nested too deeply to be a message")) from error
    if not blocks:
        reason = "its sender wrote nothing in it: every line is quoted, signed or attached; save the part you want as .txt"
        raise VerbatimError(Problem(where, reason))
    return Draft(
        LABEL,
        tuple(blocks),
        author=stated_facts.author(sender[0] or sender[1]),
        dropped=tally.lines,
        title=stated_facts.title(_REPLY.sub("", subject)),
        date=date,
    )


def _header(message: Message, name: str) -> str:
    """Read a header that may be anything."""
    try:
        return markup.clean(str(message.get(name, "")))
    except Exception:  # the email package fails in many ways on broken headers
        return ""


def _day(text: str) -> datetime.date | None:
    try:
        return parsedate_to_datetime(text).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _blocks(message: Message, where: str, tally: DropTally) -> list[str]:
    plain: Message | None = None
    page: Message | None = None
    for count, part in enumerate(message.walk()):
        if count > _MOST_PARTS:
            raise VerbatimError(
                Problem(where, f"has more than {_MOST_PARTS:,} parts: save its text as .txt")
            )
        if part.is_multipart():
            continue
        kind = part.get_content_type()
        attached = part.get_content_disposition() == "attachment" or bool(part.get_filename())
        if attached or kind not in ("text/plain", "text/html"):
            tally.add(part.get_filename() or kind, "an attachment")
        elif kind == "text/plain" and plain is None:
            plain = part
        elif kind == "text/html" and page is None:
            page = part
        elif (kind == "text/plain" and _text(part).strip()) or kind == "text/html":
            tally.add(_text(part), "a further part of the message")
    if plain is not None and _text(plain).strip():
        return mail_text.written_blocks(_lines(plain), tally.add)
    return _page_blocks(_text(page), where, tally) if page is not None else []


def _lines(part: Message) -> list[str]:
    text = _text(part)
    if str(part.get_param("format", "")).lower() == "flowed":
        return mail_text.unflowed(
            text, delete_space=str(part.get_param("delsp", "")).lower() == "yes"
        )
    return text.split("\n")


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    charset = part.get_content_charset()
    try:
        text = content.decode(charset, errors="replace") if charset else decode_guess(content)[0]
    except (LookupError, ValueError):
        text = decode_guess(content)[0]
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _page_blocks(html: str, where: str, tally: DropTally) -> list[str]:
    page = html_blocks.tree(html, where)
    for selector, reason in ((_QUOTED_HTML, mail_text.QUOTED), (_SIGNED_HTML, mail_text.SIGNATURE)):
        for node in page.css(selector):
            if words := markup.clean(node.text(deep=True, separator=" ")):
                tally.add(words, reason)
            node.remove()
    return html_blocks.Renderer(tally.add).blocks(page.body) if page.body is not None else []

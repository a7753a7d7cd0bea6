"""The lines that a sender wrote in a plain-text message, apart from what they quote and sign with."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.texts.formats import markup
from bot.texts.formats.markup import Drop

QUOTED = "quoted from another message"
SIGNATURE = "the signature"

_QUOTED_LINE = re.compile(r"\s{0,3}(?:>|\|(?=\s))")
_ATTRIBUTION = re.compile(
    r"(?:On|Am|Le|El|Il|Op|Em|W dniu|В|في)\b.{4,300}?\b(?:wrote|writes|schrieb|a écrit|escribió|ha scritto|schreef|escreveu"
    r"|napisał(?:\(a\))?|пишет|написал|كتب)\b.{0,60}[:：]\s*|.{1,200}\b(?:wrote|schrieb)\s*:\s*",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST_ATTRIBUTION = 3
"""Lines."""

_FORWARDED = re.compile(
    r"\s*(?:-{2,}\s*(?:original message|ursprüngliche nachricht|forwarded message"
    r"|weitergeleitete nachricht|message d'origine"
    r"|mensaje original|messaggio originale|begin forwarded message)\s*:?\s*-*|begin forwarded message:|_{20,})\s*",
    re.IGNORECASE,
)
_FORWARDED_HEAD = re.compile(r"\*?(?:From|Von|De|Da|Van|От|من)\*?:\s+\S.*", re.IGNORECASE)
_FORWARDED_HEADS = re.compile(
    r"\*?(?:Sent|Date|To|Subject|Gesendet|Datum|An|Betreff|Envoyé|Objet|Enviado|Asunto|Para|À)\*?:\s+\S.*",
    re.IGNORECASE,
)
_SIGNATURE_MARK = re.compile(r"--\s?")
_SENT_FROM = re.compile(
    r"(?:Sent from (?:my|Mail for)|Get Outlook for|Von meinem .{2,30} gesendet|Envoyé de mon|Enviado desde mi"
    r"|Inviato da)\b.{0,80}",
    re.IGNORECASE,
)


def written_blocks(lines: Sequence[str], drop: Drop) -> list[str]:
    """Divide what the sender wrote into blocks; quoted lines, the way into them and the signature go to `drop`."""
    blocks: list[str] = []
    block: list[str] = []

    def end_block() -> None:
        if block and (text := markup.paragraph("\n".join(block))):
            blocks.append(text)
        block.clear()

    at = 0
    while at < len(lines):
        line = lines[at]
        if reason := _rest_is(lines, at):
            _drop_all(lines[at:], reason, drop)
            break
        length = _attribution(lines, at)
        if length or _QUOTED_LINE.match(line):
            end_block()
            _drop_all(lines[at : at + max(length, 1)], QUOTED, drop)
            at += max(length, 1)
            continue
        if line.strip():
            block.append(line)
        else:
            end_block()
        at += 1
    end_block()
    return blocks


def unflowed(text: str, *, delete_space: bool) -> list[str]:
    """Join the lines that `format=flowed` divided to fit a width (RFC 3676)."""
    lines: list[str] = []
    is_open = False
    for line in text.split("\n"):
        is_quoted = line.startswith(">")
        plain = line[1:] if line.startswith(" ") else line  # stuffed by one space
        if is_open and not is_quoted and plain != "-- ":
            lines[-1] += plain
        else:
            lines.append(plain)
        is_open = plain.endswith(" ") and plain != "-- " and not is_quoted
        if is_open and delete_space:
            lines[-1] = lines[-1][:-1]
    return lines


def _rest_is(lines: Sequence[str], at: int) -> str:
    """Say what everything from this line on is, if it is not the sender's text."""
    line = lines[at]
    if _SIGNATURE_MARK.fullmatch(line):
        return SIGNATURE
    if _SENT_FROM.fullmatch(line.strip()) and not any(one.strip() for one in lines[at + 1 :]):
        return SIGNATURE
    if _FORWARDED.fullmatch(line) and _heads_follow(lines, at + 1):
        return QUOTED
    if _FORWARDED_HEAD.fullmatch(line.strip()) and _heads_follow(lines, at):
        return QUOTED
    return ""


def _heads_follow(lines: Sequence[str], at: int) -> bool:
    near = [line.strip() for line in lines[at : at + 8] if line.strip()]
    heads = sum(bool(_FORWARDED_HEADS.fullmatch(line)) for line in near)
    return bool(near) and _FORWARDED_HEAD.fullmatch(near[0]) is not None and heads >= 2


def _attribution(lines: Sequence[str], at: int) -> int:
    """How many lines from here say who wrote the quotation that follows them; 0: none."""
    if not lines[at].strip():
        return 0
    for length in range(1, _LONGEST_ATTRIBUTION + 1):
        words = " ".join(line.strip() for line in lines[at : at + length])
        if len(words) > 400 or not lines[at + length - 1 : at + length]:
            return 0
        if _ATTRIBUTION.fullmatch(words):
            following = next(
                (line for line in lines[at + length : at + length + 4] if line.strip()), ""
            )
            return length if _QUOTED_LINE.match(following) else 0
    return 0


def _drop_all(lines: Sequence[str], reason: str, drop: Drop) -> None:
    for line in lines:
        if line.strip():
            drop(line, reason)

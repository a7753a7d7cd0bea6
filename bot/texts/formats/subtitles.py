"""Subtitles: SubRip (SRT) and WebVTT, also the rolling captions that platforms make by themselves."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from bot.errors import Problem, VerbatimError
from bot.texts.formats import cues, stated_facts
from bot.texts.formats.cues import Cue
from bot.texts.formats.draft import Draft, DropTally
from bot.texts.formats.file_input import MEBIBYTE, decode_guess, read_all

NAME = "subtitles"
LABEL = "subtitles"

MOST_BYTES = 32 * MEBIBYTE

_TIME = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
_TIMES = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?P<settings>[^\n]*)")
_MARKS = re.compile(
    r"<\d{2}:\d{2}(?::\d{2})?[.,]\d{3}>|</?(?:[bisuc]|v|lang|ruby|rt|font|em|strong)(?:[.\s][^<>\n]{0,200})?>|\{\\[^{}\n]{0,200}\}",
    re.IGNORECASE,
)
_SPEAKER = re.compile(r"<v(?:\.[^\s<>]+)?\s+([^<>\n]{1,100})>")
_LANGUAGE = re.compile(r"^Language:\s*(\S+)", re.MULTILINE)
_OTHER_BLOCKS = ("NOTE", "STYLE", "REGION")


def matches(head: bytes, name: str) -> bool:
    """Tell by the first line of WebVTT, or by the times in the first lines of SubRip."""
    text = decode_guess(head[:8192])[0].lstrip("\ufeff \r\n\t")
    if re.match(r"WEBVTT(?:[ \t\r\n]|$)", text):
        return True
    lines = [line for line in re.split(r"\r\n|\r|\n", text)[:4] if line.strip()]
    return any(_TIMES.fullmatch(line) for line in lines[:2])


def parse(file: BinaryIO, name: str) -> Draft:
    """Make a transcript; numbers, times, comments and marks are reported as dropped.

    Raises:
        VerbatimError: no cue has words.

    """
    text, note = decode_guess(read_all(file, name, MOST_BYTES))
    tally = DropTally()
    lines = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff").split("\n")
    found = list(_cues(lines, tally))
    blocks = cues.transcript(found, tally.add)
    if not blocks:
        raise VerbatimError(Problem(name, "has times but no words: is it the right file?"))
    language = _LANGUAGE.search("\n".join(lines[:8])) if lines[0].startswith("WEBVTT") else None
    return Draft(
        LABEL,
        tuple(blocks),
        dropped=tally.lines,
        notes=(note,) if note else (),
        language=stated_facts.language(language[1]) if language else None,
    )


def _cues(lines: Sequence[str], tally: DropTally) -> Iterator[Cue]:
    at = 0
    count = len(lines)
    while at < count:
        times = _TIMES.fullmatch(lines[at])
        if times is None:
            at = _skip(lines, at, tally)
            continue
        first = at
        at += 1
        words: list[str] = []
        while at < count and not _ends_cue(lines, at):
            words.append(lines[at])
            at += 1
        tally.add(lines[first], "the times of a cue", line=first + 1)
        yield _cue(times, words, first + 1, tally)


def _skip(lines: Sequence[str], at: int, tally: DropTally) -> int:
    """Pass over a line that is in no cue, or a whole block of WebVTT that is not a cue."""
    line = lines[at].strip()
    kind = line.split(" ")[0].split("\t")[0]
    if kind in _OTHER_BLOCKS or (at == 0 and kind == "WEBVTT"):
        while at < len(lines) and lines[at].strip():
            tally.add(
                lines[at], "the file's head" if kind == "WEBVTT" else f"a {kind} block", line=at + 1
            )
            at += 1
        return at
    if line:
        is_next_cue = at + 1 < len(lines) and _TIMES.fullmatch(lines[at + 1])
        reason = "the number or name of a cue" if is_next_cue else "a line outside of all cues"
        tally.add(line, reason, line=at + 1)
    return at + 1


def _ends_cue(lines: Sequence[str], at: int) -> bool:
    """Tell whether a cue is over: at the next one's times or number, also where the blank line is missing or doubled."""
    if _TIMES.fullmatch(lines[at]):
        return True
    following = next((i for i in range(at, min(at + 3, len(lines))) if lines[i].strip()), None)
    if not lines[at].strip():
        return (
            following is None
            or bool(_TIMES.fullmatch(lines[following]))
            or (following + 1 < len(lines) and bool(_TIMES.fullmatch(lines[following + 1])))
            or lines[following].split(" ")[0].strip() in _OTHER_BLOCKS
        )
    is_number = lines[at].strip().isdigit()
    return is_number and at + 1 < len(lines) and bool(_TIMES.fullmatch(lines[at + 1]))


def _cue(times: re.Match[str], words: Sequence[str], line: int, tally: DropTally) -> Cue:
    values = times.groups()
    speaker = next((found[1] for one in words if (found := _SPEAKER.search(one))), "")
    if speaker:
        tally.add(speaker, "the name of a speaker", line=line)
    plain: list[str] = []
    for one in words:
        if one.strip() and (mark := _MARKS.search(one)):
            tally.add(mark[0], "marks inside cues", line=line)
        plain.append(html.unescape(_MARKS.sub("", one)))
    return Cue(_seconds(values[:4]), _seconds(values[4:8]), tuple(plain), line, speaker)


def _seconds(parts: Sequence[str | None]) -> float:
    hours, minutes, seconds, fraction = parts
    return (
        int(hours or 0) * 3600
        + int(minutes or 0) * 60
        + int(seconds or 0)
        + float(f"0.{fraction or 0}")
    )

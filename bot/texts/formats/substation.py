"""Subtitles of SubStation Alpha (SSA, ASS), read by pysubs2. Needs the extra `documents`."""

from __future__ import annotations

import re
import warnings
from typing import BinaryIO

from bot.errors import Problem, VerbatimError
from bot.texts.formats import cues, stated_facts
from bot.texts.formats.cues import Cue
from bot.texts.formats.draft import Draft, DropTally
from bot.texts.formats.file_input import MEBIBYTE, decode_guess, missing_extra, read_all

NAME = "ass"
LABEL = "SubStation subtitles"

MOST_BYTES = 32 * MEBIBYTE
_BEGINNING = re.compile(
    rb"(?:\xef\xbb\xbf|\xff\xfe)?\s*\[\s*\x00?S\x00?c\x00?r\x00?i\x00?p\x00?t\x00? ?\x00?I\x00?n",
    re.IGNORECASE,
)


def matches(head: bytes, name: str) -> bool:
    """Tell by the section that begins such a file."""
    return _BEGINNING.match(head[:200]) is not None


def parse(file: BinaryIO, name: str) -> Draft:
    """Make a transcript; comments, drawings and marks are reported as dropped.

    Raises:
        VerbatimError: the file has no words, is damaged, or pysubs2 is not installed.

    """
    text, note = decode_guess(read_all(file, name, MOST_BYTES))
    try:
        import pysubs2  # noqa: PLC0415
    except ImportError as error:
        raise missing_extra(name, "SubStation subtitles", "documents") from error
    try:
        with warnings.catch_warnings(action="ignore"):  # of fields that are damaged
            subtitles = pysubs2.SSAFile.from_string(text.lstrip("\ufeff"), format_="ass")
    except Exception as error:  # of damaged lines: ValueError, IndexError, pysubs2's own
        raise VerbatimError(Problem(name, "is damaged or cut short: export it again")) from error
    tally = DropTally()
    found: list[Cue] = []
    for event in sorted(subtitles.events, key=lambda event: event.start):
        if event.is_comment or event.is_drawing:
            tally.add(event.text, "a comment" if event.is_comment else "a drawing")
            continue
        if event.plaintext != event.text:
            tally.add(event.text, "marks inside cues")
        if event.name:
            tally.add(event.name, "the name of a speaker")
        lines = tuple(event.plaintext.replace("\u00a0", " ").split("\n"))
        found.append(Cue(event.start / 1000, event.end / 1000, lines, speaker=event.name))
    blocks = cues.transcript(found, tally.add)
    if not blocks:
        raise VerbatimError(Problem(name, "has no words: is it the right file?"))
    title = stated_facts.title(subtitles.info.get("Title"))
    return Draft(
        LABEL, tuple(blocks), dropped=tally.lines, notes=(note,) if note else (),
        title=None if title and title.lower().startswith("default") else title,
    )  # fmt: skip

"""A transcript with a time at each line, as copied from below a video: `0:12`, then the words, or both on one line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import BinaryIO

from bot.errors import Problem, VerbatimError
from bot.texts.formats import cues
from bot.texts.formats.cues import Cue
from bot.texts.formats.draft import Draft, DropTally, InputLine
from bot.texts.formats.text_lines import input_lines, is_blank, peek, read_text

NAME = "transcript"
LABEL = "transcript with times"

_TIME = re.compile(
    r"\s*[\[(]?(?:(?P<hours>\d{1,2}):)?(?P<minutes>\d{1,3}):(?P<seconds>[0-5]\d)(?:\.\d{1,3})?[\])]?(?:\s+(?P<words>\S.*))?"
)
_FEWEST = 3
"""Times that make a transcript, if they never go back and stand at a third of the lines."""


def matches(head: bytes, name: str) -> bool:
    """Tell whether the lines have times that go on."""
    return _is_transcript(peek(head))


def parse(file: BinaryIO, name: str) -> Draft:
    """Join the lines into paragraphs, each with the time at which it begins.

    Raises:
        VerbatimError: it is not plain text, or no transcript.

    """
    text, dropped = read_text(file, name)
    lines = input_lines(text)
    if not _is_transcript(lines):
        reason = "shows no times that go on: --format paragraphs takes it as it stands"
        raise VerbatimError(Problem(name, reason))
    tally = DropTally()
    tally.extend(dropped)
    blocks = cues.transcript(list(_cues(lines, tally)), tally.add)
    return Draft(LABEL, tuple(blocks), dropped=tally.lines)


def _is_transcript(lines: Sequence[InputLine]) -> bool:
    full = [line for line in lines if not is_blank(line.text)]
    found = [match for line in full if (match := _TIME.fullmatch(line.text))]
    times = [_seconds(match) for match in found]
    begins = bool(full) and _TIME.fullmatch(full[0].text) is not None
    go_on = all(earlier <= later for earlier, later in pairwise(times))
    return begins and go_on and len(found) >= max(_FEWEST, len(full) / 3)


def _cues(lines: Sequence[InputLine], tally: DropTally) -> Iterator[Cue]:
    """Yield a cue for each time; it lasts until the next one."""
    begun: tuple[float, int, list[str]] | None = None
    for number, text in lines:
        found = _TIME.fullmatch(text)
        if found is None:
            if begun:
                begun[2].append(text)
            continue
        time = _seconds(found)
        tally.add(text[: found.start("words")] if found["words"] else text, "a time", line=number)
        if begun:
            yield Cue(begun[0], time, tuple(begun[2]), begun[1])
        begun = (time, number, [found["words"]] if found["words"] else [])
    if begun:
        yield Cue(begun[0], begun[0], tuple(begun[2]), begun[1])


def _seconds(time: re.Match[str]) -> float:
    return 3600 * int(time["hours"] or 0) + 60 * int(time["minutes"]) + int(time["seconds"])

"""A transcript with a time at each line, as copied from below a video: `0:12`, then the words, or both on one line.

Up to three lines may stand before the first time, if that is in the first minute: the panel's title, and a chapter's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import BinaryIO

from bot.errors import Problem, VerbatimError
from bot.texts.formats import cues, markup
from bot.texts.formats.cues import Cue
from bot.texts.formats.draft import Draft, DropTally, InputLine
from bot.texts.formats.text_lines import input_lines, is_blank, peek, read_text

NAME = "transcript"
LABEL = "transcript with times"

_TIME = re.compile(
    r"\s*(?P<open>[\[(])?(?:(?P<hours>\d{1,2}):)?(?P<minutes>\d{1,3}):(?P<seconds>[0-5]\d)(?:\.\d{1,3})?(?(open)[\])])"
    r"(?:\s+(?![AaPp]\.?[Mm]\b)(?P<words>\S.*))?"
)
_FEWEST = 3
"""Times that make a transcript, if they never go back and stand at a third of the lines."""

_MOST_TITLES = 3
_FIRST_MINUTE = 60
_PANEL = frozenset({"transcript", "show transcript", "search in video", "search transcript"})
_SPELT_OUT = re.compile(r"\s*\d{1,3} [^\W\d]+(?:,? (?:[^\W\d]+ )?\d{1,3} [^\W\d]+){0,2}\s*")
"""A time in words, as the page repeats it for screen readers: `1 minute, 9 seconds`."""


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
        reason = "contains no increasing times: --format paragraphs imports it as it is"
        raise VerbatimError(Problem(name, reason))
    tally = DropTally()
    tally.extend(dropped)
    titles, timed = _divided(_without_repeated_times(lines, tally))
    headings = []
    for line in titles:
        if line.text.strip().lower() in _PANEL:
            tally.add(line.text, "the title of the page's panel", line=line.number)
        else:
            headings.append(markup.heading(2, line.text))
    blocks = cues.transcript(list(_cues(timed, tally)), tally.add)
    return Draft(LABEL, (*headings, *blocks), dropped=tally.lines)


def _is_transcript(lines: Sequence[InputLine]) -> bool:
    titles, timed = _divided(_without_repeated_times(lines))
    found = [match for line in timed if (match := _TIME.fullmatch(line.text))]
    times = [_seconds(match) for match in found]
    begins = bool(times) and (not titles or times[0] < _FIRST_MINUTE)
    go_on = all(earlier <= later for earlier, later in pairwise(times))
    return begins and go_on and len(found) >= max(_FEWEST, len(timed) / 3)


def _divided(lines: Sequence[InputLine]) -> tuple[list[InputLine], list[InputLine]]:
    """Divide the lines that are not blank before the first time, if it is among the first ones."""
    full = [line for line in lines if not is_blank(line.text)]
    first = next(
        (at for at, line in enumerate(full[: _MOST_TITLES + 1]) if _TIME.fullmatch(line.text)), None
    )
    return (full, []) if first is None else (full[:first], full[first:])


def _without_repeated_times(
    lines: Sequence[InputLine], tally: DropTally | None = None
) -> list[InputLine]:
    """Leave out the lines that repeat the time above them in words, in any language: by their numbers."""
    kept: list[InputLine] = []
    numbers: list[int] | None = None
    for line in lines:
        if numbers and _SPELT_OUT.fullmatch(line.text):
            spelt = [int(number) for number in re.findall(r"\d+", line.text)]
            if [n for n in spelt if n] == [n for n in numbers if n]:
                if tally:
                    tally.add(line.text, "the time in words", line=line.number)
                continue
        found = _TIME.fullmatch(line.text)
        numbers = (
            [int(found[part] or 0) for part in ("hours", "minutes", "seconds")]
            if found and not found["words"]
            else None
        )
        kept.append(line)
    return kept


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

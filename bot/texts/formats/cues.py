"""Cues of subtitles → paragraphs of a transcript, each with the time at which it begins."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from bot.texts.formats import markup
from bot.texts.formats.markup import Drop

_MOST_CHARACTERS = 600
"""Of a paragraph, before it ends at the next end of a sentence."""

_LONGEST = 2_000
"""Of a paragraph without any: automatic captions have no punctuation."""

_PAUSE = 4.0
"""Seconds without words after which a paragraph ends at the end of a sentence."""

_LONG_PAUSE = 12.0
_INSTANT = 0.05
_ENDS_SENTENCE = re.compile(r"[.!?。！？؟।…][\"'”’»)\]]*$")
_DASH = re.compile(r"(?:[-–—]|>>)\s+(?=\S)|>>(?=\w)")
_NAMED = re.compile(r"[A-Z](?:[\w.'’-]| (?=\w)){1,30}: ")
_SOUND = re.compile(r"\[[^\[\]]+\]|[♪♫][^♪♫]*[♪♫]?")


class Cue(NamedTuple):
    """Lines that are shown from `start` to `end`, in seconds; `line` is its line in the file."""

    start: float
    end: float
    lines: tuple[str, ...]
    line: int = 0
    speaker: str = ""
    begins_turn: bool = False


def transcript(cues: Sequence[Cue], drop: Drop) -> list[str]:
    """Join `cues` into paragraphs with a marker of their time before each."""
    blocks: list[str] = []
    for paragraph in _paragraphs(_turns(_rolled_up(cues, drop), drop)):
        text = markup.paragraph(" ".join(line for cue in paragraph for line in cue.lines))
        if text:
            blocks += [f"<!-- time {_clock(paragraph[0].start)} -->", text]
    return blocks


def _turns(cues: Iterable[Cue], drop: Drop) -> Iterator[Cue]:
    """Divide cues where another speaker begins: at a name with a colon, or at a dash, which goes; sounds go too."""
    for cue in cues:
        begun: list[str] = []
        turns = [begun]
        for line in cue.lines:
            dash = _DASH.match(line)
            if _SOUND.fullmatch(line):
                drop(line, "a sound, not a word")
                continue
            if (dash or _NAMED.match(line)) and begun:
                begun = []
                turns.append(begun)
            if dash:
                drop(dash[0], "the dash before another speaker's words")
            begun.append(line[dash.end() :] if dash else line)
        for i, lines in enumerate(turns):
            if lines:
                is_turn = i > 0 or bool(_DASH.match(cue.lines[0]) or _NAMED.match(lines[0]))
                yield cue._replace(lines=tuple(lines), begins_turn=is_turn)


def _rolled_up(cues: Iterable[Cue], drop: Drop) -> Iterator[Cue]:
    """Leave out lines that a cue repeats from the one before it, as rolling captions do.

    Such captions show the last line again above the new one, or alone for a moment. Where captions do not roll, what
    is said twice stays twice.
    """
    shown: tuple[str, ...] = ()
    until = float("-inf")
    rolling = _is_rolling(cues := tuple(cues))
    for cue in cues:
        lines = tuple(line for one in cue.lines if (line := markup.clean(one)))
        if not lines:
            continue
        fresh = lines
        if rolling and cue.start <= until + 0.5:
            fresh = lines[_repeated(shown, lines) :]
            for line in lines[: len(lines) - len(fresh)]:
                drop(line, "shown again by a rolling caption")
        shown, until = lines, cue.end
        if fresh:
            yield cue._replace(lines=fresh)


def _repeated(before: tuple[str, ...], lines: tuple[str, ...]) -> int:
    """How many of the first `lines` are the last of those `before`."""
    most = min(len(before), len(lines))
    return next((n for n in range(most, 0, -1) if before[-n:] == lines[:n]), 0)


def _is_rolling(cues: Sequence[Cue]) -> bool:
    """Tell whether two cues, and a fifth of all, show the last line of the one before above a new one, or for an instant."""
    shown: tuple[str, ...] = ()
    rolled = filled = 0
    for cue in cues:
        lines = tuple(line for one in cue.lines if (line := markup.clean(one)))
        if lines:
            filled += 1
            again = _repeated(shown, lines)
            rolled += int(0 < again < len(lines) or (again > 0 and cue.end - cue.start <= _INSTANT))
            shown = lines
    return rolled >= 2 and rolled >= filled / 5


def _paragraphs(cues: Iterable[Cue]) -> Iterator[list[Cue]]:
    current: list[Cue] = []
    size = 0
    for cue in cues:
        if current:
            last = current[-1]
            pause = cue.start - last.end
            ended = bool(_ENDS_SENTENCE.search(last.lines[-1]))
            if (
                (ended and (size > _MOST_CHARACTERS or pause > _PAUSE))
                or size > _LONGEST
                or pause > _LONG_PAUSE
                or (cue.speaker != last.speaker and cue.speaker)
                or cue.begins_turn
            ):
                yield current
                current, size = [], 0
        current.append(cue)
        size += sum(map(len, cue.lines))
    if current:
        yield current


def _clock(seconds: float) -> str:
    whole = max(0, int(seconds))
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"

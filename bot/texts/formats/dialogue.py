"""A conversation of named speakers: an interview, a play, a podcast's transcript, what was said with an assistant.

Each speaker's name stands before the words (`ANN: Who left?`, `**Ann:** …`, `ANN. …`), or on a line above them (`Ann (0:12)`,
`ANN`, `ChatGPT said:`). It becomes a mark, so that a quote names who said it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple

from bot.errors import Problem, VerbatimError
from bot.texts.formats.chat_messages import ChatMessage, mark
from bot.texts.formats.draft import Draft, DropTally, InputLine
from bot.texts.formats.markup import heading, paragraph
from bot.texts.formats.text_lines import blocks, input_lines, is_blank, peek, read_text

NAME = "dialogue"
LABEL = "conversation with speakers"

_WORD = r"[^\W\d_][\w.'’-]{0,24}"
_PERSON = rf"(?P<name>(?![a-z]){_WORD}(?: (?:\d{{1,2}}|{_WORD})){{0,3}})"
_CAPITALS = r"(?P<name>[^\W\da-z_][^\Wa-z_]*(?:[ .'’-][^\Wa-z_]+){0,3})"
_CLOCK = r"(?P<time>(?:\d{1,2}:)?\d{1,2}:[0-5]\d)(?:\.\d{1,3})?"
_WORDS = r"(?P<words>[^\s:].*)"


class _Shape(NamedTuple):
    """How a line names the speaker. `sure`: such lines are hardly anything else."""

    pattern: re.Pattern[str]
    sure: bool = True


_SHAPES = (
    _Shape(re.compile(rf"\s*(?:\*\*|__){_PERSON}(?::(?:\*\*|__)|(?:\*\*|__):)\s*{_WORDS}")),
    _Shape(re.compile(rf"\s*[\[(]?{_CLOCK}[\])]?[ \t]+{_PERSON}:\s+{_WORDS}")),
    _Shape(re.compile(rf"\s*{_PERSON}[ \t]+[\[(]{_CLOCK}[\])]:?\s*{_WORDS}")),
    _Shape(re.compile(rf"\s*{_PERSON}(?:\s{{2,}}|\t){_CLOCK}\s*")),
    _Shape(re.compile(rf"\s*{_PERSON}[ \t]+[\[(]{_CLOCK}[\])]:?\s*")),
    _Shape(re.compile(rf"\s*{_PERSON} said:\s*")),
    _Shape(re.compile(rf"\s*{_CAPITALS}(?: ?\([^()\n]{{1,60}}\))?:\s+{_WORDS}")),
    _Shape(re.compile(rf"\s*{_CAPITALS}\.\s+{_WORDS}")),
    _Shape(re.compile(rf"\s*{_CAPITALS}[.:]?\s*")),
    _Shape(re.compile(rf"\s*{_PERSON}:\s+{_WORDS}"), sure=False),
)
_NO_NAMES = frozenset(
    "a q note notes warning tip important caution danger todo edit update ps breaking new fixed question answer faq example"
    " rule rules step act scene chapter part the end".split()
)
"""Words that stand before a colon, or alone, without being anybody's name."""

_HEADING = re.compile(
    r"\s*(?P<marks>#{1,6})[ \t]+(?P<title>\S.*)|\s*(?:ACT|SCENE|Act|Scene)\b[^\n]{0,60}"
)
_DIRECTION = re.compile(r"\s*(?:\[[^\[\]]*\]|\([^()]*\))\s*")
_FEWEST_TURNS = 4
_FEWEST_UNSURE = 3
_SHARE = 0.5
"""Of the paragraphs from the first turn on, that begin a turn."""


class _Turn(NamedTuple):
    """What begins at line `at`, counted from 0."""

    at: int
    name: str
    time: str
    words: str
    label: str


def matches(head: bytes, name: str) -> bool:
    """Tell by names that come again before most paragraphs."""
    return bool(_turns(peek(head)))


def parse(file: BinaryIO, name: str) -> Draft:
    """Set what each speaker says below a mark with the name; what stands before the first one is kept.

    Raises:
        VerbatimError: it is not plain text, or names no speakers.

    """
    text, dropped = read_text(file, name)
    lines = input_lines(text)
    turns = _turns(lines)
    if not turns:
        reason = "no speaker's name appears twice: --format paragraphs imports it as it is"
        raise VerbatimError(Problem(name, reason))
    tally = DropTally()
    tally.extend(dropped)
    posts = list(_posts(lines[: turns[0].at], ""))
    title = next((post.lstrip("# ") for post in posts[:1] if "\n" not in post), None)
    ends = [*(turn.at for turn in turns[1:]), len(lines)]
    for turn, end in zip(turns, ends, strict=True):
        tally.add(
            turn.label,
            "the name of a speaker: it is in the quote's attribution",
            line=lines[turn.at].number,
        )
        first = [InputLine(lines[turn.at].number, turn.words)] if turn.words else []
        said = list(_posts([*first, *lines[turn.at + 1 : end]], _mark(turn)))
        if said:
            posts += [_mark(turn), *said]
    names = ", ".join(dict.fromkeys(turn.name for turn in turns))
    guess = f"the speakers are {names[:200]}: --format paragraphs keeps their names in the text"
    return Draft(LABEL, tuple(posts), dropped=tally.lines, title=title, guessed=(guess,))


def _mark(turn: _Turn) -> str:
    made = mark(ChatMessage(turn.name, ""), names=True)
    return made.replace("message", f"time {turn.time}", 1) if turn.time else made


def _turns(lines: Sequence[InputLine]) -> list[_Turn]:
    """Find the turns by the first shape of which there are enough."""
    for shape in _SHAPES:
        found = [turn for at, line in enumerate(lines) if (turn := _turn(at, line.text, shape))]
        found = _recurring(found, lines)
        if not found or not _is_certain(found, shape):
            continue
        below = lines[found[0].at :]
        if len(found) >= _SHARE * sum(1 for _ in blocks(below)):
            return found
    return []


def _turn(at: int, line: str, shape: _Shape) -> _Turn | None:
    found = shape.pattern.fullmatch(line)
    if found is None or found["name"].casefold() in _NO_NAMES:
        return None
    parts = found.groupdict()
    words = (parts.get("words") or "").strip()
    label = line.strip().removesuffix(words) if words else line.strip()
    return _Turn(at, found["name"].strip(), parts.get("time") or "", words, label.strip())


def _recurring(found: Sequence[_Turn], lines: Sequence[InputLine]) -> list[_Turn]:
    """Leave out a name that comes once only before the first that comes again, and a name with no words below it."""
    counts = Counter(turn.name for turn in found)
    first = next((i for i, turn in enumerate(found) if counts[turn.name] > 1), len(found))
    return [
        turn
        for turn in found[first:]
        if turn.words
        or (
            turn.at + 1 < len(lines)
            and not is_blank("".join(line.text for line in lines[turn.at + 1 : turn.at + 3]))
        )
    ]


def _is_certain(found: Sequence[_Turn], shape: _Shape) -> bool:
    """Tell whether two speakers come again; where any label could look so, oftener, and in sentences, one a question."""
    often = sorted(Counter(turn.name for turn in found).values(), reverse=True)
    fewest = 2 if shape.sure else _FEWEST_UNSURE
    if (
        len(found) < _FEWEST_TURNS
        or len(often) < 2
        or often[1] < fewest
        or len(often) > len(found) / 2
    ):
        return False
    if shape.sure:
        return True
    lengths = sorted(len(turn.words.split()) for turn in found)
    asks = any(turn.words.endswith(("?", "？", "؟")) for turn in found)
    return asks and lengths[len(lengths) // 2] >= _FEWEST_TURNS


def _posts(lines: Sequence[InputLine], speaker: str) -> Iterator[str]:
    """Yield the paragraphs of a turn; headings and directions between them are nobody's words."""
    is_speaker = bool(speaker)
    for block in blocks(lines):
        text = "\n".join(line.text for line in block)
        if len(block) == 1 and (title := _HEADING.fullmatch(text)):
            yield heading(len(title["marks"] or "##"), title["title"] or text)
            continue
        is_words = not _DIRECTION.fullmatch(text)
        if speaker and is_words != is_speaker:
            yield speaker if is_words else "<!-- message -->"
            is_speaker = is_words
        if kept := paragraph(text):
            yield kept

"""Posts that carry their numbers: `1/`, `2/12`, `(3/7)`, before or after the text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from bot.models import Problem, VerbatimError
from bot.texts.formats.draft import Draft, DroppedLine, InputLine

FORMAT = "numbered posts"

_NUMBER = r"[(\[]?(?P<number>\d{1,3})\s?/(?:\s?(?P<total>\d{1,3}|[nN])\b)?[)\]]?"
_BEFORE = re.compile(rf"\s*(?P<mark>🧵?\s*{_NUMBER})(?P<gap>[.:)]?\s+|$)")
_AFTER = re.compile(rf"(?:^|(?<=\s))(?P<mark>{_NUMBER}\s*🧵?)\s*$")
_THREAD_EMOJI = re.compile(r"\s*🧵\s*")


class _Block(NamedTuple):
    """The lines of a post, with its number where it shows one."""

    number: int | None
    lines: list[InputLine]


def matches(lines: Sequence[InputLine]) -> bool:
    """Tell whether at least two posts are numbered, one of them 1 or 2."""
    marks = [mark for mark in _marks(lines, _BEFORE) or _marks(lines, _AFTER) if mark]
    numbers = {int(mark["number"]) for mark in marks}
    return len(numbers) > 1 and min(numbers) <= 2


def parse(lines: Sequence[InputLine]) -> Draft:
    """Sort the posts in `lines` by their numbers, and drop the numbers.

    Raises:
        VerbatimError: two posts have the same number.

    """
    before = _marks(lines, _BEFORE)
    dropped: list[DroppedLine] = []
    if before:
        blocks = _split_before_numbers(lines, before, dropped)
    else:
        blocks = _split_after_numbers(lines, _marks(lines, _AFTER), dropped)
    return _ordered(blocks, dropped)


def parse_one_per_line(posts: Sequence[InputLine]) -> Draft | None:
    """Sort `posts`, one a line, by their numbers; None if any but the first has no number."""
    for shape in (_BEFORE, _AFTER):
        marks = _marks(posts, shape)
        if len(posts) > 1 and marks and all(marks[1:]):
            dropped: list[DroppedLine] = []
            blocks = [
                _numbered(post, mark, dropped) for post, mark in zip(posts, marks, strict=True)
            ]
            return _ordered(blocks, dropped)
    return None


def _marks(lines: Sequence[InputLine], shape: re.Pattern[str]) -> list[re.Match[str] | None]:
    """Match each line's number, in the commonest style among `lines` only.

    So the line `1/2 cup` does not start a post in a thread numbered `1/`, `2/`.
    """
    found = [shape.match(t) if shape is _BEFORE else shape.search(t) for _, t in lines]
    styles = Counter(_style(match) for match in found if match)
    if not styles or styles.most_common(1)[0][1] < 2:
        return []
    usual = styles.most_common(1)[0][0]
    return [match if match and _style(match) == usual else None for match in found]


def _style(match: re.Match[str]) -> tuple[str, bool]:
    total = match["total"] or ""
    return (total.lower(), match["mark"].lstrip("🧵 ").startswith(("(", "[")))


def _numbered(line: InputLine, mark: re.Match[str] | None, dropped: list[DroppedLine]) -> _Block:
    if mark is None:
        return _Block(None, [line])
    dropped.append(DroppedLine(line.number, mark["mark"].strip(), "the post's number"))
    end = mark.end() if mark.re is _BEFORE else mark.end("mark")
    text = (line.text[: mark.start("mark")] + line.text[end:]).strip()
    return _Block(int(mark["number"]), [InputLine(line.number, text)])


def _split_before_numbers(
    lines: Sequence[InputLine], marks: Sequence[re.Match[str] | None], dropped: list[DroppedLine]
) -> list[_Block]:
    blocks: list[_Block] = [_Block(None, [])]
    for line, mark in zip(lines, marks, strict=True):
        if mark:
            blocks.append(_numbered(line, mark, dropped))
        else:
            blocks[-1].lines.append(line)
    return blocks


def _split_after_numbers(
    lines: Sequence[InputLine], marks: Sequence[re.Match[str] | None], dropped: list[DroppedLine]
) -> list[_Block]:
    blocks: list[_Block] = []
    held: list[InputLine] = []
    for line, mark in zip(lines, marks, strict=True):
        if mark:
            number, last = _numbered(line, mark, dropped)
            blocks.append(_Block(number, [*held, *last]))
            held = []
        else:
            held.append(line)
    return [*blocks, _Block(None, held)]


def _ordered(blocks: Sequence[_Block], dropped: list[DroppedLine]) -> Draft:
    notes: list[str] = []
    posts: list[tuple[int, str]] = []
    seen: dict[int, int] = {}
    for number, lines in blocks:
        kept = [line for line in lines if not _drop_thread_emoji(line, dropped)]
        text = _text(kept)
        if not text:
            continue
        first = next(line.number for line in kept if line.text.strip())
        if number is None:
            place = 0 if not posts else 1_000
            notes.append(f"line {first} and what follows it has no number: kept as a post")
        elif number in seen:
            reason = f"the number {number} stands here and in line {seen[number]}: mend one"
            raise VerbatimError(Problem("the pasted text", reason, first))
        else:
            seen[number] = first
            place = number
        if any(not line.text.strip() for line in _inner(kept)):
            notes.append(f"blank lines inside the post at line {first} were closed up")
        posts.append((place, text))
    missing = sorted(set(range(min(seen, default=0), max(seen, default=0))) - set(seen))
    if missing:
        notes.append(f"posts numbered {', '.join(map(str, missing))} are not in the text")
    posts.sort(key=lambda post: post[0])
    return Draft(FORMAT, tuple(text for _, text in posts), None, tuple(dropped), tuple(notes))


def _drop_thread_emoji(line: InputLine, dropped: list[DroppedLine]) -> bool:
    if _THREAD_EMOJI.fullmatch(line.text):
        dropped.append(DroppedLine(line.number, "🧵", "the mark of a thread"))
        return True
    return False


def _inner(lines: Sequence[InputLine]) -> Sequence[InputLine]:
    full = [i for i, line in enumerate(lines) if line.text.strip()]
    return lines[full[0] : full[-1]] if full else ()


def _text(lines: Sequence[InputLine]) -> str:
    return "\n".join(line.text for line in lines if line.text.strip())

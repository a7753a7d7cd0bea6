"""Posts that carry their numbers: `1/`, `2/12`, `(3/7)`, before or after the text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from math import gcd
from typing import BinaryIO, NamedTuple

from bot.errors import Problem, VerbatimError
from bot.texts.formats import member_lines
from bot.texts.formats.draft import Draft, DroppedLine, InputLine
from bot.texts.formats.markup import without_headings
from bot.texts.formats.text_lines import blocks, input_lines, is_blank, peek, read_text

NAME = "numbered"
LABEL = "numbered posts"

_NUMBER = r"[(\[]?(?P<number>\d{1,3})\s?/(?:\s?(?P<total>\d{1,3}|[nN])\b)?[)\]]?"
_BEFORE = re.compile(rf"\s*(?P<mark>(?:🧵\s*)?{_NUMBER})(?P<gap>[.:)]?\s+|$)")
_AFTER = re.compile(rf"(?:^|(?<=\s))(?P<mark>{_NUMBER}(?:\s*🧵)?)\s*$")
_LARGEST_DENOMINATOR = 16
_COMMON_DENOMINATOR = 10
_RUN = 3
"""Numbers in a row that are not fractions, if the total is a rare denominator or one could be reduced."""

_THREAD_EMOJI = re.compile(r"\s*🧵\s*")


class _Block(NamedTuple):
    """The lines of a post, with its number where it shows one."""

    number: int | None
    lines: list[InputLine]


def matches(head: bytes, name: str) -> bool:
    """Tell whether posts are numbered in a series that begins at 1 and goes on."""
    return is_numbered(peek(head))


def parse(file: BinaryIO, name: str) -> Draft:
    """Sort the posts by their numbers, and drop the numbers.

    Raises:
        VerbatimError: two posts have the same number, or none has one.

    """
    text, dropped = read_text(file, name)
    lines = input_lines(text)
    if not is_numbered(lines):
        reason = "contains no posts numbered from 1: --format paragraphs imports it as it is"
        raise VerbatimError(Problem(name, reason))
    draft = parse_lines(lines)
    return replace(draft, dropped=(*dropped, *draft.dropped))


def is_numbered(lines: Sequence[InputLine]) -> bool:
    """Tell the same of the lines of a text."""
    return bool(_marks(lines, _BEFORE) or _marks(lines, _AFTER))


def parse_lines(lines: Sequence[InputLine]) -> Draft:
    """Parse the lines of a text; see `parse`. Posts of other members, named above them, are left out."""
    dropped: list[DroppedLine] = []
    marks = _marks(lines, _BEFORE)
    begins = [i for i, mark in enumerate(marks) if mark]
    lines, author = member_lines.without_others(lines, begins, dropped)
    before = _marks(lines, _BEFORE)
    notes: list[str] = []
    if before:
        found = _split_before_numbers(lines, before, dropped)
        found = _without_tail(found, notes)
    else:
        found = _split_after_numbers(lines, _marks(lines, _AFTER), dropped)
    draft = _ordered(found, dropped)
    return replace(draft, author=author, notes=(*notes, *draft.notes))


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
    """Match each line's number, in the commonest style whose numbers are a series; empty if there is none.

    So the line `1/2 cup` does not start a post in a thread numbered `1/`, `2/`.
    """
    found = [shape.match(t) if shape is _BEFORE else shape.search(t) for _, t in lines]
    styles = Counter(_style(match) for match in found if match)
    for usual, _ in styles.most_common():
        marks = [match if match and _style(match) == usual else None for match in found]
        first = next(i for i, mark in enumerate(marks) if mark)
        opened = any(not is_blank(line.text) for line in lines[:first]) or shape is _AFTER
        if _is_series([int(mark["number"]) for mark in marks if mark], usual[0], opened=opened):
            return marks
    return []


def _is_series(numbers: Sequence[int], total: str, *, opened: bool) -> bool:
    """Tell whether `numbers` are those of posts, not fractions: from 1 on (2 if `opened` by a post without one).

    Where each shows the `total`, all must be there, or a run of them that is too long for fractions.
    """
    distinct = sorted(set(numbers))
    if len(distinct) < 2 or (distinct[0] != 1 and not (distinct[0] == 2 and opened)):
        return False
    missing = distinct[-1] - distinct[0] + 1 - len(distinct)
    if not total.isdigit():
        return missing <= len(distinct)
    if distinct[-1] > int(total):
        return False
    if not missing and distinct[-1] == int(total):
        return True
    runs_on = list(numbers) == distinct and missing <= len(distinct) // 3
    if len(distinct) < _RUN:
        return runs_on and int(total) > _LARGEST_DENOMINATOR
    unreduced = any(gcd(number, int(total)) > 1 for number in distinct)
    return runs_on and (int(total) > _COMMON_DENOMINATOR or unreduced)


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


def _without_tail(found: list[_Block], notes: list[str]) -> list[_Block]:
    """Take the paragraphs after the last numbered one out of its post, if no other post has paragraphs."""
    numbered = [block for block in found if block.number is not None]
    last = found[-1]
    paragraphs = list(blocks(last.lines))
    several = any(len(list(blocks(block.lines))) > 1 for block in numbered if block is not last)
    if len(numbered) < 2 or several or len(paragraphs) < 2:
        return found
    notes.append(
        f"what follows the last number, from line {paragraphs[1][0].number} on, is kept as posts of its own:"
        " take it out of the text if somebody else wrote it"
    )
    return [
        *found[:-1],
        _Block(last.number, paragraphs[0]),
        *(_Block(None, p) for p in paragraphs[1:]),
    ]


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
        first = next(line.number for line in kept if not is_blank(line.text))
        if number is None:
            place = 0 if not posts else 1_000
            notes.append(f"the post at line {first} has no number")
        elif number in seen:
            reason = f"the number {number} is here and in line {seen[number]}: correct one"
            raise VerbatimError(Problem("the pasted text", reason, first))
        else:
            seen[number] = first
            place = number
        if any(is_blank(line.text) for line in _inner(kept)):
            notes.append(f"blank lines inside the post at line {first} were closed up")
        posts.append((place, text))
    missing = sorted(set(range(min(seen, default=0), max(seen, default=0))) - set(seen))
    if missing:
        notes.append(f"posts numbered {', '.join(map(str, missing))} are not in the text")
    posts.sort(key=lambda post: post[0])
    return Draft(
        LABEL, tuple(text for _, text in posts), None, tuple(sorted(dropped)), tuple(notes)
    )


def _drop_thread_emoji(line: InputLine, dropped: list[DroppedLine]) -> bool:
    if _THREAD_EMOJI.fullmatch(line.text):
        dropped.append(DroppedLine(line.number, "🧵", "the mark of a thread"))
        return True
    return False


def _inner(lines: Sequence[InputLine]) -> Sequence[InputLine]:
    full = [i for i, line in enumerate(lines) if not is_blank(line.text)]
    return lines[full[0] : full[-1]] if full else ()


def _text(lines: Sequence[InputLine]) -> str:
    return without_headings("\n".join(line.text for line in lines if not is_blank(line.text)))

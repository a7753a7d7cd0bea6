"""Unanswered questions in groups, as pages of message content and as a CSV file."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.answering.gaps import Group
from bot.discord.kit import markdown
from bot.discord.kit.quotes.layout import LIMIT
from bot.models import Outcome
from bot.storage.reports import Gap
from bot.wording import Wording

_QUESTION_SHOWN = 200
_WORDING_SHOWN = 80
_EXPECTATION_SHOWN = 120
_MOST_SHOWN = 2
"""Other wordings, and expectations, shown of each entry."""
COLUMNS = (
    "question", "asked", "not_covered", "closest", "answered", "right", "wrong", "last_asked",
    "expected", "also_asked_as",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
_OUTCOMES = (Outcome.NOT_COVERED, Outcome.CLOSEST, Outcome.ANSWERED)


@dataclass(frozen=True, slots=True)
class GapEntry:
    """A question in all its wordings, with outcomes and votes."""

    wordings: tuple[str, ...]
    """Most frequent first; of equally frequent ones, the newest first."""
    outcomes: tuple[Outcome, ...]
    right: int
    wrong: int
    last: datetime
    expectations: tuple[str, ...]

    @classmethod
    def of(cls, gaps: Sequence[Gap]) -> GapEntry:
        """Combine questions that ask the same; `gaps` is ordered newest first."""
        wordings = Counter(gap.text for gap in gaps)
        said = dict.fromkeys(words for gap in gaps for words in gap.expectations)
        return cls(
            tuple(words for words, _ in wordings.most_common()),
            tuple(gap.outcome for gap in gaps),
            sum(gap.right for gap in gaps),
            sum(gap.wrong for gap in gaps),
            max(gap.asked_at for gap in gaps),
            tuple(said),
        )


def gap_entries(gaps: Sequence[Gap], groups: Sequence[Group]) -> list[GapEntry]:
    """Combine each of `groups`, which hold indexes into `gaps`."""
    return [GapEntry.of([gaps[number] for number in group]) for group in groups]


def day(moment: datetime) -> str:
    """Format a date so that Discord shows it in the reader's language."""
    return f"<t:{int(moment.timestamp())}:D>"


def pages(found: Sequence[GapEntry], heading: Sequence[str], wording: Wording) -> list[str]:
    """Lay out pages: as many entries as fit under the lines of `heading`.

    The page number follows the last line of the heading.
    """
    *first, last = heading
    room = LIMIT - sum(markdown.length(line) + 1 for line in heading) - 40
    filled: list[list[str]] = []
    left = 0
    for entry in (_entry(one, wording) for one in found):
        size = markdown.length(entry) + 2
        if size > left:
            filled.append([])
            left = room
        filled[-1].append(entry)
        left -= size
    return [
        "\n".join([*first, markdown.small(f"{last} · {wording.page(number, len(filled))}")])
        + "\n"
        + "\n\n".join(page)
        for number, page in enumerate(filled, start=1)
    ]


def _entry(one: GapEntry, wording: Wording) -> str:
    asked, *others = one.wordings
    lines = [f"**{_shown(asked, _QUESTION_SHOWN, wording)}**", _facts(one, wording)]
    if others:
        some = " / ".join(_shown(words, _WORDING_SHOWN, wording) for words in others[:_MOST_SHOWN])
        more = f" (+{len(others) - _MOST_SHOWN})" if len(others) > _MOST_SHOWN else ""
        lines.append(markdown.small(f"{wording.ALSO} {some}{more}"))
    lines += [
        f"> {wording.EXPECTED} {_shown(words, _EXPECTATION_SHOWN, wording)}"
        for words in one.expectations[:_MOST_SHOWN]
    ]
    if len(one.expectations) > _MOST_SHOWN:
        lines[-1] += f" (+{len(one.expectations) - _MOST_SHOWN})"
    return "\n".join(lines)


def _facts(one: GapEntry, wording: Wording) -> str:
    facts = [
        (wording.ASKED_COUNT, len(one.outcomes)),
        (wording.NOT_COVERED_COUNT, one.outcomes.count(Outcome.NOT_COVERED)),
        (wording.CLOSEST_COUNT, one.outcomes.count(Outcome.CLOSEST)),
        (wording.ANSWERED_COUNT, one.outcomes.count(Outcome.ANSWERED)),
        (wording.RIGHT_COUNT, one.right),
        (wording.WRONG_COUNT, one.wrong),
    ]
    counts = " · ".join(f"{label} {wording.number(count)}" for label, count in facts if count)
    return markdown.small(f"{counts} · {wording.LAST_ASKED} <t:{int(one.last.timestamp())}:d>")


def _shown(words: str, length: int, wording: Wording) -> str:
    """Somebody's words on one line: cut, escaped, and with a text direction of their own."""
    line = " ".join(words.split())
    if len(line) > length:
        line = f"{line[:length]}…"
    return wording.isolated(markdown.escape(line))


def as_csv(found: Sequence[GapEntry]) -> bytes:
    """Write everything as CSV in UTF-8, with a byte order mark, by which Excel recognises it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for one in found:
        counts = [one.outcomes.count(outcome) for outcome in _OUTCOMES]
        writer.writerow(
            [
                _harmless(one.wordings[0]),
                len(one.outcomes),
                *counts,
                one.right,
                one.wrong,
                one.last.isoformat(timespec="seconds"),
                _harmless("\n".join(one.expectations)),
                _harmless("\n".join(one.wordings[1:])),
            ]
        )
    return out.getvalue().encode("utf-8-sig", "replace")


def _harmless(cell: str) -> str:
    """Keep spreadsheets from taking a cell for a formula."""
    return f"'{cell}" if cell.lstrip(" \n").startswith(_FORMULA) else cell

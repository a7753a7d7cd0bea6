"""A memo in the shape of an RFC: pages of fixed width with a head and a foot, numbered sections, an indented text."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from bot.errors import Problem, VerbatimError
from bot.texts.formats import markup, stated_facts
from bot.texts.formats.draft import Draft, DropTally, InputLine
from bot.texts.formats.text_lines import blocks, input_lines, peek, read_text

NAME = "rfc"
LABEL = "RFC"

_FOOT = re.compile(r"\S.*\S\s+\[Page \d{1,4}\]\s*")
_HEAD = re.compile(r"(?:RFC \d{1,5}|Internet-Draft)\s{2,}\S.*\S\s{2,}[A-Z][a-z]+ \d{4}\s*")
_NUMBER = re.compile(r"^Request for Comments:\s*(\d{1,5})\b", re.MULTILINE)
_SECTION = re.compile(
    r"(?P<number>\d{1,2}(?:\.\d{1,3})*)\.?\s{1,3}(?P<title>[A-Z\"]\S*(?: \S+){0,14})"
)
_UNNUMBERED = re.compile(
    r"Abstract|Status of [Tt]his Memo|Copyright Notice|IESG Note|Acknowledge?ments?|Contributors|References|Index"
    r"|(?:Normative|Informative) References|Authors?(?:'s?|s') Addresse?s?|Security Considerations|IANA Considerations"
    r"|Appendix [A-Z]\..{0,80}|Full Copyright Statement|Intellectual Property"
)
_CONTENTS = re.compile(r"Table of Contents", re.IGNORECASE)
_DOTTED = re.compile(r".*(?:\. ?){3,}\s*\d{1,4}")
_DRAWING = re.compile(r"[-+|=/\\_*^<>]{3,}|\+-|-\+|\|.*\||::=|\S {4,}\S")
_ITEM = re.compile(r"(?:[o*+-]|\d{1,2}[.)]|\([a-z0-9]{1,3}\)) +(?=\S)")
_FEWEST_PAGES = 2


def matches(head: bytes, name: str) -> bool:
    """Tell by the feet of its pages, and its first lines."""
    lines = [line.text for line in peek(head)]
    feet = sum(bool(_FOOT.fullmatch(line)) for line in lines)
    top = "\n".join(lines[:40])
    return feet >= _FEWEST_PAGES and (bool(_NUMBER.search(top)) or "Internet-Draft" in top)


def parse(file: BinaryIO, name: str) -> Draft:
    """Join the lines of a paragraph, also over pages; drawings and tables stay as they are.

    Raises:
        VerbatimError: it is not plain text, or has no words.

    """
    text, dropped = read_text(file, name)
    tally = DropTally()
    tally.extend(dropped)
    lines = list(_without_pages(input_lines(text), tally))
    paragraphs = list(_without_contents(list(blocks(lines)), tally))
    if not paragraphs:
        raise VerbatimError(Problem(name, "contains no text besides page headers and footers"))
    top, title = _front(paragraphs)
    number = _NUMBER.search(text)
    for paragraph in paragraphs[:top]:
        tally.add(
            paragraph[0].text, "the lines above the title", len(paragraph), paragraph[0].number
        )
    posts = [post for one in paragraphs[top:] if (post := _post(one))]
    return Draft(
        LABEL,
        tuple(posts),
        dropped=tally.lines,
        title=stated_facts.title(f"RFC {number[1]}: {title}" if number and title else title),
        url=f"https://www.rfc-editor.org/rfc/rfc{number[1]}" if number else None,
        guessed=(
            "which lines are a drawing or a table, and kept as code: those with such marks or gaps",
        ),
    )


def _without_pages(lines: Sequence[InputLine], tally: DropTally) -> Iterator[InputLine]:
    """Leave out heads and feet, and the blank lines around them where a paragraph goes on behind them."""
    kept: list[InputLine] = []
    broken = False
    for line in lines:
        if _FOOT.fullmatch(line.text) or _HEAD.fullmatch(line.text):
            tally.add(line.text, "the head or foot of a page", line=line.number)
            broken = True
        elif line.text.strip():
            if broken and line.text[:1].isspace() and _goes_on(kept, line):
                while not kept[-1].text.strip():
                    kept.pop()
            broken = False
            kept.append(line)
        else:
            kept.append(line)
    return iter(kept)


def _goes_on(kept: Sequence[InputLine], line: InputLine) -> bool:
    last = next((one.text.rstrip() for one in reversed(kept) if one.text.strip()), "")
    return bool(last) and last[-1] not in ".:;!?" and line.text.lstrip()[:1].islower()


def _without_contents(
    paragraphs: Sequence[list[InputLine]], tally: DropTally
) -> Iterator[list[InputLine]]:
    inside = False
    for paragraph in paragraphs:
        dotted = sum(bool(_DOTTED.fullmatch(line.text)) for line in paragraph)
        begins = _CONTENTS.fullmatch(paragraph[0].text.strip()) is not None
        inside = begins or (inside and dotted > 0)
        if inside or dotted > len(paragraph) / 2:
            tally.add(
                paragraph[0].text.strip(),
                "the table of contents",
                len(paragraph),
                paragraph[0].number,
            )
        else:
            yield paragraph


def _front(paragraphs: Sequence[Sequence[InputLine]]) -> tuple[int, str]:
    """Return how many paragraphs stand above the title, and the title: the first that is set in the middle."""
    for at, paragraph in enumerate(paragraphs[:6]):
        if at and all(len(line.text) - len(line.text.lstrip()) > 6 for line in paragraph):
            return at, " ".join(line.text.strip() for line in paragraph)
    return 0, ""


def _post(paragraph: Sequence[InputLine]) -> str:
    lines = [line.text.rstrip() for line in paragraph]
    first = lines[0].strip()
    section = _SECTION.fullmatch(first)
    if (
        len(lines) == 1
        and section
        and not lines[0][:1].isspace()
        and not first.endswith((".", ",", ";"))
    ):
        return markup.heading(2 + section["number"].count("."), first)
    if len(lines) == 1 and not lines[0][:1].isspace() and _UNNUMBERED.fullmatch(first.rstrip(".")):
        return markup.heading(2, first)
    if (
        all(len(line) - len(line.lstrip()) > 12 for line in lines)
        and len(lines) <= 3
        and not _DRAWING.search(lines[0])
    ):
        return markup.heading(1, " ".join(line.strip() for line in lines))
    if sum(bool(_DRAWING.search(line.strip())) for line in lines) > len(lines) / 3:
        return markup.code(textwrap.dedent("\n".join(lines)))
    item = _ITEM.match(first)
    joined = " ".join(line.strip() for line in lines)
    if item:
        return (
            f"- {markup.clean(joined[item.end() :])}"
            if first[0] in "o*+-"
            else markup.clean(joined)
        )
    return markup.paragraph(joined)

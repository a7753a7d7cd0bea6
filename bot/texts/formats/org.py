"""An Org file of Emacs: its headings, paragraphs, lists, tables and blocks, without what only Org's commands need."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from bot.errors import Problem, VerbatimError
from bot.texts.formats import markup, stated_facts
from bot.texts.formats.draft import Draft, DropTally, InputLine
from bot.texts.formats.text_lines import input_lines, is_blank, peek, read_text

NAME = "org"
LABEL = "Org file"

_KEYWORD = re.compile(r"\s*#\+(?P<key>[A-Za-z_]{2,30}):\s*(?P<value>.*?)\s*")
_HEADING = re.compile(
    r"(?P<stars>\*{1,15}) (?:(?P<state>TODO|DONE|NEXT|WAITING|CANCELLED|CANCELED|HOLD)\s)?(?:\[#[A-Z0-9]\]\s)?"
    r"(?P<title>.*?)(?P<tags>\s+:[\w@#%:]+:)?\s*"
)
_BEGIN = re.compile(r"\s*#\+begin_(?P<kind>\w+)\b.*", re.IGNORECASE)
_DRAWER = re.compile(r"\s*:(?P<name>[A-Z][\w-]{0,30}):\s*", re.IGNORECASE)
_DRAWER_END = re.compile(r"\s*:END:\s*", re.IGNORECASE)
_PLANNING = re.compile(r"\s*(?:(?:DEADLINE|SCHEDULED|CLOSED):\s*[<\[][^>\]\n]{4,60}[>\]]\s*)+")
_COMMENT = re.compile(r"\s*#(?:\s.*)?")
_ITEM = re.compile(
    r"(?P<indent>\s*)(?P<mark>[-+]|\d{1,3}[.)]|(?<=\s)\*)\s+(?:\[[ xX-]\]\s+)?(?P<words>.*)"
)
_RULE = re.compile(r"\s*\|[-+|]+\s*|\s*-{5,}\s*")
_ROW = re.compile(r"\s*\|.*\|\s*")
_LINK = re.compile(r"\[\[(?P<to>[^\[\]\n]{1,400})\](?:\[(?P<words>[^\[\]\n]{1,400})\])?\]")
_EMPHASIS = re.compile(
    r"(?<![\w*/_=~+])(?P<mark>[*/_=~+])(?=\S)(?P<words>[^\n]{1,200}?)(?<=\S)(?P=mark)(?![\w*/_=~+])"
)
_NOTE = re.compile(r"\[fn:[\w-]{1,30}\]")
_TIME = re.compile(
    r"[<\[](?P<day>\d{4}-\d\d-\d\d)(?: [^\W\d]{2,10}\.?)?(?P<clock> \d\d:\d\d(?:-\d\d:\d\d)?)?(?: [+.-]+\d+[a-z])?[>\]]"
)
_VERBATIM = frozenset({"src", "example", "export", "verbatim"})
_FACTS = frozenset({"title", "author", "date", "language"})


def matches(head: bytes, name: str) -> bool:
    """Tell by Org's keywords and headings; by headings alone where the file's name says so too."""
    text = "\n".join(line.text for line in peek(head))
    stars = re.search(r"(?m)^\*{1,15} \S", text)
    if name.lower().endswith(".org"):
        return bool(text)
    keyword = re.search(r"(?m)^#\+(?:TITLE|AUTHOR|OPTIONS|STARTUP|DATE): ", text, re.IGNORECASE)
    return bool(stars and (keyword or re.search(r"(?m)^[ \t]*:PROPERTIES:[ \t]*$", text)))


def parse(file: BinaryIO, name: str) -> Draft:
    """Read the words; drawers, dates of tasks, tags, comments and other keywords are left out and reported.

    Raises:
        VerbatimError: it is not plain text, or has no words.

    """
    text, dropped = read_text(file, name)
    reader = _Reader(input_lines(text))
    reader.tally.extend(dropped)
    blocks = [block for block in reader.blocks() if block]
    if not blocks:
        raise VerbatimError(Problem(name, "has no words: is it the right file?"))
    facts = reader.facts
    return Draft(
        LABEL,
        tuple(blocks),
        author=stated_facts.author(facts.get("author")),
        dropped=reader.tally.lines,
        title=stated_facts.title(facts.get("title")),
        date=stated_facts.day(facts.get("date", "").strip("<[")),
        language=stated_facts.language(facts.get("language")),
    )


class _Reader:
    def __init__(self, lines: Sequence[InputLine]) -> None:
        self._lines = lines
        self._at = 0
        self.tally = DropTally()
        self.facts: dict[str, str] = {}

    def blocks(self) -> Iterator[str]:
        """Yield the blocks in the file's order."""
        held: list[str] = []
        while self._at < len(self._lines):
            number, text = self._lines[self._at]
            self._at += 1
            if is_blank(text):
                yield _paragraph(held)
                held = []
            elif self._is_left_out(number, text):
                continue
            elif found := _HEADING.fullmatch(text):
                yield _paragraph(held)
                held = []
                for part in ("state", "tags"):
                    if found[part]:
                        self.tally.add(
                            found[part], "the state or the tags of a heading", line=number
                        )
                yield markup.heading(len(found["stars"]), _plain(found["title"]))
            elif found := _BEGIN.fullmatch(text):
                yield _paragraph(held)
                held = []
                yield from self._block(found["kind"].lower())
            elif _ROW.fullmatch(text):
                yield _paragraph(held)
                held = []
                self._at -= 1
                yield from self._table()
            else:
                held.append(text)
        yield _paragraph(held)

    def _is_left_out(self, number: int, text: str) -> bool:
        if keyword := _KEYWORD.fullmatch(text):
            key = keyword["key"].lower()
            if key in _FACTS:
                self.facts.setdefault(key, keyword["value"])
            else:
                self.tally.add(text, "a keyword of Org", line=number)
        elif _DRAWER.fullmatch(text) and self._drawer_end():
            end = self._drawer_end()
            self.tally.add(text, "a drawer", end - self._at + 1, number)
            self._at = end
        elif _PLANNING.fullmatch(text):
            self.tally.add(text, "the dates of a task", line=number)
        elif _COMMENT.fullmatch(text):
            self.tally.add(text, "a comment", line=number)
        else:
            return False
        return True

    def _drawer_end(self) -> int:
        """Find the line behind the end of the drawer that has begun; 0 if it does not end before the next heading."""
        for at in range(self._at, len(self._lines)):
            if _DRAWER_END.fullmatch(self._lines[at].text):
                return at + 1
            if self._lines[at].text.startswith("*"):
                break
        return 0

    def _block(self, kind: str) -> Iterator[str]:
        ends = re.compile(rf"\s*#\+end_{re.escape(kind)}\s*", re.IGNORECASE)
        begin = self._at
        end = next(
            (at for at in range(begin, len(self._lines)) if ends.fullmatch(self._lines[at].text)),
            len(self._lines),
        )
        inside = self._lines[begin:end]
        self._at = min(end + 1, len(self._lines))
        if kind == "comment":
            self.tally.add("\n".join(line.text for line in inside), "a comment")
        elif kind in _VERBATIM:
            yield markup.code("\n".join(line.text for line in inside))
        else:
            inner = _Reader(inside)
            found = [block for block in inner.blocks() if block]
            self.tally.extend(inner.tally.lines)
            if kind == "quote" and found:
                yield markup.quotation(found)
            else:
                yield from found

    def _table(self) -> Iterator[str]:
        rows: list[list[str]] = []
        has_header = False
        while self._at < len(self._lines) and _ROW.fullmatch(self._lines[self._at].text):
            text = self._lines[self._at].text
            self._at += 1
            if _RULE.fullmatch(text):
                has_header |= len(rows) == 1
            else:
                rows.append([_plain(cell) for cell in text.strip().strip("|").split("|")])
        if rows:
            width = max(map(len, rows))
            header = rows.pop(0) if has_header and len(rows) > 1 else []
            yield from markup.table([*header, *[""] * (width - len(header))], rows)


def _paragraph(lines: Sequence[str]) -> str:
    """Set lines without a blank one between them: items, with what belongs to each, and words."""
    found: list[str] = []
    in_list = False
    for line in lines:
        if _RULE.fullmatch(line):
            continue
        item = _ITEM.fullmatch(line)
        words = _plain(item["words"] if item else line)
        if item:
            mark = "-" if item["mark"] in "-+*" else f"{item['mark'][:-1]}."
            found.append(f"{item['indent'].expandtabs(8)}{mark} {words}")
        elif in_list and line[:1].isspace():
            found.append(f"{line[: len(line) - len(line.lstrip())].expandtabs(8)}{words}")
        elif words:
            found.append(markup.escape(words, first=not found))
        in_list = bool(item) or (in_list and line[:1].isspace())
    return "\n".join(line for line in found if line.strip())


def _plain(text: str) -> str:
    """Take Org's marks off: a link is its words, a date is the day."""
    text = _LINK.sub(lambda link: link["words"] or link["to"], text)
    text = _TIME.sub(lambda time: time["day"] + (time["clock"] or ""), _NOTE.sub("", text))
    return markup.clean(_EMPHASIS.sub(lambda found: found["words"], text))

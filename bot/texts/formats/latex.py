"""A document in LaTeX: its sections, paragraphs and lists as they are printed; formulas stay as they are written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import BinaryIO

from bot.errors import Problem, VerbatimError
from bot.texts.formats import markup, stated_facts
from bot.texts.formats.draft import Draft, DropTally
from bot.texts.formats.text_lines import peek, read_text

NAME = "latex"
LABEL = "LaTeX document"

_BEGIN, _END = "\\begin{document}", "\\end{document}"
_CLASS = re.compile(r"\s*\\document(?:class|style)\b")
_COMMENT = re.compile(r"(?<!\\)%[^\n]*\n?[ \t]*")
_ARGUMENT = r"\{((?:[^{}]|\{[^{}]{0,300}\}){0,1500})\}"
_TITLE, _AUTHOR = (
    re.compile(rf"\\{name}(?:\[[^\[\]]{{0,400}}\])?{_ARGUMENT}") for name in ("title", "author")
)
_LEFT_OUT = re.compile(
    r"\\begin\{(?P<kind>figure\*?|table\*?|tabular[x*]?|tikzpicture|thebibliography|lstlisting|comment)\}"
    r"(?:(?!\\begin\{(?P=kind)\}).)*?\\end\{(?P=kind)\}",
    re.DOTALL,
)
_NOTE = re.compile(
    rf"~?\\(?:footnote|thanks|label|cite[a-z]*\*?|index|bibliography(?:style)?|vspace\*?|hspace\*?|pagestyle)(?:\[[^\[\]]{{0,400}}\])*{_ARGUMENT}"
)
_SECTION = re.compile(
    rf"\\(?P<kind>part|chapter|section|subsection|subsubsection|paragraph)\*?(?:\[[^\[\]]{{0,400}}\])?{_ARGUMENT}"
)
_LEVELS = {
    "part": 1,
    "chapter": 1,
    "section": 2,
    "subsection": 3,
    "subsubsection": 4,
    "paragraph": 5,
}
_ITEM = re.compile(r"\\item(?:\[(?P<name>[^\[\]]{0,400})\])?\s*")
_ENVIRONMENT = re.compile(r"\\(?:begin|end)\{[A-Za-z]{1,30}\*?\}(?:\[[^\[\]]{0,200}\])?")
_WRAPPED = re.compile(rf"\\[A-Za-z]{{1,30}}\*?(?:\[[^\[\]]{{0,400}}\])?{_ARGUMENT}")
_ALONE = re.compile(r"\\[A-Za-z]{1,30}\*?(?![A-Za-z])[ \t]*")
_FORMULA = re.compile(r"(\$[^$\n]{1,1000}\$|\\\([^\n]{1,1000}?\\\))")
_ACCENT = re.compile(r"\\(?:(['\"`^~=.])|([cvuHrk])(?=[ {]))[ ]?\{?\\?([A-Za-z])\}?")
_ACCENTS = {
    "'": "\u0301", '"': "\u0308", "`": "\u0300", "^": "\u0302", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "c": "\u0327", "v": "\u030c", "u": "\u0306", "H": "\u030b", "r": "\u030a", "k": "\u0328",
}  # fmt: skip
_NAMED = re.compile(
    r"\\(ldots|dots|LaTeX|TeX|ss|ae|AE|oe|OE|o|O|aa|AA|l|L|i|j)(?![A-Za-z])(?:\{\}|[ ](?=\S))?"
)
_LETTERS = {
    "ldots": "…", "dots": "…", "LaTeX": "LaTeX", "TeX": "TeX", "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø",
    "O": "Ø", "aa": "å", "AA": "Å", "l": "ł", "L": "Ł", "i": "i", "j": "j",
}  # fmt: skip
_SIGNS = (
    ("\\\\", " "), ("``", "“"), ("''", "”"), ("---", "—"), ("--", "–"), ("~", "\u00a0"), ("\\ ", " "), ("\\,", " "), ("\\-", ""),
    ("\\/", ""),
)  # fmt: skip
_ESCAPED = re.compile(r"\\([%&_#${}])")
_DEEPEST = 8


def matches(head: bytes, name: str) -> bool:
    r"""Tell by `\documentclass`, before which only comments stand."""
    text = "\n".join(line.text for line in peek(head))
    return bool(_CLASS.match(_COMMENT.sub("", text))) and "\\begin{" in text


def parse(file: BinaryIO, name: str) -> Draft:
    """Keep the words between the document's begin and end. Pictures, tables, notes and references are reported.

    Raises:
        VerbatimError: it is not plain text, or has no words.

    """
    text, dropped = read_text(file, name)
    tally = DropTally()
    tally.extend(dropped)
    for comment in _COMMENT.findall(text):
        tally.add(comment.strip(), "a comment, which is not printed")
    head, _, body = _COMMENT.sub("", text).partition(_BEGIN)
    body = body.partition(_END)[0]
    title, author = (shape.search(head) or shape.search(body) for shape in (_TITLE, _AUTHOR))
    blocks = list(_blocks(_without_marks(body, tally)))
    if not blocks:
        raise VerbatimError(
            Problem(name, "contains no words between \\begin{document} and \\end{document}")
        )
    names = re.split(r"\\and\b", author[1]) if author else []
    return Draft(
        LABEL,
        tuple(blocks),
        author=stated_facts.author(
            *(_plain(_NOTE.sub("", one.partition("\\\\")[0])) for one in names)
        ),
        dropped=tally.lines,
        title=stated_facts.title(_plain(title[1])) if title else None,
    )


def _without_marks(body: str, tally: DropTally) -> str:
    for shape, reason in (
        (_LEFT_OUT, "a picture, a table or references"),
        (_TITLE, "the title"),
        (_AUTHOR, "the author"),
        (_NOTE, "a footnote, a reference or a setting"),
    ):
        for found in shape.finditer(body):
            tally.add(found[0], reason)
        body = shape.sub("", body)
    return body


def _blocks(body: str) -> Iterator[str]:
    """Yield the blocks: a heading, an item, or what stands between blank lines."""
    body = _SECTION.sub(lambda found: f"\n\n\x00{_LEVELS[found['kind']]}{found[2]}\n\n", body)
    body = _ITEM.sub(lambda found: f"\n\n\x01{found['name'] + ' ' if found['name'] else ''}", body)
    body = _ENVIRONMENT.sub("\n\n", body)
    for part in re.split(r"\n[ \t]*\n", body):
        words = part.strip(" \t\n")
        plain = " ".join(_plain(words[2:] if words[:1] == "\0" else words.lstrip("\1")).split(" "))
        if not plain:
            continue
        if words.startswith("\0"):
            yield markup.heading(int(words[1]), plain)
        elif words.startswith("\1"):
            yield f"- {plain}"
        elif block := markup.paragraph(plain):
            yield block


def _plain(text: str) -> str:
    """Return words without commands; those that are not known leave what stands in their braces."""
    parts = _FORMULA.split(text)
    for i in range(0, len(parts), 2):
        part = parts[i]
        part = _ACCENT.sub(_accented, part)
        part = _NAMED.sub(lambda found: _LETTERS[found[1]], part)
        for sign, shown in _SIGNS:
            part = part.replace(sign, shown)
        for _ in range(_DEEPEST):
            part, count = _WRAPPED.subn(r"\1", part)
            if not count:
                break
        part = _ALONE.sub("", part)
        parts[i] = _ESCAPED.sub(r"\1", re.sub(r"(?<!\\)[{}]", "", part))
    return markup.clean("".join(parts))


def _accented(found: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", found[3] + _ACCENTS[found[1] or found[2]])

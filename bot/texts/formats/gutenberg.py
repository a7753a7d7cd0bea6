"""A book of Project Gutenberg as plain text: without its header and licence, chapters as sections, lines joined to paragraphs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from bot.errors import Problem, VerbatimError
from bot.texts.formats import markup, stated_facts
from bot.texts.formats.draft import Draft, DropTally, InputLine
from bot.texts.formats.file_input import decode_guess, read_all
from bot.texts.formats.markup import without_headings
from bot.texts.formats.text_lines import MAX_BYTES, blocks, input_lines

NAME = "gutenberg"
LABEL = "Project Gutenberg book"

_START = re.compile(r"\s*\*\*\*\s*START OF (?:THE|THIS) PROJECT GUTENBERG.*", re.IGNORECASE)
_END = re.compile(
    r"\s*(?:\*\*\*\s*END OF (?:THE|THIS) PROJECT GUTENBERG.*|End of (?:the )?Project Gutenberg(?:'s)? .*)",
    re.IGNORECASE,
)
_FACT = re.compile(
    r"(Title|Author|Language|Release date|Translator|Editor|Illustrator):\s+(\S.*)", re.IGNORECASE
)
_NUMBER = re.compile(r"\[(?:eBook|EText) #(\d{1,7})\]", re.IGNORECASE)
_LANGUAGES = {
    "english": "en", "french": "fr", "german": "de", "spanish": "es", "italian": "it", "portuguese": "pt", "dutch": "nl",
    "finnish": "fi", "swedish": "sv", "danish": "da", "norwegian": "no", "latin": "la", "greek": "el", "russian": "ru",
    "polish": "pl", "hungarian": "hu", "czech": "cs", "chinese": "zh", "japanese": "ja", "arabic": "ar", "esperanto": "eo",
}  # fmt: skip
_PART = r"(?i:chapter|book|part|volume|act|scene|canto|letter|stave|section|adventure|cap[ií]tulo|chapitre|kapitel|capitolo)"
_HEADING = re.compile(
    rf"{_PART}\s+(?:(?:THE|the)\s+)?(?:[IVXLCDM]+|\d+|[A-Z][A-Za-z-]+)\b(?P<name>[^\n]{{0,120}})"
    r"|(?:PREFACE|INTRODUCTION|PROLOGUE|EPILOGUE|FOREWORD|APPENDIX|CONCLUSION|DEDICATION|Preface|Introduction|Prologue|Epilogue)\b.{0,60}"
    r"|[IVXLCDM]{1,7}\.(?:\s+[^\n]{1,100})?"
)
_HIGH = re.compile(r"(?:BOOK|PART|VOLUME|ACT)\b", re.IGNORECASE)
_CONTENTS = re.compile(r"\s*(?:TABLE OF )?CONTENTS\.?:?\s*", re.IGNORECASE)
_CREDITS = re.compile(
    r"\s*(?:This e-?(?:text|book) was )?(?:Produced|E-?text prepared|Transcribed|Prepared|Credits:) ?(?:by\b)?",
    re.IGNORECASE,
)
_ILLUSTRATION = re.compile(r"\s*\[Illustration\b.*\]\s*", re.IGNORECASE | re.DOTALL)
_LISTED_SHARE = 0.7
_RULE = re.compile(r"[\s*_=·.-]+")
_EMPHASIS = re.compile(r"(?<![\w_])_(?=\S)([^_]{1,2000}?)(?<=\S)_(?![\w_])", re.DOTALL)
_NAME = re.compile(r"[^a-z]{3,80}|[^.!?,;:]{3,80}")
"""A line that names a chapter: in capitals, or without the marks of a sentence."""

_HEADING_LINES = 3
_FRONT = 10
"""Paragraphs in which the title page stands."""

_LONGEST_HEADING = 160
_WRAPPED = 45
"""Characters that each line but the last of a wrapped paragraph has at least; lines of verse are shorter, or indented."""


def matches(head: bytes, name: str) -> bool:
    """Tell by the line that ends the header."""
    lines = decode_guess(head[:65_536])[0].split("\n")
    return any(_START.fullmatch(line.rstrip("\r")) for line in lines)


def parse(file: BinaryIO, name: str) -> Draft:
    """Keep the book alone. Lines of prose are joined, those of verse stay.

    Raises:
        VerbatimError: it has no line that begins the book, or nothing between that and the end.

    """
    text, note = decode_guess(read_all(file, name, MAX_BYTES))
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    lines = input_lines(text)
    start = next((at for at, line in enumerate(lines) if _START.fullmatch(line.text)), None)
    if start is None:
        reason = "has no line `*** START OF THE PROJECT GUTENBERG EBOOK`: --format paragraphs imports it as it is"
        raise VerbatimError(Problem(name, reason))
    end = next(
        (at for at in range(start + 1, len(lines)) if _END.fullmatch(lines[at].text)), len(lines)
    )
    tally = DropTally()
    _drop(lines[: start + 1], "the header of Project Gutenberg", tally)
    _drop(lines[end:], "the licence of Project Gutenberg", tally)
    facts = _facts(lines[:start])
    if released := facts.get("release date"):
        tally.add(released, "the day of the electronic edition, not of the text")
    posts = list(_posts(lines[start + 1 : end], facts.get("title", ""), tally))
    if not any(not post.startswith("#") for post in posts):
        raise VerbatimError(
            Problem(name, "contains no text between header and licence: is it the right file?")
        )
    number = _NUMBER.search(text, 0, 5_000)
    headings = sum(post.startswith("#") for post in posts)
    return Draft(
        LABEL,
        tuple(posts),
        author=stated_facts.author(facts.get("author")),
        dropped=tally.lines,
        notes=(note,) if note else (),
        title=stated_facts.title(facts.get("title")),
        url=f"https://www.gutenberg.org/ebooks/{number[1]}" if number else None,
        language=_LANGUAGES.get(facts.get("language", "").casefold()),
        guessed=(
            f"{headings:,} headings, by words such as CHAPTER: `#` before others makes them so",
            "which lines are prose, and joined: those that are long, and not indented",
        ),
    )


def _facts(lines: Sequence[InputLine]) -> dict[str, str]:
    """Read the header's facts; a long title goes on, indented, on the next line."""
    found: dict[str, str] = {}
    key = ""
    for line in lines:
        if fact := _FACT.fullmatch(line.text.rstrip()):
            key = fact[1].casefold()
            found.setdefault(key, fact[2])
        elif key and line.text[:4].isspace() and line.text.strip():
            found[key] += f" {line.text.strip()}"
        else:
            key = ""
    return found


def _drop(lines: Sequence[InputLine], reason: str, tally: DropTally) -> None:
    full = [line for line in lines if line.text.strip()]
    if full:
        tally.add(full[0].text, reason, len(full), full[0].number)


def _posts(lines: Sequence[InputLine], title: str, tally: DropTally) -> Iterator[str]:
    paragraphs = list(blocks(lines))
    listed = _contents(paragraphs, tally)
    unnamed = ""  # a heading that is a number alone: its name may stand below it
    for at, paragraph in enumerate(paragraphs):
        if at in listed:
            continue
        text = "\n".join(line.text.rstrip() for line in paragraph)
        line = markup.clean(text)
        heading = _HEADING.fullmatch(line) if len(paragraph) <= _HEADING_LINES else None
        if unnamed:
            is_name = len(paragraph) == 1 and _NAME.fullmatch(line) and not heading
            yield _heading(f"{unnamed} {line}" if is_name else unnamed)
            unnamed = ""
            if is_name:
                continue
        if reason := _no_words(text, in_front=at < _FRONT):
            tally.add(line, reason, line=paragraph[0].number)
        elif heading is None or len(line) > _LONGEST_HEADING:
            is_title = at < _FRONT and title and _key(line) == _key(title)
            yield markup.heading(1, line) if is_title else _paragraph(text)
        elif heading["name"] is None or heading["name"].strip(" .:—-"):
            yield _heading(line)
        else:
            unnamed = line
    if unnamed:
        yield _heading(unnamed)


def _no_words(text: str, *, in_front: bool) -> str | None:
    """Return why a paragraph is not the author's; None if it is."""
    if _ILLUSTRATION.fullmatch(text):
        return "a picture"
    if _RULE.fullmatch(text):
        return "a rule between paragraphs"
    return "who made the electronic edition" if in_front and _CREDITS.match(text) else None


def _heading(line: str) -> str:
    return markup.heading(2 if _HIGH.match(line) else 3, _plain(line))


def _contents(paragraphs: Sequence[Sequence[InputLine]], tally: DropTally) -> set[int]:
    """Find the table of contents: the paragraphs below that word whose lines all come again as lines of their own."""
    begin = next(
        (at for at, one in enumerate(paragraphs[:200]) if _CONTENTS.fullmatch(one[0].text)), None
    )
    if begin is None:
        return set()
    seen = Counter(key for paragraph in paragraphs[begin:] for key in _keys(paragraph))
    found, listed = {begin}, set[str]()
    for at in range(begin + 1, len(paragraphs)):
        keys = [(_key(line.text), _number(line.text.strip())) for line in paragraphs[at]]
        again = sum(seen[key] > 1 or seen[number] > 1 for key, number in keys)
        if again < _LISTED_SHARE * len(keys) or not listed.isdisjoint(number for _, number in keys):
            break
        found.add(at)
        listed.update(number for _, number in keys)
    _drop([line for at in sorted(found) for line in paragraphs[at]], "the table of contents", tally)
    return found


def _keys(paragraph: Sequence[InputLine]) -> set[str]:
    """Return the keys of its lines, of a heading over several lines, and of the number alone that begins a heading."""
    whole = " ".join(line.text.strip() for line in paragraph)
    texts = [line.text.strip() for line in paragraph]
    if len(paragraph) <= _HEADING_LINES:
        texts.append(whole)
    return {_key(text) for text in texts} | {_number(text) for text in texts}


def _number(text: str) -> str:
    """Return the key of `CHAPTER II`, of `CHAPTER II. The Weir`; of no heading, that of the whole."""
    heading = _HEADING.fullmatch(text)
    return _key(text[: heading.start("name")] if heading and heading["name"] else text)


def _key(line: str) -> str:
    """Return the letters of a line; in the contents, the number of a page may stand at its end."""
    return re.sub(r"[\W_]+", " ", re.sub(r"[.\s]+\d{1,4}\s*$", "", line)).strip().casefold()


def _paragraph(text: str) -> str:
    lines = text.split("\n")
    is_prose = (
        len(lines) > 1
        and all(len(line) >= _WRAPPED and not line[0].isspace() for line in lines[:-1])
        and not lines[-1][:1].isspace()
    )
    return without_headings(_plain(" ".join(lines) if is_prose else text))


def _plain(text: str) -> str:
    return _EMPHASIS.sub(r"\1", text)

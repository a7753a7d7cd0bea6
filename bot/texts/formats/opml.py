"""An outline (OPML), as outliners write it: what has something below it is a heading, down to a depth, and the rest are items."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError

import defusedxml
from defusedxml import ElementTree

from bot.errors import Problem, VerbatimError
from bot.texts.formats import markup, stated_facts
from bot.texts.formats.draft import Draft, DropTally
from bot.texts.formats.file_input import MEBIBYTE, read_all
from bot.texts.formats.markup import Block
from bot.texts.formats.social_posts import html_text

NAME = "opml"
LABEL = "outline (OPML)"

MOST_BYTES = 32 * MEBIBYTE
_DEEPEST = 40
_DEEPEST_HEADING = 3
_OPML = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,500}?-->\s*)?<opml\b", re.DOTALL | re.IGNORECASE
)
_FEED = "xmlUrl"


def matches(head: bytes, name: str) -> bool:
    """Tell by the first element."""
    return bool(_OPML.match(head.removeprefix(b"\xef\xbb\xbf")))


def parse(file: BinaryIO, name: str) -> Draft:
    """Read the lines of an outline with their notes; done ones too.

    Raises:
        VerbatimError: the XML is damaged, lists feeds, is nested too deeply, or has no text.

    """
    root = _root(read_all(file, name, MOST_BYTES), name)
    body = root.find("body")
    outlines = [] if body is None else list(body)
    if any(each.get(_FEED) for each in root.iter("outline")):
        raise VerbatimError(
            Problem(name, "is a list of feeds, not a text: import the pages themselves")
        )
    blocks = [block.text for block in _blocks(outlines, 1, name)]
    if not blocks:
        raise VerbatimError(Problem(name, "has no lines with words: is it the right file?"))
    tally = DropTally()
    for each in root.iter("outline"):
        if each.get("_complete") == "true":
            tally.add(each.get("text") or "", "the mark of a line that is done")
    return Draft(
        LABEL,
        tuple(blocks),
        author=stated_facts.author(root.findtext("head/ownerName")),
        dropped=tally.lines,
        title=stated_facts.title(root.findtext("head/title")),
    )


def _root(data: bytes, where: str) -> Element:
    try:
        return ElementTree.fromstring(data)
    except defusedxml.DefusedXmlException as error:
        raise VerbatimError(Problem(where, "declares entities, which no outliner does")) from error
    except (ParseError, ValueError, LookupError) as error:
        raise VerbatimError(Problem(where, "is damaged XML: export it again")) from error


def _blocks(outlines: Iterable[Element], depth: int, where: str) -> Iterator[Block]:
    """Yield what stands at a depth; neighbours with nothing below them are one list."""
    if depth > _DEEPEST:
        raise VerbatimError(Problem(where, "is nested too deeply: export a part of it"))
    held: list[list[Block]] = []
    for each in outlines:
        below = [inner for inner in each if inner.tag == "outline"]
        if below and depth <= _DEEPEST_HEADING:
            yield from markup.items(held)
            held = []
            title = markup.heading(depth + 1, _plain(each.get("text") or each.get("title")))
            yield from [Block(title, "other")] if title else []
            yield from _notes(each)
            yield from _blocks(below, depth + 1, where)
        else:
            text = markup.paragraph(_plain(each.get("text") or each.get("title")))
            own = [Block(text)] if text else []
            held.append([*own, *_notes(each), *_blocks(below, depth + 1, where)])
    yield from markup.items(held)


def _notes(outline: Element) -> list[Block]:
    text = _plain(outline.get("_note")).split("\n\n")
    return [Block(block) for one in text if (block := markup.paragraph(one))]


def _plain(text: str | None) -> str:
    """Take the words of a line, in which outliners may write HTML."""
    return html_text(text) if text and re.search(r"</?[a-z]+[^<>]*>|&\w+;", text) else text or ""

"""HTML elements as blocks of Markdown: structure stays, tags go, and every word is the author's."""

from __future__ import annotations

import re
from typing import Literal

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.errors import Problem, VerbatimError
from bot.texts.formats.html_elements import (
    NOTE_MARK,
    definition_parts,
    has_header,
    is_disclosed,
    is_disclosure,
    is_hidden,
    is_layout,
    is_page_break,
    table_rows,
    why_no_text,
    words_of,
)
from bot.texts.formats.markup import (
    Block,
    Drop,
    clean,
    code,
    heading,
    items,
    paragraph,
    quotation,
    table,
)

MOST_BYTES = 16 * 1024 * 1024
_DEEPEST_TAGS = 1_000
"""The parser takes time by the square of the depth: 39 s for 100,000 nested tags."""

_DEEPEST_RENDERED = 100
"""Levels below this one are taken as plain text, so that recursion is bounded."""

_SPACE = re.compile(r"[ \t\r\n\f]+")
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]*)[^<>]*?(/?)>")
_OPEN_ENDED = frozenset(
    "area base br col embed hr img input link meta param source track wbr"
    " p li td th tr dt dd option optgroup tbody thead tfoot colgroup".split()
)
"""Tags that need no end tag."""

_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr output rb rp rt rtc ruby"
    " s samp small span strike strong sub sup time tt u var wbr".split()
)
_SILENT = frozenset(
    "script style template noscript head title link meta base object embed applet param source track canvas area map"
    " dialog datalist".split()
)
"""Elements whose content nobody reads on the page, so that it need not be reported."""

_CONTROLS = frozenset("button input select textarea option optgroup progress meter".split())
_MEDIA = frozenset("img picture svg video audio iframe math".split())
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())


def tree(html: str, where: str) -> LexborHTMLParser:
    """Parse `html`.

    Raises:
        VerbatimError: its tags are nested so deeply that parsing would take minutes.

    """
    depth = 0
    for close, tag, empty in _TAG.findall(html):
        if empty or tag.lower() in _OPEN_ENDED:
            continue
        depth = max(0, depth - 1) if close else depth + 1
        if depth > _DEEPEST_TAGS:
            reason = (
                f"its tags are nested more than {_DEEPEST_TAGS:,} deep:"
                " copy the text from a browser into a .txt file"
            )
            raise VerbatimError(Problem(where, reason))
    return LexborHTMLParser(html)


class Renderer:
    """Turns elements into blocks, and tells `drop` what is left out."""

    def __init__(self, drop: Drop, *, first_row_is_header: bool = False) -> None:
        self._drop = drop
        self._first_row_is_header = first_row_is_header
        self._level = 1
        self._is_flat = False
        self._run: list[str] = []
        self._blocks: list[Block] = []
        self._pages: list[str] = []

    def blocks(self, node: LexborNode) -> list[str]:
        """Render what `node` holds."""
        return [block.text for block in self._inside(node, 0)]

    def _inside(self, node: LexborNode, depth: int) -> list[Block]:
        """Render the children of `node` apart from what has been rendered so far."""
        outer = self._run, self._blocks
        self._run, self._blocks = [], []
        self._children(node, depth)
        self._flush()
        found = self._blocks
        self._run, self._blocks = outer
        return found

    def _children(self, node: LexborNode, depth: int) -> None:
        if depth > _DEEPEST_RENDERED:
            for one in node.traverse(include_text=True):
                if one.tag == "-text" and one.parent is not None and one.parent.tag not in _SILENT:
                    self._run.append(_SPACE.sub(" ", one.text_content or ""))
                elif one.tag not in _INLINE:
                    self._run.append("\n")
            return
        for child in node.iter(include_text=True):
            self._node(child, depth + 1)

    def _node(self, node: LexborNode, depth: int) -> None:
        tag = node.tag or ""
        if tag == "-text":
            self._run.append(_SPACE.sub(" ", node.text_content or ""))
        elif tag == "br":
            self._run.append("\n")
        elif tag.startswith(("-", "!")) or tag in _SILENT:
            return
        elif tag in _MEDIA:
            self._drop(words_of(node) or node.attributes.get("alt") or tag, f"no text: <{tag}>")
        elif tag in _CONTROLS:
            self._control(node, tag, depth)
        elif is_hidden(node) and not is_disclosed(node):
            self._drop(words_of(node), "hidden on the page")
        elif is_page_break(node):
            self._page_break(node, depth)
        elif tag in _INLINE:
            self._inline(node, tag, depth)
        elif self._is_flat:
            self._run.append(" ")
            self._children(node, depth)
            self._run.append(" ")
        else:
            self._flush()
            self._block(node, tag, depth)
            self._flush()

    def _inline(self, node: LexborNode, tag: str, depth: int) -> None:
        if tag in ("a", "sup") and (reason := why_no_text(node)):
            self._drop(words_of(node), reason)
            if self._run and reason == NOTE_MARK:
                self._run[-1] = self._run[-1].rstrip(" ")
        else:
            self._children(node, depth)

    def _block(self, node: LexborNode, tag: str, depth: int) -> None:
        if tag in _HEADINGS or tag == "summary":
            self._heading(node, tag, depth)
        elif tag in ("ul", "ol", "menu", "dir"):
            self._list(node, tag, depth)
        elif tag == "dl":
            self._definitions(node, depth)
        elif tag == "table":
            self._table(node, depth)
        elif tag in ("pre", "listing", "xmp", "plaintext"):
            self._add(code(node.text(deep=True)), "other")
        elif tag == "blockquote":
            inside = self._inside(node, depth)
            self._add(quotation([block.text for block in inside]) if inside else "", "other")
        elif tag != "hr":
            self._children(node, depth)

    def _heading(self, node: LexborNode, tag: str, depth: int) -> None:
        if tag in _HEADINGS:
            self._level = int(tag[1])
        level = self._level if tag in _HEADINGS else self._level + 1
        self._add(heading(level, self._words_only(node, depth)), "other")

    def _control(self, node: LexborNode, tag: str, depth: int) -> None:
        """Leave a control out; but the button of an FAQ is a heading, or the words of the one that it stands in."""
        if not is_disclosure(node):
            self._drop(words_of(node) or tag, "a control of the page")
        elif self._is_flat:
            self._children(node, depth)
        else:
            self._flush()
            self._add(heading(self._level + 1, self._words_only(node, depth)), "other")

    def _list(self, node: LexborNode, tag: str, depth: int) -> None:
        contents: list[list[Block]] = []
        for child in node.iter(include_text=True):
            if child.tag == "li" and not is_hidden(child):
                contents.append(self._inside(child, depth))
            elif child.tag in ("ul", "ol") and contents:  # a list that is put straight into a list
                nested = self._alone(child, depth)
                contents[-1].extend(nested)
            else:
                contents.append(self._alone(child, depth))
        begin = node.attributes.get("start") or ""
        start = int(begin) if begin.isascii() and begin.isdigit() and len(begin) < 7 else 1
        self._blocks += items(contents, ordered=tag == "ol", start=start)

    def _alone(self, node: LexborNode, depth: int) -> list[Block]:
        outer = self._run, self._blocks
        self._run, self._blocks = [], []
        self._node(node, depth)
        self._flush()
        found = self._blocks
        self._run, self._blocks = outer
        return found

    def _definitions(self, node: LexborNode, depth: int) -> None:
        """A term that asks becomes a heading over its answer; another one an item with what defines it."""
        asked = False
        contents: list[list[Block]] = []
        for child in definition_parts(node):
            if child.tag == "dt":
                term = self._words_only(child, depth)
                asked = term.endswith(("?", "？", "؟"))
                if asked:
                    self._blocks += items(contents)
                    contents = []
                    self._add(heading(self._level + 1, term), "other")
                elif term:
                    contents.append([Block(paragraph(term))])
                continue
            blocks = self._inside(child, depth)
            if asked:
                self._blocks += blocks
            elif contents and contents[-1] and blocks and blocks[0].kind == "text":
                last = contents[-1][-1]
                contents[-1][-1] = last._replace(text=f"{last.text}\n{blocks[0].text}")
                contents[-1] += blocks[1:]
            else:
                contents.append(blocks)
        self._blocks += items(contents)

    def _table(self, node: LexborNode, depth: int) -> None:
        rows = [row for row in table_rows(node) if row]
        caption = next((one for one in node.iter() if one.tag == "caption"), None)
        if caption is not None:
            self._blocks += self._inside(caption, depth)
        if is_layout(node, rows, of_a_document=self._first_row_is_header):
            for cell in (cell for row in rows for cell in row):
                self._blocks += self._inside(cell, depth)
            return
        width = max((len(row) for row in rows), default=0)
        header = [""] * width
        if has_header(rows, first=self._first_row_is_header):
            header = [self._words_only(cell, depth) for cell in rows.pop(0)]
            header += [""] * (width - len(header))
        filled = [[self._words_only(cell, depth) for cell in row] for row in rows]
        for text in table(header, (row for row in filled if any(row))):
            self._add(text, "other")

    def _words_only(self, node: LexborNode, depth: int) -> str:
        """Render what a heading or a cell holds: one line, in which other structures have no place."""
        outer = self._run, self._is_flat
        self._run, self._is_flat = [], True
        self._children(node, depth)
        found = clean("".join(self._run))
        self._run, self._is_flat = outer
        return found

    def _page_break(self, node: LexborNode, depth: int) -> None:
        label = node.attributes.get("aria-label") or node.attributes.get("title") or words_of(node)
        label = clean(re.sub(r"-{2,}|[<>]", "", label or "")).removeprefix("page ").strip()
        if label:
            self._pages.append(f"<!-- page {label[:20]} -->")
        if not words_of(node) or words_of(node) != label:
            self._children(node, depth)  # an empty element that was not closed wraps what follows

    def _flush(self) -> None:
        text = paragraph("".join(self._run))
        self._run = []
        if text:
            self._add(text, "text")
        self._blocks += [Block(page, "other") for page in self._pages]
        self._pages = []

    def _add(self, text: str, kind: Literal["text", "list", "other"]) -> None:
        if text:
            self._blocks.append(Block(text, kind))

"""HTML elements as blocks of Markdown: structure stays, tags go, and every word is the author's.

Inline marks (emphasis, links, code) are left out, because a quote would show their asterisks. Where a line of
plain text would be read as a heading or another structure, a backslash stands before it (`escape`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Literal, NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.models import Problem, VerbatimError

Drop = Callable[[str, str], None]
"""Called with a text that is left out, and the reason."""

MOST_BYTES = 16 * 1024 * 1024
_DEEPEST_TAGS = 1_000
"""The parser takes time by the square of the depth: 39 s for 100,000 nested tags."""

_DEEPEST_RENDERED = 100
"""Levels below this one are taken as plain text, so that recursion is bounded."""

_SPACE = re.compile(r"[ \t\r\n\f]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]")
_INVISIBLE = "\u200b\u2060\ufeff"
_STRUCTURE = re.compile(r"#{1,6}(?=\s|$)|</?[A-Za-z]|<[!?]|\[[^\]\n]+\]:|```|~~~|\|")
_UNDERLINE = re.compile(r"[-=|:\s]+")
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
_NOTE_REASON = "the mark of a footnote"
_BACK_LINKS = frozenset("↩ ↩︎ ↑ ^ ⏎ ¶ # § 🔗".split())
_NOTE_MARK = re.compile(r"[\[(]?(?:\d{1,4}|[a-z]|[ivxl]{1,5}|[*†‡§¶]{1,3}|note \d+)[\])]?")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


_LAYOUT_OF_A_DOCUMENT = "table, h1, h2, h3, h4, h5, h6"
_LAYOUT = f"{_LAYOUT_OF_A_DOCUMENT}, ul, ol, blockquote, pre, p + p"


class Block(NamedTuple):
    """Lines of Markdown without a blank one between them."""

    text: str
    kind: Literal["text", "list", "other"] = "text"


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


def clean(text: str) -> str:
    """Make white space single spaces, and take out characters that no text needs."""
    line = " ".join(_CONTROL.sub(" ", text).split(" "))
    return _SPACE.sub(" ", line).strip(" " + _INVISIBLE)


def escape(line: str, *, first: bool = True) -> str:
    """Put a backslash before a line that Markdown would read as a structure other than a list or a quotation.

    `first` says whether the line begins its paragraph: below another one, `---` would make that a heading.
    """
    if _STRUCTURE.match(line) or (not first and _UNDERLINE.fullmatch(line)):
        return "\\" + line
    return line


def paragraph(text: str) -> str:
    """Make a paragraph's block from `text`, whose line breaks are kept; "" if it has no words."""
    lines = [line for line in map(clean, text.split("\n")) if line]
    return "\n".join(escape(line, first=i == 0) for i, line in enumerate(lines))


def heading(level: int, text: str) -> str:
    """Make a heading's block; "" if it has no words."""
    words = clean(text)
    return f"{'#' * max(1, min(level, 6))} {words}" if words else ""


def code(text: str) -> str:
    """Make a fenced block from `text`; its blank lines go, because they would end the block."""
    lines = [_CONTROL.sub(" ", line).rstrip() for line in text.expandtabs(4).split("\n")]
    lines = [line for line in lines if line.strip(" " + _INVISIBLE)]
    fence = "`" * max([3, *(len(run) + 1 for run in re.findall(r"`{3,}", text))])
    return "\n".join((fence, *lines, fence)) if lines else ""


def quotation(blocks: Sequence[str]) -> str:
    """Set `blocks` as a block quotation."""
    lines = "\n\n".join(blocks).split("\n")
    return "\n".join(f"> {line}".rstrip() for line in lines)


def items(
    contents: Iterable[Sequence[Block]], *, ordered: bool = False, start: int = 1
) -> list[Block]:
    """Set the blocks of each item as a list: one block where each item is a paragraph, else several."""
    found: list[Block] = []
    for number, blocks in enumerate((each for each in contents if each), start):
        marker = f"{number}. " if ordered else "- "
        indent = " " * len(marker)
        own: list[Block] = []
        for i, block in enumerate(blocks):
            text = "\n".join(
                (marker if i == j == 0 else indent) + line
                for j, line in enumerate(block.text.split("\n"))
            )
            if own and block.kind == "list":
                own[-1] = Block(f"{own[-1].text}\n{text}", "list")
            else:
                own.append(Block(text, "list"))
        if len(own) == 1 and found and found[-1].kind == "list":
            found[-1] = Block(f"{found[-1].text}\n{own[0].text}", "list")
        else:
            found += own if len(own) == 1 else [Block(one.text, "other") for one in own]
    return [Block(block.text, "list") for block in found]


def table(
    header: Sequence[str], rows: Iterable[Sequence[str]], *, longest: int = 40_000
) -> list[str]:
    """Set `rows` as tables of at most about `longest` characters, each under the same `header`."""
    cells = [_cell(one) for one in header]
    top = f"{_row(cells)}\n{_row(['---'] * len(cells))}"
    found: list[str] = []
    held: list[str] = []
    size = 0
    for row in rows:
        line = _row([*map(_cell, row), *[""] * (len(cells) - len(row))])
        if held and size + len(line) > longest:
            found.append("\n".join((top, *held)))
            held, size = [], 0
        held.append(line)
        size += len(line)
    if held:
        found.append("\n".join((top, *held)))
    return found


def _cell(text: str) -> str:
    return clean(text).replace("|", "\\|")


def _row(cells: Sequence[str]) -> str:
    return "|" + "|".join(f" {cell} " if cell else " " for cell in cells) + "|"


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
            self._drop(_words(node) or node.attributes.get("alt") or tag, f"no text: <{tag}>")
        elif tag in _CONTROLS:
            self._drop(_words(node) or tag, "a control of the page")
        elif is_hidden(node):
            self._drop(_words(node), "hidden on the page")
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
        if tag in ("a", "sup") and (reason := _is_reference(node)):
            self._drop(_words(node), reason)
            if self._run and reason == _NOTE_REASON:
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
        for child in _definition_parts(node):
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
        if _is_layout(node, rows, of_a_document=self._first_row_is_header):
            for cell in (cell for row in rows for cell in row):
                self._blocks += self._inside(cell, depth)
            return
        width = max((len(row) for row in rows), default=0)
        header = [""] * width
        if _is_header(rows, first=self._first_row_is_header):
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
        label = node.attributes.get("aria-label") or node.attributes.get("title") or _words(node)
        label = clean(re.sub(r"-{2,}|[<>]", "", label or "")).removeprefix("page ").strip()
        if label:
            self._pages.append(f"<!-- page {label[:20]} -->")
        if not _words(node) or _words(node) != label:
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


def table_rows(node: LexborNode) -> list[list[LexborNode]]:
    """List the cells of each row, without those of tables inside the cells."""
    rows: list[list[LexborNode]] = []
    for part in node.iter():
        for row in part.iter() if part.tag in ("thead", "tbody", "tfoot") else (part,):
            if row.tag == "tr":
                rows.append([cell for cell in row.iter() if cell.tag in ("td", "th")])
    return rows


def is_hidden(node: LexborNode) -> bool:
    """Tell whether a browser would not show `node`."""
    facts = node.attributes
    return (
        "hidden" in facts
        or facts.get("aria-hidden") == "true"
        or bool(_HIDDEN.search(facts.get("style") or ""))
    )


def is_page_break(node: LexborNode) -> bool:
    """Tell whether `node` marks where a page of the printed book begins."""
    facts = node.attributes
    return facts.get("epub:type") == "pagebreak" or facts.get("role") == "doc-pagebreak"


def _words(node: LexborNode) -> str:
    return clean(node.text(deep=True, separator=" "))


def _is_reference(node: LexborNode) -> str:
    """Say why a link is no text: it is the mark of a footnote or the way back from one; else ""."""
    link = node if node.tag == "a" else node.css_first("a")
    if link is None:
        return ""
    facts = link.attributes
    if facts.get("role") == "doc-noteref" or facts.get("epub:type") == "noteref":
        return _NOTE_REASON
    words = _words(node)
    if "headerlink" in (facts.get("class") or "") or words in _BACK_LINKS:
        return "a link to a place on the page"
    in_page = "#" in (facts.get("href") or "")
    raised = node.tag == "sup" or (node.parent is not None and node.parent.tag == "sup")
    bracketed = words.startswith("[") and words.endswith("]")
    if in_page and (raised or bracketed) and _NOTE_MARK.fullmatch(words.lower()):
        return _NOTE_REASON
    return ""


def _definition_parts(node: LexborNode) -> Iterable[LexborNode]:
    for child in node.iter():
        if child.tag in ("dt", "dd"):
            yield child
        elif child.tag == "div":
            yield from (one for one in child.iter() if one.tag in ("dt", "dd"))


def _is_layout(
    node: LexborNode, rows: Sequence[Sequence[LexborNode]], *, of_a_document: bool
) -> bool:
    """Tell whether a table only places things on the page; those of word processors hardly ever do."""
    if node.attributes.get("role") in ("presentation", "none"):
        return True
    if any(cell.tag == "th" for row in rows for cell in row):
        return False
    content = _LAYOUT_OF_A_DOCUMENT if of_a_document else _LAYOUT
    return max((len(row) for row in rows), default=0) < 2 or any(
        cell.css_first(content) is not None for row in rows for cell in row
    )


def _is_header(rows: Sequence[Sequence[LexborNode]], *, first: bool) -> bool:
    if len(rows) < 2:
        return False
    top = rows[0]
    if all(cell.tag == "th" for cell in top):
        return True
    parent = top[0].parent.parent if top[0].parent is not None else None
    return (parent is not None and parent.tag == "thead") or (first and all(map(_words, top)))

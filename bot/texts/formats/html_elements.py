"""What HTML elements are: hidden, a page break, the mark of a footnote, a table's header or mere layout."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from selectolax.lexbor import LexborNode

from bot.texts.formats.markup import clean

NOTE_MARK = "the mark of a footnote"
_BACK_LINKS = frozenset("↩ ↩︎ ↑ ^ ⏎ ¶ # § 🔗".split())
_NOTE_MARK = re.compile(r"[\[(]?(?:\d{1,4}|[a-z]|[ivxl]{1,5}|[*†‡§¶]{1,3}|note \d+)[\])]?")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


_DISCLOSURE = re.compile(r"accordion|collaps|faq|disclosure|toggle", re.IGNORECASE)
_HEADING_TAGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "dt"))
_LAYOUT_OF_A_DOCUMENT = "table, h1, h2, h3, h4, h5, h6"
_LAYOUT = f"{_LAYOUT_OF_A_DOCUMENT}, ul, ol, blockquote, pre, p + p"


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


def is_disclosure(node: LexborNode) -> bool:
    """Tell whether a button shows and hides what stands below it, as those of an FAQ do."""
    if node.tag != "button":
        return False
    facts = node.attributes
    named = _DISCLOSURE.search(facts.get("class") or "")
    in_heading = node.parent is not None and node.parent.tag in _HEADING_TAGS
    opens = "aria-expanded" in facts and "aria-haspopup" not in facts
    return bool(opens or named or in_heading or words_of(node).endswith(("?", "？", "؟")))


def is_disclosed(node: LexborNode) -> bool:
    """Tell whether `node` is what such a button shows: hidden at the moment, but part of the text."""
    before = node.prev
    while before is not None and (before.tag or "-").startswith("-"):
        before = before.prev
    if before is None:
        return False
    button = before if before.tag == "button" else before.css_first("button")
    return before.tag in {"button", *_HEADING_TAGS} and button is not None and is_disclosure(button)


def is_page_break(node: LexborNode) -> bool:
    """Tell whether `node` marks where a page of the printed book begins."""
    facts = node.attributes
    return facts.get("epub:type") == "pagebreak" or facts.get("role") == "doc-pagebreak"


def words_of(node: LexborNode) -> str:
    """The words of an element and all in it, on one line."""
    return clean(node.text(deep=True, separator=" "))


def why_no_text(node: LexborNode) -> str:
    """Say why a link is not text: it is the mark of a footnote or the way back from one; else ""."""
    link = node if node.tag == "a" else node.css_first("a")
    if link is None:
        return ""
    facts = link.attributes
    if facts.get("role") == "doc-noteref" or facts.get("epub:type") == "noteref":
        return NOTE_MARK
    words = words_of(node)
    if "headerlink" in (facts.get("class") or "") or words in _BACK_LINKS:
        return "a link to a place on the page"
    in_page = "#" in (facts.get("href") or "")
    raised = node.tag == "sup" or (node.parent is not None and node.parent.tag == "sup")
    bracketed = words.startswith("[") and words.endswith("]")
    if in_page and (raised or bracketed) and _NOTE_MARK.fullmatch(words.lower()):
        return NOTE_MARK
    return ""


def definition_parts(node: LexborNode) -> Iterable[LexborNode]:
    """The terms and definitions of a list, which may stand in groups."""
    for child in node.iter():
        if child.tag in ("dt", "dd"):
            yield child
        elif child.tag == "div":
            yield from (one for one in child.iter() if one.tag in ("dt", "dd"))


def is_layout(
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


def has_header(rows: Sequence[Sequence[LexborNode]], *, first: bool) -> bool:
    """Tell whether the first row names the columns; `first` says that it does where nothing speaks against it."""
    if len(rows) < 2:
        return False
    top = rows[0]
    if all(cell.tag == "th" for cell in top):
        return True
    parent = top[0].parent.parent if top[0].parent is not None else None
    return (parent is not None and parent.tag == "thead") or (first and all(map(words_of, top)))

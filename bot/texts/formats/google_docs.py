"""What only pages have that Google Docs has exported: its class for the title, and comments in the text."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.texts.formats.markup import Drop, clean

_BODY = "body.doc-content"
_COMMENT = '[id^="cmnt"]:not([id^="cmnt_ref"])'


def is_exported(page: LexborHTMLParser) -> bool:
    """Tell whether Google Docs has made a page."""
    return page.css_first(_BODY) is not None


def take_out_comments(page: LexborHTMLParser, drop: Drop) -> None:
    """Take out what readers of the document have remarked: the author did not write it."""
    for mark in page.css(_COMMENT):
        box = _box(mark)
        drop(clean(box.text(deep=True, separator=" ")), "a comment on the document")
        box.decompose()


def title(page: LexborHTMLParser) -> str:
    """Take the document's title; empty if none of its paragraphs is set as one."""
    node = page.css_first("p.title")
    if node is None:
        return ""
    words = clean(node.text(deep=True, separator=" "))
    node.decompose()
    return words


def _box(mark: LexborNode) -> LexborNode:
    """Return the box around a comment, whose mark is in a paragraph of it."""
    box = mark
    for _ in range(3):
        if box.parent is None or box.tag == "div":
            break
        box = box.parent
    return box if box.tag == "div" else mark

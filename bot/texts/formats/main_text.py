"""Finds the main text of an HTML page, and says what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.texts.formats.markup import Drop, clean

_ARTICLE_SHARE = 0.6
"""An article with this share of the text is the page's text; with less it is one of several."""

_PROTECTED_SHARE = 0.4
"""A part with this share of the text stays, whatever its name."""

_LINK_SHARE = 0.7
_UNSEEN = frozenset(("script", "style", "noscript", "template", "link", "meta", "title"))
_TEXT_BLOCKS = frozenset("p h1 h2 h3 table pre blockquote".split())
_OF_TEXT = frozenset("h1 h2 h3 h4 h5 h6 p dt dd li td th tr a span b em strong code".split())
"""Elements with an id are the targets of links there, whatever that is called."""

_INLINE = frozenset("span code a b em i strong".split())
_FRAME = "nav, header, footer, aside, [role=navigation], [role=banner], [role=contentinfo], [role=complementary], [role=search]"
_ALWAYS = (
    "nav, [role=navigation], [role=search], [role=alertdialog], [role=dialog], [aria-modal=true]"
)
_NAMES = re.compile(
    r"(?:^|[\s_-])(?:cookies?|cookie-?(?:banner|notice|bar)|consent|gdpr|nav|navbar|navigation|menu|sidebar|breadcrumbs?"
    r"|share|sharing|social|related|recommended|newsletter|subscribe|advert|adverts|ads?|promo|popup|modal|paywall"
    r"|comments?|disqus|skip-?link|screen-reader-text|sr-only|visually-hidden|toc|table-?of-?contents|editsection"
    r"|mw-editsection|noprint|printfooter|catlinks|toolbar|pagination|pager)(?=$|[\s_-])",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Measure:
    """Characters of an element's visible words, of those in links, its links, and its blocks of text."""

    words: int = 0
    in_links: int = 0
    links: int = 0
    blocks: int = 0


Measures = Mapping[int, _Measure]
"""By the elements' `mem_id`, made in one pass: a walk for each element would take time by the square of the depth."""


def main_part(page: LexborHTMLParser, drop: Drop) -> LexborNode | None:
    """Find the element that holds the text, take out what is not text, and tell `drop` of all that is left out.

    None: the page has no words.
    """
    body = page.body
    if body is None:
        return None
    measures = _measures(body)
    if not measures[body.mem_id].words:
        return None
    main = _landmark(body, measures)
    if main is None:
        main = body
        _take_out(body.css(_FRAME), main, measures, "around the page's text", drop)
    else:
        _report_around(body, main, drop)
    _take_out(main.css(_ALWAYS), main, measures, "the page's navigation", drop)
    named = (node for node in main.css("[id], [class]") if _is_named(node))
    _take_out(named, main, measures, "named as no text", drop)
    links = (node for node in main.css("ul, ol, div, p") if _is_links(measures[node.mem_id]))
    _take_out(links, main, measures, "links alone", drop)
    return main


def _measures(body: LexborNode) -> Measures:
    found: dict[int, _Measure] = {}
    order: list[tuple[int, int, bool]] = []
    for node in body.traverse(include_text=True):
        parent = node.parent
        tag = node.tag
        if parent is None:
            continue
        own = found.setdefault(node.mem_id, _Measure())
        if tag == "-text":
            if parent.tag not in _UNSEEN:
                own.words = len(clean(node.text_content or ""))
        else:
            own.links = int(tag == "a")
            own.blocks = int(tag in _TEXT_BLOCKS)
        order.append((node.mem_id, parent.mem_id, tag == "a"))
    for own_id, parent_id, is_link in reversed(order):
        own, outer = found[own_id], found.get(parent_id)
        if is_link:
            own.in_links = own.words
        if outer is not None:
            outer.words += own.words
            outer.in_links += own.in_links
            outer.links += own.links
            outer.blocks += own.blocks
    return found


def _landmark(body: LexborNode, measures: Measures) -> LexborNode | None:
    """Find the element that the page itself marks as its text."""

    def words(node: LexborNode) -> int:
        return measures[node.mem_id].words

    main = max(body.css("main, [role=main]"), key=words, default=None)
    inside = main if main is not None and words(main) else body
    article = max(inside.css("article, [itemprop=articleBody]"), key=words, default=None)
    if article is not None and words(article) >= max(1, _ARTICLE_SHARE * words(inside)):
        return article
    return inside if inside is main else None


def _report_around(body: LexborNode, main: LexborNode, drop: Drop) -> None:
    """Report the elements beside `main` and beside what it stands in."""
    inside = main
    while inside.mem_id != body.mem_id and inside.parent is not None:
        outer = inside.parent
        for node in outer.iter(include_text=True):
            if node.mem_id != inside.mem_id:
                _report(node, "around the page's text", drop)
        inside = outer


def _take_out(
    nodes: Iterable[LexborNode], main: LexborNode, measures: Measures, reason: str, drop: Drop
) -> None:
    whole = measures[main.mem_id].words
    for node in list(nodes):
        small = measures[node.mem_id].words <= _PROTECTED_SHARE * whole
        if small and node.mem_id != main.mem_id and _is_in(node, main):
            _report(node, reason, drop)
            node.remove()


def _is_in(node: LexborNode, main: LexborNode) -> bool:
    """Tell whether `node` is still there: what it stood in may have been taken out."""
    outer = node.parent
    while outer is not None and outer.mem_id != main.mem_id:
        outer = outer.parent
    return outer is not None


def _report(node: LexborNode, reason: str, drop: Drop) -> None:
    if node.is_text_node:
        words = clean(node.text_content or "")
    elif node.tag in _UNSEEN or node.is_comment_node:
        return
    else:
        words = clean(" ".join(
            one.text_content or ""
            for one in node.traverse(include_text=True)
            if one.is_text_node and one.parent is not None and one.parent.tag not in _UNSEEN
        ))  # fmt: skip
    if words:
        drop(words, reason)


def _is_named(node: LexborNode) -> bool:
    """Tell whether an element's name says that it is no text. The name of a section may be its heading's, as `file-menu`."""
    facts = node.attributes
    own_id = facts.get("id") or ""
    if _NAMES.search(facts.get("class") or ""):
        return not _is_in_code(node)
    if node.tag in _OF_TEXT or not _NAMES.search(own_id):
        return False
    return not any(link.attributes.get("href") == f"#{own_id}" for link in node.css("a[href]"))


def _is_in_code(node: LexborNode) -> bool:
    outer = node.parent
    while outer is not None and outer.tag in _INLINE:
        outer = outer.parent
    return outer is not None and outer.tag == "pre"


def _is_links(own: _Measure) -> bool:
    """Tell whether an element is a menu: three links or more, and hardly a word outside of them."""
    return (
        own.links > 2 and own.blocks < 2 and _LINK_SHARE * own.words < own.in_links < 40 * own.links
    )

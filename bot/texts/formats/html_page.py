"""A web page, as it was saved or fetched: its main text as Markdown blocks."""

from __future__ import annotations

import email
import email.policy
import json
import re
from collections.abc import Iterator
from email.message import EmailMessage
from typing import BinaryIO

from selectolax.lexbor import LexborHTMLParser

from bot.errors import Problem, VerbatimError
from bot.texts.formats import google_docs, stated_facts
from bot.texts.formats.draft import Draft, DropTally
from bot.texts.formats.file_input import decode_declared, read_all
from bot.texts.formats.html_blocks import MOST_BYTES, Renderer, tree
from bot.texts.formats.main_text import main_part
from bot.texts.formats.markup import clean

NAME = "html"
LABEL = "HTML page"
ISOLATED = True

_BEGINNING = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*(?:<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>])",
    re.IGNORECASE | re.DOTALL,
)
_FRAGMENT = re.compile(rb"</(?:p|div|li|h[1-6]|table|article|section)>", re.IGNORECASE)
_WEB_ARCHIVE = re.compile(rb"^content-type:\s*multipart/related", re.IGNORECASE | re.MULTILINE)
_PERMALINK = re.compile(r"\s*[¶#§🔗]+$")
_SAVED_FROM = re.compile(r"<!-- saved from url=\(\d+\)(https?://[^\s<>\"]+) -->")


def matches(head: bytes, name: str) -> bool:
    """Tell whether a file begins as a page does, is a page saved as one file (MHTML), or is a piece of one."""
    if _is_web_archive(head) or _BEGINNING.match(head[:20_000]):
        return True
    fragment = head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<")
    return fragment and (
        name.lower().endswith((".html", ".htm", ".xhtml")) or len(_FRAGMENT.findall(head)) > 2
    )


def parse(file: BinaryIO, name: str) -> Draft:
    """Keep the main text, and report what stands around it.

    Raises:
        VerbatimError: the page has no text, such as one that a script fills in.

    """
    data = read_all(file, name, MOST_BYTES)
    link = None
    if _is_web_archive(data[:20_000]):
        data, link = _page_of_web_archive(data, name)
    html, note = decode_declared(data)
    return page_draft(html, name, link=link, notes=(note,) if note else ())


def page_draft(
    html: str, where: str, *, link: str | None = None, notes: tuple[str, ...] = ()
) -> Draft:
    """Make a draft of a page's source; `link` is its address, if the source does not say it.

    Raises:
        VerbatimError: the page has no text.

    """
    page = tree(html, where)
    facts = _Facts(page, html)
    tally = DropTally()
    title = facts.title
    if google_docs.is_exported(page):
        title = stated_facts.title(google_docs.title(page)) or title
        google_docs.take_out_comments(page, tally.add)
    main = main_part(page, tally.add)
    blocks = Renderer(tally.add).blocks(main) if main is not None else []
    if not blocks:
        reason = "the page has no text of its own (a script fills it in): save it from the browser as a complete page"
        raise VerbatimError(Problem(where, reason))
    return Draft(
        LABEL,
        tuple(blocks),
        author=facts.author,
        dropped=tally.lines,
        notes=notes,
        title=title,
        url=facts.link or link,
        date=facts.date,
        language=facts.language,
    )


class _Facts:
    """What a page says of itself: in its head, in JSON-LD, and in the text."""

    def __init__(self, page: LexborHTMLParser, html: str) -> None:
        self._page = page
        linked = dict(self._linked_data())
        headings = [
            _PERMALINK.sub("", clean(node.text(deep=True, separator=" ")))
            for node in page.css("h1")
        ]
        heading = headings[0] if len(headings) == 1 else ""
        self.title = stated_facts.title(self._meta("og:title") or self._title(heading))
        self.author = stated_facts.author(
            self._meta("author")
            or linked.get("author")
            or self._words("[itemprop=author], [rel=author]")
        )
        self.date = stated_facts.day(
            self._meta("article:published_time", "date", "dc.date", "datepublished")
            or linked.get("date")
        )
        saved = _SAVED_FROM.search(html[:20_000])
        canonical = page.css_first("link[rel=canonical]")
        address = (canonical.attributes.get("href") if canonical else None) or self._meta("og:url")
        self.link = stated_facts.link(address) or stated_facts.link(saved[1] if saved else None)
        root = page.css_first("html")
        self.language = stated_facts.language(root.attributes.get("lang") if root else None)

    def _title(self, heading: str) -> str:
        """The only heading of the first level; or what the browser shows, where that heading is the site's name in it."""
        node = self._page.css_first("head > title") or self._page.css_first("title")
        shown = clean(node.text(deep=True)) if node else ""
        own, separator, site = (part.strip() for part in shown.rpartition(" | "))
        return own if separator and site.casefold() == heading.casefold() else heading or shown

    def _meta(self, *names: str) -> str:
        for node in self._page.css("meta[content]"):
            key = (
                node.attributes.get("name")
                or node.attributes.get("property")
                or node.attributes.get("itemprop")
            )
            value = node.attributes.get("content") or ""
            if key and key.lower() in names and value.strip():
                return value
        return ""

    def _words(self, selector: str) -> str:
        node = self._page.css_first(selector)
        return node.text(deep=True, separator=" ") if node else ""

    def _linked_data(self) -> Iterator[tuple[str, str]]:
        """Yield the author and date of the article that JSON-LD describes."""
        for node in self._page.css('script[type="application/ld+json"]'):
            try:
                found = json.loads(node.text(deep=True))
            except (ValueError, RecursionError):
                continue
            graph = found.get("@graph", [found]) if isinstance(found, dict) else found
            for one in graph if isinstance(graph, list) else []:
                if not isinstance(one, dict):
                    continue
                author = one.get("author")
                author = author[0] if isinstance(author, list) and len(author) == 1 else author
                author = author.get("name") if isinstance(author, dict) else author
                if isinstance(author, str):
                    yield "author", author
                if isinstance(day := one.get("datePublished"), str):
                    yield "date", day


def _is_web_archive(head: bytes) -> bool:
    top = head[:20_000]
    return bool(_WEB_ARCHIVE.search(top)) and (
        b"Snapshot-Content-Location:" in top or b'type="text/html"' in top
    )


def _page_of_web_archive(data: bytes, where: str) -> tuple[bytes, str | None]:
    message = email.message_from_bytes(data, policy=email.policy.default)
    for part in message.walk():
        if isinstance(part, EmailMessage) and part.get_content_type() == "text/html":
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                return content, stated_facts.link(str(message.get("Snapshot-Content-Location", "")))
    raise VerbatimError(Problem(where, "contains no HTML page: save the page again"))

"""An EPUB book: a zip of XHTML chapters, in the order of its spine."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import BinaryIO
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from bot.errors import Problem, VerbatimError
from bot.texts.formats import html_blocks, stated_facts
from bot.texts.formats.draft import Draft, DropTally
from bot.texts.formats.file_input import decode_declared
from bot.texts.formats.zip_package import SIGNATURE, ZipPackage

NAME = "epub"
LABEL = "EPUB book"
ISOLATED = True

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_FONT_ALGORITHMS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_OPF = "{http://www.idpf.org/2007/opf}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_SELF_CLOSED = re.compile(r"<([A-Za-z][\w:-]*)((?:\s[^<>]*?)?)/>")
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())


def matches(head: bytes, name: str) -> bool:
    """Tell by the first part of the zip, which states the type."""
    return head.startswith(SIGNATURE) and b"mimetypeapplication/epub+zip" in head[:200]


def parse(file: BinaryIO, name: str) -> Draft:
    """Read the chapters; the table of contents and the footnotes' marks are reported as dropped.

    Raises:
        VerbatimError: the file is damaged, locked (DRM), or has no chapter.

    """
    package = ZipPackage(file, name)
    _check_lock(package, name)
    root = package.xml(_CONTAINER)
    path = next(
        (one.get("full-path") for one in root.iter() if one.tag.endswith("}rootfile")), None
    )
    if path is None:
        raise VerbatimError(
            Problem(name, "META-INF/container.xml does not name a book: export it again")
        )
    book = package.xml(path)
    tally = DropTally()
    blocks: list[str] = []
    for chapter, in_order in _chapters(book, posixpath.dirname(path), name):
        if chapter not in package:
            tally.add(chapter, "a chapter that the file lacks")
            continue
        html, _ = decode_declared(package.read(chapter, html_blocks.MOST_BYTES))
        if not in_order:
            tally.add(chapter, "the table of contents")
            continue
        page = html_blocks.tree(_with_end_tags(html), name)
        if page.body is not None:
            for navigation in page.css("nav"):
                if navigation.parent is not None:
                    tally.add(navigation.text(deep=True, separator=" "), "the table of contents")
                    navigation.remove()
            blocks += html_blocks.Renderer(tally.add).blocks(page.body)
    if not any(not block.startswith("<!--") for block in blocks):
        raise VerbatimError(Problem(name, "has no text: its pages are pictures"))
    return Draft(
        LABEL,
        tuple(blocks),
        author=stated_facts.author(*_facts(book, "creator")),
        dropped=tally.lines,
        title=stated_facts.title(next(iter(_facts(book, "title")), None)),
        date=stated_facts.day(next(iter(_facts(book, "date")), None)),
        language=stated_facts.language(next(iter(_facts(book, "language")), None)),
    )


def _check_lock(package: ZipPackage, where: str) -> None:
    """Refuse a book with DRM; fonts may be obfuscated without it."""
    if _ENCRYPTION not in package:
        return
    methods = [
        one.get("Algorithm")
        for one in package.xml(_ENCRYPTION).iter()
        if one.tag.endswith("}EncryptionMethod")
    ]
    if any(method not in _FONT_ALGORITHMS for method in methods):
        raise VerbatimError(
            Problem(where, "is locked (DRM): only its shop's own program can read it")
        )


def _chapters(book: Element, folder: str, where: str) -> Iterator[tuple[str, bool]]:
    """Yield the path of each chapter, and whether it is text: the book's own contents page is not."""
    manifest = {one.get("id"): one for one in book.iter(f"{_OPF}item")}
    spine = list(book.iter(f"{_OPF}itemref"))
    if not spine:
        raise VerbatimError(
            Problem(where, "lists no chapters (its spine is empty): export it again")
        )
    contents = {
        (one.get("href") or "").split("#")[0]
        for one in book.iter(f"{_OPF}reference")
        if one.get("type") == "toc"
    }
    seen: set[str] = set()
    for reference in spine:
        item = manifest.get(reference.get("idref"))
        href = (item.get("href") or "").split("#")[0] if item is not None else ""
        if item is None or not href or href in seen:
            continue
        seen.add(href)
        is_contents = href in contents or "nav" in (item.get("properties") or "").split()
        yield posixpath.normpath(posixpath.join(folder, unquote(href))), not is_contents


def _with_end_tags(html: str) -> str:
    """Write `<a id="x"/>` as `<a id="x"></a>`: a parser of HTML takes no notice of the slash."""
    return _SELF_CLOSED.sub(
        lambda tag: tag[0] if tag[1].lower() in _VOID else f"<{tag[1]}{tag[2]}></{tag[1]}>", html
    )


def _facts(book: Element, name: str) -> list[str]:
    return [one.text for one in book.iter(f"{_DC}{name}") if one.text and one.text.strip()]

"""reStructuredText, read by docutils. Needs the extra `documents`."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, BinaryIO

from selectolax.lexbor import LexborHTMLParser

from bot.errors import Problem, VerbatimError
from bot.texts.formats import html_blocks, stated_facts
from bot.texts.formats.draft import Draft, DropTally
from bot.texts.formats.file_input import MEBIBYTE, decode_guess, missing_extra, read_all

if TYPE_CHECKING:
    from docutils.nodes import Node, enumerated_list
    from docutils.parsers.rst import Parser

NAME = "rst"
LABEL = "reStructuredText"

MOST_BYTES = 4 * MEBIBYTE
MOST_SECONDS = 20.0
"""Of a processor, for one text."""

_DIRECTIVE = re.compile(r"^\.\. (?:[a-z][\w-]*(?::[\w-]+)?::|_[^:\n]+:|\[[#\w*]+\] )", re.MULTILINE)
_TITLE = re.compile(r"^(\S[^\n]*)\n([=\-~^\"'`#*+:.])\2{2,}[ \t]*$", re.MULTILINE)
_ROLE = re.compile(r":[a-z]+(?::[a-z]+)?:`[^`\n]+`|``[^`\n]+``|`[^`\n]+`_")
_UNKNOWN = re.compile(r"Unknown (?:directive type|interpreted text role) \"([^\"]+)\"")
_SPHINX = re.compile(r":[a-z]+(?::[a-z]+)?:`(?:~|!)?([^`<\n]*?)(?:\s*<[^`>\n]*>)?`")
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_INFO = 1
"""The level of messages by which docutils explains how it read a text, and leaves nothing out."""

_GENERATED = (
    ("nav.contents, aside.contents, div.contents", "the table of contents"),
    (
        "aside.footnote > span.label, aside.citation > span.label, div.citation > span.label",
        "the mark of a footnote",
    ),
    ("dl.docinfo", "the list of facts below the title"),
)
_SETTINGS = {
    "file_insertion_enabled": False, "raw_enabled": False, "_disable_config": True, "report_level": 5, "halt_level": 5,
    "embed_stylesheet": False, "stylesheet_path": None, "smart_quotes": False, "doctitle_xform": True,
    "input_encoding": "unicode", "line_length_limit": 10_000, "syntax_highlight": "none", "math_output": "LaTeX",
}  # fmt: skip


def matches(head: bytes, name: str) -> bool:
    """Tell by directives and titles; by one of them where the file's name says so too."""
    if b"\0" in head:
        return False
    text = decode_guess(head)[0].replace("\r\n", "\n")
    directive, title = bool(_DIRECTIVE.search(text)), bool(_TITLE.search(text))
    if name.lower().endswith((".rst", ".rest")):
        return True
    return directive and (title or bool(_ROLE.search(text)))


def parse(file: BinaryIO, name: str) -> Draft:
    """Read sections, lists, tables and footnotes. Files that directives include are not read; comments are dropped.

    Raises:
        VerbatimError: docutils cannot read the text or is not installed.

    """
    text, note = decode_guess(read_all(file, name, MOST_BYTES))
    try:
        from docutils import nodes  # noqa: PLC0415
        from docutils.core import publish_doctree, publish_from_doctree  # noqa: PLC0415
    except ImportError as error:
        raise missing_extra(name, "reStructuredText", "documents") from error
    tally = DropTally()
    plain = _SPHINX.sub(
        r"\1", text.lstrip("\ufeff")
    )  # roles of Sphinx are not known here; their words are
    try:
        tree = publish_doctree(plain, parser=_parser(), settings_overrides=_SETTINGS)
        for kind, reason in (
            (nodes.comment, "a comment"),
            (nodes.substitution_definition, "a definition of a substitution"),
        ):
            for node in list(tree.findall(kind)):
                tally.add(node.astext(), reason, line=node.line or 0)
                node.parent.remove(node)
        for message in list(tree.findall(nodes.system_message)):
            unknown = _UNKNOWN.search(message.astext())
            reason = "a directive that is not known" if unknown else "a message of the parser"
            if message["level"] > _INFO:
                tally.add(message.astext(), reason, line=message.get("line", 0))
            message.parent.remove(message)
        for numbered in list(tree.findall(nodes.enumerated_list)):
            if (numbered["enumtype"], numbered["prefix"], numbered["suffix"]) != (
                "arabic",
                "",
                ".",
            ):
                numbered.replace_self(_marked_paragraphs(numbered))
        page = str(
            publish_from_doctree(
                tree, writer="html5", settings_overrides={**_SETTINGS, "output_encoding": "unicode"}
            )
        )
    except (RecursionError, Exception) as error:  # docutils raises what its parts do on odd input
        slow = isinstance(error, TimeoutError)
        reason = "takes too long to read" if slow else "cannot be read"
        reason += " as reStructuredText: try --format paragraphs"
        raise VerbatimError(Problem(name, reason)) from error
    html = html_blocks.tree(page, name)
    author = _without_generated(html, tally)
    blocks = html_blocks.Renderer(tally.add).blocks(html.body) if html.body is not None else []
    if not blocks:
        reason = "has no text that can be read as reStructuredText: try --format paragraphs"
        raise VerbatimError(Problem(name, reason))
    title = html.css_first("h1.title")
    return Draft(
        LABEL,
        tuple(blocks),
        author=stated_facts.author(author),
        dropped=tally.lines,
        notes=(note,) if note else (),
        title=stated_facts.title(title.text(deep=True)) if title is not None else None,
    )


def _parser() -> Parser:
    """Make a parser that gives up: docutils may take a second for every ten kilobytes of odd text."""
    from docutils import nodes  # noqa: PLC0415
    from docutils.parsers.rst import Parser  # noqa: PLC0415

    class BoundedParser(Parser):
        def parse(self, inputstring: str, document: nodes.document) -> None:
            until = time.thread_time() + MOST_SECONDS
            note_source = document.note_source

            def note_line(source: str, offset: int) -> None:
                if time.thread_time() > until:
                    raise TimeoutError
                note_source(source, offset)

            # Every line of every part is announced to this method.
            document.note_source = note_line  # type: ignore[method-assign]  # of this document alone
            super().parse(inputstring, document)

    return BoundedParser()


def _marked_paragraphs(numbered: enumerated_list) -> list[Node]:
    """Write each item's mark before its words, as the author did: HTML makes "1. Smith" of "A. Smith"."""
    from docutils.nodes import Text, paragraph  # noqa: PLC0415

    blocks: list[Node] = []
    for ordinal, item in enumerate(numbered.children, start=numbered.get("start", 1)):
        mark = (
            f"{numbered['prefix']}{_enumerator(ordinal, numbered['enumtype'])}{numbered['suffix']}"
        )
        contents = list(item.children)
        if contents and isinstance(contents[0], paragraph):
            contents[0].insert(0, Text(f"{mark} "))
        else:
            contents.insert(0, paragraph("", mark))
        blocks += contents
    return blocks


def _enumerator(ordinal: int, kind: str) -> str:
    """Write the number of an item as docutils read it: "arabic", "loweralpha", "upperroman", and so on."""
    if kind == "arabic":
        return str(ordinal)
    if kind.endswith("alpha"):
        mark = chr(ord("a") + ordinal - 1)
    else:
        mark = ""
        for value, numeral in _ROMAN:
            mark += numeral * (ordinal // value)
            ordinal %= value
    return mark.upper() if kind.startswith("upper") else mark


def _without_generated(page: LexborHTMLParser, tally: DropTally) -> str | None:
    """Take out what docutils wrote and the author did not; return the author whom the text names."""
    author = page.css_first("dl.docinfo > dd.author, dl.docinfo > dd.authors")
    name = author.text(deep=True) if author is not None else None
    for node in page.css(
        "aside.admonition > p.admonition-title, div.admonition > p.admonition-title"
    ):
        kinds = (node.parent.attributes.get("class") or "") if node.parent is not None else ""
        if "admonition-" not in kinds:  # else it has a title of its own
            node.remove()
    for selector, reason in _GENERATED:
        for node in page.css(selector):
            tally.add(node.text(deep=True, separator=" "), reason)
            node.remove()
    return name

"""Divides one post by its Markdown: headings, items, rows, code, HTML, and sentences in all of these."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import accumulate

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from bot.models import Role, Span
from bot.texts import lines
from bot.texts.pieces import BOLD_POST, FROM_BEFORE, Piece, introduces
from bot.texts.sentences import sentence_spans
from bot.texts.spoken import blank, spoken

_UNDERLINED = re.compile(r"(?P<words>[^\n|>*+`<#-][^\n]{0,80})\n(?P<line>=+|-{3,})[ \t]*(?=\n|$)")
_BOLD_LINE = re.compile(
    rf"(?:{lines.SYMBOL}\s*)*(?P<bold>(?:\*\*|__)[^*_\n]{{1,80}}(?<![.!?:;,])(?:\*\*|__))(?:\s*{lines.SYMBOL})*"
)
_ESCAPE = re.compile(r"\\(?=[#<\[`~|=:-])")
_HTML_HEADING = re.compile(r"\s*<h([1-6])\b[^<>]*>", re.IGNORECASE)
_SUMMARY = re.compile(r"<summary\b[^<>]*>.*?(?:</summary\s*>|$)", re.IGNORECASE | re.DOTALL)
_LIST_ITEM = re.compile(r"[ \t]*(?:[*+-]|\d{1,3}[.)])[ \t]")
_LINK = re.compile(r"\[[^\[\]\n]{0,300}\]\([^()\n]{0,900}\)")
_ANCHOR = re.compile(r"\s*(?:[*+-]|\d{1,3}[.)])\s+\[[^\[\]\n]*\]\(#[^()\n]*\)[\s.]*")
_MOST_CODE = 1_200
"""Characters of code that are one passage."""

_LED = frozenset({"bullet_list_open", "ordered_list_open", "table_open", "fence"})


class MarkdownPost:
    """Divides one post; `offset` is the number that its first passage has in the source."""

    def __init__(self, text: str, number: int, offset: int, language: str) -> None:
        self._text, self._number, self._offset, self._language = text, number, offset, language
        self._spoken = spoken(text)
        self._starts = list(accumulate((len(line) + 1 for line in text.split("\n")), initial=0))
        self._found: list[Piece] = []
        self._item = 0

    def pieces(self) -> list[Piece]:
        """Divide the post into passages; the lead of a list that it begins with is FROM_BEFORE."""
        text = self._text
        if heading := _UNDERLINED.match(text):
            level = 1 if heading["line"][0] == "=" else 2
            self._add(heading.span("words"), Role.HEADING, level=level)
            text = blank(heading) + text[heading.end() :]
        tokens = _parser().parse(textwrap.dedent(text))
        led = bool(tokens) and tokens[0].type in _LED and not self._found
        self._walk(tokens, FROM_BEFORE if led else None)
        return self._found

    def _walk(self, tokens: Sequence[Token], lead: int | None) -> None:
        at = 0
        while at < len(tokens):
            token, end = tokens[at], _closing(tokens, at)
            inner = tokens[at + 1 : end]
            match token.type:
                case "bullet_list_open" | "ordered_list_open":
                    if not self._is_contents(token):
                        outer, self._item = self._item, 0
                        self._walk(inner, self._introduction(lead))
                        self._item = outer
                case "list_item_open":
                    self._item += 1
                    self._walk(inner, lead)
                case "table_open":
                    self._table(inner, self._introduction(lead))
                case "heading_open":
                    self._heading(token, inner[0])
                case "paragraph_open":
                    self._paragraph(inner[0], lead)
                case "fence":
                    self._code(token, self._introduction(lead))
                case "html_block":
                    self._html(token)
                case _:
                    self._walk(inner, lead)
            at = end + 1

    def _add(
        self,
        extent: tuple[int, int],
        role: Role = Role.ANSWER,
        lead: int | None = None,
        level: int = 0,
    ) -> None:
        """Add a passage, trimmed, unless it has no letter and no digit."""
        start, end = extent
        inside = self._spoken[start:end]
        if any(map(str.isalnum, inside)):
            start += len(inside) - len(inside.lstrip())
            span = Span(self._unescaped(start), start + len(inside.strip()))
            self._found.append(Piece(self._number, span, role, lead, level, self._item))

    def _introduction(self, otherwise: int | None) -> int | None:
        """Make the last passage the lead of what follows it, if it ends in a colon."""
        if not self._found or not introduces(self._found[-1], self._text):
            return otherwise
        self._found[-1] = replace(self._found[-1], role=Role.LEAD)
        return self._offset + len(self._found) - 1

    def _extent(self, token: Token) -> tuple[int, int]:
        """Find the content of an inline token: from its first to its last character in the post."""
        first, last = token.map or (0, 0)
        lines = token.content.split("\n")
        start = self._text.find(lines[0].strip(), self._starts[first])
        line = self._text[self._starts[last - 1] : self._starts[last] - 1]
        return start, self._starts[last - 1] + len(line.rstrip())

    def _heading(self, token: Token, content: Token) -> None:
        start, end = self._extent(content)
        title = self._text[start:end].rstrip("# \t")
        self._add((start, start + len(title)), Role.HEADING, level=int(token.tag[1]))

    def _paragraph(self, token: Token, lead: int | None) -> None:
        start, end = self._extent(token)
        if bold := _BOLD_LINE.fullmatch(self._text, start, end):
            self._add(bold.span("bold"), Role.HEADING, level=6)
            return
        if BOLD_POST.fullmatch(self._text):
            self._add((start, end), lead=lead)  # whole, even if it is several sentences
            return
        besides = _LINK.sub(blank, self._spoken[start:end])
        links = len(_LINK.findall(self._spoken[start:end]))
        if links > 1 and not any(map(str.isalnum, besides)):
            return  # navigation
        self._sentences(start, end, lead)

    def _sentences(self, start: int, end: int, lead: int | None) -> None:
        inside = self._spoken[start:end]
        if not any(map(str.isalnum, inside)) and inside != self._text[start:end]:
            return
        found = lines.rows(inside)
        if found is None:
            found = lines.structured(inside, sentence_spans(inside, self._language))
        first = self._offset + len(self._found)
        begins_marked = lead is None and not self._found and bool(found) and found[0].is_marked
        outer = FROM_BEFORE if begins_marked else lead
        for line in found:
            if begins_marked and line.lead is None and not (line.item or line.is_marked):
                outer = None
            span = Span(self._unescaped(start + line.span.start), start + line.span.end)
            own = outer if line.lead is None else first + line.lead
            piece = Piece(self._number, span, line.role, own, item=line.item or self._item)
            self._found.append(piece)

    def _unescaped(self, start: int) -> int:
        """Pass over the backslash that makes a line no heading or tag: importers write it, no author does."""
        return start + (_ESCAPE.match(self._text, start) is not None)

    def _table(self, tokens: Sequence[Token], lead: int | None) -> None:
        """A row is a passage, and the header the lead of all of them; `lead` introduces the table."""
        header: int | None = None
        in_head = False
        self._item = 0
        for token in tokens:
            if token.type in ("thead_open", "thead_close"):
                in_head = token.type == "thead_open"
            elif token.type == "tr_open" and token.map:
                start, end = self._starts[token.map[0]], self._starts[token.map[1]] - 1
                line = self._text[start:end]
                start += len(line) - len(line.lstrip("| \t"))
                end -= len(line) - len(line.rstrip("| \t"))
                count = len(self._found)
                self._item += not in_head
                above = lead if header is None else header
                self._add((start, end), Role.LEAD if in_head else Role.ANSWER, above)
                if in_head and len(self._found) > count:
                    header = self._offset + count
        self._item = 0

    def _code(self, token: Token, lead: int | None) -> None:
        """Code is one passage, a long one several, cut between lines."""
        first, last = token.map or (0, 0)
        closed = last - first > 1 and self._text[: self._starts[last] - 1].rstrip().endswith(
            token.markup
        )
        start = begin = (
            self._starts[first + 1] if first + 1 < len(self._starts) else len(self._text)
        )
        for line in range(first + 1, last - closed):
            end = self._starts[line + 1] - 1
            if end - begin > _MOST_CODE and begin < self._starts[line]:
                self._found.append(
                    Piece(self._number, Span(begin, self._starts[line] - 1), lead=lead)
                )
                begin = self._starts[line]
        end = max(start, self._starts[last - closed] - 1)
        if any(map(str.isalnum, self._text[begin:end])):
            self._found.append(Piece(self._number, Span(begin, end), lead=lead))

    def _html(self, token: Token) -> None:
        first, last = token.map or (0, 0)
        start, end = self._starts[first], min(self._starts[last] - 1, len(self._text))
        if heading := _HTML_HEADING.match(self._text, start, end):
            self._add((start, end), Role.HEADING, level=int(heading[1]))
        elif summary := _SUMMARY.search(self._text, start, end):
            self._sentences(start, summary.start(), None)
            self._add(summary.span(), Role.HEADING, level=6)
            self._sentences(summary.end(), end, None)
        elif any(map(str.isalnum, self._spoken[start:end])):
            self._sentences(start, end, None)

    def _is_contents(self, token: Token) -> bool:
        """Tell whether a list is a table of contents: links within the document alone."""
        first, last = token.map or (0, 0)
        lines = self._text[self._starts[first] : self._starts[last] - 1].split("\n")
        filled = [line for line in lines if line.strip()]
        return len(filled) > 1 and all(map(_ANCHOR.fullmatch, filled))


def _closing(tokens: Sequence[Token], at: int) -> int:
    """Find the token that closes what the one at `at` opens; itself where it opens nothing."""
    if tokens[at].nesting != 1:
        return at
    level = tokens[at].level
    return next(
        n
        for n in range(at + 1, len(tokens))
        if tokens[n].level == level and tokens[n].nesting == -1
    )


@cache
def _parser() -> MarkdownIt:
    """CommonMark with tables; indentation makes no code, and a rule under a line is looked at by `_UNDERLINED`."""
    parser = MarkdownIt("commonmark", {"html": True}).enable("table").disable(["code", "lheading"])
    parser.core.ruler.disable("inline")  # only blocks are asked for
    parser.block.ruler.before("paragraph", "lead", _is_lead_of_list, {"alt": ["paragraph"]})
    return parser


def _is_lead_of_list(state: StateBlock, line: int, last: int, silent: bool) -> bool:
    """Tell whether `line` ends the list above it, being the lead of the next one; for CommonMark it goes on with the item."""
    if not silent or line + 1 >= last or state.sCount[line] >= state.blkIndent:
        return False
    own, following = (state.src[state.bMarks[n] : state.eMarks[n]] for n in (line, line + 1))
    return own.rstrip().endswith((":", "：")) and _LIST_ITEM.match(following) is not None

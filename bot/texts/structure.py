"""Divides posts into passages by their Markdown: sentences, list items, table rows, and what only leads to them.

A heading, the line above a list, a table's header and the question of an FAQ are no answers, but context of
those below them. Comments, tags, images, rules and tables of contents are neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.models import Passage, Role, Source, Span
from bot.texts.sentences import sentence_spans


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage of a post: `span` in its text. `lead` is the number of its lead among the source's pieces.

    `level` is that of a heading, 1 to 6, and 0 of anything else; `item` the number of a list item or table row.
    """

    post: int
    span: Span
    role: Role = Role.ANSWER
    lead: int | None = None
    level: int = 0
    item: int = 0


MOST_QUESTION = 30
"""Words of a question of an FAQ."""

_SPECIAL = re.compile(
    r"(?m)^[ \t]{0,12}(?:[#>|*+\-–•`~<=_!\[\\]|\(?\d{1,3}[.)]\s|Q\s?\d{0,3}[:.)])|\||</?[a-zA-Z]|<!--|!\[|(?:\.\s?){4}"
)
"""What may be Markdown. A post without it is made of sentences alone, which is quicker to find out."""

_UNDERLINED = re.compile(r"(?P<words>[^\n|>*+`<#-][^\n]{0,80})\n(?P<line>=+|-{3,})[ \t]*(?=\n|$)")
_BOLD_LINE = re.compile(r"(?:\*\*|__)[^*_\n]{1,80}(?<![.!?:;,])(?:\*\*|__)")
_BOLD_POST = re.compile(r"\s*(?P<bold>\*\*|__)(?:(?!(?P=bold))[^\n]){1,250}(?P=bold)\s*")
"""All of a post in bold: where it is no heading, it leads to the next post, as the question of an FAQ does."""

_LEADS = re.compile(r"[:：][*_]{0,3}$")
_UNSPOKEN = re.compile(
    r"<!--.*?(?:-->|$)"
    r"|<(?P<hidden>script|style|nav|svg|template)\b.*?(?:</(?P=hidden)\s*>|$)"
    r"|</?[a-zA-Z][^<>\n]{0,500}>"
    r"|\[?!\[[^\[\]\n]{0,300}\]\([^()\n]{0,900}\)(?:\]\([^()\n]{0,900}\))?|!\[\[[^\[\]\n]{0,300}\]\]"
    r"|(?m:^[ \t]*\[\^[^\]\n]{1,40}\]:[ \t]*)"
    r"|(?m:^[^\n]{0,200}?(?:\.[ ]?){4,}[ \t]*\d{1,4}[ \t]*$)"
    r"|(?m:^[ \t]*(?:>[ \t]?)+)"
    r"|(?m:^[ \t]*(?:[*+-]|\d{1,3}[.)])[ \t]+\[[ xX]\][ \t])",
    re.DOTALL | re.IGNORECASE,
)
"""Comments, hidden elements, tags, images, labels of footnotes, contents lines, marks of quotations, boxes of tasks."""

_ESCAPE = re.compile(r"\\(?=[#<\[`~|=:-])")
_HTML_HEADING = re.compile(r"\s*<h([1-6])\b[^<>]*>", re.IGNORECASE)
_SUMMARY = re.compile(r"<summary\b[^<>]*>.*?(?:</summary\s*>|$)", re.IGNORECASE | re.DOTALL)
_LINK = re.compile(r"\[[^\[\]\n]{0,300}\]\([^()\n]{0,900}\)")
_ANCHOR = re.compile(r"\s*(?:[*+-]|\d{1,3}[.)])\s+\[[^\[\]\n]*\]\(#[^()\n]*\)[\s.]*")
_QUESTION = re.compile(
    r"(?P<mark>\s*(?:\*\*|__|\(?\d{1,3}[.)]\s|Q\s?\d{0,3}[:.)]))?[^\n]*[?？؟](?:\*\*|__)?\s*"
)
_MOST_CODE = 1_200
"""Characters of code that are one passage."""


_LED = frozenset({"bullet_list_open", "ordered_list_open", "table_open", "fence"})
_FROM_BEFORE = -1
"""In the place of a lead: what the post before leads with, if anything."""


def pieces_of(posts: Iterable[str], language: str) -> list[Piece]:
    """Divide the posts of one source, in reading order; `language` is a tag such as `en` or `pt-BR`."""
    found: list[Piece] = []
    texts: list[str] = []
    lead: int | None = None  # of the list that goes on from post to post
    for number, text in enumerate(posts):
        texts.append(text)
        if not _SPECIAL.search(text):
            found += [Piece(number, span) for span in sentence_spans(text, language)]
            lead = None
            continue
        own = _Post(text, number, len(found), language).pieces()
        if own and own[0].lead == _FROM_BEFORE:
            if lead is None and found and _introduces(found[-1], texts[found[-1].post]):
                lead = len(found) - 1
                found[-1] = replace(found[-1], role=Role.LEAD)
            goes_on = found[-1].item if found and found[-1].post == number - 1 else 0
            own = [
                replace(p, lead=lead, item=p.item + goes_on) if p.lead == _FROM_BEFORE else p
                for p in own
            ]
        else:
            lead = None
        found += own
    return _with_question_leads(found, texts)


def sections_of(pieces: Sequence[Piece]) -> list[int | None]:
    """Find the heading that each passage stands under, by its number; a heading stands under one of a higher level."""
    found: list[int | None] = []
    open_: list[int] = []  # headings, outermost first
    for number, piece in enumerate(pieces):
        if piece.role is Role.HEADING:
            while open_ and pieces[open_[-1]].level >= piece.level:
                open_.pop()
        found.append(open_[-1] if open_ else None)
        if piece.role is Role.HEADING:
            open_.append(number)
    return found


def heading_words(text: str) -> str:
    """The words of a heading, without the marks of emphasis around them."""
    return text.strip("*_`# \t")


def passages_of(source: Source) -> list[Passage]:
    """Divide `source` into passages, in reading order."""
    pieces = pieces_of((post.text for post in source.posts), source.language)
    found: list[Passage] = []
    sentence, post = 0, -1
    for piece, section in zip(pieces, sections_of(pieces), strict=True):
        sentence, post = (sentence + 1 if piece.post == post else 1), piece.post
        above = found[section] if section is not None else None
        headings = (*above.headings, heading_words(above.text)) if above else ()
        lead = None if piece.lead is None else found[piece.lead]
        found.append(
            Passage(
                source,
                source.posts[post],
                sentence,
                piece.span,
                piece.role,
                lead,
                headings,
                piece.item,
            )
        )
    return found


def _introduces(piece: Piece, text: str) -> bool:
    """Tell whether a passage ends in a colon."""
    return piece.role is Role.ANSWER and bool(
        _LEADS.search(text[piece.span.start : piece.span.end])
    )


class _Post:
    """Divides one post; `offset` is the number that its first passage has in the source."""

    def __init__(self, text: str, number: int, offset: int, language: str) -> None:
        self._text, self._number, self._offset, self._language = text, number, offset, language
        self._spoken = _UNSPOKEN.sub(_blank, text)
        self._starts = list(accumulate((len(line) + 1 for line in text.split("\n")), initial=0))
        self._found: list[Piece] = []
        self._item = 0

    def pieces(self) -> list[Piece]:
        text = self._text
        if heading := _UNDERLINED.match(text):
            level = 1 if heading["line"][0] == "=" else 2
            self._add(heading.span("words"), Role.HEADING, level=level)
            text = _blank(heading) + text[heading.end() :]
        tokens = _parser().parse(text)
        led = bool(tokens) and tokens[0].type in _LED and not self._found
        self._walk(tokens, _FROM_BEFORE if led else None)
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
                    level = int(token.tag[1])
                    start, end = self._extent(inner[0])
                    title = self._text[start:end].rstrip("# \t")
                    self._add((start, start + len(title)), Role.HEADING, level=level)
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
        if not self._found or not _introduces(self._found[-1], self._text):
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

    def _paragraph(self, token: Token, lead: int | None) -> None:
        start, end = self._extent(token)
        if _BOLD_LINE.fullmatch(self._text[start:end]):
            self._add((start, end), Role.HEADING, level=6)
            return
        if _BOLD_POST.fullmatch(self._text):
            self._add((start, end), lead=lead)  # whole, even if it is several sentences
            return
        spoken = _LINK.sub(_blank, self._spoken[start:end])
        links = len(_LINK.findall(self._spoken[start:end]))
        if links > 1 and not any(map(str.isalnum, spoken)):
            return  # navigation
        self._sentences(start, end, lead)

    def _sentences(self, start: int, end: int, lead: int | None) -> None:
        inside = self._spoken[start:end]
        if any(map(str.isalnum, inside)) or inside == self._text[start:end]:
            for begin, stop in sentence_spans(inside, self._language):
                span = Span(self._unescaped(start + begin), start + stop)
                self._found.append(Piece(self._number, span, lead=lead, item=self._item))

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


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])


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


def _with_question_leads(pieces: list[Piece], texts: Sequence[str]) -> list[Piece]:
    """Make the questions of an FAQ leads of their answers.

    A question that is marked (bold, numbered, `Q:`) and has its answer behind it in the post; or one that is a
    post alone, before another post that is none. Of unmarked ones there must be two, for a writer may ask one, and
    each leads to the next post only; a marked one to all up to the next question or heading.
    """
    posts: list[list[int]] = [[] for _ in texts]
    for number, piece in enumerate(pieces):
        posts[piece.post].append(number)
    alone = {
        n: numbers[0]
        for n, numbers in enumerate(posts)
        if _is_question_alone(pieces, numbers, texts[n])
    }
    marked = {n for n in alone if _BOLD_POST.fullmatch(texts[n]) or _is_marked(texts[n])}
    faq = {n: number for n, number in alone.items() if n in marked or len(alone) > 1}
    found = list(pieces)
    lead: int | None = None
    last = -1  # the last post that it leads to
    for n, numbers in enumerate(posts):
        if n > last:
            lead = None
        if n in faq and n + 1 < len(posts) and n + 1 not in alone:
            lead = faq[n]
            found[lead] = _question_lead(found[lead], texts[n])
            last = len(posts) if n in marked else n + 1
            continue
        if numbers and found[numbers[0]].role is Role.HEADING:
            lead = None
        own = _question_in(found, numbers, texts[n])
        if own is not None:
            found[own] = _question_lead(found[own], texts[n])
            lead = None
        for number in numbers:
            if number != own and found[number].lead is None and found[number].role is Role.ANSWER:
                found[number] = replace(found[number], lead=lead if own is None else own)
    return found


def _is_marked(text: str) -> bool:
    match = _QUESTION.match(text)
    return match is not None and match["mark"] is not None


def _question_lead(piece: Piece, text: str) -> Piece:
    """Make a question a lead, without the marks that set all of it in bold."""
    start, end = piece.span
    mark = text[start : start + 2]
    if mark in ("**", "__") and text.endswith(mark, start + 3, end):
        start, end = start + 2, end - 2
    return replace(piece, role=Role.LEAD, span=Span(start, end))


def _is_question_alone(pieces: Sequence[Piece], numbers: Sequence[int], text: str) -> bool:
    if len(numbers) != 1 or pieces[numbers[0]].role is not Role.ANSWER:
        return False
    asks = _QUESTION.fullmatch(text) or _BOLD_POST.fullmatch(text)
    return bool(asks) and len(text.split()) <= MOST_QUESTION


def _question_in(pieces: Sequence[Piece], numbers: Sequence[int], text: str) -> int | None:
    """Find the marked question that a post begins with, if its answer stands behind it."""
    if len(numbers) < 2 or pieces[numbers[0]].role is not Role.ANSWER:
        return None
    match = _QUESTION.match(text)
    first = pieces[numbers[0]]
    asks = text[first.span.start : first.span.end].rstrip("*_ ").endswith(("?", "？", "؟"))
    return numbers[0] if match and match["mark"] and asks and first.lead is None else None


@cache
def _parser() -> MarkdownIt:
    """CommonMark with tables; indentation makes no code, and a rule under a line is looked at by `_UNDERLINED`."""
    parser = MarkdownIt("commonmark", {"html": True}).enable("table").disable(["code", "lheading"])
    parser.core.ruler.disable("inline")  # only blocks are asked for
    return parser

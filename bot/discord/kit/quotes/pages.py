"""The quotes of an answer, page by page, as message content."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace

from bot.discord.kit import markdown
from bot.discord.kit.quotes.encoding import FirstLine, Heading, QuoteList, QuoteRef
from bot.discord.kit.quotes.layout import quote_page
from bot.library.snapshots import Snapshot
from bot.models import Quote, foreign_languages
from bot.wording import Wording


def _line_of(heading: Heading, wording: Wording) -> str:
    return {
        Heading.ANSWERED: "",
        Heading.CLOSEST: wording.CLOSEST,
        Heading.PROBABLY: wording.PROBABLY,
        Heading.NEAREST: wording.NEAREST,
        Heading.FURTHER: wording.FURTHER,
        Heading.REPEATED: wording.REPEATED,
        Heading.PARTLY_REPEATED: wording.PARTLY_REPEATED,
        Heading.QUOTED: "",
        Heading.CENTRAL: wording.CENTRAL,
    }[heading]


def first_line_of(kind: FirstLine, content: str) -> str:
    """The line of a message that stays when its page is turned; empty if it has none."""
    line = content.partition("\n")[0]
    if kind is FirstLine.UNKNOWN:
        return line if line.startswith(markdown.small("")) else ""
    return "" if kind is FirstLine.NONE else line


def shared_by(name: str, kind: FirstLine, line: str, wording: Wording) -> str:
    """The line that names the member who shared an answer, followed by what `line` says was asked."""
    by = markdown.small(f"{wording.SHARED_BY} {wording.isolated(markdown.escape(name))}")
    if line and kind is not FirstLine.SHARED:
        return f"{by}. {line.removeprefix(markdown.small(''))}"
    return by


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its content and quotes, and the indexes of the quotes that its neighbours start with."""

    content: str
    at: int
    refs: tuple[QuoteRef, ...]
    previous: int | None
    next: int | None
    left: int
    """How many quotes come after this page."""


def page(
    quotes: QuoteList,
    snapshot: Snapshot,
    at: int,
    most: int,
    wording: Wording,
    first_line: str = "",
    offered: Container[str] | None = None,
) -> Page | None:
    """Lay out the page that starts with quote `at`; None if none of its passages is left.

    It shows as many quotes as fit, at most `most`, under the line `first_line`, and says so if some
    are gone from the texts. A passage of a source that is not among the ids `offered` counts as gone
    (None: all are offered).
    """
    found = [ref.quote(snapshot) for ref in quotes.refs]
    present = [quote and offered_quote(quote, offered) for quote in found]
    return page_of(quotes, present, at, most, wording, first_line)


def offered_quote(quote: Quote, offered: Container[str] | None) -> Quote | None:
    """Leave out of a quote what is of no text `offered`; None if all of it is (None: all are offered)."""
    if offered is None:
        return quote
    if quote.passage.source.id not in offered:
        return None
    return replace(quote, also=tuple(one for one in quote.also if one.source.id in offered))


def page_of(
    quotes: QuoteList,
    present: Sequence[Quote | None],
    at: int,
    most: int,
    wording: Wording,
    first_line: str = "",
) -> Page | None:
    """The same with the quotes looked up already; None stands for one that is gone."""
    return _Pages(quotes, present, most, wording, first_line).turned_to(at)


@dataclass(frozen=True, slots=True)
class _Pages:
    quotes: QuoteList
    present: Sequence[Quote | None]
    most: int
    wording: Wording
    first_line: str

    def turned_to(self, at: int) -> Page | None:
        found = self._page(at)
        if found is None:
            return None
        content, shown = found
        after = self._alive(shown[-1] + 1)
        return Page(
            content,
            at,
            tuple(self.quotes.refs[number] for number in shown),
            self._before(at),
            after[0] if after else None,
            len(after),
        )

    def _before(self, at: int) -> int | None:
        """The start of the page before, found by turning pages from the first."""
        start, before = 0, None
        while start < at:
            found = self._page(start)
            if found is not None:
                before = start
            after = self._alive(found[1][-1] + 1 if found else self._end(start))
            start = after[0] if after else at
        return before

    def _alive(self, start: int) -> list[int]:
        return [n for n in range(start, len(self.present)) if self.present[n] is not None]

    def _end(self, at: int) -> int:
        if at < self.quotes.shown:
            return min(self.quotes.shown, len(self.present))
        return min(at + self.most, len(self.present))

    def _page(self, at: int) -> tuple[str, list[int]] | None:
        """The content of the page that starts at `at`, and the indexes of its quotes."""
        first = at < self.quotes.shown
        own = range(at, self._end(at))
        there = [(n, quote) for n in own if (quote := self.present[n]) is not None]
        if not there:
            return None
        languages = foreign_languages(self.quotes.language, [quote for _, quote in there])
        lines = (
            self.first_line,
            _line_of(self.quotes.heading, self.wording) if first else self.wording.FURTHER,
            self.wording.quoted_in(languages),
            self.wording.SOME_GONE if len(there) < len(own) else "",
        )
        heading = "\n".join(filter(None, lines))
        shown = quote_page(
            [quote for _, quote in there],
            self.most,
            self.wording,
            at + 1,
            heading,
            numbered=not first or self.quotes.shown > 1,
        )
        return shown.content, [number for number, _ in there[: shown.count]]

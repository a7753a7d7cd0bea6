"""An answer's quotes, some at a time: page after page as message content."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass

from bot.discord.kit import markdown
from bot.discord.kit.quotes import layout as messages
from bot.discord.kit.quotes.encoding import FirstLine, Given, Kind, Mark
from bot.library.snapshots import Snapshot
from bot.models import Hit, foreign_languages
from bot.wording import Texts


def _heading(kind: Kind, texts: Texts) -> str:
    return {
        Kind.ANSWERED: "",
        Kind.CLOSEST: texts.CLOSEST,
        Kind.NEAREST: texts.NEAREST,
        Kind.FURTHER: texts.FURTHER,
        Kind.REPEATED: texts.REPEATED,
        Kind.PARTLY_REPEATED: texts.PARTLY_REPEATED,
        Kind.QUOTED: "",
    }[kind]


def first_line_of(given: FirstLine, content: str) -> str:
    """Return the line of a message that stays when its page is turned, if it has one."""
    line = content.partition("\n")[0]
    if given is FirstLine.UNKNOWN:
        return line if line.startswith(markdown.small("")) else ""
    return "" if given is FirstLine.NONE else line


def shared_by(name: str, given: FirstLine, line: str, texts: Texts) -> str:
    """Return the line with the name of the member who shows the answer to everybody.

    What was asked, which `line` says, stays in it.
    """
    by = markdown.small(f"{texts.SHARED_BY} {texts.isolated(markdown.escape(name))}")
    if line and given is not FirstLine.SHARED:
        return f"{by}. {line.removeprefix(markdown.small(''))}"
    return by


@dataclass(frozen=True, slots=True)
class Page:
    """The content of a message, its quotes, and at which quote the pages beside it begin."""

    content: str
    at: int
    marks: tuple[Mark, ...]
    previous: int | None
    next: int | None
    left: int
    """Quotes after this page."""


def page(
    given: Given,
    snapshot: Snapshot,
    at: int,
    most: int,
    texts: Texts,
    first_line: str = "",
    offered: Container[str] | None = None,
) -> Page | None:
    """Return the page that begins with quote `at` of `given`; None when its passages are gone.

    A page shows at most `most` quotes, as many as fit, and says so when some of its own are gone:
    those too that are of none of the sources `offered` (None: all are). `first_line` stands above.
    """
    found = [mark.hit(snapshot) for mark in given.marks]
    hits = [
        hit if hit and (offered is None or hit.passage.source.id in offered) else None
        for hit in found
    ]
    return page_of(given, hits, at, most, texts, first_line)


def page_of(
    given: Given,
    hits: Sequence[Hit | None],
    at: int,
    most: int,
    texts: Texts,
    first_line: str = "",
) -> Page | None:
    """Return the same page where the quotes of `given` are at hand; None stands for one gone."""
    return _Pages(given, hits, most, texts, first_line).turned_to(at)


@dataclass(frozen=True, slots=True)
class _Pages:
    given: Given
    hits: Sequence[Hit | None]
    most: int
    texts: Texts
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
            tuple(self.given.marks[number] for number in shown),
            self._before(at),
            after[0] if after else None,
            len(after),
        )

    def _before(self, at: int) -> int | None:
        """Return where the page before begins: turning on from the beginning leads there."""
        start, before = 0, None
        while start < at:
            found = self._page(start)
            if found is not None:
                before = start
            after = self._alive(found[1][-1] + 1 if found else self._end(start))
            start = after[0] if after else at
        return before

    def _alive(self, start: int) -> list[int]:
        return [n for n in range(start, len(self.hits)) if self.hits[n] is not None]

    def _end(self, at: int) -> int:
        if at < self.given.shown:
            return min(self.given.shown, len(self.hits))
        return min(at + self.most, len(self.hits))

    def _page(self, at: int) -> tuple[str, list[int]] | None:
        """Return the content of the page that begins at `at`, and the numbers of its quotes."""
        first = at < self.given.shown
        own = range(at, self._end(at))
        there = [(number, hit) for number in own if (hit := self.hits[number]) is not None]
        if not there:
            return None
        languages = foreign_languages(self.given.language, [hit for _, hit in there])
        lines = (
            self.first_line,
            _heading(self.given.kind, self.texts) if first else self.texts.FURTHER,
            self.texts.quoted_in(languages),
            self.texts.SOME_GONE if len(there) < len(own) else "",
        )
        heading = "\n".join(filter(None, lines))
        shown = messages.quote_page(
            [hit for _, hit in there],
            self.most,
            self.texts,
            at + 1,
            heading,
            numbered=not first or self.given.shown > 1,
        )
        return shown.content, [number for number, _ in there[: shown.count]]

"""An answer's quotes, some at a time: page after page as message content."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass

from bot.frontends.catalogue import starts_of
from bot.frontends.discord import markdown, messages
from bot.frontends.discord.packing import Given, Kind, Mark
from bot.frontends.texts import Texts
from bot.models import Hit
from bot.snapshots import Snapshot


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


def _small(english: str) -> tuple[str, ...]:
    """Return how a line of small print begins, in every language that it may have been said in."""
    return tuple(markdown.small(f"{line} ") for line in starts_of(english))


@dataclass(frozen=True, slots=True)
class Above:
    """The lines of a message that stay when its page is turned: who asked what; the languages."""

    asked: str = ""
    languages: str = ""

    @classmethod
    def of(cls, content: str) -> Above:
        """Return those of a message of the bot's."""
        lines = content.split("\n")
        by = (*_small(Texts.ASKED), *_small(Texts.SHARED_BY))
        asked = lines[0] if lines[0].startswith(by) else ""
        quoted_in = starts_of(Texts.QUOTED_IN)
        languages = next((line for line in lines[:4] if line.startswith(quoted_in)), "")
        return cls(asked, languages)

    def shared_by(self, name: str, texts: Texts) -> Above:
        """Return the lines with the name of the member who shows the answer to everybody."""
        by = markdown.small(f"{texts.SHARED_BY} {texts.isolated(markdown.escape(name))}")
        if self.asked.startswith(_small(Texts.ASKED)):
            by = f"{by}. {self.asked.removeprefix('-# ')}"
        return Above(by, self.languages)


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
    above: Above = Above(),
    offered: Container[str] | None = None,
) -> Page | None:
    """Return the page that begins with quote `at` of `given`; None when its passages are gone.

    A page shows at most `most` quotes, as many as fit, and says so when some of its own are gone:
    those too that are of none of the sources `offered` (None: all are).
    """
    found = [mark.hit(snapshot) for mark in given.marks]
    hits = [
        hit if hit and (offered is None or hit.passage.source.id in offered) else None
        for hit in found
    ]
    return page_of(given, hits, at, most, texts, above)


def page_of(
    given: Given,
    hits: Sequence[Hit | None],
    at: int,
    most: int,
    texts: Texts,
    above: Above = Above(),
) -> Page | None:
    """Return the same page where the quotes of `given` are at hand; None stands for one gone."""
    return _Pages(given, hits, most, texts, above).turned_to(at)


@dataclass(frozen=True, slots=True)
class _Pages:
    given: Given
    hits: Sequence[Hit | None]
    most: int
    texts: Texts
    above: Above

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
        lines = (
            self.above.asked,
            _heading(self.given.kind, self.texts) if first else self.texts.FURTHER,
            self.above.languages,
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

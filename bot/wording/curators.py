"""Lines of /reload, for curators."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from bot.errors import Problem
from bot.library.results import ReloadResult, SourceChanges
from bot.wording.lines import Line, Lines


class CuratorLines(Lines):
    """What changed, and what was refused."""

    CURATORS_ONLY = Line("Only curators can do that: members with Manage Server or a curator role.")
    NO_CURATORS_HERE = Line("There are no curators here. Do that in a server that I'm in.")
    NOTHING_CHANGED = Line("I read the texts again: nothing has changed.")
    LOAD_GOOD = Line("Load the good files without them")
    REFUSED = Line("Nothing was changed, because some files can't be read:")
    SKIPPED = Line("Left out, because they can't be read:")
    STALE = Line("Still quoted as they were, because their files can't be read now:")
    LEAVE_OUT = Line("Leave these out")

    def reload_later(self, seconds: int) -> str:
        """Refuses a reload so soon after others."""
        return self._n(
            "The texts were read again just now. I can do that once more in {count} second.",
            "The texts were read again just now. I can do that once more in {count} seconds.",
            seconds,
        )

    def changes(self, change: SourceChanges) -> list[str]:
        """A line for each kind of change."""
        lines = [
            f"{verb} {', '.join(ids)}"
            for verb, ids in (
                (self._("Added:"), change.added),
                (self._("Changed:"), change.changed),
                (self._("Removed:"), change.removed),
            )
            if ids
        ]
        return lines or [self.NOTHING_CHANGED]

    def now(self, sources: int, passages: int) -> str:
        """How much there is after a reload."""
        return self._(
            "Now: {texts}, {passages}.",
            texts=self.counted_texts(sources),
            passages=self._n("{count} passage", "{count} passages", passages),
        )

    def reload(self, result: ReloadResult) -> list[str]:
        """What a reload did: what changed, what was refused or stays as it was, and why."""
        problems = self.problems(result.problems)
        if not result.swapped:
            return [self.REFUSED, *problems]
        lines = self.changes(result.changes)
        lines.append(self.now(len(result.snapshot.sources), len(result.snapshot.passages)))
        if problems:
            lines += [self.SKIPPED, *problems]
        if result.stale:
            lines += [self.STALE, *self.problems(chain.from_iterable(result.stale.values()))]
        return lines

    def problems(self, found: Iterable[Problem]) -> list[str]:
        """A line for each problem."""
        return [f"- {problem}" for problem in found]

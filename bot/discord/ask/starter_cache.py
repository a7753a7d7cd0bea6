"""Questions to begin with: found in a thread, remembered for each selection of texts."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence

import structlog

from bot.answering.starters import starters
from bot.discord.kit.buttons import Button, make_button
from bot.discord.kit.service import Service
from bot.library.snapshots import Snapshot
from bot.models import Answer, SmallTalk

MAX_SNAPSHOTS = 20
"""Selections of texts whose questions are remembered."""

_WELCOMING = {SmallTalk.GREETING, SmallTalk.ABOUT, SmallTalk.EMPTY}

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.discord")


class StarterCache:
    """The questions for the snapshots used last. They are searched for once per snapshot."""

    def __init__(self) -> None:
        self._found: OrderedDict[tuple[str, bool], asyncio.Task[tuple[str, ...]]] = OrderedDict()

    async def of(self, service: Service, snapshot: Snapshot) -> tuple[str, ...]:
        """The questions for a snapshot; searching for them, if they are not cached, takes a while."""
        return await asyncio.shield(self._search(service, snapshot))

    def known(self, service: Service, snapshot: Snapshot) -> tuple[str, ...]:
        """The questions found so far; none yet if the search has to begin now."""
        task = self._search(service, snapshot)
        return task.result() if task.done() else ()

    def _search(self, service: Service, snapshot: Snapshot) -> asyncio.Task[tuple[str, ...]]:
        key = (snapshot.id, snapshot.searcher.embeddings is not None)
        if key not in self._found:
            self._found[key] = asyncio.ensure_future(_find(service, snapshot))
        self._found.move_to_end(key)
        while len(self._found) > MAX_SNAPSHOTS:
            self._found.popitem(last=False)
        return self._found[key]


async def _find(service: Service, snapshot: Snapshot) -> tuple[str, ...]:
    policy = service.policy
    try:
        return await service.run_slow(lambda: starters(snapshot, policy))
    except Exception as error:  # there are none then, and everything else works
        _log.warning("no questions to begin with", reason=f"{type(error).__name__}: {error}")
        return ()


def starter_buttons(questions: Sequence[str]) -> list[Button]:
    """A button for each question, which asks it."""
    return [make_button(question, f"starter:{question}") for question in questions]


def welcoming_buttons(service: Service, answer: Answer, snapshot: Snapshot) -> list[Button]:
    """The buttons under small talk that tells what can be asked."""
    if answer.talk not in _WELCOMING:
        return []
    return starter_buttons(service.state(StarterCache).known(service, snapshot))

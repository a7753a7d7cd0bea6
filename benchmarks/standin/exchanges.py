"""What members did, and what the bot answered: lost and doubled answers are counted from these records."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.standin.payloads import JSON

PATIENCE = 30.0
"""Seconds to wait for something that should happen."""


@dataclass(eq=False)
class Exchange:
    """A message to the bot, or an interaction with it, and all that came back."""

    sent: JSON
    """The message or interaction as Discord delivers it."""
    began: float = field(default_factory=time.perf_counter)
    acknowledged: float | None = None
    """When the bot first sent anything that Discord accepted, even if only that it is thinking."""
    answered: float | None = None
    """When the first answer was accepted."""
    answers: list[JSON] = field(default_factory=list)
    """The messages, forms and suggestions that the bot answered with."""
    refused: list[int] = field(default_factory=list)
    """Discord's error codes for what it refused."""
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def acknowledge(self) -> None:
        """Record a response that says nothing yet."""
        self.acknowledged = self.acknowledged or time.perf_counter()
        self._changed.set()

    def answer(self, answer: JSON) -> None:
        """Record an answer."""
        self.acknowledge()
        self.answered = self.answered or time.perf_counter()
        self.answers.append(answer)

    def refuse(self, code: int) -> None:
        """Record an answer that Discord refused."""
        self.refused.append(code)
        self._changed.set()

    @property
    def seconds(self) -> float:
        """How long the first answer took; infinite if there is none."""
        return float("inf") if self.answered is None else self.answered - self.began

    async def answer_text(self, within: float = PATIENCE) -> str:
        """Wait for the answer and return its words.

        Raises TimeoutError.
        """
        await self.until(lambda: bool(self.answers), within)
        return str(self.answers[0].get("content", ""))

    async def refusal(self, within: float = PATIENCE) -> int:
        """Wait until Discord has refused an answer, and return its error code."""
        await self.until(lambda: bool(self.refused), within)
        return self.refused[0]

    async def acknowledgement(self, within: float = PATIENCE) -> None:
        """Wait until the bot has said anything."""
        await self.until(lambda: self.acknowledged is not None, within)

    async def until(self, true: Callable[[], bool], within: float = PATIENCE) -> None:
        """Wait until `true` holds."""
        async with asyncio.timeout(within):
            while not true():
                self._changed.clear()
                await self._changed.wait()

"""The stage of a scenario: the stand-in, and what was asked and answered there."""

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from contextlib import closing
from pathlib import Path
from typing import Any

from benchmarks.standin import payloads
from benchmarks.standin.exchanges import Exchange
from benchmarks.standin.faults import Act, Fault
from benchmarks.standin.payloads import JSON
from benchmarks.standin.server import Standin

TEXT = """\
---
title: The Harbour Light
author: Ines Duarte
---
The harbour light was built in 1874 by the engineer Tomas Reyes. Its lamp burned whale oil until 1902.

The keeper's family lived on the second floor. They left when the light became automatic in 1968.

Visitors may climb the tower on Sundays. The stairs have 212 steps, and no lift was ever built.
"""
QUESTION = "Who was the engineer of the harbour light?"
ANSWER = "Tomas Reyes"


class Stage(ABC):
    """What every scenario plays with: the stand-in, a server in it, and a folder of the bot's."""

    def __init__(self, discord: Standin, folder: Path) -> None:
        self.discord = discord
        self.folder = folder
        self.knowledge = folder / "knowledge"
        self.knowledge.mkdir()
        (self.knowledge / "light.md").write_text(TEXT, encoding="utf-8")
        self.database = folder / "verbatim.db"
        self.seconds = 0.0
        """How far the stand-in's clock is ahead."""
        self.server = discord.world.add_server()
        self.channel: JSON = self.server["channels"][0]
        self.member = payloads.user("member")
        self.manager = discord.world.add_manager()
        self.asked: list[Exchange] = []
        """Questions that must be answered once."""
        self.figures: dict[str, Any] = {}
        """What is worth telling in the table."""
        self.problems: list[str] = []
        """What is wrong besides lost and doubled answers."""
        self.ends = False
        """Whether the bot must have ended by itself."""

    async def mention(self, question: str = QUESTION) -> Exchange:
        """Ask by mention a question that must be answered once."""
        exchange = await self.discord.mention(self.member, self.channel, question)
        self.asked.append(exchange)
        return exchange

    async def ask(self, question: str = QUESTION) -> Exchange:
        """Ask by `/ask` a question that must be answered once."""
        exchange = await self.discord.slash(self.member, self.channel, "ask", question=question)
        self.asked.append(exchange)
        return exchange

    async def both(self) -> tuple[Exchange, Exchange]:
        """Ask by mention and by `/ask`."""
        return await self.mention(), await self.ask()

    def expect(self, holds: object, otherwise: str) -> None:
        """Note a problem if something does not hold."""
        if not holds:
            self.problems.append(otherwise)

    def fail_message(self, act: Act, times: int = 1) -> Fault:
        """Let the next messages to the channel fail."""
        return self.discord.fail("POST", r"/channels/\d+/messages", act, times)

    def fail_response(self, act: Act, times: int = 1) -> Fault:
        """Let the next responses to interactions fail."""
        return self.discord.fail("POST", "/interactions/.+/callback", act, times)

    def fail_follow_up(self, act: Act, times: int = 1) -> None:
        """Let the next follow-ups fail."""
        self.discord.fail("POST", "/webhooks/[^/]+/[^/]+", act, times)

    async def settle(self) -> None:
        """Wait until every question is answered."""
        for exchange in self.asked:
            await exchange.answer_text()

    def database_problem(self) -> str | None:
        """What is wrong with the database, if anything."""
        if not self.database.exists():
            return None
        try:
            with closing(sqlite3.connect(self.database)) as connection:
                (found,) = connection.execute("PRAGMA integrity_check").fetchone()
        except sqlite3.DatabaseError as error:
            return str(error)
        return None if found == "ok" else str(found)

    def questions_kept(self) -> int:
        """How many questions are in the database."""
        with closing(sqlite3.connect(self.database)) as connection:
            (found,) = connection.execute("SELECT count(*) FROM questions").fetchone()
            return int(found)

    @property
    @abstractmethod
    def lines(self) -> list[str]:
        """The log so far."""

    @property
    @abstractmethod
    def ended(self) -> bool:
        """Whether the bot has ended."""

    @abstractmethod
    async def last_words(self) -> str:
        """Wait for the bot to end by itself, and return its last words."""

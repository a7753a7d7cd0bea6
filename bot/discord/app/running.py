"""A client that stays connected until it is told to stop, and says in a line what keeps it out."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import discord
import structlog
from discord.gateway import DiscordWebSocket, ReconnectWebSocket
from discord.webhook.async_ import async_context

from bot.discord.app.backoff import Backoff
from bot.discord.app.network_faults import is_network_fault
from bot.discord.app.retries import RetryingAdapter, retry_dropped_requests
from bot.models import Problem, VerbatimError
from bot.operations.logging import in_one_line
from bot.operations.signals import stop_signals

CONNECTING = 60.0
"""Seconds that a connection to the gateway may take until a session begins or goes on."""

RESUMED = 5
"""Attempts to take up a session again before another one is begun."""

BETWEEN_SESSIONS = 5.0
"""Seconds between the beginnings of two sessions: Discord allows no more."""

FINISHING = 8.0
"""Seconds that answers in flight may take when the bot stops; Docker kills it after ten."""

LEAVING = 2.0
"""Seconds that Discord may take to acknowledge that the bot leaves the gateway."""

WRONG_TOKEN = Problem(
    "Discord", "refuses the token: reset it on the application's page *Bot*, and set it anew"
)
_OUTDATED = "this version is too old for Discord: update verbatim and discord.py"
FATAL = {
    4004: WRONG_TOKEN,
    4010: Problem("Discord", f"refuses the shard that the bot asks for: {_OUTDATED}"),
    4011: Problem("Discord", "wants the bot in shards, for it is in too many servers: leave some"),
    4012: Problem("Discord", f"no longer speaks this version of its API: {_OUTDATED}"),
    4013: Problem("Discord", f"does not know the intents that the bot asks for: {_OUTDATED}"),
    4014: Problem(
        "discord.listen",
        "Discord does not let the bot listen: switch on *Message Content Intent* on the"
        " application's page *Bot*, or set this to false",
    ),
}
"""Close codes of the gateway after which it is no use to come back, and what to say."""

_IN_FLIGHT = ("discord.py: on_", "CommandTree-invoker", "discord-ui-")
"""How discord.py names the tasks in which events, commands, buttons and forms are dealt with."""


class StoppableClient(discord.Client):
    """Stays connected, and stops in good order at a signal."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.discord")
        self.backoff = Backoff()

    async def run_until_stopped(self, token: str) -> None:
        """Run on Discord until SIGINT or SIGTERM. The log is set up already.

        Raises:
            VerbatimError: Discord refuses the token or the bot; or anything else fails.

        """
        retry_dropped_requests(self.http, self.backoff.sleep)
        async_context.set(RetryingAdapter(self.backoff.sleep))
        try:
            await self._run(token)
        except discord.LoginFailure as error:
            raise VerbatimError(WRONG_TOKEN) from error
        except discord.ConnectionClosed as error:
            unknown = Problem("Discord", f"has closed the connection for good ({error.code})")
            raise VerbatimError(FATAL.get(error.code, unknown)) from error
        except discord.DiscordException as error:
            reason = f"does not let the bot go on ({in_one_line(error)}): try again in a while"
            raise VerbatimError(Problem("Discord", reason)) from error
        except Exception as error:
            self.log.exception("the bot stopped")
            reason = f"stopped by an error that the log describes: {type(error).__name__}"
            raise VerbatimError(Problem("run", reason)) from error

    async def login(self, token: str) -> None:
        """Log in; where Discord cannot be reached, try again until it can.

        Raises:
            discord.LoginFailure: Discord refuses the token.

        """
        while True:
            try:
                await super().login(token)
            except Exception as error:
                if not is_network_fault(error):
                    raise
                pause = self._pause("Discord cannot be reached", in_one_line(error), None)
            else:
                self.backoff.failures = 0
                return
            await self.http.close()
            self.http.connector = discord.utils.MISSING  # it went with the session
            await self.backoff.sleep(pause)

    async def connect(self, *, reconnect: bool = True) -> None:
        """Stay connected until the client is closed, or Discord says that it is no use.

        Takes the place of discord.py's own loop, which comes back without a pause to a gateway that
        closes at once, waits up to 17 minutes elsewhere, and ends where a first connection fails or
        an event cannot be read.

        Raises:
            discord.ConnectionClosed: with a code of `FATAL`, or without `reconnect` any other.

        """
        session: dict[str, Any] = {"initial": True, "shard_id": self.shard_id}
        while not self.is_closed():
            began: float | None = None
            resume = True
            try:
                connecting = DiscordWebSocket.from_client(self, **session)
                self.ws = await asyncio.wait_for(connecting, CONNECTING)
                began = self.backoff.clock()
                while True:
                    await self.ws.poll_event()
            except ReconnectWebSocket as error:
                reason, resume = self._why_closed(began), error.resume
            except Exception as error:
                if self.is_closed():
                    return
                if not reconnect or _is_fatal(error):
                    raise
                reason = in_one_line(error)
                if not is_network_fault(error):
                    self.log.exception("the connection failed, and is made anew")
                    resume = False
                await self._leave()
            self.dispatch("disconnect")
            if self.is_closed():
                return
            lasted = None if began is None else self.backoff.clock() - began
            await self.backoff.sleep(
                self._pause("the connection to Discord is lost", reason, lasted)
            )
            session = self._session(resume=resume and self.backoff.failures <= RESUMED)

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Deal with an event, unless the client is closed: discord.py has no loop for it then."""
        if not self.is_closed():
            super().dispatch(event, *args, **kwargs)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait until another session may begin."""
        if not initial:
            await self.backoff.sleep(BETWEEN_SESSIONS)

    def _why_closed(self, began: float | None) -> str:
        """Return how the gateway closed the connection that `began` then; None: it never did."""
        if began is None:
            return "closed before a session began"
        return f"closed with code {self.ws.socket.close_code}"

    def _session(self, *, resume: bool) -> dict[str, Any]:
        """Return how to begin the next connection: the last session taken up again, or another."""
        session = {"initial": self.ws is None, "shard_id": self.shard_id}
        if not resume or self.ws is None or self.ws.session_id is None:
            return session
        return {
            **session,
            "resume": True,
            "session": self.ws.session_id,
            "sequence": self.ws.sequence,
            "gateway": self.ws.gateway,
        }

    def _pause(self, event: str, reason: str, lasted: float | None) -> float:
        """Return the seconds to wait before the next attempt, which the log is told."""
        pause = self.backoff.after(lasted)
        self.log.warning(
            event, reason=reason, attempt=self.backoff.failures, again_in=f"{pause:.1f} s"
        )
        return pause

    async def _run(self, token: str) -> None:
        with stop_signals() as stop:
            async with self:
                running = asyncio.create_task(self.start(token))
                stopping = asyncio.create_task(stop.wait())
                try:
                    await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    stopping.cancel()
                    running.cancel()
                if stop.is_set():
                    self.log.info("stopping")
                await asyncio.wait({running})
                await self._finish()
                if not running.cancelled():
                    running.result()

    async def _finish(self) -> None:
        """Take no more questions, and let the answers in flight come to their end, if it is near."""
        await self._leave(1000)
        answers = [task for task in asyncio.all_tasks() if task.get_name().startswith(_IN_FLIGHT)]
        if not answers:
            return
        self.log.info("finishing what is in flight", tasks=len(answers))
        _, late = await asyncio.wait(answers, timeout=FINISHING)
        if late:
            self.log.warning("cut off what took too long", tasks=len(late), limit=f"{FINISHING} s")
            for task in late:
                task.cancel()
            await asyncio.wait(late)

    async def _leave(self, code: int = 4000) -> None:
        """Close the connection to the gateway, if there is one; after 4000 a session can go on."""
        if self.ws is not None and self.ws.open:
            with suppress(Exception):  # it is over either way
                await asyncio.wait_for(self.ws.close(code), LEAVING)


def _is_fatal(error: Exception) -> bool:
    return isinstance(error, discord.ConnectionClosed) and error.code in FATAL

"""A client that stays connected until it is stopped, and reports in one line why it cannot connect."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import discord
import structlog
from discord.webhook.async_ import async_context

from bot.discord.app.backoff import Backoff
from bot.discord.app.connection import GatewayConnection
from bot.discord.app.network_faults import is_network_fault
from bot.discord.app.retries import RetryingAdapter, retry_failed_requests
from bot.discord.kit.sending import SEND_ERRORS
from bot.errors import Problem, TemporaryError, UnexpectedError, VerbatimError
from bot.operations.error_lines import in_one_line
from bot.operations.metrics import Metrics
from bot.operations.signals import stop_signals

ASKING = 10.0
"""Timeout of asking how many sessions are left: the gateway may work where nothing else of Discord does."""

BETWEEN_SESSIONS = 5.0
"""Seconds between the starts of two sessions; Discord allows no more."""

FINISHING = 8.0
"""Seconds that answers in flight get when the bot stops; Docker kills it after ten."""

WRONG_TOKEN = Problem(
    "Discord", "refuses the token: reset it on the application's page *Bot*, and set the new one"
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
"""Close codes after which reconnecting is useless, and what to tell the operator."""

_STARTED = {"ready", "resumed"}
"""Events after which a connection delivers all others."""

_IN_FLIGHT = ("discord.py: on_", "CommandTree-invoker", "discord-ui-")
"""Prefixes of the names that discord.py gives its tasks for events, commands, buttons and forms."""


class StoppableClient(discord.Client):
    """Stays connected, and shuts down cleanly at a signal."""

    def __init__(self, *, metrics: Metrics | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.discord")
        self.backoff = Backoff()
        self.connections: list[GatewayConnection] = []
        self._login_problem = ""
        self.metrics = metrics or Metrics()

    async def run_until_stopped(self, token: str, on_signal: Callable[[], object] = bool) -> None:
        """Run on Discord until SIGINT or SIGTERM, which call `on_signal`. Logging is set up already.

        Raises:
            VerbatimError: Discord refuses the token or the bot; or anything else fails.

        """
        # Before the first connection, logging in and sending the commands are repeated as a whole.
        retry_failed_requests(self.http, self.backoff.sleep, lambda: self.ws is not None)
        async_context.set(RetryingAdapter(self.backoff.sleep))
        try:
            await self._run(token, on_signal)
        except discord.LoginFailure as error:
            raise VerbatimError(WRONG_TOKEN) from error
        except discord.ConnectionClosed as error:
            unknown = Problem("Discord", f"has closed the connection for good ({error.code})")
            raise VerbatimError(FATAL.get(error.code, unknown)) from error
        except discord.DiscordException as error:
            reason = f"does not let the bot go on ({in_one_line(error)}): try again in a while"
            raise TemporaryError(Problem("Discord", reason)) from error
        except Exception as error:
            self.log.exception("the bot stopped")
            reason = f"stopped by an error that the log describes: {type(error).__name__}"
            raise UnexpectedError(Problem("run", reason)) from error

    async def login(self, token: str) -> None:
        """Log in; retry while Discord cannot be reached.

        Raises:
            discord.LoginFailure: Discord refuses the token.

        """
        while True:
            try:
                await super().login(token)
            except Exception as error:
                if not is_network_fault(error):
                    raise
                self._login_problem = reason = in_one_line(error)
                pause = self.backoff.after(None)
                self.log.warning(
                    "Discord cannot be reached",
                    reason=reason,
                    attempt=self.backoff.failures,
                    again_in=f"{pause:.1f} s",
                )
            else:
                self.backoff.failures = 0
                return
            await self.http.close()
            self.http.connector = discord.utils.MISSING  # it went with the session
            await self.backoff.sleep(pause)

    async def connect(self, *, reconnect: bool = True) -> None:
        """Stay connected until the client is closed, or reconnecting is useless.

        Raises:
            discord.ConnectionClosed: with a code of `FATAL`, or without `reconnect` any other.

        """
        self.connections = [GatewayConnection(self, self.backoff, self.shard_id)]
        await self.connections[0].run(initial=True, reconnect=reconnect)

    async def close(self) -> None:
        """Leave Discord, whatever fails on the way."""
        await self._leave()
        await super().close()

    def connected(self, connection: GatewayConnection) -> None:
        """Note a new connection."""
        if connection.socket is not None:
            self.ws = connection.socket
        self.metrics.gateway_connects.labels(shard=str(connection.shard_id or 0)).inc()

    def is_fatal(self, error: Exception) -> bool:
        """Whether reconnecting is useless after `error`."""
        return isinstance(error, discord.ConnectionClosed) and error.code in FATAL

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Dispatch an event, unless the client is closed; discord.py has no loop for it then."""
        self.note_started(event)
        if not self.is_closed():
            super().dispatch(event, *args, **kwargs)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait as long as Discord demands between two sessions."""
        if not initial:
            await self.backoff.sleep(BETWEEN_SESSIONS)

    async def wait_for_sessions(self) -> None:
        """Wait while Discord allows no more sessions that day."""
        pause = await self._until_sessions_are_allowed()
        if pause:
            self.log.warning(
                "Discord allows no more sessions today: after more, it would reset the token",
                again_in=f"{pause:.0f} s",
            )
            await self.backoff.sleep(pause)

    async def _until_sessions_are_allowed(self) -> float:
        """Seconds until Discord allows another session; 0 if it does, or does not say."""
        try:
            asking = self.http.request(discord.http.Route("GET", "/gateway/bot"))
            found = await asyncio.wait_for(asking, ASKING)
            limit = found["session_start_limit"]
            return 0.0 if limit["remaining"] > 0 else float(limit["reset_after"]) / 1000
        except (*SEND_ERRORS, KeyError, TypeError, ValueError) as error:
            self.log.info(
                "Discord does not say how many sessions are left", reason=in_one_line(error)
            )
            return 0.0

    def note_started(self, event: str) -> None:
        """Note that the connection delivers events, if that is what this event says."""
        if event in _STARTED:
            for connection in self.connections:
                connection.status.started()

    @property
    def gateway_problem(self) -> str | None:
        """Why no events come from Discord; None if they do."""
        if not self.connections:
            return self._login_problem or "not connected yet"
        return self.connections[0].status.problem

    async def _run(self, token: str, on_signal: Callable[[], object]) -> None:
        with stop_signals(on_signal) as stop:
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
        """Stop receiving events, and give answers in flight time to finish."""
        await self._leave()
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

    async def _leave(self) -> None:
        """Leave the gateway for good."""
        await asyncio.gather(*(connection.leave(1000) for connection in self.connections))

"""A client that stays connected until it is stopped, and reports in one line what keeps it out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import discord
import structlog
from discord.gateway import ReconnectWebSocket
from discord.webhook.async_ import async_context

from bot.discord.app.backoff import Backoff
from bot.discord.app.gateway_socket import TolerantWebSocket
from bot.discord.app.gateway_status import GatewayStatus
from bot.discord.app.network_faults import is_network_fault
from bot.discord.app.retries import RetryingAdapter, retry_failed_requests
from bot.models import Problem, TemporaryError, UnexpectedError, VerbatimError
from bot.operations.logging import in_one_line
from bot.operations.metrics import Metrics
from bot.operations.signals import stop_signals

CONNECTING = 60.0
"""Timeout of connecting to the gateway, until a session starts or resumes."""

RESUMED = 5
"""Attempts to resume a session before a new one is started."""

BETWEEN_SESSIONS = 5.0
"""Seconds between the starts of two sessions; Discord allows no more."""

FINISHING = 8.0
"""Seconds that answers in flight get when the bot stops; Docker kills it after ten."""

LEAVING = 2.0
"""Timeout of leaving the gateway."""

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
        self.gateway = GatewayStatus()
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
                self.gateway.lost(in_one_line(error))
                pause = self._pause("Discord cannot be reached", in_one_line(error), None)
            else:
                self.backoff.failures = 0
                return
            await self.http.close()
            self.http.connector = discord.utils.MISSING  # it went with the session
            await self.backoff.sleep(pause)

    async def connect(self, *, reconnect: bool = True) -> None:
        """Stay connected until the client is closed, or reconnecting is useless.

        Replaces discord.py's own loop, which reconnects without a pause to a gateway that closes at
        once, waits up to 17 minutes elsewhere, and ends if a first connection fails or an event
        cannot be parsed.

        Raises:
            discord.ConnectionClosed: with a code of `FATAL`, or without `reconnect` any other.

        """
        session: dict[str, Any] = {"initial": True, "shard_id": self.shard_id}
        while not self.is_closed():
            began: float | None = None
            resume = True
            try:
                connecting = TolerantWebSocket.from_client(self, **session)
                self.ws = await asyncio.wait_for(connecting, CONNECTING)
                began = self.backoff.clock()
                self.metrics.gateway_connects.labels(shard=str(self.shard_id or 0)).inc()
                while True:
                    await self.ws.poll_event()
                    self.gateway.heard()
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
                await self._leave()
            self.gateway.lost(reason)
            self.dispatch("disconnect")
            if self.is_closed():
                return
            lasted = None if began is None else self.backoff.clock() - began
            await self.backoff.sleep(
                self._pause("the connection to Discord is lost", reason, lasted)
            )
            session = self._session(resume=resume and self.backoff.failures <= RESUMED)

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Dispatch an event, unless the client is closed; discord.py has no loop for it then."""
        if event in _STARTED:
            self.gateway.started()
        if not self.is_closed():
            super().dispatch(event, *args, **kwargs)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait as long as Discord demands between two sessions."""
        if not initial:
            await self.backoff.sleep(BETWEEN_SESSIONS)

    @property
    def gateway_problem(self) -> str | None:
        """Why no events come from Discord; None if they do."""
        return self.gateway.problem

    def _why_closed(self, began: float | None) -> str:
        """Describe how the gateway closed a connection that `began` then; None: no session started."""
        if began is None:
            return "closed before a session began"
        return f"closed with code {self.ws.socket.close_code}"

    def _session(self, *, resume: bool) -> dict[str, Any]:
        """Arguments of the next connection: resuming the last session, or starting one."""
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
        """Log the failure and return the seconds to wait before the next attempt."""
        pause = self.backoff.after(lasted)
        self.log.warning(
            event, reason=reason, attempt=self.backoff.failures, again_in=f"{pause:.1f} s"
        )
        return pause

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
        """Close the gateway's connection, if there is one; after code 4000 the session can be resumed."""
        if self.ws is not None and self.ws.open:
            with suppress(Exception):  # it is over either way
                await asyncio.wait_for(self.ws.close(code), LEAVING)


def _is_fatal(error: Exception) -> bool:
    return isinstance(error, discord.ConnectionClosed) and error.code in FATAL

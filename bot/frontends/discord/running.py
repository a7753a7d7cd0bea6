"""A client that runs until it is told to stop, and says in a line what keeps it from Discord."""

from __future__ import annotations

import asyncio
import signal
from typing import Any, Literal

import discord
import structlog
from discord.backoff import ExponentialBackoff

from bot.models import Problem, VerbatimError


class StoppableClient(discord.Client):
    """Stops in good order at a signal."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.discord")

    async def run_until_stopped(self, token: str) -> None:
        """Run on Discord until SIGINT or SIGTERM. The log is set up already.

        Raises:
            VerbatimError: Discord refuses the token, or cannot be reached; or anything else fails.

        """
        try:
            await self._run(token)
        except discord.LoginFailure as error:
            reason = "refuses the token: reset it on the application's page *Bot*, and set it anew"
            raise VerbatimError(Problem("Discord", reason)) from error
        except discord.PrivilegedIntentsRequired as error:
            reason = (
                "Discord does not let the bot listen: switch on *Message Content Intent* on the"
                " application's page *Bot*, or set this to false"
            )
            raise VerbatimError(Problem("discord.listen", reason)) from error
        except OSError as error:
            reason = f"cannot be reached ({error}): is the network up?"
            raise VerbatimError(Problem("Discord", reason)) from error
        except discord.DiscordException as error:
            reason = f"does not let the bot go on ({error}): try again in a while"
            raise VerbatimError(Problem("Discord", reason)) from error
        except Exception as error:
            self.log.exception("the bot stopped")
            reason = f"stopped by an error that the log describes: {type(error).__name__}"
            raise VerbatimError(Problem("run", reason)) from error

    async def connect(self, *, reconnect: bool = True) -> None:
        """Stay connected until the client is closed, or Discord says that it is no use.

        discord.py comes back by itself, but not from a first connection that fails, nor from an
        event that it cannot read: then another session is begun, after a while that grows.
        """
        backoff: ExponentialBackoff[Literal[False]] = ExponentialBackoff()
        while not self.is_closed():
            try:
                return await super().connect(reconnect=reconnect)
            except discord.DiscordException:
                raise
            except Exception:
                self.log.exception("the connection failed, and is made anew")
            if self.ws is not None:
                await self.ws.close()
            await asyncio.sleep(backoff.delay())
        return None

    async def _run(self, token: str) -> None:
        loop = asyncio.get_running_loop()
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
        async with self:
            running = asyncio.ensure_future(self.start(token))
            stopping = asyncio.ensure_future(stop.wait())
            await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            if stop.is_set():
                self.log.info("stopping")
                await self.close()
            await running

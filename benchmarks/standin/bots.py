"""Bots at the stand-in: in this process, or in one of their own.

    python -m benchmarks.standin.bots URL echo
    python -m benchmarks.standin.bots URL run --config config.yaml

The first is a bot that only repeats what it is told, which shows what discord.py alone costs. The second is
Verbatim's own command, whichever follows, with Discord's addresses replaced.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

import discord
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from benchmarks.standin.rest import PREFIX
from benchmarks.standin.server import Standin
from benchmarks.standin.sessions import Op
from bot.discord.app.backoff import Backoff
from bot.discord.app.client import VerbatimClient
from bot.discord.kit.service import Service

TOKEN = "MTAw.stand-in.token"  # noqa: S105 - of no real bot


@contextmanager
def pointed_at(url: str) -> Iterator[None]:
    """Make discord.py use the server at `url` as Discord."""
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE = url.rstrip("/") + PREFIX
    DiscordWebSocket.DEFAULT_GATEWAY = URL(url.replace("http", "ws"))
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


@asynccontextmanager
async def running(
    standin: Standin, service: Service, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
) -> AsyncIterator[tuple[VerbatimClient, asyncio.Task[None]]]:
    """Run Verbatim at the stand-in, as `verbatim run` does; yields it, ready, with its task."""
    with pointed_at(standin.url):
        client = VerbatimClient(service)
        client.backoff = Backoff(sleep=sleep)
        client._connection.guild_ready_timeout = 0.0
        task = asyncio.create_task(client.run_until_stopped(TOKEN))
        try:
            await standin.gateway.until(1, Op.IDENTIFY)
            await client.wait_until_ready()
            yield client, task
        finally:
            task.cancel()
            await asyncio.wait({task})


class Echo(discord.Client):
    """Repeats what mentions and `/ask` say."""

    def __init__(self) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
        )
        self.tree = app_commands.CommandTree(self)

        @self.tree.command()
        async def ask(interaction: discord.Interaction, question: str) -> None:
            """Repeat the question."""
            await interaction.response.send_message(question, suppress_embeds=True)

    async def setup_hook(self) -> None:
        """Send the command."""
        await self.tree.sync()

    async def on_message(self, message: discord.Message) -> None:
        """Repeat a mention."""
        if not message.author.bot and self.user in message.mentions:
            await message.reply(message.content, mention_author=False, suppress_embeds=True)


def main() -> None:
    """Run a bot in this process until it is told to stop."""
    url, command, *arguments = sys.argv[1:]
    with pointed_at(url):
        if command == "echo":
            Echo().run(TOKEN)
            return
        from bot.cli.main import main as verbatim

        sys.argv = ["verbatim", command, *arguments]
        verbatim()


if __name__ == "__main__":
    main()

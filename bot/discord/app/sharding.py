"""The bot in shards: some of Discord's connections in this process, the others perhaps elsewhere."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import Any

import discord
from discord.gateway import DiscordWebSocket

from bot.discord.app.client import VerbatimClient
from bot.discord.app.connection import GatewayConnection
from bot.discord.app.running import BETWEEN_SESSIONS
from bot.discord.kit.service import Service
from bot.settings.discord import ShardSettings


def make_client(service: Service) -> VerbatimClient:
    """The client that the settings ask for."""
    return VerbatimClient(service) if service.settings.shards is None else ShardedClient(service)


class ShardedClient(VerbatimClient, discord.AutoShardedClient):
    """Keeps a connection for each of its shards. Discord sends a server's events to one shard.

    It takes the state of many connections from discord.py's own sharded client, but not their loop.
    """

    def __init__(self, service: Service) -> None:
        settings = service.settings.shards
        fixed = settings if isinstance(settings, ShardSettings) else None
        super().__init__(service, shard_count=None if fixed is None else fixed.count)
        self._own_ids = None if fixed is None else fixed.own_ids
        self._starting = asyncio.Lock()

    async def connect(self, *, reconnect: bool = True) -> None:
        """Connect all own shards, one after the other, and keep them connected.

        Raises:
            discord.ConnectionClosed: with a code of `FATAL`, or without `reconnect` any other.

        """
        count: int | None = self.shard_count
        if count is None:
            count, _, _ = await self.http.get_bot_gateway()
        ids = range(count) if self._own_ids is None else self._own_ids
        self.shard_count = self._connection.shard_count = count
        self._connection.shard_ids = list(ids)
        self.log.info("shards", count=count, own=list(ids))
        self.connections = [
            GatewayConnection(self, replace(self.backoff, failures=0), shard_id) for shard_id in ids
        ]
        self._read_latencies()
        running = [
            asyncio.create_task(one.run(initial=number == 0, reconnect=reconnect))
            for number, one in enumerate(self.connections)
        ]
        try:
            await asyncio.gather(*running)
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Let the shards start their sessions one after the other, at the pace that Discord demands."""
        async with self._starting:
            if not initial:
                await self.backoff.sleep(BETWEEN_SESSIONS)

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Dispatch an event, and note which shard it is about."""
        if event in {"shard_ready", "shard_resumed"}:
            self._connection_of(args[0]).status.started()
        super().dispatch(event, *args, **kwargs)

    def note_started(self, event: str) -> None:
        """Do nothing: here each shard has events of its own."""

    @property
    def gateway_problem(self) -> str | None:
        """Which shards get no events, and why; None if all do."""
        if not self.connections:
            return super().gateway_problem
        problems = ((one.shard_id, one.status.problem) for one in self.connections)
        return "; ".join(f"shard {number}: {why}" for number, why in problems if why) or None

    def serves(self, server: int) -> bool:
        """Whether one of the own shards gets the server's events."""
        ids = self._connection.shard_ids
        return self.shard_count is not None and (server >> 22) % self.shard_count in ids

    def _connection_of(self, shard_id: int) -> GatewayConnection:
        return next(one for one in self.connections if one.shard_id == shard_id)

    def _get_websocket(
        self, guild_id: int | None = None, *, shard_id: int | None = None
    ) -> DiscordWebSocket:
        """The connection that a server's events come through."""
        if shard_id is None:
            shard_id = ((guild_id or 0) >> 22) % (self.shard_count or 1)
        found = self._connection_of(shard_id).socket
        if found is None:
            raise discord.ClientException(f"shard {shard_id} is not connected")
        return found

    def _read_latencies(self) -> None:
        for one in self.connections:
            gauge = self.metrics.gateway_latency.labels(shard=str(one.shard_id))
            gauge.set_function(partial(_latency_of, one))


def _latency_of(connection: GatewayConnection) -> float:
    return float("nan") if connection.socket is None else connection.socket.latency

"""The stand-in as a whole: a server on a loopback address, and what members do."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Self

from aiohttp import web

from benchmarks.standin import payloads
from benchmarks.standin.channels import Channels
from benchmarks.standin.exchanges import Exchange
from benchmarks.standin.faults import Act, Fault
from benchmarks.standin.gateway import Gateway
from benchmarks.standin.interactions import Interactions
from benchmarks.standin.payloads import BOT, JSON
from benchmarks.standin.rest import PREFIX, Rest
from benchmarks.standin.world import World

REMEMBERED = 10_000
"""Messages to the bot whose answers are awaited; of more, the oldest are forgotten."""


class Standin:
    """Discord, as far as a bot and its members can tell."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` says when interactions expire, in seconds."""
        self.url = ""
        self.world = World()
        self.gateway = Gateway(self.world)
        self._asked: OrderedDict[str, Exchange] = OrderedDict()
        channels = Channels(self.world, self.gateway, self._asked, lambda: self.url)
        self.channels = channels
        self.interactions = Interactions(self.world, channels, clock)
        self.rest = Rest(self.world, self.gateway, channels, self.interactions)

    @classmethod
    @asynccontextmanager
    async def serve(cls, clock: Callable[[], float] = time.monotonic) -> AsyncIterator[Self]:
        """Serve one on a free port of a loopback address."""
        standin = cls(clock)
        application = web.Application(client_max_size=100 * 1024 * 1024)
        application.router.add_get("/", standin.gateway.handle)
        application.router.add_get("/attachments/{name}", standin._attachment)
        application.router.add_route("*", PREFIX + "/{path:.*}", standin.rest.handle)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        standin.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
        standin.gateway.url = standin.url.replace("http", "ws")
        try:
            yield standin
        finally:
            await runner.cleanup()

    def fail(self, method: str, path: str, act: Act, times: int = 1) -> Fault:
        """Let the next requests that match fail; see `faults`."""
        fault = Fault(method, path, act, times)
        self.rest.faults.append(fault)
        return fault

    async def send(self, member: JSON, channel: JSON, content: str, **more: Any) -> Exchange:
        """Let a member send a message."""
        message = payloads.message(member, channel, content, **more)
        if "guild_id" in channel:
            message |= {"guild_id": channel["guild_id"], "member": payloads.JOINED}
        self.world.keep(message)
        exchange = self._asked[message["id"]] = Exchange(message)
        if len(self._asked) > REMEMBERED:
            self._asked.popitem(last=False)
        await self.gateway.dispatch("MESSAGE_CREATE", message, channel.get("guild_id"))
        return exchange

    async def mention(self, member: JSON, channel: JSON, question: str) -> Exchange:
        """Let a member ask the bot by mention."""
        return await self.send(member, channel, f"<@{BOT['id']}> {question}", mentions=[BOT])

    async def slash(self, member: JSON, channel: JSON, command: str, **options: Any) -> Exchange:
        """Let a member use a slash command; of a group, by both names."""
        return await self._interact(member, channel, 2, data=self._command(command, options))

    async def autocomplete(
        self, member: JSON, channel: JSON, command: str, option: str, typed: str
    ) -> Exchange:
        """Let a member type into an option of a command."""
        data = self._command(command, {option: typed})
        inner = data["options"][0].get("options") or data["options"]
        inner[0]["focused"] = True
        return await self._interact(member, channel, 4, data=data)

    async def click(
        self, member: JSON, channel: JSON, message: JSON, custom_id: str, *values: str
    ) -> Exchange:
        """Let a member press a button, or choose from a menu with `values`."""
        data: JSON = {"component_type": 3 if values else 2, "custom_id": custom_id, "id": 1}
        if values:
            data["values"] = list(values)
        return await self._interact(member, channel, 3, data=data, message=message)

    async def _interact(self, member: JSON, channel: JSON, kind: int, **more: Any) -> Exchange:
        rights = self.world.permissions.get(member["id"], payloads.MEMBER_PERMISSIONS)
        sent = payloads.interaction(member, channel, kind, rights, **more)
        exchange = self.interactions.begin(sent)
        await self.gateway.dispatch("INTERACTION_CREATE", sent, channel.get("guild_id"))
        return exchange

    def _command(self, name: str, options: dict[str, Any]) -> JSON:
        kinds = {str: 3, int: 4, bool: 5}
        given = [{"name": k, "type": kinds[type(v)], "value": v} for k, v in options.items()]
        group, _, inner = name.partition(" ")
        there = {command["name"]: command["id"] for command in self.rest.commands}
        if inner:
            given = [{"name": inner, "type": 1, "options": given}]
        return {"id": there.get(group, "300"), "name": group, "type": 1, "options": given}

    async def _attachment(self, request: web.Request) -> web.Response:
        content = self.world.files.get(request.match_info["name"])
        return web.Response(status=404) if content is None else web.Response(body=content)

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
from benchmarks.standin.gestures import Gestures
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
        self.gestures = Gestures(self.world)
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
        """Let the next matching requests fail; see `faults`."""
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

    async def open_thread(
        self, member: JSON, parent: JSON, name: str, kind: int = 11, first: str | None = None
    ) -> JSON:
        """Let a member open a thread, or a post in a forum, with its first message."""
        thread = payloads.thread(name, parent, payloads.snowflake(), member["id"], kind)
        self.world.channels[thread["id"]] = thread
        await self.gateway.dispatch(
            "THREAD_CREATE", thread | {"newly_created": True}, parent["guild_id"]
        )
        if first is not None:
            await self.send(member, thread, first, id=thread["id"])
        return thread

    def asked_by(self, message_id: str) -> Exchange:
        """What happened with a message."""
        return self._asked[message_id]

    async def mention(self, member: JSON, channel: JSON, question: str) -> Exchange:
        """Let a member ask the bot by mention."""
        return await self.send(member, channel, f"<@{BOT['id']}> {question}", mentions=[BOT])

    async def slash(self, member: JSON, channel: JSON, command: str, /, **options: Any) -> Exchange:
        """Let a member use a slash command; of a group, by both names."""
        data = self.gestures.command(self.rest.commands, command, options)
        return await self.interact(member, channel, 2, data=data)

    async def autocomplete(
        self, member: JSON, channel: JSON, command: str, option: str, typed: str
    ) -> Exchange:
        """Let a member type into an option of a command."""
        data = self.gestures.command(self.rest.commands, command, {option: typed})
        inner = data["options"][0].get("options") or data["options"]
        inner[0]["focused"] = True
        return await self.interact(member, channel, 4, data=data)

    async def message_command(
        self, member: JSON, channel: JSON, command: str, message: JSON
    ) -> Exchange:
        """Let a member use a command of a message's menu."""
        data = self.gestures.message_command(self.rest.commands, command, message)
        return await self.interact(member, channel, 2, data=data)

    async def click(
        self,
        member: JSON,
        channel: JSON,
        message: JSON,
        custom_id: str,
        *values: str,
        kind: int | None = None,
    ) -> Exchange:
        """Let a member press a button, or choose `values` from a menu: of strings, or of that `kind`."""
        data = self.gestures.component(kind or (3 if values else 2), custom_id, values)
        return await self.interact(member, channel, 3, data=data, message=message)

    async def submit(
        self, member: JSON, channel: JSON, form: JSON, message: JSON | None = None, **values: str
    ) -> Exchange:
        """Let a member submit a form, which a button under `message` opened."""
        data = self.gestures.form(form, values)
        under = {} if message is None else {"message": message}
        return await self.interact(member, channel, 5, data=data, **under)

    async def interact(self, member: JSON, channel: JSON, kind: int, **more: Any) -> Exchange:
        """Let a member interact with the bot."""
        rights = self.world.permissions.get(member["id"], payloads.MEMBER_PERMISSIONS)
        server = channel.get("guild_id")
        by_member = server is not None and server not in self.world.servers
        sent = payloads.interaction(member, channel, kind, rights, by_member=by_member, **more)
        exchange = self.interactions.begin(sent)
        await self.gateway.dispatch("INTERACTION_CREATE", sent, channel.get("guild_id"))
        return exchange

    async def _attachment(self, request: web.Request) -> web.Response:
        content = self.world.files.get(request.match_info["name"])
        return web.Response(status=404) if content is None else web.Response(body=content)

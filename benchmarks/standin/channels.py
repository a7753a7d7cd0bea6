"""Requests about channels: messages that are sent, read, edited and deleted, and threads."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from benchmarks.standin import payloads
from benchmarks.standin.exchanges import Exchange
from benchmarks.standin.gateway import Gateway
from benchmarks.standin.limits import ApiError, check_message
from benchmarks.standin.payloads import BOT, JSON
from benchmarks.standin.world import Right, World

EPHEMERAL, LOADING = 1 << 6, 1 << 7

NONCES = 1_000
"""Nonces that are remembered: of the last few minutes."""


@dataclass
class Call:
    """A request, taken apart."""

    parts: list[str]
    """The path's parts: ["channels", "12", "messages"]."""
    query: dict[str, str]
    body: JSON
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    """Attachments by field: name and content."""


Handler = Callable[[Call], Awaitable[Any]]


class Channels:
    """Handles requests about channels."""

    def __init__(
        self, world: World, gateway: Gateway, asked: dict[str, Exchange], url: Callable[[], str]
    ) -> None:
        """`asked`: what members asked by messages, by the ids of these."""
        self._world = world
        self._gateway = gateway
        self._asked = asked
        self._url = url
        self._nonces: OrderedDict[str, JSON] = OrderedDict()
        self.handlers: dict[str, Handler] = {
            "get_channel": self.get_channel,
            "create_message": self.create_message,
            "list_messages": self.list_messages,
            "get_message": self.get_message,
            "update_message": self.update_message,
            "delete_message": self.delete_message,
            "trigger_typing_indicator": self.type,
            "create_thread_from_message": self.create_thread,
            "create_dm": self.create_dm,
        }

    async def get_channel(self, call: Call) -> JSON:
        """A channel."""
        return self._channel(call)

    async def create_message(self, call: Call) -> JSON:
        """Send a message, but only once if its nonce is to be unique."""
        channel, body = self._channel(call), call.body
        reference = body.get("message_reference") or {}
        exchange = self._asked.get(str(reference.get("message_id")))
        try:
            self._check(channel, call, reference)
        except ApiError as error:
            if exchange is not None:
                exchange.refuse(error.code)
            raise
        nonce = str(body["nonce"]) if body.get("enforce_nonce") else None
        if nonce is not None and nonce in self._nonces:
            return self._nonces[nonce]
        message = self.make_message(channel, call)
        if reference:
            message |= {"type": 19, "message_reference": reference}
            message["referenced_message"] = self._world.messages.get(str(reference["message_id"]))
        if "nonce" in body:
            message["nonce"] = body["nonce"]
        if nonce is not None:
            self._nonces[nonce] = message
            if len(self._nonces) > NONCES:
                self._nonces.popitem(last=False)
        if exchange is not None:
            exchange.answer(message)
        await self.publish(channel, message)
        return message

    def _check(self, channel: JSON, call: Call, reference: JSON) -> None:
        if not self._world.may(channel["id"], Right.SEND):
            raise ApiError(403, 50013, "Missing Permissions")
        check_message(call.body, files=bool(call.files))
        state = channel.get("thread_metadata", {})
        if state.get("locked"):
            raise ApiError(400, 50083, "Thread is archived")
        strict = reference.get("fail_if_not_exists", True)
        if reference and strict and str(reference["message_id"]) not in self._world.messages:
            raise ApiError(400, 50035, "Invalid Form Body: message_reference: Unknown message")

    def make_message(self, channel: JSON, call: Call, **more: Any) -> JSON:
        """Make a message by the bot from a request's body."""
        body = call.body
        message = payloads.message(
            BOT, channel, body.get("content") or "", components=body.get("components") or [],
            flags=body.get("flags") or 0, **more,
        )  # fmt: skip
        if "guild_id" in channel:
            message["guild_id"] = channel["guild_id"]
        message["attachments"] = [self._attach(*file) for file in call.files.values()]
        return message

    def _attach(self, name: str, content: bytes) -> JSON:
        key = f"{payloads.snowflake()}-{name}"
        self._world.files[key] = content
        url = f"{self._url()}attachments/{key}"
        return {
            "id": key.partition("-")[0], "filename": name, "size": len(content), "url": url,
            "proxy_url": url, "content_type": "text/plain; charset=utf-8",
        }  # fmt: skip

    async def publish(self, channel: JSON, message: JSON) -> None:
        """Keep a message and send it to the bot, as Discord does with the bot's own messages too."""
        self._world.keep(message)
        await self._gateway.dispatch("MESSAGE_CREATE", message, channel.get("guild_id"))

    async def list_messages(self, call: Call) -> list[JSON]:
        """The messages of a channel, newest first."""
        before = int(call.query.get("before", 1 << 63))
        found = [m for m in self._world.history(self._channel(call)["id"]) if int(m["id"]) < before]
        return found[: int(call.query.get("limit", 50))]

    async def get_message(self, call: Call) -> JSON:
        """A message."""
        return self._message(call)

    async def update_message(self, call: Call) -> JSON:
        """Edit a message of the bot's."""
        message = self._message(call)
        if message["author"]["id"] != BOT["id"]:
            raise ApiError(403, 50005, "Cannot edit a message authored by another user")
        return self.edit(message, call)

    def edit(self, message: JSON, call: Call) -> JSON:
        """Replace the parts of a message that a body names."""
        check_message({**message, **call.body}, files=bool(call.files), partial=True)
        for name in ("content", "components", "flags"):
            if name in call.body:
                message[name] = call.body[name] or ([] if name == "components" else "")
        if call.files or "attachments" in call.body:
            message["attachments"] = [self._attach(*file) for file in call.files.values()]
        message["edited_timestamp"] = payloads.now()
        return message

    async def delete_message(self, call: Call) -> None:
        """Delete a message."""
        del self._world.messages[self._message(call)["id"]]

    async def type(self, call: Call) -> None:
        """Show that the bot types."""
        self._channel(call)

    async def create_thread(self, call: Call) -> JSON:
        """Open a thread on a message."""
        message, channel = self._message(call), self._channel(call)
        if not self._world.may(channel["id"], Right.OPEN_THREADS):
            raise ApiError(403, 50013, "Missing Permissions")
        if message["id"] in self._world.channels:
            raise ApiError(400, 160004, "A thread has already been created for this message")
        thread = payloads.thread(call.body["name"], channel, message["id"], BOT["id"])
        self._world.channels[thread["id"]] = thread
        await self._gateway.dispatch("THREAD_CREATE", thread, channel["guild_id"])
        return thread

    async def create_dm(self, call: Call) -> JSON:
        """Open the direct channel with somebody."""
        person = payloads.user("member") | {"id": str(call.body["recipient_id"])}
        return self._world.direct_channel(person)

    def _channel(self, call: Call) -> JSON:
        channel = self._world.channels.get(call.parts[1])
        if channel is None:
            raise ApiError(404, 10003, "Unknown Channel")
        if not self._world.may(channel["id"], Right.VIEW):
            raise ApiError(403, 50001, "Missing Access")
        return channel

    def _message(self, call: Call) -> JSON:
        message = self._world.messages.get(call.parts[3])
        if message is None or message["channel_id"] != self._channel(call)["id"]:
            raise ApiError(404, 10008, "Unknown Message")
        return message

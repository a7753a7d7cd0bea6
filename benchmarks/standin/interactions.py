"""Requests that respond to interactions: once, in time, and followed up while the token lives."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum

from benchmarks.standin.channels import EPHEMERAL, LOADING, Call, Channels, Handler
from benchmarks.standin.exchanges import Exchange
from benchmarks.standin.limits import ApiError, check_components, check_message
from benchmarks.standin.payloads import JSON
from benchmarks.standin.world import World

RESPOND_WITHIN = 3.0
"""Seconds for the first response."""

TOKEN_LIVES = 15 * 60.0
"""Seconds for everything after it."""

FOLLOW_UPS_OF_USER_INSTALLS = 5

REMEMBERED = 2_000
"""Interactions that are kept; of more, the oldest are forgotten."""


class Kind(IntEnum):
    """Kinds of responses."""

    MESSAGE = 4
    MESSAGE_LATER = 5
    EDIT_LATER = 6
    EDIT = 7
    SUGGESTIONS = 8
    FORM = 9


@dataclass(eq=False)
class Interacting:
    """An interaction and what has been responded."""

    sent: JSON
    exchange: Exchange
    began: float
    kind: Kind | None = None
    original: JSON | None = None
    """The message that `@original` means; None: it was deleted, or there is none yet."""
    followed: dict[str, JSON] = field(default_factory=dict)


class Interactions:
    """Handles requests under interactions' tokens."""

    def __init__(
        self, world: World, channels: Channels, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.clock = clock
        self._world = world
        self._channels = channels
        self._open: dict[str, Interacting] = {}
        self.handlers: dict[str, Handler] = {
            "create_interaction_response": self.respond,
            "execute_webhook": self.follow_up,
            "get_original_webhook_message": self.get,
            "update_original_webhook_message": self.update,
            "delete_original_webhook_message": self.delete,
            "get_webhook_message": self.get,
            "update_webhook_message": self.update,
            "delete_webhook_message": self.delete,
        }

    def begin(self, sent: JSON) -> Exchange:
        """Begin an interaction."""
        exchange = Exchange(sent)
        self._open[sent["token"]] = Interacting(sent, exchange, self.clock())
        if len(self._open) > REMEMBERED:
            del self._open[next(iter(self._open))]
        return exchange

    async def respond(self, call: Call) -> JSON | None:
        """The first response."""
        one = self._open.get(call.parts[2])
        if one is None or self.clock() - one.began > RESPOND_WITHIN:
            if one is not None:
                one.exchange.refuse(10062)
            raise ApiError(404, 10062, "Unknown interaction")
        if one.kind is not None:
            raise ApiError(400, 40060, "Interaction has already been acknowledged.")
        kind, data = Kind(call.body["type"]), call.body.get("data") or {}
        self._check(one, kind, data, call)
        one.kind = kind
        await self._take(one, Call(call.parts, call.query, data, call.files))
        if call.query.get("with_response") not in {"true", "1"}:
            return None
        resource = {"type": kind, "message": one.original} if kind in {4, 7} else None
        shown = {"id": one.sent["id"], "type": one.sent["type"]}
        return {"interaction": shown, **({"resource": resource} if resource else {})}

    def _check(self, one: Interacting, kind: Kind, data: JSON, call: Call) -> None:
        asked = one.sent["type"]
        fits = {
            Kind.SUGGESTIONS: asked == 4,
            Kind.FORM: asked in {2, 3},
            Kind.EDIT: "message" in one.sent,
            Kind.EDIT_LATER: "message" in one.sent,
        }.get(kind, asked != 4)
        if not fits:
            raise ApiError(400, 50035, f"Invalid Form Body: type: {kind.name} does not fit")
        if kind is Kind.MESSAGE:
            check_message(data, files=bool(call.files))
        elif kind is Kind.EDIT:
            check_components(data.get("components") or [])
        elif kind is Kind.SUGGESTIONS and len(data["choices"]) > 25:
            raise ApiError(400, 50035, "Invalid Form Body: choices: 25 or fewer")

    async def _take(self, one: Interacting, call: Call) -> None:
        if one.kind is Kind.MESSAGE:
            one.original = await self._say(one, call)
            one.exchange.answer(one.original)
        elif one.kind is Kind.MESSAGE_LATER:
            flags = LOADING | (call.body.get("flags") or 0) & EPHEMERAL
            one.original = await self._say(one, Call(call.parts, {}, {"flags": flags}))
            one.exchange.acknowledge()
        elif one.kind is Kind.EDIT_LATER:
            one.original = one.sent["message"]
            one.exchange.acknowledge()
        elif one.kind is Kind.EDIT:
            one.original = self._channels.edit(one.sent["message"], call)
            one.exchange.answer(one.original)
        else:
            one.exchange.answer(call.body)

    async def _say(self, one: Interacting, call: Call) -> JSON:
        """Make a message, and publish it unless only the member sees it."""
        channel, sent = one.sent["channel"], one.sent
        about = {
            "id": sent["id"], "type": sent["type"], "authorizing_integration_owners": {},
            "user": sent["user"] if "user" in sent else sent["member"]["user"],
        }  # fmt: skip
        message = self._channels.make_message(
            channel, call, webhook_id=sent["application_id"], interaction_metadata=about
        )
        if not message["flags"] & EPHEMERAL:
            await self._channels.publish(channel, message)
        return message

    async def follow_up(self, call: Call) -> JSON:
        """A message after the response; the first one replaces a message that says the bot is thinking."""
        one = self._alive(call)
        try:
            check_message(call.body, files=bool(call.files))
        except ApiError as error:
            one.exchange.refuse(error.code)
            raise
        original = one.original
        if one.kind is Kind.MESSAGE_LATER and original and original["flags"] & LOADING:
            flags = original["flags"] & EPHEMERAL
            self._channels.edit(original, call)
            original["flags"] = flags | (call.body.get("flags") or 0) & ~EPHEMERAL
            one.exchange.answer(original)
            return original
        if "0" not in one.sent["authorizing_integration_owners"] and "guild_id" in one.sent:
            if len(one.followed) >= FOLLOW_UPS_OF_USER_INSTALLS:
                raise ApiError(400, 40094, "Maximum number of follow ups reached")
        message = await self._say(one, call)
        one.followed[message["id"]] = message
        one.exchange.answer(message)
        return message

    async def get(self, call: Call) -> JSON:
        """A message under the token."""
        return self._message(self._alive(call), call)

    async def update(self, call: Call) -> JSON:
        """Edit a message under the token; one that says the bot is thinking becomes an answer."""
        one = self._alive(call)
        message = self._message(one, call)
        edited = self._channels.edit(message, call)
        if message["flags"] & LOADING or one.kind is Kind.EDIT_LATER:
            message["flags"] &= ~LOADING
            one.exchange.answer(edited)
        return edited

    async def delete(self, call: Call) -> None:
        """Delete a message under the token."""
        one = self._alive(call)
        message = self._message(one, call)
        self._world.messages.pop(message["id"], None)
        if message is one.original:
            one.original = None
        one.followed.pop(message["id"], None)

    def _alive(self, call: Call) -> Interacting:
        one = self._open.get(call.parts[2])
        if one is None or one.kind is None:
            raise ApiError(404, 10015, "Unknown Webhook")
        if self.clock() - one.began > TOKEN_LIVES:
            one.exchange.refuse(50027)
            raise ApiError(401, 50027, "Invalid Webhook Token")
        return one

    def _message(self, one: Interacting, call: Call) -> JSON:
        name = call.parts[4]
        message = one.original if name == "@original" else one.followed.get(name)
        if message is None and one.original is not None and one.original["id"] == name:
            message = one.original
        if message is None:
            raise ApiError(404, 10008, "Unknown Message")
        return message

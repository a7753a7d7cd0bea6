"""REST: every request is checked, may meet a fault, and is then carried out."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from aiohttp import web
from aiohttp.multipart import BodyPartReader

from benchmarks.standin import payloads
from benchmarks.standin.channels import Call, Channels, Handler
from benchmarks.standin.faults import Fault, rate_limited
from benchmarks.standin.gateway import Gateway
from benchmarks.standin.interactions import Interactions
from benchmarks.standin.limits import ApiError, RateLimited, RateLimits
from benchmarks.standin.payloads import BOT, JSON
from benchmarks.standin.responses import said
from benchmarks.standin.specification import Specification
from benchmarks.standin.world import World

PREFIX = "/api/v10"


class Rest:
    """Handles all requests of the API."""

    def __init__(
        self, world: World, gateway: Gateway, channels: Channels, interactions: Interactions
    ) -> None:
        self.specification = Specification.of_discord()
        self.faults: list[Fault] = []
        self.problems: list[str] = []
        """What Discord would not have accepted."""
        self.refused: list[str] = []
        """Well-formed requests that were refused, with status and reason."""
        self.requests: Counter[str] = Counter()
        """Requests by operation, including those that failed."""
        self.revoked = False
        """Whether the bot's token has been revoked."""
        self.sessions_left = [999]
        """How many sessions bots may still start, each time they ask; the last number stays."""
        self.limits = RateLimits()
        self.commands: list[JSON] = []
        self._world = world
        self._gateway = gateway
        own: dict[str, Handler] = {
            "get_my_user": self._me,
            "get_my_oauth2_application": self._application,
            "get_my_application": self._application,
            "get_bot_gateway": self._bot_gateway,
            "list_application_commands": self._list_commands,
            "bulk_set_application_commands": self._set_commands,
            "get_guild_member": self._member,
        }
        self._handlers = own | channels.handlers | interactions.handlers

    def new_complaints(self) -> list[str]:
        """Return what has been refused since the last call."""
        found = self.problems + self.refused
        self.problems, self.refused = [], []
        return found

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer a request, unless a fault answers it."""
        path = request.path.removeprefix(PREFIX)
        body, files = await _read(request)

        async def carry_out() -> web.StreamResponse:
            return await self._carry_out(request, path, body, files)

        fault = next((f for f in self.faults if f.takes(request.method, path)), None)
        if fault is None:
            return await carry_out()
        operation = self.specification.operation(request.method, path)
        self.requests[operation.name if operation else path] += 1
        return await fault.act(request, carry_out)

    async def _carry_out(
        self, request: web.Request, path: str, body: Any, files: dict[str, tuple[str, bytes]]
    ) -> web.StreamResponse:
        problems = self.specification.problems(request.method, path, request.query, body)
        operation = self.specification.operation(request.method, path)
        if problems or operation is None:
            self.problems += problems
            return _error(ApiError(400 if operation else 404, 50035, "; ".join(problems)))
        self.requests[operation.name] += 1
        handler = self._handlers.get(operation.name)
        if handler is None:
            self.problems.append(f"{operation.name}: the stand-in does not know this request")
            return _error(ApiError(404, 0, "Not simulated"))
        secret = request.headers.get("Authorization", "")
        by_token = path.startswith(("/webhooks/", "/interactions/"))
        try:
            if not by_token and (self.revoked or not secret.startswith("Bot ")):
                raise ApiError(401, 0, "401: Unauthorized")
            headers = self.limits.headers(operation.name, path)
            call = Call(path.strip("/").split("/"), dict(request.query), body or {}, files)
            made = await handler(call)
        except ApiError as error:
            self.refused.append(f"{operation.name}: {error.status} {error.code} {error}")
            return _error(error)
        except RateLimited as error:
            act = rate_limited(error.retry_after, everywhere=error.everywhere)
            return await act(request, _nothing)
        if made is None:
            return web.Response(status=204, headers=headers)
        return said(made, headers=headers)

    async def _me(self, _: Call) -> JSON:
        return BOT

    async def _application(self, _: Call) -> JSON:
        return payloads.application(self._world.owner)

    async def _bot_gateway(self, _: Call) -> JSON:
        left = self.sessions_left.pop(0) if len(self.sessions_left) > 1 else self.sessions_left[0]
        start = {"total": 1000, "remaining": left, "reset_after": 30_000, "max_concurrency": 1}
        return {"url": self._gateway.url, "shards": 1, "session_start_limit": start}

    async def _list_commands(self, _: Call) -> list[JSON]:
        return self.commands

    async def _set_commands(self, call: Call) -> list[JSON]:
        bodies: Any = call.body or []
        more = {"application_id": payloads.APPLICATION_ID, "version": "1"}
        self.commands = [
            {"type": 1, "description": "", **c, **more, "id": str(300 + i)}
            for i, c in enumerate(bodies)
        ]
        return self.commands

    async def _member(self, call: Call) -> JSON:
        return {"user": {**payloads.user("member"), "id": call.parts[3]}, **payloads.JOINED}


async def _nothing() -> web.StreamResponse:
    return web.Response(status=204)


async def _read(request: web.Request) -> tuple[Any, dict[str, tuple[str, bytes]]]:
    """Read a body: JSON, or JSON with files beside it."""
    if request.content_type != "multipart/form-data":
        read = await request.read()
        return (json.loads(read) if read else None), {}
    body: Any = None
    files: dict[str, tuple[str, bytes]] = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        if part.name == "payload_json":
            body = json.loads(await part.read())
        elif part.name is not None:
            files[part.name] = part.filename or "file", bytes(await part.read())
    return body, files


def _error(error: ApiError) -> web.Response:
    return said({"message": str(error), "code": error.code}, error.status)

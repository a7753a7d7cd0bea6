"""/livez, /readyz and /metrics over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from aiohttp import web

from bot import __version__
from bot.operations.health import Health
from bot.operations.metrics import Metrics

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SHUTDOWN = 1.0
"""Seconds that running requests get when the server stops."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.health")


def application(health: Health, metrics: Metrics) -> web.Application:
    """The three pages. They say nothing of members, texts or questions."""

    async def livez(_: web.Request) -> web.Response:
        """Whether the event loop is alive: any response shows that."""
        return web.json_response({"live": True, "version": __version__})

    async def readyz(_: web.Request) -> web.Response:
        parts = await health.check()
        ready = all(part.ready for part in parts.values())
        shown = {name: part.as_json() for name, part in parts.items()}
        return web.json_response({"ready": ready, "parts": shown}, status=200 if ready else 503)

    async def metrics_page(_: web.Request) -> web.Response:
        return web.Response(body=metrics.text(), headers={"Content-Type": CONTENT_TYPE})

    app = web.Application()
    app.router.add_get("/livez", livez)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/metrics", metrics_page)
    return app


@asynccontextmanager
async def serving(app: web.Application, host: str, port: int) -> AsyncIterator[int | None]:
    """Serve `app` during the block, and provide the port; None if it cannot be served.

    That is one line in the log: members get answers all the same.
    """
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            _log.warning(
                "health and metrics are not served: choose another health.port, or 0 for none",
                host=host, port=port, reason=error.strerror,
            )  # fmt: skip
            yield None
        else:
            yield runner.addresses[0][1]
    finally:
        await runner.cleanup()

"""Responses in the form in which Discord sends them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

VIA = {"Via": "1.1 google"}
"""What distinguishes Discord's own refusals from those of the network in front of it."""


def said(data: Any, status: int = 200, headers: Mapping[str, str] = VIA) -> web.Response:
    """JSON, without a charset: discord.py treats any other type as text."""
    own = {"Content-Type": "application/json", **headers}
    return web.Response(body=json.dumps(data).encode(), status=status, headers=own)

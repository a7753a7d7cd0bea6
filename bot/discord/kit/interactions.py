"""The type that every handler of a command, button or form gets."""

from __future__ import annotations

from typing import Any

import discord

Interaction = discord.Interaction[Any]

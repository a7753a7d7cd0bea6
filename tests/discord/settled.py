"""Settings of the simulated server, and what its members cannot do by simcord's own methods."""

from __future__ import annotations

from typing import Any

import discord

from bot.discord.kit.service import Service
from bot.settings.discord import DiscordSettings
from bot.storage.servers import ServerSettings
from tests.conftest import TODAY, World


async def settle(world: World, service: Service, **settings: Any) -> ServerSettings:
    """Save these settings for the server, and return them."""
    to = ServerSettings(**settings)
    await service.servers.change(world.guild.id, to, world.manager.id, "", TODAY)
    return to


async def listen(world: World, service: Service) -> None:
    """Restart the bot with the message-content intent."""
    service.settings = DiscordSettings(listen=True)
    await world.restart(service)


async def post(
    world: World, forum: Any, member: Any, title: str, text: str, *, starter: bool = False
) -> Any:
    """Create a forum post as `member`.

    `starter`: without the event for a new thread; the first message has the thread's id instead.
    """
    backend = world.env.backend
    thread = backend.create_thread(forum.id, title, member.id, broadcast=False)
    message = backend.prepare_message(thread.id, member.id, text)
    if starter:
        message.id = thread.id
        payload = {**_payload(world, thread), "newly_created": False}
        backend.emit("THREAD_CREATE", payload)
    else:
        backend.announce_thread_create(thread)
    backend.commit_message(message)
    await world.env.settle()
    return next(t for t in forum.threads if t.id == thread.id)


def _payload(world: World, thread: Any) -> dict[str, Any]:
    from simcord.backend import serializers

    return dict(serializers.thread_payload(world.env.backend, thread))


def said_in(world: World, channel: Any) -> list[discord.Message]:
    """The bot's public messages in a channel, oldest first."""
    me = world.env.bot.user.id
    return [m for m in channel.history() if m.author.id == me and not m.flags.ephemeral]

"""What the bot may do on each of its servers, without connecting to the gateway."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import discord

from bot.discord.check.access import missing
from bot.discord.kit.sending import SEND_ERRORS
from bot.errors import Problem, VerbatimError
from bot.operations.error_lines import in_one_line
from bot.storage.servers import ServerSettings
from bot.wording import ENGLISH
from bot.wording.permissions import PermissionLines

_SPOKEN_IN = (discord.TextChannel, discord.ForumChannel, discord.VoiceChannel)


@dataclass(frozen=True, slots=True)
class ServerReport:
    """Lines on what the bot may do, and whether a setting cannot work."""

    lines: tuple[str, ...]
    ok: bool = True


async def check_servers(
    token: str,
    settings: Mapping[int, ServerSettings],
    daily: Mapping[int, frozenset[int]],
    *,
    listen: bool,
) -> ServerReport:
    """Log in with `token`, and look at every server.

    `settings` and `daily`, the channels with daily passages, are by server; `listen` is what the config
    asks for.

    Raises:
        VerbatimError: Discord refuses the token, or cannot be reached.

    """
    client = discord.Client(intents=discord.Intents.none())
    try:
        await client.login(token)
        return await inspect(client, settings, daily, listen=listen)
    except discord.LoginFailure as error:
        raise VerbatimError(
            Problem("Discord", "refuses the token: reset it on the application's page *Bot*")
        ) from error
    except SEND_ERRORS as error:
        raise VerbatimError(Problem("Discord", f"cannot be asked: {in_one_line(error)}")) from error
    finally:
        await client.close()


async def inspect(
    client: discord.Client,
    settings: Mapping[int, ServerSettings],
    daily: Mapping[int, frozenset[int]],
    *,
    listen: bool,
) -> ServerReport:
    """Look at every server of a client that is logged in."""
    lines, ok = _intent_lines((await client.application_info()).flags, settings, listen=listen)
    async for partial in client.fetch_guilds(limit=None):
        guild = await client.fetch_guild(partial.id)
        own = settings.get(guild.id, ServerSettings())
        found, works = await _server_lines(client, guild, own, daily.get(guild.id, frozenset()))
        lines += found
        ok = ok and works
    return ServerReport(tuple(lines), ok)


def _intent_lines(
    flags: discord.ApplicationFlags, settings: Mapping[int, ServerSettings], *, listen: bool
) -> tuple[list[str], bool]:
    allowed = flags.gateway_message_content or flags.gateway_message_content_limited
    wanted = sorted(id_ for id_, own in settings.items() if own.listens or own.forums)
    if listen and not allowed:
        reason = "switch on Message Content Intent on the application's page Bot"
        return [f"wrong: discord.listen: Discord does not let the bot listen: {reason}"], False
    if wanted and not listen:
        servers = ", ".join(map(str, wanted))
        return [
            f"message content: off, so the bot does not listen where it should: {servers}"
        ], True
    return [f"message content: {'on' if listen else 'off'}"], True


async def _server_lines(
    client: discord.Client, guild: discord.Guild, settings: ServerSettings, daily: frozenset[int]
) -> tuple[list[str], bool]:
    """The lines of one server: channels that are set for something and lack a permission are wrong."""
    if client.user is None:
        raise ValueError("not logged in")
    me = await guild.fetch_member(client.user.id)
    channels = [c for c in await guild.fetch_channels() if isinstance(c, _SPOKEN_IN)]
    lacks = {channel: missing(channel, me, settings) for channel in channels}
    hidden = sum("view_channel" in names for names in lacks.values())
    lines = [f"{guild.name} ({guild.id}): {len(channels)} channels, {hidden} hidden from the bot"]
    used = settings.listens | settings.forums | daily
    wrong = False
    for channel, names in lacks.items():
        is_used = not used.isdisjoint({channel.id, channel.category_id})
        if names and (is_used or "view_channel" not in names):
            lines.append(
                f"  {'wrong: ' if is_used else ''}#{channel.name}: without {_named(names)}"
            )
            wrong = wrong or is_used
    gone = {id_ for id_ in used if not _is_there(id_, channels)}
    if gone:
        lines.append(f"  set, but not among its channels: {', '.join(map(str, sorted(gone)))}")
    return lines, not wrong


def _is_there(id_: int, channels: list[Any]) -> bool:
    return any(id_ in {channel.id, channel.category_id} for channel in channels)


def _named(permissions: list[str]) -> str:
    names = ENGLISH.lines_of(PermissionLines)
    return ", ".join(names.permission(name) for name in permissions)

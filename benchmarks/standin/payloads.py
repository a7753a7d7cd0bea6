"""What Discord sends, in its own format."""

from __future__ import annotations

import itertools
import time
from datetime import UTC, datetime
from typing import Any

JSON = dict[str, Any]

_EPOCH = 1_420_070_400_000
_numbers = itertools.count()

APPLICATION_ID = "200"
BOT: JSON = {
    "id": "100", "username": "Verbatim", "discriminator": "0", "global_name": None, "avatar": None,
    "bot": True,
}  # fmt: skip
JOINED: JSON = {
    "roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "deaf": False, "mute": False, "flags": 0,
}  # fmt: skip
MEMBER_PERMISSIONS = 0x400 | 0x800 | 0x10000 | 1 << 31 | 1 << 38
"""View, send, read the history, use commands, send in threads."""
MANAGE_SERVER, MANAGE_MESSAGES = 1 << 5, 1 << 13
BOT_PERMISSIONS = MEMBER_PERMISSIONS | 0x4000 | 0x8000 | 1 << 35


def snowflake(seconds: float | None = None) -> str:
    """Make a new id for that time since 1970, or for now."""
    milliseconds = int(1000 * (time.time() if seconds is None else seconds)) - _EPOCH
    return str(milliseconds << 22 | next(_numbers) & 0x3FFFFF)


def now() -> str:
    """The time in Discord's format."""
    return datetime.now(UTC).isoformat()


def user(name: str, **more: Any) -> JSON:
    """A person, or a bot."""
    return {
        "id": snowflake(), "username": name, "discriminator": "0", "global_name": name,
        "avatar": None, **more,
    }  # fmt: skip


def application(owner: JSON) -> JSON:
    """The bot's application."""
    return {
        "id": APPLICATION_ID, "name": "Verbatim", "icon": None, "description": "", "flags": 0,
        "bot_public": True, "bot_require_code_grant": False, "verify_key": "", "owner": owner,
        "team": None,
    }  # fmt: skip


def server(name: str, owner: JSON) -> JSON:
    """A server, with its role @everyone."""
    number = snowflake()
    everyone = {
        "id": number, "name": "@everyone", "permissions": str(BOT_PERMISSIONS), "position": 0,
        "color": 0, "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False, "managed": False, "mentionable": False, "flags": 0,
    }  # fmt: skip
    return {
        "id": number, "name": name, "owner_id": owner["id"], "roles": [everyone], "channels": [],
        "members": [{"user": BOT, **JOINED}], "member_count": 2, "preferred_locale": "en-US",
        "emojis": [], "stickers": [], "features": [], "threads": [], "presences": [],
        "voice_states": [], "verification_level": 0, "default_message_notifications": 0,
        "explicit_content_filter": 0, "mfa_level": 0, "afk_timeout": 300, "system_channel_flags": 0,
        "premium_tier": 0, "nsfw_level": 0, "large": False, "unavailable": False,
        "joined_at": "2026-01-01T00:00:00+00:00", "stage_instances": [], "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }  # fmt: skip


def role(name: str) -> JSON:
    """A role of a server that anybody may mention."""
    return {
        "id": snowflake(), "name": name, "permissions": "0", "position": 1, "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False, "managed": False, "mentionable": True, "flags": 0,
    }  # fmt: skip


def channel(name: str, server_id: str, kind: int = 0, **more: Any) -> JSON:
    """A channel of a server."""
    return {
        "id": snowflake(), "type": kind, "guild_id": server_id, "name": name, "position": 0,
        "permission_overwrites": [], "topic": None, "nsfw": False, "last_message_id": None,
        "rate_limit_per_user": 0, "parent_id": None, "flags": 0, **more,
    }  # fmt: skip


def thread(name: str, parent: JSON, number: str, owner_id: str, kind: int = 11) -> JSON:
    """A thread of a channel; public unless `kind` is 12."""
    state = {
        "archived": False, "locked": False, "auto_archive_duration": 1440,
        "archive_timestamp": now(), "create_timestamp": now(),
    }  # fmt: skip
    return {
        **channel(name, parent["guild_id"], kind), "id": number, "parent_id": parent["id"],
        "owner_id": owner_id, "message_count": 0, "member_count": 1, "total_message_sent": 0,
        "thread_metadata": state,
    }  # fmt: skip


def direct_channel(person: JSON, kind: int = 1) -> JSON:
    """The channel between a person and the bot, or a group of people (kind 3)."""
    return {
        "id": snowflake(), "type": kind, "last_message_id": None, "recipients": [person], "flags": 0,
    }  # fmt: skip


def message(author: JSON, channel: JSON, content: str, **more: Any) -> JSON:
    """A message."""
    return {
        "id": snowflake(), "channel_id": channel["id"], "author": author, "content": content,
        "type": 0, "timestamp": now(), "edited_timestamp": None, "tts": False, "flags": 0,
        "mention_everyone": False, "mentions": [], "mention_roles": [], "attachments": [],
        "embeds": [], "pinned": False, "components": [], **more,
    }  # fmt: skip


def interaction(
    member: JSON,
    channel: JSON,
    kind: int,
    permissions: int,
    *,
    by_member: bool = False,
    **more: Any,
) -> JSON:
    """Something that a member does with the bot, in a server or in a direct message.

    `by_member`: whether only they have installed it.
    """
    server_id = channel.get("guild_id")
    number = snowflake()
    owners = {"1": member["id"]} if by_member or server_id is None else {"0": server_id}
    where: JSON = {"authorizing_integration_owners": owners}
    if server_id is None:
        where |= {"user": member, "context": 1 if channel["type"] == 1 else 2}
    else:
        where |= {
            "guild_id": server_id, "guild_locale": "en-US", "context": 0,
            "guild": {"id": server_id, "locale": "en-US", "features": []},
            "member": {"user": member, **JOINED, "permissions": str(permissions)},
        }  # fmt: skip
    return {
        "id": number, "application_id": APPLICATION_ID, "type": kind, "version": 1,
        "token": f"aW50ZXJhY3Rpb246-token-of-{number}", "channel_id": channel["id"],
        "channel": channel, "locale": "en-US", "entitlements": [], "entitlement_sku_ids": [],
        "app_permissions": str(BOT_PERMISSIONS), "attachment_size_limit": 10_485_760, **where, **more,
    }  # fmt: skip

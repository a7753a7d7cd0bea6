"""The memory that servers take: `python -m benchmarks.servers [SERVERS …]`, each number in a process of its own.

Servers with 30 channels, 20 roles and no members, as the bot sees them without privileged intents.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bot.answering.answerer import Policy
from bot.discord.app.client import VerbatimClient
from bot.discord.kit.service import Service
from bot.library.library import Library
from bot.settings.discord import DiscordSettings
from bot.storage.database import Storage

CHANNELS, ROLES = 30, 20
KNOWLEDGE = Path(__file__).parent.parent / "knowledge"


def server(number: int) -> dict[str, Any]:
    """A server as Discord describes it when the bot connects."""
    base = (number + 1) << 22
    roles = [
        {
            "id": str(base + at), "name": f"role {at} of {number}", "permissions": "104324673", "position": at,
            "color": 0, "colors": {"primary_color": 0}, "hoist": False, "managed": False, "mentionable": False, "flags": 0,
        }
        for at in range(ROLES)
    ]  # fmt: skip
    channels = [
        {
            "id": str(base + 100 + at), "type": 0, "name": f"channel-{at}-of-{number}", "position": at, "topic": f"about {at}",
            "permission_overwrites": [{"id": str(base), "type": 0, "allow": "0", "deny": "1024"}], "nsfw": False,
            "rate_limit_per_user": 0, "last_message_id": str(base + 200 + at), "parent_id": None, "flags": 0,
        }
        for at in range(CHANNELS)
    ]  # fmt: skip
    return {
        "id": str(base), "name": f"Server {number}", "owner_id": "1", "roles": roles, "channels": channels, "members": [],
        "member_count": 500, "preferred_locale": "en-US", "emojis": [], "stickers": [], "features": [], "threads": [],
        "presences": [], "voice_states": [], "verification_level": 0, "default_message_notifications": 0,
        "explicit_content_filter": 0, "mfa_level": 0, "afk_timeout": 300, "system_channel_flags": 0, "premium_tier": 0,
        "nsfw_level": 0, "large": False, "unavailable": False, "stage_instances": [], "soundboard_sounds": [],
    }  # fmt: skip


def resident() -> float:
    """Megabytes of memory that this process holds."""
    status = Path("/proc/self/status").read_text("utf-8")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


async def measure(number: int) -> None:
    """Print servers and megabytes."""
    library = Library(KNOWLEDGE)
    library.load()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{folder}/verbatim.db"
        storage = await Storage.open(url, Path(folder) / "key", days=1)
        service = await Service.of(library, Policy(), DiscordSettings(), storage)
        client = VerbatimClient(service)
        for one in range(number):
            client._connection._add_guild_from_data(server(one))  # type: ignore[arg-type]  # as Discord's
        print(f"{len(client.guilds)} {resident():.1f}")
        await storage.close()


def main() -> None:
    """Measure each number in a fresh process, and print a table."""
    if sys.argv[1:2] == ["--one"]:
        asyncio.run(measure(int(sys.argv[2])))
        return
    print(f"{'servers':>8} {'MB':>8} {'kB a server':>12}")
    first: float | None = None
    for number in [int(one) for one in sys.argv[1:]] or [0, 1_000, 2_500, 10_000]:
        command = [sys.executable, "-m", "benchmarks.servers", "--one", str(number)]
        printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - ours
        memory = float(printed.split()[-1])
        first = memory if first is None else first
        each = f"{(memory - first) * 1024 / number:.1f}" if number else ""
        print(f"{number:>8} {memory:>8.1f} {each:>12}")


if __name__ == "__main__":
    main()

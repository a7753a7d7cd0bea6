"""Who walks, and where: what Discord's clients let them use there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from benchmarks.scenarios.in_process import InProcess
from benchmarks.standin import payloads
from benchmarks.standin.payloads import JSON
from bot.discord.kit.permissions import Audience
from bot.storage.servers import ServerSettings

MAY = {
    Audience.CURATOR: frozenset({"curator"}),
    Audience.WRITING_CURATOR: frozenset({"curator"}),
    Audience.MANAGER: frozenset({"curator"}),
}
"""Who may use things that not everybody may use."""

OFFERED = frozenset({"light", "keepers", "cleaning"})
"""The texts that the strangers' server offers."""


@dataclass(frozen=True)
class Walker:
    """A person in a place."""

    name: str
    person: JSON
    channel: JSON
    context: int = 0
    """Discord's number of the kind of place: a server (0), a direct message (1), a group (2)."""
    install: int = 0
    """Who has installed the bot there: the server (0), or only the person (1)."""

    def may(self, audience: Audience | None) -> bool:
        """Whether they belong to the audience of what they see."""
        return audience not in MAY or self.name.split()[0] in MAY[audience]

    def is_offered(self, command: JSON) -> bool:
        """Whether their client shows a command."""
        contexts = command.get("contexts") or [0, 1, 2]
        installs = command.get("integration_types") or [0]
        return self.context in contexts and self.install in installs


async def walkers(stage: InProcess) -> list[Walker]:
    """People in every kind of place; the strangers' server offers only some of the texts."""
    discord, world = stage.discord, stage.discord.world
    parent: Any = stage.channel
    thread = await discord.open_thread(stage.member, parent, "Light")
    private = await discord.open_thread(stage.member, parent, "Private", 12)
    forum = world.add_channel(stage.server, "forum", 15)
    await discord.gateway.dispatch("CHANNEL_CREATE", forum, stage.server["id"])
    post = await discord.open_thread(stage.member, forum, "How high is the tower?", first="Well?")
    role = payloads.role("Keepers")
    stage.server["roles"].append(role)
    created = {"guild_id": stage.server["id"], "role": role}
    await discord.gateway.dispatch("GUILD_ROLE_CREATE", created, stage.server["id"])
    other = world.add_server("Other")
    await discord.gateway.dispatch("GUILD_CREATE", other, other["id"])
    stage.service.settings = stage.service.settings.model_copy(
        update={"writing_servers": (int(stage.server["id"]),)}
    )
    settings = ServerSettings(sources=OFFERED)
    await stage.service.servers.change(int(other["id"]), settings, 1, "", stage.service.now())
    foreign = payloads.channel("elsewhere", payloads.snowflake())
    group = payloads.direct_channel(payloads.user("friend"), 3)
    direct = world.direct_channel(stage.member)
    for channel in (foreign, group):
        world.channels[channel["id"]] = channel
    stranger = payloads.user("stranger")
    return [
        Walker("member in a channel", stage.member, stage.channel),
        Walker("member in a thread", stage.member, thread),
        Walker("member in a private thread", stage.member, private),
        Walker("member in a post", stage.member, post),
        Walker("member in a direct message", stage.member, direct, 1, 1),
        Walker("member in a group", stage.member, group, 2, 1),
        Walker("member where only they have the bot", stage.member, foreign, 0, 1),
        Walker("stranger in a channel", stranger, other["channels"][0]),
        Walker("curator in a channel", stage.manager, stage.channel),
    ]

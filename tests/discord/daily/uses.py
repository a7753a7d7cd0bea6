"""How to use what the feature adds."""

from __future__ import annotations

from tests.discord import forged
from tests.discord.uses import Actor, Crowd, Use, using


def setting() -> Use:
    """Set a daily passage in the channel where somebody is."""
    return lambda crowd, actor: lambda: _set(crowd, actor)


async def _set(crowd: Crowd, actor: Actor) -> object:
    if not actor.server:  # there is no channel to choose
        return await forged.command(
            crowd.world, actor.member, actor.channel, "daily set", partial=True
        )
    return await forged.command(
        crowd.world,
        actor.member,
        actor.channel,
        "daily set",
        channel=actor.channel,
        time="8:30",
        zone="UTC",
    )


USES: dict[str, Use] = {
    "/daily set": setting(),
    "/daily status": using("daily status"),
    "/daily pause": using("daily pause", channel="1"),
    "/daily resume": using("daily resume", channel="1"),
    "/daily remove": using("daily remove", channel="1"),
}

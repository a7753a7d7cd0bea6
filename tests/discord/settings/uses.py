"""How to use what the feature adds."""

from __future__ import annotations

from tests.conftest import CURATOR_ROLE
from tests.discord import forged
from tests.discord.uses import (
    Actor,
    AuditEntry,
    Crowd,
    Use,
    pressing,
    submitting,
    using,
)


def choosing_a_role(crowd: Crowd, actor: Actor) -> AuditEntry:
    """Prepare to choose a role that is there, as the only one that makes curators."""
    guild = getattr(actor.member, "guild", None)
    role = guild.roles.get(CURATOR_ROLE) if guild else None
    custom_id = "settings:set:curator_roles:0"
    return pressing(custom_id, forged.ROLE_SELECT, str(role.id if role else 5))(crowd, actor)


USES: dict[str, Use] = {
    "/settings": using("settings"),
    "SettingMenu": pressing("settings:which", forged.STRING_SELECT, "silent"),
    "ValueMenu": pressing("settings:set:own_thread:0", forged.STRING_SELECT, "yes"),
    "ValueMenu curator_roles": choosing_a_role,
    "SettingButton": pressing("settings:do:empty:silent:0"),
    "SettingButton curator_roles": pressing("settings:do:empty:curator_roles:0"),
    "RateLimitForm": submitting("rates:1", member="3", channel="4"),
}

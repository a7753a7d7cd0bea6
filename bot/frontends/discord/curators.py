"""What only curators may do, checked here whatever Discord's client lets through."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.frontends import texts
from bot.frontends.discord import markdown
from bot.frontends.discord.buttons import LoadGoodButton, view_of
from bot.frontends.discord.messages import LIMIT
from bot.frontends.discord.replies import Reply, respond
from bot.library import Reload

if TYPE_CHECKING:
    from bot.frontends.discord.client import VerbatimClient

    Interaction = discord.Interaction[VerbatimClient]


def is_curator(interaction: Interaction) -> bool:
    """Return whether the member may Manage Server or has a curator role."""
    member = interaction.user
    if not isinstance(member, discord.Member):
        return False
    roles = set(interaction.client.service.settings.curator_roles)
    return interaction.permissions.manage_guild or any(role.id in roles for role in member.roles)


async def reload_for(interaction: Interaction, *, skip_broken: bool) -> None:
    """Read the knowledge again for a curator, and say what came of it."""
    if not is_curator(interaction):
        await interaction.response.send_message(texts.CURATORS_ONLY, ephemeral=True)
        return
    client = interaction.client

    async def work() -> Reply:
        reload = await client.service.reload(skip_broken=skip_broken)
        client.log.info(
            "knowledge reloaded" if reload.swapped else "reload refused",
            member=interaction.user.id,
            guild=interaction.guild_id,
            snapshot=reload.snapshot.id,
            problems=[str(problem) for problem in reload.problems],
        )
        return reload_reply(reload)

    await respond(interaction, work(), private=True)


def reload_reply(reload: Reload) -> Reply:
    """Return what is said of a reload: what changed, what was refused, and why."""
    problems = texts.problems(reload.problems)
    if not reload.swapped:
        lines = [texts.REFUSED, *problems]
        return Reply(_bounded(lines), view_of(LoadGoodButton()) if reload.some_are_good else None)
    lines = texts.changes(reload.changes)
    sources = texts.counted(len(reload.snapshot.sources), "text")
    passages = texts.counted(len(reload.snapshot.passages), "passage")
    lines.append(f"Now: {sources}, {passages}.")
    if problems:
        lines += [texts.SKIPPED, *problems]
    return Reply(_bounded(lines))


def _bounded(lines: list[str]) -> str:
    """Return `lines`, literal, as many as a message holds; the last says how many more."""
    kept: list[str] = []
    room = LIMIT - 40
    for number, line in enumerate(lines):
        mark, text = ("- ", line[2:]) if line.startswith("- ") else ("", line)
        shown = mark + markdown.escape(text[:500])
        room -= markdown.length(shown) + 1
        if room < 0:
            kept.append(f"… and {texts.counted(len(lines) - number, 'more line')}")
            break
        kept.append(shown)
    return "\n".join(kept)

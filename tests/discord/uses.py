"""How somebody uses a command, a button, a menu or a form.

A feature's `tests/discord/FEATURE/uses.py` holds USES: how to use each thing that the feature adds, by
its name in the table of permissions. `kit/test_permissions.py` tries them all.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import tests.discord
from bot.discord.kit.buttons import PersistentItem
from bot.discord.kit.quotes.encoding import Heading, QuoteList
from bot.discord.kit.service import Service
from bot.discord.knowledge.additions import Additions
from bot.models import Quote
from tests.conftest import TODAY, World
from tests.discord import forged
from tests.texts.test_editing import files

QUESTION = "Who was too ill to attend the opening?"
ASKED = 77
"""The id of a question that was asked on the first server."""


@dataclass
class Actor:
    """A person in a place. `member` is what simcord calls them there."""

    name: str
    member: Any
    channel: Any

    @property
    def server(self) -> int:
        """The id of the server; 0 in a direct message."""
        guild = getattr(self.member, "guild", None)
        return 0 if guild is None else int(guild.id)


@dataclass
class Crowd:
    """All people in all places, with a half-saved file and a question of the `asker`."""

    world: World
    service: Service
    actors: list[Actor]
    asker: int

    def of(self, name: str) -> Actor:
        """Find a person by name."""
        return next(actor for actor in self.actors if actor.name == name)

    async def state(self) -> tuple[Any, ...]:
        """Everything that a refused attempt must leave unchanged."""
        service, backend = self.service, self.world.env.backend
        await service.question_log.settle()
        questions = service.storage.questions
        servers = {actor.server or None for actor in self.actors}
        public = {
            actor.channel.id: [m.content for m in actor.channel.history() if not m.flags.ephemeral]
            for actor in self.actors
        }
        return (
            files(service.library.folder),
            service.snapshot,
            {server: service.servers.of(server) for server in servers},
            [await service.storage.audit.latest(server, 99) for server in servers if server],
            [await questions.counts_by_day(s, TODAY.replace(year=2000)) for s in servers],
            dict(service.state(Additions)._held),
            public,
            len(backend.get_guild(self.world.guild.id).channel_ids),
        )


AuditEntry = Callable[[], Awaitable[Any]]
Use = Callable[[Crowd, Actor], AuditEntry]
"""Prepares an action of somebody; calling the result carries it out."""


def using(name: str, /, **options: Any) -> Use:
    """Use a slash command."""
    return lambda crowd, actor: (
        lambda: forged.command(crowd.world, actor.member, actor.channel, name, **options)
    )


def choosing(name: str) -> Use:
    """Use a command of a message's menu."""
    return lambda crowd, actor: (
        lambda: forged.message_command(
            crowd.world, actor.member, actor.channel, name, "The toll for carts was never raised."
        )
    )


def pressing(custom_id: str, kind: int = forged.BUTTON, *values: str) -> Use:
    """Use a button or a menu under a public message."""

    def use(crowd: Crowd, actor: Actor) -> AuditEntry:
        about = custom_id.format(digest=crowd.service.snapshot.sources["bridge"].digest)
        message = forged.stand(crowd.world, actor.channel, about, kind, values)
        return lambda: forged.component(actor.member, message, about, kind, values)

    return use


def pressing_quotes(button: Callable[[QuoteList], PersistentItem[Any]]) -> Use:
    """Use a button under the asker's answer."""

    def use(crowd: Crowd, actor: Actor) -> AuditEntry:
        hits = [Quote(passage) for passage in crowd.service.snapshot.passages[:4]]
        quotes = QuoteList.of(Heading.ANSWERED, hits, 1, crowd.asker)
        return pressing(button(quotes).custom_id)(crowd, actor)

    return use


def submitting(custom_id: str, **values: str) -> Use:
    """Submit a form."""

    def use(crowd: Crowd, actor: Actor) -> AuditEntry:
        about = custom_id.format(digest=crowd.service.snapshot.sources["bridge"].digest)
        message = forged.stand(crowd.world, actor.channel, "opened:here")
        return lambda: forged.form(actor.member, message, about, values)

    return use


def all_uses() -> dict[str, Use]:
    """Collect the uses of all features."""
    found: dict[str, Use] = {}
    for module in iter_modules(tests.discord.__path__):
        name = f"tests.discord.{module.name}.uses"
        if module.ispkg and module.name not in {"app", "kit"}:
            found |= import_module(name).USES
    return found

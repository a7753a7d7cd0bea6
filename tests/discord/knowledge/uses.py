"""How to use what the feature adds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.discord.knowledge.additions import Addition, Additions, TypedFacts
from bot.texts.formats.knowledge_file import render
from tests.discord import forged
from tests.discord.uses import (
    Actor,
    AuditEntry,
    Crowd,
    Use,
    choosing,
    pressing,
    submitting,
    using,
)
from tests.samples import BRIDGE
from tests.texts.formats.hostile import zipped

NEW = replace(BRIDGE, id="owls", title="Owls", url=None)


def adding(go_on: Callable[[str], Use]) -> Use:
    """Return what goes on with an addition that is the actor's own."""

    def use(crowd: Crowd, actor: Actor) -> AuditEntry:
        data, form = render(NEW).encode(), TypedFacts("Owls", "Ana", language="en")
        addition = Addition(data, "owls.md", form, True, actor.member.id, actor.server)
        return go_on(crowd.service.state(Additions).keep(addition))(crowd, actor)

    return use


def listing(go_on: Callable[[str], Use]) -> Use:
    """Return what goes on with a file of the actor's own that holds two texts."""

    def use(crowd: Crowd, actor: Actor) -> AuditEntry:
        data = zipped({"one.txt": "Owls hunt by night.", "two.txt": "Bats do too."})
        addition = Addition(data, "two.zip", TypedFacts(), False, actor.member.id, actor.server)
        return go_on(crowd.service.state(Additions).keep(addition))(crowd, actor)

    return use


USES: dict[str, Use] = {
    "/knowledge add": using("knowledge add", file=("owls.md", render(NEW).encode())),
    "/knowledge remove": using("knowledge remove", source="bridge"),
    "/knowledge show": using("knowledge show", source="bridge"),
    "/knowledge history": using("knowledge history"),
    "/reload": using("reload"),
    "Add to the knowledge": choosing("Add to the knowledge"),
    "HistoryButton": pressing("history:0"),
    "LoadGoodButton": pressing("reload:good"),
    "LeaveOutButton": pressing("reload:strict"),
    "FormButton": adding(lambda ticket: pressing(f"shelf:form:{ticket}")),
    "AdditionForm": adding(
        lambda ticket: submitting(f"shelf:form:{ticket}:1", title="Owls", author="Ana")
    ),
    "AddButton": adding(lambda ticket: pressing(f"shelf:add:{ticket}:new")),
    "DropButton": adding(lambda ticket: pressing(f"shelf:drop:{ticket}")),
    "ListButton": listing(lambda ticket: pressing(f"shelf:list:{ticket}:0")),
    "EntryMenu": listing(
        lambda ticket: pressing(f"shelf:entry:{ticket}:0", forged.STRING_SELECT, "1")
    ),
    "RemoveButton": pressing("shelf:remove:{digest}"),
}

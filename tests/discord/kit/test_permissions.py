"""Who may use what, held against everything that is registered and everybody who might try."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import discord
import pytest
from discord import app_commands
from simcord import interactions

from bot.discord.app.client import VerbatimClient
from bot.discord.app.discovery import discover
from bot.discord.kit.buttons import StatelessView
from bot.discord.kit.permissions import Audience, name_of_command
from bot.discord.kit.quotes.encoding import Heading, QuoteList, encode_keys
from bot.discord.kit.service import Service
from bot.discord.knowledge.additions import Addition, Additions, TypedFacts
from bot.discord.knowledge.reload import RELOADS, ReloadLimit
from bot.discord.privacy.command import ForgetButton
from bot.discord.quote.buttons import MoreButton, ShareButton, TurnButton
from bot.discord.quote.deleting import DeleteButton
from bot.discord.read.buttons import ContextButton
from bot.discord.settings.controls import SettingButton, ValueMenu
from bot.discord.settings.values import Setting
from bot.models import Outcome, Quote
from bot.settings.discord import DiscordSettings
from bot.storage.questions import AskedQuestion
from bot.storage.servers import ServerSettings
from bot.texts.folder import write_source
from bot.texts.formats.knowledge_file import render
from bot.wording import ENGLISH as wording
from tests.conftest import CURATOR_ROLE, TODAY, Clock, World
from tests.discord import forged
from tests.discord.knowledge.uses import NEW
from tests.discord.uses import ASKED, QUESTION, Actor, Crowd, all_uses, pressing, submitting, using

FEATURES = discover()
AUDIENCES = FEATURES.audiences()
USES = all_uses()

WHO: dict[Audience, set[str]] = {
    Audience.ANYONE: {
        "asker", "stranger", "moderator", "keeper", "manager",
        "other stranger", "other keeper", "other manager",
        "asker in a DM", "manager in a DM", "asker elsewhere", "manager elsewhere",
    },
    Audience.ASKER: {"asker", "asker in a DM", "asker elsewhere"},
    Audience.ASKER_OR_MODERATOR: {"asker", "moderator", "asker in a DM", "asker elsewhere"},
    Audience.CURATOR: {"keeper", "manager", "other keeper", "other manager"},
    Audience.WRITING_CURATOR: {"keeper", "manager"},
    Audience.MANAGER: {"manager", "other manager"},
}  # fmt: skip
"""Who is who. The first server may change the texts, the other one may not; elsewhere, only the
member has installed the bot. A stranger has no part in it; a manager may Manage Server, and a
keeper has a curator role."""


def everything(kind: type[Any]) -> Iterator[type[Any]]:
    """Yield the classes of the bot's that can be used and are of this kind."""
    for cls in kind.__subclasses__():
        if cls.__module__.startswith("bot.") and not inspect.isabstract(cls):
            yield cls
        yield from everything(cls)


def registered(client: VerbatimClient) -> set[str]:
    """Return all that Discord can bring to the client, by its name in the table."""
    names: set[str] = set()
    for kind in discord.AppCommandType:
        for command in client.tree.walk_commands(type=kind):
            if not isinstance(command, app_commands.Group):
                names.add(name_of_command(command))
    kinds = (discord.ui.Item, discord.ui.View, discord.ui.LayoutView, discord.ui.Modal)
    names |= {
        cls.__name__ for kind in kinds for cls in everything(kind) if cls is not StatelessView
    }  # it only holds items
    menu: Any = discord.ui.Select(custom_id="settings:set:sources:0")
    for setting in Setting:
        menu.custom_id = f"settings:set:{setting}:0"
        for item in (ValueMenu(menu, setting, 0), SettingButton("show", setting, 0)):
            names |= {f"{type(item).__name__} {item.exception}"} if item.exception else set()
    return names


async def test_everything_is_in_the_table_and_nothing_else_is(service: Service) -> None:
    """Commands, message menus, buttons, menus, forms."""
    assert registered(VerbatimClient(service)) == set(AUDIENCES)
    assert set(everything(discord.ui.DynamicItem)) == set(FEATURES.buttons)
    assert set(everything(discord.ui.Modal)) == {form.modal for form in FEATURES.forms}


async def test_nobody_may_use_what_declares_no_audience(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Be it a command or a button; a form cannot be defined without one."""
    monkeypatch.setattr(world.env.bot.tree.get_command("ask"), "extras", {})
    monkeypatch.setattr(ForgetButton, "audience", None)
    asked = await world.manager.slash(world.channel, "ask", question=QUESTION)
    message = forged.stand(world, world.channel, "forget:ask")
    gone = await forged.component(world.manager, message, "forget:ask")
    for result in (asked, gone):
        assert (result.response.content, result.ephemeral) == (wording.FAILED, True)


def test_what_all_servers_share_is_for_those_who_may_write() -> None:
    """Every command, button and form that changes it, or shows its files, errors or history."""
    shared = {name for name, whose in AUDIENCES.items() if whose is Audience.WRITING_CURATOR}
    assert shared == {
        "/knowledge add", "/knowledge remove", "/knowledge show", "/knowledge history", "/reload",
        "Add to the knowledge", "LoadGoodButton", "FormButton", "AdditionForm", "AddButton",
        "DropButton", "LeaveOutButton", "ListButton", "EntryMenu", "RemoveButton", "HistoryButton",
    }  # fmt: skip


@pytest.fixture
async def crowd(world: World, service: Service, monkeypatch: pytest.MonkeyPatch) -> Crowd:
    env, home = world.env, world.guild
    guests = discord.Permissions(manage_messages=True)
    moderators = home.create_role("Moderators", permissions=guests)
    keepers = home.create_role(CURATOR_ROLE)
    moderator = home.add_member(env.create_user("moderator"), roles=[moderators])
    keeper = home.add_member(env.create_user("keeper"), roles=[keepers])
    visitor = env.create_user("visitor")  # who manages the other server, and is a stranger here
    asker, manager = world.member.user, world.manager.user
    manages = discord.Permissions(manage_guild=True)
    rooms = {}
    for name in ("Other", "Elsewhere"):
        guild = env.create_guild(name)
        room = guild.create_text_channel("room")
        managers = guild.create_role("Managers", permissions=manages)
        rooms[name] = (guild, room, managers)
    other, other_room, other_managers = rooms["Other"]
    other_keepers = other.create_role(CURATOR_ROLE)
    away, away_room, away_managers = rooms["Elsewhere"]
    people = [
        Actor("asker", world.member, world.channel),
        Actor("stranger", home.add_member(visitor), world.channel),
        Actor("moderator", moderator, world.channel),
        Actor("keeper", keeper, world.channel),
        Actor("manager", world.manager, world.channel),
        Actor("other stranger", other.add_member(moderator.user), other_room),
        Actor(
            "other keeper",
            other.add_member(env.create_user("guest"), roles=[other_keepers]),
            other_room,
        ),
        Actor("other manager", other.add_member(visitor, roles=[other_managers]), other_room),
        Actor("asker in a DM", asker, asker.dm_channel),
        Actor("manager in a DM", manager, manager.dm_channel),
        Actor("asker elsewhere", away.add_member(asker), away_room),
        Actor("manager elsewhere", away.add_member(manager, roles=[away_managers]), away_room),
    ]
    await env.settle()
    env.bot._connection._guilds.pop(away.id, None)
    made = interactions.base_payload

    def payload(*args: Any, **kwargs: Any) -> Any:
        record, found = made(*args, **kwargs)
        if kwargs["guild_id"] == away.id:
            found["authorizing_integration_owners"] = {"1": str(kwargs["user_id"])}
        return record, found

    monkeypatch.setattr(interactions, "base_payload", payload)
    changed = DiscordSettings(
        curator_roles=(keepers.id,), writing_servers=(home.id,), member_questions=0
    )
    service.settings = changed
    chosen = ServerSettings(curator_roles=frozenset({other_keepers.id}))
    await service.servers.change(other.id, chosen, visitor.id, "", TODAY)
    half_saved = service.library.folder / "half_saved.md"
    half_saved.write_text("---\ntitle: Half\n", encoding="utf-8")
    question = AskedQuestion(ASKED, home.id, TODAY, QUESTION, Outcome.NOT_COVERED, 0.0)
    await service.storage.questions.keep(question, asker.id)
    return Crowd(world, service, people, asker.id)


def shown_to(result: Any) -> str:
    """Return everything that somebody was shown in response."""
    parts = [result.modal, result.autocomplete_choices]
    for message in [result.response, *result.followups]:
        if message is not None:
            parts += [message.content, message.components, message.attachments, message.embeds]
    return "".join(str(part) for part in parts if part)


@pytest.mark.parametrize("name", AUDIENCES)
async def test_everybody_may_do_what_the_table_says_and_no_more(crowd: Crowd, name: str) -> None:
    """Who may not is told so alone, in one line: nothing has changed, and nothing is shown."""
    audience = AUDIENCES[name]
    assert audience is not None
    may = WHO[audience]
    for actor in sorted(crowd.actors, key=lambda actor: actor.name in may):
        act = USES[name](crowd, actor)
        await crowd.world.env.settle()
        before = None if actor.name in may else await crowd.state()
        result = await act()
        if actor.name in may:
            assert result.acknowledged, actor.name
            assert shown_to(result) not in refusals(actor.server), actor.name
            assert wording.FAILED not in shown_to(result), actor.name
        else:
            assert shown_to(result) == refusal(audience, actor), actor.name
            assert result.ephemeral
            assert await crowd.state() == before, actor.name


def refusals(server: int) -> set[str]:
    """Return every line that refuses somebody."""
    return {
        wording.NO_CURATORS_HERE, wording.CURATORS_ONLY, wording.MANAGERS_ONLY,
        wording.NOT_YOURS_TO_DELETE, wording.NOT_YOURS_TO_SHARE, wording.not_writing(server),
    }  # fmt: skip


def refusal(audience: Audience, actor: Actor) -> str:
    """Return the line that refuses `actor`, who is not of this audience."""
    if audience is Audience.ASKER:
        return wording.NOT_YOURS_TO_SHARE
    if audience is Audience.ASKER_OR_MODERATOR:
        return wording.NOT_YOURS_TO_DELETE
    if actor.name.endswith(("in a DM", "elsewhere")):
        return wording.NO_CURATORS_HERE
    if actor.name not in WHO[Audience.CURATOR]:
        return wording.CURATORS_ONLY
    manages = audience is Audience.MANAGER
    return wording.MANAGERS_ONLY if manages else wording.not_writing(actor.server)


async def test_in_a_server_that_may_not_write_no_button_touches_what_all_share(
    crowd: Crowd,
) -> None:
    """One file is half saved: to load the good ones would drop its text for all servers.

    Not even by a button from when that server might write.
    """
    service, manager = crowd.service, crowd.of("other manager")
    bridge = service.library.folder / "bridge.md"
    bridge.write_text(bridge.read_text(encoding="utf-8")[:30], encoding="utf-8")
    mine = service.settings
    both = (*(mine.writing_servers or ()), manager.server)
    service.settings = mine.model_copy(update={"writing_servers": both})
    shown = await manager.member.slash(manager.channel, "reload")
    assert "half\\_saved.md" in shown.response.content
    service.settings = mine
    before = await crowd.state()
    for result in (
        await manager.member.click(shown.response, label=wording.LOAD_GOOD),
        await manager.member.slash(manager.channel, "reload"),
    ):
        assert shown_to(result) == wording.not_writing(manager.server)
        assert result.ephemeral
    assert await crowd.state() == before
    assert "bridge" in service.snapshot.sources


@pytest.mark.parametrize("name", ["knowledge remove", "knowledge show"])
async def test_members_who_may_not_use_a_command_get_no_suggestions(
    crowd: Crowd, name: str
) -> None:
    """The titles of all texts are for those who look after them."""
    for actor in crowd.actors:
        result = await forged.command(
            crowd.world, actor.member, actor.channel, name, typed="source"
        )
        found = {choice["value"] for choice in result.autocomplete_choices or []}
        may = actor.name in WHO[Audience.WRITING_CURATOR]
        assert found == ({"bridge", "baking/bread"} if may else set()), actor.name


async def test_a_server_never_shows_a_text_that_it_does_not_offer(crowd: Crowd) -> None:
    """Whatever stands in the `custom_id`: a text that all servers share is known by its digest."""
    service, manager = crowd.service, crowd.of("other manager")
    chosen = ServerSettings(sources=frozenset({"bridge"}))
    await service.servers.change(manager.server, chosen, manager.member.id, "", TODAY)
    bread = service.snapshot.sources["baking/bread"]
    passages = [p for p in service.snapshot.passages if p.source is bread]
    given = QuoteList.of(Heading.ANSWERED, [Quote(p) for p in passages], 1, manager.member.id)
    uses = [
        pressing(button.custom_id)
        for button in (
            TurnButton(given, 0), TurnButton(given, 1), ShareButton(given, 0),
            MoreButton(given.refs), ContextButton(given.refs, 1, way="turn"),
        )
    ]  # fmt: skip
    uses += [pressing(f"read:{way}:{bread.digest}:2:0") for way in ("from", "before")]
    uses += [pressing(f"jump:{bread.digest}"), submitting(f"post:{bread.digest}:1", number="1")]
    uses += [
        using("quote", text=f"passage:{encode_keys([given.refs[0]])}"),
        using("read", source="baking/bread"), using("read", source=bread.digest),
        using("ask", question="How long does the loaf bake?", source="baking/bread"),
    ]  # fmt: skip
    for use in uses:
        result = await use(crowd, manager)()
        said = {
            wording.GONE, wording.TEXT_CHANGED, wording.unknown_source("baking/bread"),
            wording.unknown_source(bread.digest),
        }  # fmt: skip
        assert shown_to(result) in said
        assert result.ephemeral


async def test_a_vote_counts_only_where_its_question_was_asked(crowd: Crowd) -> None:
    """Another server's question is none of theirs, whatever id they send."""
    before = await crowd.state()
    for name in ("other manager", "manager in a DM", "manager elsewhere"):
        actor = crowd.of(name)
        for use in (USES["VoteButton"], USES["ExpectationForm"]):
            assert shown_to(await use(crowd, actor)()) == wording.NO_LONGER_KEPT, name
    assert (await crowd.state())[4] == before[4]
    assert wording.NO_LONGER_KEPT not in shown_to(
        await USES["VoteButton"](crowd, crowd.of("stranger"))()
    )


async def test_only_who_began_an_addition_continues_it_and_only_in_that_server(
    crowd: Crowd,
) -> None:
    """Another curator's ticket is of no use, in the same server too."""
    keeper, manager = crowd.of("keeper"), crowd.of("manager")
    form = TypedFacts("Owls", "Ana", language="en")
    data = render(NEW).encode()
    ticket = crowd.service.state(Additions).keep(
        Addition(data, "owls.md", form, True, keeper.member.id, keeper.server)
    )
    uses = [
        pressing(f"shelf:form:{ticket}"), pressing(f"shelf:add:{ticket}:new"),
        submitting(f"shelf:form:{ticket}:1", title="Owls", author="Ana"),
    ]  # fmt: skip
    (crowd.service.library.folder / "half_saved.md").unlink()
    before = await crowd.state()
    for use in uses:
        assert shown_to(await use(crowd, manager)()) == wording.BEGIN_AGAIN
    after = await crowd.state()
    assert (after[0], after[5]) == (before[0], before[5])
    message = forged.stand(crowd.world, keeper.channel, f"shelf:add:{ticket}:new")
    await forged.component(keeper.member, message, f"shelf:add:{ticket}:new")
    assert "owls" in crowd.service.snapshot.sources


async def test_a_button_that_the_message_does_not_have_does_nothing(crowd: Crowd) -> None:
    """discord.py looks for it in the message as Discord sends it; neither is a broken one pressed."""
    stranger = crowd.of("stranger")
    own = DeleteButton(stranger.member.id).custom_id
    message = forged.stand(crowd.world, stranger.channel, "nothing:of:ours")
    await crowd.world.env.settle()
    before = await crowd.state()
    assert not (await forged.component(stranger.member, message, own)).acknowledged
    for custom_id in BYTES:
        await pressing(custom_id)(crowd, stranger)()
    after = await crowd.state()
    assert after[:6] == before[:6]
    assert set(after[6][stranger.channel.id]) == {"Public"}


BYTES = (
    "\x00", "turn:", "turn:" + "A" * 94, "turn:" + "_" * 14, "share:" + "_" * 94, "delete:x",
    "delete:" + "_" * 11, "more:999:" + "_" * 90, "context:turn:99:9:" + "_" * 7, "jump:" + "f" * 16,
    "read:from:" + "0" * 16 + ":999999999:999999999", "meant:" + "_" * 11 + ":", "vote:right:" + "9" * 16,
    "vote:up:1", "expect:" + "9" * 16, "gaps:999:9999", "gaps-file:999", "forget:all", "reload:bad",
    "shelf:add:" + "_" * 22 + ":new", "shelf:drop:-", "shelf:remove:" + "0" * 16, "settings:do:empty:x:0",
    "settings:do:x:silent:9999", "🧵" * 40,
)  # fmt: skip


async def test_the_folder_is_not_read_again_without_end(world: World, service: Service) -> None:
    """All servers together: an index of many texts takes a while to make."""
    clock = Clock()
    service.states[ReloadLimit] = ReloadLimit(clock)
    for _ in range(RELOADS):
        result = await world.manager.slash(world.channel, "reload")
        assert wording.NOTHING_CHANGED in result.response.content
    snapshot = service.snapshot
    write_source(NEW, service.library.folder)
    refused = await world.manager.slash(world.channel, "reload")
    assert shown_to(refused) == wording.reload_later(60 // RELOADS)
    message = forged.stand(world, world.channel, "reload:good")
    refused = await forged.component(world.manager, message, "reload:good")
    assert shown_to(refused) == wording.reload_later(60 // RELOADS)
    assert service.snapshot is snapshot
    clock.now += 60 / RELOADS
    assert "Added: owls" in shown_to(await world.manager.slash(world.channel, "reload"))

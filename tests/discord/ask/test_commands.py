"""What members do by slash command and message menu."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import discord
import pytest
import simcord

from bot.answering.answerer import Policy
from bot.discord.app.discovery import discover
from bot.discord.kit.quotes.layout import LIMIT
from bot.discord.kit.service import Service
from bot.models import Post, Source
from bot.texts.folder import write_source
from bot.wording import ENGLISH as wording
from tests.conftest import World
from tests.discord import forged
from tests.discord.kit.quotes.test_layout import LONG_TEXTS
from tests.discord.kit.test_markdown import shown
from tests.discord.slowness import hold
from tests.samples import BREAD, BRIDGE

QUESTION = "Who was too ill to attend the opening?"


def policy(service: Service, **changes: float) -> None:
    """Let the bot in the simulation be more or less sure of itself."""
    service.policy = replace(Policy(), **changes)  # type: ignore[arg-type]


def buttons(response: Any) -> list[str]:
    return [c["label"] for row in response.components for c in row["components"]]


async def test_ask_answers_with_a_quote_and_who_says_it_where(world: World) -> None:
    """In plain content, without a preview, for everybody to see."""
    result = await world.member.slash(world.channel, "ask", question=QUESTION)
    content = result.response.content
    bold = re.search(r"\*\*(.+)\*\*", content)
    assert bold is not None
    assert "Brunel" in bold[1]
    assert BRIDGE.posts[1].text.startswith(shown(content.split("\n")[1][2:]).replace("**", ""))
    assert "@BridgeNotes, [“The bridge over the Tamar”](<https://example.org/bridge_%28" in content
    assert "post 2 of 3" in content
    assert not result.ephemeral
    message = world.channel.history()[-1]
    assert message.flags.suppress_embeds
    assert not message.embeds


async def test_ask_says_what_was_asked_where_others_read_it(world: World) -> None:
    """Discord shows them the command alone."""
    result = await world.member.slash(world.channel, "ask", question=QUESTION)
    assert result.response.content.startswith(f"-# Asked: {QUESTION}")


async def test_a_private_answer_is_for_the_asker_alone(world: World) -> None:
    """By the option, and nobody else sees it."""
    result = await world.member.slash(world.channel, "ask", question=QUESTION, private=True)
    assert result.ephemeral
    assert world.channel.history(viewer=world.manager) == []


async def test_ask_can_be_kept_to_one_source(world: World) -> None:
    """By the name that autocompletion gives, or a part of the title."""
    for name in ("baking/bread", "sourdough"):
        result = await world.member.slash(
            world.channel, "ask", question="How long does it bake?", source=name
        )
        assert "Bake the loaf" in result.response.content


async def test_an_unknown_source_is_said_kindly(world: World) -> None:
    """To the asker alone, and what they typed cannot break the message."""
    result = await world.member.slash(
        world.channel, "ask", question=QUESTION, source="**<@1> none**"
    )
    assert result.ephemeral
    assert r"\*\*\<@1\> none\*\*" in result.response.content


async def test_not_covered_says_so_and_offers_the_nearest_on_demand(
    world: World, service: Service
) -> None:
    """No quote unasked, and a warning above those that are asked for."""
    policy(service, answered=1, closest=1)
    result = await world.member.slash(world.channel, "ask", question=QUESTION)
    assert wording.NOT_COVERED in result.response.content
    assert ">" not in result.response.content
    assert buttons(result.response) == [
        wording.SHOW_NEAREST,
        wording.FOLLOW_UP,
        wording.DELETE,
        wording.EXPECTED_AN_ANSWER,
    ]
    shown = await world.member.click(result.response, label=wording.SHOW_NEAREST)
    assert shown.ephemeral
    assert wording.NEAREST in shown.response.content
    assert "> " in shown.response.content


async def test_nothing_near_offers_no_button(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A button that leads nowhere is left out."""
    monkeypatch.setattr("bot.search.searcher.MIN_PROBABILITY", 1.1)
    result = await world.member.slash(world.channel, "ask", question="xylophone quartets")
    assert result.response.content.endswith(f"{wording.NOT_COVERED} {wording.LISTED_BY}")
    assert buttons(result.response) == [
        wording.FOLLOW_UP,
        wording.DELETE,
        wording.EXPECTED_AN_ANSWER,
    ]


async def test_greetings_get_a_friendly_line_and_no_quote(world: World) -> None:
    """It says what can be asked."""
    result = await world.member.slash(world.channel, "ask", question="hello")
    assert "I can quote from 2 texts" in result.response.content
    assert "> " not in result.response.content


async def test_the_name_of_a_text_is_no_markdown_in_a_greeting(
    world: World, service: Service
) -> None:
    """Nor is its author's."""
    odd = Source("a", "A __title__", "_ana_", (Post(1, "Some words."),))
    write_source(odd, service.library.folder)
    await world.manager.slash(world.channel, "reload")
    result = await world.member.slash(world.channel, "ask", question="hello")
    assert r"“A \_\_title\_\_”" in result.response.content


async def test_sources_lists_the_texts(world: World) -> None:
    """Title, author, size and link, escaped."""
    result = await world.member.slash(world.channel, "sources")
    assert r"Ana \*the\* Baker (2 posts)" in result.response.content
    assert "[open](<https://example.org/bridge_%28tamar%29>)" in result.response.content
    assert result.ephemeral


async def test_read_turns_pages_also_after_a_restart(world: World, service: Service) -> None:
    """In the message itself, forth and back."""
    long = Source("long", "Long", "A", tuple(BRIDGE.posts) * 12)
    write_source(long, service.library.folder)
    await world.manager.slash(world.channel, "reload")
    result = await world.member.slash(world.channel, "read", source="long")
    first = result.response.content
    assert buttons(result.response) == [wording.NEXT, wording.GO_TO_POST]
    await world.restart(service)
    await world.member.click(result.response, label=wording.NEXT)
    assert result.response.content != first
    assert buttons(result.response) == [wording.PREVIOUS, wording.NEXT, wording.GO_TO_POST]
    await world.member.click(result.response, label=wording.PREVIOUS)
    assert result.response.content == first


async def test_read_begins_at_a_post(world: World) -> None:
    """And says which posts there are when it is not one of them."""
    result = await world.member.slash(world.channel, "read", source="bridge", post=3)
    assert "post 3 of 3" in result.response.content
    assert "post 2 of 3" not in result.response.content
    result = await world.member.slash(world.channel, "read", source="bridge", post=4)
    assert "posts 1 to 3, not 4" in result.response.content


async def test_a_page_of_a_text_that_has_changed_says_so(world: World, service: Service) -> None:
    """It does not turn to another text's page."""
    result = await world.member.slash(world.channel, "read", source="bridge", post=3)
    path = service.library.folder / "bridge.md"
    path.write_text(path.read_text(encoding="utf-8") + "\nOne more post.\n", encoding="utf-8")
    await world.manager.slash(world.channel, "reload")
    turned = await world.member.click(result.response, label=wording.PREVIOUS)
    assert turned.response.content == wording.TEXT_CHANGED


async def test_sources_are_suggested_as_they_are_typed(world: World) -> None:
    """By title, author or name, whatever the case; nothing found is no error."""

    async def suggested(typed: str) -> list[str]:
        found = await world.member.autocomplete(world.channel, "ask", "source", typed, question="q")
        return [choice["value"] for choice in found]

    assert await suggested("") == ["baking/bread", "bridge"]
    assert await suggested("TAMAR") == ["bridge"]
    assert await suggested("baker") == ["baking/bread"]
    assert await suggested("nothing like it") == []


async def test_suggestions_keep_to_discords_limits(world: World, service: Service) -> None:
    """25 of them, 100 characters each, and the value still finds its text."""
    for i in range(30):
        title = f"{i:02} " + "long " * 38
        source = Source(f"{i:02}-" + "x" * 120, title.strip(), "A", BREAD.posts)
        write_source(source, service.library.folder)
    await world.manager.slash(world.channel, "reload")
    found = await world.member.autocomplete(world.channel, "read", "source", "long")
    assert len(found) == 25
    assert all(len(c["name"]) <= 100 and len(c["value"]) <= 100 for c in found)
    result = await world.member.slash(world.channel, "read", source=found[3]["value"])
    assert "03 long" in result.response.content


async def test_find_the_source_shows_which_passage_a_message_repeats(world: World) -> None:
    """To the one who asked alone; the message's author is not bothered."""
    message = await world.manager.send(
        world.channel, "They say the toll for carts was never raised!"
    )
    result = await world.member.context_menu(world.channel, "Find the source", message)
    assert result.ephemeral
    assert result.response.content.startswith(wording.REPEATED)
    assert "The toll for carts was never raised." in result.response.content


async def test_find_the_source_says_when_there_is_none(world: World) -> None:
    """Also of a message without text."""
    message = await world.manager.send(world.channel, "Lunch, anybody?")
    result = await world.member.context_menu(world.channel, "Find the source", message)
    assert result.response.content == wording.NOT_REPEATED
    message = await world.manager.send(world.channel, "", attachments=[("a.txt", b"x")])
    result = await world.member.context_menu(world.channel, "Find the source", message)
    assert result.response.content == wording.NOTHING_TO_FIND


@pytest.mark.parametrize("name", LONG_TEXTS)
async def test_any_text_fits_into_a_message(world: World, service: Service, name: str) -> None:
    """Discord would refuse one that does not."""
    text = LONG_TEXTS[name].strip()
    write_source(Source("odd", "Odd", "A", (Post(1, text),)),
                 service.library.folder)  # fmt: skip
    await world.manager.slash(world.channel, "reload")
    policy(service, answered=0, closest=0)
    for question in (text[:100].strip(), "word line everyone كلمة"):
        result = await world.member.slash(world.channel, "ask", question=question, source="odd")
        assert result.acknowledged
    result = await world.member.slash(world.channel, "read", source="odd")
    assert len(result.response.content) <= LIMIT


async def test_help_says_what_can_be_done(world: World) -> None:
    """It names every command, but itself and the short way to another."""
    result = await world.member.slash(world.channel, "help")
    said = {f"/{one.name}" if one.name.islower() else one.name for one in discover().commands()}
    for name in said - {"/help", "Add to the knowledge"}:
        assert name in result.response.content


@pytest.mark.parametrize("command", ["ask", "quote", "sources", "read", "help", "reload"])
async def test_an_error_of_discords_is_recorded_and_the_member_told_kindly(
    world: World, command: str, caplog: pytest.LogCaptureFixture
) -> None:
    """One line, no stack trace."""
    options = {
        "ask": {"question": QUESTION},
        "quote": {"text": "ferries"},
        "read": {"source": "bridge"},
    }.get(command, {})
    world.env.inject_error("POST", "/interactions/*/callback", status=500)
    actor = world.manager if command == "reload" else world.member
    result = await actor.slash(world.channel, command, **options)
    simcord.assert_error(world.env, discord.HTTPException, contains="500")
    assert result.response.content == wording.FAILED
    assert result.ephemeral


async def test_a_former_command_gets_a_friendly_line(world: World) -> None:
    """A client may show an old list of commands for a while."""
    there = world.env.backend.commands[None]
    there["cite", 1] = {**there["help", 1], "name": "cite", "id": "123"}
    result = await world.member.slash(world.channel, "cite")
    assert world.env.errors
    assert result.response.content == wording.OUTDATED_COMMAND


async def test_a_button_of_another_version_gets_a_friendly_line(world: World) -> None:
    """Without one, Discord would say after three seconds that the interaction failed."""
    message = forged.stand(world, world.channel, "summary:7")
    result = await forged.component(world.member, message, "summary:7")
    assert result.ephemeral
    assert result.response.content == wording.OUTDATED_BUTTON


async def test_an_interaction_that_is_gone_is_not_an_error_to_wake_anybody(world: World) -> None:
    """Nobody is there to be told either."""
    world.env.inject_error("POST", "/interactions/*/callback", status=404, code=10062)
    result = await world.member.slash(world.channel, "ask", question=QUESTION)
    simcord.assert_error(world.env, discord.NotFound, code=10062)
    assert not result.acknowledged


async def test_a_bug_is_reported_in_the_same_friendly_line(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever goes wrong in the answering."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError("deep inside")

    monkeypatch.setattr("bot.answering.asking.answer", broken)
    result = await world.member.slash(world.channel, "ask", question=QUESTION)
    simcord.assert_error(world.env, ZeroDivisionError)
    assert result.response.content == wording.FAILED


async def test_a_slow_answer_is_acknowledged_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within the three seconds that Discord gives; the answer then takes its place."""
    held = hold(world, monkeypatch, Service, "ask")
    result = await world.member.slash(world.channel, "ask", question=QUESTION)
    assert result.acknowledged
    assert result.response.content == ""
    await held.let_go()
    callbacks = [r.json["type"] for r in world.env.http_requests if r.path.endswith("/callback")]
    assert callbacks == [5]
    assert "Brunel" in result.response.content

"""The buttons under an answer: other quotes, sharing, deleting, a question as it was meant."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import discord
import pytest
from simcord import actors

from bot.discord.kit.quotes.encoding import QuoteRef
from bot.discord.kit.service import Service
from bot.discord.quote.buttons import MoreButton
from bot.models import Post, Quote
from bot.texts.folder import write_source
from bot.wording import ENGLISH as wording
from tests.conftest import World
from tests.discord.ask.test_commands import QUESTION, buttons, policy
from tests.discord.settled import said_in
from tests.discord.slowness import hold
from tests.samples import BRIDGE

CALLBACK = "/interactions/*/callback"
TOLL = "toll for carts, passengers"


@pytest.fixture(autouse=True)
def _every_passage_is_a_hit(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that an answer has pages, in two small texts."""
    monkeypatch.setattr("bot.search.searcher.MIN_PROBABILITY", -1.0)


async def ask(world: World, question: str = TOLL, **options: Any) -> Any:
    result = await world.member.slash(world.channel, "ask", question=question, **options)
    return result.response


def more(message: Any) -> str:
    """Return the label of the button that leads to the next quotes."""
    return next(label for label in buttons(message) if "more quote" in label)


def moderator(world: World) -> Any:
    role = world.guild.create_role(
        "Moderators", permissions=discord.Permissions(manage_messages=True)
    )
    return world.guild.add_member(world.env.create_user("moderator"), roles=[role])


async def change_bridge(world: World, service: Service, *posts: str) -> None:
    """Put other posts into the text about the bridge, and reload."""
    (service.library.folder / "bridge.md").unlink()
    if posts:
        changed = tuple(Post(i, text) for i, text in enumerate(posts, 1))
        write_source(replace(BRIDGE, posts=changed), service.library.folder)
    await world.manager.slash(world.channel, "reload")


async def test_the_asker_turns_the_page_in_place_also_after_restarts(
    world: World, service: Service
) -> None:
    """Forth and back, what was asked staying above, and the numbers going on."""
    policy(service, quotes=1)
    answer = await ask(world)
    first = answer.content
    await world.restart(service)
    await world.member.click(answer, label=more(answer))
    second = answer.content
    assert second.startswith(f"-# Asked: {TOLL}\n{wording.FURTHER}\n> ")
    assert "-# 2. " in second
    await world.restart(service)
    await world.member.click(answer, label=more(answer))
    assert "-# 3. " in answer.content
    await world.member.click(answer, label=wording.PREVIOUS_QUOTES)
    assert answer.content == second
    await world.member.click(answer, label=wording.PREVIOUS_QUOTES)
    assert answer.content == first
    assert len(world.channel.history()) == 1


async def test_another_member_gets_a_private_copy(world: World, service: Service) -> None:
    """In which they turn pages themselves, while the public page stays."""
    policy(service, quotes=1)
    answer = await ask(world)
    first = answer.content
    copy = await world.manager.click(answer, label=more(answer))
    assert copy.ephemeral
    assert "-# 2. " in copy.response.content
    assert answer.content == first
    await world.manager.click(copy.response, label=more(copy.response))
    assert "-# 3. " in copy.response.content
    assert world.channel.history(viewer=world.member) == [world.channel.history()[0]]


async def test_two_members_click_one_after_the_other(world: World, service: Service) -> None:
    """Each on their own page."""
    policy(service, quotes=1)
    answer = await ask(world)
    label = more(answer)
    copy = await world.manager.click(answer, label=label)
    await world.member.click(answer, label=label)
    again = await world.manager.click(answer, label=more(answer))
    assert "-# 2. " in copy.response.content
    assert "-# 2. " in answer.content
    assert "-# 3. " in again.response.content


async def test_a_page_whose_passages_are_gone_says_so(world: World, service: Service) -> None:
    """Plainly, and nothing else is shown in their place."""
    policy(service, quotes=1)
    answer = await ask(world)
    label = more(answer)
    await change_bridge(world, service)
    (service.library.folder / "baking" / "bread.md").unlink()
    await world.manager.slash(world.channel, "reload")
    result = await world.member.click(answer, label=label)
    assert result.response.content == wording.GONE
    assert result.ephemeral


async def test_what_is_left_of_a_page_is_shown_with_a_word_on_the_rest(
    world: World, service: Service
) -> None:
    """A passage that still stands where it stood is still quoted."""
    policy(service, quotes=3)
    answer = await ask(world)
    label = more(answer)
    await world.member.click(answer, label=label)
    await change_bridge(world, service, BRIDGE.posts[0].text, "Other.", BRIDGE.posts[2].text)
    await world.member.click(answer, label=wording.PREVIOUS_QUOTES)
    await world.member.click(answer, label=more(answer))
    assert wording.SOME_GONE in answer.content or "Two iron spans" not in answer.content
    assert "designed by" not in answer.content


async def test_a_mention_has_the_same_buttons(world: World, service: Service) -> None:
    """And its author is the asker."""
    policy(service, quotes=1)
    await world.member.send(world.channel, f"{world.mention} {TOLL}")
    answer = world.channel.last_message
    copy = await world.manager.click(answer, custom_id=answer.components[0].children[0].custom_id)
    assert copy.ephemeral
    turned = await world.member.click(answer, custom_id=answer.components[0].children[0].custom_id)
    assert not turned.ephemeral
    assert "-# 2. " in world.channel.history(viewer=world.member)[-1].content


async def test_a_row_has_at_most_five_buttons(world: World, service: Service) -> None:
    """With words on each."""
    policy(service, quotes=1)
    answer = await ask(world)
    await world.member.click(answer, label=more(answer))
    assert len(answer.components) == 2
    assert [label for label in buttons(answer) if "more" not in label] == [
        wording.PREVIOUS_QUOTES,
        wording.IN_CONTEXT,
        wording.FOLLOW_UP,
        wording.DELETE,
        wording.RIGHT,
        wording.WRONG,
        wording.CITE,
    ]


async def test_a_private_answer_is_shared_with_the_askers_name(world: World) -> None:
    """Once, with the question, and nobody is pinged."""
    private = await ask(world, QUESTION, private=True)
    assert wording.SHARE in buttons(private)
    assert wording.DELETE not in buttons(private)
    result = await world.member.click(private, label=wording.SHARE)
    (public,) = result.followups
    assert not public.ephemeral
    assert public.content.startswith(f"-# Shared by member. Asked: {QUESTION}\n> ")
    assert "was designed by I. K. Brunel" in public.content
    assert wording.SHARE not in buttons(private)
    assert wording.DELETE in buttons(public)
    sent = [r for r in world.env.http_requests if "allowed_mentions" in (r.json or {})][-1]
    assert sent.json["allowed_mentions"]["parse"] == []
    assert len(world.channel.history(viewer=world.manager)) == 1


async def test_a_shared_answer_keeps_the_name_when_it_is_turned(
    world: World, service: Service
) -> None:
    """And it belongs to who shared it; after a restart too."""
    policy(service, quotes=1)
    private = await ask(world, private=True)
    await world.member.click(private, label=more(private))
    result = await world.member.click(private, label=wording.SHARE)
    (public,) = result.followups
    assert "-# 2. " in public.content
    await world.restart(service)
    await world.member.click(public, label=more(public))
    assert public.content.startswith("-# Shared by member. Asked: ")
    assert "-# 3. " in public.content
    copy = await world.manager.click(public, label=more(public))
    assert copy.ephemeral


async def test_a_name_cannot_ping_or_break_the_line(world: World) -> None:
    """Names are what members make them."""
    hostile = world.guild.add_member(world.env.create_user("@everyone **x**"))
    asked = await hostile.slash(world.channel, "ask", question=QUESTION, private=True)
    result = await hostile.click(asked.response, label=wording.SHARE)
    assert result.followups[0].content.startswith(r"-# Shared by @everyone \*\*x\*\*. Asked")


async def test_what_is_gone_is_not_shared(world: World, service: Service) -> None:
    """Only what the texts say now."""
    private = await ask(world, QUESTION, private=True)
    await change_bridge(world, service)
    (service.library.folder / "baking" / "bread.md").unlink()
    await world.manager.slash(world.channel, "reload")
    result = await world.member.click(private, label=wording.SHARE)
    assert result.response.content == wording.GONE


async def test_sharing_that_fails_is_reported_and_can_be_tried_again(world: World) -> None:
    """The button comes back."""
    private = await ask(world, QUESTION, private=True)
    world.env.inject_error("POST", "/webhooks/*", status=500)
    result = await world.member.click(private, label=wording.SHARE)
    assert result.followups[-1].content == wording.FAILED
    assert wording.SHARE in buttons(private)
    again = await world.member.click(private, label=wording.SHARE)
    assert again.followups[-1].content.startswith("-# Shared by member.")


@pytest.mark.parametrize("who", ["asker", "moderator"])
async def test_an_answer_is_deleted_by_who_may(world: World, service: Service, who: str) -> None:
    """After a restart too."""
    answer = await ask(world)
    await world.restart(service)
    actor = world.member if who == "asker" else moderator(world)
    await actor.click(answer, label=wording.DELETE)
    assert world.channel.history() == []


async def test_a_stranger_deletes_nothing(world: World) -> None:
    """Nor does a member who may manage the server, but no messages."""
    answer = await ask(world)
    result = await world.manager.click(answer, label=wording.DELETE)
    assert result.ephemeral
    assert result.response.content == wording.NOT_YOURS_TO_DELETE
    assert answer.content in [m.content for m in world.channel.history()]


async def test_what_is_deleted_already_is_no_error(world: World) -> None:
    """Two people may press at once."""
    answer = await ask(world)
    world.env.inject_error("DELETE", "/webhooks/*", status=404, code=10008)
    result = await world.member.click(answer, label=wording.DELETE)
    assert result.response is None or result.response.content != wording.FAILED
    assert result.followups == []


async def test_deleting_that_fails_is_told(world: World) -> None:
    """In one line."""
    answer = await ask(world)
    world.env.inject_error("DELETE", "/webhooks/*", status=500, times=None)
    result = await world.member.click(answer, label=wording.DELETE)
    assert result.followups[-1].content == wording.FAILED
    assert result.followups[-1].ephemeral


async def test_an_answer_to_a_mention_is_deleted_by_its_asker_too(world: World) -> None:
    """It is no response to an interaction."""
    asked = await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    answer = world.channel.last_message
    refused = await world.manager.click(answer, label=wording.DELETE)
    assert refused.response.content == wording.NOT_YOURS_TO_DELETE
    await world.member.click(answer, label=wording.DELETE)
    assert [m.id for m in world.channel.history(viewer=world.member)] == [asked.id]


@pytest.mark.parametrize("label", [wording.SHOW_NEAREST, "meant", wording.SHARE])
async def test_an_error_of_discords_under_any_other_button_is_reported_kindly(
    world: World, service: Service, label: str
) -> None:
    """In one line, and the button can be pressed again."""
    question = "Did the ferreis lose passengers?"
    if label == wording.SHARE:
        answer = await ask(world, QUESTION, private=True)
    else:
        policy(service, answered=1, closest=1)
        answer = await ask(world, question)
    found = buttons(answer)[1] if label == "meant" else label
    world.env.inject_error("POST", CALLBACK, status=500)
    result = await world.member.click(answer, label=found)
    assert result.response.content == wording.FAILED
    assert found in buttons(answer)


async def test_sharing_tells_the_error_even_when_the_button_cannot_come_back(
    world: World,
) -> None:
    """Two calls failing one after the other."""
    private = await ask(world, QUESTION, private=True)
    world.env.inject_error("POST", "/webhooks/*", status=500)
    world.env.inject_error("PATCH", "/webhooks/*", status=500)
    result = await world.member.click(private, label=wording.SHARE)
    assert result.followups[-1].content == wording.FAILED


@pytest.mark.parametrize("label", ["more", wording.IN_CONTEXT, wording.DELETE])
async def test_an_error_of_discords_under_a_button_is_reported_kindly(
    world: World, service: Service, label: str
) -> None:
    """In one line, to the one who clicked."""
    policy(service, quotes=1)
    answer = await ask(world)
    world.env.inject_error("POST", CALLBACK, status=500)
    found = more(answer) if label == "more" else label
    result = await world.member.click(answer, label=found)
    assert result.response.content == wording.FAILED
    assert result.ephemeral


async def test_a_bug_under_a_button_is_reported_in_the_same_friendly_line(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Discord would say that the interaction failed, and nobody would know why."""
    policy(service, quotes=1)
    answer = await ask(world)

    def broken(*_: object) -> None:
        raise ZeroDivisionError("deep inside")

    monkeypatch.setattr("bot.discord.quote.buttons.page", broken)
    result = await world.member.click(answer, label=more(answer))
    assert result.response.content == wording.FAILED


async def test_the_nearest_are_three_at_most_and_can_be_shared(
    world: World, service: Service
) -> None:
    """Under their warning."""
    policy(service, answered=1, closest=1, quotes=5)
    answer = await ask(world)
    near = await world.member.click(answer, label=wording.SHOW_NEAREST)
    assert near.ephemeral
    assert near.response.content.count("\n-# ") == 3
    assert buttons(near.response) == [
        wording.IN_CONTEXT,
        wording.FOLLOW_UP,
        wording.SHARE,
        wording.CITE,
    ]
    result = await world.member.click(near.response, label=wording.SHARE)
    assert wording.NEAREST in result.followups[0].content


async def test_the_rest_behind_an_older_button_still_comes(world: World, service: Service) -> None:
    """As answers had it before they had pages."""
    answer = await ask(world)
    hits = tuple(QuoteRef.of(Quote(passage)) for passage in service.snapshot.passages[:5])
    channel = world.env.bot.get_channel(world.channel.id)
    view = discord.ui.View(timeout=None)
    view.add_item(MoreButton(hits, 4, "5 more quotes"))
    await channel.send("An old answer", view=view)
    result = await world.manager.click(world.channel.last_message, label="5 more quotes")
    assert result.ephemeral
    assert result.response.content.startswith(wording.FURTHER)
    assert answer is not None


@pytest.mark.parametrize("asker", [True, False])
async def test_a_misspelt_question_is_offered_as_it_was_meant(
    world: World, service: Service, asker: bool
) -> None:
    """The asker's click puts the answer in place of the message, another's gets a private one."""
    policy(service, answered=1, closest=1)
    answer = await ask(world, "Did the ferreis lose passangers?")
    meant = "Did the ferries lose passengers?"
    label = wording.did_you_mean(meant)
    assert buttons(answer) == [
        wording.SHOW_NEAREST,
        label,
        wording.FOLLOW_UP,
        wording.DELETE,
        wording.EXPECTED_AN_ANSWER,
    ]
    await world.restart(service)
    policy(service)
    result = await (world.member if asker else world.manager).click(answer, label=label)
    shown = answer if asker else result.response
    assert shown.ephemeral is not asker
    assert shown.content.startswith(f"-# Asked: {meant}\n> ")
    assert "half of their passengers" in shown.content


@pytest.mark.parametrize("asker", [True, False])
async def test_a_slow_answer_to_what_was_meant_is_acknowledged_first(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch, asker: bool
) -> None:
    """Within the three seconds that Discord gives."""
    policy(service, answered=1, closest=1)
    answer = await ask(world, "Did the ferreis lose passangers?")
    label = wording.did_you_mean("Did the ferries lose passengers?")
    held = hold(world, monkeypatch, Service, "ask")
    result = await (world.member if asker else world.manager).click(answer, label=label)
    assert result.acknowledged
    policy(service)
    await held.let_go()
    shown = answer if asker else result.response
    assert "half of their passengers" in shown.content


async def test_a_question_too_long_for_a_button_is_not_offered(
    world: World, service: Service
) -> None:
    """And one that is long for a label is cut there, not where it is asked."""
    policy(service, answered=1, closest=1)
    answer = await ask(world, f"Did the ferreis lose passengers{' or not' * 5}?")
    label = buttons(answer)[1]
    assert len(label) <= 80
    assert label.endswith("…”?")
    await world.member.click(answer, label=label)
    assert "or not?" in answer.content
    answer = await ask(world, f"Did the ferreis lose passengers{' or not' * 12}?")
    assert not any("Did you mean" in label for label in buttons(answer))


async def test_two_clicks_at_once_share_once(world: World) -> None:
    """From two of the member's devices, before the first click has taken the button away."""
    own = await ask(world, private=True)
    button = next(
        c for row in own.components for c in row["components"] if c["label"] == wording.SHARE
    )
    message = world.env.backend.get_message(world.channel.id, own.id)
    data = {"custom_id": button["custom_id"], "component_type": 2}
    await asyncio.gather(
        *(actors._component_interaction(world.member, message, dict(data)) for _ in range(2))
    )
    assert len(said_in(world, world.channel)) == 1


@pytest.mark.parametrize("private", [True, False])
async def test_no_button_depends_on_how_a_line_was_translated_when_it_was_said(
    world: World, service: Service, private: bool
) -> None:
    """What stays above the quotes is known by the button, and copied to the letter."""
    policy(service, quotes=1)
    answer = await ask(world, QUESTION, private=private)
    stored = world.env.backend.get_message(world.channel.id, answer.id)
    line = "-# In words of an older translation: why?"
    stored.content = "\n".join([line, *stored.content.split("\n")[1:]])
    await world.member.click(answer, label=more(answer))
    assert answer.content.startswith(f"{line}\n{wording.FURTHER}\n> ")
    if private:
        shared = await world.member.click(answer, label=wording.SHARE)
        said = shared.followups[0].content
        assert said.startswith("-# Shared by member. In words of an older translation: why?\n")
    else:
        copied = await world.manager.click(answer, label=wording.PREVIOUS_QUOTES)
        assert copied.response.content.startswith(f"{line}\n> ")

"""Whatever fails between the bot and Discord, members wait for nothing and nobody meets a trace."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Callable
from typing import Any

import pytest
from simcord.http.client import FakeHTTPClient, FakeWebhookAdapter

from bot.discord.kit.service import Service
from bot.storage.audit import AuditLog
from bot.storage.questions import Questions
from bot.storage.servers import Servers
from bot.wording import ENGLISH as wording
from tests.conftest import World
from tests.discord.ask.test_commands import QUESTION, buttons, policy
from tests.discord.knowledge.test_adding import labels, named, offered
from tests.discord.quote.test_buttons import TOLL, more
from tests.discord.settled import listen, said_in, settle
from tests.discord.slowness import acknowledge_after, hold

_MESSAGE_COMES, _MESSAGE_CHANGES = 5, 6
"""What a response says that only acknowledges."""

Fail = Callable[[int], None]


@pytest.fixture(autouse=True)
def _every_passage_is_a_hit(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that an answer has pages, in two small texts."""
    monkeypatch.setattr("bot.search.searcher.MIN_PROBABILITY", -1.0)


@pytest.fixture
def fail(monkeypatch: pytest.MonkeyPatch) -> Fail:
    """Return what lets a request of the bot's meet a broken connection: 0, the next one."""
    left: list[int] = []

    def watch(kind: Any) -> None:
        request = kind.request

        async def watched(adapter: Any, *args: Any, **kwargs: Any) -> Any:
            due = left.count(0)
            left[:] = [number - 1 for number in left if number]
            if due:
                raise OSError("Connection reset by peer")
            return await request(adapter, *args, **kwargs)

        monkeypatch.setattr(kind, "request", watched)

    watch(FakeHTTPClient)
    watch(FakeWebhookAdapter)
    return left.append


@pytest.fixture
async def _nothing_is_left_behind(caplog: pytest.LogCaptureFixture) -> Any:
    """See to it that no task ends with an error that nobody takes, nor one that discord.py logs."""
    unseen: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: unseen.append(context))
    yield
    gc.collect()
    await asyncio.sleep(0)
    assert unseen == []
    assert [
        r for r in caplog.records if r.name[:7] == "discord" and r.levelno >= logging.ERROR
    ] == []


@pytest.fixture
def _all_is_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let threads and storage take longer than the bot waits before it acknowledges: not at all."""
    acknowledge_after(monkeypatch, 0.005)

    def slowly(of: type[Any], name: str) -> None:
        does = getattr(of, name)

        async def later(self: Any, *args: Any) -> Any:
            await asyncio.sleep(0.03)  # simcord's clock: what is due earlier has come to its end
            return await does(self, *args)

        monkeypatch.setattr(of, name, later)

    for of, name in ((Service, "run_quick"), (Servers, "set"), (AuditLog, "record")):
        slowly(of, name)


def told(result: Any) -> list[str]:
    """Return what the member was told after a click or a command."""
    messages = [result.response, *result.followups]
    return [message.content for message in messages if message is not None]


@pytest.mark.usefixtures("_nothing_is_left_behind")
async def test_a_command_whose_answer_is_lost_gets_a_friendly_line(
    world: World, fail: Fail
) -> None:
    """And where that is lost as well, there is still no error that nobody takes."""
    fail(0)
    result = await world.member.slash(world.channel, "ask", question=QUESTION)
    assert told(result) == [wording.FAILED]
    fail(0)
    fail(1)
    await world.member.slash(world.channel, "sources")
    assert [str(error.__cause__) for error in world.env.errors] == ["Connection reset by peer"] * 2


@pytest.mark.usefixtures("_nothing_is_left_behind")
async def test_a_click_or_a_mention_whose_answer_is_lost_is_no_further_error(
    world: World, fail: Fail
) -> None:
    """Also if the kind line is lost too."""
    answer = (await world.member.slash(world.channel, "ask", question=QUESTION)).response
    fail(0)
    fail(1)
    await world.member.click(answer, label=wording.IN_CONTEXT)
    fail(0)
    fail(1)
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    assert len(said_in(world, world.channel)) == 1
    assert len(world.env.errors) == 1


@pytest.mark.usefixtures("_nothing_is_left_behind")
async def test_a_thread_that_cannot_be_reached_costs_nobody_the_answer(
    world: World, service: Service, fail: Fail
) -> None:
    """Nothing is said of it."""
    await settle(world, service, own_thread=True)
    fail(1)
    result = await world.member.slash(world.channel, "ask", question=QUESTION)
    assert "Brunel" in result.response.content
    assert result.followups == []


@pytest.mark.usefixtures("_nothing_is_left_behind")
async def test_a_share_that_is_lost_can_be_tried_again(world: World, fail: Fail) -> None:
    """The button is there again."""
    asked = await world.member.slash(world.channel, "ask", question=QUESTION, private=True)
    fail(1)
    await world.member.click(asked.response, label=wording.SHARE)
    assert wording.SHARE in buttons(asked.response)
    shared = await world.member.click(asked.response, label=wording.SHARE)
    assert "Brunel" in shared.followups[0].content


@pytest.mark.usefixtures("_nothing_is_left_behind", "_all_is_slow")
@pytest.mark.parametrize("private", [True, False])
async def test_an_answer_comes_although_it_could_not_be_announced(
    world: World, fail: Fail, private: bool
) -> None:
    """By command and by mention."""
    fail(0)
    result = await world.member.slash(world.channel, "ask", question=QUESTION, private=private)
    assert "Brunel" in result.response.content
    fail(0)
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    assert "Brunel" in said_in(world, world.channel)[-1].content


@pytest.mark.usefixtures("_nothing_is_left_behind", "_all_is_slow")
async def test_a_change_is_reported_although_it_could_not_be_announced(
    world: World, service: Service, fail: Fail
) -> None:
    """It has been made: a member who is told to try again would make it twice."""
    shown = await offered(world)
    await named(world, shown)
    fail(0)
    await world.manager.click(shown, label=wording.ADD)
    assert shown.content.startswith("Added: owls")
    asked = (await world.manager.slash(world.channel, "settings")).response
    await world.manager.select(asked, ["own_thread"], custom_id="settings:which")
    fail(0)
    await world.manager.select(asked, ["yes"], custom_id="settings:set:own_thread:0")
    assert f"{wording.OPENS_NONE} → {wording.OPENS_THREAD}" in asked.content


async def test_what_was_typed_into_a_form_is_there_still_if_its_answer_is_lost(
    world: World, service: Service, fail: Fail
) -> None:
    """The old message goes on with it."""
    shown = await offered(world)
    opened = await world.manager.click(shown, label=wording.NAME_BUTTON)
    fail(0)
    await world.manager.submit_modal(opened, {"title": "Owls", "author": "Ana"})
    await world.manager.submit_modal(
        await world.manager.click(shown, label=wording.NAME_BUTTON),
        {"title": "Owls", "author": "Ana"},
    )
    assert labels(shown) == [wording.ADD, wording.MEND_BUTTON, wording.CANCEL]
    await world.manager.click(shown, label=wording.ADD)
    assert "owls" in service.snapshot.sources


async def test_a_failure_with_an_overheard_message_is_not_reported(
    world: World, service: Service, fail: Fail
) -> None:
    """Who did not ask the bot has no use for its excuses."""
    await settle(world, service, listens=frozenset({world.channel.id}))
    await listen(world, service)
    fail(0)
    await world.member.send(world.channel, QUESTION)
    assert said_in(world, world.channel) == []
    await world.member.send(world.channel, QUESTION)
    assert "Brunel" in said_in(world, world.channel)[-1].content


@pytest.mark.usefixtures("_nothing_is_left_behind")
async def test_a_suggestion_for_a_former_command_is_ignored(world: World) -> None:
    """Discord takes no line instead of suggestions."""
    world.env.bot.tree.remove_command("quote")
    before = len(world.env.http_requests)
    assert await world.member.autocomplete(world.channel, "quote", "text", "toll") == []
    assert world.env.http_requests[before:] == []
    assert len(world.env.errors) == 1


async def test_a_click_on_a_message_that_is_deleted_meanwhile_is_no_error(
    world: World, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody is there to be told of it."""
    answer = (await world.member.slash(world.channel, "ask", question=TOLL)).response
    world.env.inject_error("POST", "/interactions/*/callback", status=404, code=10008)
    await world.member.click(answer, label=more(answer))
    assert world.env.http_requests[-1].json is None or wording.FAILED not in str(
        world.env.http_requests[-1].json
    )
    assert "error" not in capsys.readouterr().out


@pytest.mark.usefixtures("_all_is_slow")
async def test_every_page_is_acknowledged_in_time(world: World, service: Service) -> None:
    """Before it is made: the threads may be busy with other work for longer than three seconds."""
    policy(service, quotes=1)
    answer = (await world.member.slash(world.channel, "ask", question=TOLL)).response
    await world.member.click(answer, label=more(answer))
    assert wording.FURTHER in answer.content
    copy = await world.manager.click(answer, label=wording.PREVIOUS_QUOTES)
    assert copy.ephemeral
    assert "-# " in copy.response.content
    context = await world.manager.click(answer, label=wording.IN_CONTEXT)
    assert wording.QUOTE_IN_BOLD in context.response.content
    assert context.ephemeral
    begins = await world.manager.slash(world.channel, "read", source="bridge", post=2)
    assert "post 2 of 3" in begins.response.content
    await world.manager.click(begins.response, label=wording.PREVIOUS)
    assert "post 1 of 3" in begins.response.content
    own = await world.member.slash(world.channel, "ask", question=QUESTION, private=True)
    shared = await world.member.click(own.response, label=wording.SHARE)
    assert "Brunel" in shared.followups[0].content
    assert wording.SHARE not in buttons(own.response)
    first = [r.json["type"] for r in world.env.http_requests if r.path.endswith("/callback")]
    assert set(first) == {_MESSAGE_COMES, _MESSAGE_CHANGES}


@pytest.mark.usefixtures("_all_is_slow")
async def test_passages_that_are_gone_are_said_to_be_gone_also_late(
    world: World, service: Service
) -> None:
    """In a line of its own: the answer stays as it was."""
    policy(service, quotes=1)
    answer = (await world.member.slash(world.channel, "ask", question=TOLL)).response
    before = answer.content
    await settle(world, service, sources=frozenset({"nothing"}))
    for label in (more(answer), wording.IN_CONTEXT):
        clicked = await world.member.click(answer, label=label)
        assert told(clicked)[-1] == wording.GONE
    assert answer.content == before


async def test_a_late_answer_shows_no_previews_of_links_either(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has the flag that an answer in time has; and a thread can be opened on it."""
    await settle(world, service, own_thread=True)
    held = hold(world, monkeypatch, Service, "ask")
    await world.member.slash(world.channel, "ask", question=QUESTION)
    await held.let_go()
    answer = next(m for m in world.channel.history() if "Brunel" in m.content)
    assert answer.flags.suppress_embeds
    assert [thread.name for thread in world.channel.threads] == [QUESTION]


async def test_a_reload_is_acknowledged_although_noting_it_is_slow(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A storage may take ten seconds, where reading took none."""
    held = hold(world, monkeypatch, AuditLog, "record")
    (service.library.folder / "bridge.md").unlink()
    result = await world.manager.slash(world.channel, "reload")
    assert result.deferred
    await held.let_go()
    assert "Removed: bridge" in result.response.content


@pytest.mark.usefixtures("_nothing_is_left_behind")
async def test_a_question_that_no_storage_takes_costs_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a driver raises."""

    async def refuse(*_: Any) -> None:
        raise UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed")

    monkeypatch.setattr(Questions, "keep", refuse)
    result = await world.member.slash(world.channel, "ask", question=QUESTION)
    assert "Brunel" in result.response.content

"""A quote among its neighbours, and the way through a text from there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import discord
import pytest
import simcord
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.discord.kit import markdown
from bot.discord.kit.custom_ids import digits
from bot.discord.kit.quotes.context import TIDY, around, context_page
from bot.discord.kit.quotes.encoding import KEY_LENGTH
from bot.discord.kit.quotes.excerpts import CUT
from bot.discord.kit.quotes.layout import LIMIT
from bot.discord.kit.service import Service
from bot.discord.kit.text_pages import Place
from bot.library.snapshots import build_snapshot
from bot.models import Passage, Post, Source, Span
from bot.texts.folder import write_source
from bot.wording import ENGLISH as wording
from tests.conftest import World
from tests.discord.ask.test_commands import QUESTION, buttons, policy
from tests.discord.kit.quotes.test_layout import LONG_TEXTS, quoted
from tests.samples import BRIDGE, sources


@pytest.fixture(autouse=True)
def _every_passage_is_a_hit(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that there are several quotes, in two small texts."""
    monkeypatch.setattr("bot.search.searcher.MIN_PROBABILITY", -1.0)


async def ask(world: World, question: str = QUESTION, **options: Any) -> Any:
    result = await world.member.slash(world.channel, "ask", question=question, **options)
    return result.response


async def load(world: World, service: Service, source: Source) -> None:
    write_source(source, service.library.folder)
    await world.manager.slash(world.channel, "reload")


def long_source() -> Source:
    posts = tuple(
        Post(i, f"Number {i} speaks of owls. " + "It goes on. " * 40) for i in range(1, 13)
    )
    return Source("long", "Long", "A", posts)


async def test_in_context_shows_the_neighbours_with_the_quote_in_bold(
    world: World, service: Service
) -> None:
    """In post order, to the one who clicks alone, after a restart too."""
    answer = await ask(world)
    await world.restart(service)
    result = await world.manager.click(answer, label=wording.IN_CONTEXT)
    assert result.ephemeral
    content = result.response.content
    assert content.startswith("[“The bridge over the Tamar”](<")
    assert "> **It was designed by I. K. Brunel, who was too ill" in content
    assert "not leave his bed.** Two iron spans carry" in content
    assert content.index("post 1 of 3") < content.index("post 2 of 3, the quote in bold")
    assert content.index("post 2 of 3") < content.index("post 3 of 3")
    assert world.channel.history(viewer=world.member) == [world.channel.history()[0]]


async def test_in_a_direct_message_the_context_stays(world: World) -> None:
    """Nobody else is there."""
    await world.member.send_dm(QUESTION)
    channel = world.member.user.dm_channel
    result = await world.member.user.click(channel.history()[-1], label=wording.IN_CONTEXT)
    assert not result.ephemeral
    assert "the quote in bold" in channel.history()[-1].content


async def test_every_quote_of_a_page_can_be_seen_in_context(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its number, in the same message, on a second row."""
    monkeypatch.setattr("bot.answering.answerer.WEAKER_QUOTE", 0)
    policy(service, answered=0)
    answer = await ask(world)
    context = (await world.member.click(answer, label=wording.IN_CONTEXT)).response
    first = context.content
    assert {"Quote 2", "Quote 3"} <= set(buttons(context))
    await world.restart(service)
    await world.member.click(context, label="Quote 2")
    assert context.content != first
    assert "Quote 1" in buttons(context)
    assert "Quote 2" not in buttons(context)
    await world.member.click(context, label="Quote 1")
    assert context.content == first


async def test_a_quote_that_is_gone_has_no_context(world: World, service: Service) -> None:
    """That is said plainly."""
    answer = await ask(world)
    (service.library.folder / "bridge.md").unlink()
    await world.manager.slash(world.channel, "reload")
    result = await world.member.click(answer, label=wording.IN_CONTEXT)
    assert result.response.content == wording.GONE
    assert result.ephemeral


async def test_a_quote_that_still_stands_has_its_context_after_a_reload(
    world: World, service: Service
) -> None:
    """With the neighbours that it has now."""
    answer = await ask(world)
    (service.library.folder / "bridge.md").unlink()
    posts = (BRIDGE.posts[0], BRIDGE.posts[1], Post(3, "A new end."))
    await load(world, service, replace(BRIDGE, posts=posts))
    result = await world.member.click(answer, label=wording.IN_CONTEXT)
    assert "> A new end." in result.response.content


async def test_reading_goes_on_from_the_context(world: World, service: Service) -> None:
    """Forth and back, in the same message."""
    await load(world, service, long_source())
    shown = (await world.member.slash(world.channel, "quote", text="Number 6 speaks")).response
    context = (await world.member.click(shown, label=wording.IN_CONTEXT)).response
    assert buttons(context) == [wording.READ_BACK, wording.READ_ON, wording.GO_TO_POST]
    first = context.content
    assert "Number 6" in first
    await world.restart(service)
    await world.member.click(context, label=wording.READ_ON)
    assert "part of post 6 of 12" in context.content
    assert "Number 7" in context.content
    await world.member.click(context, label=wording.PREVIOUS)
    assert "Number 6" in context.content


async def test_a_member_goes_to_a_post_by_its_number(world: World, service: Service) -> None:
    """In any digits; other numbers are answered with those there are."""
    await load(world, service, long_source())
    page = await world.member.slash(world.channel, "read", source="long")
    modal = await world.member.click(page.response, label=wording.GO_TO_POST)
    field = field_of(modal)
    await world.member.submit_modal(modal, {field: "9"})
    assert "Number 9 speaks" in page.response.content
    modal = await world.member.click(page.response, label=wording.GO_TO_POST)
    await world.member.submit_modal(modal, {field_of(modal): "٣"})
    assert "Number 3 speaks" in page.response.content
    for typed in ("13", "0", "**x**", "²"):
        modal = await world.member.click(page.response, label=wording.GO_TO_POST)
        result = await world.member.submit_modal(modal, {field_of(modal): typed})
        assert "has posts 1 to 12, not " in result.response.content
        assert "**" not in result.response.content


async def test_two_members_go_to_posts_at_once(world: World, service: Service) -> None:
    """One field does not take the other's place."""
    await load(world, service, long_source())
    pages, modals = [], []
    for actor in (world.member, world.manager):
        page = await actor.slash(world.channel, "read", source="long")
        modals.append(await actor.click(page.response, label=wording.GO_TO_POST))
        pages.append(page.response)
    for actor, modal, post in zip((world.member, world.manager), modals, "58", strict=True):
        await actor.submit_modal(modal, {field_of(modal): post})
    assert "Number 5" in pages[0].content
    assert "Number 8" in pages[1].content


async def test_a_text_that_changes_meanwhile_is_not_jumped_about_in(
    world: World, service: Service
) -> None:
    """Neither from the button nor from the open field."""
    await load(world, service, long_source())
    page = await world.member.slash(world.channel, "read", source="long")
    modal = await world.member.click(page.response, label=wording.GO_TO_POST)
    (service.library.folder / "long.md").unlink()
    await world.manager.slash(world.channel, "reload")
    result = await world.member.submit_modal(modal, {field_of(modal): "2"})
    assert result.response.content == wording.TEXT_CHANGED
    for label in (wording.GO_TO_POST, wording.NEXT):
        result = await world.member.click(page.response, label=label)
        assert result.response.content == wording.TEXT_CHANGED


@pytest.mark.parametrize("label", [wording.READ_ON, wording.GO_TO_POST])
async def test_an_error_of_discords_is_reported_kindly(
    world: World, service: Service, label: str
) -> None:
    """In one line."""
    await load(world, service, long_source())
    shown = (await world.member.slash(world.channel, "quote", text="Number 6 speaks")).response
    context = (await world.member.click(shown, label=wording.IN_CONTEXT)).response
    world.env.inject_error("POST", "/interactions/*/callback", status=500)
    result = await world.member.click(context, label=label)
    assert result.response.content == wording.FAILED


async def test_a_failing_field_is_reported_kindly(world: World, service: Service) -> None:
    """When Discord refuses the page."""
    await load(world, service, long_source())
    page = await world.member.slash(world.channel, "read", source="long")
    modal = await world.member.click(page.response, label=wording.GO_TO_POST)
    world.env.inject_error("POST", "/interactions/*/callback", status=500)
    result = await world.member.submit_modal(modal, {field_of(modal): "2"})
    assert result.response.content == wording.FAILED


async def test_a_field_opened_before_a_restart_works_after_it(
    world: World, service: Service
) -> None:
    """Its text is named in its `custom_id`."""
    await load(world, service, long_source())
    page = await world.member.slash(world.channel, "read", source="long")
    modal = await world.member.click(page.response, label=wording.GO_TO_POST)
    await world.restart(service)
    await world.member.submit_modal(modal, {field_of(modal): "9"})
    assert "Number 9 speaks" in page.response.content


@pytest.mark.parametrize("asked", ["source?", "Source", "context?", "where is that from?"])
async def test_source_as_a_reply_to_a_quote_shows_its_context(
    world: World, service: Service, asked: str
) -> None:
    """By anybody, after a restart too."""
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    answer = world.channel.last_message
    await world.restart(service)
    await world.manager.send(world.channel, asked, reply_to=answer)
    context = world.channel.last_message
    assert "post 2 of 3, the quote in bold" in context.content
    assert context.reference.message_id == world.channel.history()[-2].id


async def test_what_such_a_reply_shows_is_turned_in_private_copies(
    world: World, service: Service
) -> None:
    """The public message stays as it is."""
    await load(world, service, long_source())
    await world.member.send(world.channel, f"{world.mention} Number 6 speaks of owls?")
    await world.member.send(world.channel, "source?", reply_to=world.channel.last_message)
    context = world.channel.last_message
    before = context.content
    result = await world.manager.click(context, label=wording.READ_ON)
    assert result.ephemeral
    assert world.channel.history(viewer=world.member)[-1].content == before


async def test_what_such_a_reply_shows_is_deleted_by_who_asked_for_it(world: World) -> None:
    """Not by another member."""
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    await world.manager.send(world.channel, "source?", reply_to=world.channel.last_message)
    context = world.channel.last_message
    refused = await world.member.click(context, label=wording.DELETE)
    assert refused.response.content == wording.NOT_YOURS_TO_DELETE
    await world.manager.click(context, label=wording.DELETE)
    assert context.id not in [message.id for message in world.channel.history()]


@pytest.mark.parametrize("status", [403, 500])
async def test_a_context_that_cannot_be_sent_as_a_reply_is_no_silence(
    world: World, status: int
) -> None:
    """It comes plainly, or a line says that something went wrong."""
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    answer = world.channel.last_message
    world.env.inject_error(
        "POST", f"/channels/{world.channel.id}/messages", status=status, code=50013
    )
    await world.member.send(world.channel, "source?", reply_to=answer)
    if status == 500:
        simcord.assert_error(world.env, discord.HTTPException)
        assert world.channel.last_message.content == wording.FAILED
    else:
        assert wording.QUOTE_IN_BOLD in world.channel.last_message.content


async def test_source_without_a_quote_is_answered_like_any_question(world: World) -> None:
    """Also as a reply to a message of the bot's that quotes nothing."""
    await world.member.send(world.channel, world.mention)
    talk = world.channel.last_message
    await world.member.send(world.channel, "source?", reply_to=talk)
    assert world.channel.last_message.author.id == world.env.bot.user.id
    assert "the quote in bold" not in world.channel.last_message.content


async def test_source_of_a_quote_that_is_gone_says_so(world: World, service: Service) -> None:
    """Plainly."""
    await world.member.send(world.channel, f"{world.mention} {QUESTION}")
    answer = world.channel.last_message
    (service.library.folder / "bridge.md").unlink()
    await world.manager.slash(world.channel, "reload")
    await world.member.send(world.channel, "source?", reply_to=answer)
    assert world.channel.history(viewer=world.member)[-1].content == wording.GONE


async def test_an_older_buttons_page_still_turns_in_place(world: World, service: Service) -> None:
    """A view that another run of the bot has sent."""
    await load(world, service, long_source())
    page = await world.member.slash(world.channel, "read", source="long", post=2)
    assert isinstance(world.env.bot, discord.Client)
    await world.member.click(page.response, label=wording.PREVIOUS)
    assert "Number 1 speaks" in page.response.content


def field_of(modal: Any) -> str:
    """Return the id of the only field of a modal."""
    assert modal.modal is not None
    label = modal.modal["components"][0]
    custom_id: str = (label.get("component") or label["components"][0])["custom_id"]
    return custom_id


@pytest.mark.parametrize(
    "text",
    [
        "@everyone",
        "*** __ ~~ || ` > #",
        "السياسة الخارجية تبدأ من الداخل",
        "\u200b\u200d\u2060",
        "-1. x",
    ],
)
async def test_a_short_odd_quote_is_shown_to_the_letter_and_pings_nobody(
    world: World, service: Service, text: str
) -> None:
    """By itself, in context, and shared."""
    posts = (Post(1, "Before it."), Post(2, text), Post(3, "After it."))
    await load(world, service, Source("odd", "Odd", "A", posts))
    passage = next(
        p for p in service.snapshot.passages if p.source.id == "odd" and p.post.number == 2
    )
    value = f"passage:{digits(passage.key, KEY_LENGTH)}"
    result = await world.member.slash(world.channel, "quote", text=value)
    assert quoted(result.response.content) == text
    context = await world.manager.click(result.response, label=wording.IN_CONTEXT)
    body = context.response.content.replace("> **", "> ").replace("**\n", "\n")
    assert quoted(body) == f"Before it.\n{text}\nAfter it."
    sent = [r for r in world.env.http_requests if r.path.endswith("/callback")][-2:]
    assert all(r.json["data"]["allowed_mentions"]["parse"] == [] for r in sent)


async def test_source_in_a_direct_message_shows_the_context(world: World) -> None:
    """Where every message is for the bot."""
    await world.member.send_dm(QUESTION)
    channel = world.member.user.dm_channel
    answer = channel.history()[-1]
    reference = {"channel_id": str(channel.id), "message_id": str(answer.id)}
    await world.member.send_dm("source?", reference=reference)
    assert wording.QUOTE_IN_BOLD in channel.history()[-1].content


@pytest.mark.parametrize("name", LONG_TEXTS)
def test_a_quote_of_any_length_has_its_context(name: str) -> None:
    """What does not fit is cut, and what is shown are slices of the posts."""
    text = LONG_TEXTS[name].strip()
    posts = (Post(1, "Before it."), Post(2, text), Post(3, "After it."))
    snapshot = build_snapshot([Source("s", "T" * 200, "A" * 100, posts)])
    for passage in snapshot.passages:
        found = around(snapshot, passage.key)
        assert found is not None
        page = context_page(*found, wording)
        assert markdown.length(page.content) <= LIMIT
        assert page.next is None or page.next > page.start
        whole = len(passage.text) < len(text)
        assert (wording.QUOTE_IN_BOLD if whole else wording.EXCERPT) in page.content
        assert whole or CUT in page.content.split("\n")


@pytest.mark.parametrize("place", [0.0, 0.4, 1.0])
def test_the_context_of_a_quote_too_long_is_around_what_was_quoted_of_it(place: float) -> None:
    """Reading on begins where it ends, reading back where it begins."""
    words = "river marsh orchard " * 500
    at = int(place * len(words))
    text = f"{words[:at]}THE HERON {words[at:]}".strip()
    post = Post(1, text)
    passage = Passage(Source("s", "T", "A", (post,)), post, 1, Span(0, len(text)))
    bold = Span(at, at + len("THE HERON"))
    page = context_page(passage, [passage], wording, bold)
    assert "**THE HERON**" in page.content
    part = quoted(page.content).replace("**", "")
    assert 700 < len(part) <= TIDY
    assert text.find(part) == page.start.offset
    if page.next is None:
        assert text.endswith(part)
    else:
        assert text[page.next.offset - 1 :].startswith(f" {text[page.next.offset :][:50]}")
        assert text[: page.next.offset].rstrip().endswith(part)


@settings(max_examples=50)
@given(sources(), st.data())
def test_the_context_is_made_of_slices_in_order(source: Source, data: st.DataObject) -> None:
    """The quote among them, and reading on begins where it ends."""
    snapshot = build_snapshot([source])
    assume(len(snapshot.passages))
    passage = data.draw(st.sampled_from(list(snapshot.passages)))
    found = around(snapshot, passage.key)
    assert found is not None
    page = context_page(*found, wording)
    assert markdown.length(page.content) <= LIMIT
    assert page.start <= Place(passage.post.number, passage.span.start)
    assert page.next is None or page.next > Place(passage.post.number, passage.span.start)
    whole = "".join(post.text for post in source.posts)
    if "*" not in whole and "http" not in whole:
        said = quoted(page.content).replace("**", "")
        assert "".join(passage.text.split()) in "".join(said.split())

"""Places in a text, quoted by their names."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.discord.kit.extracts import EXTRACT_ID
from bot.discord.kit.service import Service
from bot.models import MOST_GAPS, Marker, Post, Source
from bot.texts.folder import write_source
from bot.wording import ENGLISH as wording
from tests.conftest import World
from tests.samples import BREAD, BRIDGE

LONG = Source(
    "long",
    "A long thread",
    "@long",
    tuple(Post(i, f"This is post {i}. " + "It has many words. " * 30) for i in range(1, 13)),
)
TALK = Source(
    "talk",
    "A talk",
    "Speaker",
    (
        Post(1, "# Opening"),
        Post(2, "Welcome to the talk."),
        Post(3, "# Fees"),
        Post(4, "- ten\n- twenty"),
    ),
    markers=(Marker(1, "time", "00:00:10"), Marker(4, "time", "00:12:40")),
)


def labels(message: Any) -> list[str]:
    """The labels of the buttons under a message."""
    return [
        child["label"] if isinstance(row, dict) else child.label
        for row in message.components
        for child in (row["components"] if isinstance(row, dict) else row.children)
    ]


@pytest.fixture
def texts(service: Service) -> Service:
    """The service, with two more texts."""
    for source in (LONG, TALK):
        write_source(source, service.library.folder)
    service.library.load()
    return service


@pytest.mark.parametrize("command", ["ask", "quote"])
async def test_a_post_is_quoted_whole(world: World, command: str) -> None:
    """With who says it and where, and its context a click away."""
    option = "question" if command == "ask" else "text"
    result = await world.member.slash(
        world.channel, command, **{option: "post 3 of the bridge over the Tamar"}
    )
    assert not result.ephemeral
    lines = result.response.content.split("\n")
    assert lines[0].endswith("@BridgeNotes")
    assert lines[1:] == [
        "> The toll for carts was never raised.",
        "> Ferries lost half of their passengers.",
        "-# post 3 of 3",
    ]
    assert labels(result.response) == [wording.IN_CONTEXT, wording.FOLLOW_UP, wording.DELETE]


async def test_a_range_is_read_page_by_page(world: World, texts: Service) -> None:
    """Up to its end; the asker turns the page in place, others get a copy."""
    result = await world.member.slash(world.channel, "ask", question='"A long thread" 2-6')
    assert labels(result.response)[0] == wording.NEXT
    seen = [result.response.content]
    message = result.response
    while wording.NEXT in labels(message):
        await world.member.click(message, label=wording.NEXT)
        message = world.channel.history()[-1]
        seen.append(message.content)
    posts = [number for number in range(1, 13) if f"post {number} of 12" in "\n".join(seen)]
    assert posts == [2, 3, 4, 5, 6]
    assert len(seen) > 1
    copy = await world.manager.click(message, label=wording.PREVIOUS)
    assert copy.ephemeral
    await world.member.click(message, label=wording.PREVIOUS)
    assert world.channel.history()[-1].content == seen[-2]


async def test_a_list_of_posts_is_read_page_by_page(world: World, texts: Service) -> None:
    """Without those between, forwards and backwards."""
    result = await world.member.slash(
        world.channel, "ask", question='"A long thread" posts 2-3, 5, 8 and 9'
    )
    pages = [result.response.content]
    message = result.response
    while wording.NEXT in labels(message):
        await world.member.click(message, label=wording.NEXT)
        message = world.channel.history()[-1]
        pages.append(message.content)
    said = "\n".join(pages)
    assert [n for n in range(1, 13) if f"post {n} of 12" in said] == [2, 3, 5, 8, 9]
    assert len(pages) > 1
    for page in reversed(pages[:-1]):
        await world.member.click(message, label=wording.PREVIOUS)
        message = world.channel.history()[-1]
        assert message.content == page
    choices = await world.member.autocomplete(
        world.channel, "quote", "text", '"A long thread" posts 2 and 5'
    )
    assert choices[0]["name"].startswith("post 2 of 12, post 5 of 12 – “A long thread”")
    result = await world.member.slash(world.channel, "quote", text=choices[0]["value"])
    assert "post 5 of 12" in result.response.content
    assert "post 3 of 12" not in result.response.content


@pytest.mark.parametrize(
    ("asked", "head", "shown"),
    [
        ("section Fees", "section *Fees*", "> - ten"),
        ("12:40", "at 12:40", "> - ten"),
        ("section Fees, item 2", "section *Fees, 2*", "> twenty"),
    ],
)
async def test_sections_and_times_are_places_too(
    world: World, texts: Service, asked: str, head: str, shown: str
) -> None:
    """What the place is called stands above it."""
    result = await world.member.slash(world.channel, "ask", question=asked)
    first, *rest = result.response.content.replace("\\", "").split("\n")
    assert first == f"“A talk”, Speaker, {head}"
    assert any(shown[2:] in line for line in rest), rest


async def test_a_place_that_does_not_exist_says_what_there_is(world: World) -> None:
    """In one line, also in /quote."""
    for command, option in (("ask", "question"), ("quote", "text")):
        result = await world.member.slash(
            world.channel, command, **{option: "“The bridge over the Tamar” post 40"}
        )
        line = result.response.content.split("\n")[-1]
        assert line == "“The bridge over the Tamar” has no post 40. It has posts 1 to 3."


async def test_a_mention_names_a_place_in_brackets(world: World) -> None:
    """Inside a message."""
    await world.member.send(
        world.channel, f"{world.mention} see [Sourdough for patient people 2] please"
    )
    reply = world.channel.history()[-1]
    assert BREAD.posts[1].text in reply.content


async def test_quote_suggests_places_and_passages(world: World) -> None:
    """Of every text that has the place; what is chosen is posted."""
    choices = await world.member.autocomplete(world.channel, "quote", "text", "post 3")
    names = [choice["name"] for choice in choices]
    assert names[0].startswith("post 3 of 3 – “The bridge over the Tamar”: The toll for carts")
    result = await world.member.slash(world.channel, "quote", text=choices[0]["value"])
    assert "never raised" in result.response.content
    both = await world.member.autocomplete(world.channel, "quote", "text", "post 2")
    assert [BREAD.title in both[0]["name"], BRIDGE.title in both[1]["name"]] == [True, True]


async def test_which_text_is_chosen_by_a_button(world: World) -> None:
    """Where several have the place."""
    result = await world.member.slash(world.channel, "ask", question="post 2")
    assert labels(result.response) == [BREAD.title, BRIDGE.title]
    await world.member.click(result.response, label=BREAD.title)
    assert BREAD.posts[1].text in world.channel.history()[-1].content


async def test_a_button_of_a_text_that_has_changed_says_so(world: World, texts: Service) -> None:
    """Another text may have other posts there."""
    result = await world.member.slash(world.channel, "ask", question='"A long thread" 2-6')
    write_source(BRIDGE, texts.library.folder, replace=True)
    write_source(
        Source("long", "A long thread", "@long", LONG.posts[:3]), texts.library.folder, replace=True
    )
    texts.library.load()
    clicked = await world.member.click(result.response, label=wording.NEXT)
    assert clicked.response.content == wording.TEXT_CHANGED


def test_the_state_of_a_button_fits() -> None:
    """A hundred characters, whatever the text."""
    longest = f"place:{'A' * 11}:{'f' * 16}:1{'A' * 18}{'A' * 8 * MOST_GAPS}:before:{'A' * 9}"
    assert re.fullmatch(EXTRACT_ID, longest)
    assert len(longest) <= 100

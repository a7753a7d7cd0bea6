"""Answers about the texts themselves, as members see them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.discord.ask.text_answers import about_message, which_text_message
from bot.discord.kit.quotes.layout import LIMIT
from bot.discord.kit.service import Service
from bot.library.snapshots import Snapshot, build_snapshot
from bot.models import AboutTexts, Fact
from bot.wording import ENGLISH as wording
from tests.conftest import TODAY, World
from tests.samples import BREAD, BRIDGE


def labels(response: Any) -> list[str]:
    """The labels of the buttons under a message."""
    return [c["label"] for row in response.components for c in row["components"]]


async def test_the_card_of_a_text_is_one_line_of_the_bots(world: World) -> None:
    """With what is not known, and without buttons to vote on it."""
    result = await world.member.slash(
        world.channel, "ask", question="who wrote this?", source="bridge"
    )
    asked, line = result.response.content.split("\n")
    assert asked == "-# Asked: who wrote this?"
    assert line.startswith("[“The bridge over the Tamar”](<https://example.org/bridge_%28")
    assert line.endswith(f" is by @BridgeNotes: 3 posts. {wording.NO_DATE}")
    assert labels(result.response) == []


async def test_texts_are_spoken_of_in_a_line_each(world: World) -> None:
    """Members' Markdown stays what it is."""
    result = await world.member.slash(world.channel, "ask", question="how many posts are there?")
    _, *lines = result.response.content.split("\n")
    assert [line.count(" is by ") for line in lines] == [1, 1]
    assert rf"Ana \*the\* Baker: 2 posts. {wording.NO_DATE_AND_NO_LINK}" in lines[0]


async def test_such_a_question_is_not_kept(world: World, service: Service) -> None:
    """It is nothing that the texts lack."""
    await world.member.slash(world.channel, "ask", question="when was this written?")
    await service.question_log.settle()
    counted = await service.storage.questions.counts_by_day(
        world.guild.id, TODAY.replace(year=2000)
    )
    assert not counted


async def test_the_asker_chooses_the_text_of_an_overview(world: World) -> None:
    """By a button; the message becomes the overview, with a way into the text."""
    result = await world.member.slash(world.channel, "ask", question="tl;dr")
    assert wording.WHICH_TEXT in result.response.content
    assert labels(result.response) == [BREAD.title, BRIDGE.title]
    await world.member.click(result.response, label=BRIDGE.title)
    shown = world.channel.history()[-1]
    assert wording.CENTRAL in shown.content
    assert BRIDGE.posts[0].text[:40] in shown.content
    opened = await world.member.click(shown, label=wording.READ)
    assert "post 3 of 3" in opened.response.content


async def test_others_choose_for_themselves(world: World) -> None:
    """The asker's message stays as it is."""
    result = await world.member.slash(world.channel, "ask", question="summary")
    clicked = await world.manager.click(result.response, label=BREAD.title)
    assert clicked.ephemeral
    assert wording.CENTRAL in clicked.response.content


def test_a_question_too_long_for_a_button_gets_none(snapshot: Snapshot) -> None:
    """The titles are named instead, and what to do."""
    message = which_text_message("q" * 65, (BREAD, BRIDGE), wording, 1, "")
    assert message.view is None
    assert BREAD.title in message.content
    assert wording.NAME_THE_TEXT in message.content


def test_long_cards_fit_into_a_message() -> None:
    """Whatever stands in the files."""
    long = [
        replace(BRIDGE, id=str(n), title="*" * 900, author="_" * 900, license="`" * 900)
        for n in range(5)
    ]
    snapshot = build_snapshot(long)
    about = AboutTexts((Fact.LICENSE, Fact.LINK), tuple(long))
    for above in ("", "-# Asked: who?"):
        content = about_message(about, snapshot, wording, above).content
        assert above in content
        assert 0 < len(content) <= LIMIT
    listed = about_message(AboutTexts((Fact.TEXTS,), tuple(long)), snapshot, wording, "")
    assert 0 < len(listed.content) <= LIMIT

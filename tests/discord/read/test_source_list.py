"""/sources lists every text, a page at a time."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.discord.kit import markdown
from bot.discord.kit.quotes.layout import LIMIT
from bot.discord.kit.service import Service
from bot.discord.read.source_list import list_page_before, list_page_from
from bot.library.listing import Listing
from bot.models import Post, Source
from bot.texts.folder import write_source
from bot.wording import ENGLISH as wording
from bot.wording import Wording
from bot.wording.catalogue import languages, wording_in
from tests.conftest import World
from tests.discord.ask.test_commands import buttons
from tests.discord.settled import settle
from tests.samples import BREAD


def many(count: int) -> list[Source]:
    return [replace(BREAD, id=f"t{i}", title=f"Text {i}") for i in range(1, count + 1)]


def listed_in(content: str) -> list[int]:
    return [int(number) for number in re.findall(r"^- Text (\d+)", content, re.MULTILINE)]


def test_a_page_of_one_text_does_not_count_from_it_to_itself() -> None:
    """In no language."""
    for language in languages():
        said = wording_in(language)
        assert said.texts_page(130, 130, 130).count(said.number(130)) == 2
    assert wording.texts_page(130, 130, 130) == "Text 130 of 130"


async def test_every_text_is_reached_also_after_a_restart(world: World, service: Service) -> None:
    """By value of their numbers, forth and back, in the message itself."""
    for source in many(120):
        write_source(source, service.library.folder)
    await world.manager.slash(world.channel, "reload")
    result = await world.member.slash(world.channel, "sources")
    first = result.response.content
    assert result.ephemeral
    assert first.startswith("I quote from 122 texts:\n-# Texts 1 to ")
    assert buttons(result.response) == [wording.NEXT]
    seen = listed_in(first)
    await world.restart(service)
    contents = [first]
    while wording.NEXT in buttons(result.response):
        await world.member.click(result.response, label=wording.NEXT)
        contents.append(result.response.content)
        assert len(contents[-1]) <= LIMIT
        seen += listed_in(contents[-1])
    assert seen == list(range(1, 121))
    assert "to 122 of 122" in contents[-1]
    while wording.PREVIOUS in buttons(result.response):
        await world.member.click(result.response, label=wording.PREVIOUS)
    assert result.response.content == first


async def test_a_list_that_has_become_shorter_shows_its_end(world: World, service: Service) -> None:
    """What a button says may be older than the texts, or what the server offers."""
    for source in many(60):
        write_source(source, service.library.folder)
    await world.manager.slash(world.channel, "reload")
    result = await world.member.slash(world.channel, "sources")
    await settle(world, service, sources=frozenset({"t1", "t2"}))
    await world.member.click(result.response, label=wording.NEXT)
    assert result.response.content.startswith("I quote from 2 texts:\n- Text 1 by")
    assert buttons(result.response) == []


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200),
        max_size=30,
    ),
    st.integers(0, 40),
    st.sampled_from(languages()),
)
@settings(max_examples=60)
def test_any_list_can_be_paged_through(names: list[str], start: int, language: str) -> None:
    """Whatever the titles, links and licences are, in every language; nothing is left out."""
    said: Wording = wording_in(language)
    listed = [
        Source(str(i), name, name[:100], (Post(1, "x"),), "https://x.org/" + "y" * 380, None, name)
        for i, name in enumerate(names)
    ]
    at, ends = 0, []
    while at < len(listed):
        page = list_page_from(listed, at, said, said.NOT_COVERED)
        assert markdown.length(page.content) <= LIMIT
        assert (page.start, at < page.end) == (at, True)
        at = page.end
        ends.append(at)
        back = list_page_before(listed, page.start, said, said.NOT_COVERED)
        assert back.start < page.start or not page.start
        assert back.end >= page.start
    assert not listed or ends[-1] == len(listed)
    assert markdown.length(list_page_from(listed, start, said).content) <= LIMIT


def test_a_page_reads_its_own_texts_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of ten thousand it makes some thirty lines, on the first page as on the last."""
    listed = Listing.of(many(10_000)).in_order
    about: list[str] = []
    of = Wording.about

    def counted(self: Wording, source: Source, most: int = 200, *, stale: bool = False) -> str:
        about.append(source.id)
        return of(self, source, most, stale=stale)

    monkeypatch.setattr(Wording, "about", counted)
    for start in (0, 5_000, 9_990):
        list_page_from(listed, start, wording)
        list_page_before(listed, start, wording)
    assert len(about) < 6 * 2 * 60


async def test_lists_of_many_texts_are_made_off_the_loop(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once for what a server offers, in a thread; then every keystroke finds it made."""
    made: list[threading.Thread] = []
    only = Listing.only

    def watched(self: Listing, ids: frozenset[str]) -> Listing:
        made.append(threading.current_thread())
        return only(self, ids)

    monkeypatch.setattr(Listing, "only", watched)
    await settle(world, service, sources=frozenset({"bridge"}))
    for typed in ("", "b", "br"):
        found: Any = await world.member.autocomplete(world.channel, "read", "source", typed)
        assert [one["value"] for one in found] == ["bridge"]
    await world.member.slash(world.channel, "sources")
    await world.member.slash(world.channel, "read", source="bridge")
    assert len(made) == 1
    assert threading.main_thread() not in made


async def test_a_reload_makes_its_list_off_the_loop(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the snapshot that it belongs to."""
    made: list[threading.Thread] = []
    of = Listing.of.__func__  # type: ignore[attr-defined]

    def watched(cls: type[Listing], *given: Any) -> Listing:
        made.append(threading.current_thread())
        listing: Listing = of(cls, *given)
        return listing

    monkeypatch.setattr(Listing, "of", classmethod(watched))
    write_source(replace(BREAD, id="new"), service.library.folder)
    await world.manager.slash(world.channel, "reload")
    assert made
    assert threading.main_thread() not in made

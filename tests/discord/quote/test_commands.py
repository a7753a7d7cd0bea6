"""/quote: passages as they are typed, and the one that is chosen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from bot.discord.kit import markdown
from bot.discord.kit.custom_ids import digits
from bot.discord.kit.quotes.encoding import KEY_LENGTH
from bot.discord.kit.quotes.excerpts import CUT
from bot.discord.kit.quotes.layout import LIMIT
from bot.discord.kit.service import Service
from bot.discord.quote.suggestions import MAX_NAME, choice, find_passage
from bot.library.snapshots import Snapshot, build_snapshot
from bot.models import Post, Source
from bot.texts.folder import write_source
from bot.wording import ENGLISH as wording
from tests.conftest import World
from tests.discord.ask.test_commands import buttons
from tests.discord.kit.quotes.test_layout import LONG_TEXTS, quoted
from tests.samples import BREAD, BRIDGE, any_text, sources

FERRIES = "Ferries lost half of their passengers."


async def suggested(world: World, typed: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await world.member.autocomplete(
        world.channel, "quote", "text", typed
    )
    return found


async def test_passages_are_suggested_at_every_keystroke(world: World) -> None:
    """With author and place in each choice."""
    for end in range(len(FERRIES) + 1):
        found = await suggested(world, FERRIES[:end])
        assert 1 <= len(found) <= 25
        if end:
            assert found[0]["name"] == f"{FERRIES} – @BridgeNotes, post 3 of 3"


async def test_the_chosen_passage_is_posted_with_its_attribution(world: World) -> None:
    """For everybody, and no line of the bot's above it."""
    (first, *_) = await suggested(world, "half of their pas")
    result = await world.member.slash(world.channel, "quote", text=first["value"])
    assert not result.ephemeral
    assert result.response.content.startswith(f"> {FERRIES}\n-# — @BridgeNotes, [")
    assert result.response.content.endswith("post 3 of 3")
    assert buttons(result.response) == [wording.IN_CONTEXT, wording.DELETE, wording.CITE]
    assert world.channel.history()[-1].flags.suppress_embeds


async def test_what_is_typed_without_choosing_finds_the_best_match(world: World) -> None:
    """On a phone the list is easily missed."""
    result = await world.member.slash(world.channel, "quote", text="passengers ferries lost")
    assert result.response.content.startswith(f"> {FERRIES}")


async def test_what_no_passage_holds_is_said_kindly(world: World) -> None:
    """To the member alone."""
    result = await world.member.slash(world.channel, "quote", text="xylophone quartets")
    assert result.ephemeral
    assert result.response.content == wording.NOT_FOUND


async def test_a_choice_that_is_gone_meanwhile_says_so(world: World, service: Service) -> None:
    """A reload may come between typing and sending."""
    (first, *_) = await suggested(world, FERRIES)
    changed = replace(BRIDGE, posts=(Post(1, "Ferries went on as before."),))
    (service.library.folder / "bridge.md").unlink()
    write_source(changed, service.library.folder)
    await world.manager.slash(world.channel, "reload")
    result = await world.member.slash(world.channel, "quote", text=first["value"])
    assert result.ephemeral
    assert result.response.content == wording.GONE


@pytest.mark.parametrize(
    "text", ["passage:", "passage:ÄÖÜäöüß", "passage:AAAAAAAA", "passage:ferry"]
)
async def test_a_made_up_choice_is_no_error(world: World, text: str) -> None:
    """Values come from the member's client."""
    result = await world.member.slash(world.channel, "quote", text=text)
    assert result.acknowledged
    assert result.response.content != wording.FAILED


async def test_a_failing_lookup_is_an_empty_list_and_is_recorded(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Never an error while somebody types."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError("deep inside")

    monkeypatch.setattr("bot.discord.quote.commands.lookup", broken)
    assert await suggested(world, "fer") == []
    assert "passages could not be suggested" in capsys.readouterr().out


@pytest.mark.parametrize("name", LONG_TEXTS)
async def test_any_passage_is_suggested_and_quoted(
    world: World, service: Service, name: str
) -> None:
    """Long, of Markdown only, @everyone, Arabic, zero-width characters: nothing breaks or pings."""
    text = LONG_TEXTS[name].strip()
    write_source(Source("odd", "Odd", "A", (Post(1, text),)), service.library.folder)
    await world.manager.slash(world.channel, "reload")
    passage = next(p for p in service.snapshot.passages if p.source.id == "odd")
    await suggested(world, text[:20])
    value = f"passage:{digits(passage.key, KEY_LENGTH)}"
    result = await world.member.slash(world.channel, "quote", text=value)
    assert len(result.response.content) <= LIMIT
    assert result.response.content.startswith("> ")
    sent = [r for r in world.env.http_requests if r.path.endswith("/callback")][-1]
    assert sent.json["data"]["allowed_mentions"]["parse"] == []


BRICKS = "the kiln was fired and the bricks were stacked beside the wall where the carters waited "
SPACED = BRICKS
BRICKS = BRICKS.replace(" ", "-")  # without white space a passage is never divided
HERON = "until a heron landed on the salted parapet of the customs house"


@pytest.mark.parametrize("typed", ["heron landed", "salted para", "parapet house customs", "HERÓN"])
@pytest.mark.parametrize("before", [0, 5, 30])
async def test_a_passage_too_long_for_a_message_is_quoted_around_the_words_typed(
    world: World, service: Service, typed: str, before: int
) -> None:
    """Chosen from the list or not; in exact slices, the cuts seen, also when it is shared."""
    text = BRICKS * before + HERON + " " + (BRICKS * 40).strip("-")
    write_source(Source("long", "Long", "A", (Post(1, text),)), service.library.folder)
    await world.manager.slash(world.channel, "reload")
    key = digits(next(p.key for p in service.snapshot.passages if p.text == text), KEY_LENGTH)
    choice_ = next(c["value"] for c in await suggested(world, typed) if key in c["value"])
    for value in (choice_, typed) if typed != "salted para" else (choice_,):
        result = await world.member.slash(world.channel, "quote", text=value)
        content = result.response.content
        assert len(content) <= LIMIT
        said = quoted(content).replace("**", "")
        assert said in text
        assert "heron landed" in said
        assert "parapet" in said
        lines = content.split("\n")
        assert (lines[0] == CUT) is (not text.startswith(said))
        assert CUT in lines[1:]
        assert "post 1 of 1, an excerpt of a longer sentence" in lines[-1]
        context = await world.member.click(result.response, label=wording.IN_CONTEXT)
        assert "heron landed" in quoted(context.response.content).replace("**", "")


async def test_the_suggestion_of_a_long_passage_shows_the_word_typed(
    world: World, service: Service
) -> None:
    """However far behind it stands, within reason."""
    text = SPACED * 4 + HERON
    write_source(Source("long", "Long", "A", (Post(1, text),)), service.library.folder)
    await world.manager.slash(world.channel, "reload")
    (first, *_) = await suggested(world, "a heron")
    assert first["name"].startswith("…waited until a heron landed on the salted")
    assert len(first["value"]) <= 100


@settings(max_examples=60)
@given(sources(), any_text)
def test_a_choice_keeps_to_discords_limits_and_leads_back(source: Source, typed: str) -> None:
    """Whatever stands in the text, its author's name or its title."""
    snapshot = build_snapshot([source])
    for passage in snapshot.passages:
        made = choice(passage, typed + passage.text[-9:])
        assert 1 <= markdown.length(made.name) <= MAX_NAME
        assert "\n" not in made.name
        assert len(made.value) <= 100
        found = find_passage(snapshot, made.value)
        assert found is not None
        assert found.passage.text == passage.text


def test_a_choice_shows_the_word_that_was_typed(snapshot: Snapshot) -> None:
    """Where the beginning does not hold it, as people would not see why it is there."""
    long = next(p for p in snapshot.passages if "suffered" in p.text)
    assert choice(long, "he had a STRO").name == (
        "…had suffered a stroke a few months before and could not leave his bed. – @BridgeNotes, post 2 of 3"
    )
    assert choice(long, "designed ").name == choice(long).name
    assert choice(long, "xylophone").name == choice(long).name


@pytest.mark.parametrize("author", ["A", "Somebody " * 20])
def test_a_choice_leaves_room_for_the_words_beside_a_long_heading(author: str) -> None:
    """The section is cut, not the passage: every keystroke lists choices, and must never hang."""
    heading = "Exceptions for vehicles of farms, of the fire brigade, and of the ferry company"
    posts = (Post(1, f"# {heading}"), Post(2, "No toll is due from anyone who crosses on foot."))
    passage = build_snapshot([replace(BREAD, author=author.strip(), posts=posts)]).passages[1]
    name = choice(passage, "toll").name
    assert markdown.length(name) <= MAX_NAME
    assert name.startswith("No toll is due from")
    assert "section Exceptions for" in name


def test_a_long_word_that_is_typed_costs_little(snapshot: Snapshot) -> None:
    """On the event loop, for each of 25 choices: otherwise this would take a quarter of a minute."""
    passage = snapshot.passages[0]
    for _ in range(25):
        assert choice(passage, "a" * 6_000 + "_").name == choice(passage).name


def test_a_choice_is_cut_between_words(snapshot: Snapshot) -> None:
    """And keeps author and place, however long the author's name."""
    long = next(p for p in snapshot.passages if "suffered" in p.text)
    assert choice(long).name == (
        "It was designed by I. K. Brunel, who was too ill to attend the opening,… – @BridgeNotes, post 2 of 3"
    )
    wordy = build_snapshot([replace(BREAD, author="Somebody " * 20)]).passages[0]
    name = choice(wordy).name
    assert len(name) <= MAX_NAME
    assert name.startswith("Flour, water and salt")
    assert "Somebody Somebody Somebody…, post 1 of 2" in name

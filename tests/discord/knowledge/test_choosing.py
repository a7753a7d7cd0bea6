"""A file with several texts: one of them is chosen, and then another."""

from __future__ import annotations

from typing import Any

from bot.discord.kit.service import Service
from bot.wording import ENGLISH as wording
from tests.conftest import World
from tests.discord.knowledge.test_adding import filled_in, labels, named, offered
from tests.texts.formats.hostile import zipped
from tests.texts.formats.samples import FILES
from tests.texts.test_editing import files

TWO = zipped({"owls.txt": "Owls hunt by night.", "bats.txt": "Bats hang upside down."})


def options(shown: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = shown.components[0]["components"][0]["options"]
    return found


async def choose(world: World, shown: Any, value: str) -> Any:
    return await world.manager.select(shown, values=[value])


async def test_the_texts_of_a_zip_are_added_one_after_the_other(
    world: World, service: Service
) -> None:
    """Each with its own title and author; the file need not be sent again."""
    shown = await offered(world, TWO, "both.zip")
    assert shown.ephemeral
    assert "It contains 2 texts." in shown.content
    assert [one["label"] for one in options(shown)] == ["bats.txt", "owls.txt"]
    await choose(world, shown, "1")
    assert "Owls hunt by night." in shown.content
    assert labels(shown) == [wording.NAME_BUTTON, wording.BACK_TO_TEXTS, wording.CANCEL]
    await named(world, shown, title="Owls")
    await world.manager.click(shown, label=wording.ADD)
    assert [post.text for post in service.snapshot.sources["owls"].posts] == ["Owls hunt by night."]
    await world.manager.click(shown, label=wording.BACK_TO_TEXTS)
    await choose(world, shown, "0")
    await named(world, shown, title="Bats")
    await world.manager.click(shown, label=wording.ADD)
    assert "bats" in service.snapshot.sources
    assert files(service.library.folder)[".originals/bats.txt"] == b"Bats hang upside down."


async def test_what_was_chosen_can_be_put_back(world: World) -> None:
    """Nothing is added by choosing."""
    shown = await offered(world, TWO, "both.zip")
    await choose(world, shown, "0")
    assert "Bats hang" in shown.content
    await world.manager.click(shown, label=wording.BACK_TO_TEXTS)
    assert "It contains 2 texts." in shown.content


async def test_a_thread_of_an_archive_of_x_is_chosen(world: World) -> None:
    """The list shows how threads begin, when, and how long they are."""
    shown = await offered(world, (FILES / "tweets.js").read_bytes(), "tweets.js")
    assert "read as: X archive" in shown.content
    first = options(shown)[0]
    assert "posts" in first["description"]
    await choose(world, shown, "0")
    opened = await world.manager.click(shown, label=wording.NAME_BUTTON)
    assert filled_in(opened)["title"][:10] == first["label"][:10]


async def test_a_long_list_has_pages(world: World) -> None:
    """Of as many texts as a menu holds."""
    many = zipped({f"{i:02}.txt": f"Text {i}." for i in range(60)})
    shown = await offered(world, many, "many.zip")
    assert len(options(shown)) == 25
    await world.manager.click(shown, label=wording.NEXT_TEXTS)
    await world.manager.click(shown, label=wording.NEXT_TEXTS)
    assert [one["label"] for one in options(shown)] == [f"{i}.txt" for i in range(50, 60)]
    assert wording.NEXT_TEXTS not in [
        b.get("label") for row in shown.components for b in row["components"]
    ]
    await choose(world, shown, "59")
    assert "Text 59." in shown.content

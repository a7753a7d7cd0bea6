"""Every button under a message from before does what it says, or says in one line why not."""

from __future__ import annotations

from typing import Any

import pytest

from bot.discord.kit.service import Service
from bot.models import Post, Source
from bot.texts.folder import write_source
from bot.wording import ENGLISH as wording
from tests.conftest import World
from tests.discord.ask.test_commands import QUESTION, buttons, policy
from tests.samples import BREAD, BRIDGE

LONG = Source(
    "long",
    "A long thread",
    "@long",
    tuple(Post(i, f"This is post {i}. " + "It has many words. " * 30) for i in range(1, 13)),
)
ASKED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("ask", {"question": QUESTION}),
    ("ask", {"question": QUESTION, "private": True}),
    ("ask", {"question": "which quartets play the xylophone at the opening?"}),
    ("ask", {"question": "what is this about?", "source": BRIDGE.id}),
    ("ask", {"question": "post 2"}),
    ("ask", {"question": '"A long thread" posts 2-6 and 9'}),
    ("quote", {"text": "was too ill to attend the opening"}),
    ("random", {"source": BRIDGE.id}),
    ("read", {"source": LONG.id}),
    ("sources", {}),
    ("help", {}),
)
OLD_WORDS = ("Brunel", "many words", "Bake the loaf", "toll for carts")
LASTING = {wording.DELETE, wording.RIGHT, wording.WRONG, wording.EXPECTED_AN_ANSWER}
"""Labels of buttons that need no text: what they do has tests of its own."""


async def nothing(world: World, service: Service) -> None:
    """Leave all as it is, but for a restart."""
    await world.restart(service)


async def other_words(_: World, service: Service) -> None:
    """Every text says something else by now."""
    for source in (BRIDGE, BREAD, LONG):
        other = Source(source.id, source.title, source.author, (Post(1, "Nothing of it is left."),))
        write_source(other, service.library.folder, replace=True)
    service.library.load()


async def other_texts(_: World, service: Service) -> None:
    """All texts are gone but a new one."""
    for path in service.library.folder.rglob("*.md"):
        path.unlink()
    new = Source("new", "A new text", "Nobody", (Post(1, "A short text."),))
    write_source(new, service.library.folder)
    service.library.load()


@pytest.mark.parametrize("change", [nothing, other_words, other_texts])
async def test_old_buttons_work_or_say_why_not(
    world: World, service: Service, caplog: pytest.LogCaptureFixture, change: Any
) -> None:
    """For the member who asked, and for another one; nothing fails."""
    write_source(LONG, service.library.folder)
    service.library.load()
    policy(service, quotes=1)
    shown = [
        await world.member.slash(world.channel, command, **options) for command, options in ASKED
    ]
    await change(world, service)
    pressed = 0
    for actor in (world.manager, world.member):
        for message in (r.response for r in shown if actor is world.member or not r.ephemeral):
            for label in set(buttons(message)) - LASTING:
                if label not in buttons(message):  # since another one was pressed
                    continue
                pressed += 1
                result = await actor.click(message, label=label)
                said = "" if result.response is None else result.response.content
                assert said or result.modal is not None, (label, message.content)
                assert wording.FAILED not in said, (label, message.content)
                if change is not nothing:
                    assert not any(words in said for words in OLD_WORDS), (label, said)
    assert pressed > len(ASKED)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]

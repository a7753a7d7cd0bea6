"""Takes the README's pictures: real messages of the real bot, drawn by simcord's preview.

The single scenes stay in the folder that is given as argument, if one is.
It needs a Chromium or Chrome on the machine (Debian: `apt-get install chromium`).
"""

from __future__ import annotations

import asyncio
import functools
import shutil
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import simcord
from PIL import Image
from playwright.async_api import BrowserType

from bot.answering.answerer import Policy
from bot.config import Discord
from bot.discord.app.client import VerbatimClient
from bot.discord.app.demo import furnish
from bot.discord.kit.service import Service
from bot.library.library import Library
from bot.models import Outcome
from bot.storage.database import Storage
from bot.storage.questions import AskedQuestion
from bot.wording import ENGLISH as wording

ROOT = Path(__file__).parent.parent
PICTURES = Path(__file__).parent / "pictures"
SIZES = {"desktop": (1000, 640), "phone": (400, 760)}
COLOURS = 64
"""Few, so that a picture weighs little."""

PHONES = {
    "members.png": ("answer", "context", "not-covered"),
    "curators.png": ("settings", "gaps", "stats"),
}
PAST = (
    ("What did US officials tell Iraqi elites?", Outcome.ANSWERED),
    ("Who is the new prime minister?", Outcome.NOT_COVERED),
    ("why was the dialogue offered", Outcome.ANSWERED),
    ("What happened to the price of oil?", Outcome.CLOSEST),
    ("how many troops are there in Iraq?", Outcome.NOT_COVERED),
    ("How many troops are in Iraq?", Outcome.NOT_COVERED),
    ("What is the Strategic Dialogue?", Outcome.ANSWERED),
)
"""What the members of the pictures' server have asked, and how it came out."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def use_the_machines_browser() -> None:
    """Let Playwright start the browser that is installed, not one of its own."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        sys.exit("screenshots: no chromium or google-chrome here: install one")
    launch = BrowserType.launch

    @functools.wraps(launch)
    async def with_path(self: BrowserType, **options: Any) -> Any:
        flags = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking"]
        return await launch(self, executable_path=path, args=flags, **options)

    BrowserType.launch = with_path  # type: ignore[method-assign]


async def take_all(folder: Path, taken: Path) -> None:
    """Play a few scenes and take a picture of each, at both widths, into the folder `taken`."""
    library = Library(ROOT / "knowledge")
    library.load()
    url = f"sqlite+aiosqlite:///{folder / 'pictures.db'}"
    storage = await Storage.open(url, folder / "pictures.key", days=90)
    service = await Service.of(library, Policy(), Discord(), storage)
    async with simcord.run(VerbatimClient(service)) as env:
        channel, member, curator = await furnish(env)

        async def scene(name: str, viewer: Any) -> None:
            async with env.preview(channel, viewers=[viewer], layout="channel") as preview:
                for size, viewport in SIZES.items():
                    path = taken / f"{name}-{size}.png"
                    await preview.screenshot(str(path), mode="viewport", viewport=viewport)

        answered = await member.slash(
            channel, "ask", question="What did US officials tell Iraqi elites?"
        )
        await scene("answer", member)
        await member.click(answered.response, label=wording.IN_CONTEXT)
        await scene("context", member)
        await member.slash(channel, "ask", question="How low did the price of oil fall?")
        await member.slash(channel, "ask", question="Who painted the Mona Lisa?")
        await scene("not-covered", member)
        await member.slash(channel, "read", source="the-us-iraq-strategic-dialogue")
        await scene("read", member)
        await member.slash(channel, "help")
        await member.slash(channel, "sources")
        await scene("help", member)
        await curator.slash(channel, "reload")
        await scene("reload", curator)
        await ask_for_weeks(storage, guild=channel.guild.id)
        for command in ("settings", "gaps", "stats"):
            await curator.slash(channel, command)
            await scene(command, curator)
    await service.question_log.settle()
    await storage.close()


def side_by_side(pictures: Sequence[Path], to: Path) -> None:
    """Write `pictures` beside one another as one."""
    opened = [Image.open(path) for path in pictures]
    whole = Image.new("RGB", (sum(i.width for i in opened), max(i.height for i in opened)))
    left = 0
    for image in opened:
        whole.paste(image, (left, 0))
        left += image.width
    whole.quantize(COLOURS).save(to, optimize=True)


async def ask_for_weeks(storage: Storage, guild: int) -> None:
    """Keep questions of the last two weeks, so that curators have something to look at."""
    today = datetime.now(UTC)
    number = 0
    for ago in range(13, -1, -1):
        for turn in range(3 + (5 * ago) % 11):
            number += 1
            text, outcome = PAST[(turn * 7 + ago) % len(PAST)]
            asked = AskedQuestion(number, guild, today - timedelta(days=ago), text, outcome, 0.5)
            await storage.questions.keep(asked, member_id=turn + 1)
            if outcome is not Outcome.NOT_COVERED and turn % 2:
                await storage.questions.vote(number, turn + 1, right=turn % 5 > 0)


if __name__ == "__main__":
    use_the_machines_browser()
    with TemporaryDirectory() as folder:
        kept = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder) / "pictures"
        kept.mkdir(parents=True, exist_ok=True)
        asyncio.run(take_all(Path(folder), kept))
        side_by_side([kept / "answer-desktop.png"], PICTURES / "answer-desktop.png")
        for name, scenes in PHONES.items():
            side_by_side([kept / f"{scene}-phone.png" for scene in scenes], PICTURES / name)

"""Takes the README's screenshots: the real bot in simcord, drawn by its preview.

    python -m tools.screenshots [FOLDER]

FOLDER gets every scene as a picture of its own. Needs Chromium or Chrome (Debian: `apt-get install chromium`).
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
from bot.discord.app.client import VerbatimClient
from bot.discord.app.demo import furnish
from bot.discord.kit.service import Service
from bot.library.library import Library
from bot.models import Outcome
from bot.settings.discord import DiscordSettings
from bot.storage.database import Storage
from bot.storage.questions import AskedQuestion
from bot.wording import ENGLISH as wording

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "docs" / "pictures"
SIZES = {"desktop": (1000, 640), "phone": (400, 760)}
COLOURS = 64
"""Size of the palette: a small one keeps the files small."""

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
"""Questions asked on the simulated server before the screenshots, with their outcomes."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def use_installed_browser() -> None:
    """Make Playwright start the system's browser instead of downloading its own."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        sys.exit("screenshots: no chromium or google-chrome here: install one")
    launch = BrowserType.launch

    @functools.wraps(launch)
    async def with_path(self: BrowserType, **options: Any) -> Any:
        flags = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking"]
        return await launch(self, executable_path=path, args=flags, **options)

    BrowserType.launch = with_path  # type: ignore[method-assign]


async def take_screenshots(work: Path, output: Path) -> None:
    """Play each scene and save a screenshot of it at both widths; `work` holds the database."""
    library = Library(ROOT / "knowledge")
    library.load()
    url = f"sqlite+aiosqlite:///{work / 'pictures.db'}"
    storage = await Storage.open(url, work / "pictures.key", days=90)
    service = await Service.of(library, Policy(), DiscordSettings(), storage)
    async with simcord.run(VerbatimClient(service)) as env:
        channel, member, curator = await furnish(env)

        async def scene(name: str, viewer: Any) -> None:
            async with env.preview(channel, viewers=[viewer], layout="channel") as preview:
                for size, viewport in SIZES.items():
                    path = output / f"{name}-{size}.png"
                    await preview.screenshot(str(path), mode="viewport", viewport=viewport)

        answered = await member.slash(
            channel, "ask", question="What did US officials tell Iraqi elites?"
        )
        await scene("answer", member)
        await member.click(answered.response, label=wording.IN_CONTEXT)
        await scene("context", member)
        await member.slash(channel, "ask", question="When did the Dialogue first meet?")
        await member.slash(channel, "ask", question="Who painted the Mona Lisa?")
        await scene("not-covered", member)
        await member.slash(channel, "read", source="the-us-iraq-strategic-dialogue")
        await scene("read", member)
        await member.slash(channel, "help")
        await member.slash(channel, "sources")
        await scene("help", member)
        await curator.slash(channel, "reload")
        await scene("reload", curator)
        await store_past_questions(storage, guild=channel.guild.id)
        for command in ("settings", "gaps", "stats"):
            await curator.slash(channel, command)
            await scene(command, curator)
    await service.question_log.settle()
    await storage.close()


def join_horizontally(pictures: Sequence[Path], output: Path) -> None:
    """Save `pictures` side by side as one PNG with a small palette."""
    opened = [Image.open(path) for path in pictures]
    whole = Image.new("RGB", (sum(i.width for i in opened), max(i.height for i in opened)))
    left = 0
    for image in opened:
        whole.paste(image, (left, 0))
        left += image.width
    whole.quantize(COLOURS).save(output, optimize=True)


async def store_past_questions(storage: Storage, guild: int) -> None:
    """Fill the last two weeks with questions and votes, for /gaps and /stats to show."""
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
    use_installed_browser()
    with TemporaryDirectory() as folder:
        kept = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder) / "pictures"
        kept.mkdir(parents=True, exist_ok=True)
        asyncio.run(take_screenshots(Path(folder), kept))
        join_horizontally([kept / "answer-desktop.png"], PICTURES / "answer-desktop.png")
        for name, scenes in PHONES.items():
            join_horizontally([kept / f"{scene}-phone.png" for scene in scenes], PICTURES / name)

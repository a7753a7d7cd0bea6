"""Takes the README's pictures: real messages of the real bot, drawn by simcord's preview.

It needs a Chromium or Chrome on the machine (Debian: `apt-get install chromium`).
"""

from __future__ import annotations

import asyncio
import functools
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import simcord
from playwright.async_api import BrowserType

from bot.answering.answerer import Policy
from bot.config import Discord
from bot.frontends.discord.client import VerbatimClient
from bot.frontends.discord.demo import furnish
from bot.frontends.discord.service import Service
from bot.frontends.texts import ENGLISH as texts
from bot.library import Library
from bot.operations.storage.database import Storage

ROOT = Path(__file__).parent.parent
PICTURES = Path(__file__).parent / "pictures"
SIZES = {"desktop": (1000, 640), "phone": (400, 760)}
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


async def take_all(folder: Path) -> None:
    """Play a few scenes and take a picture of each, at both widths."""
    library = Library(ROOT / "knowledge")
    library.load()
    url = f"sqlite+aiosqlite:///{folder / 'pictures.db'}"
    storage = await Storage.open(url, folder / "pictures.key", days=90)
    service = await Service.of(library, Policy(), Discord(), storage)
    PICTURES.mkdir(exist_ok=True)
    async with simcord.run(VerbatimClient(service)) as env:
        channel, member, curator = await furnish(env)
        scenes: dict[str, Any] = {}

        async def scene(name: str, viewer: Any) -> None:
            async with env.preview(channel, viewers=[viewer], layout="channel") as preview:
                for size, viewport in SIZES.items():
                    path = PICTURES / f"{name}-{size}.png"
                    await preview.screenshot(str(path), mode="viewport", viewport=viewport)
                    scenes[path.name] = viewport

        answered = await member.slash(
            channel, "ask", question="What did US officials tell Iraqi elites?"
        )
        await scene("answer", member)
        await member.click(answered.response, label=texts.IN_CONTEXT)
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
    await service.records.settle()
    await storage.close()
    print("\n".join(scenes))  # noqa: T201 - a script


if __name__ == "__main__":
    use_the_machines_browser()
    with TemporaryDirectory() as folder:
        asyncio.run(take_all(Path(folder)))

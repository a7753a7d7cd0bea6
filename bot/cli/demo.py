"""`verbatim demo`: the bot in a simulated Discord, in the browser."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.options import with_setup
from bot.cli.setup import Setup


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port; 0: any free one.")
@click.option("--browser/--no-browser", default=True, help="Open the page when there is a browser.")
@with_setup
def demo(setup: Setup, port: int, browser: bool) -> None:
    """Try the bot in a simulated Discord in the browser, without token or network."""
    import asyncio
    from tempfile import TemporaryDirectory

    from bot.discord.app import demo as simulation
    from bot.discord.kit.service import Service
    from bot.operations.logging import configure
    from bot.storage.address import Address
    from bot.storage.database import Storage

    configure("warning", setup.config.log.format)
    library = setup.load_interactive(on_discord=True)

    async def serve(folder: Path) -> None:
        url, key_file = Address.url_of(folder / "demo.db"), folder / "demo.key"
        storage = await Storage.open(url, key_file, days=1)
        try:
            service = await Service.of(library, setup.policy(), setup.config.discord, storage)
            await service.warm_up()
            await simulation.serve(service, port=port, open_browser=browser, say=click.echo)
            await service.question_log.settle()
        finally:
            await storage.close()

    with TemporaryDirectory() as folder:
        asyncio.run(serve(Path(folder)))

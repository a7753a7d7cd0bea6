"""`verbatim run`: the bot on Discord."""

from __future__ import annotations

import click

from bot.cli.options import with_setup
from bot.cli.setup import Setup


@click.command()
@with_setup
def run(setup: Setup) -> None:
    """Run the bot on Discord, until it is told to stop."""
    import asyncio

    from bot import config
    from bot.discord.app.client import VerbatimClient
    from bot.discord.app.monitoring import monitored
    from bot.discord.app.network_faults import is_network_fault
    from bot.discord.kit.service import Service
    from bot.operations.logging import configure

    token = config.token(setup.config)
    secrets = (token.get_secret_value(), setup.config.storage.password)
    configure(setup.config.log.level, setup.config.log.format, secrets, is_network_fault)
    library = setup.create_library(embed_in_background=True, on_discord=True)
    library.load()

    async def serve() -> None:
        async with setup.open_storage() as storage:
            grace_days = setup.config.storage.grace_days
            service = await Service.of(
                library, setup.policy(), setup.config.discord, storage, grace_days
            )
            await service.warm_up()
            try:
                client = VerbatimClient(service)
                async with monitored(client, service, setup.config.health):
                    await client.run_until_stopped(token.get_secret_value())
            finally:
                await service.question_log.settle()

    asyncio.run(serve())

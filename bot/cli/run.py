"""`verbatim run`: the bot on Discord."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.options import config_option, knowledge_option


@click.command()
@config_option
@knowledge_option
def run(config_file: Path | None, knowledge: Path | None) -> None:
    """Run the bot on Discord, until it is told to stop."""
    import asyncio

    from bot.cli.processes import control_path, history_path
    from bot.cli.startup import check_start
    from bot.discord.app.monitoring import monitored
    from bot.discord.app.network_faults import is_external
    from bot.discord.app.reloading import reloads
    from bot.discord.app.sharding import make_client
    from bot.discord.app.shared_settings import following_settings
    from bot.discord.kit.service import Service
    from bot.operations import lifecycle
    from bot.operations.logging import configure

    setup, token = check_start(config_file, knowledge)
    settings = setup.config
    secrets = (
        token.get_secret_value(),
        settings.storage.password,
        settings.search.opensearch.password.get_secret_value(),
    )
    configure(settings.log.level, settings.log.format, secrets, is_external)
    library = setup.create_library(embed_in_background=True, on_discord=True)
    library.load()
    starts = lifecycle.StartHistory(history_path(settings))
    deadline = lifecycle.StopDeadline()

    async def serve() -> None:
        async with setup.open_storage() as storage:
            grace_days = settings.storage.grace_days
            service = await Service.of(
                library, setup.policy(), settings.discord, storage, grace_days
            )
            await service.warm_up()
            client = make_client(service)
            try:
                async with (
                    monitored(client, service, settings.health),
                    following_settings(service),
                    reloads(
                        service, watch=settings.knowledge.watch, control_path=control_path(settings)
                    ),
                ):
                    await lifecycle.wait(starts.begin())
                    await client.run_until_stopped(token.get_secret_value(), deadline.start)
            finally:
                await service.question_log.settle()
        starts.ended_well()

    asyncio.run(serve())
    deadline.all_is_stored()

"""The real bot in a simulated Discord in the browser, by simcord."""

from __future__ import annotations

import asyncio
import logging
import webbrowser
from collections.abc import Callable
from typing import Any

from bot.discord.app.client import VerbatimClient
from bot.discord.kit.service import Service
from bot.errors import Problem, VerbatimError
from bot.installation import install_command
from bot.operations.signals import stop_signals

WELCOME = """\
Welcome. Try `/ask` with a question such as “Was the future of the US military presence up for \
discussion?”, “What did US officials tell Iraqi elites?”, or “Who painted the Mona Lisa?”, and click the buttons.
Then press **Follow up** under an answer and type “why?”, or mention the bot: {mention} is typed \
`{mention}` here.
`/quote` lists passages as you type; `/read` shows a whole text. Play the curator (under \
“Viewing as”) and `/reload` after you have changed a file in `knowledge`."""


async def serve(
    service: Service, *, port: int, open_browser: bool, say: Callable[[str], Any]
) -> None:
    """Serve the simulation on a loopback address until Ctrl-C.

    Raises:
        VerbatimError: simcord is not installed.

    """
    # As it is imported it tries out a client, which warns that it has neither voice nor servers.
    logging.getLogger("discord").setLevel(logging.ERROR)  # noqa: TID251
    try:
        import simcord  # noqa: F401 - found out here, used below
    except ImportError as error:
        reason = f"needs simcord: {install_command('demo')}"
        raise VerbatimError(Problem("demo", reason)) from error
    with stop_signals() as stop:
        await serve_until(service, stop, port, open_browser, say)


async def serve_until(
    service: Service, stop: asyncio.Event, port: int, open_browser: bool, say: Callable[[str], Any]
) -> None:
    """Serve the simulation until `stop` is set or the page's own button ends it."""
    import simcord

    async with simcord.run(VerbatimClient(service), check_errors=False) as env:
        channel, member, curator = await furnish(env)
        viewers = [member, curator]
        async with env.preview(channel, viewers=viewers, layout="channel", port=port) as preview:
            say(f"The demo is at {preview.url}")
            say("Ctrl-C ends it.")
            if open_browser:
                await asyncio.to_thread(_open, preview.url)
            ends = {asyncio.create_task(stop.wait()), asyncio.create_task(preview.wait_closed())}
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            for end in ends:
                end.cancel()


async def furnish(env: Any) -> tuple[Any, Any, Any]:
    """Set up a channel with a welcome; return it with a member and a curator to play."""
    import discord

    guild = env.create_guild("The reading room")
    channel = guild.create_text_channel("ask-the-texts")
    curators = guild.create_role("Curators", permissions=discord.Permissions(manage_guild=True))
    curator = guild.add_member(env.create_user("curator"), roles=[curators])
    member = guild.add_member(env.create_user("member"))
    await env.settle()
    await env.bot.get_guild(guild.id).me.edit(nick="Verbatim")
    bot_channel = env.bot.get_channel(channel.id)
    await bot_channel.send(WELCOME.format(mention=env.bot.user.mention))
    await env.settle()
    return channel, member, curator


def _open(url: str) -> None:
    """Open `url` in a graphical browser, if there is one; one in the terminal would block."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return
    if not isinstance(browser, webbrowser.GenericBrowser) or isinstance(
        browser, webbrowser.BackgroundBrowser
    ):
        browser.open(url)

"""/read: a text page by page."""

from __future__ import annotations

from discord import app_commands

from bot.discord.kit import markdown
from bot.discord.kit.channels import server_of
from bot.discord.kit.interactions import Interaction
from bot.discord.kit.language import member_wording
from bot.discord.kit.permissions import Audience, for_audience
from bot.discord.kit.sending import OutgoingMessage, send, send_line, wait_or_defer
from bot.discord.kit.service import service_of
from bot.discord.kit.source_choices import suggest_offered
from bot.discord.kit.text_pages import Place, page_from, text_page_view


@app_commands.command(description="Read a text page by page.", extras=for_audience(Audience.ANYONE))
@app_commands.describe(source="The text to read", post="The number of the post to begin at")
async def read(
    interaction: Interaction,
    source: app_commands.Range[str, 1, 100],
    post: app_commands.Range[int, 1, 1_000_000] = 1,
) -> None:
    """Show a page of a text, with buttons that turn pages."""
    service, wording = service_of(interaction), member_wording(interaction)
    found = (await service.listing_in(server_of(interaction))).find(source)
    if found is None:
        await send_line(interaction, wording.unknown_source(markdown.escape(source)))
        return
    if post > len(found.posts):
        await send_line(interaction, markdown.escape(wording.no_such_post(post, found)))
        return
    work = service.run_quick(lambda: page_from(found, Place(post), wording))
    page = await wait_or_defer(interaction, work, private=True)
    message = OutgoingMessage(page.content, text_page_view(found, page, wording))
    await send(interaction, message, private=True)


read.autocomplete("source")(suggest_offered)

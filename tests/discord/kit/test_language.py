"""The language that the bot speaks on Discord: the member's to them, the server's to all."""

from __future__ import annotations

import gettext
from collections.abc import Callable
from typing import Any

import discord
import pytest
from simcord import interactions

from bot.discord.kit.service import Service
from bot.wording import ENGLISH, Wording, catalogue
from tests.conftest import World
from tests.discord.ask.test_commands import policy
from tests.discord.quote.test_buttons import TOLL
from tests.discord.settled import settle

Locale = Callable[[str, str], None]


class _Marked(gettext.NullTranslations):
    """A language in which every line has a mark before it."""

    def gettext(self, message: str) -> str:
        return f"¡{message}"

    def pgettext(self, context: str, message: str) -> str:
        return f"{message}-es"


OTHER = Wording("es", _Marked())


@pytest.fixture(autouse=True)
def _two_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "languages", lambda: ("en", "es"))
    monkeypatch.setattr(catalogue, "_load_wording", {"en": ENGLISH, "es": OTHER}.__getitem__)


@pytest.fixture
def speaking(monkeypatch: pytest.MonkeyPatch) -> Locale:
    """Return what sets the language of members' clients, and of the server."""
    made = interactions.base_payload

    def set_locale(member: str, server: str) -> None:
        def payload(*args: Any, **kwargs: Any) -> Any:
            record, found = made(*args, **kwargs)
            found["locale"] = member
            if "guild_locale" in found:
                found["guild_locale"] = server
            return record, found

        monkeypatch.setattr(interactions, "base_payload", payload)

    return set_locale


async def test_a_private_line_is_in_the_members_language(world: World, speaking: Locale) -> None:
    """Whatever the server speaks."""
    speaking("es-419", "en-US")
    result = await world.member.slash(world.channel, "help")
    assert result.response.content == OTHER.HELP
    asked = await world.member.slash(world.channel, "ask", question=TOLL, private=True)
    assert asked.response.content.startswith(f"-# {OTHER.ASKED}")


async def test_a_public_line_is_in_the_servers_language(world: World, speaking: Locale) -> None:
    """Others read it too; and the buttons below it are in the same."""
    speaking("en-US", "es-ES")
    result = await world.member.slash(world.channel, "ask", question=TOLL)
    assert result.response.content.startswith(f"-# {OTHER.ASKED} {TOLL}")
    labels = [c["label"] for row in result.response.components for c in row["components"]]
    assert OTHER.IN_CONTEXT in labels


async def test_a_page_turned_by_another_is_in_their_language(
    world: World, service: Service, speaking: Locale, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While what was asked stays above it as it was said."""
    monkeypatch.setattr("bot.search.searcher.MIN_PROBABILITY", -1.0)
    policy(service, quotes=1)
    answer = (await world.member.slash(world.channel, "ask", question=TOLL)).response
    speaking("es-ES", "en-US")
    label = next(
        c["label"] for row in answer.components for c in row["components"] if "more" in c["label"]
    )
    copy = await world.manager.click(answer, label=label)
    assert copy.response.content.startswith(f"-# {ENGLISH.ASKED} {TOLL}\n{OTHER.FURTHER}\n")


async def test_the_language_set_for_a_server_overrides_its_discords(
    world: World, service: Service, speaking: Locale
) -> None:
    """Where others read it; a member is spoken to in their own."""
    await settle(world, service, language="es")
    speaking("en-US", "en-US")
    asked = await world.member.slash(world.channel, "ask", question=TOLL)
    assert asked.response.content.startswith(f"-# {OTHER.ASKED} {TOLL}")
    helped = await world.member.slash(world.channel, "help")
    assert helped.response.content == ENGLISH.HELP
    await world.member.send(world.channel, f"{world.mention} who painted the Mona Lisa?")
    assert world.channel.last_message.content == OTHER.not_covered()


async def test_a_language_that_no_discord_can_be_set_to_is_spoken_to_members_too(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They could not choose it otherwise; in direct messages it is not known."""
    arabic = Wording("ar", _Marked())
    monkeypatch.setattr(catalogue, "languages", lambda: ("en", "ar"))
    monkeypatch.setattr(catalogue, "_load_wording", {"en": ENGLISH, "ar": arabic}.__getitem__)
    await settle(world, service, language="ar")
    helped = await world.member.slash(world.channel, "help")
    assert helped.response.content == arabic.HELP
    await world.member.send_dm("hello")
    assert world.member.user.dm_channel.history()[-1].content.startswith("Hello!")


async def test_a_quote_is_never_translated(world: World, speaking: Locale) -> None:
    """Nor its author and title."""
    speaking("es-ES", "es-ES")
    result = await world.member.slash(world.channel, "ask", question=TOLL)
    assert "The toll for carts was never raised." in result.response.content.replace("**", "")
    assert "@BridgeNotes, [“The bridge over the Tamar”]" in result.response.content


async def test_a_reply_to_a_message_is_in_the_servers_language(world: World) -> None:
    """In a direct message in English, for Discord does not say the member's."""
    backend = world.env.backend
    backend.get_guild(world.guild.id).preferred_locale = "es-ES"
    world.env.bot.get_guild(world.guild.id).preferred_locale = discord.Locale("es-ES")
    await world.member.send(world.channel, f"{world.mention} who painted the Mona Lisa?")
    assert world.channel.last_message.content == OTHER.not_covered()


async def test_commands_have_names_and_descriptions_in_other_languages(world: World) -> None:
    """In those of Discord's clients that there is a catalogue for."""
    ask = world.env.backend.commands[None]["ask", 1]
    assert ask["name_localizations"] == {"es-ES": "ask-es", "es-419": "ask-es"}
    assert ask["description_localizations"]["es-ES"] == f"¡{ask['description']}"
    question = ask["options"][0]
    assert question["name_localizations"]["es-ES"] == "question-es"
    assert question["description_localizations"]["es-419"].startswith("¡")


@pytest.mark.parametrize(
    ("said", "wording"),
    [
        ("¿Quién pintó la Mona Lisa?", OTHER),
        ("quien pinto la gioconda y cuando", OTHER),
        ("Was Soleimani a general?", ENGLISH),
        ("is el fasher de la sudan", ENGLISH),
        ("Quem pintou a Mona Lisa?", ENGLISH),
    ],
)
async def test_a_direct_message_changes_the_language_only_beyond_doubt(
    world: World, said: str, wording: Wording
) -> None:
    """Discord does not say the member's there; no English question gets a Spanish reply."""
    await world.member.send_dm(said)
    assert world.member.user.dm_channel.history()[-1].content == wording.not_covered()


async def test_a_message_in_a_server_does_not_change_its_language(world: World) -> None:
    """Others read the reply too."""
    await world.member.send(world.channel, f"{world.mention} ¿Quién pintó la Mona Lisa?")
    assert world.channel.last_message.content == ENGLISH.not_covered()


@pytest.mark.parametrize("said", ["", "what did I ask before?", "thanks", "ok", "hi"])
async def test_what_asks_nothing_of_the_texts_gets_one_line(world: World, said: str) -> None:
    """After an answered question too."""
    await world.member.send(world.channel, f"{world.mention} {TOLL}")
    await world.member.send(world.channel, f"{world.mention} {said}")
    content = world.channel.last_message.content
    assert "I can quote from 2 texts" in content
    assert ">" not in content

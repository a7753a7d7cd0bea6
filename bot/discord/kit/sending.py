"""An answer as a message: content, buttons and flags."""

from __future__ import annotations

import re
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, TypeVar

import discord

from bot.discord.feedback.voting import missing_button
from bot.discord.kit import markdown
from bot.discord.kit.buttons import (
    MAX_LABEL,
    Interaction,
    LastingButton,
    acknowledged,
    button,
    in_direct_message,
    replace,
    stands_alone,
    view_of,
)
from bot.discord.kit.channels import is_quiet, server_of
from bot.discord.kit.language import own_texts, texts_for
from bot.discord.kit.quotes import layout as messages
from bot.discord.kit.quotes.encoding import (
    DIGITS,
    USER_LENGTH,
    FirstLine,
    Given,
    Kind,
    digits,
    number_of,
)
from bot.discord.kit.quotes.pages import page_of
from bot.discord.kit.service import service_of
from bot.discord.quote.buttons import MoreButton, answer_view
from bot.discord.quote.deleting import DeleteButton
from bot.models import Answer, Hit, Outcome, Turn
from bot.wording import ENGLISH, Texts

if TYPE_CHECKING:
    from bot.library.snapshots import Snapshot

Result = TypeVar("Result")

_LONGEST_MEANT = 80


@dataclass(frozen=True, slots=True)
class Reply:
    """What to send."""

    content: str
    view: discord.ui.View | None = None


def answer_reply(
    given: Answer,
    snapshot: Snapshot,
    most: int,
    texts: Texts,
    asked: str = "",
    *,
    owner: int,
    private: bool = False,
    quiet: bool = False,
    question: int | None = None,
) -> Reply:
    """Return the message for `given`, under the line `asked` if there is one.

    `owner`: the id of the member who asked; `private`: whether they alone will see it; `quiet`:
    whether it may not be shared either; `question`: the id that votes go by, where it is kept.
    """
    cut = texts.read_in_part(len(given.question)) if given.cut else ""
    if given.talk is not None:
        said = texts.small_talk(given.talk, snapshot.sources.values())
        return Reply("\n".join(filter(None, (cut, said))))
    if given.outcome is Outcome.NOT_COVERED:
        line = "\n".join(filter(None, (asked, cut, texts.not_covered())))
        view = _nearest(given, texts, owner, private=private, question=question, asked=asked)
        return Reply(line, view)
    kind = Kind.ANSWERED if given.outcome is Outcome.ANSWERED else Kind.CLOSEST
    return _quotes(
        given,
        kind,
        most,
        texts,
        owner,
        asked,
        cut,
        private=private,
        quiet=quiet,
        question=question,
    )


def repeated_reply(
    given: Answer, most: int, texts: Texts, owner: int, *, quiet: bool = False
) -> Reply:
    """Return the message that says which passages another message repeats."""
    if given.talk is not None:
        return Reply(texts.NOTHING_TO_FIND)
    if not given.shown:
        return Reply(texts.NOT_REPEATED, _nearest(given, texts, owner, private=True))
    kind = Kind.REPEATED if given.outcome is Outcome.ANSWERED else Kind.PARTLY_REPEATED
    return _quotes(given, kind, most, texts, owner, private=True, quiet=quiet)


def quote_reply(hit: Hit, texts: Texts, owner: int, *, quiet: bool = False) -> Reply:
    """Return the message that quotes one passage alone."""
    given = Answer("", Outcome.ANSWERED, (hit,), 1)
    return _quotes(given, Kind.QUOTED, 1, texts, owner, private=quiet, quiet=quiet)


def _quotes(
    given: Answer,
    kind: Kind,
    most: int,
    texts: Texts,
    owner: int,
    asked: str = "",
    cut: str = "",
    *,
    private: bool,
    quiet: bool,
    question: int | None = None,
) -> Reply:
    first_line = FirstLine.ASKED if asked else FirstLine.NONE
    all_of_it = Given.of(kind, given.hits, given.shown, owner, first_line, given.language)
    hits = given.hits[: len(all_of_it.marks)]
    above = "\n".join(filter(None, (asked, cut)))
    shown = page_of(all_of_it, hits, 0, most, texts, above)
    if shown is None:
        raise ValueError("an answer without a quote")
    view = answer_view(all_of_it, shown, texts, private=private, shared=quiet, question=question)
    return Reply(shown.content, view)


def _nearest(
    given: Answer,
    texts: Texts,
    owner: int,
    *,
    private: bool,
    question: int | None = None,
    asked: str = "",
) -> discord.ui.View | None:
    buttons: list[LastingButton] = []
    if given.hits:
        first_line = FirstLine.ASKED if asked else FirstLine.NONE
        buttons.append(MoreButton.nearest(given.hits, texts, first_line))
    if given.meant is not None and MeantButton.holds(given.meant):
        buttons.append(MeantButton(owner, given.meant, texts))
    if not private:
        buttons.append(DeleteButton(owner, texts))
    buttons += missing_button(question, texts)
    return view_of(*buttons) if buttons else None


class MeantButton(
    LastingButton, template=rf"meant:(?P<owner>{DIGITS}{{{USER_LENGTH}}}):(?P<question>.+)"
):
    """Asks a question as it was probably meant, with its misspelling mended.

    The asker's click puts the answer in the place of the message, another's gets a private one.
    """

    def __init__(self, owner: int, question: str, texts: Texts = ENGLISH) -> None:
        custom_id = f"meant:{digits(owner, USER_LENGTH)}:{question}"
        label, shown = texts.did_you_mean(question), question
        while markdown.length(label) > MAX_LABEL:
            shown = shown[:-1]
            label = texts.did_you_mean(f"{shown}…")
        super().__init__(button(label, custom_id))
        self._owner = owner
        self._question = question

    @classmethod
    def holds(cls, question: str) -> bool:
        """Return whether `question` is short enough to be kept in a `custom_id`, on one line."""
        return markdown.length(question) <= _LONGEST_MEANT and "\n" not in question

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        """Return the button as it was."""
        return cls(number_of(match["owner"]), match["question"])

    async def press(self, interaction: Interaction) -> None:
        """Answer the question."""
        if await must_wait(interaction):
            return
        service, user = service_of(interaction), interaction.user
        quiet = is_quiet(interaction)
        own = user.id == self._owner and not quiet
        in_place = stands_alone(interaction) or own
        private = not in_direct_message(interaction) and (stands_alone(interaction) or not own)
        given, snapshot = await acknowledged(
            answered(interaction, self._question, None),
            lambda: interaction.response.defer(ephemeral=private, thinking=not in_place),
        )
        texts = texts_for(interaction, private=private)
        reply = answer_reply(
            given,
            snapshot,
            service.policy.quotes,
            texts,
            messages.asked(self._question, texts),
            owner=user.id,
            private=private,
            quiet=quiet,
            question=service.records.keep(given, server_of(interaction), user.id),
        )
        sent: discord.Message | None = interaction.message
        if not in_place:
            sent = await send(interaction, reply, private=private)
        else:
            await replace(interaction, reply.content, reply.view)
        key = conversation_key(interaction.channel, user)
        service.remember(given, key, sent.id if sent else None)


def conversation_key(channel: object, user: discord.abc.User) -> tuple[int, ...]:
    """Return what follow-ups go by: the DM or thread, or a member in a channel."""
    channel_id = getattr(channel, "id", 0)
    shared = isinstance(channel, discord.Thread | discord.DMChannel)
    return (channel_id,) if shared else (channel_id, user.id)


async def answered(
    interaction: Interaction, question: str, before: Turn | None, source_id: str | None = None
) -> tuple[Answer, Snapshot]:
    """Return the answer of the texts that are offered here, and the snapshot it comes from."""
    service = service_of(interaction)
    snapshot = await service.snapshot_in(server_of(interaction))
    return await service.answer(question, before, snapshot, source_id), snapshot


async def must_wait(interaction: discord.Interaction[Any]) -> bool:
    """Return whether the member asks faster than is allowed, and tell them alone if so."""
    service, channel = service_of(interaction), interaction.channel_id or 0
    seconds = service.wait(interaction.user.id, channel, server_of(interaction))
    if seconds:
        await say(interaction, own_texts(interaction).slow_down(seconds))
    return seconds > 0


async def in_time(
    interaction: discord.Interaction[Any], work: Awaitable[Result], *, private: bool
) -> Result:
    """Return what `work` comes to; if it is not quick, acknowledge the interaction meanwhile."""
    return await acknowledged(
        work, lambda: interaction.response.defer(ephemeral=private, thinking=True)
    )


async def send(
    interaction: discord.Interaction[Any], reply: Reply, *, private: bool
) -> discord.Message | None:
    """Send `reply` as the response, or as what an acknowledged interaction waits for.

    That is a follow-up: an edit could not keep links in quotes from showing previews.
    """
    view = reply.view or discord.utils.MISSING
    if interaction.response.is_done():
        return await interaction.followup.send(
            reply.content, view=view, ephemeral=private, suppress_embeds=True, wait=True
        )
    callback = await interaction.response.send_message(
        reply.content, view=view, ephemeral=private, suppress_embeds=True
    )
    message = callback.resource
    return message if isinstance(message, discord.InteractionMessage) else None


async def say(interaction: discord.Interaction[Any], line: str) -> None:
    """Send a line to the one who asked alone."""
    await send(interaction, Reply(line), private=True)

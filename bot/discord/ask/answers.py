"""An answer as a message, and what every interaction that asks a question goes through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import discord

from bot.answering.asking import AskResult, Request
from bot.discord.ask.starter_cache import welcoming_buttons
from bot.discord.ask.text_answers import about_message, which_text_message
from bot.discord.kit import markdown
from bot.discord.kit.buttons import MAX_LABEL, Button, make_button, make_view
from bot.discord.kit.channels import is_quiet, server_of
from bot.discord.kit.conversations import conversation_key
from bot.discord.kit.custom_ids import DIGITS, USER_LENGTH, digits
from bot.discord.kit.extracts import extract_message, extract_page
from bot.discord.kit.interactions import Interaction
from bot.discord.kit.language import wording_for
from bot.discord.kit.quotes.encoding import FirstLine, Heading
from bot.discord.kit.quotes.layout import asked_line
from bot.discord.kit.quotes.links import (
    delete_button,
    follow_up_button,
    missing_button,
    nearest_button,
)
from bot.discord.kit.quotes.message import quotes_message
from bot.discord.kit.sending import (
    OutgoingMessage,
    acknowledge_if_slow,
    is_direct_message,
    replace_message,
    send,
)
from bot.discord.kit.service import service_of
from bot.discord.kit.text_pages import Place, read_button
from bot.models import Answer, Outcome
from bot.wording import Wording
from bot.wording.answers import PROBABLE

MEANT_ID = rf"meant:(?P<owner>{DIGITS}{{{USER_LENGTH}}}):(?P<question>.+)"
_LONGEST_MEANT = 80
"""Characters of a question that fit into a `custom_id`."""


def answer_message(
    result: AskResult,
    most: int,
    wording: Wording,
    asked: str = "",
    *,
    owner: int,
    private: bool = False,
    quiet: bool = False,
    question: int | None = None,
    below_talk: Sequence[Button] = (),
) -> OutgoingMessage:
    """Make the message with an answer, under the line `asked` if there is one.

    `most` quotes are on a page. `owner` is the id of the member who asked; `private`: only they
    will see the message; `quiet`: it must not be shared with the channel either; `question` is the
    id under which the question is kept, for votes; `below_talk` are buttons for small talk.
    """
    answer = result.answer
    note = wording.read_in_part(len(answer.question)) if answer.cut else ""
    above = "\n".join(filter(None, (asked, note)))
    own = _own_message(result, wording, owner, above, private=private)
    if own is not None:
        return replace(own, view=make_view(*below_talk)) if below_talk else own
    if answer.outcome is Outcome.NOT_COVERED:
        line = "\n".join(filter(None, (above, wording.not_covered())))
        view = _not_covered_view(
            answer, wording, owner, private=private, question=question, asked=asked
        )
        return OutgoingMessage(line, view)
    message = quotes_message(
        _heading(answer),
        [hit.quote for hit in answer.hits],
        max(most, answer.shown),
        wording,
        owner,
        shown=answer.shown,
        asked=asked,
        note=note,
        language=answer.language,
        private=private,
        quiet=quiet,
        question=question,
    )
    if answer.outcome is Outcome.OVERVIEW and message.view is not None:
        source = answer.hits[0].passage.source
        message.view.add_item(read_button("from", source.digest, Place(1), wording.READ))
    return message


def _own_message(
    result: AskResult, wording: Wording, owner: int, above: str, *, private: bool
) -> OutgoingMessage | None:
    """The message for anything but a question about what the texts say; None for such a question."""
    answer, snapshot = result.answer, result.snapshot
    if answer.about is not None:
        return about_message(answer.about, snapshot, wording, above)
    if answer.outcome is Outcome.WHICH_TEXT:
        return which_text_message(answer.question, answer.which, wording, owner, above)
    if answer.extract is not None:
        page = extract_page(answer.extract, snapshot, wording)
        return extract_message(answer.extract, page, wording, owner, private=private)
    said = ""
    if answer.talk is not None:
        said = wording.small_talk(answer.talk, snapshot.sources.values(), markdown.escape)
    elif answer.missing is not None:
        said = markdown.escape(wording.no_such_place(answer.missing))
    return OutgoingMessage("\n".join(filter(None, (above, said)))) if said else None


def _heading(answer: Answer) -> Heading:
    if answer.outcome is Outcome.ANSWERED:
        return Heading.ANSWERED
    if answer.outcome is Outcome.OVERVIEW:
        return Heading.CENTRAL
    return Heading.PROBABLY if answer.chance >= PROBABLE else Heading.CLOSEST


def _not_covered_view(
    answer: Answer,
    wording: Wording,
    owner: int,
    *,
    private: bool,
    question: int | None,
    asked: str,
) -> discord.ui.View:
    buttons: list[Button] = []
    if answer.hits:
        first_line = FirstLine.ASKED if asked else FirstLine.NONE
        buttons.append(nearest_button(answer.hits, wording, first_line))
    if answer.meant is not None and (meant := meant_button(owner, answer.meant, wording)):
        buttons.append(meant)
    buttons.append(follow_up_button(wording))
    if not private:
        buttons.append(delete_button(owner, wording))
    buttons += missing_button(question, wording)
    return make_view(*buttons)


def meant_button(owner: int, question: str, wording: Wording) -> Button | None:
    """Make the button; None if the question is too long for it or has several lines."""
    if markdown.length(question) > _LONGEST_MEANT or "\n" in question:
        return None
    return make_meant_button(owner, question, wording)


def make_meant_button(owner: int, question: str, wording: Wording) -> Button:
    """Make the button for a question that fits; its label may be cut."""
    label, shown = wording.did_you_mean(question), question
    while markdown.length(label) > MAX_LABEL:
        shown = shown[:-1]
        label = wording.did_you_mean(f"{shown}…")
    return make_button(label, f"meant:{digits(owner, USER_LENGTH)}:{question}")


def _way(interaction: Interaction) -> str:
    """How a question was asked, for log and metrics."""
    ways = {
        discord.InteractionType.component: "button",
        discord.InteractionType.modal_submit: "form",
    }
    return ways.get(interaction.type, "command")


async def answer_interaction(
    interaction: Interaction, request: Request, *, private: bool, in_place: bool = False
) -> tuple[AskResult, discord.Message | None]:
    """Answer a command or a click, keep and remember the question; return what was sent, too.

    `in_place`: the answer replaces the clicked message.
    """
    service, user = service_of(interaction), interaction.user
    server = server_of(interaction)

    async def work() -> AskResult:
        snapshot = await service.snapshot_in(server)
        result = await service.ask(request, snapshot, _way(interaction), user.id)
        if result is None:
            raise ValueError("a request to the bot always has an answer")
        return result

    result = await acknowledge_if_slow(
        work(), lambda: interaction.response.defer(ephemeral=private, thinking=not in_place)
    )
    wording = wording_for(interaction, private=private)
    message = answer_message(
        result,
        service.policy_for(user.id).quotes,
        wording,
        asked_line(request.text, wording),
        owner=user.id,
        private=private and not is_direct_message(interaction),
        quiet=is_quiet(interaction),
        question=service.keep(result, server, user.id),
        below_talk=welcoming_buttons(service, result.answer, result.snapshot),
    )
    sent: discord.Message | None = interaction.message
    if in_place:
        await replace_message(interaction, message.content, message.view)
    else:
        sent = await send(interaction, message, private=private)
    alone = private and not is_direct_message(interaction)
    key = conversation_key(interaction.channel, user, private=alone)
    service.remember(result, key, sent.id if sent else None)
    return result, sent

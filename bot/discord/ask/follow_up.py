"""The button and the form for a follow-up question.

A reply to the answer of a slash command does not bring the bot its words, unless it has the
message-content intent. What is typed into a form always arrives.
"""

from __future__ import annotations

import re
from typing import ClassVar, Self

import discord
from typing_extensions import override

from bot.answering.asking import Request
from bot.discord.ask.answers import answer_interaction
from bot.discord.kit.buttons import FORM_TIMEOUT, ModalHandler, PersistentButton, typed_text
from bot.discord.kit.channels import answers_privately
from bot.discord.kit.conversations import conversation_key
from bot.discord.kit.interactions import Interaction
from bot.discord.kit.language import member_wording
from bot.discord.kit.permissions import Audience
from bot.discord.kit.quotes.links import FOLLOW_UP_ID, follow_up_button, quotes_under
from bot.discord.kit.rate_limits import is_rate_limited
from bot.discord.kit.sending import is_direct_message, only_member_sees
from bot.discord.kit.service import service_of
from bot.models import Turn
from bot.wording import ENGLISH, Wording

_FORM_ID = re.compile(r"following:\d+")
_LONGEST_FIELD = 4_000
"""Characters that Discord accepts in a form's field."""


class FollowUpButton(PersistentButton, template=FOLLOW_UP_ID):
    """Opens the field for a question that refers to the answer above."""

    audience: ClassVar[Audience | None] = Audience.ANYONE

    def __init__(self, wording: Wording = ENGLISH) -> None:
        super().__init__(follow_up_button(wording))

    @classmethod
    @override
    def of(cls, match: re.Match[str]) -> Self:
        return cls()

    async def press(self, interaction: Interaction) -> None:
        """Open the form."""
        longest = min(service_of(interaction).policy.max_question, _LONGEST_FIELD)
        form = FollowUpForm(longest, interaction.id, member_wording(interaction))
        await interaction.response.send_modal(form)


class FollowUpForm(discord.ui.Modal):
    """A field for a question of up to `longest` characters.

    `opened` makes the `custom_id` unique, or discord.py would take two members' forms for one.
    """

    def __init__(self, longest: int, opened: int, wording: Wording) -> None:
        custom_id = f"following:{opened}"
        super().__init__(title=wording.FOLLOW_UP, timeout=FORM_TIMEOUT, custom_id=custom_id)
        question: discord.ui.TextInput[Self] = discord.ui.TextInput(
            placeholder=wording.FOLLOW_UP_EXAMPLE, max_length=longest
        )
        self.add_item(discord.ui.Label(text=wording.YOUR_QUESTION, component=question))


async def answer_follow_up(interaction: Interaction, _: re.Match[str]) -> None:
    """Answer what was typed, for those who see the answer that it refers to."""
    if await is_rate_limited(interaction):
        return
    request = Request(typed_text(interaction), _turn_of(interaction))
    private = only_member_sees(interaction) or answers_privately(interaction)
    await answer_interaction(
        interaction, request, private=private and not is_direct_message(interaction)
    )


FOLLOW_UP_FORM = ModalHandler(FollowUpForm, _FORM_ID, Audience.ANYONE, answer_follow_up)


def _turn_of(interaction: Interaction) -> Turn | None:
    """The turn that the answer belongs to; if it is forgotten, what the answer quotes.

    An answer that quotes nothing leaves the previous turn in place.
    """
    service, message = service_of(interaction), interaction.message
    remembered = service.previous_turn(message.id) if message is not None else None
    if remembered is not None:
        return remembered
    found = quotes_under(message)
    if found is not None:
        return Turn("", found[0][0].key)
    channel, user = interaction.channel, interaction.user
    alone = only_member_sees(interaction)
    keys = (conversation_key(channel, user, private=alone), conversation_key(channel, user))
    return service.previous_turn(*keys)

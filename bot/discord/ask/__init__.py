"""Asking: /ask, mentions, direct messages, replies, forum posts, “Did you mean …?”, and follow-up questions."""

from bot.discord.ask.commands import ask_command, help_command
from bot.discord.ask.did_you_mean import MeantButton
from bot.discord.ask.follow_up import FOLLOW_UP_FORM, FollowUpButton
from bot.discord.ask.message_handler import MessageHandler
from bot.discord.ask.starting import StarterButton
from bot.discord.ask.which_text import WithinButton
from bot.discord.kit.features import Feature

FEATURE = Feature(
    commands=(help_command,),
    commands_for=lambda policy: (ask_command(policy.max_question),),
    buttons=(StarterButton, MeantButton, FollowUpButton, WithinButton),
    forms=(FOLLOW_UP_FORM,),
    listener=MessageHandler,
)

"""Feedback: votes on answers, and what members expected."""

from bot.discord.feedback.expectations import EXPECTATION_FORM, ExpectButton
from bot.discord.feedback.voting import VoteButton
from bot.discord.kit.features import Feature

FEATURE = Feature(buttons=(VoteButton, ExpectButton), forms=(EXPECTATION_FORM,))

"""Knowledge: /knowledge, /reload, and adding a message's text."""

from bot.discord.kit.features import Feature
from bot.discord.knowledge.adding import ADDITION_FORM, AddButton, DropButton, FormButton
from bot.discord.knowledge.choosing import EntryMenu, ListButton
from bot.discord.knowledge.commands import add_to_the_knowledge, knowledge, reload_command
from bot.discord.knowledge.history import HistoryButton
from bot.discord.knowledge.reload import LeaveOutButton, LoadGoodButton
from bot.discord.knowledge.removing import RemoveButton

FEATURE = Feature(
    commands=(knowledge, reload_command, add_to_the_knowledge),
    buttons=(
        AddButton,
        FormButton,
        DropButton,
        ListButton,
        EntryMenu,
        RemoveButton,
        HistoryButton,
        LoadGoodButton,
        LeaveOutButton,
    ),
    forms=(ADDITION_FORM,),
)

"""Settings: /settings, with its menus, buttons and form."""

from bot.discord.kit.features import Feature
from bot.discord.settings.command import settings
from bot.discord.settings.controls import RATE_LIMIT_FORM, SettingButton, SettingMenu, ValueMenu

FEATURE = Feature(
    commands=(settings,),
    buttons=(SettingMenu, ValueMenu, SettingButton),
    forms=(RATE_LIMIT_FORM,),
)

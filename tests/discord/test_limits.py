"""What Discord lets be said on buttons, in menus and in fields, in every language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, cast

import discord
import pytest

from bot.answering.starters import MAX_LENGTH
from bot.discord.app.discovery import discover
from bot.discord.ask.did_you_mean import MeantButton
from bot.discord.ask.follow_up import FollowUpButton, FollowUpForm
from bot.discord.ask.starting import StarterButton
from bot.discord.ask.which_text import WithinButton
from bot.discord.cite.citing import CiteButton, StyleMenu, style_menu
from bot.discord.cite.styles import Style
from bot.discord.cite.wording import CiteWording
from bot.discord.feedback.expectations import ExpectationForm, ExpectButton
from bot.discord.feedback.voting import VoteButton
from bot.discord.kit import markdown
from bot.discord.kit.cooldowns import Rates
from bot.discord.kit.extracts import EXTRACT_ID
from bot.discord.kit.quotes.encoding import MOST_QUOTES, FirstLine, Heading, QuoteList, QuoteRef
from bot.discord.kit.quotes.layout import LIMIT
from bot.discord.kit.quotes.links import VoteChoice
from bot.discord.kit.text_pages import Place
from bot.discord.knowledge.adding import AddButton, DropButton, FormButton
from bot.discord.knowledge.addition_form import AdditionForm
from bot.discord.knowledge.additions import TypedFacts
from bot.discord.knowledge.choosing import EntryMenu, ListButton
from bot.discord.knowledge.entry_list import entry_menu
from bot.discord.knowledge.history import HistoryButton
from bot.discord.knowledge.reload import LeaveOutButton, LoadGoodButton
from bot.discord.knowledge.removing import RemoveButton
from bot.discord.me.choices import Preference
from bot.discord.me.choices import menu_of as preference_menu
from bot.discord.me.command import PreferenceMenu, ResetButton
from bot.discord.me.wording import PreferenceWording
from bot.discord.privacy.command import ForgetButton
from bot.discord.quote.buttons import MoreButton, ShareButton, TurnButton
from bot.discord.quote.deleting import DeleteButton
from bot.discord.quote.places import PlaceButton
from bot.discord.random.command import AnotherButton
from bot.discord.read.buttons import ContextButton, JumpButton, PostNumberForm, ReadButton
from bot.discord.read.source_list import SourceListButton
from bot.discord.reports.gaps import ExportButton, GapsButton
from bot.discord.settings import rate_fields as rates
from bot.discord.settings.controls import SettingButton, SettingMenu, ValueMenu
from bot.discord.settings.menus import sources_menu, value_menu
from bot.discord.settings.values import Setting
from bot.models import MOST_GAPS, Post, SmallTalk, Source
from bot.storage.preferences import Preferences
from bot.storage.servers import ServerSettings
from bot.texts.formats.draft import Entry
from bot.wording import Wording
from bot.wording.catalogue import languages, wording_in

SNOWFLAKE = 2**63 - 1
QUESTION = 2**53 - 1
DIGEST = "f" * 16
TICKET = "t" * 22
LONG = Source(
    "s",
    "\N{MATHEMATICAL BOLD CAPITAL T}" * 200,
    "A" * 100,
    tuple(Post(n, "p") for n in range(1, 10_001)),
)
MARKS = tuple(QuoteRef(2**42 - 1, 62, 63) for _ in range(MOST_QUOTES))
GIVEN = QuoteList(Heading.QUOTED, 5, SNOWFLAKE, MARKS, FirstLine.SHARED, "zz")
MEANT = "x" * 80
A_PLACE = cast(
    "re.Match[str]",
    re.fullmatch(
        EXTRACT_ID, f"place:{'_' * 11}:{DIGEST}:4{'_' * 18}{'_' * 8 * MOST_GAPS}:before:{'_' * 9}"
    ),
)

every_language = pytest.mark.parametrize("language", languages())


def buttons(wording: Wording) -> list[discord.ui.DynamicItem[Any]]:
    """Return every button, with the longest that it may have to say and to know."""
    place = Place(10_000, 999_999_999)
    reading = (wording.PREVIOUS, wording.NEXT, wording.READ_BACK, wording.READ_ON)
    setting = (
        wording.TYPE_NUMBERS, wording.USUAL_NUMBERS, wording.EMPTY_LIST, wording.TAKE_OUT_GONE,
        wording.OFFER_ALL, wording.PREVIOUS, wording.NEXT,
    )  # fmt: skip
    return [
        *(TurnButton(GIVEN, 9, label) for label in (wording.PREVIOUS_QUOTES, wording.more(10))),
        MoreButton(GIVEN.refs[:3], 1, wording.SHOW_NEAREST, FirstLine.ASKED),
        ContextButton(GIVEN.refs, 4, 10, "show", wording.IN_CONTEXT),
        ContextButton(GIVEN.refs, 4, 10, "turn", wording.quote_number(10)),
        *(ReadButton("before", DIGEST, place, label) for label in reading),
        JumpButton(DIGEST, wording),
        *(
            SourceListButton("before", 9_999_999, label)
            for label in (wording.PREVIOUS, wording.NEXT)
        ),
        *(HistoryButton(999_999, label) for label in (wording.PREVIOUS, wording.NEXT)),
        ShareButton(GIVEN, 9, wording),
        DeleteButton(SNOWFLAKE, wording),
        MeantButton(SNOWFLAKE, MEANT, wording),
        AnotherButton(SNOWFLAKE, DIGEST, wording),
        FollowUpButton(wording),
        CiteButton(wording),
        StarterButton("q" * MAX_LENGTH),
        ResetButton(wording),
        LeaveOutButton(wording),
        *(PlaceButton(A_PLACE, label) for label in (wording.PREVIOUS, wording.NEXT)),
        WithinButton(SNOWFLAKE, DIGEST, "q" * 64, LONG.title[:60]),
        LoadGoodButton(wording),
        *(VoteButton(say, QUESTION, wording) for say in VoteChoice),
        ExpectButton(QUESTION, wording),
        *(GapsButton(365, 9_999, label) for label in (wording.PREVIOUS, wording.NEXT)),
        ExportButton(365, wording),
        *(ForgetButton(way, wording) for way in ("ask", "yes", "no")),
        *(AddButton(TICKET, instead, wording) for instead in (None, DIGEST)),
        *(FormButton(TICKET, label) for label in (wording.NAME_BUTTON, wording.MEND_BUTTON)),
        *(DropButton(TICKET, label) for label in (wording.CANCEL, wording.KEEP)),
        *(
            ListButton(TICKET, 999_999, label)
            for label in (wording.PREVIOUS_TEXTS, wording.NEXT_TEXTS, wording.BACK_TO_TEXTS)
        ),
        RemoveButton(DIGEST, wording),
        *(SettingButton("numbers", Setting.CURATORS, 9_999, label) for label in setting),
    ]


def menus(wording: Wording) -> Iterator[Any]:
    """Yield every menu."""
    guild = cast("discord.Guild", type("Empty", (), {"get_channel": None, "get_role": None}))
    yield style_menu(MARKS, Style.PLAIN, wording.lines_of(CiteWording))
    own = wording.lines_of(PreferenceWording)
    for preference in Preference:
        yield preference_menu(preference, Preferences(), 3, own)
    for chosen in (None, *Setting):
        yield SettingMenu.of(chosen, wording).item
    for setting in Setting:
        if setting not in {Setting.SOURCES, Setting.COOLDOWNS}:
            yield value_menu(setting, guild, ServerSettings(), wording, f"settings:set:{setting}:0")
    yield entries_menu(wording)
    for count in (1, 10_000):
        yield sources_menu(
            [LONG] * count, 0, ServerSettings(), wording, "settings:set:sources:9999"
        )


def entries_menu(wording: Wording) -> Any:
    """The menu of a file's texts, whose names may be of any length, or empty."""
    entries = [Entry("i" * 300, "t" * 300 * (i % 2), date(2026, 3, 14), 9_999) for i in range(25)]
    return entry_menu(entries, 999_975, f"shelf:entry:{TICKET}:999999", wording)


def fields(wording: Wording) -> Iterator[discord.ui.Modal]:
    """Yield every form, and those with numbers with the longest and with none."""
    yield FollowUpForm(4_000, SNOWFLAKE, wording)
    yield PostNumberForm(LONG, SNOWFLAKE, wording)
    yield ExpectationForm(QUESTION, SNOWFLAKE, "e" * 1_000, wording)
    yield AdditionForm(TICKET, TypedFacts("t" * 300, "a" * 300, "u" * 500), SNOWFLAKE, wording)
    for rate in (0, rates.MOST):
        yield rates.RateLimitForm(ServerSettings(), Rates(rate, rate), SNOWFLAKE, wording)


@every_language
def test_every_button_has_a_label_that_fits_uncut_and_an_id_that_fits(language: str) -> None:
    """Eighty characters, and a hundred; a question that was meant may be cut."""
    made = buttons(wording_in(language))
    menus = {SettingMenu, ValueMenu, EntryMenu, PreferenceMenu, StyleMenu}
    assert {type(button) for button in made} == {*discover().buttons} - menus
    for button in made:
        label = button.item.label or ""
        assert 0 < markdown.length(label) <= 80
        assert len(label) < 80 or isinstance(button, MeantButton), label
        assert len(button.custom_id) <= 100
        assert type(button).__discord_ui_compiled_template__.fullmatch(button.custom_id)


@every_language
def test_every_menu_fits(language: str) -> None:
    """A placeholder of 150 characters, 25 options of a hundred each."""
    for menu in menus(wording_in(language)):
        made = menu.to_component_dict()
        assert 0 < len(made["placeholder"]) <= 150
        assert len(made["custom_id"]) <= 100
        options = made.get("options", [])
        assert len(options) <= 25
        for option in options:
            assert 0 < markdown.length(option["label"]) <= 100
            assert markdown.length(option.get("description") or "") <= 100
            assert len(option["value"]) <= 100


@every_language
def test_every_form_fits(language: str) -> None:
    """A title and labels of 45 characters, hints of a hundred, at most five fields."""
    made = list(fields(wording_in(language)))
    ours = {kind for kind in discord.ui.Modal.__subclasses__() if kind.__module__.startswith("bot")}
    assert {type(form) for form in made} == ours
    for form in made:
        whole = form.to_dict()
        assert 0 < len(whole["title"]) <= 45
        assert len(whole["custom_id"]) <= 100
        assert len(whole["components"]) <= 5
        for label in whole["components"]:
            assert 0 < len(label["label"]) <= 45
            assert len(label.get("description") or "") <= 100
            field = label["component"]
            assert len(field.get("value") or "") <= field["max_length"]


@every_language
def test_what_is_said_at_length_fits_into_a_message(language: str) -> None:
    """Help, privacy, and a friendly line about a text with the longest title."""
    wording = wording_in(language)
    said = [wording.HELP, wording.privacy(0, 3_650), wording.privacy(3_650, 3_650)]
    said += [wording.small_talk(kind, [LONG]) for kind in SmallTalk]
    assert max(map(markdown.length, said)) <= LIMIT


@every_language
def test_a_question_of_emoji_that_was_meant_fits_on_its_button(language: str) -> None:
    """Discord may count each of them twice."""
    button = MeantButton(SNOWFLAKE, "🌉" * 40, wording_in(language))
    assert markdown.length(button.item.label or "") <= 80
    assert markdown.length(button.custom_id) <= 100


def test_every_language_fits_into_the_menu_of_languages() -> None:
    """One more option leaves it to Discord; a menu has 25."""
    assert len(languages()) < 25

"""A sentence ends where a reader would end it, whatever marks, abbreviations and line breaks stand there."""

from __future__ import annotations

import pytest
from hypothesis import given

from bot.texts.boundaries import MOST_WORDS
from bot.texts.sentences import sentence_spans
from tests.samples import any_text


def divided(text: str, language: str = "en") -> list[str]:
    return [text[span.start : span.end] for span in sentence_spans(text, language)]


@pytest.mark.parametrize(
    "expected",
    [
        ["**Parking.**", "It costs two crowns.", "**Bicycles.**", "They are free."],
        ["_The gate was shut.", "Nobody came._", "We went home."],
        ["The tower leans.[^3]", "It was never straight.[^why]", "Look at it."],
        ["The tower leans.²", "It was never straight.³", "Look at it."],
        ["The tower leans.†", "It was never straight.*", "Look at it."],
        ["The tower leans.[b]", "It was never straight.[citation needed]", "Look at it."],
        ["He said “Leave the boat.”", "Then he left."],
    ],
)
def test_marks_that_close_belong_to_the_sentence_before(expected: list[str]) -> None:
    """Of emphasis, footnotes, quotations and brackets."""
    assert divided(" ".join(expected)) == expected


def test_tags_that_close_belong_to_the_sentence_before() -> None:
    """Without a space between them."""
    assert divided("<p>The mill burned.</p><p>It was rebuilt.</p>") == [
        "<p>The mill burned.</p>",
        "<p>It was rebuilt.</p>",
    ]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["Read No. 12 in Vol. 3, pp. 40-45.", "It says why."]),
        ("en", ["Approx. 200 guests came, incl. Ann, to Prof. Berg.", "They danced."]),
        ("en", ["The house, est. 1870 by Com. & Sons, stands.", "Call Tel. 204 first."]),
        ("en", ["Berg et al. [1998] found it first.", "Nobody noticed."]),
        ("en", ["Did he say no?", "He did."]),
        ("en", ["It opens Mon. to Fri. from nine.", "We sat.", "The sun shone."]),
        ("en", ["Return the keys by 15 May.", "Then pay."]),
        ("en", ["Read README.md.", "Then ask on lock.example.", "It helps."]),
        ("de", ["Der 2. Preis ging an die Fa. Voss.", "Es waren 5.", "Danach kam nichts."]),
        ("de", ["Das Fest ist am 3.", "Danach essen wir am 2. Tisch.", "Am 4. Mai ist zu."]),
        ("de", ["Wir treffen uns am 3. 5. 2024.", "Bringt Brot mit."]),
        ("pl", ["Spotykamy się 3. maja.", "Potem jemy."]),
        ("hu", ["A 2. emelet zárva van.", "A 20. században épült."]),
        ("da", ["Den 3. maj åbner vi.", "Den 4. lukker vi."]),
        ("fr", ["Il vécut au XIXe s. à Paris.", "Puis il partit."]),
        ("ar", ["السعر ٣.٥ دولار.", "هذا كثير."]),
        ("fr", ["M. Petit arrive.", "Mme. Petit aussi."]),
        ("ar", ["وصل د. كريم أمس.", "ثم سافر أ. سالم."]),
        ("ru", ["Он род. в 1950 г. в Омске.", "Он врач."]),
        ("ja", ["「いいえ。」と答えた。", "雨が降った。"]),
    ],
)
def test_an_abbreviation_ends_no_sentence(language: str, expected: list[str]) -> None:
    """Nor does a quotation that the sentence goes on behind."""
    assert divided(("" if language == "ja" else " ").join(expected), language) == expected


def test_four_dots_apart_end_a_sentence() -> None:
    """Three may leave it open."""
    assert divided("She waited. . . . The bus came.") == ["She waited. . . .", "The bus came."]
    assert divided("She waited . . . and the bus came.") == ["She waited . . . and the bus came."]


def test_list_items_are_divided_like_other_text() -> None:
    """However many there are; the marker goes with the first sentence."""
    text = "• Elm is cheap. It splits.\n• Ash is dear. It bends.\n- No.\n1. One.\n2. Two more"
    assert divided(text) == [
        "• Elm is cheap.", "It splits.", "• Ash is dear.", "It bends.", "- No.", "1. One.", "2. Two more",
    ]  # fmt: skip


def test_lines_without_full_stops_are_sentences() -> None:
    """As they are meant in a thread."""
    lines = ["The ferry is back", "It takes sixty cars", "Tickets at the pier"]
    assert divided("\n".join(lines)) == lines


@pytest.mark.parametrize(
    "text",
    [
        "The ferry is back, and it takes sixty cars\nat once, which is more than\nthe old one.",
        "The council of the town, which met in Oslo\nlast week, decided that the ferry"
        "\nWilhelmina should be repaired by May at\nthe latest.",
        "The ferry,\nWilhelmina,\nis back.",
        "He met the mayor –\nAnn Berg – at noon.",
    ],
)
def test_lines_broken_to_fit_a_width_are_one_sentence(text: str) -> None:
    """Whatever letter the next line begins with."""
    assert divided(text) == [text]


def test_a_dash_that_begins_a_broken_line_is_no_list_item() -> None:
    """The sentence goes on."""
    text = (
        "The mayor of the town came to see the new ferry\n– and then she went home again by train."
    )
    assert divided(text) == [text]


def test_a_very_long_sentence_is_cut_at_a_pause() -> None:
    """At the best one: a semicolon before a comma, never within a number."""
    clause = " ".join(["and the mill turned its wheel by day and by night"] * 5)
    text = f"The year began, {clause}; the price was 27,500 crowns, {clause}, {clause}."
    parts = divided(text)
    assert all(len(part.split()) <= MOST_WORDS for part in parts)
    assert parts[0].endswith(";")
    assert any("27,500" in part for part in parts)
    assert [word for part in parts for word in part.split()] == text.split()


@pytest.mark.parametrize("comma", ["،", "、", ", ", "; "])
def test_the_parts_of_a_long_sentence_hold_all_of_it(comma: str) -> None:
    """Also where no space follows the comma, as in much that is written in Arabic or Japanese."""
    text = f"كلمة{comma}أخرى " * 120 + "نهاية"
    parts = divided(text)
    assert len(parts) > 1
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_a_transcript_without_marks_is_cut_between_words() -> None:
    """Automatic captions have none."""
    parts = divided(" ".join(["word"] * 400))
    assert max(len(part.split()) for part in parts) <= MOST_WORDS


@given(any_text)
def test_nothing_but_white_space_is_left_out(text: str) -> None:
    """Whatever is corrected, sentences are slices in order."""
    end = 0
    for span in sentence_spans(text, "en") if text.strip() else ():
        assert not text[end : span.start].strip()
        assert end <= span.start < span.end
        end = span.end
    assert not text[end:].strip()


@pytest.mark.parametrize(
    "text",
    [
        (
            'THIS BOAT IS HIRED OUT BY ITS OWNERS "AS IS" AND\nWITHOUT ANY WARRANTY. THE OWNERS ARE NOT\n'
            "LIABLE FOR WET FEET OR HANDS, NOR FOR NOSES\n(OR COLD ONES) WHATEVER THEIR CAUSE."
        ),
        (
            "If you cannot receive messages by telephone where you are, try\n[another way of signing in](/other)"
            " or write to the harbour\nmaster, who is there on all days but not on\n`Sunday`."
        ),
    ],
)
def test_lines_that_are_nearly_full_are_one_sentence(text: str) -> None:
    """Where the text goes on in lower case from line to line, or is all in capitals."""
    assert divided(text) == text.replace("WARRANTY. ", "WARRANTY.|").split("|")


@pytest.mark.parametrize(
    "name", ["sys.__stdout__", "lock.Acquire()", "python3.Y", "v2.3.Final", "a.B"]
)
def test_a_full_stop_in_a_name_of_programs_ends_no_sentence(name: str) -> None:
    """But one without a space behind it may, between words."""
    assert divided(f"Use {name} here. Not there.") == [f"Use {name} here.", "Not there."]
    assert divided("It was great.But then it rained.") == ["It was great.", "But then it rained."]


@pytest.mark.parametrize(
    "text",
    [
        "It began in 2019.|The next year was worse.",
        "He sang at the Awards.|STS-122 heard it.",
        "They flew the A380.|The crew slept.",
    ],
)
def test_a_blank_that_is_missing_behind_a_sentence_still_ends_it(text: str) -> None:
    assert divided(text.replace("|", "")) == text.split("|")

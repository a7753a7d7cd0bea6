"""SubRip and WebVTT, and the transcript that cues become."""

from __future__ import annotations

import pytest
from hypothesis import given

from bot.errors import VerbatimError
from bot.texts.formats import subtitles
from tests.texts.formats.words import dropped, parse, texts, words_of

SRT = b"""\xef\xbb\xbf1
00:00:01,000 --> 00:00:04,000
<i>The lock</i> opened

2
00:00:04,000 --> 00:00:06,000
{\\an8}in spring, says the
keeper.

3
00:12:40,500 --> 00:12:42,000
2020

4
00:12:42,000 --> 00:12:43,000
was dry.
"""

ROLLING = b"""WEBVTT
Kind: captions
Language: en

STYLE
::cue { color: red }

NOTE made by a machine

00:00:00.000 --> 00:00:02.000 align:start position:0%
\x20
the<00:00:00.500><c> lock</c><00:00:01.000><c> was</c>

00:00:02.000 --> 00:00:02.010
the lock was
\x20

00:00:02.010 --> 00:00:04.000
the lock was
opened<00:00:02.500><c> in</c> spring

00:00:04.000 --> 00:00:04.010
opened in spring
\x20

00:00:04.010 --> 00:00:06.000
opened in spring
by &lt;the&gt; keeper
"""


def test_cues_become_paragraphs_with_their_time() -> None:
    """Numbers, times and marks are reported; a cue that is a number stays."""
    draft = parse(subtitles, SRT)
    assert draft.posts == (
        "<!-- time 00:00:01 -->",
        "The lock opened in spring, says the keeper.",
        "<!-- time 00:12:40 -->",
        "2020 was dry.",
    )
    assert set(dropped(draft)) == {
        "the number or name of a cue",
        "the times of a cue",
        "marks inside cues",
    }
    assert draft.dropped[0].line == 1


def test_captions_that_show_a_line_again_for_an_instant_are_rolling() -> None:
    """As the automatic ones of two lines do."""
    draft = parse(
        subtitles,
        b"WEBVTT\n\n00:00:00.000 --> 00:00:02.000\n \nthe<00:00:01.000><c> lock</c>\n\n"
        b"00:00:02.000 --> 00:00:02.010\nthe lock\n \n\n"
        b"00:00:02.010 --> 00:00:04.000\nthe lock\nopens<00:00:03.000><c> now</c>\n",
    )
    assert draft.posts == ("<!-- time 00:00:00 -->", "the lock opens now")


def test_rolling_captions_appear_once() -> None:
    """Each line is shown twice or three times by them."""
    draft = parse(subtitles, ROLLING)
    assert draft.posts == (
        "<!-- time 00:00:00 -->",
        "the lock was opened in spring by <the> keeper",
    )
    assert draft.language == "en"
    assert {"a STYLE block", "a NOTE block", "shown again by a rolling caption"} <= set(
        dropped(draft)
    )


def test_each_speaker_begins_a_paragraph() -> None:
    """With the time of the cue, whether a name or a dash shows it; a sound is nobody's words."""
    data = (
        b"1\n00:00:01,000 --> 00:00:03,000\n- Who opens it?\n- The keeper does.\n\n"
        b"2\n00:00:04,000 --> 00:00:06,000\nBEN: He's asleep at\nthis hour.\n\n"
        b"3\n00:00:07,000 --> 00:00:09,000\n[thunder]\n\n4\n00:00:10,000 --> 00:00:12,000\nIda Voss: Then wake him.\n"
    )
    draft = parse(subtitles, data)
    assert draft.posts == (
        "<!-- time 00:00:01 -->", "Who opens it?", "<!-- time 00:00:01 -->", "The keeper does.",
        "<!-- time 00:00:04 -->", "BEN: He's asleep at this hour.",
        "<!-- time 00:00:10 -->", "Ida Voss: Then wake him.",
    )  # fmt: skip
    assert {"a sound, not a word", "the dash before another speaker's words"} <= set(dropped(draft))


def test_what_a_speaker_says_twice_stays_twice() -> None:
    """It is no rolling caption."""
    cues = [
        "Yes.",
        "Yes.",
        "No, wait.",
        "No, wait.",
        "One.",
        "Two.",
        "Three.",
        "Four.",
        "Five.",
        "Six.",
    ]
    data = "".join(
        f"{i}\n00:00:{i:02d},000 --> 00:00:{i:02d},900\n{words}\n\n"
        for i, words in enumerate(cues, 1)
    )
    assert words_of(parse(subtitles, data.encode()).posts) == " ".join(cues).split()


def test_long_talks_are_divided_at_sentences() -> None:
    """Into paragraphs of some sentences, each with the time of its first cue."""
    cues = [f"{i}\n00:{i // 60:02d}:{i % 60:02d},000 --> 00:{i // 60:02d}:{i % 60:02d},900\nSentence number {i} of the talk.\n"
            for i in range(120)]  # fmt: skip
    draft = parse(subtitles, "\n".join(cues).encode())
    assert 4 < len(draft.posts) / 2 < 12
    assert all(post.startswith("<!-- time ") for post in draft.posts[::2])
    assert all(len(post) < 700 and post.endswith(".") for post in draft.posts[1::2])


@given(texts)
def test_the_authors_words_come_out_in_order_and_nothing_else(paragraphs: list[str]) -> None:
    """From a cue for each."""
    safe = [text.replace("<", "").replace("&", "").replace(">", "") for text in paragraphs]
    cues = [
        f"{i}\n00:00:{i:02d},000 --> 00:00:{i:02d},900\n{text}\n" for i, text in enumerate(safe)
    ]
    assert words_of(parse(subtitles, "\n".join(cues).encode()).posts) == " ".join(safe).split()


@pytest.mark.parametrize(
    "data",
    [
        b"1\r\n00:00:01,000 --> 00:00:02,000\r\nWords\r\n\r\n2\r\n00:00:02,000 --> 00:00:03,000\r\nhere\r\n",
        b"1\n00:00:01,000 --> 00:00:02,000\nWords\n2\n00:00:02,000 --> 00:00:03,000\nhere",
        b"WEBVTT\n\n01:01.000 --> 01:02.000\nWords\n\nintro\n01:02.000 --> 01:03.000\nhere\n",
        b"0:0:1.0 --> 00:00:02.00\nWords\n\n\n00:00:02.0 --> 00:00:03.5\n\nhere",
        "1\n00:00:01,000 --> 00:00:02,000\nWords\n\n2\n00:00:02,000 --> 00:00:03,000\nhere\n".encode(
            "utf-16"
        ),
    ],
)
def test_sloppy_files_are_read(data: bytes) -> None:
    """Without numbers or blank lines, or in another encoding."""
    draft = parse(subtitles, data)
    assert words_of(draft.posts) == ["Words", "here"]


def test_names_of_speakers_are_no_words() -> None:
    """They are reported, and begin a paragraph."""
    data = b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ida>Hello.\n\n00:02.000 --> 00:03.000\n<v Per>Good day.\n"
    draft = parse(subtitles, data)
    assert draft.posts[1::2] == ("Hello.", "Good day.")
    assert dropped(draft)["the name of a speaker"] == "Ida"


def test_files_without_words_are_refused() -> None:
    """With the way out."""
    with pytest.raises(VerbatimError, match="no words"):
        parse(subtitles, b"1\n00:00:01,000 --> 00:00:02,000\n\n")


def test_subtitles_are_known_by_their_times() -> None:
    """A text that mentions a time is none."""
    assert subtitles.matches(SRT, "x")
    assert subtitles.matches(ROLLING, "x.txt")
    assert not subtitles.matches(b"At 00:00:01,000 --> it began\nand ended", "x.srt")
    assert not subtitles.matches(b"WEBVTTX", "x.vtt")

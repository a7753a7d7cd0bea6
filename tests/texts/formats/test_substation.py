"""SubStation subtitles."""

from __future__ import annotations

import pytest

from bot.errors import VerbatimError
from bot.texts.formats import substation
from tests.texts.formats.words import dropped, parse

ASS = b"""[Script Info]
Title: The keeper speaks
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize
Style: Default,Arial,20

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:04.00,0:00:06.00,Default,,0,0,0,,in spring, says the keeper.
Dialogue: 0,0:00:01.00,0:00:04.00,Default,,0,0,0,,{\\i1}The lock{\\i0}\\Nopened
Comment: 0,0:00:01.00,0:00:03.00,Default,,0,0,0,,check this
Dialogue: 0,0:00:07.00,0:00:08.00,Default,,0,0,0,,{\\p1}m 0 0 l 100 0{\\p0}
"""


def test_cues_become_a_transcript() -> None:
    """In the order of their times, without comments, drawings and marks."""
    draft = parse(substation, ASS)
    assert draft.posts == ("<!-- time 00:00:01 -->", "The lock opened in spring, says the keeper.")
    assert draft.title == "The keeper speaks"
    assert set(dropped(draft)) == {"a comment", "a drawing", "marks inside cues"}


@pytest.mark.parametrize("data", [b"[Script Info]\n", b"[Script Info]\n[Events]\nDialogue: 0,x\n"])
def test_files_without_words_are_refused(data: bytes) -> None:
    """In a line."""
    with pytest.raises(VerbatimError):
        parse(substation, data)


def test_they_are_known_by_their_first_section() -> None:
    """In UTF-16 too."""
    assert substation.matches(ASS, "x")
    assert substation.matches(ASS.decode().encode("utf-16"), "x")
    assert not substation.matches(b"[Script]", "x.ass")

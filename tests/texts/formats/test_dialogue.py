"""Interviews, plays and transcripts: a quote names who said it."""

from __future__ import annotations

import pytest

from bot.texts.formats import dialogue
from tests.texts.formats.samples import draft_of, reasons

PLAY = """The lock

ACT ONE

Scene 1. A kitchen.

ANN. Who left the gate open?

BEN. (rising) It was the wind.

[She closes it.]

ANN. The wind has no hands.

BEN. Then it was the cat.
"""
SAID = [
    "Who left the gate open?",
    "It was the wind.",
    "The wind has no hands.",
    "Then it was the cat.",
]


def spoken(posts: tuple[str, ...]) -> list[tuple[str, str]]:
    """Pair every post with the mark before it."""
    found, mark = [], ""
    for post in posts:
        if post.startswith("<!--"):
            mark = post
        else:
            found.append((mark, post))
    return found


@pytest.mark.parametrize(
    "line",
    ["ANN: {}\n\n", "**Ann:** {}\n\n", "**Ann**: {}\n\n", "ANN. {}\n\n", "ANN\n{}\n\n", "ANN (rising): {}\n\n", "Ann said:\n{}\n",
     "ANN: {}\n"],
)  # fmt: skip
def test_the_name_before_the_words_is_their_author(line: str) -> None:
    """In every usual shape."""
    lines = [line.replace("ANN", who).replace("Ann", who.title()).format(said)
             for who, said in zip(["ANN", "BEN"] * 2, SAID, strict=True)]  # fmt: skip
    draft = draft_of("".join(lines))
    assert draft.format == dialogue.LABEL
    found = spoken(draft.posts)
    assert [words for _, words in found] == SAID
    assert [mark.lower() for mark, _ in found] == [
        f'<!-- message author="{who}" -->' for who in ("ann", "ben", "ann", "ben")
    ]
    assert reasons(draft) == {"the name of a speaker: it is in the quote's attribution": 4}
    assert "--format paragraphs" in draft.guessed[0]


@pytest.mark.parametrize(
    "line",
    [
        "{name} ({time})\n{said}\n\n",
        "{name} ({time}):\n{said}\n\n",
        "{name}  {time}\n{said}\n\n",
        "[{time}] {name}: {said}\n",
    ],
)
def test_times_are_kept_with_the_names(line: str) -> None:
    """They are the place of the quote."""
    times = ["0:05", "0:12", "1:20", "1:02:30"]
    turns = zip(["Ann Voss", "Speaker 2"] * 2, times, SAID, strict=True)
    draft = draft_of(
        "".join(line.format(name=name, time=time, said=said) for name, time, said in turns)
    )
    assert spoken(draft.posts)[1] == ('<!-- time 0:12 author="Speaker 2" -->', SAID[1])


def test_a_play_has_headings_and_directions() -> None:
    """Which nobody speaks."""
    found = spoken(draft_of(PLAY).posts)
    assert found[:3] == [("", "The lock"), ("", "## ACT ONE"), ("", "## Scene 1. A kitchen.")]
    assert ("<!-- message -->", "[She closes it.]") in found
    assert found[-1] == ('<!-- message author="BEN" -->', SAID[-1])


def test_an_answer_may_have_several_paragraphs() -> None:
    """All are the speaker's."""
    text = "HOST: Who runs it?\n\nANN: The club.\n\nIt has ten members.\n\nHOST: And when?\n\nANN: At nine.\n"
    assert ('<!-- message author="ANN" -->', "It has ten members.") in spoken(draft_of(text).posts)


@pytest.mark.parametrize(
    "text",
    [
        "Q: Who left?\nA: The wind.\n\nQ: And who stayed?\nA: The cat.\n",
        "Name: Canoe\nPrice: 12\n\nName: Kayak\nPrice: 10\n\nName: Raft\nPrice: 9\n",
        "NOTE: Shut the gate.\n\nWARNING: It is wet.\n\nNOTE: Bring a lamp.\n\nWARNING: Dogs bite.\n",
        "ANN: Hello.\n\nBEN: Hello.\n\nThe rest is a story.\n",
        "BREAKING: One.\n\nBREAKING: Two.\n\nBREAKING: Three.\n\nBREAKING: Four.\n",
    ],
)
def test_other_words_before_a_colon_are_no_speakers(text: str) -> None:
    """Nothing is taken off."""
    assert draft_of(text).format == "paragraphs"

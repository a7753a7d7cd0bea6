"""Places in the texts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answering import place_sections
from bot.answering.answerer import Policy, answer
from bot.answering.asking import Addressing, Request, ask
from bot.answering.conversation import turn_of
from bot.answering.places import MOST_TEXTS, place_answer
from bot.library.snapshots import Snapshot, build_snapshot
from bot.models import Answer, Extract, Marker, Outcome, Post, Question, Role, Source
from bot.texts.structure import heading_words
from bot.wording import ENGLISH
from tests.samples import BREAD, BRIDGE

RULES = Source(
    "rules",
    "House rules",
    "The house",
    tuple(
        Post(number, text)
        for number, text in enumerate(
            (
                "# House rules",
                "## 1. Quiet hours",
                "No drums after ten.",
                "## 2. Fees",
                "You pay:\n\n- ten for a key\n- twenty for a bicycle",
                "### Late fees",
                "One more for every week.",
                "## 3. Part 2 of the house\nThe attic is locked.",
                "## Appendix",
                "### Late fees",
                "None of these are paid back.",
            ),
            start=1,
        )
    ),
    markers=(Marker(1, "page", "iv"), Marker(4, "page", "5"), Marker(8, "page", "6")),
)
TALK = Source(
    "talk",
    "A talk",
    "Speaker",
    tuple(Post(n, f"Sentence number {n} of the talk.") for n in range(1, 7)),
    markers=(
        Marker(1, "time", "00:00:10"),
        Marker(3, "time", "00:07:30"),
        Marker(6, "time", "01:12:40"),
    ),
)
CHAT = Source(
    "chat",
    "A channel",
    "Members",
    tuple(Post(n, f"Message number {n}.") for n in range(1, 5)),
    markers=(
        Marker(1, "message", "2024-05-03T10:00"),
        Marker(3, "message", "2024-05-03T11:00"),
        Marker(4, "message", "2024-05-04"),
    ),
)


def found(texts: list[Source], message: str, source_id: str | None = None) -> Answer | None:
    """What becomes of a message."""
    return place_answer(build_snapshot(texts), Question(message), source_id)


def posts(texts: list[Source], message: str) -> tuple[int, int] | None:
    """The first and the last post that are quoted."""
    given = found(texts, message)
    return (given.extract.first, given.extract.last) if given and given.extract else None


def text_of(extract: Extract) -> str:
    """The words of a place."""
    return "\n\n".join(post.text[span.start : span.end] for post, span in extract.parts())


@pytest.mark.parametrize(
    ("message", "place"),
    [
        ("post 2", (2, 2)),
        ("2-3", (2, 3)),
        ("posts 3-2", (2, 3)),
        ("posts 2-99", (2, 3)),
        ("2-99", None),
        ("99", None),
        ("2/3", (2, 2)),
        ("2/7", None),
        ("the last post", (3, 3)),
        ("last 2 posts", (2, 3)),
        ("last 9 posts", (1, 3)),
        ("@BridgeNotes 2", (2, 2)),
        ("@Somebody 2", None),
        ("The bridge over the Tamar 2", (2, 2)),
        ("bridge 2", (2, 2)),
        ("Tamar 2", None),
        ("“Tamar” 2", (2, 2)),
        ("post 2 of the Tamar", (2, 2)),
        ("[Tamar 2]", (2, 2)),
        ("look at [2]", (2, 2)),
        ("look at [9]", None),
    ],
)
def test_posts_are_found_by_number(message: str, place: tuple[int, int] | None) -> None:
    """A bare number only where there is such a post; a part of a title with a noun, quoted or in brackets."""
    assert posts([BRIDGE], message) == place


@pytest.mark.parametrize(
    ("message", "numbers"),
    [
        ("posts 1 and 3", [1, 3]),
        ("posts 1-2, 4 and 6", [1, 2, 4, 6]),
        ("posts 6, 1 and 2", [1, 2, 6]),
        ("posts 1, 2 and 3", [1, 2, 3]),
        ("the middle post", [3, 4]),
        ("post VI", [6]),
        ("75s", [1, 2]),
        ("7.30", [3, 4, 5]),
        ("the last section", [6]),
    ],
)
def test_several_posts_and_other_ways_to_count(message: str, numbers: list[int]) -> None:
    """Only what is named; in a text without sections posts count as such."""
    given = found([TALK], message)
    assert given is not None
    assert given.extract is not None
    assert [post.number for post, _ in given.extract.parts()] == numbers
    assert {hit.passage.post.number for hit in given.hits} == set(numbers)


def test_an_item_too_many_says_how_many_there_are() -> None:
    """Of the section that was named."""
    given = found([RULES], "section Fees, item 9")
    assert given is not None
    assert given.missing is not None
    line = ENGLISH.no_such_place(given.missing)
    assert line == "“House rules” has no section 2. Fees, item 9. It goes from item 1 to item 2."


def test_a_list_with_a_post_too_many_says_what_there_is() -> None:
    """Rather than to leave it out."""
    given = found([TALK], "posts 2 and 9")
    assert given is not None
    assert given.missing is not None
    assert given.missing.name == "9"


def test_an_item_alone_is_found_where_one_list_has_it() -> None:
    """Else the sections of the lists are named."""
    given = found([RULES], "item 2")
    assert given is not None
    assert given.extract is not None
    assert text_of(given.extract) == "twenty for a bicycle"
    lists = "# A\n\n## Boats\n\n1. one\n2. two\n\n## Bikes\n\n1. red\n2. blue".split("\n\n")
    two = Source("two", "Two lists", "Nobody", tuple(Post(n, p) for n, p in enumerate(lists, 1)))
    given = found([two], "item 2")
    assert given is not None
    assert given.missing is not None
    assert given.missing.several
    assert given.missing.there == ("Boats", "Bikes")


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("section Quiet hours", "## 1. Quiet hours\n\nNo drums after ten."),
        ("section 1", "## 1. Quiet hours\n\nNo drums after ten."),
        ("section quiet", "## 1. Quiet hours\n\nNo drums after ten."),
        (
            "section Fees",
            "## 2. Fees\n\nYou pay:\n\n- ten for a key\n- twenty for a bicycle\n\n### Late fees\n\nOne more for every week.",
        ),
        ("section Fees > Late fees", "### Late fees\n\nOne more for every week."),
        ("section Fees, item 2", "twenty for a bicycle"),
        ("item 2 of Fees", "twenty for a bicycle"),
        ("section rules > fees > late", "### Late fees\n\nOne more for every week."),
        ("the quiet hours section", "## 1. Quiet hours\n\nNo drums after ten."),
        ("the first section", "## 1. Quiet hours\n\nNo drums after ten."),
        ("the last section", "## Appendix\n\n### Late fees\n\nNone of these are paid back."),
        ("section III", "## 3. Part 2 of the house\nThe attic is locked."),
        ("capítulo uno", "## 1. Quiet hours\n\nNo drums after ten."),
        ("the garden section", None),
        (
            "the last page",
            "## 3. Part 2 of the house\nThe attic is locked.\n\n## Appendix\n\n### Late fees\n\nNone of these are paid back.",
        ),
        ("appendix", None),
        ("section Appendix", "## Appendix\n\n### Late fees\n\nNone of these are paid back."),
        (
            "page 5",
            "## 2. Fees\n\nYou pay:\n\n- ten for a key\n- twenty for a bicycle\n\n### Late fees\n\nOne more for every week.",
        ),
    ],
)
def test_sections_and_pages_are_quoted_to_their_end(message: str, shown: str | None) -> None:
    """With what stands under them, and no more."""
    given = found([RULES], message)
    assert (None if given is None or given.extract is None else text_of(given.extract)) == shown


def test_a_time_is_at_the_last_mark_before_it() -> None:
    """Hours may be left out."""
    for message, place in (
        ("0:10", (1, 2)),
        ("9:59", (3, 5)),
        ("00:07:30-1:20:00", (3, 6)),
        ("minute 8", (3, 5)),
    ):
        assert posts([TALK], message) == place
    assert posts([CHAT], "2024-05-03") == (1, 3)


@pytest.mark.parametrize(
    ("message", "name"),
    [("penultimate post", "2"), ("the second to last post", "2"), ("last page", "1"), ("last 3 pages", "3")],
)  # fmt: skip
def test_a_place_counted_from_the_end_of_too_few_is_missing(message: str, name: str) -> None:
    """And has no negative number."""
    given = found([Source("note", "A note", "Ann", (Post(1, "The only words."),))], message)
    assert given is not None
    assert given.missing is not None
    assert (given.outcome, given.missing.name) == (Outcome.NO_SUCH_PLACE, name)


def test_each_heading_is_read_once_for_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever nouns may stand before its number: a text may have a hundred thousand headings."""
    snapshot = build_snapshot([RULES])
    read = []

    def counted(text: str) -> str:
        read.append(text)
        return heading_words(text)

    monkeypatch.setattr(place_sections, "heading_words", counted)
    given = place_answer(snapshot, Question("section 9"))
    assert given is not None
    assert given.outcome is Outcome.NO_SUCH_PLACE
    headings = sum(passage.role is Role.HEADING for passage in snapshot.passages)
    assert len(read) <= 2 * headings  # once, and to name them


def test_a_range_without_an_end_begins_at_a_post_that_exists() -> None:
    """The last post is not the ninth and those behind it."""
    assert posts([TALK], "post 6 onwards") == (6, 6)
    assert posts([TALK], "5-") == (5, 6)
    assert posts([TALK], "9-") is None


@pytest.mark.parametrize(
    ("texts", "message", "name", "there"),
    [
        ([BRIDGE], "post 40", "40", ()),
        ([BRIDGE], "posts 40 onwards", "40", ()),
        ([BRIDGE], "p. 3", "3", ()),
        ([BRIDGE], "12:40", "12:40", ()),
        ([TALK], "9:59:00", "9:59:00", ("00:00:10", "01:12:40")),
        ([BRIDGE], "section Fees", "Fees", ()),
        ([RULES], "page 9", "9", ("iv", "6")),
        ([TALK], "0:05", "0:05", ("00:00:10", "01:12:40")),
    ],
)
def test_a_missing_place_says_what_there_is(
    texts: list[Source], message: str, name: str, there: tuple[str, ...]
) -> None:
    """The first and the last of its kind; of posts the number is known."""
    given = found(texts, message)
    assert given is not None
    assert given.missing is not None
    assert (given.outcome, given.missing.name) == (Outcome.NO_SUCH_PLACE, name)
    assert (given.missing.source, given.missing.there) == (texts[0], there)


def test_sections_that_are_called_the_same_are_told_apart() -> None:
    """By the headings above them; a missing one is answered with those there are."""
    several = found([RULES], "section Late fees")
    assert several is not None
    assert several.missing is not None
    assert several.missing.several
    assert several.missing.there == (
        "House rules > 2. Fees > Late fees",
        "House rules > Appendix > Late fees",
    )
    both = found([BRIDGE, RULES], "section Late fees")
    assert both is not None
    assert both.missing == several.missing
    none = found([RULES], "section Garden")
    assert none is not None
    assert none.missing is not None
    assert none.missing.there[1] == "1. Quiet hours"
    assert found([RULES], "what is section 8 housing?") is None


def test_of_several_texts_the_one_that_has_the_place_is_meant() -> None:
    """Else the one that was quoted last, or the asker is asked."""
    texts = [BRIDGE, BREAD]
    assert posts(texts, "post 3") == (3, 3)
    which = found(texts, "post 2")
    assert which is not None
    assert (which.outcome, len(which.which)) == (Outcome.WHICH_TEXT, 2)
    chosen = found(texts, "post 2", source_id=BREAD.id)
    assert chosen is not None
    assert chosen.extract is not None
    assert chosen.extract.source.id == BREAD.id
    snapshot = build_snapshot(texts)
    turn = turn_of(answer(snapshot, Question("How hot is the oven for the loaf?"), Policy()))
    after = place_answer(snapshot, Question("post 2", turn))
    assert after is not None
    assert after.extract is not None
    assert after.extract.source.id == BREAD.id
    elsewhere = place_answer(snapshot, Question("post 3", turn))
    assert elsewhere is not None
    assert elsewhere.extract is not None
    assert elsewhere.extract.source.id == BRIDGE.id
    missing = found(texts, "post 40")
    assert missing is not None
    assert missing.missing is not None
    assert missing.missing.source is None


def test_of_many_texts_one_must_be_named() -> None:
    """Looking through all would take too long, and most have such a place."""
    many = [replace(BRIDGE, id=f"t{n}", title=f"Text number {n}") for n in range(MOST_TEXTS + 1)]
    snapshot = build_snapshot(many)
    for message, outcome in (
        ("post 2", Outcome.WHICH_TEXT),
        ("Text number 77, post 2", Outcome.PLACE),
        ("[Text number 77 2]", Outcome.PLACE),
    ):
        given = place_answer(snapshot, Question(message))
        assert given is not None
        assert given.outcome is outcome
    for message in ("2", "section Fees", "[2] " * 400):
        assert place_answer(snapshot, Question(message)) is None


def test_a_part_may_be_a_section() -> None:
    """If its heading says so."""
    parts = Source(
        "parts",
        "Parts",
        "P",
        tuple(Post(n, t) for n, t in enumerate(("# Part 1", "One.", "# Part 2", "Two."), 1)),
    )
    assert posts([parts], "part 2") == (3, 4)
    assert posts([parts], "post 2") == (2, 2)


def test_a_question_after_a_place_is_about_it(snapshot: Snapshot) -> None:
    """Its passages are what was quoted."""
    result = ask(snapshot, Request("post 2 of the bridge over the Tamar"), Policy())
    assert result is not None
    assert not result.is_question
    assert result.turn is not None
    quoted = snapshot.passage(result.turn.quoted or 0)
    assert quoted is not None
    assert quoted.post.number == 2


@pytest.mark.parametrize(
    ("message", "addressing", "said"),
    [
        ("see [Tamar 2]", Addressing.OVERHEARD, True),
        ("see [3]", Addressing.OVERHEARD, True),
        ("see [2]", Addressing.OVERHEARD, False),
        ("post 3", Addressing.OVERHEARD, False),
        ("which is it, post 3?", Addressing.OVERHEARD, False),
        ("see [3]", Addressing.IN_BOT_THREAD, True),
        ("see [99]", Addressing.REPLY_TO_BOT, False),
    ],
)
def test_where_nobody_asked_the_bot_only_brackets_name_a_place(
    snapshot: Snapshot, message: str, addressing: Addressing, said: bool
) -> None:
    """And only of one text, since it asks nothing there."""
    result = ask(snapshot, Request(message, addressing=addressing), Policy())
    assert (result is not None and result.worth_saying) is said


TERMS = Source(
    "terms", "Terms of the harbour", "Voss",
    (Post(1, "1. Fees"), Post(2, "1.1 The fee is 240. It is due in March."), Post(3, "1.2 You may end it:"),
     Post(4, "(a) by a letter;\n(b) in the office."), Post(5, "Article 7 Dogs stay out."), Post(6, "Article 8 Cars too.")),
)  # fmt: skip


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("clause 1.1", "1.1 The fee is 240. It is due in March."),
        ("1.2(b)", "(b) in the office."),
        ("clause 1.2 (a)", "(a) by a letter;"),
        ("§ 1.1", "1.1 The fee is 240. It is due in March."),
        ("Article 7", "Article 7 Dogs stay out."),
        ("clause 1", "\n\n".join(post.text for post in TERMS.posts[:4])),
        ("clause 3.4", None),
    ],
)  # fmt: skip
def test_clauses_are_found_by_number(message: str, shown: str | None) -> None:
    """As they are named where a rule is quoted, and attributed so."""
    answered = found([TERMS], message)
    if shown is None:
        assert answered is None or answered.extract is None
        return
    assert answered is not None
    assert answered.extract is not None
    assert text_of(answered.extract) == shown

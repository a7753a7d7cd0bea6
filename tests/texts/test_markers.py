"""Where a text stood is kept with it, and shown under its quotes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.models import Marker, Post, Source
from bot.texts.corpus import Corpus
from bot.texts.formats import knowledge_file
from bot.texts.markers import divide
from bot.wording import ENGLISH as wording

HEAD = "---\ntitle: The mill\nauthor: Ann\n---\n"


def corpus(body: str) -> Corpus:
    return Corpus.of([knowledge_file.parse(HEAD + body, "mill.md", "mill")])


def places(body: str) -> list[str]:
    return [wording.attribution(passage) for passage in corpus(body) if not passage.role]


def test_a_page_and_a_time_hold_up_to_the_next() -> None:
    """Before the first one the post's number is all there is to say."""
    body = "One.\n\n<!-- page 12 -->\n\nTwo.\n\nThree.\n\n<!-- time 00:12:40 -->\n\nFour."
    assert places(body) == [
        "Ann, “The mill”, post 1 of 4",
        "Ann, “The mill”, p. 12",
        "Ann, “The mill”, p. 12",
        "Ann, “The mill”, at 12:40",
    ]


def test_a_message_has_an_author_a_day_and_a_link_of_its_own() -> None:
    """One without them has the source's."""
    body = (
        '<!-- message author="Bo" date="2024-05-03T10:00Z" link="https://example.org/1" -->\n\nHi there.\n\n'
        '<!-- message date="2024-05-04" link="javascript:x" -->\n\nBye.'
    )
    first, second = corpus(body)
    assert (first.author, first.url) == ("Bo", "https://example.org/1")
    assert wording.attribution(first) == "Bo, “The mill”, 2024-05-03"
    assert (second.author, second.url) == ("Ann", None)


def test_other_comments_are_left_out() -> None:
    """They are no posts, and are not counted."""
    source = knowledge_file.parse(f"{HEAD}One.\n\n<!-- to do:\nmend -->\n\nTwo.", "mill.md", "mill")
    assert [post.text for post in source.posts] == ["One.", "Two."]
    assert source.markers == ()


def test_a_section_and_an_item_are_named() -> None:
    """Of a row the header is the lead."""
    body = (
        "Before.\n\n# Rules\n\n## *Fees*\n\nPay at the door.\n\nFree for:\n\n- children\n- dogs\n\n"
        "| Day | Opens |\n|--|--|\n| Monday | nine |\n\n# Other\n\nThe end."
    )
    found = [passage for passage in corpus(body) if not passage.role]
    assert [wording.place(passage) for passage in found] == [
        "post 1 of 9", "section Fees", "section Fees, item 1", "section Fees, item 2", "section Fees, row 1",
        "section Other",
    ]  # fmt: skip
    assert [passage.lead.text if passage.lead else None for passage in found] == [
        None, None, "Free for:", "Free for:", "Day | Opens", None,
    ]  # fmt: skip
    assert found[1].headings == ("Rules", "Fees")


def test_a_saved_corpus_has_the_same_passages() -> None:
    """With their leads, headings and markers."""
    body = "# Fees\n\n<!-- page 3 -->\n\nFree for:\n\n- children\n\n**May I smoke?** No. Never."
    made = corpus(body)
    loaded = Corpus.from_arrays(made.source_metadata(), made.arrays())
    assert list(loaded) == list(made) == [made[n] for n in range(len(made))]
    assert loaded.sources == made.sources


def test_a_blank_line_in_code_ends_no_post() -> None:
    """But where the code is not closed, it does."""
    assert [p.text for p in knowledge_file.split_posts("```\na\n\nb\n```\n\nc", "x")] == [
        "```\na\n\nb\n```",
        "c",
    ]
    assert [p.text for p in knowledge_file.split_posts("```\na\n\nb", "x")] == ["```\na", "b"]


words = st.text(alphabet="abc <>!-", min_size=1).map(str.strip).filter(bool)


@given(
    st.lists(
        words | st.sampled_from(["<!-- page 7 -->", '<!-- message author="A b" -->', "<!-- x -->"])
    )
)
def test_a_knowledge_file_comes_back_with_its_markers(blocks: list[str]) -> None:
    """Posts and markers, whatever stands between them."""
    posts, markers = divide(blocks)
    if posts:
        source = Source("s", "T", "A", posts, markers=markers)
        back = knowledge_file.parse(knowledge_file.render(source), "s.md", "s")
        assert (back.posts, back.markers) == (posts, markers)


def test_only_the_last_of_two_markers_in_a_row_counts() -> None:
    """Nothing stands between them."""
    assert divide(["<!-- page 1 -->", "<!-- page 2 -->", "Two.", "<!-- page 3 -->"]) == (
        (Post(1, "Two."),),
        (Marker(1, "page", "2"),),
    )


def test_a_message_without_a_day_is_named_by_its_number() -> None:
    """Some chats do not say when a message was written."""
    (passage,) = corpus("<!-- message -->\n\nIt opens.")
    assert wording.place(passage) == "post 1 of 1"

"""What may be quoted of a document, and what only leads to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models import Role
from bot.texts.pieces import Piece
from bot.texts.sentences import sentence_spans
from bot.texts.structure import is_heading, pieces_of
from tests.samples import any_text


def divided(text: str) -> tuple[list[str], list[Piece]]:
    posts = [post for post in text.split("\n\n") if post.strip()]
    return posts, pieces_of(posts, "en")


def quotable(text: str) -> list[str]:
    """Return every passage that may be quoted, behind its lead if it has one."""
    posts, pieces = divided(text)

    def words(piece: Piece) -> str:
        return posts[piece.post][piece.span.start : piece.span.end]

    return [
        words(piece) if piece.lead is None else f"{words(pieces[piece.lead])} … {words(piece)}"
        for piece in pieces
        if piece.role is Role.ANSWER
    ]


@pytest.mark.parametrize(
    "heading",
    ["# Opening hours", "## Opening hours ##", "Opening hours\n=====", "Opening hours\n---", "**Opening hours**",
     "🕘 **Opening hours** 🕘", "<h2 id=x>Opening hours</h2>"],
)  # fmt: skip
def test_a_heading_is_no_answer(heading: str) -> None:
    """It names what stands under it."""
    posts, pieces = divided(f"{heading}\n\nWe open at nine.")
    assert [piece.role for piece in pieces] == [Role.HEADING, Role.ANSWER]
    assert "Opening hours" in posts[0][pieces[0].span.start : pieces[0].span.end]
    assert pieces[0].level >= 1


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_what_stands_under_a_heading_can_be_quoted(gap: str) -> None:
    """With a blank line between them or without."""
    posts = [*f"# Rules{gap}No dogs. No cars.{gap}## Fees{gap}- thirty crowns".split("\n\n")]
    pieces = pieces_of(posts, "en")
    words = [posts[p.post][p.span.start : p.span.end] for p in pieces if p.role is Role.ANSWER]
    assert words == ["No dogs.", "No cars.", "thirty crowns"]


@pytest.mark.parametrize(
    ("post", "expected"),
    [
        ("# Fees", True),
        ("Fees\n----", True),
        ("**Fees**", True),
        ("## Fees\nThirty crowns.", False),
        ("Thirty crowns.", False),
        ("#fees", False),
        ("![](x.png)", False),
    ],
)
def test_a_post_of_headings_alone_is_known(post: str, expected: bool) -> None:
    """Reports count it apart from what can be quoted."""
    assert is_heading(post) is expected


def test_the_level_of_a_heading_is_known() -> None:
    """So that a section ends where the next one of its level begins."""
    _, pieces = divided("# One\n\n## Two\n\n### Three\n\nFour\n====\n\nFive\n----")
    assert [piece.level for piece in pieces] == [1, 2, 3, 1, 2]


@pytest.mark.parametrize(
    "text",
    ["<!-- to do: mend -->", "***", "---", "![our logo](logo.png)", "<details>", "</div>", "<img src=a.png>",
     "- [Fees](#fees)\n- [Hours](#hours)", "Fees ........ 3\nHours . . . . . 12", "[Home](/) | [Shop](/shop)",
     "<script>var open = 9;</script>", "[1]: https://example.org/x", "```\n```",
     "{{< youtube abc >}}", "{% include header.html %}", "%% to do: mend %%", "> [!note]"],
)  # fmt: skip
def test_what_says_nothing_is_no_passage(text: str) -> None:
    """Comments, rules, images, tags, contents, navigation, definitions of links, and tags of templates."""
    assert divided(text)[1] == []


@pytest.mark.parametrize(
    "first",
    ["Use `<style>` to set the font.", "The tag <nav> holds links.", "`<!--` begins a comment, as --> ends it.",
     "It begins with <!-- and goes on.", "`<script>` runs and ``<b>`` does not.", "See ![ and <template> there.",
     "```\n<script>\n```", "```html\n<!--\n```"],
)  # fmt: skip
@pytest.mark.parametrize("gap", [" ", "\n"])
def test_what_is_said_of_a_tag_hides_no_word_behind_it(first: str, gap: str) -> None:
    """In code, or left open in the middle of a sentence, it is a word like others."""
    gap = "\n" if first.startswith("```") else gap
    *_, last = quotable(f"{first}{gap}It costs five crowns.")
    assert last == "It costs five crowns."
    assert "".join(quotable(first)).strip("`\n") in first


def test_what_is_hidden_ends_where_it_is_closed() -> None:
    """From the start of a line it goes on to the end of the post if it is not closed."""
    assert quotable("We met <!-- at noon? --> twice.") == ["We met <!-- at noon? --> twice."]
    assert quotable("<style>\np { margin: 9px }\n</style>\nIt is open.") == ["It is open."]
    assert quotable("It is open. <svg><path d='M 9'/></svg>") == ["It is open."]
    assert quotable("It is open.\n<script>\nlet a = 9;") == ["It is open."]
    assert quotable("It is open.\n<!-- to do:\nmend it") == ["It is open."]


def test_an_item_has_the_line_above_the_list_as_its_lead() -> None:
    """In one post or in two, over blank lines between the items; a list in a list has its own."""
    expected = ["Bring: … a rope", "Bring: … a lamp."]
    assert quotable("Bring:\n- a rope\n- a lamp.") == expected
    assert quotable("Bring:\n\n1. a rope\n2. a lamp.") == expected
    assert quotable("Bring:\n\n* a rope\n\n* a lamp.") == expected
    assert quotable("Bring:\n- food:\n  - bread\n  - salt\n- a rope") == [
        "food: … bread", "food: … salt", "Bring: … a rope",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("marks", "shown"),
    [("••", ""), ("✅❌", "✅❌"), (("1️⃣", "2️⃣"), ("1️⃣", "2️⃣")), (("(a)", "(b)"), ("(a)", "(b)")), ("🟢🟢", "🟢🟢")],
)  # fmt: skip
def test_lines_behind_a_bullet_an_emoji_or_a_letter_are_items(marks: str, shown: str) -> None:
    """A bullet says nothing, an emoji may."""
    rope, lamp = (f"{one} " for one in shown) if shown else ("", "")
    for gap in ("\n", "\n\n"):
        text = (
            f"Bring:{gap}{marks[0]} a rope. It is wet.\n{marks[1]} a lamp\nThe gate opens at nine."
        )
        assert quotable(text) == [
            f"Bring: … {rope}a rope.", "Bring: … It is wet.", f"Bring: … {lamp}a lamp", "The gate opens at nine.",
        ]  # fmt: skip
        items = [piece.item for piece in divided(text)[1] if piece.role is Role.ANSWER]
        assert items == [1, 1, 2, 0]


def test_a_single_emoji_makes_no_list() -> None:
    """People begin any line with one."""
    _, pieces = divided("We met.\n\n🎉 Ann came.\nTom left.")
    assert [(piece.item, piece.lead) for piece in pieces] == [(0, None)] * 3


@pytest.mark.parametrize("title", ["Anvil", "New hero: Anvil", "**Anvil** and Bo", "Who is hit"])
@pytest.mark.parametrize("mark", ["- ", "1. ", "• ", "➡️ "])
def test_a_short_line_directly_above_a_list_names_it(title: str, mark: str) -> None:
    """Without a colon too: what is said of an item is said of that."""
    kept = mark if mark == "➡️ " else ""
    text = f"{title}\n{mark}The hammer hits less.\n{mark}It charges."
    assert quotable(text) == [
        f"{title} … {kept}The hammer hits less.", f"{title} … {kept}It charges.",
    ]  # fmt: skip


def test_a_sentence_above_a_list_may_be_quoted() -> None:
    """Unless it ends in a colon."""
    assert quotable("Ann came late.\n- Tom\n- Una") == ["Ann came late.", "Tom", "Una"]


def test_a_line_that_ends_in_a_colon_leads_to_the_lines_below_it() -> None:
    """To all of a list that has no marks, and of prose to the next line."""
    assert quotable("Bring:\nA rope\nA lamp\nLeave:\ndogs") == [
        "Bring: … A rope", "Bring: … A lamp", "Leave: … dogs",
    ]  # fmt: skip
    assert quotable("She said:\nWe are late.\nTom left. Una stayed.") == [
        "She said: … We are late.", "Tom left.", "Una stayed.",
    ]  # fmt: skip


@pytest.mark.parametrize("gap", ["\t", "      "])
def test_lines_in_columns_are_rows_of_a_table(gap: str) -> None:
    """Below a header, which has no numbers."""
    lines = [gap.join(row) for row in (("Boat", "Day"), ("Canoe", "€12"), ("Kayak. Red.", "€10"))]
    assert quotable("\n".join(lines)) == [f"{lines[0]} … {lines[1]}", f"{lines[0]} … {lines[2]}"]
    assert quotable("\n".join([*lines[1:], lines[1]])) == [*lines[1:], lines[1]]


def test_who_speaks_is_no_question_of_an_faq() -> None:
    """A name in bold is no mark of one."""
    assert quotable("**Ann:** Who left?\n\n**Tom:** The wind.\n\n**Una:** No.") == [
        "**Ann:** Who left?", "**Tom:** The wind.", "**Una:** No.",
    ]  # fmt: skip
    assert quotable("**Q:** Who left?\n\nThe wind.") == ["**Q:** Who left? … The wind."]


def test_a_list_without_such_a_line_has_no_lead() -> None:
    """Nor has the text behind a list."""
    assert quotable("We met.\n\n- Ann\n- Tom\n\nWe left.") == ["We met.", "Ann", "Tom", "We left."]


def test_what_ends_in_a_colon_leads_to_what_follows() -> None:
    """To one sentence, where no list follows; at the end of the text it may be quoted."""
    assert quotable("She said one thing:\n\nWe are late. It rains.\n\nWhy:") == [
        "She said one thing: … We are late.", "It rains.", "Why:",
    ]  # fmt: skip


def test_the_items_sentences_are_passages() -> None:
    """Of all lines that belong to the item."""
    assert quotable("- Elm is cheap. It\n  splits.\n- Ash is dear.") == [
        "Elm is cheap.", "It\n  splits.", "Ash is dear.",
    ]  # fmt: skip


def test_a_row_has_the_tables_header_as_its_lead() -> None:
    """Without the lines at the table's edge."""
    table = "| Day | Opens |\n|:----|------:|\n| Monday | nine |\n| Sunday | never |"
    assert quotable(table) == ["Day | Opens … Monday | nine", "Day | Opens … Sunday | never"]


def test_code_is_one_passage() -> None:
    """Whatever it holds: of code no sentence is quoted."""
    assert quotable("Type this:\n\n```sh\n# not a heading\nmill --start. Now.\n```") == [
        "Type this: … # not a heading\nmill --start. Now."
    ]


def test_long_code_is_cut_between_lines() -> None:
    """So that it can be shown."""
    code = "\n".join(f"line({n})" for n in range(500))
    parts = quotable(f"```\n{code}\n```")
    assert len(parts) > 3
    assert "\n".join(parts) == code


def test_a_quotation_and_html_are_divided_without_their_marks() -> None:
    """At their edges; inside, a quote is a slice of what stands there."""
    assert quotable("> He left. She stayed.") == ["He left.", "She stayed."]
    assert quotable("<p>He left. She <b>stayed</b>.</p>") == ["He left.", "She <b>stayed</b>."]
    assert quotable("[^a]: The mill is old.") == ["The mill is old."]


@pytest.mark.parametrize(
    "text",
    [
        "**May I smoke?**\n\nNot in the hall. Outside you may.",
        "## Rules\n\nQ: May I smoke?\n\nNot in the hall. Outside you may.",
        "**May I smoke?** Not in the hall. Outside you may.",
        "1. May I smoke?\n\nNot in the hall. Outside you may.",
    ],
)
def test_the_question_of_an_faq_is_the_lead_of_its_answer(text: str) -> None:
    """A question is no answer to itself."""
    assert [line.partition(" … ")[2] for line in quotable(text)] == [
        "Not in the hall.", "Outside you may.",
    ]  # fmt: skip
    assert all("May I smoke? … " in line for line in quotable(text))


@pytest.mark.parametrize(
    "line", ["**It will not open. What now?**", "__My code fails!__", "**Lost something?**"]
)
def test_any_post_in_bold_leads_to_what_stands_behind_it(line: str) -> None:
    """Up to the next one, whether or not it is one question."""
    text = f"**May I sing?**\n\nYes.\n\n{line}\n\nAsk Ann.\n\nShe knows.\n\n## End\n\nBye."
    words = line.strip("*_")
    assert quotable(text) == [
        "May I sing? … Yes.",
        f"{words} … Ask Ann.",
        f"{words} … She knows.",
        "Bye.",
    ]


def test_the_line_before_a_table_is_no_answer() -> None:
    """The rows have the header as their lead."""
    assert quotable("We open:\n\n| Day | At |\n|--|--|\n| Monday | nine |") == [
        "Day | At … Monday | nine"
    ]


def test_a_summary_is_a_heading_and_a_box_no_words() -> None:
    """Of a part that folds out, and of a task."""
    _, pieces = divided("<details><summary>Exit codes</summary>\nZero is good.\n</details>")
    assert [piece.role for piece in pieces] == [Role.HEADING, Role.ANSWER]
    assert quotable("- [ ] Ann: paint.\n- [x] Bo: sweep.") == ["Ann: paint.", "Bo: sweep."]


def test_an_unmarked_question_leads_to_the_next_post_only() -> None:
    """What stands further on is no answer to it."""
    assert quotable("Who?\n\nAnn.\n\nWhere?\n\nOslo.\n\nIt rained.")[-2:] == [
        "Where? … Oslo.",
        "It rained.",
    ]


def test_unmarked_questions_are_an_faq_where_there_are_several() -> None:
    """One alone may be the writer's own."""
    assert quotable("May I smoke?\n\nNo.") == ["May I smoke?", "No."]
    assert quotable("May I smoke?\n\nNo.\n\nMay I sing?\n\nYes. Softly.") == [
        "May I smoke? … No.", "May I sing? … Yes.", "May I sing? … Softly.",
    ]  # fmt: skip


@given(st.lists(any_text.filter(str.strip), max_size=6))
def test_passages_are_slices_in_order(posts: list[str]) -> None:
    """Whatever is typed: none overlaps another, and a lead stands before what it leads to."""
    end, post = 0, 0
    pieces = pieces_of(posts, "en")
    for number, piece in enumerate(pieces):
        if piece.post != post:
            end, post = 0, piece.post
        assert end <= piece.span.start < piece.span.end <= len(posts[piece.post])
        assert piece.lead is None or (
            0 <= piece.lead < number and pieces[piece.lead].role is Role.LEAD
        )
        end = piece.span.end


@given(
    st.lists(st.text(alphabet="ab *_-#>|`:?.1\n<![]()", min_size=1).filter(str.strip), max_size=5)
)
def test_no_markup_breaks_it(posts: list[str]) -> None:
    """However deeply it is nested or badly closed."""
    for piece in pieces_of(posts, "en"):
        assert piece.span.start < piece.span.end <= len(posts[piece.post])


@given(st.text(alphabet="abcAB ,.;'", min_size=1).filter(str.strip))
def test_text_without_markup_is_sentences(text: str) -> None:
    """As it was before there was structure."""
    assert [piece.span for piece in pieces_of([text], "en")] == sentence_spans(text, "en")


@pytest.mark.parametrize(
    "mark",
    [
        "♀",
        "🏻",
        "🇩🇪 ",
        "✅ a\n",
        "a:\n",
        "A:\nb. C.\n",
        "✅ **a** b\n",
        "• ",
        "1️⃣",
        "a\tb\n",
        "** ✅",
    ],
)
def test_marks_by_the_thousand_take_no_time(mark: str) -> None:
    """No pattern goes over them again and again: it would take for ever."""
    assert pieces_of([mark * 3_000 + "x"], "en")


@pytest.mark.parametrize(
    "words",
    ["Write to Ann <ann@example.org>", "Call it as import <FILE>", "Use #include <stdio.h>", "See <https://example.org>"],
)  # fmt: skip
def test_words_in_angle_brackets_that_are_no_tags_are_text(words: str) -> None:
    """Addresses, placeholders and names of files."""
    assert quotable(words) == [words]


@pytest.mark.parametrize("tag", ["<x-note>", "<Tabs value='a'>", "<TabItem/>", "</Tabs>", "<BR/>"])
def test_tags_of_components_are_no_text(tag: str) -> None:
    """Of pages in MDX, and of elements with names of their own."""
    assert quotable(tag) == []


@pytest.mark.parametrize("indent", ["", "    ", "        "])
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_a_list_may_be_indented(indent: str, gap: str) -> None:
    """By as much as code would be: importers know code by its fence."""
    assert quotable(f"Bring:{gap}{indent}* a rope;\n{indent}* a lamp.") == ["Bring: … a rope;", "Bring: … a lamp."]  # fmt: skip


def test_a_list_ends_at_the_lead_of_the_next_one() -> None:
    """As in a history of changes, where no blank line divides them."""
    text = "fees:\n  - doubled\n  - halved for children\nhours:\n  - nine to five"
    assert quotable(text) == [
        "fees: … doubled", "fees: … halved for children", "hours: … nine to five",
    ]  # fmt: skip


def test_numbered_lines_behind_other_text_keep_their_numbers() -> None:
    """Where Markdown sees no list, because the number is not 1."""
    posts, pieces = divided("   Match the port.\n4. Write a story.\n5. Run it.")
    words = [posts[p.post][p.span.start : p.span.end] for p in pieces]
    assert words == ["Match the port.", "4. Write a story.", "5. Run it."]
    assert [piece.item for piece in pieces] == [0, 4, 5]


@pytest.mark.parametrize(
    "contents",
    ["CONTENTS\n\n1. Fees\n2. Opening hours\n3. Dogs", "- Fees 3\n- Opening hours ... 4\n- Dogs 7",
     "Fees\n\nOpening hours\n\nDogs"],
)  # fmt: skip
def test_lines_that_repeat_the_headings_are_a_table_of_contents(contents: str) -> None:
    """With numbers before them and pages behind."""
    body = "## 1. Fees\n\nTwo crowns.\n\n## Opening hours\n\nNine.\n\n## Dogs\n\n- none\n- but guide dogs"
    assert quotable(f"{contents}\n\n{body}") == ["Two crowns.", "Nine.", "none", "but guide dogs"]


def test_one_line_that_repeats_a_heading_is_text() -> None:
    """And two are."""
    text = "Dogs\n\nFees\n\n# Fees\n\nTwo.\n\n# Dogs\n\nNone.\n\n# Hours\n\nNine."
    assert quotable(text) == ["Dogs", "Fees", "Two.", "None.", "Nine."]

"""Web pages: the main text, structure, and what stands around it."""

from __future__ import annotations

import datetime
import html
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import VerbatimError
from bot.texts.formats import html_page
from tests.texts.formats.words import dropped, parse, sentences, texts, words_of

PAGE = """<!DOCTYPE html>
<html lang="en-GB"><head><title>Ferry &amp; pier | Harbour news</title>
<meta name="author" content="Ida Voss"><meta property="article:published_time" content="2021-05-06T10:00Z">
<link rel="canonical" href="https://harbour.example/ferry">
<script type="application/ld+json">{"@type": "Article", "author": {"name": "Somebody else"}}</script></head>
<body><header><nav><a href="/">Home</a> <a href="/news">News</a></nav></header>
<div id="cookie-banner">We use cookies. <button>Fine</button></div>
<main><h1>The  new ferry</h1>
<p>It sails at <b>nine</b>.<sup><a href="#fn1">1</a></sup> Tickets &lt; 5 crowns<br># are sold on board.</p>
<h2>Timetable</h2>
<table><caption>Summer</caption><thead><tr><th>Day<th>Hours</thead><tr><td>Monday<td>9|12<tr><td>Friday<td>10</table>
<ul><li>bicycles<li>dogs <ul><li>small ones</ul><li><p>prams</p><p>without wheels</p></ul>
<ol start="3"><li>queue<li>board</ol>
<dl><dt>Is it heated?<dd>Yes.<dt>Pier<dd>A wooden one.</dl>
<blockquote><p>All aboard</p><p>says the mate</p></blockquote>
<pre>a

 b</pre>
<details><summary>Why so early?</summary>Because of the tide.</details>
<img src="x.png" alt="The ferry"><p hidden>Hidden words</p>
<div class="share-buttons">Share this</div></main>
<footer>© Harbour</footer></body></html>"""


def test_a_page_is_its_main_text_as_markdown() -> None:
    """Headings, lists, tables, quotations and questions keep their form; tags go."""
    draft = parse(html_page, PAGE.encode(), "ferry.html")
    assert draft.posts == (
        "# The new ferry",
        "It sails at nine. Tickets < 5 crowns\n\\# are sold on board.",
        "## Timetable",
        "Summer",
        "| Day | Hours |\n| --- | --- |\n| Monday | 9\\|12 |\n| Friday | 10 |",
        "- bicycles\n- dogs\n  - small ones",
        "- prams",
        "  without wheels",
        "3. queue\n4. board",
        "### Is it heated?",
        "Yes.",
        "- Pier\n  A wooden one.",
        "> All aboard\n>\n> says the mate",
        "```\na\n b\n```",
        "### Why so early?",
        "Because of the tide.",
    )


def test_a_page_says_who_wrote_it_and_when() -> None:
    """In its head, before what JSON-LD says."""
    draft = parse(html_page, PAGE.encode())
    assert (draft.title, draft.author) == ("The new ferry", "Ida Voss")
    assert (draft.url, draft.language) == ("https://harbour.example/ferry", "en-GB")
    assert draft.date == datetime.date(2021, 5, 6)


def test_what_is_around_the_text_is_reported() -> None:
    """Menu, cookies, footer, buttons, pictures, hidden text and the marks of footnotes."""
    reasons = dropped(parse(html_page, PAGE.encode()))
    assert reasons == {
        "around the page's text": "Home News",
        "named as no text": "Share this",
        "the mark of a footnote": "1",
        "no text: <img>": "The ferry",
        "hidden on the page": "Hidden words",
    }


@given(texts)
def test_the_authors_words_come_out_in_order_and_nothing_else(paragraphs: list[str]) -> None:
    """Whatever signs they have in them."""
    body = "".join(f"<p>{html.escape(text)}</p>" for text in paragraphs)
    page = (
        f"<!DOCTYPE html><nav><a href=/>Home</a></nav><main>{body}</main><footer>Imprint</footer>"
    )
    draft = parse(html_page, page.encode())
    assert words_of(draft.posts) == " ".join(paragraphs).split()


_TAGS = st.sampled_from("p div li td h2 blockquote span b dd dt summary th ul table".split())


@given(st.lists(st.tuples(_TAGS, sentences), min_size=1, max_size=8))
def test_no_nesting_of_tags_loses_a_word(parts: list[tuple[str, str]]) -> None:
    """Nor doubles one: broken HTML is HTML."""
    page = "<html><body><p>begin</p>" + "".join(
        f"<{tag}> {html.escape(text)} " for tag, text in parts
    )
    draft = parse(html_page, page.encode())
    expected = ["begin", *" ".join(text for _, text in parts).split()]
    assert sorted(words_of(draft.posts)) == sorted(expected)


@given(st.text(alphabet="<>/ap!-=\"'&;div table td \n", max_size=200))
def test_no_text_crashes_the_reader(text: str) -> None:
    """It is read, or refused in a line."""
    try:
        parse(html_page, f"<html>{text}".encode())
    except VerbatimError as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize("depth", [900, 200_000])
def test_deep_nesting_takes_no_time(depth: int) -> None:
    """The parser's time grows with the square of the depth, so deeper pages are refused."""
    begin = time.perf_counter()
    page = "<html>" + "<div>" * depth + "words"
    if depth < 1_000:
        assert parse(html_page, page.encode()).posts == ("words",)
    else:
        with pytest.raises(VerbatimError, match="nested more than"):
            parse(html_page, page.encode())
    assert time.perf_counter() - begin < 5


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (b"<html><body><script>var a = 1</script></body></html>", "a script fills it in"),
        (b"  ", "is empty"),
    ],
)
def test_a_page_without_text_is_refused(page: bytes, said: str) -> None:
    """With the way out."""
    with pytest.raises(VerbatimError, match=said):
        parse(html_page, page)


@pytest.mark.parametrize(
    ("head", "name", "expected"),
    [
        (b"<!doctype HTML><p>x", "x", True),
        (b"\xef\xbb\xbf\n<!-- saved --><html>", "x", True),
        (b"<p>one</p><p>two</p><p>three</p>", "x", True),
        (b"<p>one</p>", "x.html", True),
        (b"a < b and c > d", "x.html", False),
        (b"# Title\n\n<div>x</div>", "x.md", False),
        (b"<!-- a note --> text", "x", False),
    ],
)
def test_pages_are_known_by_how_they_begin(head: bytes, name: str, expected: bool) -> None:
    """The file's name only helps."""
    assert html_page.matches(head, name) is expected


@pytest.mark.parametrize(
    "page",
    [
        '<meta charset="iso-8859-1"><p>café'.encode("latin-1"),
        "<html><p>café".encode("cp1252"),
        "<html><p>café".encode("utf-16"),
        '<?xml version="1.0" encoding="iso-8859-15"?><html><p>café'.encode("iso-8859-15"),
    ],
)
def test_pages_say_their_encoding(page: bytes) -> None:
    """Or it is guessed."""
    assert parse(html_page, page).posts == ("café",)


def test_a_page_saved_as_one_file_is_read() -> None:
    """MHTML: a message with the page and its pictures as parts."""
    data = (
        b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://pier.example/a\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related; type="text/html"; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html\r\n'
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n<html><p>The pier caf=C3=A9</p></html>\r\n--b--\r\n"
    )
    assert html_page.matches(data, "x.mhtml")
    draft = parse(html_page, data)
    assert (draft.posts, draft.url) == (("The pier café",), "https://pier.example/a")


def test_an_address_in_the_comment_of_a_saved_page_is_its_link() -> None:
    """Browsers write it there."""
    page = (
        b"<!DOCTYPE html>\n<!-- saved from url=(0024)https://pier.example/a -->\n<html><p>Words</p>"
    )
    assert parse(html_page, page).url == "https://pier.example/a"


def test_menus_without_a_name_are_links_alone() -> None:
    """A paragraph with links in it stays."""
    menu = "".join(f"<li><a href=/{i}>Menu {i}</a>" for i in range(6))
    text = "<p>See <a href=/a>one</a>, <a href=/b>two</a> and <a href=/c>three</a> of the many piers of this town.</p>"
    draft = parse(html_page, f"<html><body><ul>{menu}</ul>{text * 3}</body></html>".encode())
    assert len(draft.posts) == 3
    assert "links alone" in dropped(draft)


def test_layout_tables_are_no_tables() -> None:
    """Their cells are read one after the other."""
    page = (
        b"<html><table><tr><td><p>First</p><p>Second</p></td></tr><tr><td>Third</td></tr></table>"
    )
    assert parse(html_page, page).posts == ("First", "Second", "Third")


def test_the_buttons_of_an_faq_are_its_questions() -> None:
    """Also where a script has hidden the answers until one is clicked; other buttons are no text."""
    page = b"""<!DOCTYPE html><body><h1>FAQ</h1><p>Ask us.</p>
    <h3><button aria-expanded="false" aria-controls="a">When do you open?</button></h3>
    <div id="a" hidden><p>At nine.</p></div>
    <button class="accordion">Parking</button><div class="panel" style="display: none"><p>Behind the barn.</p></div>
    <button>Send</button><div hidden><p>Sent!</p></div></body>"""
    draft = parse(html_page, page)
    assert draft.posts == (
        "# FAQ", "Ask us.", "### When do you open?", "At nine.", "#### Parking", "Behind the barn.",
    )  # fmt: skip
    assert dropped(draft) == {"a control of the page": "Send", "hidden on the page": "Sent!"}


def test_comments_of_google_docs_are_not_the_authors() -> None:
    """They stand below the text of an exported document; its title is set as one."""
    page = (
        '<html><body class="c5 doc-content"><p class="c3 title"><span>Harbour rules</span></p><h1>Fees</h1><p>The fee is 240.'
        '<sup><a href="#cmnt1" id="cmnt_ref1">[a]</a></sup></p><div class="c9"><p><a href="#cmnt_ref1" id="cmnt1">[a]</a>'
        "<span>Is this right?</span></p></div></body></html>"
    )
    draft = parse(html_page, page.encode())
    assert draft.posts == ("# Fees", "The fee is 240.")
    assert draft.title == "Harbour rules"
    assert "a comment on the document" in dropped(draft)


def test_a_section_named_after_its_heading_is_text() -> None:
    """Whatever it is called, if its heading links to it as handbooks do; so are headings, and comments in code."""
    page = """<html><body><main><h1>Editor¶</h1><p>{0}</p>
<section id="file-menu"><h2>File menu<a class="headerlink" href="#file-menu">¶</a></h2><p>Opens a file.</p></section>
<h2 id="sharing">Sharing</h2><p>Press share.</p><pre><code>go() <span class="hljs-comment">// prints 1</span></code></pre>
<section id="comments"><h2>Comments</h2><p>Nice post!</p></section></main></body></html>"""
    draft = parse(html_page, page.format("It edits. " * 9).encode())
    text = "\n".join(draft.posts)
    assert "Opens a file." in text
    assert "## Sharing" in text
    assert "go() // prints 1" in text
    assert "Nice post!" not in text
    assert draft.title == "Editor"


@pytest.mark.parametrize(
    ("shown", "heading", "title"),
    [
        ("The lock | Harbour", "Harbour", "The lock"),
        ("The lock | Harbour", "The lock", "The lock"),
        ("Harbour", "The\u00a0lock", "The lock"),
    ],
)
def test_the_name_of_the_site_is_no_title(shown: str, heading: str, title: str) -> None:
    """Where the only heading of the first level is that of every page."""
    page = f"<html><head><title>{shown}</title></head><body><h1>{heading}</h1><p>Words</p></body></html>"
    assert parse(html_page, page.encode()).title == title

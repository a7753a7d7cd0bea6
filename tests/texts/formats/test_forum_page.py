"""Saved pages of forums, each in the shape of its program."""

from __future__ import annotations

import io

import pytest

from bot.texts.formats import forum_page
from bot.texts.formats.draft import Draft
from bot.texts.importing import parse_file
from tests.texts.formats.samples import draft_of, reasons

DISCOURSE = """<!DOCTYPE html><html lang="en"><head><title>Kiln stops - Forum</title>
<link rel="canonical" href="https://forum.example/t/kiln/812"></head><body class="crawler"><header>Forum</header>
<div id="post_1" class="topic-body crawler-post"><div class="crawler-post-meta"><span class="creator"><a>
<span>ada</span></a></span>
<time datetime="2024-05-03T10:02:00Z">May 3</time><span>1</span></div><div class="post"><p>What does E3 mean?</p></div></div>
<div id="post_2" class="topic-body crawler-post"><div class="crawler-post-meta"><span class="creator"><a>
<span>ben</span></a></span>
<time datetime="2024-05-03T11:00:00Z">May 3</time></div><div class="post"><aside class="quote">ada: What does E3</aside>
<p>The probe is worn out.</p><p>Replace it.</p></div><div class="crawler-post-likes">4 Likes</div></div>
<div id="related-topics"><h3>Related topics</h3></div></body></html>"""

HACKER_NEWS = """<html lang="en" op="item"><head><title>Kiln stops</title></head><body><table class="comment-tree">
<tr class="athing comtr" id="2"><td><a class="hnuser">ada</a> <span class="age" title="2024-05-03T10:02:00 1714730520">
<a>1 hour ago</a></span>
<div class="commtext c00">What does E3 mean?</div><div class="reply">reply</div></td></tr>
<tr class="athing comtr" id="3"><td><a class="hnuser">ben</a> <span class="age" title="2024-05-03T11:00:00 1714734000">
<a>now</a></span>
<div class="commtext c00">The probe is worn out.<p>Replace it.</p></div><div class="reply">reply</div></td></tr>
</table></body></html>"""

REDDIT = """<html><head><title>Kiln stops</title></head><body><shreddit-post author="ada">
<time datetime="2024-05-03T10:02:00Z"></time>
<div slot="text-body"><p>What does E3 mean?</p></div></shreddit-post><shreddit-comment author="ben">
<time datetime="2024-05-03T11:00:00Z">
</time><div slot="comment"><p>The probe is worn out.</p><p>Replace it.</p></div><button>Reply</button>
</shreddit-comment></body></html>"""

STACK_EXCHANGE = """<html><head><title>Kiln stops</title></head><body><div class="question"><div class="js-post-body">
<p>What does E3 mean?</p>
</div><div class="post-signature"><time datetime="2024-05-03 10:02:00Z"></time><div class="user-details"><a>ada</a>
</div></div></div>
<div class="answer"><div class="js-post-body"><p>The probe is worn out.</p><p>Replace it.</p></div><div class="post-signature">
<time datetime="2024-05-03 11:00:00Z"></time><div class="user-details"><a>ben</a></div></div></div></body></html>"""


@pytest.mark.parametrize("page", [DISCOURSE, HACKER_NEWS, REDDIT, STACK_EXCHANGE])
def test_every_post_is_its_authors(page: str) -> None:
    """What stands around the posts is in none of them."""
    draft = parse_file(io.BytesIO(page.encode()), "page.html", names=True)
    assert isinstance(draft, Draft)
    assert draft.format == forum_page.LABEL
    assert draft.posts == (
        '<!-- message author="ada" date="2024-05-03T10:02Z" -->', "What does E3 mean?",
        '<!-- message author="ben" date="2024-05-03T11:00Z" -->', "The probe is worn out.", "Replace it.",
    )  # fmt: skip


def test_nobody_is_the_author_of_all_posts() -> None:
    """The site is; names are kept only where the curator says so, and what is quoted of others is reported."""
    draft = draft_of(DISCOURSE)
    assert (draft.author, draft.title) == ("forum.example", "Kiln stops - Forum")
    assert "author=" not in "".join(draft.posts)
    assert reasons(draft)["quoted from another post"] == 1


def test_a_page_with_one_post_is_an_article() -> None:
    """Other pages use the same names of classes."""
    page = '<!DOCTYPE html><body><div class="topic-post"><div class="cooked"><p>Only one.</p></div></div>'
    assert draft_of(page).format == "HTML page"

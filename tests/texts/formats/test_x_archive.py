"""Archives of X: threads out of `tweets.js`, long posts out of `note-tweet.js`."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import VerbatimError
from bot.texts.formats import x_archive
from bot.texts.formats.draft import Draft
from bot.texts.importing import parse_file
from tests.samples import parse_text
from tests.texts.formats.samples import FILES, collection_of, reasons

THREAD = "1592000000000000001"
LONG = (
    "A lock of eight gates, one above the other, is called a staircase, and a boat that has entered its lowest"
    " chamber must climb them all: nobody can turn round half-way, and nobody can pass.\nAllow ninety minutes."
)
POSTS = (
    "How a canal lock works, & why boats wait: a thread https://example.org/locks?a=1&b=2",
    "The upper gate stays shut while x < y.\nWater falls through two sluices.",
    LONG,
    "One correction: the sluices are called paddles here.",
)


def from_path(path: Path) -> Any:
    with path.open("rb") as file:
        found = parse_file(file, path.name)
        assert not isinstance(found, Draft)
        return list(found), found.parse(THREAD), reasons(found), found.original(THREAD)


@pytest.mark.parametrize("first", ["tweets.js", "note-tweet.js"])
def test_a_thread_is_read_with_its_long_posts_from_the_file_beside(first: str) -> None:
    """Words as they were written: entities decoded, links expanded, no link to a picture; in order of the replies."""
    entries, draft, dropped, _ = from_path(FILES / first)
    assert [(entry.id, entry.posts) for entry in entries] == [(THREAD, 4), ("single-posts", 1)]
    assert draft.posts == POSTS
    assert draft.author == "@LockKeeper"
    assert draft.url == f"https://x.com/LockKeeper/status/{THREAD}"
    assert str(draft.date) == "2022-11-16"
    assert dropped == {"a retweet": 1, "a reply to another member: --pick ID takes it": 1}


def test_a_branch_is_reported() -> None:
    """It comes after the branch that began earlier."""
    draft = from_path(FILES / "tweets.js")[1]
    assert draft.notes == (
        "the thread branches: post 4 goes on from an earlier post than the one before",
    )


def test_any_post_of_a_thread_names_it() -> None:
    """By id or link; a reply to another member can be taken too."""
    found = collection_of((FILES / "tweets.js").read_bytes())
    assert (
        found.parse("https://x.com/LockKeeper/status/1592000000000000003").url
        == found.parse(THREAD).url
    )
    assert found.parse("1592000000000000006").posts == ("@visitor Yes, dogs may come along.",)
    assert found.parse("single-posts").posts == ("Closed for frost today.",)
    with pytest.raises(VerbatimError, match="has no post by its owner with the id 5"):
        found.parse("5")


def test_what_is_cut_out_for_a_thread_is_the_same_thread() -> None:
    """With its long posts, so that it can be imported again without the archive."""
    _, draft, _, original = from_path(FILES / "tweets.js")
    again = parse_text(original.data, original.name).draft
    assert again.posts == draft.posts


@pytest.mark.parametrize("change", ["bare", "semicolon", "part", "old", "marked"])
def test_every_shape_of_the_file_is_read(change: str) -> None:
    """Bare JSON, a semicolon at the end, another part, posts without the wrapper, a byte order mark."""
    text = (FILES / "tweets.js").read_text(encoding="utf-8")
    posts = json.loads(text.partition("=")[2])
    shapes = {
        "bare": json.dumps(posts),
        "semicolon": text + ";\n",
        "part": text.replace("tweets.part0", "tweet.part12"),
        "old": "window.YTD.tweet.part0 = " + json.dumps([one["tweet"] for one in posts]),
        "marked": "\ufeff" + text,
    }
    found = collection_of(shapes[change].encode())
    assert found.parse(THREAD).posts[:2] == POSTS[:2]


def test_the_zip_of_an_archive_is_read_as_it_is(tmp_path: Path) -> None:
    """With all parts; other files of it are not looked at."""
    with zipfile.ZipFile(tmp_path / "archive.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Your archive.html", "<html>")
        for name in ("tweets.js", "note-tweet.js"):
            archive.write(FILES / name, f"data/{name}")
        archive.writestr("data/direct-messages.js", "window.YTD.direct_messages.part0 = [broken")
    _, draft, _, _ = from_path(tmp_path / "archive.zip")
    assert draft.posts == POSTS


def test_a_zip_bomb_is_refused() -> None:
    """Before it fills the disk."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data/tweets.js", b" " * (64 << 20))
    with pytest.raises(VerbatimError, match="it is not an archive of X"):
        collection_of(data.getvalue())


def test_another_file_of_the_archive_is_named() -> None:
    """Messages and account data are never read."""
    with pytest.raises(VerbatimError, match="is the archive's file of direct_messages"):
        collection_of(b'window.YTD.direct_messages.part0 = [ {"dmConversation": {}} ]')


def test_an_earlier_version_of_an_edited_post_is_dropped() -> None:
    """And replies to it belong to the last one."""

    def post(number: int, versions: list[str], parent: str = "") -> dict[str, Any]:
        reply = (
            {"in_reply_to_status_id_str": parent, "in_reply_to_user_id_str": "7"} if parent else {}
        )
        edits = {"edit_info": {"initial": {"editTweetIds": versions}}}
        return {"tweet": {"id_str": str(number), "full_text": f"post {number}", **reply, **edits}}

    posts = [post(1, ["1", "2"]), post(2, ["1", "2"]), post(3, ["3"], "1")]
    draft = parse_text(json.dumps(posts).encode(), "tweets.js").draft
    assert draft.posts == ("post 2", "post 3")


@pytest.mark.parametrize(
    "end", [b"", b"{", b'{"tweet": {"id_str": "1", "full_text": "x', b"[" * 100_000, b"\xff"]
)
def test_a_damaged_file_is_one_line(end: bytes) -> None:
    """Truncated, nested too deeply, or no UTF-8."""
    with pytest.raises(VerbatimError, match=r"its JSON .* export or download it again") as caught:
        x_archive.parse(io.BytesIO(b"window.YTD.tweets.part0 = [" + end), "tweets.js")
    assert len(caught.value.problems) == 1


def test_posts_that_reply_to_each_other_in_a_circle_end() -> None:
    """No archive has them, but somebody may make one."""
    posts = [
        {
            "tweet": {
                "id_str": a,
                "full_text": a,
                "in_reply_to_status_id_str": b,
                "in_reply_to_user_id_str": "7",
            }
        }
        for a, b in (("1", "2"), ("2", "1"), ("3", "3"))
    ]
    found = collection_of(json.dumps(posts).encode())
    assert {post for entry in found for post in found.parse(entry.id).posts} == {"1", "2", "3"}


words = (
    st.text("abcdef é’“&<>#", min_size=1, max_size=40)
    .map(str.strip)
    .filter(lambda t: t and "<!--" not in t)
)


@given(st.lists(words, min_size=2, max_size=8), st.randoms())
def test_the_authors_words_come_out_in_order(texts: list[str], random: Any) -> None:
    """Of a thread in a file in any order, and nothing else does."""
    posts = []
    for number, text in enumerate(texts, 1):
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        reply = {"in_reply_to_status_id_str": str(number - 1), "in_reply_to_user_id_str": "7"}
        posts.append(
            {
                "tweet": {
                    "id_str": str(number),
                    "full_text": escaped,
                    **(reply if number > 1 else {}),
                }
            }
        )
    posts.append({"tweet": {"id_str": "99", "full_text": "RT @other: not mine"}})
    random.shuffle(posts)
    assert list(parse_text(json.dumps(posts).encode(), "tweets.js").draft.posts) == texts


def test_an_unpacked_archive_has_its_parts_side_by_side(tmp_path: Path) -> None:
    """A second part is read with the first."""
    text = (FILES / "tweets.js").read_text(encoding="utf-8")
    posts = json.loads(text.partition("=")[2])
    (tmp_path / "tweets.js").write_text(
        "window.YTD.tweets.part0 = " + json.dumps(posts[:3]), encoding="utf-8"
    )
    (tmp_path / "tweets-part1.js").write_text(
        "window.YTD.tweets.part1 = " + json.dumps(posts[3:]), encoding="utf-8"
    )
    shutil.copy(FILES / "note-tweet.js", tmp_path)
    assert from_path(tmp_path / "tweets.js")[1].posts == POSTS

"""From a file of every format, through the knowledge folder, to quotes: they are the author's text, all of it, in order."""

from __future__ import annotations

import html
import io
import json
import tempfile
import textwrap
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.models import Role
from bot.texts.folder import read_folder, write_source
from bot.texts.formats import registry
from bot.texts.formats.draft import Draft
from bot.texts.importing import Metadata, complete, parse_file
from bot.texts.structure import passages_of
from tests.texts.formats import (
    test_docx,
    test_epub,
    test_odt,
    test_pptx,
    test_reddit,
    test_telegram,
    test_workbook,
)
from tests.texts.formats.hostile import zipped
from tests.texts.formats.seeds import SEEDS
from tests.texts.formats.small_pdf import Placed, pdf
from tests.texts.formats.test_bluesky import DID, record, repository
from tests.texts.formats.test_rtf import encoded

Texts = list[str]
MADE = "2024-05-03T10:{:02d}:00Z"


def tweets(texts: Texts) -> bytes:
    posts = [
        {"tweet": {"id_str": str(100 + i), "full_text": html.escape(text, quote=False),
                   "created_at": f"Fri May 03 10:{i:02d}:00 +0000 2024",
                   **({"in_reply_to_status_id_str": str(99 + i)} if i else {})}}
        for i, text in enumerate(texts)
    ]  # fmt: skip
    return b"window.YTD.tweets.part0 = " + json.dumps(posts).encode()


def channel(texts: Texts) -> bytes:
    messages = [
        {
            "id": str(i),
            "type": "Default",
            "timestamp": MADE.format(i),
            "content": text,
            "author": {"isBot": False},
        }
        for i, text in enumerate(texts)
    ]
    return json.dumps(
        {"guild": {"id": "1", "name": "G"}, "channel": {"id": "2"}, "messages": messages}
    ).encode()


def skyline(texts: Texts) -> bytes:
    thread: dict[str, object] = {}
    for i, text in reversed(list(enumerate(texts))):
        post = {"uri": f"at://x/{i}", "author": {"did": "d", "handle": "ida.example"},
                "record": {"text": text, "createdAt": MADE.format(i)}}  # fmt: skip
        thread = {"post": post, "replies": [thread] if thread else []}
    return json.dumps({"thread": thread}).encode()


def repo(texts: Texts) -> bytes:
    at = f"at://{DID}/app.bsky.feed.post/3k{{}}".format
    letters = "abcdefgh"
    return repository(
        {f"app.bsky.feed.post/3k{letters[i]}": record(text, at(letters[i - 1]) if i else None, i)
         for i, text in enumerate(texts)}
    )  # fmt: skip


def toots(texts: Texts) -> bytes:
    at = "https://x.example/users/ida/statuses/{}".format
    items = [
        {"type": "Create", "actor": "https://x.example/users/ida", "published": MADE.format(i),
         "to": ["https://www.w3.org/ns/activitystreams#Public"],
         "object": {"id": at(i), "type": "Note", "inReplyTo": at(i - 1) if i else None, "published": MADE.format(i),
                    "attributedTo": "https://x.example/users/ida",
                    "to": ["https://www.w3.org/ns/activitystreams#Public"],
                    "content": f"<p>{html.escape(text)}</p>"}}
        for i, text in enumerate(texts)
    ]  # fmt: skip
    return json.dumps({"type": "OrderedCollection", "orderedItems": items}).encode()


def threads(texts: Texts) -> bytes:
    posts = [
        {
            "media": [
                {"title": text.encode().decode("latin-1"), "creation_timestamp": 1_700_000_000 + i}
            ]
        }
        for i, text in enumerate(texts)
    ]
    return json.dumps({"text_post_app_text_posts": posts}).encode()


def unrolled_page(texts: Texts) -> bytes:
    posts = "".join(
        f'<div id="tweet_{i}" class="content-tweet" data-screenname="ida">{html.escape(text)}</div>'
        for i, text in enumerate(texts, 1)
    )
    head = '<link rel="canonical" href="https://threadreaderapp.com/thread/1.html">'
    return f"<!DOCTYPE html><html><head>{head}</head><body>{posts}".encode()


def paged(texts: Texts) -> bytes:
    lines, y = [], 780.0
    for text in texts:
        for line in textwrap.wrap(text, 80):
            lines.append(Placed(72, y, line))
            y -= 14
        y -= 16
    return pdf([lines])


def message(texts: Texts) -> bytes:
    made = EmailMessage()
    made["From"], made["Date"], made["Subject"] = (
        "Ida <i@x.example>",
        "Fri, 3 May 2024 10:00:00 +0200",
        "S",
    )
    made["Message-ID"] = "<1@x>"
    made.set_content("\n\n".join(texts) + "\n")
    return made.as_bytes()


def rich_text(texts: Texts) -> bytes:
    body = "".join(encoded(text) + r"\par " for text in texts)
    return (r"{\rtf1\ansi " + body + "}").encode()


def substation(texts: Texts) -> bytes:
    fields = "Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text"
    lines = (
        f"Dialogue: 0,0:0{i}:00.00,0:0{i}:30.00,Default,,0,0,0,,{text}"
        for i, text in enumerate(texts)
    )
    return "\n".join(("[Script Info]", "[Events]", f"Format: {fields}", *lines)).encode()


def cues(texts: Texts, comma: str) -> str:
    return "\n\n".join(
        f"00:0{i}:00{comma}000 --> 00:0{i}:30{comma}000\n{text}" for i, text in enumerate(texts)
    )


def paragraphs(texts: Texts) -> bytes:
    return "\n\n".join(texts).encode()


WRITERS: Mapping[str, Callable[[Texts], bytes]] = {
    "x-archive": tweets,
    "discord": channel,
    "telegram": lambda texts: test_telegram.export(
        [{"id": i, "type": "message", "from": "Ada", "text": [text]} for i, text in enumerate(texts)]
    ),
    "slack": lambda texts: json.dumps(
        [{"type": "message", "user": "U", "text": text, "ts": f"171472332{i}.000100"} for i, text in enumerate(texts)]
    ).encode(),
    "bluesky": skyline,
    "bluesky-car": repo,
    "mastodon": toots,
    "threads": threads,
    "reddit": lambda texts: json.dumps(test_reddit.listing(*map(test_reddit.comment, texts))).encode(),
    "json-faq": lambda texts: json.dumps([{"question": f"Q{i}?", "answer": t} for i, t in enumerate(texts)]).encode(),
    "threadreader-page": unrolled_page,
    "forum-page": lambda texts: (
        "<!DOCTYPE html><body>"
        + "".join(f'<div class="crawler-post"><div class="post"><p>{html.escape(t)}</p></div></div>' for t in texts)
    ).encode(),
    "html": lambda texts: f"<!DOCTYPE html><body>{''.join(f'<p>{html.escape(t)}</p>' for t in texts)}".encode(),
    "pdf": paged,
    "epub": lambda texts: test_epub.book(**{
        "OPS/one.xhtml": f"<html><body>{''.join(f'<p>{html.escape(t)}</p>' for t in texts)}</body></html>",
        "OPS/two b.xhtml": "<html><body></body></html>",
    }),
    "docx": lambda texts: test_docx.document("".join(map(test_docx.paragraph, texts))),
    "xlsx": lambda texts: test_workbook.book(S=[["Number", "Said"], *([i, text] for i, text in enumerate(texts))]),
    "pptx": lambda texts: test_pptx.slides(*(test_pptx.shape(test_pptx.paragraph(text)) for text in texts)),
    "odt": lambda texts: test_odt.document("".join(f"<text:p>{html.escape(t)}</text:p>" for t in texts)),
    "rtf": rich_text,
    "opml": lambda texts: (
        f"<opml><body>{''.join(f'<outline text={json.dumps(text, ensure_ascii=False)}/>' for text in texts)}</body></opml>"
    ).encode(),
    "ass": substation,
    "subtitles": lambda texts: ("WEBVTT\n\n" + cues(texts, ".")).encode(),
    "mbox": lambda texts: b"From ida@x Fri May  3 10:00:00 2024\n" + message(texts),
    "email": message,
    "zip": lambda texts: zipped({"one.txt": paragraphs(texts)}),
    "obsidian": lambda texts: b"![[a.png]]\n\n" + paragraphs(texts),
    "mediawiki": lambda texts: b"== A ==\n{{Stub}}\n\n" + paragraphs(texts),
    "knowledge": lambda texts: b"---\ntitle: T\nauthor: A\n---\n" + paragraphs(texts),
    "whatsapp": lambda texts: "".join(f"1{i}/05/2024, 10:02 - Ada: {text}\n" for i, text in enumerate(texts)).encode(),
    "reddit-paste": lambda texts: "".join(f"u/ada avatar\nada\n•\n3y ago\n{text}\n\nUpvote\n2\n" for text in texts).encode(),
    "pasted-chat": lambda texts: "".join(f"Ada — Today at 10:0{i}\n{text}\n" for i, text in enumerate(texts)).encode(),
    "gutenberg": lambda texts: b"*** START OF THE PROJECT GUTENBERG EBOOK X ***\n\n" + paragraphs(texts),
    "twtext": lambda texts: ("\n".join(texts) + "\nYou can follow @ida.\n").encode(),
    "threadreader": lambda texts: b"Share this page!\n\n" + paragraphs(texts) + b"\n\nKeep Current with Ida\n",
    "wikipedia-paste": lambda texts: b"A\nFrom Wikipedia, the free encyclopedia\n\n" + paragraphs(texts),
    "numbered": lambda texts: "\n\n".join(f"{i}/ {text}" for i, text in enumerate(texts, 1)).encode(),
    "copied": lambda texts: "\n".join(f"Ida @ida · May 3\n{text}\n12\n34" for text in texts).encode(),
    "transcript": lambda texts: "\n".join(f"{i}:00\n{text}" for i, text in enumerate(texts)).encode(),
    "csv": lambda texts: ("Number,Said\n" + "".join(f'{i},"{t}"\n' for i, t in enumerate(texts))).encode(),
    "dialogue": lambda texts: "\n\n".join(
        f"ANN: {first}\n\nBEN: {rest}" for first, rest in (text.split(" ", 1) for text in texts)
    ).encode(),
    "org": lambda texts: b"#+TITLE: T\n\n* A\n" + paragraphs(texts),
    "latex": lambda texts: b"\\documentclass{a}\n\\begin{document}\n" + paragraphs(texts) + b"\n\\end{document}\n",
    "rfc": lambda texts: (
        "Request for Comments: 1\n\n" + " " * 20 + "T\n\n" + "\n\n".join(f"   {text}" for text in texts)
        + "\n\nVoss          Memo        [Page 1]\n\n\nVoss          Memo        [Page 2]\n"
    ).encode(),
    "man": lambda texts: (
        "LOCK(1)   Harbour   LOCK(1)\n\nNAME\n" + "\n\n".join(f"       {text}" for text in texts) + "\n"
    ).encode(),
    "rst": lambda texts: b"Title\n=====\n\n.. contents::\n\n" + paragraphs(texts),
    "asciidoc": lambda texts: b"= Title\nIda Voss <i@x.example>\n:toc:\n\n" + paragraphs(texts),
    "markdown": lambda texts: b"# Title\n\n" + paragraphs(texts),
    "paragraphs": paragraphs,
}  # fmt: skip

_NUMBERED_ROWS = ("csv", "xlsx")
"""Formats of tables: here, another cell stands beside the words."""

words = st.text("abcdefgxyzéßñжйא漢", min_size=2, max_size=8)
texts = st.lists(
    st.lists(words, min_size=2, max_size=7).map(lambda found: f"W{' '.join(found)}."),
    min_size=3,
    max_size=5,
    unique=True,
)


def quoted(data: bytes, name: str) -> list[str]:
    """Import a file, write it, read the folder, and return all that can be quoted."""
    called = f"file.{name}"  # a table cannot always be told from a text by its contents
    found = parse_file(io.BytesIO(data), called)
    draft = found if isinstance(found, Draft) else found.parse(next(iter(found)).id)
    assert name == registry.choose(io.BytesIO(data), called).NAME
    with tempfile.TemporaryDirectory() as folder:
        write_source(complete(draft, called, Metadata("T", "A")).source, Path(folder))
        (source,) = read_folder(Path(folder)).sources
    return [passage.text for passage in passages_of(source) if passage.role is Role.ANSWER]


def test_every_format_is_tried() -> None:
    """Here, and by fuzzing."""
    assert set(WRITERS) == set(SEEDS) == set(registry.MODULES)


@pytest.mark.parametrize("name", WRITERS)
@settings(max_examples=6)
@given(said=texts)
def test_quotes_are_the_authors_text(name: str, said: Texts) -> None:
    """All of it, in order, and nothing else."""
    if name == "pdf":  # a small one has no other letters than those of Windows-1252
        said = [
            text.encode("cp1252", "replace").decode("cp1252").replace("?", "o") for text in said
        ]
    in_rows = name in _NUMBERED_ROWS
    expected = [f"{i} | {text}" if in_rows else text for i, text in enumerate(said)]
    quotes = quoted(WRITERS[name](said), name)
    assert "".join("".join(quotes).split()) == "".join("".join(expected).split())


@pytest.mark.parametrize("name", SEEDS)
def test_every_format_has_a_file_of_its_real_shape(name: str) -> None:
    """It is recognised by its contents, and quotes come out of it."""
    assert quoted(SEEDS[name], name)

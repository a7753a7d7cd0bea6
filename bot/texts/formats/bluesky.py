"""A thread of Bluesky as its programming interface gives it: getPostThread, also in its second version."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from bot.errors import Problem, VerbatimError
from bot.texts.formats import json_stream
from bot.texts.formats.draft import Draft, DropTally
from bot.texts.formats.json_stream import at, list_at, text_at
from bot.texts.formats.reply_trees import branching, trees
from bot.texts.formats.social_posts import commonest_language, day_of, post_text, seconds_of

NAME = "bluesky"
LABEL = "Bluesky thread"

_THREAD = re.compile(rb'"thread"\s*:\s*[\[{]')
_POST = re.compile(rb'"(?:post|value)"\s*:\s*\{')
_LINK = "app.bsky.richtext.facet#link"


def matches(head: bytes, name: str) -> bool:
    """Tell whether a file is JSON with a thread of posts that have records."""
    begins = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"
    return begins and all((_THREAD.search(head), _POST.search(head), b'"record"' in head))


def parse(file: BinaryIO, name: str) -> Draft:
    """Keep the posts that the author of the first one wrote in reply to themselves.

    Raises:
        VerbatimError: the JSON is damaged, or the first post cannot be seen.

    """
    thread = at(json_stream.load(file, name), "thread")
    dropped = DropTally()
    parents: dict[str, str | None] = {}
    posts: dict[str, Any] = {}
    for post, above in _posts(thread, dropped):
        posts[_key(post)] = post
        parents[_key(post)] = text_at(post, "record", "reply", "parent", "uri") or above
    if not posts:
        reason = "contains no post: it was deleted, or its author has blocked whoever fetched it"
        raise VerbatimError(Problem(name, reason))
    first = next((key for key in posts if parents[key] not in posts), next(iter(posts)))
    author = _author(posts[first])
    own = {key: post for key, post in posts.items() if _author(post) == author}
    for key in posts.keys() - own.keys():
        dropped.add(text_at(posts[key], "record", "text"), "a post of another member")
    times = {key: seconds_of(text_at(post, "record", "createdAt")) for key, post in own.items()}
    thread_of_first = next(
        (t for t in trees({k: parents[k] for k in own}, times) if first in t), [first]
    )
    for key in own.keys() - set(thread_of_first):
        dropped.add(text_at(own[key], "record", "text"), "the author's reply to another member")
    note = branching(thread_of_first, parents)
    return draft_of(LABEL, [own[key]["record"] for key in thread_of_first], dropped, note, author=_handle(own[first]),
                    url=_link(first, own[first]))  # fmt: skip


def draft_of(
    label: str,
    records: list[Any],
    dropped: DropTally,
    note: str | None,
    *,
    author: str | None,
    url: str | None,
) -> Draft:
    """Make a draft of the records of a thread's posts, in reading order."""
    texts = [(record, post_text(expanded(record), dropped)) for record in records]
    for record, text in texts:
        if not text:
            dropped.add(
                str(at(record, "embed", "$type") or "an empty post"), "a post without words"
            )
    first = records[0] if records else None
    codes = [
        code for record in records for code in list_at(record, "langs")[:1] if isinstance(code, str)
    ]
    return Draft(
        label,
        tuple(text for _, text in texts if text),
        author=author,
        dropped=dropped.lines,
        notes=(note,) if note else (),
        url=url,
        date=day_of(text_at(first, "createdAt")),
        language=commonest_language(codes),
    )


def expanded(record: Any) -> str:
    """Return the text of a record, links in full that Bluesky shows cut short.

    The places of links are offsets in UTF-8.
    """
    data = text_at(record, "text").encode()
    links: list[tuple[int, int, bytes]] = []
    for facet in list_at(record, "facets"):
        start, end = at(facet, "index", "byteStart"), at(facet, "index", "byteEnd")
        uris = [
            text_at(one, "uri")
            for one in list_at(facet, "features")
            if text_at(one, "$type") == _LINK
        ]
        if uris and type(start) is int and type(end) is int and 0 <= start < end <= len(data):
            shown = data[start:end].decode(errors="replace").removesuffix("...").removesuffix("…")
            cut = data[start:end].endswith((b"...", "…".encode()))
            if cut and re.sub(r"https?://(www\.)?", "", uris[0]).startswith(
                re.sub(r"https?://(www\.)?", "", shown)
            ):
                links.append((start, end, uris[0].encode()))
    begin = len(data)
    for start, end, uri in sorted(links, reverse=True):
        if end <= begin:
            data, begin = data[:start] + uri + data[end:], start
    return data.decode(errors="replace")


def _posts(thread: Any, dropped: DropTally) -> Iterator[tuple[Any, str | None]]:
    """Yield every post that can be seen, those above first, with the key of the one that it stands below."""
    if isinstance(thread, list):  # the second version: in reading order
        for item in thread:
            yield from ((post, None) for post in _visible(at(item, "value"), dropped))
        return
    chain = [thread]
    while isinstance(at(chain[-1], "parent"), dict):
        chain.append(chain[-1]["parent"])
    above: str | None = None
    for node in reversed(chain[1:]):
        for post in _visible(node, dropped):
            yield post, above
            above = _key(post)
    waiting: list[tuple[Any, str | None]] = [(thread, above)]
    while waiting:
        node, above = waiting.pop()
        for post in _visible(node, dropped):
            yield post, above
            above = _key(post)
        waiting.extend((reply, above) for reply in reversed(list_at(node, "replies")))


def _visible(node: Any, dropped: DropTally) -> Iterator[Any]:
    post = at(node, "post")
    if isinstance(at(post, "record"), dict):
        yield post
    elif node is not None:
        kind = text_at(node, "$type").rpartition("#")[2] or "unknown"
        dropped.add(kind, "a post that cannot be seen: deleted, or blocked")


def _key(post: Any) -> str:
    return text_at(post, "uri") or f"#{id(post)}"


def _author(post: Any) -> str:
    return text_at(post, "author", "did") or text_at(post, "author", "handle")


def _handle(post: Any) -> str | None:
    handle = text_at(post, "author", "handle")
    return f"@{handle}" if handle and handle != "handle.invalid" else None


def _link(uri: str, post: Any) -> str | None:
    who = text_at(post, "author", "handle") or text_at(post, "author", "did")
    key = uri.rpartition("/")[2]
    return f"https://bsky.app/profile/{who}/post/{key}" if who and uri.startswith("at://") else None

"""Posts of Mastodon: the `outbox.json` of an export, a post's context, or a list of posts, as its API gives them."""

from __future__ import annotations

import re
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from bot.errors import Problem, VerbatimError
from bot.texts.formats import json_stream
from bot.texts.formats.draft import Draft, DropTally
from bot.texts.formats.json_stream import at, list_at, text_at
from bot.texts.formats.social_posts import commonest_language, day_of, html_text, post_text
from bot.texts.formats.thread_collection import PostRecord, ThreadCollection

NAME = "mastodon"
LABEL = "Mastodon export"

_CONTEXT = re.compile(rb"\s*\{\s*\"(?:ancestors|descendants)\"\s*:\s*\[")
_STATUS = (b'"in_reply_to_id"', b'"content"', b'"account"')
_PUBLIC = ("https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public")
_VISIBLE = frozenset({"", "public", "unlisted"})


def matches(head: bytes, name: str) -> bool:
    """Tell whether a file is the JSON of an outbox, a context or posts."""
    head = head.removeprefix(b"\xef\xbb\xbf")
    if head.lstrip()[:1] not in {b"{", b"["}:
        return False
    outbox = b'"orderedItems"' in head and b"OrderedCollection" in head
    return bool(outbox or _CONTEXT.match(head)) or all(word in head for word in _STATUS)


def parse(file: BinaryIO, name: str) -> Draft | ThreadCollection:
    """Find the author's threads.

    Raises:
        VerbatimError: the JSON is damaged, or has no post of an author.

    """
    file.seek(0)
    head = file.read(1 << 18).removeprefix(b"\xef\xbb\xbf")
    dropped = DropTally()
    if b'"orderedItems"' in head:
        return _collection(*_outbox(file, name, dropped), name, dropped)
    data = json_stream.load(file, name)
    statuses = (
        data
        if isinstance(data, list)
        else [*list_at(data, "ancestors"), *list_at(data, "descendants")]
    )
    if isinstance(at(data, "content"), str):
        statuses = [data]
    return _collection(*_statuses(statuses, dropped), name, dropped)


def _outbox(file: BinaryIO, name: str, dropped: DropTally) -> tuple[list[PostRecord], str | None]:
    posts: list[PostRecord] = []
    actors: list[str] = []
    for activity, _, _ in json_stream.elements(file, name, key="orderedItems"):
        post, kind = at(activity, "object"), text_at(activity, "type")
        if kind != "Create" or not isinstance(post, dict):
            dropped.add(
                kind or "?", "a boost: another member's post" if kind == "Announce" else "no post"
            )
        elif not _is_public(post):
            dropped.add(html_text(text_at(post, "content")), "a post that is not public")
        else:
            actors.append(text_at(post, "attributedTo") or text_at(activity, "actor"))
            uri = text_at(post, "id") or text_at(post, "url")
            content = {
                "content": text_at(post, "content"),
                "warning": text_at(post, "summary"),
                "url": text_at(post, "url") or uri,
                "language": next(iter(at(post, "contentMap") or {}), ""),
            }
            posts.append(
                PostRecord(
                    uri.rpartition("/")[2],
                    uri,
                    text_at(post, "inReplyTo") or None,
                    text_at(post, "published"),
                    content,
                )
            )
    return posts, _handle(actors[0]) if actors else None


def _is_public(post: Any) -> bool:
    audience = [*list_at(post, "to"), *list_at(post, "cc"), at(post, "to"), at(post, "cc")]
    addressed = any(isinstance(one, str) for one in audience)
    return not addressed or any(one in _PUBLIC for one in audience if isinstance(one, str))


def _statuses(statuses: list[Any], dropped: DropTally) -> tuple[list[PostRecord], str | None]:
    """Keep the posts of the author of the first one; a context begins with the earliest, but lacks its own post."""
    accounts = [
        text_at(one, "account", "id") or text_at(one, "account", "acct") for one in statuses
    ]
    known = {text_at(one, "id") for one in statuses}
    author = next(iter(accounts), "")
    if statuses and text_at(statuses[0], "in_reply_to_id") not in known:
        author = text_at(statuses[0], "in_reply_to_account_id") or author
    posts: list[PostRecord] = []
    handle: str | None = None
    for status, account in zip(statuses, accounts, strict=True):
        words = html_text(text_at(status, "content"))
        if account != author:
            dropped.add(words, "a post of another member")
        elif at(status, "reblog"):
            dropped.add(words or "boost", "a boost: another member's post")
        elif text_at(status, "visibility") not in _VISIBLE:
            dropped.add(words, "a post that is not public")
        else:
            url = text_at(status, "url")
            handle = handle or _handle(text_at(status, "account", "url")) or _acct(status)
            content = {
                "content": text_at(status, "content"),
                "warning": text_at(status, "spoiler_text"),
                "url": url,
                "language": text_at(status, "language"),
            }
            number = text_at(status, "id")
            parent = text_at(status, "in_reply_to_id") or None
            if (
                parent
                and parent not in known
                and text_at(status, "in_reply_to_account_id") == author
            ):
                parent = None
            posts.append(PostRecord(number, number, parent, text_at(status, "created_at"), content))
    return posts, handle


def _acct(status: Any) -> str | None:
    acct = text_at(status, "account", "acct")
    return f"@{acct}" if acct else None


def _handle(address: str) -> str | None:
    """Return `@name@server` for the address of an account; None for anything that is not an address."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    name = parts.path.rstrip("/").rpartition("/")[2].lstrip("@")
    return f"@{name}@{parts.netloc}" if name and parts.netloc else None


def _collection(
    posts: list[PostRecord], author: str | None, where: str, dropped: DropTally
) -> ThreadCollection:
    if not posts:
        raise VerbatimError(
            Problem(where, "contains no public posts by its author: is it the right file?")
        )

    def make(records: list[PostRecord], tally: DropTally, note: str | None) -> Draft:
        return _draft(records, tally, note, author)

    own = {post.uri.rpartition("/statuses/")[0] for post in posts} - {""}
    return ThreadCollection(
        LABEL,
        where,
        posts,
        make,
        dropped,
        is_own=lambda uri: uri.rpartition("/statuses/")[0] in own,
        text=lambda content: html_text(text_at(content, "content")),
    )


def _draft(
    records: list[PostRecord], dropped: DropTally, note: str | None, author: str | None
) -> Draft:
    texts: list[str] = []
    for record in records:
        if warning := text_at(record.content, "warning"):
            dropped.add(warning, "a content warning")
        if text := post_text(html_text(text_at(record.content, "content")), dropped):
            texts.append(text)
        else:
            dropped.add(record.uri, "a post without words")
    return Draft(
        LABEL,
        tuple(texts),
        author=author,
        dropped=dropped.lines,
        notes=(note,) if note else (),
        url=text_at(records[0].content, "url") or None,
        date=day_of(records[0].time),
        language=commonest_language(text_at(one.content, "language") for one in records),
    )

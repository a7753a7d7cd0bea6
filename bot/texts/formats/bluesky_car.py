"""A repository of Bluesky (`repo.car`): the threads of everything that a member has posted.

The container is CAR version 1; the blocks are DAG-CBOR, and a search tree (MST) in them names the records.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from bot.errors import Problem, VerbatimError
from bot.texts.formats import dag_cbor
from bot.texts.formats.bluesky import draft_of
from bot.texts.formats.dag_cbor import CborError, Cid
from bot.texts.formats.draft import Draft, DropTally
from bot.texts.formats.json_stream import at, text_at
from bot.texts.formats.thread_collection import PostRecord, ThreadCollection

NAME = "bluesky-car"
LABEL = "Bluesky repository"

MAX_BYTES = 1024**3
_MAX_BLOCK = 2 * 1024 * 1024
_POSTS = b"app.bsky.feed.post/"


def matches(head: bytes, name: str) -> bool:
    """Tell whether a file begins with the header of a CAR."""
    return b"eroots" in head[:12] and b"gversion" in head[:200]


def parse(file: BinaryIO, name: str) -> ThreadCollection:
    """Find the threads of the repository's owner.

    Raises:
        VerbatimError: the file is damaged, too large, or has no posts.

    """
    file.seek(0, 2)
    if file.tell() > MAX_BYTES:
        raise VerbatimError(
            Problem(name, f"has more than {MAX_BYTES:,} bytes, which no repository has")
        )
    file.seek(0)
    try:
        return _threads(file, name)
    except (CborError, RecursionError) as error:
        reason = f"its CAR is damaged ({error}): export the repository again"
        raise VerbatimError(Problem(name, reason)) from error


def _threads(file: BinaryIO, name: str) -> ThreadCollection:
    header = dag_cbor.decode(file.read(_length(file)))
    root = at(header, "roots", 0)
    blocks = {cid: place for cid, *place in _blocks(file)}

    def block(cid: Any) -> Any:
        place = blocks.get(cid.bytes) if isinstance(cid, Cid) else None
        if place is None:
            return None
        file.seek(place[0])
        return dag_cbor.decode(file.read(place[1]))

    commit = block(root)
    did = text_at(commit, "did")
    dropped = DropTally()
    posts: list[PostRecord] = []
    for key, cid in _walk(at(commit, "data"), block):
        if not key.startswith(_POSTS):
            dropped.add(
                key.partition(b"/")[0].decode(errors="replace"), "a record that is not a post"
            )
            continue
        record = block(cid)
        if not isinstance(record, dict):
            dropped.add(key.decode(errors="replace"), "a post that is missing from the file")
            continue
        uri = f"at://{did}/{key.decode(errors='replace')}"
        parent = text_at(record, "reply", "parent", "uri") or None
        posts.append(
            PostRecord(uri.rpartition("/")[2], uri, parent, text_at(record, "createdAt"), record)
        )
    if not posts:
        raise VerbatimError(Problem(name, "contains no posts: is it the right file?"))

    def draft(records: list[PostRecord], dropped: DropTally, note: str | None) -> Draft:
        url = f"https://bsky.app/profile/{did}/post/{records[0].id}" if did else None
        return draft_of(
            LABEL, [one.content for one in records], dropped, note, author=None, url=url
        )

    own = f"at://{did}/"
    return ThreadCollection(
        LABEL,
        name,
        posts,
        draft,
        dropped,
        is_own=lambda uri: uri.startswith(own),
        text=lambda r: text_at(r, "text"),
    )


def _length(file: BinaryIO) -> int:
    """Read an unsigned LEB128 number."""
    value = 0
    for shift in range(0, 63, 7):
        byte = file.read(1)
        if not byte:
            raise CborError("it ends early")
        value |= (byte[0] & 0x7F) << shift
        if byte[0] < 0x80:
            break
    if not 0 < value <= _MAX_BLOCK:
        raise CborError(f"a block has {value:,} bytes")
    return value


def _blocks(file: BinaryIO) -> Iterator[tuple[bytes, int, int]]:
    """Yield the id of each block, and where its contents begin and how long they are."""
    while _more(file):
        length = _length(file)
        begin = file.tell()
        prefix = file.read(min(length, 64))
        cid = dag_cbor.cid_at(prefix)
        yield cid.bytes, begin + len(cid.bytes), length - len(cid.bytes)
        file.seek(begin + length)


def _more(file: BinaryIO) -> bool:
    more = bool(file.read(1))
    if more:
        file.seek(-1, 1)
    return more


def _walk(root: Any, block: Any) -> Iterator[tuple[bytes, Any]]:
    """Yield keys and ids of the records in the order of the keys, each node of the tree once."""
    seen: set[bytes] = set()
    waiting: list[tuple[str, bytes, Any]] = [("node", b"", root)]
    while waiting:
        kind, key, cid = waiting.pop()
        if kind == "record":
            yield key, cid
            continue
        if not isinstance(cid, Cid) or cid.bytes in seen:
            continue
        seen.add(cid.bytes)
        node = block(cid)
        found: list[tuple[str, bytes, Any]] = [("node", b"", at(node, "l"))]
        key = b""
        for entry in at(node, "e") or ():
            shared, rest = at(entry, "p"), at(entry, "k")
            if type(shared) is not int or not isinstance(rest, bytes):
                raise CborError("its tree makes no sense")
            key = key[:shared] + rest
            found += [("record", key, at(entry, "v")), ("node", b"", at(entry, "t"))]
        waiting.extend(reversed(found))

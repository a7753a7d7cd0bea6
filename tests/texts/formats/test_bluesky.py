"""Threads and repositories of Bluesky."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import VerbatimError
from bot.texts.formats import dag_cbor
from bot.texts.formats.dag_cbor import CborError, Cid
from bot.texts.formats.draft import Draft
from bot.texts.importing import parse_file
from tests.texts.formats.samples import FILES, collection_of, draft_of, reasons

DID = "did:plc:bee"


def test_only_the_authors_replies_to_themselves_are_the_thread() -> None:
    """Links that were shown cut short are whole; others' posts are counted."""
    draft = draft_of((FILES / "bluesky-thread.json").read_bytes())
    assert draft.posts == (
        "Bees dance to show the way “home”: see https://example.org/waggle/dance-language",
        "The angle to the sun is the angle to the comb.",
        "A longer waggle means a longer flight.",
    )
    assert (draft.author, draft.language) == ("@bee.example", "en")
    assert draft.url == "https://bsky.app/profile/bee.example/post/3ka"
    assert reasons(draft) == {
        "a post that cannot be seen: deleted, or blocked": 1,
        "a post of another member": 1,
        "the author's reply to another member": 1,
    }


def test_the_second_version_of_the_interface_is_read_too() -> None:
    """It lists the posts in a row."""
    thread = json.loads((FILES / "bluesky-thread.json").read_bytes())["thread"]
    flat: list[Any] = []

    def walk(node: Any, depth: int) -> None:
        if "post" in node:
            flat.append(
                {"uri": node["post"]["uri"], "depth": depth, "value": {"post": node["post"]}}
            )
        for reply in node.get("replies", ()):
            walk(reply, depth + 1)

    walk(thread, 0)
    assert len(draft_of(json.dumps({"thread": flat})).posts) == 3


def test_a_thread_that_was_asked_for_by_a_later_post_begins_with_the_first() -> None:
    """The posts above stand in `parent`."""
    thread = json.loads((FILES / "bluesky-thread.json").read_bytes())["thread"]
    reply = thread["replies"][2]
    del thread["replies"]
    assert len(draft_of(json.dumps({"thread": {**reply, "parent": thread}})).posts) == 3


@pytest.mark.parametrize(
    "thread",
    [
        {"$type": "app.bsky.feed.defs#notFoundPost", "notFound": True, "post": {"record": 0}},
        {"post": {"record": 0}},
        [],
    ],
)
def test_a_thread_that_cannot_be_seen_is_refused(thread: Any) -> None:
    """In a line."""
    with pytest.raises(VerbatimError, match="contains no post"):
        draft_of(json.dumps({"thread": thread}), format_name="bluesky")


def test_json_that_is_nested_too_deeply_is_refused() -> None:
    """It ends in no traceback."""
    with pytest.raises(VerbatimError, match="nested too deeply"):
        draft_of('{"thread":{"post":{"record":{}},"replies":[' * 30_000)


words = (
    st.text("abcdef é’“&<>#", min_size=1, max_size=40)
    .map(str.strip)
    .filter(lambda t: t and "<!--" not in t)
)


@given(st.lists(words, min_size=1, max_size=8))
def test_the_authors_words_come_out_in_order(texts: list[str]) -> None:
    """Of nested replies, with a stranger's reply beside each."""
    node: dict[str, Any] | None = None
    for text in reversed(texts):
        stranger = {"post": {"author": {"handle": "other"}, "record": {"text": "not mine"}}}
        own = {"post": {"author": {"handle": "bee"}, "record": {"text": text}}}
        node = {**own, "replies": [stranger, node] if node else [stranger]}
    assert list(draft_of(json.dumps({"thread": node}, ensure_ascii=False)).posts) == texts


def encoded(value: Any) -> bytes:  # noqa: C901, PLR0911 - a case for each kind
    """Encode `value` in DAG-CBOR."""

    def head(major: int, number: int) -> bytes:
        if number < 24:
            return bytes([major << 5 | number])
        size = next(i for i in range(4) if number < 1 << (8 << i))
        return bytes([major << 5 | 24 + size]) + number.to_bytes(1 << size, "big")

    match value:
        case None | bool():
            return bytes([0xF6 if value is None else 0xF5 if value else 0xF4])
        case Cid():
            return head(6, 42) + encoded(b"\0" + value.bytes)
        case int():
            return head(0, value) if value >= 0 else head(1, -1 - value)
        case float():
            return b"\xfb" + struct.pack(">d", value)
        case bytes():
            return head(2, len(value)) + value
        case str():
            return head(3, len(value.encode())) + value.encode()
        case list():
            return head(4, len(value)) + b"".join(map(encoded, value))
        case dict():
            return head(5, len(value)) + b"".join(encoded(k) + encoded(v) for k, v in value.items())
    raise TypeError(value)


def cid_of(data: bytes) -> Cid:
    return Cid(b"\x01\x71\x12\x20" + hashlib.sha256(data).digest())


def repository(records: dict[str, Any]) -> bytes:
    """Write a CAR with `records` under their keys, in a tree of a node for every two."""
    blocks: list[bytes] = []

    def put(value: Any) -> Cid:
        blocks.append(encoded(value))
        return cid_of(blocks[-1])

    def node(keys: list[str]) -> Cid | None:
        if not keys:
            return None
        left, here, right = keys[:-2], keys[-2:], None
        entries, before = [], ""
        for i, key in enumerate(here):
            shared = next((n for n in range(len(key), 0, -1) if before[:n] == key[:n]), 0)
            entry = {"p": shared, "k": key[shared:].encode(), "v": put(records[key])}
            entries.append({**entry, "t": right if i else None})
            before = key
        return put({"l": node(left), "e": entries})

    root = put(
        {
            "did": DID,
            "version": 3,
            "rev": "3k",
            "prev": None,
            "data": node(sorted(records)),
            "sig": b"s",
        }
    )
    header = encoded({"roots": [root], "version": 1})
    parts = [header, *(cid_of(block).bytes + block for block in blocks)]

    def length(number: int) -> bytes:
        low = number & 0x7F
        return bytes([low]) if number < 0x80 else bytes([low | 0x80]) + length(number >> 7)

    return b"".join(length(len(part)) + part for part in parts)


def record(text: str, parent: str | None = None, minute: int = 0) -> dict[str, Any]:
    made = f"2024-05-03T10:{minute:02d}:00.000Z"
    reply = (
        {"reply": {"parent": {"uri": parent, "cid": "b"}, "root": {"uri": parent, "cid": "b"}}}
        if parent
        else {}
    )
    return {
        "$type": "app.bsky.feed.post",
        "createdAt": made,
        "text": text,
        "langs": ["de"],
        **reply,
    }


def test_a_repository_gives_its_owners_threads() -> None:
    """Likes are no posts; replies to others are counted, and can be taken."""
    key = "app.bsky.feed.post/{}".format
    at = f"at://{DID}/app.bsky.feed.post/{{}}".format
    data = repository(
        {
            "app.bsky.feed.like/3la": {"$type": "app.bsky.feed.like", "createdAt": "2024"},
            key("3ka"): record("Bienen tanzen."),
            key("3kb"): record("Im Stock.", at("3ka"), 1),
            key("3kc"): record("Allein.", None, 2),
            key("3kd"): record("Nein!", "at://did:plc:ant/app.bsky.feed.post/3kz", 3),
            key("3ke"): record("Zum Nektar.", at("3kb"), 4),
        }
    )
    found = collection_of(data)
    assert [(entry.id, entry.posts) for entry in found] == [("3ka", 3), ("single-posts", 1)]
    draft = found.parse("3kb")
    assert draft.posts == ("Bienen tanzen.", "Im Stock.", "Zum Nektar.")
    assert (draft.language, draft.url) == ("de", f"https://bsky.app/profile/{DID}/post/3ka")
    assert reasons(found) == {
        "a record that is not a post": 1,
        "a reply to another member: --pick ID takes it": 1,
    }
    assert found.parse("3kd").posts == ("Nein!",)


@given(st.binary(max_size=200), st.integers(0, 400))
def test_a_damaged_repository_is_one_line(noise: bytes, at: int) -> None:
    """Wherever it is damaged, and however."""
    data = repository({"app.bsky.feed.post/3ka": record("Bienen tanzen.")})
    damaged = data[:at] + noise + data[at + len(noise) :]
    try:
        found = parse_file(io.BytesIO(damaged), "repo.car", "bluesky-car")
        assert not isinstance(found, Draft)
        for entry in found:
            found.parse(entry.id)
    except VerbatimError as error:
        assert len(error.problems) == 1


json_like = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.text(max_size=9)
    | st.binary(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(json_like)
def test_dag_cbor_is_decoded(value: Any) -> None:
    """Whatever it holds."""
    assert dag_cbor.decode(encoded(value)) == value


@given(st.binary(max_size=300))
def test_what_is_no_dag_cbor_is_refused(data: bytes) -> None:
    """By the one error."""
    with contextlib.suppress(CborError):
        dag_cbor.decode(data)


@pytest.mark.parametrize(
    "data", [b"\x81" * 5_000, b"\x9b" + b"\xff" * 8, b"\x5b" + b"\xff" * 8, b"\xd8\x2a\x40"]
)
def test_lengths_and_depths_that_lie_are_refused_at_once(data: bytes) -> None:
    """Without taking the memory that they announce."""
    with pytest.raises(CborError):
        dag_cbor.decode(data)

"""All sources and passages of a snapshot as flat arrays, fit to be kept on disk and mapped."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from bot.models import Passage, Post, Source, Span
from bot.texts.sentences import sentences

Ints = NDArray[np.int32]
Offsets = NDArray[np.int64]
Arrays = dict[str, NDArray[Any]]


_ARRAYS = (
    "text", "post_starts", "source_posts", "source_passages", "post_passages",
    "starts", "ends", "keys", "keyed",
)  # fmt: skip


class Posts(Sequence[Post]):
    """The posts of one source, made when they are asked for."""

    def __init__(self, text: NDArray[np.uint8], starts: Offsets) -> None:
        """`text`: UTF-8 of many posts; `starts`: where these begin in it, and where they end."""
        self._text = text
        self._starts = starts

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]  # as of a list: equal posts may be other objects

    @overload
    def __getitem__(self, at: int) -> Post: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Post]: ...
    def __getitem__(self, at: int | slice) -> Post | Sequence[Post]:
        if isinstance(at, slice):
            return [self[i] for i in range(*at.indices(len(self)))]
        number = range(len(self))[at]
        starts = self._starts.data
        return Post(number + 1, str(self._text.data[starts[number] : starts[number + 1]], "utf-8"))


@dataclass(frozen=True, eq=False)
class Corpus(Sequence[Passage]):
    """S sources, N posts and P passages, in reading order; passages are made when asked for.

    `text`: uint8, UTF-8 of all posts end to end; `post_starts`: (N+1,) where each begins in it;
    `source_posts`, `source_passages`: (S+1,) each source's first post and first passage;
    `post_passages`: (N+1,) each post's first passage; `starts`, `ends`: (P,) the passage's offsets
    in its post, in characters; `keys`: (P,) sorted keys of passages, `keyed`: (P,) whose they are.
    """

    sources: tuple[Source, ...]
    text: NDArray[np.uint8]
    post_starts: Offsets
    source_posts: Offsets
    source_passages: Offsets
    post_passages: Offsets
    starts: Ints
    ends: Ints
    keys: NDArray[np.int64]
    keyed: Ints

    @classmethod
    def of(cls, sources: Iterable[Source]) -> Corpus:
        """Return the corpus of `sources`, in the order given."""
        listed = tuple(sources)
        texts: list[bytes] = []
        spans: list[Span] = []
        keys: list[int] = []
        post_passages, source_posts, source_passages = [0], [0], [0]
        for source in listed:
            for post in source.posts:
                texts.append(post.text.encode())
                found = sentences(post, source.language)
                spans.extend(found)
                keys.extend(Passage(source, post, i, span).key for i, span in enumerate(found, 1))
                post_passages.append(len(spans))
            source_posts.append(len(texts))
            source_passages.append(len(spans))
        places = np.array(spans, np.int32).reshape(-1, 2)
        order = np.argsort(np.array(keys, np.int64), kind="stable")
        return cls(
            sources=listed,
            text=np.frombuffer(b"".join(texts), np.uint8),
            post_starts=np.concatenate([[0], np.cumsum([len(t) for t in texts], dtype=np.int64)]),
            source_posts=np.array(source_posts, np.int64),
            source_passages=np.array(source_passages, np.int64),
            post_passages=np.array(post_passages, np.int64),
            starts=np.ascontiguousarray(places[:, 0]),
            ends=np.ascontiguousarray(places[:, 1]),
            keys=np.array(keys, np.int64)[order],
            keyed=order.astype(np.int32),
        )._with_own_posts(source.digest for source in listed)

    def __len__(self) -> int:
        return len(self.starts)

    @overload
    def __getitem__(self, at: int) -> Passage: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Passage]: ...
    def __getitem__(self, at: int | slice) -> Passage | Sequence[Passage]:
        if isinstance(at, slice):
            return [self[i] for i in range(*at.indices(len(self)))]
        number = range(len(self))[at]
        # Single items come out of a memoryview several times faster than out of an array.
        post_passages, source_posts = self.post_passages.data, self.source_posts.data
        post = bisect_right(post_passages, number) - 1
        source = bisect_right(source_posts, post) - 1
        of = self.sources[source]
        return Passage(
            of,
            of.posts[post - source_posts[source]],
            number - post_passages[post] + 1,
            Span(self.starts.data[number], self.ends.data[number]),
        )

    def __iter__(self) -> Iterator[Passage]:
        """Yield the passages in order, each post made once."""
        number = 0
        for source, first in zip(self.sources, self.source_posts.tolist(), strict=False):
            for post in source.posts:
                end = int(self.post_passages[first + post.number])
                for sentence, at in enumerate(range(number, end), start=1):
                    span = Span(int(self.starts[at]), int(self.ends[at]))
                    yield Passage(source, post, sentence, span)
                number = end

    def range_of(self, source_number: int) -> range:
        """Return the numbers of a source's passages."""
        first, end = self.source_passages[source_number : source_number + 2].tolist()
        return range(first, end)

    def number_of(self, key: int) -> int | None:
        """Return the number of the passage with this key, if it still says this where it stood."""
        at = int(self.keys.searchsorted(key))
        found = at < len(self.keys) and int(self.keys[at]) == key
        return int(self.keyed[at]) if found else None

    def find(self, key: int) -> Passage | None:
        """Return the passage with this key, if it still says this where it stood."""
        number = self.number_of(key)
        return None if number is None else self[number]

    def arrays(self) -> Arrays:
        """Return the arrays by name; with `facts`, all that the corpus is made of."""
        return {name: getattr(self, name) for name in _ARRAYS}

    def facts(self) -> list[dict[str, Any]]:
        """Return what is known of each source but its posts, as plain values for JSON."""
        return [
            {
                "id": source.id,
                "title": source.title,
                "author": source.author,
                "url": source.url,
                "date": source.date.isoformat() if source.date else None,
                "license": source.license,
                "language": source.language,
                "aliases": {name: list(others) for name, others in source.aliases.items()},
                "digest": source.digest,
            }
            for source in self.sources
        ]

    @classmethod
    def from_arrays(cls, facts: Sequence[Mapping[str, Any]], arrays: Arrays) -> Corpus:
        """Return the corpus that `facts` and `arrays`, perhaps among others, came from."""
        sources = tuple(
            Source(
                id=fact["id"],
                title=fact["title"],
                author=fact["author"],
                posts=(),
                url=fact["url"],
                date=date.fromisoformat(fact["date"]) if fact["date"] else None,
                license=fact["license"],
                language=fact["language"],
                aliases=MappingProxyType({k: tuple(v) for k, v in fact["aliases"].items()}),
            )
            for fact in facts
        )
        digests = [fact["digest"] for fact in facts]
        own = {name: arrays[name] for name in _ARRAYS}
        return cls(sources=sources, **own)._with_own_posts(digests)

    def _with_own_posts(self, digests: Iterable[str]) -> Corpus:
        """Return the same corpus, its sources' posts read from its own text.

        `digests` are the sources' own, so that nobody has to read all posts to know them.
        """
        edges = self.source_posts.tolist()
        sources = []
        for source, first, end, digest in zip(
            self.sources, edges, edges[1:], digests, strict=False
        ):
            own = replace(source, posts=Posts(self.text, self.post_starts[first : end + 1]))
            own.__dict__["digest"] = digest  # where a cached property keeps its value
            sources.append(own)
        return replace(self, sources=tuple(sources))

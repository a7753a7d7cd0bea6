"""The threads of an export whose posts are held in memory: those of Bluesky and Mastodon."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from bot.errors import Problem, VerbatimError
from bot.texts.formats.draft import Draft, DroppedLine, DropTally, Entry, Original
from bot.texts.formats.reply_trees import branching, trees
from bot.texts.formats.social_posts import day_of, opening, seconds_of

SINGLE_POSTS = "single-posts"
"""The id of the entry that has the posts that are in no thread."""


class PostRecord(NamedTuple):
    """A post: its short id, its address and that of the post it replies to, its time in ISO 8601, and its JSON."""

    id: str
    uri: str
    parent: str | None
    time: str
    content: Any


MakeDraft = Callable[[list[PostRecord], DropTally, str | None], Draft]
"""Makes a draft of posts in reading order; the last argument is a note on a thread that branches."""


class ThreadCollection:
    """An author's threads by time, then the posts that are in none as one text. Replies to others are left out."""

    def __init__(
        self,
        label: str,
        where: str,
        posts: Sequence[PostRecord],
        make_draft: MakeDraft,
        dropped: DropTally,
        *,
        is_own: Callable[[str], bool],
        text: Callable[[Any], str],
    ) -> None:
        """Take the author's `posts`; `is_own` tells whether the address of a post that is not there is the author's."""
        self.format = label
        self.notes: tuple[str, ...] = ()
        self._where = where
        self._posts = {post.uri: post for post in posts}
        self._draft = make_draft
        self._text = text
        self._parents = {post.uri: post.parent for post in posts}
        self._threads: dict[str, list[str]] = {}
        self._thread_of: dict[str, str] = {}
        self._singles: list[str] = []
        self._replies: set[str] = set()
        self._tally = dropped
        for uris in trees(self._parents, {post.uri: seconds_of(post.time) for post in posts}):
            first = self._posts[uris[0]]
            self._thread_of |= {self._posts[uri].id: first.id for uri in uris}
            self._threads[first.id] = uris
            if first.parent and not is_own(first.parent):
                self._replies.add(first.id)
                self._tally.add(
                    text(first.content), "a reply to another member: --pick ID takes it", len(uris)
                )
            elif len(uris) == 1:
                self._singles.append(uris[0])

    @property
    def dropped(self) -> tuple[DroppedLine, ...]:
        """What is in no entry."""
        return self._tally.lines

    def __iter__(self) -> Iterator[Entry]:
        """Yield the threads, then the single posts."""
        for first, uris in self._threads.items():
            if len(uris) > 1 and first not in self._replies:
                post = self._posts[uris[0]]
                yield Entry(first, opening(self._text(post.content)), day_of(post.time), len(uris))
        if self._singles:
            day = day_of(self._posts[self._singles[0]].time)
            yield Entry(SINGLE_POSTS, "posts that are in no thread", day, len(self._singles))

    def parse(self, entry_id: str) -> Draft:
        """Parse a thread, by the id or link of any of its posts, or the single posts."""
        uris = self._uris(entry_id)
        note = None if entry_id == SINGLE_POSTS else branching(uris, self._parents)
        return self._draft([self._posts[uri] for uri in uris], DropTally(), note)

    def original(self, entry_id: str) -> Original | None:
        """Say that only the whole file can be parsed again."""
        return None

    def _uris(self, entry_id: str) -> list[str]:
        if entry_id == SINGLE_POSTS and self._singles:
            return self._singles
        first = self._thread_of.get(entry_id.rstrip("/").rpartition("/")[2])
        if first is None:
            reason = f"has no post by its owner with the id {entry_id}: --list shows the threads"
            raise VerbatimError(Problem(self._where, reason))
        return self._threads[first]

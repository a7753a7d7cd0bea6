"""The threads in the posts of an archive of X."""

from __future__ import annotations

import datetime
import json
import weakref
from array import array
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO, NamedTuple

from bot.errors import Problem, VerbatimError
from bot.texts.formats import json_stream, x_posts
from bot.texts.formats.draft import Draft, DroppedLine, DropTally, Entry, Original
from bot.texts.formats.json_stream import at, text_at
from bot.texts.formats.reply_trees import branching, trees
from bot.texts.formats.social_posts import commonest_language, opening, post_text, seconds_of

LABEL = "X archive"

SINGLE_POSTS = "single-posts"
"""The id of the entry that has the posts that are in no thread."""


class _Place(NamedTuple):
    """Where the JSON of a post is: the number of its part, and offsets in that file, in bytes."""

    part: int
    start: int
    end: int


class XArchive:
    """The threads of an archive. Only ids, times and places of posts are held; texts are read when they are parsed."""

    format = LABEL

    def __init__(self, parts: Sequence[BinaryIO], where: str, to_close: Sequence[BinaryIO]) -> None:
        """Read every part once. `to_close` are those that nobody else closes."""
        weakref.finalize(self, _close, to_close)
        self._parts = parts
        self._where = where
        self._tally = DropTally()
        self._numbers: dict[int, int] = {}
        self._places = array("q")
        self._times = array("q")
        self._parents = array("q")
        self._replied_users = array("q")
        self._notes: dict[int, list[_Place]] = {}
        self._handles: Counter[tuple[int, str]] = Counter()
        self._newer: dict[int, int] = {}
        for number, part in enumerate(parts):
            self._scan(number, part)
        self._resolve()

    def _scan(self, number: int, part: BinaryIO) -> None:
        part.seek(0)
        head = part.read(4_096)
        mark = len(BOM_UTF8) if head.startswith(BOM_UTF8) else 0
        begin = x_posts.ASSIGNMENT.match(head, mark)
        start = begin.end() if begin else mark
        for value, first, end in json_stream.elements(part, self._where, start=start):
            place = _Place(number, first, end)
            if isinstance(at(value, "noteTweet"), dict):
                second = int(seconds_of(text_at(value, "noteTweet", "createdAt")))
                self._notes.setdefault(second, []).append(place)
            else:
                self._take(x_posts.unwrapped(value), place)

    def _take(self, tweet: Any, place: _Place) -> None:
        number, text = x_posts.id_at(tweet, "id"), x_posts.full_text(tweet)
        if not number or not text:
            self._tally.add(str(tweet)[:80], "an element that is not a post")
        elif x_posts.is_retweet(tweet):
            self._tally.add(text, "a retweet")
        elif number in self._numbers:
            self._tally.add(text, "a post that stands twice")
        else:
            self._numbers[number] = len(self._times)
            self._places.extend(place)
            self._times.append(x_posts.made_at(tweet))
            self._parents.append(x_posts.id_at(tweet, "in_reply_to_status_id"))
            user = x_posts.id_at(tweet, "in_reply_to_user_id")
            self._replied_users.append(user)
            if user:
                self._handles[user, text_at(tweet, "in_reply_to_screen_name")] += 1
            self._newer[number] = x_posts.last_version(tweet, number)

    def _resolve(self) -> None:
        """Sort the posts into threads, posts on their own, and replies to other members."""
        numbers = self._numbers
        if not numbers and not self._notes:
            raise VerbatimError(
                Problem(self._where, "contains no posts by its owner: is it the right file?")
            )
        parents: dict[int, int | None] = {}
        for post, i in numbers.items():
            if self._newer[post] != post and self._newer[post] in numbers:
                self._tally.add(x_posts.full_text(self._read(post)), "an earlier version of a post")
                continue
            parent = self._newer.get(self._parents[i])
            parents[post] = parent if parent in numbers else self._parents[i] or None
        self._parent_of = parents
        own = Counter(
            self._replied_users[i] for post, i in numbers.items() if self._parents[i] in numbers
        )
        self._owner = own.most_common(1)[0][0] if own else 0
        self._threads: dict[int, list[int]] = {}
        self._thread_of: dict[int, int] = {}
        self._singles: list[int] = []
        for posts in trees(parents, {post: self._times[numbers[post]] for post in parents}):
            first = posts[0]
            self._thread_of |= dict.fromkeys(posts, first)
            self._threads[first] = posts
            if self._replied_users[numbers[first]] not in {0, self._owner}:
                reason = "a reply to another member: --pick ID takes it"
                self._tally.add(x_posts.full_text(self._read(first)), reason, len(posts))
            elif len(posts) == 1:
                self._singles.append(first)

    @property
    def dropped(self) -> tuple[DroppedLine, ...]:
        """What is in no entry."""
        return self._tally.lines

    @property
    def notes(self) -> tuple[str, ...]:
        """Whether long posts may be cut short."""
        if self._notes:
            return ()
        return (
            "there is no note-tweet.js: posts of more than 280 characters are cut short with a link",
        )

    def _is_listed(self, first: int) -> bool:
        i = self._numbers[first]
        return len(self._threads[first]) > 1 and self._replied_users[i] in {0, self._owner}

    def __iter__(self) -> Iterator[Entry]:
        """Yield the threads by time, then the posts that are in none as one text."""
        for first, posts in self._threads.items():
            if self._is_listed(first):
                text = self._text(self._read(first), DropTally())
                yield Entry(str(first), opening(text), self._day(first), len(posts))
        if self._singles:
            yield Entry(
                SINGLE_POSTS,
                "posts that are in no thread",
                self._day(self._singles[0]),
                len(self._singles),
            )
        elif not self._numbers:
            yield Entry(SINGLE_POSTS, "long posts", None, sum(map(len, self._notes.values())))

    def parse(self, entry_id: str) -> Draft:
        """Parse a thread, by the id or link of any of its posts, or the single posts."""
        posts = self._posts_of(entry_id)
        dropped, texts, languages = DropTally(), list[str](), list[str]()
        if posts is None:
            notes = (self._note_text(place) for places in self._notes.values() for place in places)
            texts = [text for note in notes if (text := post_text(note, dropped))]
            return Draft(LABEL, tuple(texts), dropped=dropped.lines)
        for post in posts:
            tweet = self._read(post)
            languages.append(text_at(tweet, "lang"))
            if text := self._text(tweet, dropped):
                texts.append(text)
            else:
                dropped.add(x_posts.full_text(tweet), "a post without words of its own")
        single = entry_id == SINGLE_POSTS
        handle = self._handle()
        note = None if single else branching(posts, self._parent_of)
        return Draft(
            LABEL,
            tuple(texts),
            author=handle and f"@{handle}",
            dropped=dropped.lines,
            notes=(note,) if note else (),
            title=f"Posts of @{handle}" if single and handle and len(posts) > 1 else None,
            url=None
            if single and len(posts) > 1
            else f"https://x.com/{handle or 'i'}/status/{posts[0]}",
            date=self._day(posts[0]),
            language=commonest_language(languages),
        )

    def original(self, entry_id: str) -> Original | None:
        """Cut out the posts of an entry, with the long texts of these, as an archive of its own."""
        posts = self._posts_of(entry_id)
        if posts is None:
            places = [place for some in self._notes.values() for place in some]
        else:
            places = []
            for post in posts:
                i = self._numbers[post]
                places += [self._place(i), *self._notes.get(self._times[i], ())]
        elements = [json_stream.read_slice(self._parts[p], start, end) for p, start, end in places]
        return Original(
            "tweets.js", b"window.YTD.tweets.part0 = [\n" + b",\n".join(elements) + b"\n]\n"
        )

    def _posts_of(self, entry_id: str) -> list[int] | None:
        if entry_id == SINGLE_POSTS and (self._singles or not self._numbers):
            return self._singles or None
        number = entry_id.rstrip("/").rpartition("/")[2]
        first = (
            self._thread_of.get(int(number)) if number.isdecimal() and len(number) < 20 else None
        )
        if first is None:
            reason = f"has no post by its owner with the id {entry_id}: --list shows the threads"
            raise VerbatimError(Problem(self._where, reason))
        return self._threads[first]

    def _place(self, i: int) -> _Place:
        return _Place(*self._places[3 * i : 3 * i + 3])

    def _json(self, place: _Place) -> Any:
        return json.loads(json_stream.read_slice(self._parts[place.part], place.start, place.end))

    def _read(self, post: int) -> Any:
        return x_posts.unwrapped(self._json(self._place(self._numbers[post])))

    def _note_text(self, place: _Place) -> str:
        return x_posts.note_text(self._json(place))

    def _text(self, tweet: Any, dropped: DropTally) -> str:
        """Return the words of a post, the long ones where there is a note that begins alike."""
        second, short = x_posts.made_at(tweet), x_posts.full_text(tweet)
        notes = map(self._note_text, self._notes.get(second, ()))
        long = next((text for text in notes if x_posts.begins_alike(short, text)), None)
        return post_text(
            x_posts.words(tweet, self._handle(), dropped) if long is None else long, dropped
        )

    def _handle(self) -> str | None:
        named = [
            (count, name)
            for (user, name), count in self._handles.items()
            if user == self._owner and name
        ]
        return max(named)[1] if named else None

    def _day(self, post: int) -> datetime.date | None:
        seconds = self._times[self._numbers[post]]
        return datetime.datetime.fromtimestamp(seconds, datetime.UTC).date() if seconds else None


def _close(files: Sequence[BinaryIO]) -> None:
    for file in files:
        file.close()

"""An archive of X, once Twitter: the threads of `tweets.js` with its parts, long posts from `note-tweet.js`.

Messages, account and all other files are never read.
"""

from __future__ import annotations

import datetime
import json
import re
import tempfile
import zipfile
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from bot.models import Problem, VerbatimError
from bot.texts.formats import json_stream, x_posts
from bot.texts.formats.draft import Draft, DroppedLine, DropTally, Entry, Original
from bot.texts.formats.json_stream import at, text_at
from bot.texts.formats.reply_trees import branching, trees
from bot.texts.formats.social_posts import commonest_language, opening, post_text, seconds_of

NAME = "x-archive"
LABEL = "X archive"

SINGLE_POSTS = "single-posts"
"""The id of the entry that has the posts that are in no thread."""

_BEGIN = re.compile(rb"\s*window\.YTD\.(tweets?|note_tweets?|community_tweets?)\.part\d+\s*=")
_BARE = re.compile(rb"\s*\[\s*\{\s*\"(?:tweet|noteTweet)\"\s*:\s*\{")
_BARE_POSTS = (b'"full_text"', b'"id_str"')
_OTHER_FILE = re.compile(rb"\s*window\.YTD\.(\w+)\.part\d+\s*=")
_PARTS = re.compile(r"(?:tweets?|note-tweets?|community-tweets?)(?:-part\d+)?\.js")
_MEMBER = re.compile(r"(?:.*/)?data/(?:js/)?((?:tweets?|note-tweets?)(?:-part\d+)?\.js)")
_MOST_INFLATED = 200
_MAX_UNZIPPED = 8 * 1024**3


class _Place(NamedTuple):
    part: int
    start: int
    end: int


def matches(head: bytes, name: str) -> bool:
    """Tell whether a file begins as `tweets.js`, `tweet.js` or `note-tweet.js` of an archive does."""
    head = head.removeprefix(b"\xef\xbb\xbf")
    bare = head.lstrip().startswith(b"[") and all(word in head[:20_000] for word in _BARE_POSTS)
    return bool(_OTHER_FILE.match(head) or _BARE.match(head)) or bare


def matches_zip(names: Sequence[str]) -> bool:
    """Tell whether a zip with these members is an archive."""
    return any(_MEMBER.fullmatch(name) for name in names)


def parse(file: BinaryIO, name: str) -> Draft | XArchive:
    """Find the threads in `file`, and in the other parts that lie beside it or in the same zip.

    Raises:
        VerbatimError: the file is another one of the archive, is damaged, or has no posts of its own.

    """
    file.seek(0)
    head = file.read(4_096)
    if head.startswith(b"PK"):
        return XArchive(_unzipped(file, name), name)
    other = _OTHER_FILE.match(head)
    if other and not _BEGIN.match(head):
        reason = f"is the archive's file of {other[1].decode()}: posts are in tweets.js, which is read with what lies beside it"
        raise VerbatimError(Problem(name, reason))
    return XArchive([file, *_siblings(file)], name)


def _siblings(file: BinaryIO) -> Iterator[BinaryIO]:
    """Open the other parts of posts in the same folder."""
    own = getattr(file, "name", None)
    if not isinstance(own, str) or not _PARTS.fullmatch(Path(own).name):
        return
    for path in sorted(Path(own).parent.iterdir()):
        if path.name != Path(own).name and _PARTS.fullmatch(path.name) and path.is_file():
            with suppress(OSError):
                yield path.open("rb")


def _unzipped(file: BinaryIO, where: str) -> list[BinaryIO]:
    """Unzip the parts of posts into temporary files, which are read out of order."""
    found: list[BinaryIO] = []
    try:
        with zipfile.ZipFile(file) as archive:
            for member in archive.infolist():
                if not _MEMBER.fullmatch(member.filename):
                    continue
                most = min(_MAX_UNZIPPED, (1 << 20) + _MOST_INFLATED * member.compress_size)
                copy = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the archive
                with archive.open(member) as source:
                    while chunk := source.read(1 << 20):
                        copy.write(chunk)
                        if copy.tell() > most:
                            reason = f"its {member.filename} grows beyond {most:,} bytes: it is no archive of X"
                            raise VerbatimError(Problem(where, reason))
                found.append(copy)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError) as error:
        raise VerbatimError(Problem(where, "its zip is damaged: download it again")) from error
    return found


class XArchive:
    """The threads of an archive. Only ids, times and places of posts are held; texts are read when they are parsed."""

    format = LABEL

    def __init__(self, parts: Sequence[BinaryIO], where: str) -> None:
        """Read every part once."""
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
        begin = _BEGIN.match(head)
        start = begin.end() if begin else 3 if head.startswith(b"\xef\xbb\xbf") else 0
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
            self._tally.add(str(tweet)[:80], "an element that is no post")
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
                Problem(self._where, "holds no post of its owner: is it the right file?")
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
            self._thread_of.get(int(number)) if number.isdecimal() and len(number) < 19 else None
        )
        if first is None:
            reason = f"has no post of its owner with the id {entry_id}: --list shows the threads"
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

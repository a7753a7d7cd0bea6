"""One post in an archive of X: its words, without what X adds to them."""

from __future__ import annotations

import datetime
import re
from typing import Any

from bot.texts.formats.draft import DropTally
from bot.texts.formats.json_stream import at, list_at, text_at

ASSIGNMENT = re.compile(rb"\s*window\.YTD\.(tweets?|note_tweets?|community_tweets?)\.part\d+\s*=")
"""How a file with posts begins: JSON follows."""

_ENTITY = re.compile(r"&(amp|lt|gt|quot|#39);")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "#39": "'"}
_MENTIONS = re.compile(r"(?:@\w{1,30}\s+)+")
_MADE = re.compile(r"\w{3} (\w{3}) (\d\d) (\d\d):(\d\d):(\d\d) [+]0000 (\d{4})")
_MONTHS = {
    name: i for i, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)
}
_SHORT_LINK = re.compile(r"https?://t\.co/\w+")
_COMPARED = 60
_MOST_DIGITS = 18


def unwrapped(value: Any) -> Any:
    """Return the post in `{"tweet": …}`; older archives have it bare."""
    inner = at(value, "tweet")
    return inner if isinstance(inner, dict) else value


def id_at(tweet: Any, key: str) -> int:
    """Return an id, which is a text in `key`_str or a number in `key`; 0 if there is none."""
    for name in (f"{key}_str", key):
        found = str(at(tweet, name) or "")
        if found.isdecimal() and len(found) <= _MOST_DIGITS + 1 and int(found) < 1 << 63:
            return int(found)
    return 0


def full_text(tweet: Any) -> str:
    """Return the words with X's HTML entities decoded; empty if it is not a post."""
    return unescaped(text_at(tweet, "full_text") or text_at(tweet, "text"))


def unescaped(text: str) -> str:
    """Decode the five entities that X escapes."""
    return _ENTITY.sub(lambda found: _ENTITIES[found[1]], text)


def is_retweet(tweet: Any) -> bool:
    """Tell whether the words are another member's."""
    return full_text(tweet).startswith("RT @") or isinstance(at(tweet, "retweeted_status"), dict)


def made_at(tweet: Any) -> int:
    """Return when it was posted, in seconds since 1970; 0 if that cannot be read."""
    found = _MADE.fullmatch(text_at(tweet, "created_at"))
    if found is None or found[1] not in _MONTHS:
        return 0
    day, hour, minute, second, year = map(int, found.groups()[1:])
    try:
        moment = datetime.datetime(
            year, _MONTHS[found[1]], day, hour, minute, second, tzinfo=datetime.UTC
        )
    except ValueError:
        return 0
    return int(moment.timestamp())


def last_version(tweet: Any, own: int) -> int:
    """Return the id of the last version of an edited post, its `own` if it was not edited."""
    versions = list_at(tweet, "edit_info", "initial", "editTweetIds")
    last = str(versions[-1]) if versions else ""
    return int(last) if last.isdecimal() and len(last) <= _MOST_DIGITS + 1 else own


def words(tweet: Any, handle: str | None, dropped: DropTally) -> str:
    """Return the author's words: short links expanded, links to pictures and the name `handle` before a reply left out."""
    text = full_text(tweet)
    if handle and text.lower().startswith(f"@{handle.lower()} "):
        dropped.add(f"@{handle}", "the author's name before a reply to themselves")
        text = text[len(handle) + 2 :]
    for media in (
        *list_at(tweet, "entities", "media"),
        *list_at(tweet, "extended_entities", "media"),
    ):
        link = text_at(media, "url")
        if link and link in text:
            dropped.add(link, "a link to a picture or film")
            text = text.replace(link, "")
    return _expanded(text, list_at(tweet, "entities", "urls"), "url", "expanded_url").rstrip()


def note_text(note: Any) -> str:
    """Return the words of a long post."""
    core = at(note, "noteTweet", "core")
    text = unescaped(text_at(core, "text"))
    return _expanded(text, list_at(core, "urls"), "shortUrl", "expandedUrl")


def _expanded(text: str, links: list[Any], short: str, full: str) -> str:
    known = {text_at(link, short): text_at(link, full) for link in links}
    return _SHORT_LINK.sub(lambda found: known.get(found[0]) or found[0], text)


def begins_alike(short: str, long: str) -> bool:
    """Tell whether `short` is `long` cut off: names before a reply and links aside."""
    opening, whole = (_MENTIONS.sub("", " ".join(text.split()), count=1) for text in (short, long))
    opening = _SHORT_LINK.split(opening)[0].rstrip(" …")[:_COMPARED].rstrip()
    return bool(opening) and _SHORT_LINK.split(whole)[0].startswith(opening)

"""A saved page of a forum: each post under a mark with its time and link, so that nobody's words are somebody else's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import BinaryIO, NamedTuple
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.errors import Problem, VerbatimError
from bot.texts.formats import stated_facts
from bot.texts.formats.chat_messages import NAMES_GUESS, ChatMessage, mark, utc
from bot.texts.formats.draft import Draft, DropTally
from bot.texts.formats.file_input import decode_declared, read_all
from bot.texts.formats.html_blocks import MOST_BYTES, Renderer, tree
from bot.texts.formats.html_page import page_draft
from bot.texts.formats.markup import clean
from bot.texts.formats.social_posts import seconds_of

NAME = "forum-page"
LABEL = "page of a forum"
HAS_NAMES = True
ISOLATED = True

_FEWEST = 2
_QUOTED = "aside.quote, .bbCodeBlock--quote"


class _Site(NamedTuple):
    """Selectors of the posts of a program's pages, and in each of them of its words, author and time."""

    sign: bytes
    post: str
    words: str
    author: str
    time: str = "time[datetime]"


_SITES = (
    _Site(b"crawler-post", ".crawler-post", ".post", ".creator"),  # Discourse, as saved without scripts
    _Site(b"topic-post", ".topic-post", ".cooked", ".names .username, .names a", ".post-date [data-time]"),  # and with them
    _Site(b"comment-tree", "tr.athing.comtr", ".commtext", ".hnuser", ".age[title]"),  # Hacker News
    _Site(b"shreddit-comment", "shreddit-post, shreddit-comment", "[slot=text-body], [slot=comment]", "[author]"),  # Reddit
    _Site(b"usertext-body", "#siteTable .thing, .commentarea .thing", ".usertext-body", ".author"),  # old Reddit
    _Site(b"js-post-body", ".question, .answer", ".js-post-body", ".post-signature .user-details a"),  # Stack Exchange
    _Site(b"phpbb", ".post", ".content", ".author .username, .username-coloured, .postprofile .username"),  # phpBB
    _Site(b"message-userContent", "article.message", ".message-userContent .bbWrapper", ".message-name"),  # XenForo
)  # fmt: skip


def matches(head: bytes, name: str) -> bool:
    """Tell by elements that only pages of such a program have, several of them."""
    if b"<" not in head[:2_000]:
        return False
    site = next((site for site in _SITES if site.sign in head), None)
    return (
        site is not None
        and len(_posts(LexborHTMLParser(decode_declared(head)[0]), site)) >= _FEWEST
    )


def parse(file: BinaryIO, name: str, *, names: bool = False) -> Draft:
    """Keep the words of each post; with `names`, its marker has its author's name.

    Raises:
        VerbatimError: the page shows no posts.

    """
    data = read_all(file, name, MOST_BYTES)
    html, note = decode_declared(data)
    page = tree(html, name)
    site = next((site for site in _SITES if site.sign in data), None)
    found = _posts(page, site) if site is not None else []
    if site is None or not found:
        raise VerbatimError(
            Problem(name, "contains no forum posts: --format html imports the page as it is")
        )
    facts = page_draft(html, name)
    tally = DropTally()
    blocks: list[str] = []
    for post in found:
        words = post.css_first(site.words)
        for quoted in words.css(_QUOTED) if words is not None else ():
            tally.add(clean(quoted.text(deep=True, separator=" ")), "quoted from another post")
            quoted.decompose()
        kept = Renderer(tally.add).blocks(words) if words is not None else []
        if not kept:
            tally.add(clean(post.text(deep=True, separator=" ")), "a post without words of its own")
            continue
        blocks += [
            mark(ChatMessage(_author(post, site), "", _time(post, site)), names=names),
            *kept,
        ]
    if not blocks:
        raise VerbatimError(
            Problem(name, "contains no text of posts: save the page again once it has loaded")
        )
    tally.add("the page around the posts", "names, buttons and counts around the posts")
    return Draft(
        LABEL,
        tuple(blocks),
        author=stated_facts.author(_site_name(page, facts.url)),
        dropped=tally.lines,
        notes=(f"{len(found):,} posts", *([note] if note else [])),
        title=facts.title,
        url=facts.url,
        date=stated_facts.day(_time(found[0], site)),
        language=facts.language,
        guessed=() if names else (NAMES_GUESS,),
    )


def _posts(page: LexborHTMLParser, site: _Site) -> Sequence[LexborNode]:
    return [node for node in page.css(site.post) if node.css_first(site.words) is not None]


def _author(post: LexborNode, site: _Site) -> str:
    if site.author == "[author]":
        return post.attributes.get("author") or ""
    node = post.css_first(site.author)
    return clean(node.text(deep=True, separator=" ")) if node is not None else ""


def _time(post: LexborNode, site: _Site) -> str:
    node = post.css_first(site.time)
    if node is None:
        return ""
    stated = (
        node.attributes.get("datetime") or (node.attributes.get("title") or "").partition(" ")[0]
    )
    milliseconds = node.attributes.get("data-time") or ""
    if re.fullmatch(r"\d{12,14}", milliseconds):
        return utc(int(milliseconds) / 1000)
    return utc(seconds_of(stated))


def _site_name(page: LexborHTMLParser, link: str | None) -> str:
    """Return whose page it is: several people wrote it, so none of them is the author of all."""
    named = page.css_first('meta[property="og:site_name"]')
    stated = (named.attributes.get("content") or "") if named is not None else ""
    return stated or (urlsplit(link).hostname or "" if link else "")

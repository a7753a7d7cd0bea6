"""A thread copied from Reddit's page: the post, and each comment under a mark, without what the page puts around them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import BinaryIO

from bot.errors import Problem, VerbatimError
from bot.texts.formats import stated_facts
from bot.texts.formats.chat_messages import ChatMessage, ChatPosts
from bot.texts.formats.draft import Draft, InputLine
from bot.texts.formats.markup import heading
from bot.texts.formats.text_lines import input_lines, is_blank, peek, read_text

NAME = "reddit-paste"
LABEL = "thread copied from Reddit"
HAS_NAMES = True

_AVATAR = re.compile(r"\s*u/(?P<name>[\w-]{2,24}) avatar\s*")
_AGO = re.compile(r"\s*(?:•\s*)?(?:\d{1,3} ?(?:yr|y|mo|d|h|hr|m|min|s)\.? ago|just now)\s*")
_GROUP = re.compile(r"\s*(?P<group>r/\w{2,24})\s*")
_FOOT = "Upvote"
_MOST_HEAD = 12
"""Lines, blank ones aside, from a picture to the time: name, signs of rank, a flair."""


def matches(head: bytes, name: str) -> bool:
    """Tell by pictures of members with a time below each, and by the buttons of the page."""
    lines = peek(head)
    return bool(_comments(lines)) and any(line.text.strip() == _FOOT for line in lines)


def parse(file: BinaryIO, name: str, *, names: bool = False) -> Draft:
    """Keep the words of the post and of each comment; with `names`, each mark holds its author's name.

    Raises:
        VerbatimError: it is not plain text, or shows no comments.

    """
    text, dropped = read_text(file, name)
    lines = input_lines(text)
    comments = _comments(lines)
    if not comments:
        reason = "contains no Reddit comments: --format paragraphs imports it as it is"
        raise VerbatimError(Problem(name, reason))
    chat = ChatPosts(names=names)
    chat.dropped.extend(dropped)
    title, group = _post(lines[: comments[0][0]], chat)
    ends = [*(begin for begin, _, _ in comments[1:]), len(lines)]
    for (begin, words, author), end in zip(comments, ends, strict=True):
        _leave_out(lines[begin:words], "the picture, name and time above a comment", chat)
        foot = _foot(lines, words, end)
        _leave_out(lines[foot:end], "counts and buttons below a comment", chat)
        _add(lines[words:foot], author, chat)
    if not chat.count:
        raise VerbatimError(Problem(name, "contains no comments with text: is it the right text?"))
    return Draft(
        LABEL,
        tuple(chat.posts),
        author=stated_facts.author(group),
        dropped=chat.dropped.lines,
        notes=(f"{chat.count:,} posts and comments",),
        title=stated_facts.title(title),
        guessed=chat.guessed,
    )


def _comments(lines: Sequence[InputLine]) -> list[tuple[int, int, str]]:
    """Find where each comment begins, where its words do, and who wrote it."""
    full = [at for at, line in enumerate(lines) if not is_blank(line.text)]
    found: list[tuple[int, int, str]] = []
    for place, at in enumerate(full):
        avatar = _AVATAR.fullmatch(lines[at].text)
        if avatar is None:
            continue
        times = (n for n in full[place + 1 : place + _MOST_HEAD] if _AGO.fullmatch(lines[n].text))
        if (time := next(times, None)) is not None:
            found.append((at, time + 1, avatar["name"]))
    return found


def _post(lines: Sequence[InputLine], chat: ChatPosts) -> tuple[str, str]:
    """Keep the post, which is above the comments: group, time, author, title, words; return its title and group."""
    full = [at for at, line in enumerate(lines) if not is_blank(line.text)]
    groups = (found["group"] for at in full[:2] if (found := _GROUP.fullmatch(lines[at].text)))
    group = next(groups, "")
    heads = enumerate(full[:_MOST_HEAD])
    time = next((n for n, at in heads if _AGO.fullmatch(lines[at].text)), None)
    if time is None or time + 2 >= len(full):
        _leave_out(lines, "lines above the first comment", chat)
        return "", group
    author, title = (lines[full[time + n]].text.strip() for n in (1, 2))
    words = full[time + 2] + 1
    _leave_out(lines[: full[time + 2]], "the group, time and author above the post", chat)
    foot = _foot(lines, words, len(lines))
    chat.posts += filter(None, (heading(2, title),))
    _add(lines[words:foot], author, chat)
    _leave_out(lines[foot:], "counts and buttons below the post", chat)
    return title, group


def _foot(lines: Sequence[InputLine], begin: int, end: int) -> int:
    return next((at for at in range(begin, end) if lines[at].text.strip() == _FOOT), end)


def _add(lines: Sequence[InputLine], author: str, chat: ChatPosts) -> None:
    said = "\n".join(line.text for line in lines)
    if said.strip():
        chat.add(ChatMessage(author, said))


def _leave_out(lines: Sequence[InputLine], reason: str, chat: ChatPosts) -> None:
    for line in lines:
        if not is_blank(line.text):
            chat.dropped.add(line.text, reason, line=line.number)

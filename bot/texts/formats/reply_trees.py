"""Posts and what they reply to → threads: the trees of one author's replies to themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

Id = TypeVar("Id", int, str)


def trees(parents: Mapping[Id, Id | None], times: Mapping[Id, float]) -> Iterator[list[Id]]:
    """Yield the posts of each thread in reading order: a reply after its post, earlier branches first.

    `parents` has every post; one whose parent is not among them begins a thread. Posts that reply to each other in
    a circle begin a thread at the earliest one.
    """
    children: dict[Id, list[Id]] = {}
    roots: list[Id] = []
    for post, parent in parents.items():
        if parent is None or parent not in parents or parent == post:
            roots.append(post)
        else:
            children.setdefault(parent, []).append(post)
    seen: set[Id] = set()
    by_time: list[Id] = sorted(parents, key=lambda post: (times[post], post))
    firsts = set(roots)
    order: list[Id] = [post for post in by_time if post in firsts]
    order += by_time  # those in a circle are left
    for first in order:
        if first not in seen:
            yield list(_walk(first, children, times, seen))


def _walk(
    root: Id, children: Mapping[Id, list[Id]], times: Mapping[Id, float], seen: set[Id]
) -> Iterator[Id]:
    waiting = [root]
    while waiting:
        post = waiting.pop()
        if post in seen:
            continue
        seen.add(post)
        yield post
        replies = sorted(children.get(post, ()), key=lambda one: (times[one], one))
        waiting.extend(reversed(replies))


def branching(posts: Iterable[Id], parents: Mapping[Id, Id | None]) -> str | None:
    """Return a note on a thread that branches; None if it is a chain."""
    of = list(posts)
    replied = [parents[post] for post in of[1:]]
    branches = len(replied) - len(set(replied))
    if not branches:
        return None
    numbers = [
        i
        for i, (post, before) in enumerate(zip(of[1:], of, strict=False), 2)
        if parents[post] != before
    ]
    return f"the thread branches: post {', '.join(map(str, numbers[:9]))} goes on from an earlier post than the one before"

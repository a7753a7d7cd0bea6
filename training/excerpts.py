"""What of a long text a case shows: the stretch around its topic, or what the bot would read of it."""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import replace
from math import log

from bot.search.reading.planning import BUDGET_WITH_VECTORS, WINDOW, windows_for
from training.windows import Case

ANSWERING = 0.7
"""The share of these that show a stretch that answers, of those that have one."""


def size(case: Case) -> int:
    """Roughly how many tokens the sentences take in a window."""
    return sum(map(_size, case.sentences))


def planned(case: Case, rng: random.Random) -> Case:
    """The case with one window of those that `planning` would choose for it.

    In place of the first stage, candidates are ordered by the words they share with the question, the rarer the
    more, and by chance. A sentence that answers is usually among the best. Then the window is usually
    one that answers; otherwise the case counts as unanswered.
    """
    asked = _stems(f"{case.before or ''} {case.question}")
    stems = [_stems(s) for s in case.sentences]
    common = Counter(stem for own in stems for stem in own)
    points = [
        sum(log(1 + len(stems) / common[stem]) for stem in asked & own) + rng.gauss(0, 1.5)
        for own in stems
    ]
    for right in case.gold:
        points[right] += 4 if rng.random() < 0.9 else 0
    order = sorted(range(len(points)), key=lambda n: -points[n])
    everything = range(len(points))
    windows = windows_for(
        order,
        lambda n: _size(case.sentences[n]),
        lambda _: everything,
        None,
        WINDOW - len(_WORDS.findall(case.question)),
        BUDGET_WITH_VECTORS,
    )
    answering = [w for w in windows if not set(case.gold).isdisjoint(w)]
    others = [w for w in windows if set(case.gold).isdisjoint(w)]
    drawn = answering if answering and (not others or rng.random() < ANSWERING) else others
    best = next(w for number in order for w in drawn if number in w)
    window = best if rng.random() < 0.5 else rng.choice(drawn)
    gold = tuple(g - window.start for g in case.gold if g in window)
    return replace(
        case,
        sentences=case.sentences[window.start : window.stop],
        gold=gold,
        answer=case.answer if gold else None,
    )


_WORDS = re.compile(r"\w{1,7}|[^\w\s]")


def _size(sentence: str) -> int:
    return 1 + len(_WORDS.findall(sentence))


def _stems(text: str) -> set[str]:
    return {w[:5] for w in _words(text)}


def around_topic(case: Case, reach: int = 7) -> Case:
    """The case with only the sentences within `reach` of the one that shares most words with it."""
    asked = set(_words(case.question))
    shared = [sum(len(w) for w in asked & set(_words(s))) for s in case.sentences]
    centre = max(range(len(shared)), key=shared.__getitem__)
    start, end = max(centre - reach, 0), centre + reach + 1
    gold = tuple(g - start for g in case.gold if start <= g < end)
    return replace(case, sentences=case.sentences[start:end], gold=gold)


def _words(text: str) -> list[str]:
    return [w for w in re.findall(r"\w+", text.lower()) if len(w) > 3]

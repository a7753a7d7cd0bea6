"""Noise: a data set's neatly written question as people would type it."""

from __future__ import annotations

import random
import re

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_FUNCTION_WORDS = frozenset(
    """a an and any are as at be been being but by can could did do does doing for from had has have
    having how i if in into is it its me my no of on or our shall she should so some than that the
    their them then there these they this those to was we were what when where which while who whom
    whose why will with would you your he his her him""".split()
)


def _neighbours() -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for r, row in enumerate(_ROWS):
        for i, key in enumerate(row):
            near = set(row[max(i - 1, 0) : i + 2]) - {key}
            if r > 0:  # each row stands half a key to the right of the one above it
                near |= set(_ROWS[r - 1][i : i + 2])
            if r + 1 < len(_ROWS):
                near |= set(_ROWS[r + 1][max(i - 1, 0) : i + 1])
            found[key] = near
    return {key: "".join(sorted(near)) for key, near in found.items()}


NEIGHBOURS = _neighbours()
"""The keys beside each letter on an English keyboard."""


def mistype(word: str, rng: random.Random) -> str:
    """`word` with two letters swapped, or one dropped, doubled, or from a key beside it."""
    if len(word) < 4 or not word.isalpha():
        return word
    at = rng.randrange(len(word) - 1)
    kind = rng.randrange(4)
    if kind == 0:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == 1:
        return word[: at + 1] + word[at + 2 :]
    if kind == 2:
        return word[: at + 1] + word[at:]
    near = NEIGHBOURS.get(word[at + 1].lower())
    return word[: at + 1] + rng.choice(near) + word[at + 2 :] if near else word


def with_typos(question: str, rng: random.Random) -> str:
    """The question with one to three of its longer words mistyped."""
    parts = re.split(r"(\W+)", question)
    long = [i for i, part in enumerate(parts) if len(part) >= 4 and part.isalpha()]
    for i in rng.sample(long, min(len(long), rng.choice((1, 1, 2, 3)))):
        parts[i] = mistype(parts[i], rng)
    return "".join(parts)


def as_keywords(question: str) -> str:
    """Only the question's content words; the question itself if fewer than two would be left."""
    words = re.findall(r"[\w'’.%$€£-]+", question)
    content = [w for w in words if w.lower() not in _FUNCTION_WORDS]
    return " ".join(w.rstrip(".") for w in content) if len(content) >= 2 else question


def noisy(question: str, rng: random.Random) -> str:
    """The question as somebody in a hurry might type it; often unchanged."""
    if rng.random() < 0.07:
        question = as_keywords(question)
    if rng.random() < 0.15:
        question = with_typos(question, rng)
    if rng.random() < 0.35:
        question = question.rstrip("?. ") or question
    if rng.random() < 0.4:
        question = question.lower()
    return question

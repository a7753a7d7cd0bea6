"""What would become of a text, as message content, and as a report where that is too short."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.frontends.discord import markdown
from bot.frontends.discord.curating.additions import Addition
from bot.frontends.discord.curating.proposals import Proposal
from bot.frontends.discord.messages import LIMIT
from bot.frontends.texts import Texts
from bot.models import Source

_OPENING = 70  # characters of a post
_DROPPED = 80  # of a line that is left out
_FACT = 200  # of a fact of a text
_HEAD = 1_100  # of all that is not a list
_SPARE = 60  # for the lines that say how much is left out
_REPORTED = 300  # of anything in the report
_SHOWN = ("title", "author", "url", "date", "license", "language")


@dataclass(frozen=True, slots=True)
class Preview:
    """The content of a message; the whole report where the content leaves something out."""

    content: str
    report: str | None


def preview(addition: Addition, proposal: Proposal, texts: Texts, first: str = "") -> Preview:
    """Return what a curator reads before anything is written, under the line `first`, if any."""
    head = "\n".join(filter(None, (first, *_head(addition, proposal, texts))))
    foot = "\n".join(_foot(proposal, texts))
    if markdown.length(head) + markdown.length(foot) > _HEAD:  # a file's problems, all very long
        head = cut(head, _HEAD - markdown.length(foot))
    draft = proposal.found.draft
    posts = [
        f"{number}. {texts.isolated(markdown.escape(cut(post, _OPENING)))}"
        for number, post in enumerate(draft.posts, start=1)
    ]
    dropped = [
        f"- {markdown.escape(texts.dropped_line(line, cut(text, _DROPPED), why))}"
        for line, text, why in draft.dropped
    ]
    kept_line, dropped_line = texts.kept(len(posts)), texts.dropped(len(dropped))
    said = (head, foot, kept_line, dropped_line, texts.IN_REPORT)
    room = LIMIT - _SPARE - sum(markdown.length(line) + 2 for line in said)
    second = fitting(dropped, room // 2)
    posts_shown = fitting(posts, room - _length(dropped[:second]))
    second = fitting(dropped, room - _length(posts[:posts_shown]))
    whole = posts_shown == len(posts) and second == len(dropped)
    kept_lines, dropped_lines = posts[:posts_shown], dropped[:second]
    if posts_shown < len(posts):
        kept_lines.append(texts.more_posts(len(posts) - posts_shown))
    if second < len(dropped):
        dropped_lines.append(texts.more_lines(len(dropped) - second))
    lines = [head, "", kept_line, *kept_lines, dropped_line, *dropped_lines]
    lines += [] if whole else [texts.IN_REPORT]
    lines += [] if not foot else ["", foot]
    return Preview("\n".join(lines), None if whole else report(addition, proposal, texts))


def report(addition: Addition, proposal: Proposal, texts: Texts) -> str:
    """Return all of it as plain text: every post's opening words and every line left out."""
    draft = proposal.found.draft
    lines = [
        texts.read_as(addition.name, draft.format),
        *addition.notes,
        *draft.notes,
        "",
        texts.kept(len(draft.posts)),
        *(f"{n}. {cut(post, _REPORTED)}" for n, post in enumerate(draft.posts, start=1)),
        "",
        texts.dropped(len(draft.dropped)),
        *(
            f"- {texts.dropped_line(line, cut(text, _REPORTED), why)}"
            for line, text, why in draft.dropped
        ),
    ]
    return "\n".join(lines) + "\n"


def facts(source: Source, texts: Texts) -> list[str]:
    """Return a line for each fact that `source` states, literal."""
    stated = {name: getattr(source, name) for name in _SHOWN}
    if source.date is not None:
        stated["date"] = source.date.isoformat()
    stated["language"] = texts.language(source.language)
    return [
        f"- {markdown.escape(texts.stated(name, cut(str(value), _FACT)))}"
        for name, value in stated.items()
        if value is not None
    ]


def cut(text: str, length: int) -> str:
    """Return `text` on one line, within `length` as Discord counts."""
    line = " ".join(text[: 2 * length].split())
    if markdown.length(line) <= length and len(text) <= 2 * length:
        return line
    kept = line[: length - 1]
    while markdown.length(kept) > length - 1:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def fitting(lines: Sequence[str], room: int) -> int:
    """Return how many of `lines` fit into `room`."""
    for number, line in enumerate(lines):
        room -= markdown.length(line) + 1
        if room < 0:
            return number
    return len(lines)


def _length(lines: Iterable[str]) -> int:
    return sum(markdown.length(line) + 1 for line in lines)


def _head(addition: Addition, proposal: Proposal, texts: Texts) -> list[str]:
    """Return what the text is and what is said of it."""
    source, draft = proposal.source, proposal.found.draft
    lines = [
        f"**{texts.NOTHING_YET}** "
        + markdown.escape(texts.read_as(cut(addition.name, _DROPPED), draft.format))
    ]
    lines += [markdown.escape(note) for note in (*addition.notes, *draft.notes[:3])]
    if source is not None:
        lines += facts(source, texts)
        name = proposal.there.name if proposal.there else f"{source.id}.md"
        lines.append(f"- {markdown.escape(texts.stated('file', name))}")
    return lines


def _foot(proposal: Proposal, texts: Texts) -> list[str]:
    """Return what is still to do, or what would be replaced."""
    if proposal.faults or proposal.problems:
        wrong = [texts.fault(name) for name in proposal.faults]
        wrong += [cut(str(problem), _FACT) for problem in proposal.problems[:3]]
        return [texts.MISUNDERSTOOD, *(f"- {markdown.escape(line)}" for line in wrong)]
    if proposal.source is None:
        return [texts.NAME_IT]
    if proposal.there is None:
        return [texts.ADD_IT]
    if proposal.is_there_already:
        return [texts.SAME_ALREADY]
    old, change = proposal.there.source, proposal.difference
    if old is None or change is None:
        return [texts.UNREADABLE_THERE, texts.OLD_IS_KEPT, texts.REPLACE_IT]
    return [
        f"{texts.THERE_ALREADY} {markdown.escape(cut(texts.about(old), _FACT))}",
        texts.would_change(change.facts, change.new, change.gone),
        texts.OLD_IS_KEPT,
        texts.REPLACE_IT,
    ]

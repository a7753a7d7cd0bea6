"""What would become of a text, as message content, and as a report where that is too short."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.discord import markdown
from bot.discord.curating.additions import Addition
from bot.discord.curating.proposals import Proposal
from bot.discord.messages import LIMIT
from bot.models import Source
from bot.texts.formats.draft import DroppedLine
from bot.wording import Texts

_POSTS = 10  # shown in a message
_OPENING = 60  # characters of a post
_NOTES = 3  # of what was noticed, and of what is wrong
_SINGLY = 3  # lines of one reason that are listed singly
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
    """Return what a curator reads before anything is written, under the line `first`, if any.

    What has been shown already is but counted.
    """
    head = "\n".join(filter(None, (first, *_head(addition, proposal, texts))))
    foot = "\n".join(_foot(proposal, texts))
    head = cut_lines(head, _HEAD - markdown.length(foot))
    draft = proposal.found.draft
    kept_line, dropped_line = (
        texts.kept(len(draft.posts)),
        texts.dropped(sum(one.times for one in draft.dropped)),
    )
    if addition.shown:
        return Preview("\n".join((head, "", kept_line, dropped_line, "", foot)), None)
    posts = [
        f"{number}. {texts.isolated(markdown.escape(cut(post, _OPENING)))}"
        for number, post in enumerate(draft.posts, start=1)
    ]
    dropped = _dropped(proposal, texts)
    room = LIMIT - _SPARE - length((head, foot, kept_line, dropped_line, texts.IN_REPORT))
    most = min(_POSTS, fitting(posts, room - min(length(dropped), room // 2)))
    room -= length(posts[:most])
    whole = most == len(posts) and len(dropped) == len(draft.dropped)
    whole = whole and len(draft.notes) <= _NOTES and len(proposal.problems) <= _NOTES
    if most < len(posts):
        posts[most:] = [texts.more_posts(len(posts) - most)]
    fit = fitting(dropped, room)
    if fit < len(dropped):
        whole = False
        dropped[fit:] = [texts.more_lines(len(dropped) - fit)]
    lines = [head, "", f"{kept_line}:", *posts, ""]
    lines += [f"{dropped_line}:" if dropped else dropped_line, *dropped]
    lines += [] if whole else [texts.IN_REPORT]
    content = "\n".join((*lines, "", foot))
    return Preview(content, None if whole else report(addition, proposal, texts))


def _dropped(proposal: Proposal, texts: Texts) -> list[str]:
    """Return the lines that are left out, those with one reason together if they are many."""
    by_reason: dict[str, list[DroppedLine]] = {}
    for dropped in proposal.found.draft.dropped:
        by_reason.setdefault(dropped.reason, []).append(dropped)
    lines: list[str] = []
    for why, group in by_reason.items():
        many = sum(one.times for one in group)
        if many > _SINGLY or not group[0].line:
            lines.append(texts.dropped_lines(many, cut(group[0].text, _DROPPED), why))
        else:
            lines += [texts.dropped_line(n, cut(text, _DROPPED), why) for n, text, *_ in group]
    return [f"- {markdown.escape(line)}" for line in lines]


def report(addition: Addition, proposal: Proposal, texts: Texts) -> str:
    """Return all of it as plain text: every post's opening words and every line left out."""
    draft = proposal.found.draft
    lines = [
        texts.read_as(addition.name, draft.format),
        *addition.notes,
        *draft.notes,
        *map(str, proposal.problems),
        "",
        f"{texts.kept(len(draft.posts))}:",
        *(f"{n}. {cut(post, _REPORTED)}" for n, post in enumerate(draft.posts, start=1)),
        "",
        f"{texts.dropped(sum(one.times for one in draft.dropped))}:",
        *(
            f"- {texts.dropped_line(one.line, cut(one.text, _REPORTED), one.reason)}"
            if one.line and one.times == 1
            else f"- {texts.dropped_lines(one.times, cut(one.text, _REPORTED), one.reason)}"
            for one in draft.dropped
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


def cut(text: str, most: int) -> str:
    """Return `text` on one line, within `most` as Discord counts, cut between words."""
    line = " ".join(text[: 2 * most].split())
    if markdown.length(line) <= most and len(text) <= 2 * most:
        return line
    kept = line[: most - 1]
    while markdown.length(kept) > most - 1:
        kept = kept[:-1]
    whole = kept.rpartition(" ")[0] if line[len(kept) : len(kept) + 1] != " " else kept
    return f"{(whole if len(whole) > most // 2 else kept).rstrip(' ,;:–—-')}…"


def cut_lines(text: str, most: int) -> str:
    """Return as many lines of `text` as fit into `most`."""
    lines = text.split("\n")
    return "\n".join(lines[: fitting(lines, most)])


def fitting(lines: Sequence[str], room: int) -> int:
    """Return how many of `lines` fit into `room`."""
    for number, line in enumerate(lines):
        room -= markdown.length(line) + 2
        if room < 0:
            return number
    return len(lines)


def length(lines: Iterable[str]) -> int:
    """Return the room that `lines` take, each with its end and a blank line or a mark beside it."""
    return sum(markdown.length(line) + 2 for line in lines)


def _head(addition: Addition, proposal: Proposal, texts: Texts) -> list[str]:
    """Return what the text is and what is said of it."""
    source, draft = proposal.source, proposal.found.draft
    lines = [
        f"**{texts.NOTHING_YET}** "
        + markdown.escape(texts.read_as(cut(addition.name, _DROPPED), draft.format))
    ]
    lines += [markdown.escape(note) for note in (*addition.notes, *draft.notes[:_NOTES])]
    if source is not None:
        lines += facts(source, texts)
        name = proposal.there.name if proposal.there else f"{source.id}.md"
        lines.append(f"- {markdown.escape(texts.stated('file', name))}")
    return lines


def _foot(proposal: Proposal, texts: Texts) -> list[str]:
    """Return what is still to do, or what would be replaced."""
    if proposal.faults or proposal.problems:
        wrong = [texts.fault(name) for name in proposal.faults]
        wrong += [cut(str(problem), _FACT) for problem in proposal.problems[:_NOTES]]
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

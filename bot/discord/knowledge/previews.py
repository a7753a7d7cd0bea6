"""The preview of a text that is being added, with a full report if the message is too short for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.discord.kit import markdown
from bot.discord.kit.quotes.layout import LIMIT
from bot.discord.knowledge.additions import Addition
from bot.discord.knowledge.proposals import Proposal
from bot.models import Source
from bot.texts.formats.draft import DroppedLine
from bot.texts.formats.markup import without_escapes
from bot.texts.markers import is_comment
from bot.texts.structure import is_heading
from bot.wording import Wording

_OPTION = re.compile(r"--(?P<name>\w+)")
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
    """Message content, and the full report if the content leaves something out."""

    content: str
    report: str | None


def preview(addition: Addition, proposal: Proposal, wording: Wording, first: str = "") -> Preview:
    """Lay out what would be added, under the line `first`, if any.

    Posts that the curator has seen before are only counted.
    """
    head = "\n".join(filter(None, (first, *_head(addition, proposal, wording))))
    foot = "\n".join(_foot(proposal, wording))
    head = cut_lines(head, _HEAD - markdown.length(foot))
    draft = proposal.found.draft
    shown = [post for post in draft.posts if not is_comment(post)]
    kept_line, dropped_line = (
        _kept(shown, wording),
        wording.dropped(sum(one.times for one in draft.dropped)),
    )
    if addition.shown:
        return Preview("\n".join((head, "", kept_line, dropped_line, "", foot)), None)
    posts = [
        f"{number}. {wording.isolated(markdown.escape(cut(without_escapes(post), _OPENING)))}"
        for number, post in enumerate(shown, start=1)
    ]
    dropped = _dropped(proposal, wording)
    room = LIMIT - _SPARE - total_length((head, foot, kept_line, dropped_line, wording.IN_REPORT))
    most = min(_POSTS, fitting(posts, room - min(total_length(dropped), room // 2)))
    room -= total_length(posts[:most])
    whole = most == len(posts) and len(dropped) == len(draft.dropped)
    noted = (draft.notes, draft.guessed, proposal.problems)
    whole = whole and all(len(some) <= _NOTES for some in noted)
    if most < len(posts):
        posts[most:] = [wording.more_posts(len(posts) - most)]
    fit = fitting(dropped, room)
    if fit < len(dropped):
        whole = False
        dropped[fit:] = [wording.more_lines(len(dropped) - fit)]
    lines = [head, "", f"{kept_line}:", *posts, ""]
    lines += [f"{dropped_line}:" if dropped else dropped_line, *dropped]
    lines += [] if whole else [wording.IN_REPORT]
    content = "\n".join((*lines, "", foot))
    return Preview(content, None if whole else report(addition, proposal, wording))


def _kept(posts: Sequence[str], wording: Wording) -> str:
    headings = sum(map(is_heading, posts))
    return wording.kept(len(posts) - headings, headings)


def _guesses(proposal: Proposal, wording: Wording) -> list[str]:
    """Say what was guessed and how to correct it, with the options of the Discord command in place of the command line's."""
    found = proposal.found.draft.guessed
    return [wording.guessed(_OPTION.sub(r"\g<name>:", guess)) for guess in found]


def _dropped(proposal: Proposal, wording: Wording) -> list[str]:
    """The lines that would be dropped; many with the same reason are counted in one."""
    by_reason: dict[str, list[DroppedLine]] = {}
    for dropped in proposal.found.draft.dropped:
        by_reason.setdefault(dropped.reason, []).append(dropped)
    lines: list[str] = []
    for why, group in by_reason.items():
        many = sum(one.times for one in group)
        if many > _SINGLY or not group[0].line:
            lines.append(wording.dropped_lines(many, cut(group[0].text, _DROPPED), why))
        else:
            lines += [wording.dropped_line(n, cut(text, _DROPPED), why) for n, text, *_ in group]
    return [f"- {markdown.escape(line)}" for line in lines]


def report(addition: Addition, proposal: Proposal, wording: Wording) -> str:
    """The whole preview as plain text."""
    draft = proposal.found.draft
    shown = [post for post in draft.posts if not is_comment(post)]
    lines = [
        wording.read_as(addition.name, draft.format),
        *addition.notes,
        *draft.notes,
        *_guesses(proposal, wording),
        *map(str, proposal.problems),
        "",
        f"{_kept(shown, wording)}:",
        *(f"{n}. {cut(without_escapes(post), _REPORTED)}" for n, post in enumerate(shown, start=1)),
        "",
        f"{wording.dropped(sum(one.times for one in draft.dropped))}:",
        *(
            f"- {wording.dropped_line(one.line, cut(one.text, _REPORTED), one.reason)}"
            if one.line and one.times == 1
            else f"- {wording.dropped_lines(one.times, cut(one.text, _REPORTED), one.reason)}"
            for one in draft.dropped
        ),
    ]
    return "\n".join(lines) + "\n"


def facts(source: Source, wording: Wording) -> list[str]:
    """A line for each fact of a source, escaped."""
    stated = {name: getattr(source, name) for name in _SHOWN}
    if source.date is not None:
        stated["date"] = source.date.isoformat()
    stated["language"] = wording.language(source.language)
    return [
        f"- {markdown.escape(wording.stated(name, cut(str(value), _FACT)))}"
        for name, value in stated.items()
        if value is not None
    ]


def cut(text: str, most: int) -> str:
    """Cut `text` to one line of at most `most` characters as Discord counts, between words."""
    line = " ".join(text[: 2 * most].split())
    if markdown.length(line) <= most and len(text) <= 2 * most:
        return line
    kept = line[: most - 1]
    while markdown.length(kept) > most - 1:
        kept = kept[:-1]
    whole = kept.rpartition(" ")[0] if line[len(kept) : len(kept) + 1] != " " else kept
    return f"{(whole if len(whole) > most // 2 else kept).rstrip(' ,;:–—-')}…"


def cut_lines(text: str, most: int) -> str:
    """Keep as many lines of `text` as fit into `most` characters."""
    lines = text.split("\n")
    return "\n".join(lines[: fitting(lines, most)])


def fitting(lines: Sequence[str], room: int) -> int:
    """Count how many of `lines` fit into `room`."""
    for number, line in enumerate(lines):
        room -= markdown.length(line) + 2
        if room < 0:
            return number
    return len(lines)


def total_length(lines: Iterable[str]) -> int:
    """The room that `lines` take, with two characters for the separator of each."""
    return sum(markdown.length(line) + 2 for line in lines)


def _head(addition: Addition, proposal: Proposal, wording: Wording) -> list[str]:
    """What the text is, and its facts."""
    source, draft = proposal.source, proposal.found.draft
    lines = [
        f"**{wording.NOTHING_YET}** "
        + markdown.escape(wording.read_as(cut(addition.name, _DROPPED), draft.format))
    ]
    lines += [markdown.escape(note) for note in (*addition.notes, *draft.notes[:_NOTES])]
    lines += [markdown.escape(one) for one in _guesses(proposal, wording)[:_NOTES]]
    if source is not None:
        lines += facts(source, wording)
        name = proposal.there.name if proposal.there else f"{source.id}.md"
        lines.append(f"- {markdown.escape(wording.stated('file', name))}")
    return lines


def _foot(proposal: Proposal, wording: Wording) -> list[str]:
    """What remains to be done, or what would be replaced."""
    if proposal.faults or proposal.problems:
        wrong = [wording.fault(name) for name in proposal.faults]
        wrong += [cut(str(problem), _FACT) for problem in proposal.problems[:_NOTES]]
        return [wording.MISUNDERSTOOD, *(f"- {markdown.escape(line)}" for line in wrong)]
    if proposal.source is None:
        return [wording.NAME_IT]
    if proposal.there is None:
        return [wording.ADD_IT]
    if proposal.is_there_already:
        return [wording.SAME_ALREADY]
    old, change = proposal.there.source, proposal.difference
    if old is None or change is None:
        return [wording.UNREADABLE_THERE, wording.OLD_IS_KEPT, wording.REPLACE_IT]
    return [
        f"{wording.THERE_ALREADY} {markdown.escape(cut(wording.about(old), _FACT))}",
        wording.would_change(change.facts, change.new, change.gone),
        wording.OLD_IS_KEPT,
        wording.REPLACE_IT,
    ]

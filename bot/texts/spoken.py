"""What nobody says in a post: comments, tags, images and other marks, as white space of the same length."""

from __future__ import annotations

import re

from bot.texts.html_tags import TAG

_CODE = re.compile(
    r"(?m:^ {0,3}(?P<fence>`{3,}|~{3,}))[^\n]*\n.*?(?m:^ {0,3}(?P=fence))"
    r"|(?<!`)(?P<ticks>`{1,3})(?!`)[^\n]{1,500}?(?<!`)(?P=ticks)(?!`)",
    re.DOTALL,
)
_HIDDEN = r"script|style|nav|svg|template"
_UNSPOKEN = re.compile(
    rf"(?m:^[ \t]*)(?:<!--.*?(?:-->|\Z)|<(?P<block>{_HIDDEN})\b.*?(?:</(?P=block)\s*>|\Z))"
    rf"|<!--(?:(?!<!--).)*?-->|<(?P<inside>{_HIDDEN})\b(?:(?!<(?P=inside)\b).)*?</(?P=inside)\s*>"
    rf"|{TAG}"
    r"|\[?!\[[^\[\]\n]{0,300}\]\([^()\n]{0,900}\)(?:\]\([^()\n]{0,900}\))?|!\[\[[^\[\]\n]{0,300}\]\]"
    r"|(?m:^[ \t]*\[\^[^\]\n]{1,40}\]:[ \t]*)"
    r"|(?m:^[^\n]{0,200}?(?:\.[ ]?){4,}[ \t]*\d{1,4}[ \t]*$)"
    r"|\{%[^\n]{0,300}?%\}|\{\{[<%][^\n]{0,300}?[>%]\}\}|%%[^\n]{1,900}?%%"
    r"|(?m:^[ \t]*(?:>[ \t]?)+(?:\[![\w-]{1,30}\][+-]?)?)"
    r"|(?m:^[ \t]*(?:[*+-]|\d{1,3}[.)])[ \t]+\[[ xX]\][ \t])",
    re.DOTALL | re.IGNORECASE,
)
"""Comments, hidden elements, tags, images, labels of footnotes, contents lines, tags of templates, marks of quotations,
boxes of tasks. What is not closed goes on to the end only from the start of a line, as in Markdown: in the middle of a
sentence somebody writes about the tag.
"""


def spoken(text: str) -> str:
    """The text with white space in the place of what nobody says; what stands in code is said."""
    parts: list[str] = []
    at = 0
    for match in _UNSPOKEN.finditer(_CODE.sub(blank, text)):
        parts += text[at : match.start()], blank(match)
        at = match.end()
    return "".join((*parts, text[at:]))


def blank(match: re.Match[str]) -> str:
    """White space of the same length, with the line breaks."""
    return re.sub(r"[^\n]", " ", match[0])

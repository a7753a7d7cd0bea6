"""Says in plain words what a YAML parser refuses, and in which line."""

from __future__ import annotations

import re
from typing import NamedTuple

import yaml


class YamlProblem(NamedTuple):
    """What is wrong, and its line, from 0; None where the parser names none."""

    reason: str
    line: int | None


_QUOTE_IT = "put the value in quotes"
_INDENTATION = "the indentation does not match the lines above"
_NOT_A_KEY = "this is not a `key: value` line; if it continues the value above, indent it"

_REASONS = (
    (r"found character '\\t'", "the line begins with a tab: indent with spaces"),
    (r"found character '(.)' that cannot start", rf"a value cannot begin with `\1`: {_QUOTE_IT}"),
    (r"found unknown escape character '(.*)'", r"`\\\1` means nothing in double quotes: use single quotes"),
    (r"could not determine a constructor", f"tags (`!name`) are not allowed here: {_QUOTE_IT}"),
    (r"but found another document", "a second document begins here (`---`): keep one"),
    (r"node content, but found '<(?:stream end|document start|document end)>'", "a `[` or `{` is not closed"),
    (r"mapping keys are not allowed", f"a value cannot begin with `? `: {_QUOTE_IT}"),
    (r"chomping or indentation", "nothing may follow `|` or `>` on its line"),
    (r"sequence entries are not allowed", f"a list begins on the line of its key: put it below, or {_QUOTE_IT}"),
    (r"expected the node content, but found '([\]},])'", rf"`\1` stands where a value should: {_QUOTE_IT}"),
    (r"expected <block end>, but found '([\]},])'", r"there is one `\1` too many"),
    (r"expected <block end>, but found '<scalar>'", f"something follows the closing quotation mark: {_QUOTE_IT}"),
    (r"expected <block end>|<block mapping start>", _INDENTATION),
    (r"expected '<document start>'", "expected `key: value` lines"),
)  # fmt: skip


_INDICATORS = {
    "while scanning an anchor": "&",
    "while scanning an alias": "*",
    "while scanning a directive": "%",
}


def describe(error: yaml.YAMLError) -> YamlProblem:
    """What is wrong, for somebody who does not know the parser's terms."""
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        begun = error.context_mark or mark
        reason = _of_what_begun(error)
        if reason is not None:
            return YamlProblem(reason, begun.line if begun else None)
        return YamlProblem(_of_what_is_there(error), mark.line if mark else None)
    if isinstance(error, yaml.reader.ReaderError) and isinstance(error.character, int):
        return YamlProblem(
            f"there is a character that is not allowed (U+{error.character:04X})", None
        )
    return YamlProblem(str(error).splitlines()[0], None)


def _of_what_begun(error: yaml.MarkedYAMLError) -> str | None:
    """What is wrong if something begins and does not end; None if the error is another one."""
    problem = error.problem or ""
    if error.context in _INDICATORS:
        return f"a value cannot begin with `{_INDICATORS[error.context]}`: {_QUOTE_IT}"
    if found := re.match(r"expected ',' or '([\]}])'", problem):
        opening = {"]": "[", "}": "{"}[found[1]]
        return f"`{opening}` begins here, but `{found[1]}` or a comma is missing"
    if problem == "found unexpected end of stream":
        return "a quotation mark is not closed"
    return _NOT_A_KEY if problem == "could not find expected ':'" else None


def _of_what_is_there(error: yaml.MarkedYAMLError) -> str:
    problem = error.problem or error.context or "cannot be read"
    if problem == "mapping values are not allowed here" and error.problem_mark is not None:
        return _unexpected_colon(error.problem_mark)
    for pattern, reason in _REASONS:
        if found := re.search(pattern, problem):
            return found.expand(reason)
    return problem


def _unexpected_colon(mark: yaml.Mark) -> str:
    """Either a value holds `: `, or the line is indented where it should not be."""
    before = (mark.buffer or "")[: mark.pointer].rpartition("\n")[2]
    return f"the value contains `: `: {_QUOTE_IT}" if ": " in before else _INDENTATION

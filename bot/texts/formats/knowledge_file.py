"""The format of knowledge files: YAML front matter, then posts separated by blank lines."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Annotated, Any

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
)

from bot.errors import Problem, VerbatimError
from bot.files import checked_yaml
from bot.models import Post, Source
from bot.texts import markers
from bot.texts.formats import front_matter
from bot.texts.formats.text_lines import is_blank

MAX_POST = 100_000
"""Characters. A longer post is a file that lacks blank lines."""

_FENCE = "---"
_FENCED_CODE = re.compile(r"[ \t]*(?:(?:[*+-]|\d{1,3}[.)])[ \t]+)?(`{3,}(?=[^`]*$)|~{3,})")
"""A fence of code, which may stand in a list item; what is set in backticks within a line is none."""


def _matching(pattern: str, reason: str) -> AfterValidator:
    matches: Callable[[str], object] = re.compile(pattern).fullmatch

    def validate(value: str) -> str:
        if not matches(value):
            raise ValueError(reason)
        return value

    return AfterValidator(validate)


_ONE_LINE = _matching(r"[^\r\n]*\S[^\r\n]*", "must be one line, and not blank")
_LINK = _matching(r"https?://[^\s<>\"\\]+", "must be a link: https://, and no spaces in it")
Line = Annotated[str, _ONE_LINE]
Language = Annotated[
    str, _matching(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", "must be a language's code, such as en or ar")
]


class FrontMatter(BaseModel):
    """The metadata at the top of a knowledge file."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    title: Annotated[str, Field(max_length=200), _ONE_LINE]
    author: Annotated[str, Field(max_length=100), _ONE_LINE]
    url: Annotated[str, Field(max_length=400), _LINK] | None = None
    date: datetime.date | None = None
    license: Annotated[str, Field(max_length=200), _ONE_LINE] | None = None
    language: Language = "en"
    aliases: dict[Line, list[Line]] = Field(default_factory=dict)

    @field_validator("date", mode="before")
    @classmethod
    def _a_day(cls, value: object) -> object:
        if value is not None and type(value) is not datetime.date:
            raise ValueError("must be a day, such as 2020-08-21")
        return value


def split_posts(
    text: str, where: str, first_line: int = 1, *, cut_long: bool = False
) -> tuple[Post, ...]:
    """Split `text` at blank lines; each post keeps every character, line breaks included.

    Blank lines in a fenced block of code do not end a post.
    `first_line` is the line of the file at which `text` starts, for errors. `cut_long` cuts posts that would be longer
    than MAX_POST between lines.

    Raises:
        VerbatimError: posts are longer than MAX_POST; all are named.

    """
    posts: list[Post] = []
    problems: list[Problem] = []
    block: list[str] = []
    length = 0
    lines = (*text.split("\n"), "")
    code = _fenced(lines)
    for number, line in enumerate(lines, start=first_line):
        inside = number - first_line in code
        goes_on = inside or not is_blank(line)
        full = cut_long and not inside and length + len(line) >= MAX_POST
        if block and (full or not goes_on):
            post = Post(len(posts) + 1, "\n".join(block))
            if len(post.text) > MAX_POST:
                reason = (
                    f"post {post.number} has {len(post.text):,} characters, but at most {MAX_POST:,} are"
                    " allowed: split it with blank lines"
                )
                problems.append(Problem(where, reason, number - len(block)))
            posts.append(post)
            block, length = [], 0
        if goes_on:
            block.append(line)
            length += len(line) + 1
    if problems:
        raise VerbatimError(*problems)
    return tuple(posts)


def _fenced(lines: Sequence[str]) -> set[int]:
    """Find the lines of fenced blocks of code that are closed, by their numbers from 0."""
    found: set[int] = set()
    begin, fence = 0, ""
    for number, line in enumerate(lines):
        match = _FENCED_CODE.match(line)
        if match is None:
            continue
        if not fence:
            begin, fence = number, match[1]
        elif match[1].startswith(fence) and not line[match.end() :].strip():
            found.update(range(begin, number))
            fence = ""
    return found


def parse(text: str, where: str, source_id: str) -> Source:
    """Parse the knowledge file `text` into a source.

    Raises:
        VerbatimError: every problem of the front matter, or that there are no posts.

    """
    lines = text.split("\n")
    fenced = front_matter.find(lines)
    if fenced is None or fenced.is_toml:
        raise VerbatimError(no_front_matter(lines, where))
    metadata = _validated(fenced, where)
    blocks = split_posts("\n".join(lines[fenced.body :]), where, fenced.body + 1)
    posts, marks = markers.divide(block.text for block in blocks)
    if not posts:
        raise VerbatimError(Problem(where, "has no posts: add the text after the front matter"))
    return Source(
        id=source_id,
        title=metadata.title.strip(),
        author=metadata.author.strip(),
        posts=posts,
        url=metadata.url,
        date=metadata.date,
        license=metadata.license,
        language=metadata.language,
        aliases=MappingProxyType({name: tuple(rest) for name, rest in metadata.aliases.items()}),
        markers=marks,
    )


def no_front_matter(lines: Sequence[str], where: str) -> Problem:
    """Say what is wrong with a file in which front_matter.find found nothing."""
    begin = next((i for i, line in enumerate(lines, 1) if line.strip()), 1)
    if lines[begin - 1].rstrip() == _FENCE:
        if any(line.rstrip() == _FENCE for line in lines[begin:]):
            return Problem(where, "expected `key: value` lines", begin + 1)
        return Problem(where, "its front matter is not closed: put a line `---` after it", begin)
    reason = "does not begin with front matter: put `---`, title and author, `---` before it"
    return Problem(where, reason, begin)


def _validated(fenced: front_matter.Fenced, where: str) -> FrontMatter:
    """Validate front matter as it is, or else with its keys in lower case and missing quotes put in."""
    try:
        if len(fenced.head) <= front_matter.MAX_CHARACTERS:
            return checked_yaml.parse(fenced.head, where, FrontMatter, first_line=fenced.first_line)
    except VerbatimError:
        pass  # what follows names every problem
    entries, problems = front_matter.parse_entries(fenced, where)
    lines = {entry.key.lower(): entry.line for entry in entries}
    broken = {key.lower() for key, _ in problems}
    found = [problem for _, problem in problems]
    try:
        valid = FrontMatter.model_validate({entry.key.lower(): entry.value for entry in entries})
    except ValidationError as error:
        found += (
            replace(problem, line=lines.get(key, fenced.first_line))
            for key, problem in checked_yaml.problems(error, where, FrontMatter)
            if key not in broken
        )
        raise VerbatimError(*sorted(found, key=lambda one: one.line or 0)) from error
    if found:
        raise VerbatimError(*found)
    return valid


def invalid_fields(metadata: Mapping[str, object]) -> tuple[str, ...]:
    """Name the fields of `metadata` whose values front matter does not accept."""
    try:
        FrontMatter.model_validate(metadata)
    except ValidationError as error:
        return tuple(dict.fromkeys(str(item["loc"][0]) for item in error.errors()))
    return ()


def has_front_matter(text: str) -> bool:
    """Tell whether `text` begins with front matter."""
    return front_matter.find(text.split("\n")) is not None


def render(source: Source) -> str:
    """Write `source` as a knowledge file; `parse` reads back the same posts and metadata."""
    metadata: dict[str, Any] = {"title": source.title, "author": source.author}
    metadata |= {
        key: value
        for key in ("url", "date", "license")
        if (value := getattr(source, key)) is not None
    }
    if source.language != "en":
        metadata["language"] = source.language
    if source.aliases:
        metadata["aliases"] = {name: list(others) for name, others in source.aliases.items()}
    head = yaml.safe_dump(metadata, allow_unicode=True, sort_keys=False, width=1_000)
    body = "\n\n".join(markers.blocks_of(source.posts, source.markers))
    return f"{_FENCE}\n{head}{_FENCE}\n{body}\n"

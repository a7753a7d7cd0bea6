"""The format of knowledge files: YAML front matter, then posts separated by blank lines."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
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

from bot.files import checked_yaml
from bot.models import Post, Problem, Source, VerbatimError

MAX_POST = 100_000
"""Characters. A longer post is a file that lacks blank lines."""

MAX_FRONT_MATTER = 64_000
_FENCE = "---"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


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


def decode(data: bytes, where: str) -> str:
    r"""Decode UTF-8, drop a byte order mark, and make every line end in `\n`.

    Raises:
        VerbatimError: `data` is not UTF-8, or has a control character that no text needs.

    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise VerbatimError(Problem(where, "not UTF-8: save the file as UTF-8", line)) from error
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    found = _CONTROL.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        reason = f"holds the control character U+{ord(found[0]):04X}: remove it"
        raise VerbatimError(Problem(where, reason, line))
    return text


def split_posts(text: str, where: str, first_line: int = 1) -> tuple[Post, ...]:
    """Split `text` at blank lines; each post keeps every character, line breaks included.

    `first_line` is the line of the file at which `text` starts, for errors.

    Raises:
        VerbatimError: posts are longer than MAX_POST; all are named.

    """
    posts: list[Post] = []
    problems: list[Problem] = []
    block: list[str] = []
    for number, line in enumerate((*text.split("\n"), ""), start=first_line):
        if line.strip():
            block.append(line)
        elif block:
            post = Post(len(posts) + 1, "\n".join(block))
            if len(post.text) > MAX_POST:
                reason = (
                    f"post {post.number} has {len(post.text):,} characters, {MAX_POST:,} are"
                    " allowed: divide it with blank lines"
                )
                problems.append(Problem(where, reason, number - len(block)))
            posts.append(post)
            block = []
    if problems:
        raise VerbatimError(*problems)
    return tuple(posts)


def parse(text: str, where: str, source_id: str) -> Source:
    """Parse the knowledge file `text` into a source.

    Raises:
        VerbatimError: every problem of the front matter, or that there are no posts.

    """
    lines = text.split("\n")
    if lines[0].rstrip() != _FENCE:
        reason = "does not begin with front matter: put `---`, title and author, `---` before it"
        raise VerbatimError(Problem(where, reason, 1))
    end = next((i for i, line in enumerate(lines[1:], 1) if line.rstrip() == _FENCE), None)
    if end is None:
        reason = "its front matter has no end: put a line `---` after it"
        raise VerbatimError(Problem(where, reason, 1))
    head = "\n".join(lines[1:end])
    if len(head) > MAX_FRONT_MATTER:
        reason = f"its front matter has more than {MAX_FRONT_MATTER:,} characters"
        raise VerbatimError(Problem(where, reason, 1))
    metadata = checked_yaml.parse(head, where, FrontMatter, first_line=2)
    posts = split_posts("\n".join(lines[end + 1 :]), where, end + 2)
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
    )


def invalid_fields(metadata: Mapping[str, object]) -> tuple[str, ...]:
    """Name the fields of `metadata` whose values front matter does not accept."""
    try:
        FrontMatter.model_validate(metadata)
    except ValidationError as error:
        return tuple(dict.fromkeys(str(item["loc"][0]) for item in error.errors()))
    return ()


def has_front_matter(text: str) -> bool:
    """Tell whether `text` starts with the fence of a knowledge file."""
    return text.split("\n", 1)[0].rstrip() == _FENCE


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
    return f"{_FENCE}\n{head}{_FENCE}\n" + _join(source.posts)


def _join(posts: Sequence[Post]) -> str:
    return "\n\n".join(post.text for post in posts) + "\n"

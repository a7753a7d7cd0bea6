"""YAML is read strictly, and each problem is named with its line."""

from __future__ import annotations

import pytest
from pydantic import BaseModel, ConfigDict

from bot.errors import VerbatimError
from bot.files import checked_yaml


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    size: int = 1


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    name: str
    inner: Inner = Inner()


def problems_of(text: str, first_line: int = 1) -> list[str]:
    with pytest.raises(VerbatimError) as caught:
        checked_yaml.parse(text, "file", Outer, first_line=first_line)
    return [str(problem) for problem in caught.value.problems]


def test_valid_yaml_becomes_the_model() -> None:
    """Values arrive under their keys."""
    assert Outer(name="x", inner=Inner(size=3)) == checked_yaml.parse(
        "name: x\ninner:\n  size: 3\n", "file", Outer
    )


def test_an_unknown_key_is_reported_with_its_line_and_the_allowed_keys() -> None:
    assert problems_of("name: x\ninner:\n  sise: 3\n") == [
        "file, line 3: `inner.sise` unknown key; allowed are size"
    ]


def test_every_problem_is_found_at_once() -> None:
    """In the order of their lines."""
    missing, wrong = problems_of("inner:\n  size: many\n", first_line=5)
    assert "line 5: `name` is missing" in missing
    assert "line 6: `inner.size`" in wrong


def test_problems_are_explained_in_plain_words() -> None:
    """Not in pydantic's."""
    assert problems_of("name: 3\ninner: 4\n") == [
        "file, line 1: `name` must be a text: put it in quotes",
        "file, line 2: `inner` needs `key: value` lines below it",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: [1, 2\nc: 3\n", "line 2: not valid YAML: `[` begins here, but `]` or a comma"),
        ("a: {x: 1\n", "line 1: not valid YAML: `{` begins here, but `}` or a comma"),
        ("a: {\n---\n", "line 2: not valid YAML: a `[` or `{` is not closed"),
        ("a: [\n...\n", "line 2: not valid YAML: a `[` or `{` is not closed"),
        ("a: [b]]\n", "line 1: not valid YAML: there is one `]` too many"),
        ("a: 1\nb: 'x\nc: 2\n", "line 2: not valid YAML: a quotation mark is not closed"),
        ("a: 'it's'\n", "line 1: not valid YAML: something follows the closing quotation mark"),
        (
            "title: A: b\n",
            "line 1: not valid YAML: the value contains `: `: put the value in quotes",
        ),
        ("a:\n  b: 1\n   c: 2\n", "line 3: not valid YAML: the indentation does not match"),
        ("a: 1\n- b\n", "line 2: not valid YAML: the indentation does not match"),
        ("a:\n\tb: 1\n", "line 2: not valid YAML: the line begins with a tab: indent with spaces"),
        ("a: 1\nb\nc: 2\n", "line 2: not valid YAML: this is not a `key: value` line"),
        (
            "a: @me\n",
            "line 1: not valid YAML: a value cannot begin with `@`: put the value in quotes",
        ),
        (
            "a: &\n",
            "line 1: not valid YAML: a value cannot begin with `&`: put the value in quotes",
        ),
        ("---\na: 1\n---\nb: 2\n", "line 3: not valid YAML: a second document begins here"),
        ("a: !x b\n", "line 1: not valid YAML: tags (`!name`) are not allowed here"),
    ],
)
def test_a_syntax_error_is_explained_in_plain_words(text: str, said: str) -> None:
    """Not in the parser's, and on the line where something must be changed."""
    (line,) = problems_of(text)
    assert said in line


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: [a", "line 1: not valid YAML"),
        ("a: &x [1]\nname: *x\n", "aliases"),
        ("name: x\nname: y\n", "line 2: not valid YAML: the key `name` stands twice"),
        ("- a\n- b\n", "expected `key: value` lines"),
        ("name: !!python/object/apply:os.system [ls]\n", "not valid YAML"),
        ("name: x\x00y\n", "not valid YAML"),
        ("name: 2020-13-45\n", "not valid YAML"),
        ("name: " + "[" * 5_000 + "\n", "nested too deeply"),
        ("? [a]\n: b\n", "not valid YAML"),
        ("a" * (checked_yaml.MAX_CHARACTERS + 1), "characters of YAML"),
    ],
)
def test_invalid_yaml_is_reported_in_one_line(text: str, said: str) -> None:
    """Never with a traceback."""
    (line,) = problems_of(text)
    assert said in line
    assert "\n" not in line

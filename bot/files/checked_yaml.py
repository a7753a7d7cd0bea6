"""Parses YAML into a pydantic model, strictly, and reports every problem with its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError

from bot.errors import Problem, VerbatimError
from bot.files import validation_errors, yaml_errors

Model = TypeVar("Model", bound=BaseModel)

KeyPath = tuple[str, ...]
"""The keys that lead to a value, outermost first."""


class Override(NamedTuple):
    """A value that replaces the one in the text, and where it is from."""

    value: Any
    where: str


MAX_CHARACTERS = 1_000_000
"""Longer input is refused before it is parsed."""


class _Loader(yaml.SafeLoader):
    """A SafeLoader that also refuses aliases (billion laughs) and duplicate keys."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.constructor.ConstructorError(
                None, None, "aliases (`*name`) are not allowed here: write the value again", mark
            )
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        seen: set[str] = set()
        for key, _ in node.value:
            name = str(key.value)
            if name in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key `{name}` stands twice: keep one", key.start_mark
                )
            seen.add(name)
        return super().construct_mapping(node, deep)


def load(text: str) -> Any:
    """Load plain values from `text`.

    Raises:
        yaml.YAMLError, ValueError, RecursionError: it is not YAML, or has what this loader refuses.

    """
    return _composed(text)[1]


def _composed(text: str) -> tuple[yaml.Node | None, Any]:
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        return node, {} if node is None else loader.construct_document(node)
    finally:
        loader.dispose()


def lines_of(text: str) -> dict[KeyPath, int]:
    """The line of each key in `text`, which is known to be valid."""
    return dict(_lines(_composed(text)[0], ()))


def _lines(node: yaml.Node | None, above: KeyPath) -> Iterator[tuple[KeyPath, int]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            path = (*above, str(key.value))
            yield path, key.start_mark.line + 1
            yield from _lines(value, path)


def parse(
    text: str,
    where: str,
    model: type[Model],
    *,
    first_line: int = 1,
    overrides: Mapping[KeyPath, Override] | None = None,
) -> Model:
    """Parse and validate `text`, with the values of `overrides` in place of its own.

    `where` names the file in errors; `first_line` is its line at which `text` starts.

    Raises:
        VerbatimError: every problem found, each with its line.

    """
    if len(text) > MAX_CHARACTERS:
        raise VerbatimError(Problem(where, f"more than {MAX_CHARACTERS:,} characters of YAML"))
    try:
        node, values = _composed(text)
    except yaml.YAMLError as error:
        reason, line = yaml_errors.describe(error)
        line = None if line is None else line + first_line
        raise VerbatimError(Problem(where, f"not valid YAML: {reason}", line)) from error
    except ValueError as error:  # the date 2020-13-45, say
        reason = str(error).splitlines()[0]
        raise VerbatimError(Problem(where, f"not valid YAML: {reason}")) from error
    except RecursionError as error:
        raise VerbatimError(Problem(where, "not valid YAML: nested too deeply")) from error
    if not isinstance(values, dict):
        raise VerbatimError(Problem(where, "expected `key: value` lines", first_line))
    overrides = overrides or {}
    try:
        return model.model_validate(_overridden(values, overrides))
    except ValidationError as error:
        problems = [
            _override_problem(item, overrides) or _problem(item, node, where, first_line, model)
            for item in validation_errors.of_chosen_branches(error.errors())
        ]
        raise VerbatimError(*sorted(problems, key=lambda one: one.line or 0)) from error


def _overridden(values: dict[Any, Any], overrides: Mapping[KeyPath, Override]) -> dict[Any, Any]:
    """Copy `values` with the overrides. A value in place of a section stays as it is, and is refused later."""
    copied: dict[Any, Any] = dict(values)
    for (key, *rest), override in overrides.items():
        if not rest:
            copied[key] = override.value
        elif isinstance(section := copied.get(key, {}), dict):
            copied[key] = _overridden(section, {tuple(rest): override})
    return copied


def _override_problem(item: Any, overrides: Mapping[KeyPath, Override]) -> Problem | None:
    """The problem, if it is about an override, or about a section in which there is one."""
    loc = tuple(item["loc"])
    for path, override in overrides.items():
        shared = min(len(path), len(loc))
        if path[:shared] == loc[:shared] and _is_about_values(item):
            return Problem(override.where, validation_errors.reason(item))
    return None


def _is_about_values(item: Any) -> bool:
    """Whether changed values can be the cause; the form of a section is the file's fault."""
    return item["type"] not in {"dict_type", "model_type", "extra_forbidden", "missing"}


def problems(
    error: ValidationError, where: str, model: type[BaseModel]
) -> list[tuple[str, Problem]]:
    """Put what `model` refused into words, each problem with its top-level key and without a line."""
    return [
        (str((item["loc"] or ("",))[0]), _problem(item, None, where, 1, model))
        for item in error.errors()
    ]


def _problem(
    item: Any, node: yaml.Node | None, where: str, first_line: int, model: type[BaseModel]
) -> Problem:
    path = tuple(part for part in item["loc"] if not validation_errors.is_added(part))
    key = ".".join(str(part) for part in path)
    reason = validation_errors.reason(item)
    if item["type"] == "extra_forbidden":
        owner = _model_at(model, path[:-1])
        reason = f"{reason}; allowed are {', '.join(sorted(owner.model_fields))}"
    return Problem(where, f"`{key}` {reason}" if key else reason, _line(node, path, first_line))


def _model_at(model: type[BaseModel], path: tuple[Any, ...]) -> type[BaseModel]:
    for part in path:
        kind = model.model_fields[part].annotation if part in model.model_fields else None
        for one in (kind, *get_args(kind)):
            if isinstance(one, type) and issubclass(one, BaseModel):
                model = one
    return model


def _line(node: yaml.Node | None, path: tuple[Any, ...], first_line: int) -> int | None:
    """Line of the deepest node on `path`: for a missing key, its parent's."""
    if node is None:
        return None
    for part in path:
        below: yaml.Node | None = None
        if isinstance(node, yaml.MappingNode):
            below = next((v for k, v in node.value if str(k.value) == str(part)), None)
            key = next((k for k, _ in node.value if str(k.value) == str(part)), None)
            if below is not None and key is not None and isinstance(below, yaml.ScalarNode):
                below.start_mark = key.start_mark
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            below = node.value[part] if part < len(node.value) else None
        if below is None:
            break
        node = below
    return int(node.start_mark.line) + first_line

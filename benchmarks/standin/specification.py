"""Discord's OpenAPI description: whether it knows a request, and accepts its body."""

from __future__ import annotations

import json
import lzma
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from jsonschema_rs import Draft202012Validator

FILE = Path(__file__).parent / "data" / "openapi.json.xz"
"""Discord's file, under the MIT licence beside it."""

_NUMBERS_TOO = {"anyOf": [{"type": "string", "pattern": "^(0|[1-9][0-9]*)$"}, {"type": "integer"}]}
"""Discord accepts ids as numbers too, and discord.py sends some of them so."""


@dataclass(frozen=True)
class Operation:
    """A method of a path of the API."""

    name: str
    pattern: re.Pattern[str]
    described: Mapping[str, Any]
    schemas: Mapping[str, Any]

    @cached_property
    def body(self) -> Draft202012Validator | None:
        """What checks the body; None if the operation takes none."""
        content = self.described.get("requestBody", {}).get("content", {})
        form = content.get("application/json") or content.get("multipart/form-data")
        return None if form is None else self._validator(form["schema"])

    @cached_property
    def query(self) -> Mapping[str, Draft202012Validator]:
        """What checks each parameter of the query."""
        return {
            parameter["name"]: self._validator(parameter["schema"])
            for parameter in self.described.get("parameters", ())
            if parameter.get("in") == "query"
        }

    def _validator(self, schema: Mapping[str, Any]) -> Draft202012Validator:
        return Draft202012Validator({**schema, "components": {"schemas": self.schemas}})


class Specification:
    """All operations of the API."""

    def __init__(self, described: Mapping[str, Any]) -> None:
        schemas = {**described["components"]["schemas"], "SnowflakeType": _NUMBERS_TOO}
        self._operations: dict[tuple[str, int], list[Operation]] = {}
        for path, methods in sorted(
            described["paths"].items(), key=lambda item: item[0].count("{")
        ):
            pattern = re.compile(re.sub(r"\\{\w+\\}", r"[^/]+", re.escape(path)))
            for method, operation in methods.items():
                if method != "parameters":
                    key = (method.upper(), path.count("/"))
                    one = Operation(operation["operationId"], pattern, operation, schemas)
                    self._operations.setdefault(key, []).append(one)

    @classmethod
    @cache
    def of_discord(cls) -> Specification:
        """Read Discord's file."""
        with lzma.open(FILE) as file:
            return cls(json.load(file))

    def operation(self, method: str, path: str) -> Operation | None:
        """Find the operation that a request means."""
        there = self._operations.get((method, path.count("/")), ())
        return next((one for one in there if one.pattern.fullmatch(path)), None)

    def problems(
        self, method: str, path: str, query: Mapping[str, str], body: Any | None
    ) -> list[str]:
        """List what Discord would not accept in a request."""
        operation = self.operation(method, path)
        if operation is None:
            return [f"{method} {path}: there is no such request"]
        found = []
        for name, value in query.items():
            if name not in operation.query:
                found.append(f"{operation.name}: no parameter {name}")
            elif not any(map(operation.query[name].is_valid, _readings(value))):
                found.append(f"{operation.name}: parameter {name} cannot be {value!r}")
        if body is not None and operation.body is not None:
            found += [
                f"{operation.name}: {'/'.join(map(str, error.instance_path)) or 'body'}: {error.message[:300]}"
                for error in operation.body.iter_errors(body)
            ]
        return found


def _readings(value: str) -> list[Any]:
    """What a word of a query may mean in JSON. Discord accepts numbers as booleans, such as discord.py sends."""
    readings: list[Any] = [value]
    with suppress(ValueError):
        readings.append(json.loads(value))
    if value in {"0", "1"}:
        readings.append(value == "1")
    return readings

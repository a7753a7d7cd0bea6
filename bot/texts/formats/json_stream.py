"""Large JSON files read element by element, in memory bounded by the largest element."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

from bot.errors import Problem, VerbatimError

MAX_ELEMENT = 32 * 1024 * 1024
"""Characters of one element of an array, or of a file that is read whole."""

_CHUNK = 1 << 20
_SPACE = " \t\r\n"


class Element(NamedTuple):
    """An element of the array, and where it stands: `start` and `end` are offsets in the file, in bytes."""

    value: Any
    start: int
    end: int


class _Buffer:
    """The text of a file from `start` on, of which only what is not yet parsed is held."""

    def __init__(self, file: BinaryIO, start: int, where: str) -> None:
        self._file = file
        self._where = where
        self._next = start
        self._decode = codecs.getincrementaldecoder("utf-8")().decode
        self._text = ""
        self._at = 0
        self._bytes = start
        self._parse = json.JSONDecoder().raw_decode
        self._ended = False

    def damaged(self, why: str = "ends early or is damaged") -> VerbatimError:
        reason = f"its JSON {why} at byte {self._bytes + 1:,}: export or download it again"
        return VerbatimError(Problem(self._where, reason))

    def _fill(self, size: int) -> bool:
        """Read `size` more bytes; false at the end of the file."""
        if self._ended:
            return False
        self._file.seek(self._next)  # others may read the same file meanwhile
        data = self._file.read(size)
        self._next += len(data)
        self._ended = not data
        try:
            self._text = self._text[self._at :] + self._decode(data, final=self._ended)
        except UnicodeDecodeError as error:
            raise self.damaged("is not UTF-8") from error
        self._at = 0
        return not self._ended

    def peek(self) -> str:
        """Skip white space, and return the next character; empty at the end."""
        while True:
            begin = self._at
            while self._at < len(self._text) and self._text[self._at] in _SPACE:
                self._at += 1
            self._bytes += self._at - begin
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._fill(_CHUNK):
                return ""

    def take(self, expected: str) -> None:
        if self.peek() != expected:
            raise self.damaged()
        self._at += 1
        self._bytes += 1

    def value(self) -> Element:
        """Parse the value that comes next."""
        if not self.peek():
            raise self.damaged()
        size = _CHUNK
        while True:
            try:
                value, end = self._parse(self._text, self._at)
            except json.JSONDecodeError as error:
                if len(self._text) - self._at > MAX_ELEMENT:
                    raise self.damaged(
                        f"has more than {MAX_ELEMENT:,} characters in one piece"
                    ) from error
                if not self._fill(size):
                    raise self.damaged() from error
            except (RecursionError, ValueError) as error:  # or a number of thousands of digits
                raise self.damaged("is nested too deeply, or no JSON,") from error
            else:
                if end < len(self._text) or not self._fill(size):
                    break
            size *= 2
        begin = self._bytes
        self._bytes += len(self._text[self._at : end].encode("utf-8", "surrogatepass"))
        self._at = end
        return Element(value, begin, self._bytes)


def elements(
    file: BinaryIO,
    where: str,
    *,
    key: str | None = None,
    start: int = 0,
    facts: dict[str, Any] | None = None,
) -> Iterator[Element]:
    """Yield the elements of the array that begins at `start`, or that a top-level object has under `key`.

    The object's other values go into `facts` as they are met. What follows the array or object is not read.

    Raises:
        VerbatimError: the JSON is damaged; the elements before that have been yielded.

    """
    buffer = _Buffer(file, start, where)
    if key is None or buffer.peek() == "[":
        yield from _array(buffer)
        return
    buffer.take("{")
    while buffer.peek() != "}":
        name = buffer.value().value
        buffer.take(":")
        if name == key and buffer.peek() == "[":
            yield from _array(buffer)
        else:
            value = buffer.value().value
            if facts is not None:
                facts[str(name)] = value
        if buffer.peek() != "}":
            buffer.take(",")


def _array(buffer: _Buffer) -> Iterator[Element]:
    buffer.take("[")
    while buffer.peek() != "]":
        yield buffer.value()
        if buffer.peek() != "]":
            buffer.take(",")
    buffer.take("]")


def load(file: BinaryIO, where: str) -> Any:
    """Load a whole file of at most MAX_ELEMENT characters.

    Raises:
        VerbatimError: it is longer, or no JSON.

    """
    file.seek(0)
    return _Buffer(file, 3 if file.read(3) == codecs.BOM_UTF8 else 0, where).value().value


def read_slice(file: BinaryIO, start: int, end: int) -> bytes:
    """Read the bytes of an element again."""
    file.seek(start)
    return file.read(end - start)


def at(value: Any, *path: str | int) -> Any:
    """Follow `path` into nested objects and arrays; None where it leads nowhere."""
    for key in path:
        if isinstance(value, dict) and isinstance(key, str):
            value = value.get(key)
        elif isinstance(value, list) and isinstance(key, int) and -len(value) <= key < len(value):
            value = value[key]
        else:
            return None
    return value


def text_at(value: Any, *path: str | int) -> str:
    """Follow `path` to a text; empty where there is none."""
    found = at(value, *path)
    return found.encode("utf-8", "replace").decode() if isinstance(found, str) else ""


def list_at(value: Any, *path: str | int) -> list[Any]:
    """Follow `path` to an array; empty where there is none."""
    found = at(value, *path)
    return found if isinstance(found, list) else []

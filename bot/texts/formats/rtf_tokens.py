"""Splits rich text (RTF) into the words and the control words of its groups."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    r"\\([A-Za-z]{1,32})(-?\d{1,10})? ?|\\'([0-9A-Fa-f]{2})|\\([\s\S])|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
_CODE_PAGES = {
    0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk", 136: "cp950", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
    238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
"""By `\\fcharset`, as the RTF specification 1.9.1 lists them."""

_SPECIAL = {
    "tab": "\t", "emdash": "—", "endash": "–", "emspace": " ", "enspace": " ", "qmspace": " ", "bullet": "•",
    "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "line": "\n", "lbr": "\n",
}  # fmt: skip
_SYMBOLS = {
    "~": "\xa0",
    "_": "‑",
    "-": "",
    "{": "{",
    "}": "}",
    "\\": "\\",
}


class RtfToken(NamedTuple):
    """`kind` is "{", "}", "text", "word" (a control word with its number) or "*" (an optional destination)."""

    kind: str
    text: str = ""
    number: int | None = None


def tokens(source: str) -> Iterator[RtfToken]:
    r"""Yield the tokens of `source` (bytes as Latin-1), with characters decoded by font, `\ansicpg` and `\u`."""
    decoder = _Decoder()
    at = 0
    while (found := _TOKEN.match(source, at)) is not None:
        at = found.end()
        word, number, hexadecimal, symbol, brace, plain = found.groups()
        if word == "bin":
            at += max(0, int(number or 0))
        elif hexadecimal is not None:
            decoder.add(bytes((int(hexadecimal, 16),)))
        elif plain is not None:
            decoder.add(plain.encode("latin-1"))
        elif word == "u":
            decoder.add_character(int(number or 0))
        elif (special := _SPECIAL.get(word or "", _SYMBOLS.get(symbol or ""))) is not None:
            decoder.add_text(special)
        elif word or brace or symbol:
            if text := decoder.flush():
                yield RtfToken("text", text)
            yield from _control(decoder, word, number, symbol, brace)
    if text := decoder.flush():
        yield RtfToken("text", text)


def _control(
    decoder: _Decoder, word: str | None, number: str | None, symbol: str | None, brace: str | None
) -> Iterator[RtfToken]:
    if brace:
        decoder.group(opens=brace == "{")
        yield RtfToken(brace)
    elif symbol == "*":
        yield RtfToken("*")
    elif symbol in ("\n", "\r"):
        yield RtfToken("word", "par")
    elif word:
        value = int(number) if number else None
        decoder.control(word, value)
        yield RtfToken("word", word, value)


class _Decoder:
    """Collects bytes, and decodes them together: a character of some code pages has two."""

    def __init__(self) -> None:
        self._pages: list[str] = ["cp1252"]
        self._skips = [1]
        self._to_skip = 0
        self._fonts: dict[int, str] = {}
        self._font = 0
        self._bytes = bytearray()
        self._text: list[str] = []
        self._half: int | None = None

    def add(self, data: bytes) -> None:
        if self._to_skip:
            skipped = min(self._to_skip, len(data))
            self._to_skip -= skipped
            data = data[skipped:]
        self._bytes += data

    def add_text(self, text: str) -> None:
        if self._to_skip:
            self._to_skip -= 1
            return
        self._decode()
        self._text.append(text)

    def add_character(self, number: int) -> None:
        r"""Add the character of `\u`, a signed number of 16 bits; two surrogates are one character."""
        self._decode()
        code = number % 0x10000
        if 0xD800 <= code < 0xDC00:
            self._half = code
        elif 0xDC00 <= code < 0xE000:
            if self._half is not None:
                self._text.append(chr(0x10000 + ((self._half - 0xD800) << 10) + (code - 0xDC00)))
            self._half = None
        else:
            self._text.append(chr(code))
        self._to_skip = self._skips[-1]

    def control(self, word: str, number: int | None) -> None:
        if word == "uc":
            self._skips[-1] = min(max(0, number or 0), 16)
        elif word == "ansicpg":
            page = "utf-8" if number == 65001 else f"cp{number}"
            self._pages = [page if _is_known(page) else "cp1252"] * len(self._pages)
        elif word in ("mac", "pc", "pca"):
            self._pages[-1] = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}[word]
        elif word == "fcharset":
            if number:  # 0 is the code page of the document
                self._fonts[self._font] = _CODE_PAGES.get(number, "")
        elif word == "f":
            self._font = number or 0
            self._pages[-1] = self._fonts.get(self._font) or self._pages[0]

    def group(self, *, opens: bool) -> None:
        self._to_skip = 0
        if opens:
            self._pages.append(self._pages[-1])
            self._skips.append(self._skips[-1])
        elif len(self._skips) > 1:
            self._pages.pop()
            self._skips.pop()

    def flush(self) -> str:
        self._decode()
        text = "".join(self._text)
        self._text = []
        return text

    def _decode(self) -> None:
        if self._bytes:
            self._text.append(self._bytes.decode(self._pages[-1], errors="replace"))
            self._bytes.clear()


def _is_known(page: str) -> bool:
    try:
        b"a".decode(page)
    except LookupError:
        return False
    return True

"""What a file is that no format reads, by its first bytes, so that an error can say so."""

from __future__ import annotations

import re
from pathlib import PurePath

_TEXT_INSTEAD = "save or copy its text into a .txt file, and import that"

_ZIP_KINDS = (
    (b"word/", "a Word document"),
    (b"xl/", "an Excel workbook"),
    (b"ppt/", "a PowerPoint presentation"),
    (b"application/epub+zip", "an EPUB book"),
    (b"opendocument.text", "an OpenDocument text"),
    (b"opendocument.spreadsheet", "an OpenDocument spreadsheet"),
)
_ZIP_SUFFIXES = {
    ".docx": "a Word document",
    ".xlsx": "an Excel workbook",
    ".pptx": "a PowerPoint presentation",
    ".epub": "an EPUB book",
    ".odt": "an OpenDocument text",
    ".ods": "an OpenDocument spreadsheet",
}
_KINDS: tuple[tuple[bytes, str], ...] = (
    (rb"%PDF-|.{0,1000}?%PDF-\d", "a PDF"),
    (rb"\{\\rtf", "an RTF document"),
    (rb"\xd0\xcf\x11\xe0", "a document of an old Word, Excel or PowerPoint"),
    (
        rb"\x89PNG|\xff\xd8\xff|GIF8[79]a|BM.{4}\0\0\0\0|II\*\0|MM\0\*|RIFF.{4}WEBP|.{4}ftyp(?:avif|heic|mif1)",
        "a picture",
    ),
    (rb".{4}ftyp|\x1a\x45\xdf\xa3|RIFF.{4}AVI |\0\0\x01[\xba\xb3]|FLV\x01", "a film"),
    (rb"ID3[\x02-\x04]|\xff[\xfb\xf3\xf2\xfa]|OggS\0|fLaC\0|RIFF.{4}WAVE", "a sound recording"),
    (
        rb"\x1f\x8b|BZh\d1AY|\xfd7zXZ\0|7z\xbc\xaf\x27\x1c|Rar!\x1a|\x28\xb5\x2f\xfd|.{257}ustar",
        "a compressed archive",
    ),
    (rb"SQLite format 3\0", "a database"),
    (rb"MZ[^\n]{0,100}?\0|\x7fELF|\xca\xfe\xba\xbe|\xcf\xfa\xed\xfe", "a program"),
)
_COMPOUND = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""How a new Office document looks that has a password: one of the old kind around it."""

_BINARY_KINDS = tuple((re.compile(shape, re.DOTALL), kind) for shape, kind in _KINDS)

_HTML = re.compile(
    rb"\s*(?:<!--.{0,500}?-->\s*)?<(?:!doctype html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_XML = re.compile(
    rb"\s*<\?xml\b[^>]{0,200}\?>|\s*<(?:opml|rss|feed|plist|svg|kml|gpx)\b[^>]{0,500}>",
    re.IGNORECASE,
)
_CUE = re.compile(rb"(?:\s*\d+\s*\n)?\s*\d{1,2}:\d\d(?::\d\d)?[,.]\d{1,3}\s+-->|WEBVTT")
_MARKED = (
    (_HTML, "a web page (HTML)"),
    (_XML, "XML of no kind that is known"),
    (_CUE, "a file of subtitles"),
)
_MANUAL_SOURCE = re.compile(
    rb"(?:['.]\\?\\?\"[^\n]*\n|[ \t\r]*\n|\.(?:de|ie|el|if|nh|ad|hy|so|ds|nr|\\?\.)\b[^\n]*\n)*\.(?:TH|Dd)[ \t]",
    re.DOTALL,
)
_JSON = re.compile(rb"\s*(?:[\[{]\s*[\"{\[]|\[\s*\]|\{\s*\})")
_SCRIPT = re.compile(rb"\s*window\.[\w.]+\s*=")


def refusal(head: bytes, name: str) -> str | None:
    """Say what a file is that is not plain text, and the way out; None if it may be one."""
    if head.startswith(_COMPOUND) and _ENCRYPTED in head:
        return "is locked with a password: open it with that in Word or Excel, save it without one, and import that"
    kind = _binary(head, name)
    if kind:
        return f"is {kind}, not a text: {_TEXT_INSTEAD}"
    start = head.removeprefix(b"\xef\xbb\xbf")
    marked = next((kind for shape, kind in _MARKED if shape.match(start)), None)
    if marked:
        return f"is {marked}, not a text: {_TEXT_INSTEAD}"
    if _MANUAL_SOURCE.match(start):
        return "is the source of a manual page: import what `man FILE | cat` prints"
    if _SCRIPT.match(start) or (_JSON.match(start) and b'"' in head[:200]):
        return (
            "is JSON, of no export that is known (X, Bluesky, Mastodon, Threads, Discord, Slack, Telegram, an FAQ): "
            "import another file of it; or add --format paragraphs to import it as it is"
        )
    return None


def _binary(head: bytes, name: str) -> str | None:
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        suffix = PurePath(name).suffix.lower()
        found = next((kind for mark, kind in _ZIP_KINDS if mark in head), None)
        return found or _ZIP_SUFFIXES.get(suffix, "a zip archive")
    return next((kind for shape, kind in _BINARY_KINDS if shape.match(head)), None)

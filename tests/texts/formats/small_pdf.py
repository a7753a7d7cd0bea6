"""Writes small PDF files: text at places, in Helvetica or Helvetica Bold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Placed(NamedTuple):
    """A line of text with its left end and baseline in points, from the lower left corner of an A4 page."""

    x: float
    y: float
    text: str
    size: float = 11
    bold: bool = False


def pdf(pages: Sequence[Sequence[Placed]], title: str = "", author: str = "") -> bytes:
    """Write one page for each sequence of lines, which are drawn in the order given."""
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"", b"", b""]
    kids: list[int] = []
    for lines in pages:
        drawn = "\n".join(
            f"BT /F{2 if line.bold else 1} {line.size} Tf {line.x} {line.y} Td ({_escaped(line.text)}) Tj ET"
            for line in lines
        ).encode("cp1252")
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >>"
            b" /Contents %d 0 R >>" % (len(objects) + 2)
        )
        kids.append(len(objects))
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (
        len(kids),
        b" ".join(b"%d 0 R" % kid for kid in kids),
    )
    for i, name in ((2, b"Helvetica"), (3, b"Helvetica-Bold")):
        objects[i] = (
            b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>" % name
        )
    objects[4] = f"<< /Title ({_escaped(title)}) /Author ({_escaped(author)}) >>".encode("cp1252")
    data = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets: list[int] = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    data += b"trailer\n<< /Size %d /Root 1 0 R /Info 5 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
    return bytes(data)


def column(text: str, x: float = 72, top: float = 760, pitch: float = 14) -> list[Placed]:
    """Place the lines of `text` below each other; a blank line leaves a gap."""
    return [Placed(x, top - i * pitch, line) for i, line in enumerate(text.split("\n")) if line]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")

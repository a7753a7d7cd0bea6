"""Fetches a text from a web address that the operator allows, and from no machine of a private network.

The host is looked up once, its addresses are checked, and the connection is made to one of them: a name that resolves
to another address the second time (DNS rebinding) leads nowhere else. Each redirect is checked in the same way.
"""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urljoin, urlunsplit

from bot.texts.web_addresses import address_problem, check_address, is_public

MOST_BYTES = 32 * 1024 * 1024
MOST_SECONDS = 30.0
MOST_REDIRECTS = 5
_PORT = 443
_CHUNK = 64 * 1024
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_HEADERS = {
    "User-Agent": "Verbatim (a bot that quotes texts)",
    "Accept": "text/html, text/plain, application/pdf, */*;q=0.5",
    "Accept-Encoding": "gzip",
    "Connection": "close",
}
_SUFFIXES = {
    "text/html": ".html", "application/xhtml+xml": ".html", "text/plain": ".txt", "text/markdown": ".md",
    "application/pdf": ".pdf", "text/csv": ".csv", "text/vtt": ".vtt", "application/json": ".json",
    "application/epub+zip": ".epub", "application/zip": ".zip",
}  # fmt: skip

Connect = Callable[[str, str, int, float], socket.socket]
"""Opens a connection to a host (its name, then its checked address, port and seconds to wait)."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What stood at `url`, the address after all redirects; `name` is a file name made of it."""

    url: str
    name: str
    data: bytes


def _resolve(host: str) -> list[str]:
    found = socket.getaddrinfo(host, _PORT, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def _connect(host: str, address: str, port: int, seconds: float) -> socket.socket:
    context = ssl.create_default_context()
    plain = socket.create_connection((address, port), timeout=seconds)
    try:
        return context.wrap_socket(plain, server_hostname=host)
    except BaseException:
        plain.close()
        raise


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches with limits. What follows `most_seconds` is replaced in tests alone."""

    allowed: Sequence[str]
    most_bytes: int = MOST_BYTES
    most_seconds: float = MOST_SECONDS
    resolve: Callable[[str], Sequence[str]] = _resolve
    is_public: Callable[[str], bool] = is_public
    connect: Connect = _connect
    port: int = _PORT

    def fetch(self, url: str) -> Fetched:
        """Fetch `url`; it blocks, so a server calls it in a thread.

        Raises:
            VerbatimError: the address, one that it redirects to, or its machine is not allowed; or it does not answer,
                answers with an error, takes too long, or is too large.

        """
        deadline = time.monotonic() + self.most_seconds
        here = url
        for _ in range(MOST_REDIRECTS + 1):
            parts = check_address(here, url, self.allowed, self.port)
            address = self._address(parts.hostname or "", url)
            target = urlunsplit(("", "", parts.path or "/", parts.query, ""))
            found = self._get(parts.hostname or "", address, target, deadline, url)
            if isinstance(found, Fetched):
                return Fetched(
                    urlunsplit(parts._replace(fragment="")), _name(parts, found.name), found.data
                )
            try:
                here = urljoin(here, found)
            except ValueError as error:
                raise address_problem(
                    url, "leads to something that is not a web address"
                ) from error
        raise address_problem(
            url, f"leads on more than {MOST_REDIRECTS} times: give the address at which it ends"
        )

    def _address(self, host: str, url: str) -> str:
        try:
            addresses = self.resolve(host)
        except OSError as error:
            raise address_problem(url, f"{host} is not found: is the address right?") from error
        if not addresses or not all(map(self.is_public, addresses)):
            raise address_problem(url, f"is not fetched: {host} is a machine of a private network")
        return addresses[0]

    def _get(
        self, host: str, address: str, target: str, deadline: float, url: str
    ) -> Fetched | str:
        """Get the answer, or the address that it redirects to."""
        left = deadline - time.monotonic()
        connection = http.client.HTTPConnection(host, self.port, timeout=max(left, 0.01))
        try:
            connection.sock = self.connect(host, address, self.port, max(left, 0.01))
            with _broken_off_at(deadline, connection.sock):
                connection.request("GET", target, headers=_HEADERS)
                with connection.getresponse() as answer:
                    found = self._answer(answer, url)
                if time.monotonic() >= deadline:
                    raise TimeoutError
                return found
        except ssl.SSLCertVerificationError as error:
            raise address_problem(
                url, f"has a certificate that is not valid: {error.verify_message}"
            ) from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            late = time.monotonic() >= deadline or isinstance(error, TimeoutError)
            reason = (
                f"took more than {self.most_seconds:g} s" if late else "broke off the connection"
            )
            raise address_problem(
                url, f"{reason}: try again, or save it in the browser and import the file"
            ) from error
        finally:
            connection.close()

    def _answer(self, answer: http.client.HTTPResponse, url: str) -> Fetched | str:
        if answer.status in _REDIRECTS and (location := answer.getheader("Location")):
            # http.client reads headers as Latin-1; letters that should have been encoded are UTF-8.
            return location.encode("latin-1").decode("utf-8", errors="replace")
        if answer.status != http.client.OK:
            raise address_problem(
                url, f"answers {answer.status} {answer.reason[:60]}: is the address right?"
            )
        kind = (answer.getheader("Content-Type") or "").partition(";")[0].strip().lower()
        return Fetched(url, kind, self._body(answer, url))

    def _body(self, answer: http.client.HTTPResponse, url: str) -> bytes:
        stated = answer.getheader("Content-Length") or ""
        too_large = address_problem(
            url,
            f"has more than {self.most_bytes:,} bytes: save it, and import what is needed of it",
        )
        if stated.isdigit() and int(stated) > self.most_bytes:
            raise too_large
        encoding = (answer.getheader("Content-Encoding") or "identity").strip().lower()
        if encoding not in ("identity", "gzip"):
            raise address_problem(
                url, f"is sent as {encoding[:20]}, which was not asked for: save it in the browser"
            )
        data = bytearray()
        for piece in _pieces(answer, encoding, self.most_bytes + 1):
            data += piece
            if len(data) > self.most_bytes:
                raise too_large
        if stated.isdigit() and answer.length:
            raise http.client.IncompleteRead(bytes(data))
        return bytes(data)


def _pieces(answer: http.client.HTTPResponse, encoding: str, most: int) -> Iterator[bytes]:
    unzip = zlib.decompressobj(wbits=31) if encoding == "gzip" else None
    while piece := answer.read(_CHUNK):
        if unzip is None:
            yield piece
            continue
        try:
            yield unzip.decompress(piece, most)
        except zlib.error as error:
            raise http.client.HTTPException("damaged gzip") from error
        if unzip.unconsumed_tail:  # it holds more than may be read
            yield b"\0" * most


@contextmanager
def _broken_off_at(deadline: float, sock: socket.socket) -> Iterator[None]:
    """Break the connection off at `deadline`: a timeout of a socket starts again with each byte."""

    def close() -> None:
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(max(deadline - time.monotonic(), 0.0), close)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _name(parts: SplitResult, kind: str) -> str:
    last = re.sub(r"[^\w.-]+", "-", unquote(parts.path.rstrip("/").rsplit("/", 1)[-1])).strip("-.")[
        :80
    ]
    suffix = _SUFFIXES.get(kind, "")
    name = last or parts.hostname or "page"
    return name if not suffix or name.lower().endswith(suffix) else name + suffix

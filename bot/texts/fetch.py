"""Fetches a text from a web address that the operator allows, and from no machine of a private network.

The host is looked up once, its addresses are checked, and the connection is made to one of them: a name that resolves
to another address the second time (DNS rebinding) leads nowhere else. Each redirect is checked in the same way.
"""

from __future__ import annotations

import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urljoin, urlsplit, urlunsplit

from bot.errors import Problem, VerbatimError

MOST_BYTES = 32 * 1024 * 1024
MOST_SECONDS = 30.0
MOST_REDIRECTS = 5
_PORT = 443
_LONGEST_ADDRESS = 2_000
_CHUNK = 64 * 1024
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*")
_UNSAFE = re.compile(r"[\x00-\x20\x7f<>\"\\^`{|}]")
_HEADERS = {
    "User-Agent": "Verbatim (a bot that quotes texts)",
    "Accept": "text/html, text/plain, application/pdf, */*;q=0.5",
    "Accept-Encoding": "gzip",
    "Connection": "close",
}
_TRANSLATED = {6: ipaddress.ip_network("64:ff9b::/96"), 4: ipaddress.ip_network("192.88.99.0/24")}
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


def is_public(address: str) -> bool:
    """Tell whether an IP address belongs to a machine on the public internet."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is not None:
            return is_public(str(inner))
    special = (
        found.is_multicast
        or found.is_reserved
        or found.is_unspecified
        or found in _TRANSLATED[found.version]
    )
    return found.is_global and not special


def is_allowed(host: str, allowed: Iterable[str]) -> bool:
    """Tell whether an operator's list has `host`: by its name, by `*.example.org` (all below it), or by `*` (all)."""
    for entry in (one.strip().lower().rstrip(".") for one in allowed):
        if entry in ("*", host) or (entry.startswith("*.") and host.endswith(entry[1:])):
            return True
    return False


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
            parts = self._checked(here, url)
            address = self._address(parts.hostname or "", url)
            target = urlunsplit(("", "", parts.path or "/", parts.query, ""))
            found = self._get(parts.hostname or "", address, target, deadline, url)
            if isinstance(found, Fetched):
                return Fetched(
                    urlunsplit(parts._replace(fragment="")), _name(parts, found.name), found.data
                )
            here = urljoin(here, found)
        raise _problem(
            url, f"leads on more than {MOST_REDIRECTS} times: give the address at which it ends"
        )

    def _checked(self, address: str, url: str) -> SplitResult:
        if len(address) > _LONGEST_ADDRESS or _UNSAFE.search(address):
            raise _problem(
                url, "is no web address: it has spaces, signs that none has, or is too long"
            )
        try:
            parts = urlsplit(address)
            host = (parts.hostname or "").rstrip(".").encode("idna").decode().lower()
            port = parts.port
        except ValueError as error:
            raise _problem(url, "is no web address: https:// and a name come first") from error
        leads = "" if address == url else f" (it leads to {address[:200]})"
        if parts.scheme.lower() != "https":
            raise _problem(
                url, f"is not fetched{leads}: only addresses that begin with https:// are"
            )
        if (
            parts.username is not None
            or parts.password is not None
            or port not in (None, self.port)
        ):
            raise _problem(
                url, f"is not fetched{leads}: leave out what stands before @, and the port"
            )
        if not host or not (_HOST.fullmatch(host) or ":" in host):
            raise _problem(url, "is no web address: https:// and a name come first")
        if not is_allowed(host, self.allowed):
            raise _problem(
                url,
                f"is not fetched{leads}: the operator does not allow {host} (imports.hosts in the config)",
            )
        path = "".join(
            c if c.isascii() else "".join(f"%{byte:02X}" for byte in c.encode()) for c in parts.path
        )
        query = "".join(
            c if c.isascii() else "".join(f"%{byte:02X}" for byte in c.encode())
            for c in parts.query
        )
        netloc = f"[{host}]" if ":" in host else host
        return SplitResult("https", netloc, path, query, parts.fragment)

    def _address(self, host: str, url: str) -> str:
        try:
            addresses = self.resolve(host)
        except OSError as error:
            raise _problem(url, f"{host} is not found: is the address right?") from error
        if not addresses or not all(map(self.is_public, addresses)):
            raise _problem(url, f"is not fetched: {host} is a machine of a private network")
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
            raise _problem(
                url, f"has a certificate that is not valid: {error.verify_message}"
            ) from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            late = time.monotonic() >= deadline or isinstance(error, TimeoutError)
            reason = (
                f"took more than {self.most_seconds:g} s" if late else "broke off the connection"
            )
            raise _problem(
                url, f"{reason}: try again, or save it in the browser and import the file"
            ) from error
        finally:
            connection.close()

    def _answer(self, answer: http.client.HTTPResponse, url: str) -> Fetched | str:
        if answer.status in _REDIRECTS and (location := answer.getheader("Location")):
            return location
        if answer.status != http.client.OK:
            raise _problem(
                url, f"answers {answer.status} {answer.reason[:60]}: is the address right?"
            )
        kind = (answer.getheader("Content-Type") or "").partition(";")[0].strip().lower()
        return Fetched(url, kind, self._body(answer, url))

    def _body(self, answer: http.client.HTTPResponse, url: str) -> bytes:
        stated = answer.getheader("Content-Length") or ""
        too_large = _problem(
            url,
            f"has more than {self.most_bytes:,} bytes: save it, and import what is needed of it",
        )
        if stated.isdigit() and int(stated) > self.most_bytes:
            raise too_large
        encoding = (answer.getheader("Content-Encoding") or "identity").strip().lower()
        if encoding not in ("identity", "gzip"):
            raise _problem(
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
    """Break the connection off at `deadline`: a timeout of a socket begins anew with each byte."""

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


def _problem(url: str, reason: str) -> VerbatimError:
    shown = "".join(c if c.isprintable() else "�" for c in url)
    return VerbatimError(Problem(shown if len(shown) <= 200 else shown[:199] + "…", reason))

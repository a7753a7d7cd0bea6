"""Fetching from web addresses, against a server on this machine."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bot.errors import VerbatimError
from bot.texts.fetch import Fetcher
from bot.texts.web_addresses import is_allowed, is_public

Answer = tuple[int, dict[str, str], bytes]
BOMB = gzip.compress(b"\0" * 5_000_000)
ANSWERS: Mapping[str, Answer] = {
    "/page": (200, {"Content-Type": "text/html; charset=utf-8"}, b"<p>Words"),
    "/sm%C3%B8r?q=%C3%A9": (200, {"Content-Type": "application/pdf"}, b"%PDF-"),
    "/packed": (200, {"Content-Encoding": "gzip"}, gzip.compress(b"Words")),
    "/bomb": (200, {"Content-Encoding": "gzip"}, BOMB),
    "/brotli": (200, {"Content-Encoding": "br"}, b"x"),
    "/large": (200, {}, b"x" * 200_000),
    "/lies": (200, {"Content-Length": "999999999"}, b"x"),
    "/gone": (404, {}, b"gone"),
    "/moved": (301, {"Location": "/page"}, b""),
    "/away": (302, {"Location": "https://other.example/page"}, b""),
    "/inside": (302, {"Location": "https://inner.lock.example/page"}, b""),
    "/plain": (302, {"Location": "http://lock.example/page"}, b""),
    "/file": (302, {"Location": "file:///etc/passwd"}, b""),
    "/raw": (302, {"Location": "/smør?q=é".encode().decode("latin-1")}, b""),
    "/broken": (302, {"Location": "https://[::1/page"}, b""),
    "/loop": (302, {"Location": "/loop"}, b""),
}


class _Server(BaseHTTPRequestHandler):
    asked: list[tuple[str, str]] = []  # noqa: RUF012

    def do_GET(self) -> None:
        self.asked.append((self.headers["Host"], self.path))
        if self.path == "/slow":
            self._drip()
            return
        status, headers, body = ANSWERS[self.path]
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _drip(self) -> None:
        try:
            self.send_response(200)
            self.end_headers()
            for _ in range(100):
                self.wfile.write(b"x")
                time.sleep(0.05)
        except OSError:
            return

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Server)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def fetcher(port: int) -> Callable[..., Fetcher]:
    """Make a fetcher that takes this machine for a public one, but for the host inner.lock.example."""

    def make(
        allowed: tuple[str, ...] = ("lock.example", "*.lock.example"), **limits: float
    ) -> Fetcher:
        return Fetcher(
            allowed,
            most_bytes=int(limits.get("most_bytes", 100_000)),
            most_seconds=limits.get("most_seconds", 10.0),
            resolve=lambda host: ["10.0.0.1"] if host.startswith("inner") else ["127.0.0.1"],
            is_public=lambda address: address == "127.0.0.1",
            connect=lambda _, address, at, seconds: socket.create_connection(
                (address, at), seconds
            ),
            port=port,
        )

    return make


Make = Callable[..., Fetcher]


def test_a_page_is_fetched_under_its_own_name(fetcher: Make) -> None:
    """The machine is asked by its address, and told the host's name."""
    found = fetcher().fetch("https://Lock.example/page#part")
    assert (found.url, found.name, found.data) == (
        "https://lock.example/page",
        "page.html",
        b"<p>Words",
    )
    assert _Server.asked[-1][0].startswith("lock.example")


def test_an_address_may_have_letters_of_any_script(fetcher: Make) -> None:
    """As people copy it."""
    found = fetcher().fetch("https://lock.example/smør?q=é")
    assert (found.name, found.data) == ("smør.pdf", b"%PDF-")


def test_packed_answers_are_unpacked(fetcher: Make) -> None:
    """Within the limit."""
    assert fetcher().fetch("https://lock.example/packed").data == b"Words"


def test_letters_that_a_redirect_leaves_as_they_are_are_encoded(fetcher: Make) -> None:
    """As browsers do."""
    assert fetcher().fetch("https://lock.example/raw").name == "smør.pdf"


def test_redirects_are_followed_to_where_is_allowed(fetcher: Make) -> None:
    """The address at which they end is the text's."""
    assert fetcher().fetch("https://www.lock.example/moved").url == "https://www.lock.example/page"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("gone", "answers 404"),
        ("large", "has more than 100,000 bytes"),
        ("bomb", "has more than 100,000 bytes"),
        ("lies", "has more than 100,000 bytes"),
        ("brotli", "is sent as br"),
        ("away", "does not allow other.example"),
        ("broken", "leads to something that is not a web address"),
        ("inside", "private network"),
        ("plain", "begin with https://"),
        ("file", "begin with https://"),
        ("loop", "leads on more than 5 times"),
    ],
)
def test_bad_answers_are_a_line(fetcher: Make, path: str, said: str) -> None:
    """Each with what to do."""
    with pytest.raises(VerbatimError, match=said) as caught:
        fetcher().fetch(f"https://lock.example/{path}")
    assert "\n" not in str(caught.value)


def test_a_slow_answer_is_broken_off(fetcher: Make) -> None:
    """Though a byte comes each moment."""
    begin = time.monotonic()
    with pytest.raises(VerbatimError, match="took more than"):
        fetcher(most_seconds=0.5).fetch("https://lock.example/slow")
    assert time.monotonic() - begin < 3


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://lock.example/page", "begin with https://"),
        ("ftp://lock.example/page", "begin with https://"),
        ("lock.example/page", "begin with https://"),
        ("https://user:word@lock.example/", "leave out"),
        ("https://lock.example:22/", "leave out"),
        ("https://other.example/", "does not allow other.example"),
        ("https://lock.example.evil.example/", "does not allow"),
        ("https://lock.example/a b", "is not a web address"),
        ("https://lock.example/\r\nHost: x", "is not a web address"),
        ("https://", "is not a web address"),
        ("https://[::1", "is not a web address"),
        ("https://-x-/", "is not a web address"),
        ("https://inner.lock.example/", "private network"),
        ("https://lock.example/" + "x" * 3_000, "is not a web address"),
    ],
)
def test_bad_addresses_are_refused(fetcher: Make, url: str, said: str) -> None:
    """Before anything is sent."""
    count = len(_Server.asked)
    with pytest.raises(VerbatimError, match=said) as caught:
        fetcher().fetch(url)
    assert "\n" not in str(caught.value)
    assert len(_Server.asked) == count


def test_a_host_with_one_private_address_is_refused(port: int) -> None:
    """A name can have several."""
    both = Fetcher(("*",), resolve=lambda _: ["93.184.216.34", "127.0.0.1"], port=port)
    with pytest.raises(VerbatimError, match="private network"):
        both.fetch("https://lock.example/")


def test_a_host_that_is_not_found_is_said() -> None:
    """In a line."""

    def fails(_: str) -> list[str]:
        raise socket.gaierror

    with pytest.raises(VerbatimError, match="is not found"):
        Fetcher(("*",), resolve=fails).fetch("https://lock.example/")


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "2130706433", "0x7f.1", "[::1]", "localhost", "[::ffff:10.0.0.1]"]
)
def test_no_spelling_of_this_machine_is_fetched(host: str) -> None:
    """Even where all hosts are allowed."""
    with pytest.raises(VerbatimError, match=r"private network|not found"):
        Fetcher(("*",)).fetch(f"https://{host}/")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("93.184.216.34", True), ("2606:4700::1111", True), ("127.0.0.1", False), ("10.1.2.3", False),
        ("169.254.169.254", False), ("100.64.0.1", False), ("192.168.0.1", False), ("172.16.0.1", False),
        ("0.0.0.0", False),  # noqa: S104
        ("255.255.255.255", False), ("224.0.0.1", False), ("::1", False), ("fe80::1%eth0", False),
        ("fd00::1", False), ("::ffff:127.0.0.1", False), ("64:ff9b::a00:1", False), ("2002:a00:1::", False), ("x", False),
    ],
)  # fmt: skip
def test_private_addresses_are_known(address: str, expected: bool) -> None:
    """In IPv4, in IPv6, and in one written as the other."""
    assert is_public(address) is expected


@pytest.mark.parametrize(
    ("host", "allowed", "expected"),
    [
        ("lock.example", ["lock.example"], True),
        ("www.lock.example", ["lock.example"], False),
        ("www.lock.example", ["*.Lock.example"], True),
        ("evillock.example", ["*.lock.example"], False),
        ("lock.example", ["*"], True),
        ("lock.example", [], False),
    ],
)
def test_the_operators_list_decides(host: str, allowed: list[str], expected: bool) -> None:
    """By name, by what is below a name, or all."""
    assert is_allowed(host, allowed) is expected

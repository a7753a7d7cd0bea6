"""One node of OpenSearch: a request within a time, over connections that are used again."""

from __future__ import annotations

import http.client
import ssl
from collections import deque
from collections.abc import Mapping
from time import monotonic
from typing import NamedTuple
from urllib.parse import urlsplit

_CHUNK = 1 << 16
_MOST_IDLE = 8


class NodeFault(Exception):  # noqa: N818 - caught within this package alone
    """The node did not answer, or not in time."""

    def __init__(self, reason: str, *, timed_out: bool = False) -> None:
        super().__init__(reason)
        self.timed_out = timed_out


class NodeResponse(NamedTuple):
    """Any answer of the node, errors included."""

    status: int
    body: bytes


class Node:
    """Keeps idle connections to one address; each is used by one thread at a time."""

    def __init__(self, url: str, headers: Mapping[str, str], tls: ssl.SSLContext | None) -> None:
        """Connect to nothing yet; `headers` are sent with every request."""
        parts = urlsplit(url)
        self.url = url
        self._host = parts.hostname or ""
        self._tls = tls if parts.scheme == "https" else None
        self._port = parts.port or (443 if self._tls else 80)
        self._path = parts.path.rstrip("/")
        self._headers = headers
        # Appending and popping are atomic, so no lock is needed.
        self._idle: deque[http.client.HTTPConnection] = deque(maxlen=_MOST_IDLE)

    def request(self, method: str, path: str, body: bytes | None, timeout: float) -> NodeResponse:
        """Send one request, and read all of the answer within `timeout` seconds.

        Raises:
            NodeFault: there is none.

        """
        deadline = monotonic() + timeout
        while True:
            try:
                connection, reused = self._idle.pop(), True
            except IndexError:
                connection, reused = self._connection(), False
            try:
                response = self._exchange(connection, method, path, body, deadline)
            except TimeoutError as error:
                connection.close()
                raise NodeFault(f"no answer within {timeout:g} s", timed_out=True) from error
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                if reused and isinstance(error, ConnectionError):
                    continue  # the node has closed it meanwhile: that says nothing of the node now
                raise NodeFault(_in_words(error)) from error
            self._idle.append(connection)
            return response

    def close(self) -> None:
        """Close the idle connections."""
        while self._idle:
            self._idle.pop().close()

    def _connection(self) -> http.client.HTTPConnection:
        if self._tls is None:
            return http.client.HTTPConnection(self._host, self._port)
        return http.client.HTTPSConnection(self._host, self._port, context=self._tls)

    def _exchange(
        self,
        connection: http.client.HTTPConnection,
        method: str,
        path: str,
        body: bytes | None,
        deadline: float,
    ) -> NodeResponse:
        connection.timeout = _left(deadline)
        if connection.sock is not None:
            connection.sock.settimeout(_left(deadline))
        kind = (
            "application/x-ndjson"
            if path.partition("?")[0].endswith("_bulk")
            else "application/json"
        )
        headers = dict(self._headers) | ({"Content-Type": kind} if body else {})
        connection.request(method, self._path + path, body, headers)
        sock = connection.sock
        sock.settimeout(_left(deadline))
        response = connection.getresponse()
        chunks: list[bytes] = []
        while not response.isclosed():
            sock.settimeout(_left(deadline))
            chunks.append(response.read(_CHUNK))
            if not chunks[-1]:
                break
        return NodeResponse(response.status, b"".join(chunks))


def _left(deadline: float) -> float:
    left = deadline - monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _in_words(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        why = error.verify_message.rstrip(".")
        return f"its certificate is not trusted ({why}): `search.opensearch.ca_file` names those that are"
    if isinstance(error, ssl.SSLError):
        return f"no secure connection: {error.reason or error}"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__

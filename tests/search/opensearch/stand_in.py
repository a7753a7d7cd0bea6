"""A stand-in for a node of OpenSearch, on loopback: what the bot asks of one, with faults on demand.

It scores as Lucene does (BM25Similarity, with OpenSearch's k1 + 1), in float32.
"""

from __future__ import annotations

import fnmatch
import json
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import trustme

from bot.search.bm25.index import lucene_idf, lucene_lengths

Answer = tuple[int, Any]
OK: Answer = (200, {"acknowledged": True})


def missing(name: str) -> Answer:
    """The answer where there is no such index."""
    error = {"type": "index_not_found_exception", "reason": f"no such index [{name}]"}
    return 404, {"error": error, "status": 404}


@dataclass
class StoredIndex:
    """One index: its documents by id, and what it was created with."""

    body: dict[str, Any]
    documents: dict[str, tuple[Any, list[Any]]] = field(default_factory=dict)
    """A number and terms, or the numbers that share a vector and that vector."""
    aliases: set[str] = field(default_factory=set)

    def search(self, query: dict[str, Any], size: int) -> list[list[Any]]:
        """The sort values of the hits: score and number."""
        settings = self.body["settings"]["similarity"]["default"]
        k1, b = settings["k1"], settings["b"]
        documents = list(self.documents.values())
        average = sum(len(terms) for _, terms in documents) / max(len(documents), 1)
        lengths = lucene_lengths(np.array([len(terms) for _, terms in documents], np.int64))
        found = []
        clauses = [
            (c["term"]["terms"]["value"], c["term"]["terms"]["boost"]) for c in query["should"]
        ]
        df = {term: sum(term in held for _, held in documents) for term, _ in clauses}
        for (number, held), length in zip(documents, lengths.tolist(), strict=True):
            if df.keys().isdisjoint(held) or not _inside(number, query.get("filter", [])):
                continue
            tf, score = Counter(held), np.float32(0)
            for term, boost in clauses:
                if tf[term]:
                    norm = k1 * (1 - b + b * length / average)
                    idf = lucene_idf(df[term], len(documents))
                    score += np.float32(boost * (k1 + 1) * idf * tf[term] / (tf[term] + norm))
            if score:
                found.append([float(score), number])
        return sorted(found, key=lambda one: (-one[0], one[1]))[:size]

    def near(self, asked: dict[str, Any]) -> list[list[int]]:
        """The numbers of the documents whose vectors are nearest, among those that the filter lets through."""
        part = asked.get("filter", {"range": {"n": {"gte": 0, "lt": 10**9}}})["range"]["n"]
        vector = np.array(asked["vector"], np.float64)
        found = [
            (-float(vector @ held / np.linalg.norm(held)), numbers)
            for numbers, held in self.documents.values()
            if any(part["gte"] <= number < part["lt"] for number in numbers)
        ]
        return [numbers for _, numbers in sorted(found)[: asked["k"]]]


def _inside(number: int, filters: list[dict[str, Any]]) -> bool:
    ranges = [one["range"]["n"] for clause in filters for one in clause["bool"]["should"]]
    return not filters or any(each["gte"] <= number < each["lt"] for each in ranges)


class StandIn:
    """What one or more nodes share: the indexes; and how the next requests fail."""

    def __init__(self, id_: str = "node") -> None:
        self.id = id_
        self.indexes: dict[str, StoredIndex] = {}
        self.requests: list[tuple[str, str]] = []
        """Method and path of each, in order."""
        self.plugins = [{"name": "n1", "component": "opensearch-knn"}]
        self.credentials: set[str] = set()
        """The headers `Authorization` of all."""
        self.fault: Callable[[str, str], Answer | None] = lambda _method, _path: None
        """Answers in place of the stand-in; None: no fault."""
        self.hanging = threading.Event()
        """While set, nothing is answered."""
        self.released = threading.Event()

    def answer(self, method: str, url: str, body: bytes) -> Answer:
        """What OpenSearch answers."""
        path = urlsplit(url).path.strip("/")
        self.requests.append((method, url))
        if self.hanging.is_set():
            self.released.wait(10)
        return self.fault(method, path) or self._answer(method, path, body)

    def _answer(self, method: str, path: str, body: bytes) -> Answer:
        name, _, action = path.partition("/")
        if path.startswith("_"):
            return self._on_cluster(path, body)
        if not path:
            return 200, {"version": {"distribution": "opensearch", "number": "2.19.6"}}
        if method == "GET" and not action:
            found = self._matching(name)
            return missing(name) if not found and "*" not in name else (200, {
                one: {"aliases": {a: {} for a in i.aliases}, "mappings": i.body.get("mappings", {})}
                for one, i in found
            })  # fmt: skip
        if method == "PUT" and not action:
            return self._create(name, json.loads(body))
        return self._on_index(method, name, action, body) if name in self.indexes else missing(name)

    def _on_cluster(self, path: str, body: bytes) -> Answer:
        if path == "_aliases":
            return self._aliases(json.loads(body)["actions"])
        if path.startswith("_cat/indices/"):
            return 200, [
                {
                    "index": one,
                    "health": "green",
                    "docs.count": str(len(i.documents)),
                    "store.size": "9",
                }
                for one, i in self._matching(path.rpartition("/")[2])
            ]
        if path == "_cat/plugins":
            return 200, self.plugins
        if path == "_cat/nodes":
            return 200, [{"name": "n1"}]
        if path.startswith("_nodes/_local"):
            return 200, {"nodes": {self.id: {"name": "n1"}}}
        return 200, {"status": "green"}

    def _create(self, name: str, body: dict[str, Any]) -> Answer:
        if name in self.indexes:
            return 400, {"error": {"type": "resource_already_exists_exception", "reason": name}}
        self.indexes[name] = StoredIndex(body)
        return OK

    def _on_index(self, method: str, name: str, action: str, body: bytes) -> Answer:
        index = self.indexes[name]
        if method == "DELETE":
            del self.indexes[name]
            return OK
        if action == "_bulk":
            lines = body.decode().splitlines()
            for head, content in zip(lines[::2], lines[1::2], strict=True):
                document = json.loads(content)
                index.documents[json.loads(head)["index"]["_id"]] = (
                    document["n"],
                    document["vector"] if "vector" in document else document["terms"],
                )
            return 200, {"errors": False}
        if action == "_count":
            return 200, {"count": len(index.documents)}
        if action == "_mapping":
            index.body["mappings"] |= json.loads(body)
        if action == "_search":
            asked = json.loads(body)
            if "knn" in asked["query"]:
                near = index.near(asked["query"]["knn"]["vector"])
                hits: list[dict[str, Any]] = [{"fields": {"n": numbers}} for numbers in near]
            else:
                hits = [
                    {"sort": values}
                    for values in index.search(asked["query"]["bool"], asked["size"])
                ]
            shards = {"total": 1, "successful": 1, "failed": 0}
            return 200, {
                "timed_out": False,
                "_shards": shards,
                "hits": {"hits": hits},
            }
        return OK

    def _aliases(self, actions: list[dict[str, dict[str, str]]]) -> Answer:
        for one in actions:
            for what, about in one.items():
                aliases = self.indexes[about["index"]].aliases
                (aliases.add if what == "add" else aliases.discard)(about["alias"])
        return OK

    def _matching(self, pattern: str) -> list[tuple[str, StoredIndex]]:
        return [
            (one, i)
            for one, i in self.indexes.items()
            if fnmatch.fnmatch(one, pattern) or pattern in i.aliases
        ]


def encrypted(authority: trustme.CA, name: str = "127.0.0.1") -> ssl.SSLContext:
    """TLS of a server whose certificate says that it is `name`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


@contextmanager
def served(stand_in: StandIn, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """The address of a node that answers as `stand_in` says; over HTTPS with `tls`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1  # one packet an answer

        def setup(self) -> None:
            if tls is not None:  # here, since other connections must not wait for a handshake
                self.request = tls.wrap_socket(self.request, server_side=True)
            super().setup()

        def finish(self) -> None:
            super().finish()
            self.request.close()

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except ConnectionError:
                self.close_connection = True

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            stand_in.credentials.add(self.headers.get("Authorization", ""))
            status, content = stand_in.answer(self.command, self.path, body)
            if status == 0:  # the connection breaks
                self.close_connection = True
                return
            sent = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)
            self.wfile.flush()

        do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815 - names that http.server looks for

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            """A client that refuses the certificate breaks off."""

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
    finally:
        stand_in.released.set()
        server.shutdown()
        thread.join()
        server.server_close()

"""The index and its peers behind one interface: build into a folder, load from it, ask."""

from __future__ import annotations

import json
import pickle
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from benchmarks.corpus import Terms
from bot.files import array_file
from bot.search.bm25 import backends
from bot.search.bm25.forward_index import ForwardIndex
from bot.search.bm25.index import K1, B

Ask = Callable[[Terms], Any]


class Engine(Protocol):
    """A search engine."""

    def build(self, corpus: list[Terms], folder: Path) -> Callable[[], Any] | None:
        """Index `corpus` in `folder`; return a function that saves it, if building does not."""
        ...

    def load(self, folder: Path, k: int) -> Ask:
        """Return a function that finds the best `k` passages."""
        ...


class Ours:
    """The index of this project, with the backend that it chooses for the size."""

    def build(self, corpus: list[Terms], folder: Path) -> Callable[[], Any]:
        """Build; rank-bm25's part, which is not saved, is built when it is loaded."""
        forward = ForwardIndex.build(corpus)
        arrays = {**forward.arrays(), **backends.build_arrays(forward)}
        return lambda: array_file.write(folder / "index", "bench", {}, arrays)

    def load(self, folder: Path, k: int) -> Ask:
        """Check and map."""
        _, arrays = array_file.read(folder / "index", "bench")
        index = backends.open_index(ForwardIndex.from_arrays(arrays), arrays)
        return lambda terms: index.candidates(dict.fromkeys(terms, 1.0), k)


class RankBm25:
    """rank-bm25. It cannot save itself, so it is pickled."""

    def build(self, corpus: list[Terms], folder: Path) -> Callable[[], Any]:
        """Build."""
        from rank_bm25 import BM25Okapi

        index = BM25Okapi(corpus, k1=K1, b=B)
        return lambda: (folder / "index").write_bytes(pickle.dumps(index))

    def load(self, folder: Path, k: int) -> Ask:
        """Unpickle: its own file, written a moment ago."""
        import numpy as np

        index = pickle.loads((folder / "index").read_bytes())  # noqa: S301
        return lambda terms: np.argsort(index.get_scores(terms))[::-1][:k]


class Bm25s:
    """bm25s, in numpy or compiled by numba."""

    def __init__(self, backend: str) -> None:
        self.backend = backend

    def build(self, corpus: list[Terms], folder: Path) -> None:
        """Build and save."""
        import bm25s

        index = bm25s.BM25(method="lucene", k1=K1, b=B, backend=self.backend)
        index.index(corpus, show_progress=False)
        index.save(folder, show_progress=False)

    def load(self, folder: Path, k: int) -> Ask:
        """Map."""
        import bm25s

        index = bm25s.BM25.load(folder, mmap=True, show_progress=False)
        most = min(k, index.scores["num_docs"])
        return lambda terms: index.retrieve([terms], k=most, show_progress=False)


class Tantivy:
    """tantivy, the engine in Rust."""

    def build(self, corpus: list[Terms], folder: Path) -> None:
        """Build and save in one segment."""
        import tantivy

        index = tantivy.Index(self._schema(), path=str(folder))
        writer = index.writer(heap_size=2_000_000_000, num_threads=1)
        for terms in corpus:
            document = tantivy.Document()
            document.add_text("t", " ".join(terms))
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()

    def load(self, folder: Path, k: int) -> Ask:
        """Open."""
        import tantivy

        index = tantivy.Index.open(str(folder))
        index.reload()
        searcher, schema = index.searcher(), index.schema
        query, should = tantivy.Query, tantivy.Occur.Should

        def ask(terms: Terms) -> Any:
            parts = [(should, query.term_query(schema, "t", term, "freq")) for term in terms]
            return searcher.search(query.boolean_query(parts), k, count=False).hits

        return ask

    @staticmethod
    def _schema() -> Any:
        import tantivy

        builder = tantivy.SchemaBuilder()
        builder.add_text_field("t", tokenizer_name="whitespace", index_option="freq")
        return builder.build()


class Fts5:
    """SQLite's full-text index."""

    def build(self, corpus: list[Terms], folder: Path) -> None:
        """Build and save."""
        base = sqlite3.connect(folder / "index")
        base.execute("CREATE VIRTUAL TABLE p USING fts5(t, content='', tokenize='unicode61')")
        rows = ((number, " ".join(terms)) for number, terms in enumerate(corpus))
        base.executemany("INSERT INTO p(rowid, t) VALUES (?, ?)", rows)
        base.execute("INSERT INTO p(p) VALUES ('optimize')")
        base.commit()
        base.close()

    def load(self, folder: Path, k: int) -> Ask:
        """Open."""
        base = sqlite3.connect(folder / "index")
        base.execute("PRAGMA mmap_size = 2000000000")
        sql = "SELECT rowid, rank FROM p WHERE p MATCH ? ORDER BY rank LIMIT ?"
        return lambda terms: base.execute(sql, (" OR ".join(terms), k)).fetchall()


OURS = "ours"
ENGINES: dict[str, Engine] = {
    OURS: Ours(),
    "rank_bm25": RankBm25(),
    "bm25s numpy": Bm25s("numpy"),
    "bm25s numba": Bm25s("numba"),
    "tantivy": Tantivy(),
    "sqlite fts5": Fts5(),
}


def save_corpus(corpus: list[Terms], asked: list[Terms], folder: Path) -> None:
    """Write what every engine is given."""
    folder.mkdir(parents=True, exist_ok=True)
    text = "".join(" ".join(terms) + "\n" for terms in corpus)
    (folder / "corpus.txt").write_text(text, encoding="utf-8")
    (folder / "questions.json").write_text(json.dumps(asked), encoding="utf-8")


def load_corpus(folder: Path) -> list[Terms]:
    """The corpus; equal terms are the same string, as an analyzer returns them."""
    known: dict[str, str] = {}
    with (folder / "corpus.txt").open(encoding="utf-8") as lines:
        return [[known.setdefault(term, term) for term in line.split()] for line in lines]


def load_questions(folder: Path) -> list[Terms]:
    """The questions."""
    asked: list[Terms] = json.loads((folder / "questions.json").read_text(encoding="utf-8"))
    return asked

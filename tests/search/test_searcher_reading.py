"""Where there is a reader, what it makes of the best candidates decides, in English and within its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest

from bot.library.snapshots import Snapshot, build_snapshot
from bot.models import Hit, Post, Question, Source, Turn
from bot.search.embedding.builder import EmbeddingBuilder
from bot.search.ranking.embedding_features import SIMILARITIES
from bot.search.ranking.hit_features import HIT_FEATURES
from bot.search.ranking.rankers import RERANKED
from bot.search.ranking.second_stage import READER_FEATURES, Reranker
from bot.search.reading.layout import SENTENCE_TOKENS
from bot.search.retrieval import FEW
from bot.search.searcher import Searcher
from tests.search.embedding.models import WordModel
from tests.search.reading.readers import Network, by_word, reader_of


def source(name: str, *sentences: str, language: str = "en") -> Source:
    """A text of which every sentence is a passage."""
    posts = tuple(Post(n, sentence) for n, sentence in enumerate(sentences, start=1))
    return Source(name, name.title(), "A", posts, language=language)


MILL = source(
    "mill", "The mill burned down in May.", "Nobody was hurt.", "A baker had seen smoke.",
    "The council paid for a new roof.", "It was laid by two brothers.",
)  # fmt: skip
BOAT = source(
    "boat", "The boat sank in May.", "The council raised it.", "A diver had seen the leak."
)
BARCO = source(
    "barco", "El barco se hundió en mayo.", "El ayuntamiento pagó la reparación.", language="es"
)


def _logits(*read: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """An intercept of 1, 0 for the first stage's features, and what `read` gives to READER_FEATURES."""
    weights = np.zeros(1 + len(HIT_FEATURES) + len(READER_FEATURES), np.float32)
    weights[0] = 1
    weights[1 + len(HIT_FEATURES) : 1 + len(HIT_FEATURES) + len(read)] = read
    return weights


RERANKER = Reranker(
    order=np.array([0.01, 1, 0], np.float32),
    answerable=_logits(),
    right=_logits(0, 1),
    similarities=(),
    reader="3f2a91c0d4e5b6a7",
)
_wide = np.insert(_logits(0, 1), 1 + len(HIT_FEATURES), np.zeros(len(SIMILARITIES)))
WITH_VECTORS = replace(RERANKER, answerable=_wide, right=_wide, similarities=SIMILARITIES)


class Read:
    """A searcher with a reader: that which `network` stands in for."""

    def __init__(self, folder: Path, *sources: Source, margins: Mapping[str, float]) -> None:
        self.network = Network(by_word(margins))
        self.snapshot: Snapshot = build_snapshot(sources)
        self.without: Searcher = self.snapshot.searcher
        self.searcher = replace(
            self.without,
            reader=reader_of(self.network, folder),
            resources=replace(self.without.resources, rerankers=dict.fromkeys(RERANKED, RERANKER)),
        )

    def hits(
        self, question: str, after: Turn | None = None, within: range | None = None
    ) -> tuple[Hit, ...]:
        return self.searcher.search(Question(question, after), within)

    def texts(self, question: str, after: Turn | None = None) -> list[str]:
        return [hit.passage.text for hit in self.hits(question, after)]


SMOKE = MappingProxyType({"smoke": 4.0, "roof": 2.0})


def test_the_order_is_that_of_the_margins(tmp_path: Path) -> None:
    """Whatever words a passage shares with the question; the probability comes with the margin."""
    read = Read(tmp_path, MILL, margins=SMOKE)
    question = "when did the mill burn down?"
    assert read.without.search(Question(question))[0].passage.text.startswith("The mill burned")
    first, second, *others = read.hits(question)
    assert first.passage.text == "A baker had seen smoke."
    assert second.passage.text == "The council paid for a new roof."
    assert 1 > first.probability > second.probability > 0.5
    assert all(hit.probability < 0.05 for hit in others)


def test_the_question_is_read_with_its_typos_corrected(tmp_path: Path) -> None:
    """As the first stage reads it."""
    read = Read(tmp_path, MILL, margins=SMOKE)
    read.hits("waht burned down?")
    assert {question for question, _ in read.network.read} == {"what burned down ?"}


def test_sources_never_share_a_window(tmp_path: Path) -> None:
    """What one text says is no context of another; both are read."""
    read = Read(tmp_path, MILL, BOAT, margins={"leak": 3.0})
    assert read.texts("what happened in May?")[0] == "A diver had seen the leak."
    windows = [sentences for _, sentences in read.network.read]
    assert len(windows) == 2
    assert [sentences[0] for sentences in windows] == [
        "The mill burned down in May .", "The boat sank in May ."
    ]  # fmt: skip
    assert len(read.network.sentences) == len(read.snapshot.passages)


def test_only_what_is_searched_is_read(tmp_path: Path) -> None:
    """A neighbour outside it neither, nor is it an answer."""
    read = Read(tmp_path, MILL, BOAT, margins={"leak": 9.0} | SMOKE)
    found = read.hits("what happened in May?", within=range(1, 4))
    assert read.network.sentences == [
        "Nobody was hurt .", "A baker had seen smoke .", "The council paid for a new roof ."
    ]  # fmt: skip
    assert found[0].passage.text == "A baker had seen smoke."
    read.network.read.clear()
    within = read.snapshot.ranges["boat"]
    assert read.hits("what happened in May?", within=within)[0].passage.source.id == "boat"
    assert read.network.sentences[0] == "The boat sank in May ."
    assert len(read.network.sentences) == len(within)


def test_of_a_large_text_what_stands_around_the_best_candidates_is_read(tmp_path: Path) -> None:
    """A few hundred words, however much there is, and never beyond the source or what is searched."""
    sentences = [f"Ferry number {n} was late again." for n in range(4 * FEW)]
    sentences[90:92] = "The old mill burned down.", "Nobody wept."
    read = Read(tmp_path, source("news", *sentences), margins={"burned": 4.0})
    assert read.texts("who burned the mill?")[0] == "The old mill burned down."
    windows = [sentences for _, sentences in read.network.read]
    assert [
        "Ferry number 89 was late again .", "The old mill burned down .", "Nobody wept ."
    ] in windows  # fmt: skip
    assert len(read.network.sentences) < 100


@pytest.mark.parametrize(
    "question", ["¿Cuándo se quemó el molino?", "wann ist die Mühle abgebrannt?", "متى احترقت"]
)
def test_a_question_in_another_language_is_not_read(tmp_path: Path, question: str) -> None:
    """The reader knows English alone; the first stage answers as it does."""
    read = Read(tmp_path, MILL, margins=SMOKE)
    assert read.hits(question) == read.without.search(Question(question))
    assert read.network.read == []


def test_a_text_that_is_not_in_english_is_not_read(tmp_path: Path) -> None:
    """Asked in whatever language."""
    read = Read(tmp_path, BARCO, margins=SMOKE)
    for question in ("¿Cuándo se hundió el barco?", "barco mayo"):
        assert read.hits(question) == read.without.search(Question(question)) != ()
    assert read.network.read == []


@pytest.mark.parametrize("language", ["en-GB", "en-US"])
def test_english_of_any_region_is_read(tmp_path: Path, language: str) -> None:
    read = Read(tmp_path, replace(MILL, language=language), margins={"hurt": 9.0})
    assert read.texts("When did the mill burn down?")[0] == "Nobody was hurt."
    assert read.network.read


def test_beside_other_languages_what_is_in_english_is_read(tmp_path: Path) -> None:
    """If the best candidate is; the others follow, for nobody knows what they would be worth."""
    read = Read(tmp_path, MILL, BARCO, margins={"hurt": -6.0})
    found = read.texts("when did the mill burn down?")
    assert read.network.sentences == [
        "The mill burned down in May .", "Nobody was hurt .", "A baker had seen smoke .",
        "The council paid for a new roof .", "It was laid by two brothers .",
    ]  # fmt: skip
    assert found == [text for text in found if "barco" not in text]
    read.network.read.clear()
    read.hits("barco mayo")
    assert read.network.read == []


def test_the_previous_question_is_read_with_a_follow_up(tmp_path: Path) -> None:
    """A question of its own is read alone: another one beside it would only mislead."""
    read = Read(tmp_path, MILL, margins=SMOKE)
    before = Turn("what burned down in May?", read.snapshot.passages[0].key)
    read.hits("and who saw it?", before)
    assert {question for question, _ in read.network.read} == {
        "what burned down in May ? [A] and who saw it ?"
    }
    read.network.read.clear()
    question = "Which two brothers laid the new roof that the council paid for?"
    read.hits(question, before)
    assert {asked for asked, _ in read.network.read} == {question.replace("?", " ?")}


def test_where_the_reader_fails_the_first_stage_answers(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """With its order, its probabilities and its bold; the log says so once a question."""
    read = Read(tmp_path, MILL, margins=SMOKE)
    read.network.fails = True
    question = "when did the mill burn down?"
    assert read.hits(question) == read.without.search(Question(question))
    assert len(caplog.records) == 1


def test_a_question_that_no_tokenizer_takes_is_answered_by_the_first_stage(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A terminal may send half a character."""
    read = Read(tmp_path, MILL, margins=SMOKE)
    question = "when did the mill burn \udcff down?"
    assert read.hits(question) == read.without.search(Question(question)) != ()
    assert len(caplog.records) == 1


LONG = (
    "With the harvest late and the roads to the coast flooded, the council told the farmers that no"
    " grain would be bought before the first of May, because the old mill beside the river had burned"
    " down in the night."
)


def bold(read: Read, question: str) -> str:
    [hit] = [hit for hit in read.hits(question) if hit.bold is not None]
    assert hit.bold is not None
    return hit.passage.text[hit.bold.start : hit.bold.end]


def test_what_the_reader_takes_for_the_answer_is_bold(tmp_path: Path) -> None:
    """Though the question's words stand elsewhere in the sentence."""
    read = Read(tmp_path, source("s", LONG), margins={"mill": 5.0})
    question = "what burned down in the night?"
    [hit] = read.without.search(Question(question))
    assert hit.bold is not None
    assert "the farmers" not in LONG[hit.bold.start : hit.bold.end]
    read.network.answer = "the", "farmers"
    assert "the farmers" in bold(read, question)


def test_in_a_sentence_that_was_not_read_to_its_end_the_first_stage_finds_what_is_bold(
    tmp_path: Path,
) -> None:
    """The answer may stand in the rest."""
    long = f"{LONG[:-1]}, {'and-so-were-the-kilns-' * (SENTENCE_TOKENS // 5)}."
    read = Read(tmp_path, source("s", long), margins={"mill": 5.0})
    read.network.answer = "the", "farmers"
    question = "what burned down in the night?"
    [hit] = read.without.search(Question(question))
    assert hit.bold is not None
    assert read.network.read == []
    assert bold(read, question) == long[hit.bold.start : hit.bold.end]
    assert len(read.network.read) == 1


def test_a_text_that_was_not_read_has_its_bold_too(tmp_path: Path) -> None:
    """Of another language, behind what was read."""
    long = source(
        "barco", "La casa " + "de la villa y del molino " * 10 + "en mayo.", language="es"
    )
    read = Read(tmp_path, MILL, long, margins=SMOKE)
    rerankers = dict.fromkeys(RERANKED, replace(RERANKER, right=_logits()))
    resources = replace(read.searcher.resources, rerankers=rerankers)
    read.searcher = replace(read.searcher, resources=resources)
    found = {hit.passage.source.id: hit for hit in read.hits("did the mill burn in mayo?")}
    assert found["barco"].bold is not None


def test_with_an_embedding_model_its_own_second_stage_decides(tmp_path: Path) -> None:
    """Where a question is in another language than the texts, none does."""
    read = Read(tmp_path, MILL, margins=SMOKE)
    maker = EmbeddingBuilder(WordModel(), tmp_path / "vectors")
    embeddings = maker.make(read.snapshot.passages.sources, read.snapshot.passages)
    assert embeddings is not None
    resources = replace(read.searcher.resources, rerankers={"e5": WITH_VECTORS})
    searcher = replace(read.searcher, embeddings=embeddings, resources=resources)
    hits = searcher.search(Question("when did the mill burn down?"))
    assert hits[0].passage.text == "A baker had seen smoke."
    read.network.read.clear()
    spanish = Question("¿Cuándo se quemó el molino en May?")
    assert searcher.retrieve(spanish).ranker == "e5-foreign"
    assert searcher.search(spanish) == replace(searcher, reader=None).search(spanish)
    assert read.network.read == []


def test_with_vectors_less_is_read(tmp_path: Path) -> None:
    """They have chosen the candidates already, and the model has had its time."""
    words = "the mill and the boat and the old school of the village beside the river"
    long = source("long", *(f"In year {n} {words} were seen by {n} people." for n in range(40)))
    read = Read(tmp_path, long, margins=SMOKE)
    read.hits("what was seen in year 7?")
    by_words = sum(len(sentences) for _, sentences in read.network.read)
    read.network.read.clear()
    embeddings = EmbeddingBuilder(WordModel(), tmp_path / "vectors").make(
        read.snapshot.passages.sources, read.snapshot.passages
    )
    searcher = replace(
        read.searcher,
        embeddings=embeddings,
        resources=replace(
            read.searcher.resources,
            rerankers={"e5": WITH_VECTORS},
        ),
    )
    searcher.search(Question("what was seen in year 7?"))
    with_vectors = sum(len(sentences) for _, sentences in read.network.read)
    assert 0 < with_vectors <= by_words / 1.5

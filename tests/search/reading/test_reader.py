"""What the reader makes of passages; without its parts, or when it fails, a line says so."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bot.installation import install_command
from bot.models import Span
from bot.search.reading import reader as reading
from bot.search.reading.answer_span import LONGEST
from bot.search.reading.layout import MOST_SENTENCES, SENTENCE_TOKENS, Layout
from bot.search.reading.reader import (
    TOKENIZER,
    WEIGHTS,
    Floats,
    Reader,
    ReaderError,
    ReaderScores,
    load,
)
from tests.samples import held_by
from tests.search.reading.readers import Network, by_word, install, reader_of

TEXTS = ("The mill burned .", "Nobody was hurt .", "A baker had seen smoke .")


@pytest.fixture
def network() -> Network:
    return Network(by_word({"burned": 3.0, "smoke": 1.0}))


@pytest.fixture(scope="module")
def idle(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """A reader that is only asked what its ends mean: one for all drawn examples."""
    return reader_of(Network(), tmp_path_factory.mktemp("idle"))


@pytest.fixture
def reader(network: Network, tmp_path: Path) -> Reader:
    return reader_of(network, tmp_path)


def read(
    reader: Reader,
    texts: Sequence[str] = TEXTS,
    question: str = "what burned?",
    before: str | None = None,
) -> ReaderScores | None:
    every = range(len(texts))
    return reader.read(question, before, every, texts.__getitem__, lambda _: every, every)


def rows(*values: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(values, np.int64)


SCORES = ReaderScores(
    rows(3, 5, 9),
    np.array([1.5, -2, 4], np.float32),
    tuple(np.full((n, 2), n, np.float32) for n in (1, 2, 3)),
)


def test_margins_are_given_by_passage() -> None:
    """In whatever order they are asked for; NaN for those before, between and behind that were not read."""
    found = SCORES.of(rows(9, 2, 3, 4, 5, 10))
    assert found.dtype == np.float32
    assert found == pytest.approx([4, np.nan, 1.5, np.nan, -2, np.nan], nan_ok=True)
    nothing = ReaderScores(rows(), np.zeros(0, np.float32), ())
    assert np.isnan(nothing.of(rows(1, 2))).tolist() == [True, True]


def test_ends_are_given_by_passage() -> None:
    """None for one that was not read."""
    assert [SCORES.span_logits(n) is None for n in (2, 3, 4, 5, 9, 10)] == [
        True, False, True, False, False, True
    ]  # fmt: skip
    ends = SCORES.span_logits(5)
    assert ends is not None
    assert ends.tolist() == [[2, 2], [2, 2]]


def test_a_margin_says_how_much_likelier_a_passage_is_than_no_answer(
    reader: Reader, network: Network
) -> None:
    """All in one window if they fit, beside the question."""
    found = read(reader)
    assert found is not None
    assert found.passages.tolist() == [0, 1, 2]
    assert found.margins == pytest.approx([3, -5, 1])
    assert [len(ends) for ends in found.ends] == [4, 4, 6]  # a row a token, the marker left out
    assert network.read == [("what burned ?", list(TEXTS))]


def test_the_previous_question_is_read_before_the_question(
    reader: Reader, network: Network
) -> None:
    """Where it counts."""
    read(reader, before="who saw it?")
    assert network.read == [("who saw it ? [A] what burned ?", list(TEXTS))]


def test_of_two_windows_that_hold_a_passage_the_higher_margin_counts(
    network: Network, tmp_path: Path
) -> None:
    """It is low where what the passage refers to is missing."""
    reader = reader_of(network, tmp_path)
    texts = [f"It was number {n} ." for n in range(MOST_SENTENCES + 10)]
    for edge in (0.0, 9.0):

        def judge(sentences: Sequence[str], edge: float = edge) -> Sequence[float]:
            return [edge, *[5.0] * (len(sentences) - 2), edge]

        network.judge = judge
        network.read.clear()
        found = read(reader, texts, question=f"which {edge}?")
        assert found is not None
        first, second = (sentences for _, sentences in network.read)
        shared = [texts.index(text) for text in first if text in second]
        assert len(shared) > 1
        expected = np.full(len(texts), 5.0)
        expected[[0, -1]] = edge
        if edge > 5:
            expected[[shared[0], shared[-1]]] = edge
        assert found.margins == pytest.approx(expected)
        assert [len(ends) for ends in found.ends] == [len(text.split()) for text in texts]


def test_a_window_that_was_read_is_remembered(reader: Reader, network: Network) -> None:
    """A page is turned, or an answer is looked at again."""
    assert read(reader) is not None
    network.fails = True
    assert read(reader) is not None
    assert read(reader, question="who was hurt?") is None


def test_the_words_of_a_question_are_not_remembered(reader: Reader) -> None:
    """Nor their tokens, which say the same: PRIVACY.md says what is in memory, and for how long."""
    words = " ".join(["where", "does", "Xanthippe", "live?"])
    assert read(reader, question=words, before=f"{words} and why?") is not None
    for one in held_by([reader._windows, reader._encode_passage]):
        assert not isinstance(one, Layout)
        assert not (isinstance(one, str) and words in one)


def test_a_failing_network_is_reported_once_and_done_without(
    reader: Reader, network: Network, caplog: pytest.LogCaptureFixture
) -> None:
    """The log does not tell what was asked."""
    network.fails = True
    assert read(reader, question="where does Xanthippe live?", before="who is Zebedee?") is None
    [record] = caplog.records
    assert record.levelno == logging.ERROR
    assert "without it" in record.message
    assert not re.search("Xanthippe|Zebedee|mill", caplog.text)


@pytest.mark.parametrize("asked", [("what \ud800 burned?", None), ("what?", "\udcff")])
def test_a_question_that_cannot_be_cut_into_tokens_is_not_read(
    reader: Reader, caplog: pytest.LogCaptureFixture, asked: tuple[str, str | None]
) -> None:
    """A terminal may send half a character."""
    question, before = asked
    assert read(reader, question=question, before=before) is None
    assert len(caplog.records) == 1


def test_only_the_beginning_of_a_very_long_sentence_is_read(
    reader: Reader, network: Network
) -> None:
    """Where the answer stands in it, it does not say: that may be in the rest."""
    long, whole = "a " * (SENTENCE_TOKENS + 1), "a " * SENTENCE_TOKENS
    found = read(reader, [long, "The mill burned .", whole])
    assert found is not None
    assert found.margins == pytest.approx([-5, 3, -5])
    assert [len(ends) for ends in found.ends] == [SENTENCE_TOKENS, 4, SENTENCE_TOKENS]
    assert network.sentences[0].count("a") == SENTENCE_TOKENS
    assert reader.answer_span(long, found.ends[0]) is None
    assert reader.answer_span(whole, found.ends[2]) is not None


def span_in(reader: Reader, text: str, logits: Floats) -> Span:
    """What the reader takes for the answer, by the logits of its ends."""
    ends = reader.answer_span(text, logits)
    assert ends is not None
    return ends.likeliest


def test_the_answer_stands_between_its_likeliest_ends(network: Network, tmp_path: Path) -> None:
    """As the network marks them in the window; the text is sliced as it stands, not as tokens."""
    network.answer = "seen", "smoke"
    reader = reader_of(network, tmp_path)
    text = "(A baker)  had seen — smoke!"
    found = read(reader, ["The mill burned.", text])
    assert found is not None
    span = span_in(reader, text, found.ends[1])
    assert text[span.start : span.end] == "seen — smoke"


def test_an_answer_ends_behind_its_beginning(reader: Reader) -> None:
    """Where the likeliest ends are the wrong way round, the best pair in order counts."""
    ends = np.array([[0, 9], [5, 0], [9, 4]], np.float32)
    assert span_in(reader, "one two three", ends) == (8, 13)
    ends[2, 1] = -9  # the first two are the better run now
    assert span_in(reader, "one two three", ends) == (0, 3)


words = st.integers(1, SENTENCE_TOKENS)


@given(
    ends=words.flatmap(lambda n: arrays(np.float32, (n, 2), elements=st.floats(-30, 30, width=32)))
)
def test_no_answer_is_longer_than_it_may_be(idle: Reader, ends: Floats) -> None:
    """And none is empty or leaves its sentence; no other run within bounds is likelier."""
    text = " ".join(f"w{n}" for n in range(len(ends)))
    span = span_in(idle, text, ends)
    before, answer = text[: span.start].split(), text[span.start : span.end].split()
    assert 1 <= len(answer) <= LONGEST
    assert " ".join([*before, *answer]) == text[: span.end]
    first, last = len(before), len(before) + len(answer) - 1
    most = max(
        ends[a, 0] + ends[b, 1]
        for a in range(len(ends))
        for b in range(a, min(a + LONGEST, len(ends)))
    )
    assert ends[first, 0] + ends[last, 1] == pytest.approx(most, abs=1e-3)


def test_a_sentence_without_tokens_has_no_answer(reader: Reader) -> None:
    """Nothing was read."""
    assert reader.answer_span("", np.zeros((0, 2), np.float32)) is None


def test_a_reader_is_known_by_its_weights(tmp_path: Path) -> None:
    """So that coefficients that were fitted on others can be told."""
    found = []
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
        found.append(reader_of(Network(), tmp_path / name))
    (tmp_path / "b" / WEIGHTS).write_bytes(b"others")
    with pytest.MonkeyPatch.context() as monkeypatch:
        install(monkeypatch, Network())
        other = Reader(tmp_path / "b")
    assert found[0].digest == found[2].digest != other.digest
    assert other.name == f"reader-{other.digest[:12]}"


def only_line(error: pytest.ExceptionInfo[ReaderError]) -> str:
    [line] = str(error.value).splitlines()
    return line


@pytest.mark.parametrize("package", ["onnxruntime", "tokenizers"])
def test_what_is_not_installed_is_said_with_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    """Without looking at the files."""
    install(monkeypatch, Network())
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ReaderError) as error:
        Reader(tmp_path)
    assert only_line(error).startswith(f"{package} is not installed: {install_command('semantic')}")


@pytest.mark.parametrize("missing", [WEIGHTS, TOKENIZER])
def test_a_damaged_or_missing_file_is_said_with_what_to_do(tmp_path: Path, missing: str) -> None:
    """By the packages themselves, where they are installed."""
    pytest.importorskip("onnxruntime")
    pytest.importorskip("tokenizers")
    for damage in (None, b"", b"{}\nnot what it should be\n"):
        for name in (WEIGHTS, TOKENIZER):
            (tmp_path / name).unlink(missing_ok=True)
            if name != missing:
                (tmp_path / name).write_bytes(b"damaged too: no weights at hand are whole")
            elif damage is not None:
                (tmp_path / name).write_bytes(damage)
        with pytest.raises(ReaderError) as error:
            Reader(tmp_path)
        line = only_line(error)
        assert line.startswith(f"the reader in {tmp_path} cannot be loaded (")
        assert line.endswith("): fetch that folder again, or set `search.reader` to off")


def test_an_error_without_a_message_is_reported_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of several lines only the first one is."""
    install(monkeypatch, Network())
    (tmp_path / WEIGHTS).write_bytes(b"weights")
    for raised, reason in ((MemoryError(), "MemoryError"), (RuntimeError("bad\nmore"), "bad")):

        def session(*_: object, error: Exception = raised, **__: object) -> None:
            raise error

        monkeypatch.setattr(sys.modules["onnxruntime"], "InferenceSession", session)
        with pytest.raises(ReaderError) as error:
            Reader(tmp_path)
        assert f"({reason})" in only_line(error)


@pytest.mark.parametrize("wanted", ["auto", "on", "off"])
@pytest.mark.parametrize("packages", [("onnxruntime", "tokenizers"), ("tokenizers",), ()])
def test_it_is_loaded_as_the_settings_want_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    wanted: reading.Provider,
    packages: Sequence[str],
) -> None:
    """`auto`: where everything it needs is installed; `on`: a line says what is not."""
    reader_of(Network(), tmp_path)
    install(monkeypatch, Network())
    for package in {"onnxruntime", "tokenizers"} - set(packages):
        monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.setattr(reading, "find_spec", lambda name: name in packages or None)
    if wanted == "on" and len(packages) < 2:
        with pytest.raises(ReaderError, match="is not installed"):
            load(wanted, tmp_path)
    else:
        assert (load(wanted, tmp_path) is not None) is (wanted != "off" and len(packages) == 2)


@pytest.mark.parametrize("wanted", ["auto", "on"])
def test_one_that_is_installed_and_damaged_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wanted: reading.Provider
) -> None:
    """Where it is `off` nobody looks."""
    install(monkeypatch, Network())
    monkeypatch.setattr(reading, "find_spec", lambda _: True)
    with pytest.raises(ReaderError, match="cannot be loaded"):
        load(wanted, tmp_path)
    assert load("off", tmp_path) is None

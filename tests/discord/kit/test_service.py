"""What is worked out off the event loop."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from babel.messages.pofile import read_po

from bot.answering import asking
from bot.answering.answerer import answer
from bot.answering.asking import Request
from bot.discord.kit.service import QUICK_THREADS, Service
from bot.library.snapshots import Snapshot, build_snapshot, update_snapshot
from bot.models import Answer, Outcome, Source
from bot.operations.event_log import LogEvent
from bot.search.embedding.builder import EmbeddingBuilder
from bot.search.embedding.embedder import Floats
from bot.search.embedding.question_embedder import QuestionEmbedder, TimeLimit
from bot.search.language import lexicon
from bot.storage.database import Storage
from bot.storage.servers import ServerSettings
from bot.texts.folder import read_folder
from bot.wording import catalogue
from tests.conftest import TODAY
from tests.search.embedding.models import WordModel

SECONDS = 60  # until a test that waits for a thread gives up
ABOUT_BREAD = "How long does the loaf bake?"


@pytest.fixture(autouse=True)
def frozen_here_alone() -> Iterator[None]:
    """What a warm-up hides from the garbage collector, other tests may need collected."""
    yield
    gc.unfreeze()


async def asked(service: Service, text: str, snapshot: Snapshot) -> Answer:
    """Ask the bot, and return the answer."""
    result = await service.ask(Request(text), snapshot)
    assert result is not None
    return result.answer


async def test_a_full_collection_leaves_out_what_was_loaded_at_the_start(service: Service) -> None:
    """It would stop all threads, the event loop's too, while it looks through the whole index."""
    await service.warm_up()
    assert gc.get_freeze_count() > len(gc.get_objects())


async def test_the_first_question_is_nobodys(
    service: Service, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is loaded at it costs no member's time, and nothing of it is kept."""
    asked: list[str] = []

    def watched(snapshot: Any, question: Any, *rest: Any) -> Any:
        asked.append(question.text)
        return answer(snapshot, question, *rest)

    monkeypatch.setattr(asking, "answer", watched)
    await service.warm_up()
    assert len(asked) == 1
    assert "The bridge over the Tamar" in asked[0]
    await service.question_log.settle()
    assert await storage.questions.counts_by_day(None, TODAY.replace(day=1)) == []


class Gate:
    """Holds up the thread that comes through it until it is opened."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.open = threading.Event()

    def pass_through(self) -> None:
        self.reached.set()
        assert self.open.wait(SECONDS)

    async def is_reached(self) -> None:
        assert await asyncio.to_thread(self.reached.wait, SECONDS)


async def offer(service: Service, server: int, *ids: str) -> None:
    settings = ServerSettings(sources=frozenset(ids))
    await service.servers.change(server, settings, 1, "", TODAY)


async def test_builds_hold_up_no_answer(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reload, a first selection and a text that is read at once: others are answered meanwhile."""
    gates = Gate(), Gate(), Gate()

    def held(gate: Gate, work: Callable[..., Any]) -> Callable[..., Any]:
        def through(*given: Any, **named: Any) -> Any:
            gate.pass_through()
            return work(*given, **named)

        return through

    monkeypatch.setattr("bot.library.library.read_folder", held(gates[0], read_folder))
    monkeypatch.setattr("bot.library.selections.update_snapshot", held(gates[1], update_snapshot))
    await offer(service, 5, "bridge")
    building = [
        asyncio.create_task(service.reload(skip_broken=False)),
        asyncio.create_task(service.snapshot_in(5)),
        asyncio.create_task(service.run_slow(gates[2].pass_through)),
    ]
    for gate in gates:
        await gate.is_reached()
    async with asyncio.timeout(SECONDS):
        given = await asked(service, ABOUT_BREAD, service.snapshot)
    assert given.hits
    assert not any(task.done() for task in building)
    for gate in gates:
        gate.open.set()
    await asyncio.gather(*building)


async def test_servers_that_offer_different_texts_each_have_their_index(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Made once, however many there are and in whatever turn they ask; equal ones share it."""
    whole = build_snapshot(_texts(service.snapshot))
    service.library._snapshot = whole
    built: list[int] = []

    def counted(whole: Snapshot, sources: Iterable[Source]) -> Snapshot:
        built.append(1)
        return update_snapshot(whole, sources)

    monkeypatch.setattr("bot.library.selections.update_snapshot", counted)
    names = list(whole.sources)
    for server in range(12):
        await offer(service, server, names[server % 11], names[server % 11 + 1])
    for _ in range(3):
        for server in range(12):
            await asked(service, ABOUT_BREAD, await service.snapshot_in(server))
    assert len(built) == 11


def _texts(snapshot: Snapshot) -> Iterable[Source]:
    (bread,) = (source for source in snapshot.sources.values() if "bread" in source.id)
    return [replace(bread, id=f"bread {number}") for number in range(12)]


class Held(WordModel):
    """Gives questions their vectors when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = Gate()

    def questions(self, wording: Any) -> Floats:
        self.gate.pass_through()
        return super().questions(wording)


@pytest.fixture
def model(service: Service) -> Held:
    """Return the model of meaning that the service's texts have vectors of."""
    held = Held()
    maker = EmbeddingBuilder(held, service.library.folder.parent / "v")
    snapshot = service.snapshot
    embeddings = maker.make(snapshot.passages.sources, snapshot.passages)
    assert embeddings is not None
    service.library._snapshot = snapshot.with_embeddings(embeddings)
    return held


async def test_an_answer_is_the_same_however_much_is_asked_at_once(
    service: Service, model: Held
) -> None:
    """More questions than there are threads wait for a slow model, and none goes without it."""
    questions = [f"What about the toll, number {number}?" for number in range(5 * QUICK_THREADS)]
    waiting = [asyncio.create_task(asked(service, text, service.snapshot)) for text in questions]
    await model.gate.is_reached()
    talk = await asked(service, "hello", service.snapshot)
    assert talk.outcome is Outcome.SMALL_TALK  # there is nothing to wait for
    assert not any(task.done() for task in waiting)
    model.gate.open.set()
    busy = await asyncio.gather(*waiting)
    for given, text in zip(busy, questions, strict=True):
        alone = await asked(service, text, service.snapshot)
        assert alone.hits == given.hits
        assert given.hits


async def test_what_was_given_up_is_named_as_it_is_kept(
    service: Service, storage: Storage, model: Held, caplog: pytest.LogCaptureFixture
) -> None:
    """The id in the log is the one in the storage: votes and gaps go by it too."""
    embeddings = service.snapshot.searcher.embeddings
    assert embeddings is not None
    hurried = count(0, 10).__next__  # ten seconds from one look to the next
    vectors = QuestionEmbedder(model, TimeLimit(8, hurried))
    snapshot = service.snapshot.with_embeddings(replace(embeddings, questions=vectors))
    given = await asked(service, ABOUT_BREAD, snapshot)
    model.gate.open.set()
    assert given.hits
    logged = [one.msg for one in caplog.records if isinstance(one.msg, LogEvent)]
    (question,) = [event.fields["question"] for event in logged if "stage" in event.fields]
    assert question == given.id != 0
    assert service.question_log.keep(given, None, 7) == given.id
    await service.question_log.settle()


async def test_every_language_is_loaded_before_a_member_speaks(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Off the event loop: catalogues, and the words by which languages are told."""
    catalogue._load_wording.cache_clear()
    lexicon.load_lexicon.cache_clear()
    loaded_in: set[str] = set()

    def watched(*args: Any, **kwargs: Any) -> Any:
        loaded_in.add(threading.current_thread().name)
        return read_po(*args, **kwargs)

    monkeypatch.setattr(catalogue, "read_po", watched)
    await service.warm_up()
    assert loaded_in
    assert threading.current_thread().name not in loaded_in
    assert catalogue._load_wording.cache_info().currsize == len(catalogue.languages())
    assert lexicon.load_lexicon.cache_info().currsize == 1

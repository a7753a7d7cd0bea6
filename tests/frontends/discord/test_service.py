"""What is worked out off the event loop."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from babel.messages.pofile import read_po

from bot.answering.answerer import answer
from bot.frontends import catalogue
from bot.frontends.discord import service as module
from bot.frontends.discord.service import Service
from bot.operations.storage.database import Storage
from bot.retrieval.meaning import languages
from tests.conftest import TODAY


async def test_the_first_question_is_nobodys(
    service: Service, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is loaded at it costs no member's time, and nothing of it is kept."""
    asked: list[str] = []

    def watched(snapshot: Any, question: Any, *rest: Any) -> Any:
        asked.append(question.text)
        return answer(snapshot, question, *rest)

    monkeypatch.setattr(module, "answer", watched)
    await service.warm_up()
    assert len(asked) == 1
    assert "The bridge over the Tamar" in asked[0]
    await service.records.settle()
    assert await storage.questions.days_of(None, TODAY.replace(day=1)) == []


async def test_every_language_is_loaded_before_a_member_speaks(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Off the event loop: catalogues, and the words by which languages are told."""
    catalogue._texts.cache_clear()
    languages._lexicon.cache_clear()
    loaded_in: set[str] = set()

    def watched(*args: Any, **kwargs: Any) -> Any:
        loaded_in.add(threading.current_thread().name)
        return read_po(*args, **kwargs)

    monkeypatch.setattr(catalogue, "read_po", watched)
    await service.warm_up()
    assert loaded_in
    assert threading.current_thread().name not in loaded_in
    assert catalogue._texts.cache_info().currsize == len(catalogue.languages())
    assert languages._lexicon.cache_info().currsize == 1

"""What is worked out off the event loop."""

from __future__ import annotations

from typing import Any

import pytest

from bot.answering.answerer import answer
from bot.frontends.discord import service as module
from bot.frontends.discord.service import Service
from bot.operations.storage.database import Storage
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

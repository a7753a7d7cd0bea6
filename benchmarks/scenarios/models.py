"""The embedding model hangs, crashes, or has no memory left."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial

from benchmarks.scenarios.in_process import InProcess, in_process
from benchmarks.scenarios.registry import scenario
from bot.search.embedding.embedder import Floats, ModelError, choose


class FailingModel:
    """The bundled model, which fails on questions when told to."""

    def __init__(self, fail: Callable[[], None]) -> None:
        chosen = choose("bundled", None)
        if chosen is None:
            raise ModelError("the bundled model is not there")
        self._model = chosen
        self._fail = fail
        self.failing = False
        self.name, self.family = chosen.name, chosen.family
        self.multilingual = chosen.multilingual

    def passages(self, texts: Sequence[str]) -> Floats:
        """Unit vectors."""
        return self._model.passages(texts)

    def questions(self, texts: Sequence[str]) -> Floats:
        """Unit vectors, or a failure."""
        if self.failing:
            self._fail()
        return self._model.questions(texts)


_released = threading.Event()


def _hang() -> None:
    _released.wait(30)


def _crash() -> None:
    raise RuntimeError("the model's library failed")


def _out_of_memory() -> None:
    raise MemoryError


def _with(fail: Callable[[], None]) -> Callable[[], FailingModel]:
    return lambda: FailingModel(fail)


def _break(stage: InProcess) -> None:
    """Let the model fail from now on."""
    if isinstance(stage.embedder, FailingModel):
        stage.embedder.failing = True


@scenario(
    "models",
    says="answered by words alone: no vectors",
    set_up=partial(in_process, _with(_hang)),
    quick=False,
)
async def model_hangs(stage: InProcess) -> None:
    """The model never returns: after their time limit, questions are answered by words."""
    _released.clear()
    _break(stage)
    try:
        exchanges = [await stage.mention(), await stage.ask(), await stage.mention()]
        await stage.settle()
    finally:
        _released.set()
    slowest = max(exchange.seconds for exchange in exchanges)
    stage.figures["slowest answer"] = f"{slowest:.2f} s"
    stage.expect(slowest < 3, "an answer waited for the model for too long")


@scenario(
    "models", says="answered by words alone", set_up=partial(in_process, _with(_crash)), quick=False
)
async def model_crashes(stage: InProcess) -> None:
    """The model's library raises an error with every question."""
    _break(stage)
    await stage.both()


@scenario(
    "models",
    says="answered by words alone",
    set_up=partial(in_process, _with(_out_of_memory)),
    quick=False,
)
async def model_out_of_memory(stage: InProcess) -> None:
    """There is not enough memory for the model."""
    _break(stage)
    await stage.both()

"""Faults, one function each: what happens to the bot, and what must still be true afterwards."""

from benchmarks.scenarios import (
    gateway,
    models,
    odd_events,
    processes,
    requests,
    storage,
    surroundings,
    texts,
)
from benchmarks.scenarios.registry import SCENARIOS

__all__ = [
    "SCENARIOS",
    "gateway",
    "models",
    "odd_events",
    "processes",
    "requests",
    "storage",
    "surroundings",
    "texts",
]

"""Plays a scenario and judges the result."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import Any

from benchmarks.scenarios.registry import Scenario
from benchmarks.scenarios.stage import ANSWER, Stage

LONGEST = 150
"""Characters of a line of the log that the table shows."""


@dataclass
class Verdict:
    """The result of a scenario."""

    name: str
    asked: int = 0
    lost: int = 0
    twice: int = 0
    tracebacks: int = 0
    seconds: float = 0.0
    said: str = ""
    """The line of the log about the fault."""
    figures: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


async def play(scenario: Scenario) -> Verdict:
    """Play a scenario on a stage of its own, ask two more questions, and judge."""
    verdict = Verdict(scenario.name)
    began = time.perf_counter()
    async with scenario.set_up() as stage:
        try:
            await scenario.play(stage)
            if stage.ends:
                verdict.said = await stage.last_words()
            else:
                await stage.both()
                await stage.settle()
        except TimeoutError:
            verdict.problems.append("something that should have happened did not")
        except Exception as error:
            verdict.problems.append(f"the scenario failed: {error!r}")
        _judge(stage, scenario, verdict)
    verdict.seconds = time.perf_counter() - began
    return verdict


def _judge(stage: Stage, scenario: Scenario, verdict: Verdict) -> None:
    verdict.problems += stage.problems
    verdict.asked = len(stage.asked)
    verdict.lost = sum(not exchange.answers for exchange in stage.asked)
    verdict.twice = sum(len(exchange.answers) > 1 for exchange in stage.asked)
    wrong = sum(
        ANSWER not in str(answer.get("content"))
        for exchange in stage.asked
        for answer in exchange.answers[:1]
    )
    verdict.figures = stage.figures
    lines = stage.lines
    verdict.tracebacks = sum(line.startswith("Traceback") for line in lines)
    matching = [line for line in lines if re.search(scenario.says, line)] if scenario.says else []
    if matching:
        verdict.said = " ".join(matching[0].split()[1:])[:LONGEST]
    problem = None if scenario.corrupts else stage.database_problem()
    checks = [
        (verdict.lost, f"{verdict.lost} answers lost"),
        (verdict.twice, f"{verdict.twice} answers sent twice"),
        (wrong, f"{wrong} answers are not the answer"),
        (verdict.tracebacks, "a traceback in the log"),
        (scenario.says and not matching, f"no line of the log says {scenario.says!r}"),
        (problem, f"the database is corrupt: {problem}"),
        (stage.discord.rest.problems, f"Discord would refuse: {stage.discord.rest.problems[:2]}"),
        (not stage.ends and stage.ended, "the bot has ended"),
    ]
    verdict.problems += [words for holds, words in checks if holds]

"""Everybody's walk, one after another, and what is wrong with all of them together."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from benchmarks.scenarios.in_process import InProcess, in_process
from benchmarks.standin.faults import cut, rate_limited, status
from benchmarks.walk import texts
from benchmarks.walk.messages import daily_passage, messages, post_in_forum
from benchmarks.walk.people import Walker, walkers
from benchmarks.walk.walk import Prepare, Walk
from bot.discord.app.discovery import discover
from bot.settings.discord import DiscordSettings

STUMBLES: Mapping[str, tuple[Prepare, bool]] = {
    "503 once": (lambda stage: stage.fail_response(status(503)), True),
    "429 once": (lambda stage: stage.fail_response(rate_limited(0.02)), True),
    "cut before": (lambda stage: stage.fail_response(cut(done=False)), True),
    "cut after": (lambda stage: stage.fail_response(cut(done=True)), True),
    "expired": (lambda stage: stage.fail_response(status(404, 10062)), False),
    "message gone": (lambda stage: stage.fail_response(status(404, 10008)), False),
    "forbidden": (lambda stage: stage.fail_response(status(403, 50013)), False),
}
"""Faults that the first response of each step meets, and whether the step is still answered."""

_REPEATED = "400 40060"
"""Refuses a response that is repeated because nobody knew whether the first one had been taken."""


@dataclass
class Tour:
    """All walks, and what was wrong."""

    walks: list[Walk] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    async def add(self, walk: Walk, most: int | None = None) -> None:
        """Walk, and note what was wrong."""
        await walk.through_everything(most)
        self.walks.append(walk)
        self.problems += walk.problems


async def tour(*, listen: bool = False, only: Collection[str] = ()) -> Tour:
    """Let everybody, or `only` some, walk through everything, write, open a post, and get a daily passage."""
    done = Tour()
    settings = DiscordSettings(member_questions=0, channel_questions=0, listen=listen)
    async with in_process(settings=settings) as stage:
        everybody = await _arrive(stage)
        people = [one for one in everybody if not only or one.name in only]
        for walker in people:
            walk = Walk(stage, walker)
            await done.add(walk)
            if walker.name.startswith("stranger"):
                await _under_what_others_see(stage, walk)
        for walker in (one for one in people if not one.install or one.context == 1):
            done.problems += await messages(stage, walker)
        done.problems += await post_in_forum(stage) + await daily_passage(stage)
        done.problems += [f"refused: {line}" for line in stage.discord.rest.new_complaints()]
        done.problems += _tracebacks(stage)
        done.problems += [line for line in stage.lines if "another process" in line]
    used = {name for walk in done.walks for name in walk.used}
    done.problems += [
        f"nobody has used {name}" for name in sorted({*discover().audiences()} - used)
    ]
    return done


async def stumbles(names: Mapping[str, tuple[Prepare, bool]] = STUMBLES) -> Tour:
    """Let a curator walk through everything once for each fault, which every step meets."""
    done = Tour()
    for name, (prepare, answered) in names.items():
        settings = DiscordSettings(member_questions=0, channel_questions=0)
        async with in_process(settings=settings) as stage:
            curator = (await _arrive(stage))[-1]
            walker = Walker(f"curator with {name}", curator.person, curator.channel)
            await done.add(Walk(stage, walker, prepare, answered), most=1)
            done.problems = [line for line in done.problems if _REPEATED not in line]
            done.problems += [f"{name}: {line}" for line in _tracebacks(stage)]
    return done


def _tracebacks(stage: InProcess) -> list[str]:
    lines = stage.lines
    return [
        " ".join(lines[i - 1].split()[1:])
        for i, line in enumerate(lines)
        if line.startswith("Traceback") and "[error" in lines[i - 1]
    ]


async def _arrive(stage: InProcess) -> list[Walker]:
    """Set up texts, people, and more gaps and entries of what curators did than fit into a message.

    Interactions expire after three seconds of processor time: others may keep the machine busy.
    """
    stage.discord.interactions.clock = time.process_time
    texts.write(stage.knowledge)
    stage.service.library.reload()
    people = await walkers(stage)
    server, audit = int(stage.server["id"]), stage.service.storage.audit
    for i in range(40):
        await audit.record(
            server, 1, "add", f"text {i}: {'what was added ' * 5}", stage.service.now()
        )
        question = f"Where does {_WORDS[i % 8]} number {i} of Atlantis buy {_WORDS[i % 7]} for {_WORDS[i % 5]}?"
        await stage.discord.slash(stage.manager, stage.channel, "ask", question=question)
    await stage.settle()
    return people


_WORDS = ["bread", "silver", "a violin", "the mayor", "wool", "a camel", "paper", "honey"]


async def _under_what_others_see(stage: InProcess, walk: Walk) -> None:
    """Let somebody use what stands under public messages to others."""
    for message in stage.discord.world.said_by_bot(stage.channel["id"]):
        await walk.everything_under(message)

"""Uses every command, then every button, menu and form in the answers, and checks each answer."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from benchmarks.scenarios.in_process import IN_FLIGHT, InProcess
from benchmarks.standin.channels import EPHEMERAL
from benchmarks.standin.exchanges import Exchange
from benchmarks.standin.payloads import JSON
from benchmarks.walk import texts
from benchmarks.walk.commands import LAST, TYPED, names_of, suggesting, uses
from benchmarks.walk.components import AUDIENCES, Component, components, form_of, name_of
from benchmarks.walk.people import Walker
from benchmarks.walk.targets import targets
from benchmarks.walk.texts import SECRET
from bot.discord.kit.permissions import Audience
from bot.wording import catalogue

WITHIN = 15.0
"""Seconds until something is said to have no response; Discord's own limit is the stand-in's."""

SEVERAL = {"/ask", "ShareButton"}
"""What may be answered with two messages: a private one, and one for all."""

MENUS = {3, 5, 6, 7, 8}
_FAILED = {catalogue.wording_in(tag).FAILED for tag in catalogue.languages()}

Prepare = Callable[[InProcess], object]


@dataclass
class Walk:
    """A walk of one person, and what was wrong on it."""

    stage: InProcess
    walker: Walker
    prepare: Prepare = bool
    """What is done before each step, such as making a request fail."""
    expects_answers: bool = True
    """Whether Discord accepts an answer to each step."""
    used: set[str] = field(default_factory=set)
    """What was used, by its name in the table of permissions."""
    problems: list[str] = field(default_factory=list)
    steps: int = 0
    _seen: set[tuple[str, ...]] = field(default_factory=set)
    _waiting: deque[Component] = field(default_factory=deque)

    async def through_everything(self, most: int | None = None) -> None:
        """Use all commands that the person's client offers, each at most this often, and everything that follows."""
        commands = self.stage.discord.rest.commands
        offered = [one for one in commands if self.walker.is_offered(one)]
        slash = {name: one for one in offered if one["type"] == 1 for name in names_of(one)}
        ways = uses(self.stage, self.walker)
        for name in sorted(slash, key=lambda name: name in LAST):
            await self._suggestions(slash[name], name)
            for options in ways[name][:most]:
                if name == "reload":
                    texts.damage(self.stage.knowledge)
                await self.command(name, **options)
                await self.everything_under()
        for one in offered:
            if one["type"] == 3:
                await self._menu(one["name"])
                await self.everything_under()

    async def command(self, name: str, /, **options: object) -> None:
        """Use a slash command."""
        discord, walker = self.stage.discord, self.walker
        self.prepare(self.stage)
        exchange = await discord.slash(walker.person, walker.channel, name, **options)
        await self._look(f"/{name}", f"/{name} {options}", exchange)

    async def _suggestions(self, command: JSON, name: str) -> None:
        discord, walker = self.stage.discord, self.walker
        for option in suggesting(command, name):
            for typed in ("", TYPED[option], "a" * 100):
                self.prepare(self.stage)
                exchange = await discord.autocomplete(
                    walker.person, walker.channel, name, option, typed
                )
                await self._look(f"/{name}", f"/{name} {option}: {typed}", exchange)

    async def _menu(self, name: str) -> None:
        """Use a message's menu on messages of every kind."""
        discord, walker = self.stage.discord, self.walker
        for message in targets(self.stage, walker):
            self.prepare(self.stage)
            exchange = await discord.message_command(walker.person, walker.channel, name, message)
            await self._look(name, f"{name}: {message['content'][:30]!r}", exchange)

    async def everything_under(self, message: JSON | None = None) -> None:
        """Use the buttons and menus so far, or those under a message, and those that follow."""
        if message is not None:
            self._note(message)
        while self._waiting:
            one = self._waiting.popleft()
            if one.is_there and one.key not in self._seen:
                self._seen.add(one.key)
                await self._use(one)

    async def _use(self, one: Component) -> None:
        discord, walker, custom_id = self.stage.discord, self.walker, one.described["custom_id"]
        self.prepare(self.stage)
        exchange = await discord.click(
            walker.person, walker.channel, one.message, custom_id, *one.values,
            kind=one.described["type"],
        )  # fmt: skip
        name = name_of(custom_id)
        await self._look(name, f"{custom_id} {' '.join(one.values)}", exchange)
        for answer in exchange.answers:
            if "title" in answer:
                self.prepare(self.stage)
                values = {} if "rates" in custom_id else _typed(answer)
                sent = await discord.submit(
                    walker.person, walker.channel, answer, one.message, **values
                )
                await self._look(form_of(answer["custom_id"]), answer["custom_id"], sent)

    async def _look(self, name: str, what: str, exchange: Exchange) -> None:
        """Wait for the answer, check it, and note what can be used next."""
        self.steps += 1
        self.used.add(name)
        try:
            if self.expects_answers:
                await exchange.until(
                    lambda: bool(exchange.acknowledged or exchange.refused), WITHIN
                )
            else:
                await self._until_refused()
        except TimeoutError:
            self._complain(what, "no response")
        while tasks := [t for t in asyncio.all_tasks() if t.get_name().startswith(IN_FLIGHT)]:
            await asyncio.wait(tasks)
        if len(exchange.answers) > 1 and name not in SEVERAL:
            self._complain(what, f"{len(exchange.answers)} answers")
        if self.expects_answers:
            self._check(name, what, exchange)
        for answer in exchange.answers:
            self._note(answer)

    async def _until_refused(self) -> None:
        """Wait until the step has met its fault."""
        async with asyncio.timeout(WITHIN):
            await self.stage.discord.rest.faults[-1].used_up.wait()

    def _check(self, name: str, what: str, exchange: Exchange) -> None:
        """Complain about an answer that is missing, wrong, or seen by the wrong people."""
        audience = AUDIENCES.get(name)
        problems = [f"refused: {line}" for line in self.stage.discord.rest.new_complaints()]
        if not exchange.answers and name != "DeleteButton":
            problems.append("acknowledged, but never answered")
        for answer in exchange.answers:
            shown = _shown(answer)
            if any(line in shown for line in _FAILED):
                problems.append("an apology")
            if SECRET in shown.lower() and self.walker.name.startswith("stranger"):
                problems.append(f"shows a text that is not offered: {shown[:200]}")
            private = answer.get("flags", 0) & EPHEMERAL or "channel_id" not in answer
            if audience in _CURATORS and not private:
                problems.append("shown to everybody")
            if answer.get("choices") and not self.walker.may(audience):
                problems.append("suggests something to somebody who may not use it")
        for problem in problems:
            self._complain(what, problem)

    def _complain(self, what: str, problem: str) -> None:
        self.problems.append(f"{self.walker.name}: {what}: {problem}")

    def _note(self, message: JSON) -> None:
        """Note the buttons and menus of a message, if none like them has been used: the last ones are used next."""
        found = [
            Component(message, one, values)
            for one in (components(message) if "channel_id" in message else ())
            for values in self._choices(one)
        ]
        new = [one for one in reversed(found) if one.key not in self._seen]
        self._waiting = deque(sorted([*new, *self._waiting], key=_takes_away))

    def _choices(self, one: JSON) -> Sequence[tuple[str, ...]]:
        server = self.walker.channel.get("guild_id")
        if one["type"] not in MENUS:
            return [()]
        if one["type"] == 3:
            return [(option["value"],) for option in one["options"][:12]]
        if one["type"] == 6:
            roles = self.stage.server["roles"] if server == self.stage.server["id"] else []
            return [tuple(role["id"] for role in roles[1:]), ()]
        there = [
            channel["id"] for channel in self.stage.discord.world.channels.values()
            if channel.get("guild_id") == server and channel["type"] in one.get("channel_types", [])
        ]  # fmt: skip
        return [tuple(there[-1:]), ()]


_CURATORS = {Audience.CURATOR, Audience.WRITING_CURATOR, Audience.MANAGER}


def _takes_away(one: Component) -> bool:
    custom_id = str(one.described["custom_id"])
    return custom_id.startswith(("delete:", "forget:", "shelf:drop"))


def _shown(answer: JSON) -> str:
    return " ".join(str(answer.get(key, "")) for key in ("content", "components", "choices"))


def _typed(form: JSON) -> dict[str, str]:
    """What is typed into the fields of a form that are empty."""
    fields = [label["component"] for label in form["components"]]
    known = {"number": "2", "author": "Gil", "title": "Owls"}
    return {
        field["custom_id"]: known.get(field["custom_id"], "And when was it built?")
        for field in fields
        if not field.get("value") and field.get("required", True)
    }

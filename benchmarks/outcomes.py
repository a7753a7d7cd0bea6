"""How often each outcome is right, and what becomes of each kind of question: the tables of docs/answers.md."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from benchmarks.figures import JudgedExample
from bot.answering.answerer import Policy, decide
from bot.models import Outcome, chance_of
from bot.wording.answers import PROBABLE

GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "threads": ("threads-natural", "threads"),
    "articles": ("selqa-sections", "squad-articles"),
})  # fmt: skip
ANSWERED, PROBABLY, NOT_SURE, NOT_COVERED = "Answered", "“probably”", "“not sure”", "NotCovered"
_UNFAIR = frozenset({"adversarial", "chatter", "unrelated"})


class OutcomeOfExample:
    """What is said and shown of an example under the default policy, and whether it is right."""

    def __init__(self, judged: JudgedExample) -> None:
        decision = decide(judged.hits, Policy())
        shown = judged.hits[: decision.shown]
        self.judged = judged
        self.quoted = decision.shown > 0
        self.shown_right = any(judged.right[: decision.shown])
        self.right_in_ten = any(judged.right)
        self.said = NOT_COVERED
        if decision.outcome is Outcome.ANSWERED:
            self.said = ANSWERED
        elif decision.outcome is Outcome.CLOSEST:
            self.said = PROBABLY if chance_of(shown) >= PROBABLE else NOT_SURE
        self.right = self.shown_right if self.quoted else not judged.example.answerable


def report_outcomes(judged: Sequence[JudgedExample]) -> None:
    """Print both tables, of examples asked of their own text alone."""
    fair = [j for j in judged if not j.example.whole and j.example.kind not in _UNFAIR
            and not j.example.kind.startswith("fitted")]  # fmt: skip
    every = [OutcomeOfExample(j) for j in fair]
    for name, files in GROUPS.items():
        some = [o for o in every if o.judged.example.dataset in files]
        parts = []
        for said in (ANSWERED, PROBABLY, NOT_SURE, NOT_COVERED):
            these = [o for o in some if o.said == said]
            parts.append(
                f"{said} {len(these) / len(some):.3f}, right {_share(these, lambda o: o.right)}"
            )
        lost = [o for o in some if o.said == NOT_COVERED and o.judged.example.answerable]
        print(f"  {name} n={len(some)}: {'; '.join(parts)};"
              f" right one among ten, if NotCovered is wrong: {_share(lost, lambda o: o.right_in_ten)}")  # fmt: skip
    for file in dict.fromkeys(j.example.dataset for j in fair):
        some = [o for o in every if o.judged.example.dataset == file]
        kinds = {kind: [o for o in some if o.judged.example.kind == kind and not o.judged.example.answerable]
                 for kind in ("far", "near")}  # fmt: skip
        able = [o for o in some if o.judged.example.answerable]
        told = [o for o in some if o.said == ANSWERED]
        quotes = ", ".join(
            f"{kind} {_share(these, lambda o: o.quoted)}" for kind, these in kinds.items()
        )
        print(f"  {file}: get quotes: {quotes}, answerable {_share(able, lambda o: o.quoted)},"
              f" or right behind the click {_share(able, lambda o: o.quoted or o.right_in_ten)};"
              f" of those Answered a quote shown right {_share(told, lambda o: o.shown_right)};"
              f" answerable Answered {_share(able, lambda o: o.said == ANSWERED)}")  # fmt: skip


def _share(some: Sequence[OutcomeOfExample], holds: Callable[[OutcomeOfExample], bool]) -> str:
    return f"{np.mean([holds(o) for o in some]):.3f}" if some else "-"

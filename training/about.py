"""Fits the recogniser of questions about texts themselves.

    python -m training.about

The phrasings are in `training/data/about-LANGUAGE.txt`, those of other questions in
`about-none-LANGUAGE.txt`; the questions on our own texts (`training/texts`) count as others too. Each
is asked about a text, so that the words it shares with that text are recognised as such.
`python -m benchmarks.about` measures the result, on other questions.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize

from bot.answering.text_question_features import features_of, tokens_of
from bot.answering.text_question_model import PATH, Intent, save
from bot.library.snapshots import Snapshot, build_snapshot
from bot.models import Post, Source

DATA = Path(__file__).parent / "data"
TEXTS = Path(__file__).parent / "texts"
LANGUAGES = ("en", "es", "ar")
SEED = 7
COPIES, COPIES_FIXED = 3, 2
"""How many texts each phrasing is asked about, by whether it has a placeholder."""
RIDGE = 0.05
RAREST, MOST_FEATURES = 4, 10_000
FIRST_STEPS, STEPS = 25, 100

AUTHORS = (
    "@MilaOrtega", "Ines Rook", "@BridgeNotes", "Ottoline Brask", "Harbour Voices", "Maria Lopez", "@tidewatch",
    "Dr. Karim Haddad", "The Committee", "J. Calder",
)  # fmt: skip
REFERENCES = {
    "en": """this|it|this|it|this thread|the thread|this text|the text|this document|the document|this article
        |the article|that|this post|the post|this one|this piece|these posts|that thread|your text|this page
        |these tweets|this doc|the file|this file|the handbook|this handbook|the guide|the transcript|this talk
        |the talk|the letter|this letter|this speech|the report|this essay|the rules|these rules|the minutes
        |the recipe|this recipe|the interview|this episode|the podcast|the story|this book|the manual|the faq|this faq
        |the interview|this interview|the episode|the review|this review|the notes|these notes|this thing|the announcement
        |the lecture|the news article|this guide|the brochure|this manual|the changelog|the poem|the schedule
        |the price list|these questions|the blog post|the newsletter|this chat|all of this""",
    "es": """esto|este hilo|el hilo|este texto|el texto|este documento|el documento|eso|este artículo|el artículo
        |esta publicación|esta página|estos tuits|este manual|el manual|esta carta|la carta|este discurso
        |el discurso|la guía|el reglamento|la receta|el acta|la entrevista|esta entrevista|el episodio|este episodio
        |el podcast|la charla|esta charla|las preguntas frecuentes|la faq|estas preguntas|las normas|estas normas
        |las reglas|la reseña|esta reseña|el informe|la noticia|el comunicado|el folleto|las instrucciones|las notas
        |la conferencia|el cuento|la crónica|el libro|este libro|el glosario|todo esto|lo que citas""",
    "ar": """هذا|هذا النص|النص|هذه السلسلة|السلسلة|هذا المقال|المقال|هذا المستند|الوثيقة|هذه التغريدات|هذا المنشور
        |الثريد|هالنص|هذا الكتاب|الكتاب|هذا الدليل|الدليل|المحاضرة|هذا الكلام|هذه الرسالة|الرسالة|التقرير|القواعد
        |المقابلة|هذه المقابلة|الحلقة|هذه الحلقة|الحلقة دي|هالحلقة|البودكاست|الأسئلة الشائعة|هذه الأسئلة الشائعة
        |الخطاب|هذا الخطاب|الخطاب ده|الكلام ده|المراجعة|هالمراجعة|اللائحة|هذه القواعد|المحضر|الإعلان|الخبر|الوصفة
        |المقال ده|الثريد ده|هالثريد|هالمقال|البوست ده|المنشور ده|الكتيب|الحوار|اللقاء|التعليمات|القصة""",
}
NAMED = {
    "en": """the {s} thread|the {s} post|the {s} one|that {s} article|the {s} text|the {s} notes|the {s} story
        |the {s} piece|the thread about {s}|the post on {s}|the {s} report|the {s} handbook|the {s} minutes
        |the {s} talk|the {s} speech|the {s} letter|the {s} announcement|the {s} news|the {s} glossary
        |the {s} book|{s} report|{s} thread""",
    "es": """el hilo de {s}|el texto sobre {s}|la noticia de {s}|el artículo sobre {s}|lo de {s}|las notas de {s}
        |el acta de {s}|la entrevista de {s}|el episodio de {s}|la charla sobre {s}|las preguntas de {s}|la guía de {s}
        |las normas de {s}|la reseña de {s}|el viaje de {s}|las notas sobre {s}|la grabación de {s}|la carta de {s}
        |el anuncio de {s}|el informe de {s}|el discurso de {s}|el libro de {s}""",
    "ar": """الثريد تبع {s}|النص عن {s}|نص {s}|مقال {s}|خبر {s}|تقرير {s}|بوست {s}|محضر {s}|رسالة {s}|كتيب {s}
        |مقابلة {s}|حلقة {s}|دليل {s}|قواعد {s}|أسئلة {s}|مراجعة {s}|ثريد {s}|سلسلة {s}
        |إعلان {s}|ملاحظات {s}|كتاب {s}|خطاب {s}""",
}
"""Texts by their subjects, {s}."""
SUBJECTS = {
    "es": """la pesca|el puerto|los impuestos|el agua|la escuela|el incendio|los vecinos|el pan|la huelga|el tren
        |las abejas|la vivienda""",
    "ar": "الصيد|الميناء|الضرايب|الماء|المدرسة|الحريق|السكان|الخبز|الإضراب|القطار|النحل|الإيجار|المستشفى",
}
"""Subjects in words that no English text holds; an English subject is taken from the text."""
BEFORE = {
    "en": """hey,|hey quick q,|hi!|yo|sorry if this was asked before, but|quick question:|just wondering,
        |good evening!|hello everyone,|so|ok so|btw|wait,|also,|random question but|before i start,|sorry but
        |hey bot|excuse me,|one more thing,|uh""",
    "es": "hola,|oye,|buenas,|una pregunta,|perdón,|disculpa,|bueno,|y|che,|a ver,|por curiosidad,|oye una cosa,",
    "ar": "مرحبا،|سؤال،|لو سمحت،|عفوا|يا جماعة|طيب|هلا،|بس|سؤال سريع،|معليش",
}
BEHIND = {
    "en": "pls|please|lol|rn|tbh|thanks|again|exactly|actually|anyway|btw|haha|roughly|more or less|then|by the way",
    "es": "por favor|porfa|gracias|más o menos|exactamente|jaja|entonces",
    "ar": "لو سمحت|من فضلك|شكرا|تقريبا|بالضبط|يعني",
}
"""What people say around a question, whatever it asks."""
NOUNS = {
    "en": "thread|text|document|article|post|piece|doc|page|file|book|letter|guide",
    "es": "hilo|texto|documento|artículo|manual|libro",
    "ar": "نص|سلسلة|مقال|كتاب|دليل",
}

CONTRACTIONS = {
    "es": ((r"\bde el\b", "del"), (r"\ba el\b", "al")),
    "ar": ((r"\bلال", "لل"),),
}

_SHORT = 4  # letters of a word that is no subject

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Example:
    """The features of a question, and what it asks for."""

    features: frozenset[str]
    intent: Intent


def own_texts() -> Iterator[tuple[Snapshot, list[str]]]:
    """Yield our own texts, each as a snapshot of its own, with the questions about it."""
    number = 0
    for path in sorted(TEXTS.glob("*.txt")):
        for block in ("\n" + path.read_text(encoding="utf-8")).split("\n# ")[1:]:
            title, *lines = [line for line in block.splitlines() if line]
            posts = [line for line in lines if line[:2] not in {"? ", "! "}]
            asked = [line[2:].rsplit(" | ", 1)[0] for line in lines if line[:2] in {"? ", "! "}]
            source = Source(
                f"text-{number}",
                title,
                AUTHORS[number % len(AUTHORS)],
                tuple(Post(n, post) for n, post in enumerate(posts, 1)),
            )
            yield build_snapshot([source]), [line.rpartition(" >> ")[2] for line in asked]
            number += 1


def phrasings() -> Iterator[tuple[str, Intent, str]]:
    """Yield the phrasings with their languages and what they ask for."""
    for language in LANGUAGES:
        intent = Intent.NONE
        for line in _lines(DATA / f"about-{language}.txt"):
            if line.startswith("["):
                intent = Intent(line[1:-1])
            else:
                yield language, intent, line
        for line in _lines(DATA / f"about-none-{language}.txt"):
            yield language, Intent.NONE, line


def _lines(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("# ")]


def filled(line: str, language: str, source: Source, rng: random.Random) -> str:
    """Put a text, a noun, a title and an author into a phrasing."""
    words = source.title.split()
    title = " ".join(words if rng.random() < 0.5 else words[:4])
    topic = " ".join(rng.sample(words, 1) if rng.random() < 0.5 else words[-2:])
    if language == "en":
        in_text = [
            word for word in source.posts[0].text.split() if len(word) > _SHORT and word.isalpha()
        ]
        subject = topic if rng.random() < 0.6 or not in_text else rng.choice(in_text)
    else:
        subject = rng.choice(SUBJECTS[language].split("|"))
    named = _one_of(NAMED[language], rng).replace("{s}", subject)
    chance = rng.random()
    reference = (
        title if chance < 0.08 else named if chance < 0.33 else _one_of(REFERENCES[language], rng)
    )
    values = {
        "{topic}": topic,
        "{t}": reference,
        "{n}": _one_of(NOUNS[language], rng),
        "{a}": source.author.lstrip("@" if rng.random() < 0.5 else ""),
        "{name}": title,
    }
    for slot, value in values.items():
        line = line.replace(slot, value)
    for apart, together in CONTRACTIONS.get(language, ()):
        line = re.sub(apart, together, line)
    before = _one_of(BEFORE[language], rng) + " " if rng.random() < 0.2 else ""
    behind = " " + _one_of(BEHIND[language], rng) if rng.random() < 0.12 else ""
    return f"{before}{line}{behind}"


def _one_of(choices: str, rng: random.Random) -> str:
    return rng.choice(choices.split("|")).strip()


def examples() -> list[Example]:
    """All examples."""
    rng = random.Random(SEED)
    found, snapshots = [], []
    for snapshot, asked in own_texts():
        snapshots.append(snapshot)
        for question in asked:
            said = filled(question, "en", snapshot.listing.in_order[0], rng)
            found.append(Example(features_of(tokens_of(snapshot, said)), Intent.NONE))
    chatter = [("en", Intent.NONE, line) for line in _lines(DATA / "chatter.txt")]
    for language, intent, line in (*phrasings(), *chatter):
        for _ in range(COPIES if "{" in line else COPIES_FIXED):
            snapshot = rng.choice(snapshots)
            question = filled(line, language, snapshot.listing.in_order[0], rng)
            found.append(Example(features_of(tokens_of(snapshot, question)), intent))
    return found


def matrix(found: Sequence[Example], names: Sequence[str]) -> sparse.csr_array:
    """(E, F) the features of examples, each example of unit length."""
    rows = {name: row for row, name in enumerate(names)}
    values, columns, starts = [], [], [0]
    for example in found:
        known = [rows[name] for name in example.features if name in rows]
        columns += known
        values += [1 / np.sqrt(len(example.features))] * len(known)
        starts.append(len(columns))
    return sparse.csr_array((values, columns, starts), shape=(len(found), len(names)))


def fit(
    inputs: sparse.csr_array, intents: Sequence[Intent], steps: int, ridge: float = RIDGE
) -> tuple[Array, Array]:
    """Fit (F, I) coefficients and (I,) intercepts: multinomial logistic regression with a ridge."""
    number = {intent: at for at, intent in enumerate(Intent)}
    right = np.array([number[intent] for intent in intents])
    wanted = np.eye(len(number))[right]
    shape = (inputs.shape[1], len(number))
    cut = shape[0] * shape[1]
    at = np.arange(len(right))

    def loss(theta: Array) -> tuple[float, Array]:
        weights = theta[:cut].reshape(shape)
        scores = inputs @ weights + theta[cut:]
        scores -= scores.max(axis=1, keepdims=True)
        chances = np.exp(scores)
        chances /= chances.sum(axis=1, keepdims=True)
        total = -np.log(chances[at, right] + 1e-12).sum() + ridge / 2 * (weights**2).sum()
        off = chances - wanted
        gradient = inputs.T @ off + ridge * weights
        return float(total), np.concatenate([gradient.ravel(), off.sum(axis=0)])

    start = np.zeros(cut + shape[1])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": steps})
    return found.x[:cut].reshape(shape), found.x[cut:]


def main() -> None:
    """Fit, keep the features that count most, fit again, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=PATH)
    args = parser.parse_args()
    found = examples()
    intents = [example.intent for example in found]
    counts = Counter(name for example in found for name in example.features)
    names = sorted(name for name, count in counts.items() if count >= RAREST)
    weights, _ = fit(matrix(found, names), intents, FIRST_STEPS)
    largest = np.argsort(-np.abs(weights).max(axis=1), kind="stable")[:MOST_FEATURES]
    names = sorted(names[number] for number in largest)
    weights, intercepts = fit(matrix(found, names), intents, STEPS)
    save(names, weights, intercepts, args.out)
    print(
        f"{len(found)} examples, {len(names)} of {len(counts)} features, {args.out.stat().st_size} bytes"
    )


if __name__ == "__main__":
    main()

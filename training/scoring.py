"""Scoring: the logits of a trained reader for questions, in PyTorch or ONNX.

    python -m training.scoring QUESTIONS --reader FILE --tokenizer FILE --out SCORES.jsonl
        [--dialogue KNOWLEDGE.md] [--folds 3 --fold 0] [--one-in 1] [--turns]

Writes a line for each question: where it is from, what is right, each sentence's logit minus that
of "none" (the highest of the windows that contain it), and the offsets in the best sentence of the words
that answer. `training.evaluate` computes figures from such files, and a ranker can be fitted on them.
With --turns, turns that are not follow-ups are scored after questions as well: chatter, and unrelated questions.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from bot import telemetry
from bot.search.reading.layout import SENTENCE_TOKENS
from training.asked import FILES, Asked, fold_of, read_asked
from training.batches import pad
from training.examples import chatter_lines
from training.finetune import read_dialogue
from training.fitter import base_folder, load_reader
from training.windows import Case, Window, load_tokenizer, spread

DATA = Path(__file__).parent / "data"
LIMIT = 320
BATCH = 16
LARGE = frozenset({"selqa-sections", "squad-articles"})
AHEAD = 24
"""How many questions' windows are sorted by length together."""
LONGEST_ANSWER = 24
"""The most tokens that are taken for an answer."""
Floats = NDArray[np.float32]
Network = Callable[[Sequence[Window]], tuple[Floats, Floats]]
"""Windows → logits (windows, 1 + sentences), and of the ends, (windows, length, 2)."""


@dataclass(frozen=True)
class Scores:
    """Each sentence's logit minus that of "none"; the answer's offsets in the best sentence."""

    sentences: tuple[float, ...]
    answer: tuple[int, int]


def network_of(path: Path, threads: int = 1) -> Network:
    """The reader at `path`: .onnx, or weights that a fit has written."""
    if path.suffix == ".onnx":
        telemetry.switch_off()
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        session = onnxruntime.InferenceSession(str(path), options)

        def run(windows: Sequence[Window]) -> tuple[Floats, Floats]:
            inputs = [t.numpy() for t in pad(windows).inputs]
            names = [i.name for i in session.get_inputs()]
            logits, ends = session.run(None, dict(zip(names, inputs, strict=True)))
            return logits, ends

        return run
    torch.set_num_threads(threads)
    reader = load_reader(path).to(torch.bfloat16).eval()

    def forward(windows: Sequence[Window]) -> tuple[Floats, Floats]:
        with torch.no_grad():
            logits, ends = reader(*pad(windows).inputs)
        return logits.numpy(), ends.numpy()

    return forward


def score(
    cases: Iterable[Case], network: Network, tokenizer: Tokenizer, limit: int = LIMIT
) -> Iterator[Scores]:
    """Yield the scores of each case."""
    stream = iter(cases)
    while ahead := list(islice(stream, AHEAD)):
        windows = [(i, w) for i, c in enumerate(ahead) for w in spread(tokenizer, c, limit)]
        windows.sort(key=lambda pair: len(pair[1].ids))
        best = [np.full(len(c.sentences), -np.inf) for c in ahead]
        found: dict[int, tuple[float, int, Floats]] = {}
        for at in range(0, len(windows), BATCH):
            part = windows[at : at + BATCH]
            logits, ends = network([w for _, w in part])
            for (i, window), row, tokens in zip(part, logits, ends, strict=True):
                held = slice(window.first, window.first + len(window.markers))
                margins = row[1 : 1 + len(window.markers)] - row[0]
                best[i][held] = np.maximum(best[i][held], margins)
                top = int(margins.argmax())
                if i not in found or margins[top] > found[i][0]:
                    begin = window.markers[top] + 1
                    span = tokens[begin : begin + SENTENCE_TOKENS]
                    found[i] = (float(margins[top]), window.first + top, span)
        for i, case in enumerate(ahead):
            _, top, span = found[i]
            answer = answer_in(tokenizer, case.sentences[top], span)
            yield Scores(tuple(round(float(s), 3) for s in best[i]), answer)


def answer_in(tokenizer: Tokenizer, sentence: str, ends: Floats) -> tuple[int, int]:
    """The offsets of the words between the most likely ends of the answer."""
    offsets = tokenizer.encode(sentence, add_special_tokens=False).offsets[: len(ends)]
    if not offsets:
        return 0, len(sentence)
    first, last = ends[: len(offsets), 0], ends[: len(offsets), 1]
    pairs = np.triu(first[:, None] + last[None, :] + 1e6) - 1e6
    pairs[np.tril_indices(len(offsets), -1)] = -np.inf
    pairs[np.triu_indices(len(offsets), LONGEST_ANSWER)] = -np.inf
    start, end = np.unravel_index(int(pairs.argmax()), pairs.shape)
    return offsets[int(start)][0], offsets[int(end)][1]


def turns_after(asked: Sequence[Asked], rng: random.Random) -> Iterator[Asked]:
    """Yield turns that ask the text nothing, and questions about other things, after a question."""
    able = [a for a in asked if a.file.startswith("threads") and a.case.gold and not a.case.before]
    lines = {
        "chatter": chatter_lines(DATA / "chatter-measured.txt"),
        "unrelated": chatter_lines(DATA / "questions-measured.txt"),
    }
    for kind, texts in lines.items():
        for index, line in enumerate(texts):
            turn = rng.choice(able)
            case = replace(turn.case, question=line, gold=(), answer=None)
            yield replace(turn, file="alone", kind=kind, index=index, answerable=False, case=case)
            after = replace(case, before=turn.case.question)
            yield replace(turn, file="after", kind=kind, index=index, answerable=False, case=after)
    for index, turn in enumerate(able):  # standing alone, after another question on the same text
        others = [a for a in able if a.record == turn.record and a.index != turn.index]
        before = rng.choice(others).case.question
        yield replace(
            turn, file="after", kind="alone", index=index, case=replace(turn.case, before=before)
        )


def main() -> None:
    """Score as the command line says."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("questions", type=Path)
    parser.add_argument("--reader", type=Path, required=True)
    parser.add_argument(
        "--tokenizer", type=Path, default=(b := base_folder()) and b / "tokenizer.json"
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--dialogue", type=Path)
    parser.add_argument("--folds", type=int, default=3)
    parser.add_argument("--fold", type=int)
    parser.add_argument("--one-in", type=int, default=1, help="of SQuAD's and SelQA's questions")
    parser.add_argument("--files", nargs="*", default=[Path(name).stem for name in FILES])
    parser.add_argument("--turns", action="store_true")
    parser.add_argument("--limit", type=int, default=LIMIT)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    asked = [
        a
        for a in read_asked(args.questions, read_dialogue(args.dialogue))
        if args.fold is None or fold_of(a.group, args.folds) == args.fold
    ]
    rng = random.Random(5)
    chosen = [
        a
        for i, a in enumerate(asked)
        if a.file in args.files and (a.file not in LARGE or i % args.one_in == 0)
    ]
    if args.turns:
        chosen += turns_after(asked, rng)
    network = network_of(args.reader, args.threads)
    results = score((a.case for a in chosen), network, load_tokenizer(args.tokenizer), args.limit)
    with args.out.open("w", encoding="utf-8") as out:
        for number, (a, s) in enumerate(zip(chosen, results, strict=True), start=1):
            line = {
                "file": a.file, "record": a.record, "index": a.index, "kind": a.kind,
                "answerable": a.answerable, "q": a.case.question, "after": a.case.before,
                "gold": a.case.gold, "scores": s.sentences, "answer": s.answer,
            }  # fmt: skip
            print(json.dumps(line, ensure_ascii=False), file=out)
            if number % 500 == 0:
                print(f"{number} of {len(chosen)}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()

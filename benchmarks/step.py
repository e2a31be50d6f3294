"""A training step of ours against PyTorch's: forward, loss, backward, clip at norm 1, Adam; same shapes, same cores.

    python benchmarks/step.py [--seconds 1] [--cores 1,2] [--json FILE]
    python benchmarks/step.py --shards      which batches gain from a second core: what costs/shards.py rests on
    python benchmarks/step.py --profile     where the time of a step goes

Rounds of ours and of PyTorch's alternate, so that a drift of the machine hits both; each figure is the median of the
medians. Without PyTorch (`pip install '.[bench]'`) ours is measured alone. One core means that the process is held to
one; PyTorch gets as many threads as there are cores, ours as many shards as `--threads 0` would choose.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import json
import math
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from machine import Results, introduce, parser_of

from lstm_model.costs.shards import cores, shard_count
from lstm_model.network import model
from lstm_model.network.cells.lstm import sequence as layer
from lstm_model.network.model import LSTM
from lstm_model.optimization.clipping import clip
from lstm_model.optimization.optimizers import Adam
from lstm_model.parallel.crew import Crew
from lstm_model.settings.presets import preset_config

with suppress(ImportError):
    import torch

V, ROUNDS, RATE = 96, 5, 1e-3


class Shape(NamedTuple):
    """One of the compared cells."""

    task: str
    H: int
    T: int
    B: int
    layers: int = 1
    dropout: float = 0.0

    def __str__(self) -> str:
        more = f" layers {self.layers}" if self.layers > 1 else ""
        more += f" dropout {self.dropout:g}" if self.dropout else ""
        return f"{self.task} H{self.H} T{self.T} B{self.B}{more}"


def shape_of(preset: str) -> Shape:
    """The shape that a preset of the text task trains."""
    config = preset_config("text", preset)
    return Shape("text", config.hidden_size, config.seq_length, config.batch_size, config.num_layers, config.dropout)


SHAPES = [Shape("text", 100, 25, 1), Shape("text", 128, 64, 32), Shape("text", 256, 64, 32),
          Shape("text", 256, 100, 64), Shape("text", 512, 100, 64), Shape("stock", 64, 30, 64)]  # fmt: skip
# What people run: measured too, but not in the mean, which stays comparable with older tables.
BESIDE = [shape_of("default"), shape_of("long"), Shape("text", 256, 64, 32, 2, 0.2)]


def batch(shape: Shape) -> tuple[np.ndarray, np.ndarray]:
    """Random inputs and targets."""
    if shape.task == "text":
        return batch_of(shape.T, shape.B)
    rng = np.random.default_rng(0)
    x = rng.standard_normal((shape.T, shape.B, 1)).astype(np.float32)
    return x, rng.standard_normal((1, shape.B, 1)).astype(np.float32)


def batch_of(T: int, B: int) -> tuple[np.ndarray, np.ndarray]:
    """Random characters, and those that follow them."""
    ids = np.random.default_rng(0).integers(0, V, (T + 1, B)).astype(np.uint8)
    return ids[:-1], ids[1:]


def ours(shape: Shape, shards: int) -> tuple[Callable[[], Any], Crew]:
    """A function that takes a step, and the crew behind it."""
    if shape.task == "text":
        return stepper(LSTM(V, shape.H, V, shape.layers, dropout=shape.dropout), *batch(shape), shards)
    return stepper(LSTM(1, shape.H, 1, task_type="regression"), *batch(shape), shards)


def stepper(network: LSTM, x: np.ndarray, targets: np.ndarray, shards: int) -> tuple[Callable[[], Any], Crew]:
    """A step of a network as `Trainer.step` takes it, and the crew that computes it."""
    optimizer = Adam(network.parameters.flat.size)
    crew = Crew(network, x, targets, shards)
    crew.wait_ready()
    carries = network.task_type == "classification"
    state, count = None, 0

    def step() -> None:
        nonlocal state, count
        count += 1
        key = (1, 1, count) if network.dropout else None
        _, after = crew.loss_and_gradients(x, targets, state, key)
        state = after if carries else None
        clip(network.gradients.flat, 1.0, "norm")
        optimizer.update(network.parameters.flat, network.gradients.flat, RATE)

    return step, crew


def theirs(shape: Shape) -> Callable[[], Any]:
    """The same step in PyTorch."""
    text = shape.task == "text"
    between = shape.dropout if shape.layers > 1 else 0.0  # PyTorch has no dropout behind the last layer: `on_top` is it
    lstm = torch.nn.LSTM(V if text else 1, shape.H, shape.layers, dropout=between)
    on_top = torch.nn.Dropout(shape.dropout)
    head = torch.nn.Linear(shape.H, V if text else 1)
    parameters = [*lstm.parameters(), *head.parameters()]
    optimizer = torch.optim.Adam(parameters, RATE)
    x, targets = (torch.from_numpy(a.astype(np.int64 if text else np.float32)) for a in batch(shape))
    state = None

    def step() -> None:
        nonlocal state
        if text:
            out, after = lstm(torch.nn.functional.one_hot(x, V).float(), state)
            state = tuple(part.detach() for part in after)
            loss = torch.nn.functional.cross_entropy(head(on_top(out)).reshape(-1, V), targets.reshape(-1))
        else:
            out, _ = lstm(x)
            loss = torch.nn.functional.mse_loss(head(out[-1:]), targets)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        loss.item()

    return step


def median_ms(step: Callable[[], Any], seconds: float) -> float:
    """The median time of a step, in milliseconds."""
    times: list[float] = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 3:
        begun = time.perf_counter()
        step()
        times.append(time.perf_counter() - begun)
    return 1e3 * statistics.median(times)


def compare(count: int, seconds: float, results: Results) -> None:
    """The table for a number of cores, to which this process is held already."""
    with_torch = "torch" in globals()
    if with_torch:
        torch.set_num_threads(count)
    rows, ratios = [], []
    for shape in SHAPES + BESIDE:
        config = preset_config(
            "text", hidden_size=shape.H, seq_length=shape.T, batch_size=shape.B, num_layers=shape.layers
        )
        shards = shard_count(config)
        step, crew = ours(shape, shards)
        other = theirs(shape) if with_torch else None
        pairs = [(median_ms(step, seconds), median_ms(other, seconds) if other else math.nan) for _ in range(ROUNDS)]
        crew.close()
        mine, its = (statistics.median(column) for column in zip(*pairs, strict=True))
        if shape in SHAPES:
            ratios.append(its / mine)
        items = shape.B * (shape.T if shape.task == "text" else 1)
        against = [f"{its:.2f}", f"{its / mine:.2f}"] if with_torch else []
        rows.append([str(shape), str(shards), f"{mine:.2f}", *against, f"{items / mine:,.0f}k"])
    title = f"{count} core{'s' if count > 1 else ''}"
    if with_torch:
        mean = math.exp(np.mean(np.log(ratios)))
        title += f"; geometric mean {mean:.2f} (target 1.25), least {min(ratios):.2f} (target 1.00)"
    head = ["step", "shards", "ours ms", *(["PyTorch ms", "PyTorch / ours"] if with_torch else []), "items/s"]
    ratio = ["PyTorch / ours"] if with_torch else []
    results.table(f"cores {count}", head, rows, title=title, less=["ours ms"], more=ratio)


def gain_of_shards(seconds: float, results: Results) -> None:
    """Speed with one and with two shards, over shapes."""
    rows = []
    for H in (64, 128, 256, 512):
        for B in (4, 8, 16, 32, 64):
            shape = Shape("text", H, 64, B)
            pair = [ours(shape, shards) for shards in (1, 2)]
            alone, shared = (
                statistics.median(column)
                for column in zip(*[[median_ms(step, seconds / 2) for step, _ in pair] for _ in range(3)], strict=True)
            )
            for _, crew in pair:
                crew.close()
            chosen = shard_count(preset_config("text", hidden_size=H, seq_length=64, batch_size=B))
            rows.append([f"H{H} B{B}", f"{alone:.2f}", f"{shared:.2f}", f"{alone / shared:.2f}", str(chosen)])
    head = ["T64", "1 shard ms", "2 shards ms", "gain", "rule"]
    results.table("shards", head, rows, less=["1 shard ms", "2 shards ms"], more=["gain"])


RECURRENT, OTHER = "recurrent products", "other products"
PARTS = [(np, "matmul", ""), (layer, "project_input", "input rows"),
         (layer.Layer, "_local_derivatives", "derivatives"), (model, "softmax_cross_entropy", "loss"),
         (layer, "input_gradients", "weight gradients"), (sys.modules[__name__], "clip", "clip"),
         (Adam, "update", "Adam")]  # fmt: skip
COLUMNS = [RECURRENT, OTHER, *(part for _, _, part in PARTS if part)]


def profile(seconds: float, results: Results) -> None:
    """Shares of a step on one core: some functions are timed where they are called, the rest is what is left.

    Every product of a step of one layer goes through np.matmul: those in the time loops are the recurrent ones, the
    others are the head's and the weight gradients'. What another part takes inside of one is not counted twice, so
    `weight gradients` is the sorting and summing of ids alone. The rest is the gate arithmetic of the two loops.
    """
    rows = []
    for H in (128, 256, 512):
        shape = Shape("text", H, 64, 32)
        step, _ = ours(shape, 1)
        alone = median_ms(step, seconds)
        spent: dict[str, float] = defaultdict(float)
        kept = [owner.__dict__[name] for owner, name, _ in PARTS]
        for (owner, name, part), plain in zip(PARTS, kept, strict=True):
            wrapped = timed(getattr(owner, name), part, spent)
            setattr(owner, name, staticmethod(wrapped) if isinstance(plain, staticmethod) else wrapped)
        step()
        spent.clear()
        count, begun = 0, time.perf_counter()
        while time.perf_counter() - begun < seconds:
            step()
            count += 1
        whole = 1e3 * (time.perf_counter() - begun) / count
        for (owner, name, _), plain in zip(PARTS, kept, strict=True):
            setattr(owner, name, plain)
        each = {part: 1e3 * spent[part] / count for part in COLUMNS}
        share = (each[RECURRENT] + each[OTHER]) / whole
        rows.append([str(shape), f"{alone:.1f}", f"{whole:.1f}", f"{share:.0%}",
                     *(f"{ms:.1f}" for ms in each.values()), f"{whole - sum(each.values()):.1f}"])  # fmt: skip
    head = ["step", "ms", "ms timed", "share of products", *COLUMNS, "gates, rest"]
    title = "Share of products at H256: target 80 %"
    results.table("profile", head, rows, title=title, less=["ms"], more=["share of products"])


def timed(function: Callable[..., Any], part: str, spent: dict[str, float]) -> Callable[..., Any]:
    """The function, with its time added to its part, less what timed functions inside it take.

    A part without a name is a product: recurrent if it writes the four-dimensional blocks of a time step.
    """

    def wrapper(*args: Any, **options: Any) -> Any:
        its = part or (RECURRENT if getattr(options.get("out"), "ndim", 0) == 4 else OTHER)
        inside = sum(spent.values())
        begun = time.perf_counter()
        result = function(*args, **options)
        spent[its] += time.perf_counter() - begun - (sum(spent.values()) - inside)
        return result

    return wrapper


def held_to(count: int) -> Callable[[], None] | None:
    """What holds a process to some cores before anything in it is started; None on systems that cannot."""
    if not hasattr(os, "sched_setaffinity"):
        return None
    there = sorted(os.sched_getaffinity(0))[:count]
    return lambda: os.sched_setaffinity(0, there)


def compare_apart(count: int, seconds: float, results: Results) -> None:
    """The same in a process of its own that is held to so many cores."""
    own = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": str(count)}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "tables.json"
        command = [sys.executable, __file__, "--held", str(count), "--seconds", str(seconds), "--json", str(file)]
        subprocess.run(command, env={**os.environ, **own}, check=True, preexec_fn=held_to(count))
        results.tables += json.loads(file.read_text(encoding="utf-8"))["tables"]


def main() -> None:
    """Run what was asked for; each number of cores in a process of its own."""
    parser = parser_of(__doc__)
    parser.add_argument("--seconds", type=float, default=0.6, help="for each figure of each round")
    parser.add_argument("--cores", default="1,2", help="numbers of cores to compare on")
    parser.add_argument("--shards", action="store_true")
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--held", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    results = Results(asked.json)
    if not asked.held:
        introduce()
    if asked.held:
        compare(asked.held, asked.seconds, results)
    elif asked.shards:
        gain_of_shards(asked.seconds, results)
    elif asked.profile:
        profile(3 * asked.seconds, results)
    else:
        if "torch" not in globals():
            print("PyTorch is not installed: ours alone. `pip install '.[bench]'` brings it.\n", flush=True)
        for count in (int(c) for c in asked.cores.split(",")):
            if count <= cores():
                compare_apart(count, asked.seconds, results)
    results.write()


if __name__ == "__main__":
    main()

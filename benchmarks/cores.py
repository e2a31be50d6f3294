"""What more cores would give: a step's time from parts that are measured on one core, beside what two cores really do.

    python benchmarks/cores.py [--seconds 0.5] [--json FILE]

A step on n cores is, in this order: copy the parameters to where the helpers see them, wake n - 1 helpers, compute a
shard of B / n sequences, add up n - 1 gradients, clip and update:

    step(n) = copy + (n - 1) hand-over + slowed * shard(B / n) + (n - 1) sum + update

Each part is measured alone. `slowed` is how much longer a shard takes while the other core computes one as well: two
cores share their memory, and often one clock or one core's units. More cores are taken to slow each other as two do,
which is a guess. The first table has the model's step on two cores beside the measured one, the second what the model
says of other numbers of cores.
"""

import argparse
import ast
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from machine import Results, introduce, parser_of
from step import RATE, SHAPES, Shape, V, batch_of, median_ms, shape_of, stepper

from lstm_model.network.model import LSTM
from lstm_model.optimization.clipping import clip
from lstm_model.optimization.optimizers import Adam

CORES = (1, 2, 4, 8, 16, 32)
ROUNDS = 3


class Parts(NamedTuple):
    """Milliseconds on one core. `shard`: by the number of shards."""

    copy: float  # of all parameters
    hand_over: float  # a byte there, a byte back, and what is between
    shard: dict[int, float]
    slowed: float  # times as long, while the other core does the same
    sum: float  # of one gradient to another
    update: float

    def step(self, n: int) -> float:
        """A step on n cores."""
        if n == 1:
            return self.shard[1] + self.update
        return self.copy + (n - 1) * (self.hand_over + self.sum) + self.slowed * self.shard[n] + self.update


def network_of(shape: Shape) -> LSTM:
    """The network of a shape."""
    return LSTM(V, shape.H, V, shape.layers, dropout=shape.dropout)


def measured(shape: Shape, seconds: float) -> Parts:
    """The parts of a step, one after the other."""
    network = network_of(shape)
    parameters, gradients = network.parameters.flat, network.gradients.flat
    other, optimizer = np.zeros_like(gradients), Adam(parameters.size)

    def update() -> None:
        clip(gradients, 1.0, "norm")
        optimizer.update(parameters, gradients, RATE)

    counts = [n for n in CORES if n <= shape.B]
    shards = {n: median_ms(shard(network, shape, n), seconds) for n in counts}
    return Parts(
        copy=median_ms(lambda: np.copyto(other, parameters), seconds / 4),
        hand_over=hand_over(seconds),
        shard=shards,
        slowed=slowed(network, shape, seconds),
        sum=median_ms(lambda: np.add(gradients, other, out=gradients), seconds / 4),
        update=median_ms(update, seconds / 4),
    )


def shard(network: LSTM, shape: Shape, n: int) -> Callable[[], Any]:
    """What computes the largest of n shards."""
    x, targets = batch_of(shape.T, -(-shape.B // n))
    rng = np.random.default_rng(0) if shape.dropout else None
    return lambda: network.loss_and_gradients(x, targets, None, rng)


def slowed(network: LSTM, shape: Shape, seconds: float) -> float:
    """How many times as long half a batch takes while another process computes one; alone and beside it in turn."""
    half = shard(network, shape, 2)
    ratios = []
    for _ in range(ROUNDS):
        alone = median_ms(half, seconds)
        command = [sys.executable, __file__, "--beside", repr(tuple(shape))]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as other:
            assert other.stdout is not None
            other.stdout.readline()  # it computes now
            ratios.append(median_ms(half, seconds) / alone)
            other.kill()
    return statistics.median(ratios)


def compute_for_ever(shape: Shape) -> None:
    """Half a batch, again and again; one line once it has begun."""
    half = shard(network_of(shape), shape, 2)
    half()
    print("begun", flush=True)
    while True:
        half()


def hand_over(seconds: float) -> float:
    """What a helper costs beside its work: a step of a network of one unit with a helper, less that without."""
    times = []
    for shards in (2, 1):
        step, crew = stepper(LSTM(V, 1, V), *batch_of(1, 2), shards)
        times.append(median_ms(step, seconds / 2))
        crew.close()
    return max(0.0, times[0] - times[1])


def two_cores(shape: Shape, seconds: float) -> float:
    """A real step of two shards, ms."""
    step, crew = stepper(network_of(shape), *batch_of(shape.T, shape.B), 2)
    found = statistics.median(median_ms(step, seconds) for _ in range(ROUNDS))
    crew.close()
    return found


def main() -> None:
    """Measure, predict, print."""
    parser = parser_of(__doc__)
    parser.add_argument("--seconds", type=float, default=0.5, help="for each figure")
    parser.add_argument("--beside", type=ast.literal_eval, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.beside:
        compute_for_ever(Shape(*asked.beside))
    results = Results(asked.json)
    introduce()
    shapes = [shape for shape in SHAPES if shape.task == "text" and shape.B >= 16]
    shapes += [shape_of("default"), shape_of("long")]
    rows, more = [], []
    for shape in shapes:
        begun = time.perf_counter()
        parts, real = measured(shape, asked.seconds), two_cores(shape, asked.seconds)
        said = parts.step(2)
        figures = (parts.copy, parts.hand_over, parts.shard[1], parts.shard[2], parts.slowed, parts.sum, parts.update)
        rows.append([str(shape), *(f"{figure:.2f}" for figure in (*figures, said, real)), f"{said / real - 1:+.0%}"])
        more.append([str(shape), *(f"{parts.step(1) / parts.step(n):.2f}" if n in parts.shard else "-" for n in CORES)])
        print(f"{shape}: {time.perf_counter() - begun:.0f} s", flush=True)
    head = [
        "step",
        "copy",
        "hand-over",
        "shard of B",
        "of B / 2",
        "slowed",
        "sum",
        "update",
        "2 cores, model",
        "measured",
        "off",
    ]
    results.table("parts", head, rows, title="Milliseconds; a part each on one core", less=["measured"])
    head = ["step", *(f"{n} core{'s' if n > 1 else ''}" for n in CORES)]
    results.table("predicted", head, more, title="Predicted: how many times as fast as on one core")
    results.write()


if __name__ == "__main__":
    main()
